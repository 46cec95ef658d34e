"""One table for the check and the document; what counts as a fingerprint."""

from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.documents.caching import WORDS
from launchready_tui.project.model import Route
from launchready_tui.rules.web.cache_policy import KIND_OF, POLICIES, Kind, judge, keeps_page
from launchready_tui.rules.web.caching import DAY
from launchready_tui.rules.web.fingerprints import is_fingerprinted
from launchready_tui.vocabulary.facts import Response
from tests.every import every

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
NAMED = "https://harbor.example/files/boat.3f9c1a7e.jpg"


def answer(url: str, *headers: tuple[str, str]) -> Response:
    return Response(url, 200, headers, b"", "192.0.2.1", NOW)


@pytest.mark.parametrize("kind", POLICIES)
def test_the_header_that_we_advise_fits_its_own_policy(kind: Kind) -> None:
    header = POLICIES[kind].header
    assert judge(answer(NAMED, ("Cache-Control", header)), kind) == "fits"


def test_every_kind_of_route_has_a_policy_and_every_policy_words() -> None:
    kinds = get_args(Route.__annotations__["kind"]) or Route.__struct_fields__
    assert set(KIND_OF.values()) == set(POLICIES) == set(WORDS)
    assert "marketing" in KIND_OF
    assert kinds


@pytest.mark.parametrize("kind", POLICIES)
def test_silence_is_not_a_fit_and_expires_is_no_silence(kind: Kind) -> None:
    assert judge(answer(NAMED), kind) == "silent"
    assert (
        judge(answer(NAMED, ("Last-Modified", "Mon, 02 Nov 2020 12:00:00 GMT")), kind) == "silent"
    )
    assert judge(answer(NAMED, ("Expires", "0")), kind) == "fits"


def test_a_private_page_that_only_one_person_may_keep_is_too_long_not_shared() -> None:
    assert judge(answer(NAMED, ("Cache-Control", "private, max-age=9")), "private") == "too-long"
    assert judge(answer(NAMED, ("Cache-Control", "max-age=9")), "private") == "shared"


def test_what_a_browser_guesses_of_a_page_is_not_held_against_it() -> None:
    old = ("Last-Modified", "Mon, 02 Nov 2020 12:00:00 GMT")
    assert not keeps_page(answer(NAMED, old))
    assert not keeps_page(answer(NAMED, old, ("Cache-Control", "public")))
    assert keeps_page(answer(NAMED, ("Expires", "Sun, 03 Nov 2030 12:00:00 GMT")))
    assert keeps_page(answer(NAMED, ("Cache-Control", f"max-age={DAY}")))


@every(("name", "is_one"), [
    ("site.3f9c1a7e.css", True),
    ("application-0123456789abcdef0123456789abcdef.js", True),
    ("_app-1a2b3c4d5e6f.js", True),
    ("index-BUnFd3_M.js", True),  # Vite
    ("main-5FXQ3KZL.js", True),  # Angular
    ("chunk-2a3b4c5d-x.js", True),
    ("3f9c1a7e3f9c1a7e.webp", True),
    ("app.js?v=3f9c1a7e", True),
    ("app.js?x=1&hash=3f9c1a7e55", True),
    ("jquery-3.7.1.min.js", False),
    ("app.js?v=2", False),
    ("app.js?ver=6.4.1", False),
    ("style.css?v=1700000000", False),
    ("photo-20241124.jpg", False),
    ("DSC00123.JPG", False),
    ("hero-iPhone14Pro.png", False),
    ("LoginForm.js", False),
    ("icon-ff0000.png", False),
    ("facade.js", False),
    ("app.3f9c2a.js", False),  # too short to be sure
    ("", False),
])  # fmt: skip
def test_names_that_change_with_the_content(name: str, is_one: bool) -> None:
    assert is_fingerprinted(f"https://harbor.example/assets/{name}") is is_one


@given(st.binary(min_size=4, max_size=32))
def test_a_hash_in_hexadecimal_is_recognised_when_it_holds_both(hash_: bytes) -> None:
    text = hash_.hex()
    both = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    assert is_fingerprinted(f"https://harbor.example/a.{text}.js") or not both


@given(st.text(max_size=300))
def test_any_address_gets_an_answer(text: str) -> None:
    is_fingerprinted("https://harbor.example/" + text.replace("[", "").replace("]", ""))


def test_a_long_name_takes_no_time() -> None:
    began = perf_counter()
    is_fingerprinted("https://harbor.example/" + "a1-" * 20_000)
    assert perf_counter() - began < 0.5
