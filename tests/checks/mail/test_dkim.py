"""`email.dkim` against a name server on loopback."""

from __future__ import annotations

import pytest

from launchready_tui.checks.mail import dkim_keys
from launchready_tui.vocabulary.findings import Verdict
from tests.checks.mail.mail_world import (
    FAIL,
    NOW,
    PASS,
    SILENCES,
    UNKNOWN,
    WARN,
    ask_dkim,
    dns_world,
    project,
    short_waits,
    txt,
)
from tests.rules.tls.keys import rsa_record

__all__ = ["short_waits"]  # a fixture for every test here


KEY = rsa_record()


def at(selector: str, text: str = KEY) -> str:
    return txt(f"{selector}._domainkey.d.example", text)


def alias(selector: str, target: str) -> str:
    return f"{selector}._domainkey.d.example. 300 IN CNAME {target}."


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((at("s"),), (PASS, "ok")),
        ((at("s", rsa_record(1024)),), (WARN, "short-key")),
        ((at("s", f"t=y; {KEY[len('v=DKIM1; ') :]}"),), (WARN, "testing")),
        ((at("s"), at(dkim_keys.made_up("d.example", NOW))), (WARN, "wildcard")),
        ((), (FAIL, "missing")),
        ((at("s", "x"), at(dkim_keys.made_up("d.example", NOW), "x")), (FAIL, "missing")),
        ((at("s", "v=DKIM1; p="),), (FAIL, "revoked")),
        ((alias("s", "gone.example"),), (FAIL, "dead-cname")),
        ((at("s", rsa_record(512)),), (FAIL, "weak-key")),
        ((txt("s._domainkey.d.example.d.example", KEY),), (FAIL, "doubled-name")),
        ((at("s", "v=DKIM1; p=abc"),), (FAIL, "broken-key")),
        ((at("s"), at("s", rsa_record(1024))), (FAIL, "several-keys")),
    ],
)
async def test_a_declared_selector(records: tuple[str, ...], expected: tuple[Verdict, str]) -> None:
    who = project(providers=("postmark",), selectors=("s",))
    async with dns_world(*records) as world:
        found = await ask_dkim(world, who)
    assert found.said == {"s": expected}
    facts = found.outcomes[0].facts
    assert facts["selector"] == "s"
    assert (facts["provider"], facts["provider_id"]) == ("Postmark", "postmark")
    assert found.outcomes[0].evidence


@pytest.mark.parametrize("how", SILENCES)
async def test_a_key_without_an_answer_is_unknown(how: str) -> None:
    who = project(selectors=("s._domainkey.d.example",))
    async with dns_world(at("s"), **{how: "s._domainkey.d.example"}) as world:
        found = await ask_dkim(world, who)
    assert found.said == {"s": (UNKNOWN, how)}


@pytest.mark.parametrize("how", SILENCES)
async def test_a_likely_key_without_an_answer_is_unknown_at_the_domain(how: str) -> None:
    who = project(providers=("google-workspace",))
    async with dns_world(**{how: "google._domainkey.d.example"}) as world:
        found = await ask_dkim(world, who)
    assert found.said == {"d.example": (UNKNOWN, how)}


@pytest.mark.parametrize(
    ("providers", "selectors", "records", "expected"),
    [
        # Nothing known of the sender: never a guess.
        ((), (), (), {"d.example": (UNKNOWN, "not-known")}),
        (("other",), (), (), {"d.example": (UNKNOWN, "not-known")}),
        (("postmark",), (), (), {"d.example": (UNKNOWN, "not-known")}),
        # A likely name that is not there proves nothing, one that is there does.
        (("google-workspace",), (), (), {"d.example": (UNKNOWN, "not-known")}),
        (("google-workspace",), (), (at("google"),), {"google": (PASS, "ok")}),
        (("mailgun",), (), (at("pic"),), {"pic": (PASS, "ok")}),
        (("mailgun",), (), (at("pic", "p="),), {"pic": (FAIL, "revoked")}),
        (
            ("google-workspace", "zoho"),
            (),
            (at("google"),),
            {"google": (PASS, "ok"), "d.example": (UNKNOWN, "not-known")},
        ),
        # The name is the same for everybody.
        (("resend",), (), (), {"resend": (FAIL, "missing")}),
        (("resend",), (), (at("resend", KEY[KEY.index("p=") :]),), {"resend": (PASS, "ok")}),
        # All are needed.
        (("sendgrid",), (), (at("s1"),), {"s1": (PASS, "ok"), "s2": (FAIL, "missing")}),
        # One of two is in use, the other waits.
        (("microsoft-365",), (), (at("selector2"),), {"selector2": (PASS, "ok")}),
        (
            ("microsoft-365",),
            (),
            (at("selector1"), alias("selector2", "gone.example")),
            {"selector1": (PASS, "ok")},
        ),
        (
            ("microsoft-365",),
            ("selector1", "selector2"),
            (at("selector1"), alias("selector2", "gone.example")),
            {"selector1": (PASS, "ok")},
        ),
        (
            ("microsoft-365",),
            (),
            (alias("selector1", "gone.example"),),
            {"selector1": (FAIL, "dead-cname")},
        ),
        (("microsoft-365",), (), (), {"selector1": (FAIL, "missing")}),
        # A declared selector is the one of the sender that has no fixed names.
        (
            ("google-workspace", "postmark"),
            ("20261101pm", "google"),
            (at("google"), at("20261101pm")),
            {"google": (PASS, "ok"), "20261101pm": (PASS, "ok")},
        ),
        (
            ("google-workspace", "postmark"),
            ("20261101pm",),
            (at("20261101pm"),),
            {"20261101pm": (PASS, "ok"), "d.example": (UNKNOWN, "not-known")},
        ),
        # It may be anybody's where two senders have no fixed names.
        (("zoho", "postmark"), ("x",), (at("x"),), {"x": (PASS, "ok")}),
        ((), ("x",), (), {"x": (FAIL, "missing")}),
    ],
)
async def test_keys_by_sender(
    providers: tuple[str, ...],
    selectors: tuple[str, ...],
    records: tuple[str, ...],
    expected: dict[str, tuple[Verdict, str]],
) -> None:
    async with dns_world(*records) as world:
        found = await ask_dkim(world, project(providers=providers, selectors=selectors))
    assert found.said == expected


async def test_a_wildcard_proves_no_sender_and_is_told_once() -> None:
    names = ("pdk1", "pdk2", "k1", "smtp", "mx", "pic", dkim_keys.made_up("d.example", NOW))
    async with dns_world(*(at(name) for name in names)) as world:
        found = await ask_dkim(world, project(providers=("mailgun",)))
    assert found.said == {"pdk1": (WARN, "wildcard")}


async def test_not_known_names_the_senders() -> None:
    async with dns_world() as world:
        found = await ask_dkim(world, project(providers=("zoho", "postmark")))
    assert found.outcomes[0].facts == {"provider": "Zoho Mail, Postmark", "provider_id": "zoho"}


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("google", "google"),
        ("Google._domainkey.d.example.", "google"),
        ("google._domainkey", "google"),
        (" a.b ", "a.b"),
    ],
)
def test_what_people_write_for_a_selector(text: str, selector: str) -> None:
    assert dkim_keys.selector_of(text, "d.example") == selector
