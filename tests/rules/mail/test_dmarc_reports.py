"""DMARC aggregate reports: read in every packing, grouped by sender, refused when hostile."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.mail.dmarc_reports import NotAReport, Report, Row, by_sender, read


def record(ip: str, count: int, *, dkim: str = "fail", spf: str = "fail", by: str = "") -> str:
    return (
        f"<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>"
        f"<disposition>none</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated>"
        "</row><identifiers><header_from>Harbor.Example</header_from></identifiers><auth_results>"
        f"<dkim><domain>{by}</domain><selector>s1</selector><result>pass</result></dkim>"
        "<spf><domain>bounce.example</domain><result>pass</result></spf></auth_results></record>"
    )


def report(*records: str, id: str = "1", spaced: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?><feedback{spaced}><report_metadata><org_name>Inbox Inc</org_name>'
        f"<report_id>{id}</report_id><date_range><begin>1795392000</begin><end>1795478399</end>"
        "</date_range></report_metadata><policy_published><domain>harbor.example</domain>"
        f"<p>none</p></policy_published>{''.join(records)}</feedback>"
    ).encode()


OURS = record("203.0.113.40", 40, dkim="pass", by="harbor.example")
BULK = record("198.51.100.7", 5, by="bulk.example")


def test_a_report_is_read() -> None:
    [found] = read(report(OURS, BULK))
    assert (found.receiver, found.domain, found.policy) == ("Inbox Inc", "harbor.example", "none")
    assert found.begin == datetime(2026, 11, 23, tzinfo=UTC)
    assert [(row.source, row.count, row.fits) for row in found.rows] == [
        ("203.0.113.40", 40, True),
        ("198.51.100.7", 5, False),
    ]
    assert found.rows[1].proofs[0].domain == "bulk.example"
    assert found.rows[0].header_from == "harbor.example"


def zipped(*documents: bytes, name: str = "r.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, document in enumerate(documents):
            archive.writestr(f"{number}{name}", document)
    return out.getvalue()


def test_every_packing_reads_alike() -> None:
    plain = read(report(BULK))
    assert read(gzip.compress(report(BULK))) == plain
    assert read(zipped(report(BULK))) == plain
    assert read(report(BULK, spaced=' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"')) == plain
    assert len(read(zipped(report(OURS), report(BULK)))) == 2


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<feedback>&b;</feedback>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<feedback>&a;</feedback>"
)
REFUSED = {
    "entities": (BOMB, "entities"),
    "entities from outside": (OUTSIDE, "entities"),
    "cut off": (report(BULK)[:-20], "line 1, column"),
    "another document": (b"<html></html>", "no DMARC report"),
    "a zip without reports": (zipped(b"x", name=".txt"), "no .xml file"),
    "a damaged zip": (zipped(report(BULK))[:60], "damaged"),
    "damaged gzip": (gzip.compress(report(BULK))[:12] + b"xxxx" * 9, "damaged"),
    "a gzip bomb": (gzip.compress(b" " * 50_000_000), "more than 10 MB"),
    "a zip bomb": (zipped(b" " * 50_000_000), "more than 10 MB"),
    "no report": (b"\x89PNG\r\n", "line 1, column"),
    "empty": (b"", "line 1, column"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_report_says_why(what: str) -> None:
    data, words = REFUSED[what]
    with pytest.raises(NotAReport, match=words):
        read(data)


def test_rows_that_make_no_sense_are_left_out() -> None:
    [found] = read(report(record("not an address", 1), record("192.0.2.1", 3)))
    assert [row.source for row in found.rows] == ["192.0.2.1"]


def test_senders_are_counted_by_name_and_a_report_counts_once() -> None:
    reports = (*read(report(OURS, BULK)), *read(report(OURS, BULK)), *read(report(BULK, id="2")))

    def name_of(row: Row) -> str:
        return "Bulk" if row.proofs[0].domain == "bulk.example" else "Harbor"

    bulk, ours = by_sender(reports, name_of)
    assert (bulk.name, bulk.count, bulk.failed) == ("Bulk", 10, 10)
    assert bulk.addresses == ("198.51.100.7",)
    assert (ours.name, ours.count, ours.failed, ours.addresses) == ("Harbor", 40, 0, ())


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_report_or_refused(data: bytes) -> None:
    try:
        found = read(data)
    except NotAReport:
        return
    assert all(isinstance(each, Report) for each in found)
