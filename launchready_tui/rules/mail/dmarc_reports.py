"""What receivers report about mail in a domain's name: DMARC aggregate reports (RFC 9990 3).

Reports come as XML, often packed as gzip or zip. Strangers write them: entities are refused, and
what they unpack to is bounded.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from launchready_tui.vocabulary.safe_text import clean_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

UNPACKED = 10 * 1024 * 1024  # bytes of one report
DOCUMENTS = 50  # reports in one zip archive
ROWS = 20_000  # of one report
PROOFS = 10  # results of one row and method


class NotAReport(ValueError):
    """The file is no aggregate report that can be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What one method found: the domain that it is about, and the result ("pass", "fail", ...)."""

    method: str
    domain: str
    result: str


@dataclass(frozen=True, slots=True)
class Row:
    """Messages from one address: how many, and whether DKIM and SPF fitted the From domain.

    `disposition` is what the receiver did: "none", "quarantine" or "reject".
    """

    source: str
    count: int
    header_from: str
    dkim: bool
    spf: bool
    disposition: str
    proofs: tuple[Proved, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether DMARC passed: one aligned method is enough (RFC 9989 5.3.5)."""
        return self.dkim or self.spf


@dataclass(frozen=True, slots=True)
class Report:
    """One receiver's report on one domain for one span of time (UTC)."""

    receiver: str
    id: str
    domain: str
    policy: str
    begin: datetime
    end: datetime
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sender:
    """All mail of one sender in a set of reports. `addresses` are those that failed."""

    name: str
    count: int
    failed: int
    addresses: tuple[str, ...]


def read(data: bytes) -> tuple[Report, ...]:
    """The reports in one file: XML, gzip, or a zip archive of XML. Raises `NotAReport`."""
    return tuple(_report(document) for document in _documents(data))


def by_sender(reports: Iterable[Report], name_of: Callable[[Row], str]) -> tuple[Sender, ...]:
    """Who sent in the domain's name, most failures first. A report that came twice counts once."""
    unique = {(each.receiver, each.id, each.domain): each for each in reports}
    counts: dict[str, list[int]] = {}
    addresses: dict[str, dict[str, None]] = {}
    for row in (row for report in unique.values() for row in report.rows):
        name = name_of(row)
        total = counts.setdefault(name, [0, 0])
        total[0] += row.count
        if not row.fits:
            total[1] += row.count
            addresses.setdefault(name, {})[row.source] = None
    found = [
        Sender(name, count, failed, tuple(addresses.get(name, ())))
        for name, (count, failed) in counts.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.failed, -one.count, one.name)))


def _documents(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"\x1f\x8b":
        yield _inflate(data)
    elif data[:4] == b"PK\x03\x04":
        yield from _members(data)
    else:
        if len(data) > UNPACKED:
            raise NotAReport("it is longer than 10 MB")
        yield data


def _inflate(data: bytes) -> bytes:
    try:
        unpacker = zlib.decompressobj(wbits=31)
        plain = unpacker.decompress(data, UNPACKED + 1)
    except zlib.error as error:
        raise NotAReport("its gzip packing is damaged") from error
    if len(plain) > UNPACKED:
        raise NotAReport("it unpacks to more than 10 MB")
    return plain


def _members(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [each for each in archive.infolist() if each.filename.endswith(".xml")]
            if not names:
                raise NotAReport("its zip archive holds no .xml file")
            for member in names[:DOCUMENTS]:
                with archive.open(member) as file:
                    plain = file.read(UNPACKED + 1)
                if len(plain) > UNPACKED:
                    raise NotAReport("it unpacks to more than 10 MB")
                yield plain
    # zipfile's own: RuntimeError for a locked member, NotImplementedError for an odd packing.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise NotAReport("its zip archive is damaged or locked") from error


def _report(document: bytes) -> Report:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(document)
    except ParseError as error:
        line, column = error.position
        raise NotAReport(f"it is no XML: line {line}, column {column + 1}") from error
    except (DefusedXmlException, ValueError) as error:
        raise NotAReport("it defines entities of its own, which no report needs") from error
    if _local(root) != "feedback":
        raise NotAReport("it is XML, but no DMARC report")
    metadata, policy = _child(root, "report_metadata"), _child(root, "policy_published")
    span = _child(metadata, "date_range")
    rows = (_row(each) for each in root if _local(each) == "record")
    return Report(
        receiver=_text(metadata, "org_name") or "an unnamed receiver",
        id=_text(metadata, "report_id"),
        domain=_text(policy, "domain").lower(),
        policy=_text(policy, "p").lower(),
        begin=_moment(_text(span, "begin")),
        end=_moment(_text(span, "end")),
        rows=tuple(row for row, _ in zip(rows, range(ROWS), strict=False) if row is not None),
    )


def _row(record: Element) -> Row | None:
    """One record; None where it names no address or no count that makes sense."""
    row = _child(record, "row")
    judged = _child(row, "policy_evaluated")
    source, count = _text(row, "source_ip"), _text(row, "count")
    try:
        source = str(ip_address(source))
    except ValueError:
        return None
    if not (count.isascii() and count.isdigit() and len(count) < 12):
        return None
    return Row(
        source=source,
        count=int(count),
        header_from=_text(_child(record, "identifiers"), "header_from").lower(),
        dkim=_text(judged, "dkim").lower() == "pass",
        spf=_text(judged, "spf").lower() == "pass",
        disposition=_text(judged, "disposition").lower(),
        proofs=tuple(_proofs(_child(record, "auth_results"))),
    )


def _proofs(results: Element | None) -> Iterator[Proved]:
    for each in list(results if results is not None else ())[: 2 * PROOFS]:
        if _local(each) in ("dkim", "spf"):
            domain = _text(each, "domain").lower().rstrip(".")
            yield Proved(_local(each), domain, _text(each, "result").lower())


def _child(parent: Element | None, name: str) -> Element | None:
    if parent is None:
        return None
    return next((each for each in parent if _local(each) == name), None)


def _text(parent: Element | None, name: str) -> str:
    found = _child(parent, name)
    return clean_line((found.text or "").strip(), 253) if found is not None else ""


def _local(element: Element) -> str:
    """An element's name without its namespace: older reports have none (RFC 9990 3.1)."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _moment(text: str) -> datetime:
    """Seconds since 1970 as UTC; 1970 itself where a report says nonsense."""
    digits = text.isascii() and text.isdigit() and len(text) < 12
    return datetime.fromtimestamp(int(text) if digits else 0, UTC)
