"""R1 to R4 as rules: what a header invites, and what came out of a store."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from launchready_tui.rules.edge.private_cache import (
    as_file,
    came_from_store,
    holds,
    invites_sharing,
    is_page,
    says_nothing,
    unasked,
)
from launchready_tui.vocabulary.facts import Response
from tests.every import every

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
URL = "https://app.harbor.example/dashboard"
NOW, LATER = "Tue, 24 Nov 2026 14:00:00 GMT", "Tue, 24 Nov 2026 15:00:00 GMT"


def page(*headers: tuple[str, str], body: bytes = b"", status: int = 200) -> Response:
    return Response(URL, status, headers, body, "192.0.2.20", AT)


def cc(value: str) -> tuple[str, str]:
    return ("Cache-Control", value)


@every(
    ("headers", "invites"),
    [
        ((cc("private, no-store"),), False),
        ((cc("private"),), False),
        ((cc("no-store"),), False),
        ((cc("no-cache"),), False),
        ((), False),
        ((cc("max-age=0"),), False),
        ((cc("public"),), True),
        ((cc("public, max-age=0, must-revalidate"),), True),
        ((cc("max-age=60"),), True),
        ((cc("s-maxage=60"),), True),
        ((cc("max-age=60, private"),), False),
        ((cc("public, no-store"),), False),
        ((cc('private="set-cookie", max-age=60'),), True),
        ((("Expires", LATER), ("Date", NOW)), True),
        ((("Expires", NOW), ("Date", NOW)), False),
        ((("Expires", "0"),), False),
        ((cc("private, no-store"), ("Vary", "Cookie")), False),
        ((cc("max-age=60"), ("Vary", "Cookie")), True),
        ((cc("private"), ("CDN-Cache-Control", "max-age=600")), True),
        ((cc("public"), ("CDN-Cache-Control", "no-store")), False),
    ],
)
def test_r1_what_a_header_invites(headers: tuple[tuple[str, str], ...], invites: bool) -> None:
    assert invites_sharing(page(*headers)) is invites


@pytest.mark.parametrize(
    ("header", "stored"),
    [
        (("cf-cache-status", "HIT"), True),
        (("cf-cache-status", "stale"), True),
        (("cf-cache-status", "UPDATING"), True),
        (("cf-cache-status", "REVALIDATED"), True),
        (("cf-cache-status", "EXPIRED"), True),
        (("cf-cache-status", "MISS"), False),
        (("cf-cache-status", "DYNAMIC"), False),
        (("cf-cache-status", "BYPASS"), False),
        (("Age", "12"), True),
        (("Age", "0"), False),
        (("Age", "soon"), False),
        (("Age", "٣"), False),
        (("X-Other", "HIT"), False),
    ],
)
def test_r2_what_came_out_of_a_store(header: tuple[str, str], stored: bool) -> None:
    assert came_from_store(page(header)) is stored


def test_r3_the_canary() -> None:
    shown = page(body="Signed in as Tésta".encode())
    assert holds(shown, "Tésta")
    assert not holds(shown, "Maja")
    assert not holds(shown, "")


def test_r4_only_a_page_can_be_private() -> None:
    html = ("Content-Type", "text/html; charset=utf-8")
    assert is_page(page(html, body=b"<p>hi"))
    assert not is_page(page(html, body=b" "))
    assert not is_page(page(html, body=b"<p>hi", status=404))
    assert not is_page(page(("Content-Type", "text/css"), body=b"a{}"))


def test_a_page_that_says_nothing_about_being_kept() -> None:
    assert says_nothing(page())
    assert not says_nothing(page(cc("no-cache")))


def test_addresses_that_nobody_else_asks_for() -> None:
    one, two = unasked(URL, "2026-11-24 1"), unasked(URL, "2026-11-24 3")
    assert one == unasked(URL, "2026-11-24 1")
    assert one != two
    assert one.startswith(f"{URL}?launchready=")
    assert unasked(f"{URL}?tab=1", "s").startswith(f"{URL}?tab=1&launchready=")
    assert as_file(f"{URL}/?tab=1", "s").startswith(f"{URL}/")
    assert as_file(f"{URL}/?tab=1", "s").endswith(".css")
    assert "?" not in as_file(f"{URL}/?tab=1", "s")
