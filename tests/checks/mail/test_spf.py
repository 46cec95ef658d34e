"""`email.spf` against a name server on loopback, and who is recognised as a sender."""

from __future__ import annotations

import pytest

from launchready_tui.checks.mail.records import _spf_domains
from launchready_tui.content.checklist import builtin
from launchready_tui.project.model import Project
from launchready_tui.recognise.senders import recognise
from launchready_tui.vocabulary.findings import Verdict
from tests.checks.mail.mail_world import (
    FAIL,
    GOOGLE,
    PASS,
    SILENCES,
    SKIPPED,
    SPF,
    UNKNOWN,
    WARN,
    ask_dkim,
    ask_dmarc,
    ask_spf,
    dns_world,
    project,
    said,
    short_waits,
    txt,
)

__all__ = ["short_waits"]  # a fixture for every test here


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 include:_spf.google.com -all", (PASS, "ok")),
        ("v=spf1 +all", (FAIL, "open")),
        ("v=spf1 include:gone.example -all", (FAIL, "include-without-spf")),
        ("v=spf1 include:d.example -all", (FAIL, "loop")),
        ("v=spf1 a:1.test a:2.test a:3.test -all", (FAIL, "void-lookups")),
        ("v=spf1 ipv4:192.0.2.1 -all", (FAIL, "syntax")),
        ("v=spf1 " + "exists:%{i}.x.test " * 11 + "-all", (FAIL, "too-many-lookups")),
        ("v=spf1 " + "exists:%{i}.x.test " * 9 + "-all", (WARN, "many-lookups")),
        ("v=spf1 ?all", (WARN, "neutral-end")),
        ("v=spf1 ip4:192.0.2.1", (WARN, "no-end")),
        ("v=spf1 ptr -all", (WARN, "ptr")),
        ("v=spf1 include:%{d}.x.test -all", (UNKNOWN, "not-known")),
        ("v=spf1 include:%{d}.x.test +all", (FAIL, "open")),
    ],
)
async def test_spf_records(record: str, expected: tuple[Verdict, str]) -> None:
    async with dns_world(txt("d.example", record), GOOGLE) as world:
        outcome = await ask_spf(world, project())
    assert said(outcome) == expected
    assert outcome.evidence[0].value == record


async def test_two_spf_records_become_one_in_the_suggestion() -> None:
    other = txt("d.example", "v=spf1 include:_spf.google.com ip4:192.0.2.9 ?all")
    async with dns_world(SPF, other, GOOGLE) as world:
        outcome = await ask_spf(world, project())
    assert said(outcome) == (FAIL, "two-records")
    assert outcome.facts["count"] == "2"
    assert outcome.facts["spf_record"] == "v=spf1 include:_spf.google.com ip4:192.0.2.9 ~all"


@pytest.mark.parametrize(
    ("providers", "expected", "record"),
    [
        ((), (FAIL, "missing"), "v=spf1 ~all"),
        (("other",), (FAIL, "missing"), "v=spf1 ~all"),
        (("google-workspace",), (FAIL, "missing"), "v=spf1 include:_spf.google.com ~all"),
        (
            ("google-workspace", "postmark"),
            (FAIL, "missing"),
            "v=spf1 include:_spf.google.com ~all",
        ),
        (("postmark", "sendgrid"), (WARN, "none-at-apex"), "v=spf1 ~all"),
        (("postmark", "other"), (FAIL, "missing"), "v=spf1 ~all"),
    ],
)
async def test_no_spf_record_is_judged_by_the_senders(
    providers: tuple[str, ...], expected: tuple[Verdict, str], record: str
) -> None:
    async with dns_world(txt("d.example", "something else")) as world:
        outcome = await ask_spf(world, project(providers=providers))
    assert said(outcome) == expected
    assert outcome.facts["spf_record"] == record
    if outcome.name == "none-at-apex":
        assert outcome.facts["providers"] == "Postmark, SendGrid"


async def test_a_sender_that_the_record_does_not_name() -> None:
    who = project(providers=("google-workspace", "fastmail"))
    async with dns_world(SPF, GOOGLE) as world:
        outcome = await ask_spf(world, who)
    assert said(outcome) == (WARN, "sender-missing")
    assert outcome.facts["provider"] == "Fastmail"
    assert outcome.facts["include"] == "spf.messagingengine.com"
    assert outcome.facts["spf_record"] == (
        "v=spf1 include:_spf.google.com include:spf.messagingengine.com ~all"
    )


async def test_any_include_of_a_sender_will_do_at_any_depth() -> None:
    records = (
        txt("d.example", "v=spf1 redirect=_spf.d.example"),
        txt("_spf.d.example", "v=spf1 include:zoho.eu -all"),
        txt("zoho.eu", "v=spf1 -all"),
    )
    async with dns_world(*records) as world:
        assert said(await ask_spf(world, project(providers=("zoho",)))) == (PASS, "ok")


@pytest.mark.parametrize(
    ("include", "providers", "return_path", "expected"),
    [
        # Its own return path is what counts, whatever its set-up page asks for.
        ("spf.mtasv.net", ("postmark",), "", "spare-part"),
        ("spf.mtasv.net", (), "", "spare-part"),
        ("spf.mtasv.net", ("postmark",), "pm-bounces", "spare-part"),
        ("spf.mtasv.net", ("postmark",), "d.example", "ok"),
        # Not known to be spare: another sender's, or one that may send from this very name.
        ("spf.mtasv.net", ("google-workspace", "postmark"), "", "sender-missing"),
        ("mailgun.org", ("mailgun",), "", "ok"),
        ("other.example", ("postmark",), "", "ok"),
    ],
)
async def test_an_include_that_does_nothing_here_is_told(
    include: str, providers: tuple[str, ...], return_path: str, expected: str
) -> None:
    records = (txt("d.example", f"v=spf1 include:{include} -all"), txt(include, "v=spf1 -all"))
    async with dns_world(*records) as world:
        outcome = await ask_spf(world, project(providers=providers, return_path=return_path))
    assert outcome.name == expected
    if expected == "spare-part":
        assert (outcome.verdict, outcome.facts["include"]) == (PASS, include)
        assert outcome.facts["provider"] == "Postmark"


async def test_a_sender_is_recognised_by_its_mail_servers() -> None:
    mx = "d.example. 300 IN MX 1 smtp.google.com."
    async with dns_world(mx) as world:
        outcome = await ask_spf(world, project())
    assert said(outcome) == (FAIL, "missing")
    assert outcome.facts["provider_id"] == "google-workspace"
    assert outcome.facts["spf_record"] == "v=spf1 include:_spf.google.com ~all"


@pytest.mark.parametrize(
    ("records", "providers", "expected"),
    [
        ((), ("resend",), (FAIL, "missing")),
        (("v=spf1 include:amazonses.com ~all",), ("resend",), (PASS, "ok")),
        (("v=spf1 include:_spf.google.com ~all",), ("resend",), (WARN, "sender-missing")),
        # Of two senders with a return path of their own we can't tell whose name this is.
        (("v=spf1 include:_spf.google.com ~all",), ("resend", "mailgun"), (PASS, "ok")),
    ],
)
async def test_spf_at_the_return_path(
    records: tuple[str, ...], providers: tuple[str, ...], expected: tuple[Verdict, str]
) -> None:
    zone = (*(txt("send.d.example", text) for text in records), GOOGLE, SPF)
    who = project(providers=providers, return_path="send")
    async with dns_world(*zone, txt("amazonses.com", "v=spf1 -all")) as world:
        outcome = await ask_spf(world, who, "send.d.example")
    assert said(outcome) == expected
    if outcome.name != "ok" and providers == ("resend",):
        assert "include:amazonses.com" in outcome.facts["spf_record"]


@pytest.mark.parametrize(
    ("given", "subjects"),
    [
        ("", ("d.example",)),
        ("send", ("d.example", "send.d.example")),
        ("pm-bounces.d.example", ("d.example", "pm-bounces.d.example")),
        ("bounce@send.d.example", ("d.example", "send.d.example")),
        ("D.example.", ("d.example",)),
    ],
)
def test_the_names_at_which_spf_is_judged(given: str, subjects: tuple[str, ...]) -> None:
    assert _spf_domains(project(return_path=given)) == subjects
    assert _spf_domains(Project()) == ()


def test_a_from_domain_in_another_script_becomes_an_a_label() -> None:
    assert _spf_domains(project(from_="hallo@bücher.example")) == ("xn--bcher-kva.example",)


async def test_a_text_that_was_meant_as_spf_keeps_its_parts_in_the_suggestion() -> None:
    record = txt("d.example", "v=spf1;include:_spf.google.com;-all")
    async with dns_world(record, GOOGLE) as world:
        outcome = await ask_spf(world, project())
    assert said(outcome) == (FAIL, "syntax")
    assert outcome.facts["spf_record"] == "v=spf1 include:_spf.google.com ~all"


async def test_the_suggestion_leaves_out_what_broke_the_record() -> None:
    record = txt("d.example", "v=spf1 include:gone.example include:_spf.google.com -all")
    async with dns_world(record, GOOGLE) as world:
        outcome = await ask_spf(world, project())
    assert outcome.facts["include"] == "gone.example"
    assert outcome.facts["spf_record"] == "v=spf1 include:_spf.google.com ~all"


@pytest.mark.parametrize("how", SILENCES)
@pytest.mark.parametrize("name", ["d.example", "_spf.google.com"])
async def test_spf_without_an_answer_is_unknown(how: str, name: str) -> None:
    async with dns_world(SPF, GOOGLE, **{how: name}) as world:
        outcome = await ask_spf(world, project(providers=("google-workspace",)))
    assert said(outcome) == (UNKNOWN, how)
    assert outcome.facts["detail"] == name
    assert name in [seen.value for seen in outcome.evidence]


# --- who sends ---


@pytest.mark.parametrize(
    ("includes", "servers", "ids"),
    [
        (["_spf.google.com"], [], ["google-workspace"]),
        ([], ["aspmx.l.google.com"], ["google-workspace"]),
        (
            ["sendgrid.net"],
            ["d-example.mail.protection.outlook.com"],
            ["microsoft-365", "sendgrid"],
        ),
        (["amazonses.com"], [], []),  # SES, or a service on top of it
        (["_spf.d.example"], ["mx.d.example"], []),
    ],
)
def test_recognising_senders(includes: list[str], servers: list[str], ids: list[str]) -> None:
    assert [sender.id for sender in recognise(includes, servers, builtin())] == ids


QUIET = (
    txt("d.example", "v=spf1 -all"),
    txt("_dmarc.d.example", "v=DMARC1; p=reject"),
    "d.example. 300 IN MX 0 .",
)


@pytest.mark.parametrize(
    ("records", "who", "quiet"),
    [
        (QUIET, project(from_=""), True),
        ((), project(sends=False), True),
        (QUIET, project(), False),
        (QUIET, project(from_="", providers=("postmark",)), False),
        (QUIET[:2], project(from_=""), False),
        (QUIET[1:], project(from_=""), False),
        ((QUIET[0], QUIET[2]), project(from_=""), False),
        ((txt("d.example", "v=spf1 a -all"), *QUIET[1:]), project(from_=""), False),
    ],
)
async def test_a_domain_that_sends_no_mail(
    records: tuple[str, ...], who: Project, quiet: bool
) -> None:
    async with dns_world(*records) as world:
        found = [await ask_spf(world, who), await ask_dmarc(world, who)]
        found += (await ask_dkim(world, who)).outcomes
    assert {said(each) == (SKIPPED, "no-mail") for each in found} == {quiet}
