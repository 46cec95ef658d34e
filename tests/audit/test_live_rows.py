"""Rows that we look at ourselves: break the thing, and the row's own finding says so.

For each row, each of its faults is played alone. The finding must name the row among those that
it covers, with the fault's verdict; on the healthy world the same check on the same subject passes.
"""

from __future__ import annotations

import pytest

from launchready_tui.lab.faults import FAULTS
from launchready_tui.vocabulary.findings import Finding, Verdict
from tests import worlds

CERTIFICATES = ("cert-expired", "cert-wrong-host", "cert-self-signed", "chain-incomplete",
                "tls-old")  # fmt: skip
ZONE = ("apex-cname", "lame-delegation", "dnssec-bogus")
ROWS = {
    "M1": ("apex-missing", "www-missing", "apex-private-address", "domain-expires", *ZONE),
    "M2": ("two-hosts", "redirect-chain", "redirect-to-404"),
    "M3": ("api-nxdomain", "dangling-cname"),
    "M4": (*CERTIFICATES, "caa-excludes"),
    "M5": ("ssl-mode-flexible", "redirect-loop", "origin-exposed", "dashboard-cached"),
    "M6": ("spf-two", "dkim-missing", "dmarc-missing"),
    "S1.C1": ("apex-missing", "www-missing", "api-nxdomain", "mx-dead", "domain-expires", *ZONE),
    "S1.C2": (*CERTIFICATES, "caa-excludes"),
    "S1.F1": ("production-404", "mixed-content", "lame-delegation", "dnssec-bogus"),
    "S1.F3": ("production-404", "mixed-content"),
    "S1.C5": ("origin-exposed",),
    "S2.C1": ("two-hosts",),
    "S2.C2": ("redirect-chain", "redirect-to-404"),
    "S2.C3": ("api-nxdomain", "dangling-cname"),
    "S2.F1": ("login-cookie-host",),
    "S2.F3": ("preview-indexed", "two-hosts"),
    "S2.C4": ("ssl-mode-flexible", "redirect-loop"),
    "S2.C5": ("dashboard-cached",),
    "S2.F2": ("dashboard-cached",),
    "S3.C1": ("spf-two", "spf-open", "spf-eleven"),
    "S3.C2": ("dkim-missing", "dkim-doubled", "dkim-revoked"),
    "S3.C3": ("dmarc-missing", "dmarc-no-rua"),
    "S3.D1": ("spf-two", "dkim-missing", "dmarc-missing"),
    "S1.F2": ("mail-in-spam", "mail-never"),
    "S3.C4": ("mail-in-spam", "mail-never"),
    "S3.C5": ("sender-differs",),
    "S3.D2": ("mail-in-spam",),
    "S3.F1": ("mail-never", "link-expired"),
    "S3.F2": ("mail-in-spam",),
    "S4.C1": ("env-shared-secret",),
    "S4.F2": ("env-missing",),
    "S5.C2": ("dashboard-cached",),
    "S5.C1": ("static-uncached",),
    "S5.C3": ("text-uncompressed",),
    "S5.F1": ("blocking-scripts",),
    "S7.C2": ("api-nxdomain",),
}
# The row is a document's: its facts come from checks whose own rows are others.
ANY_ROW = {"S3.D1"}

Key = tuple[str, str]


def by_key(found: tuple[Finding, ...]) -> dict[Key, Finding]:
    return {(one.check, one.subject): one for one in found}


@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=pytest.mark.covers(row, "live")) for row in ROWS]
)
def test_a_row_is_looked_at(row: str) -> None:
    healthy = by_key(worlds.found())
    for id in ROWS[row]:
        fault = FAULTS[id]
        key = (fault.check, fault.subject)
        broken_one = by_key(worlds.found(id))[key]
        assert broken_one.verdict is fault.verdict
        assert row in broken_one.covers or row in ANY_ROW
        assert healthy[key].verdict is Verdict.PASS
