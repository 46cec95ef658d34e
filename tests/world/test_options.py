"""What may be typed for --resolver, --connect and --ca, and what is answered when it may not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.world import BadOption, Options

BAD_RESOLVERS = ("", "127.0.0.1", ":53", "dns.example:53", "[::1]", "::1:53", "1.1.1.1:99999")
BAD_CONNECTS = (
    "",
    "app.example:443",
    "app.example:443=",
    "app.example:443=127.0.0.1",
    "app.example:443=other.example:8443",
    "app.example:443:1=127.0.0.1:8443",
    "app.example:70000=127.0.0.1:8443",
    "https://app.example=127.0.0.1:8443",
    "a..\u00fc:443=127.0.0.1:8443",
)


@pytest.mark.parametrize("text", BAD_RESOLVERS)
def test_a_resolver_that_cannot_be_used_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadOption) as caught:
        Options(resolvers=(text,))
    assert caught.value.title.startswith("--resolver")
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize("text", BAD_CONNECTS)
def test_a_detour_that_cannot_be_used_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadOption) as caught:
        Options(connect=(text,))
    assert caught.value.title.startswith("--connect")


def test_a_missing_file_of_certificates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOption):
        Options(ca=tmp_path / "none.pem")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    makers: tuple[Callable[[], Options], ...] = (
        lambda: Options(resolvers=(text,)),
        lambda: Options(connect=(text,)),
    )
    for make in makers:
        with suppress(BadOption):
            make()


def test_resolvers_are_read_in_order() -> None:
    options = Options(resolvers=("127.0.0.1:5353", "[2001:db8::1]:53", "localhost:5354"))
    assert options.resolver_places() == (
        ("127.0.0.1", 5353),
        ("2001:db8::1", 53),
        ("127.0.0.1", 5354),
    )


def test_a_detour_is_found_by_name_then_by_address_then_by_any() -> None:
    detours = Options(
        connect=(
            ":=127.0.0.1:1",
            ":443=127.0.0.1:2",
            "192.0.2.1:=127.0.0.1:3",
            "Bücher.example:=127.0.0.1:4",
            "[2001:db8:0::1]:443=127.0.0.1:5",
            "app.example.:443=[::1]:6",
        )
    ).detours()
    for host, address, port, place in (
        ("app.example", "192.0.2.1", 443, ("::1", 6)),
        ("other.example", "2001:db8::1", 443, ("127.0.0.1", 5)),
        ("xn--bcher-kva.example", "192.0.2.1", 443, ("127.0.0.1", 4)),
        ("other.example", "192.0.2.1", 443, ("127.0.0.1", 3)),
        ("other.example", "192.0.2.2", 443, ("127.0.0.1", 2)),
        ("other.example", "192.0.2.2", 25, ("127.0.0.1", 1)),
    ):
        assert detours.find(host, address, port) == place
    assert Options().detours().find("app.example", "192.0.2.1", 443) is None
