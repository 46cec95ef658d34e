"""Two answers of one host: when they are the same site, and when they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from launchready_tui.rules.dns.dual_stack import Face, difference, face, wrong_certificate
from launchready_tui.rules.tls.certificates import Accepted, Handshake, Leaf, Refused
from launchready_tui.vocabulary.facts import Response, Unreachable

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SITE = Face(200, "harbor market", "", "", "vercel")


@pytest.mark.parametrize(
    ("over_v6", "expected"),
    [
        (SITE, ""),
        (replace(SITE, status=404), "broken-page"),
        (replace(SITE, status=502, platform=""), "broken-page"),
        (replace(SITE, standard="nginx"), "broken-page"),
        (replace(SITE, platform="netlify"), "other-provider"),
        (replace(SITE, platform=""), "other-provider"),
        (replace(SITE, title="old market"), "other-page"),
        (replace(SITE, status=301, leads_to="https://x.example/"), "other-page"),
    ],
)
def test_how_they_differ(over_v6: Face, expected: str) -> None:
    assert difference(SITE, over_v6) == expected


def test_what_is_broken_on_both_is_the_same() -> None:
    broken = replace(SITE, status=503)
    assert difference(broken, broken) == ""
    assert difference(broken, SITE) == "other-page"


def test_a_page_is_reduced_to_its_face() -> None:
    body = b"<title>\n Harbor\n  Market </title>"
    page = Response("https://d.example/", 200, (), body, "192.0.2.1", NOW)
    assert face(page, "") == Face(200, "harbor market", "", "", "")


LEAF = Leaf("d.example", ("d.example",), "A CA", NOW, NOW + timedelta(days=90))
GOOD = Handshake("192.0.2.1", Accepted(LEAF, (LEAF,)))
BAD = Handshake("2001:db8::1", Refused("wrong-name", LEAF, (LEAF,)))
SILENT = Handshake("2001:db8::2", Unreachable("timeout"))


def test_a_certificate_that_only_ipv6_gets_wrong() -> None:
    assert wrong_certificate([GOOD], [SILENT, BAD]) is BAD.result
    assert wrong_certificate([GOOD], [GOOD, SILENT]) is None
    assert wrong_certificate([], [BAD]) is BAD.result
    assert wrong_certificate([BAD], [BAD]) is None
