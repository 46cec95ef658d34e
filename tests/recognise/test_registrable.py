"""Names and owners by the Public Suffix List: what is registered, where, and what many share."""

from __future__ import annotations

from launchready_tui.recognise.registrable import (
    is_public_suffix,
    is_registrable,
    registrable,
)


def test_the_registered_part_of_a_name() -> None:
    assert registrable("app.harbor.example") == "harbor.example"
    assert registrable("a.b.shop.co.uk") == "shop.co.uk"
    assert registrable("harbor.pages.dev") == "harbor.pages.dev"
    assert registrable("com") == "com"
    assert is_registrable("harbor.example")
    assert not is_registrable("www.harbor.example")


def test_names_that_many_owners_share() -> None:
    assert is_public_suffix("com")
    assert is_public_suffix("pages.dev")
    assert not is_public_suffix("harbor.example")
    assert not is_public_suffix("")
