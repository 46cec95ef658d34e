"""`email.*` against a name server on loopback: each outcome, and silence that proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import msgspec
import pytest

from launchready_tui.checks import dkim_keys
from launchready_tui.checks.email import _spf_domains, dkim, dmarc, spf
from launchready_tui.checks.senders import recognise
from launchready_tui.findings import Outcome, Verdict
from launchready_tui.project.model import Project, RecordedFinding
from launchready_tui.world import World, limits
from tests.checks.mail_world import NOW, SILENCES, dns_world, project, said, txt
from tests.rules.keys import rsa_record

FAIL, WARN, PASS = Verdict.FAIL, Verdict.WARN, Verdict.PASS
UNKNOWN, SKIPPED = Verdict.UNKNOWN, Verdict.SKIPPED
GOOGLE = txt("_spf.google.com", "v=spf1 ip4:192.0.2.0/24 ~all")
SPF = txt("d.example", "v=spf1 include:_spf.google.com -all")


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DNS_SEND", 0.1)
    monkeypatch.setattr(limits, "DNS_TRY", 0.3)


async def ask_spf(world: World, who: Project, subject: str = "d.example") -> Outcome:
    outcome = await spf(subject, who, world)
    assert isinstance(outcome, Outcome)
    return outcome


async def ask_dmarc(world: World, who: Project, subject: str = "d.example") -> Outcome:
    outcome = await dmarc(subject, who, world)
    assert isinstance(outcome, Outcome)
    return outcome


@dataclass
class Keys:
    """DKIM outcomes by subject, of which there is one each."""

    outcomes: list[Outcome]

    @property
    def said(self) -> dict[str, tuple[Verdict, str]]:
        found = {each.subject.removesuffix("._domainkey.d.example"): said(each)
                 for each in self.outcomes}  # fmt: skip
        assert len(found) == len(self.outcomes)
        return found


async def ask_dkim(world: World, who: Project) -> Keys:
    outcomes = await dkim("d.example", who, world)
    assert isinstance(outcomes, list)
    assert outcomes
    return Keys(outcomes)


# --- email.spf ---


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
    assert [sender.id for sender in recognise(includes, servers)] == ids


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


# --- email.dkim ---

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


# --- email.dmarc ---


def policy(text: str, name: str = "d.example") -> str:
    return txt(f"_dmarc.{name}", text)


GOOD = "rua=mailto:r@d.example"


@pytest.mark.parametrize(
    ("records", "expected", "facts"),
    [
        ((), (FAIL, "missing"), {}),
        (
            (policy("v=DMARC1; p=none"), policy("v=DMARC1; p=reject")),
            (FAIL, "two-records"),
            {"count": "2"},
        ),
        ((policy("v=DMARC1; p=rejct"),), (FAIL, "syntax"), {"part": "p=rejct"}),
        ((policy("v=DMARC1 p=reject"),), (FAIL, "syntax"), {"part": "v=DMARC1 p=reject"}),
        ((policy("v=dmarc1; p=reject"),), (FAIL, "syntax"), {"part": "v=dmarc1"}),
        ((policy(f"v=DMARC1; p=reject; {GOOD}"),), (PASS, "ok"), {"policy": "reject"}),
        ((policy(f"v=DMARC1; p=quarantine; {GOOD}"),), (PASS, "ok"), {"policy": "quarantine"}),
        (
            (policy(f"v=DMARC1; p=none; {GOOD}"),),
            (PASS, "first-month"),
            {"policy": "none", "since": "20 November", "none_since": "2026-11-20"},
        ),
        ((policy("v=DMARC1; p=none"),), (WARN, "no-reports"), {"none_since": "2026-11-20"}),
        ((policy("v=DMARC1; p=reject"),), (WARN, "no-reports"), {}),
        ((policy("v=DMARC1; p=reject; rua=r@d.example"),), (WARN, "no-reports"), {}),
        ((policy(f"v=DMARC1; {GOOD}"),), (WARN, "policy-missing"), {"policy": "none"}),
        ((policy(f"v=DMARC1; p=rejct; {GOOD}"),), (WARN, "policy-missing"), {}),
        (
            (policy("v=DMARC1; p=reject; rua=mailto:x@r.example"),),
            (WARN, "reports-not-authorised"),
            {"to": "r.example"},
        ),
        (
            (
                policy("v=DMARC1; p=reject; rua=mailto:x@r.example"),
                txt("d.example._report._dmarc.r.example", "v=DMARC1"),
            ),
            (PASS, "ok"),
            {},
        ),
        ((policy(f"v=DMARC1; p=reject; t=y; {GOOD}"),), (WARN, "testing"), {}),
        (
            (policy(f"v=DMARC1; p=reject; sp=none; np=quarantine; {GOOD}"),),
            (WARN, "weaker-subdomains"),
            {"sub": "sp=none and np=quarantine"},
        ),
        (
            (policy(f"v=DMARC1; p=reject; pct=50; ri=60; {GOOD}"),),
            (WARN, "old-tags"),
            {"tags": "pct=50; ri=60"},
        ),
    ],
)
async def test_dmarc_records(
    records: tuple[str, ...], expected: tuple[Verdict, str], facts: dict[str, str]
) -> None:
    async with dns_world(*records) as world:
        outcome = await ask_dmarc(world, project())
    assert said(outcome) == expected
    assert facts.items() <= outcome.facts.items()
    assert outcome.evidence


async def test_a_subdomain_follows_the_record_above_it() -> None:
    who = project(from_="hi@mail.d.example")
    async with dns_world(policy(f"v=DMARC1; p=reject; sp=quarantine; {GOOD}")) as world:
        outcome = await ask_dmarc(world, who, "mail.d.example")
    assert said(outcome) == (WARN, "weaker-subdomains")
    assert outcome.facts["policy"] == "quarantine"


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-11-01", "first-month"),
        ("2026-10-21", "first-month"),
        ("2026-10-20", "none-policy"),
        ("2025-01-01", "none-policy"),
        ("2027-01-01", "first-month"),  # the clock went back: count from today
        ("not a day", "first-month"),
    ],
)
async def test_watching_is_right_for_thirty_days(since: str, expected: str) -> None:
    async with dns_world(policy(f"v=DMARC1; p=none; {GOOD}")) as world:
        outcome = await ask_dmarc(world, before(since))
    assert outcome.name == expected
    assert date.fromisoformat(outcome.facts["none_since"]) <= NOW.date()


def before(since: str) -> Project:
    recorded = RecordedFinding(
        verdict=PASS, outcome="first-month", at=NOW, facts={"none_since": since}
    )
    return msgspec.structs.replace(project(), findings={"email.dmarc": {"d.example": recorded}})


@pytest.mark.parametrize("how", SILENCES)
async def test_dmarc_without_an_answer_is_unknown_and_keeps_the_date(how: str) -> None:
    record = policy(f"v=DMARC1; p=none; {GOOD}")
    async with dns_world(record, **{how: "_dmarc.d.example"}) as world:
        outcome = await ask_dmarc(world, before("2026-11-01"))
    assert said(outcome) == (UNKNOWN, how)
    assert outcome.facts["none_since"] == "2026-11-01"


@pytest.mark.parametrize("how", SILENCES)
async def test_an_agreement_that_could_not_be_asked_is_remembered_and_no_warning(how: str) -> None:
    record = policy("v=DMARC1; p=reject; rua=mailto:x@r.example")
    async with dns_world(record, **{how: "d.example._report._dmarc.r.example"}) as world:
        outcome = await ask_dmarc(world, project())
    assert said(outcome) == (PASS, "ok")
    assert outcome.facts["not_checked"] == "r.example"


async def test_a_silent_parent_leaves_a_subdomain_unknown() -> None:
    who = project(from_="hi@mail.d.example")
    async with dns_world(servfail="_dmarc.d.example") as world:
        assert said(await ask_dmarc(world, who, "mail.d.example")) == (UNKNOWN, "servfail")


async def test_a_registry_that_refuses_hides_no_missing_record() -> None:
    async with dns_world(refused="_dmarc.example") as world:
        assert said(await ask_dmarc(world, project())) == (FAIL, "missing")
