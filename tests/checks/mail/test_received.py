"""What a message that arrived proves: alignment, sender and link, on the lab's DNS and pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready_tui.checks import registered
from launchready_tui.lab import Lab, Scenario
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply
from launchready_tui.project.model import Email, Host, Inbox, Product, Project, RecordedFinding
from launchready_tui.rules.mail.message import read
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import open_world
from launchready_tui.world.mail.messages import Mail as Mailbox
from launchready_tui.world.mail.messages import Opens, Received, provider_of
from tests.received import LINK, RETURN_PATH, Mail, with_key

FORGED = (
    "Authentication-Results: mx.google.com; dkim=pass header.d=harbor.example;\r\n"
    " spf=pass smtp.mailfrom=bounce@harbor.example; dmarc=pass header.from=harbor.example\r\n"
)
OUTLOOK = (
    "spf=pass (sender IP is 203.0.113.40) smtp.mailfrom=pm-bounces.harbor.example;\r\n"
    " dkim=pass (signature was verified) header.d=harbor.example;dmarc=pass action=none"
)
STRANGER = "198.51.100.9"


async def look(
    check: str,
    *mails: Mail,
    world: Scenario | None = None,
    opens: Opens = "always",
    email: Email | None = None,
    before: dict[str, dict[str, RecordedFinding]] | None = None,
) -> list[Outcome]:
    """The outcomes of one check on these messages, in their order."""
    received = []
    for number, mail in enumerate(mails):
        message = read(mail.raw())
        provider = provider_of(message)
        assert provider == (mail.provider or "other")
        received.append(Received(f"{number}.eml", message, provider))
    project = Project(
        product=Product(name="Harbor Market", domain=DOMAIN),
        hosts=(Host(name=DOMAIN), Host(name=f"app.{DOMAIN}")),
        inboxes=tuple(Inbox(address=each.source) for each in received),
        email=email or Email(),
        findings=before or {},
    )
    found = []
    async with (
        Lab(world or with_key()) as lab,
        open_world(lab.options, datetime.now(UTC)) as opened,
    ):
        mailbox = Mailbox(files=received, opens=opens)
        for each in received:
            job = registered()[check]
            outcomes = await job.run(each.source, project, replace(opened, mail=mailbox))
            assert isinstance(outcomes, list)
            assert all(job.allows(outcome) for outcome in outcomes)
            found += outcomes
    return found


def name(outcomes: list[Outcome]) -> tuple[Verdict, str]:
    [outcome] = outcomes
    return outcome.verdict, outcome.name


@pytest.mark.parametrize("provider", ["gmail", "outlook", "icloud"])
async def test_a_message_that_is_ours_twice_passes(provider: str) -> None:
    assert name(await look("email.alignment", Mail(provider))) == (Verdict.PASS, "ok")


async def test_the_inbox_provider_is_believed_about_what_we_cannot_see() -> None:
    """An old message: its key is gone, but Outlook said then that the signature held."""
    mail = Mail("outlook", word=OUTLOOK)
    gone = with_key().without(f"sent26._domainkey.{DOMAIN}")
    assert name(await look("email.alignment", mail, world=gone)) == (Verdict.PASS, "ok")


async def test_a_forged_word_counts_for_nothing() -> None:
    mail = Mail(signed=False, path="bulk.example", ip=STRANGER, forged=FORGED)
    assert name(await look("email.alignment", mail)) == (Verdict.FAIL, "none")
    unreceived = Mail("", signed=False, forged=FORGED)
    assert name(await look("email.alignment", unreceived)) == (Verdict.UNKNOWN, "not-known")


async def test_one_proof_of_two_is_a_warning() -> None:
    elsewhere = Mail(path="bulk.example", ip=STRANGER)
    [outcome] = await look("email.alignment", elsewhere)
    assert (outcome.verdict, outcome.name) == (Verdict.WARN, "no-own-spf")
    [outcome] = await look("email.alignment", Mail(signed=False))
    assert (outcome.verdict, outcome.name) == (Verdict.WARN, "no-own-dkim")


async def test_nothing_that_fits_is_a_fail() -> None:
    signer = "bulk.example"
    world = with_key().with_zone(
        replace(with_key().zone_of("example"), name=signer, records=())
    )  # a zone of its own for the service that signs
    world = world.with_records(signer, "SOA", ["a. b. 1 2 3 4 60"])
    world = with_key(world, signer)
    mail = Mail(signer=signer, path=signer, ip=STRANGER)
    assert name(await look("email.alignment", mail, world=world)) == (Verdict.FAIL, "none")


async def test_a_key_that_nobody_answered_about_is_no_verdict() -> None:
    world = with_key().with_trouble(f"sent26._domainkey.{DOMAIN}", "servfail")
    mail = Mail(path="bulk.example", ip=STRANGER)
    found = await look("email.alignment", mail, world=world)
    assert name(found) == (Verdict.UNKNOWN, "servfail")
    assert found[0].facts["host"] == DOMAIN  # "couldn't ask about harbor.example", not a message


async def test_spf_without_an_answer_is_no_verdict() -> None:
    world = with_key().with_trouble("mtasv.net", "servfail")
    mail = Mail(signed=False)
    assert name(await look("email.alignment", mail, world=world)) == (Verdict.UNKNOWN, "servfail")


async def test_text_may_be_added_below_what_was_signed() -> None:
    outcomes = await look("email.alignment", Mail(length=True))
    assert name(outcomes) == (Verdict.WARN, "partly-signed")


async def test_several_senders_and_none() -> None:
    two = Mail(sender="a@harbor.example, b@other.example", signed=False)
    assert name(await look("email.alignment", two)) == (Verdict.FAIL, "several-from")
    none = Mail(sender="nobody", signed=False)
    assert name(await look("email.alignment", none)) == (Verdict.FAIL, "no-from")


async def test_senders_that_differ_are_named() -> None:
    usual, other = Mail(), Mail(sender="Harbor Shop <hello@harbor.example>")
    first, second, third = await look("email.sender", usual, usual, other)
    assert (first.name, second.name, third.name) == ("ok", "ok", "differs")
    assert third.facts == {"what": "name", "usual": "Harbor Market <hello@harbor.example>"}
    reply = Mail(headers=("Reply-To: desk@harbor.example",))
    assert (await look("email.sender", usual, usual, reply))[2].facts["what"] == "reply address"


async def test_the_sender_in_the_file_is_the_one_that_is_meant() -> None:
    usual, other = Mail(), Mail(sender="Harbor <crew@harbor.example>")
    declared = Email(from_="crew@harbor.example")
    first, second, third = await look("email.sender", usual, usual, other, email=declared)
    assert (first.name, second.name, third.name) == ("differs", "differs", "ok")


async def test_a_sender_at_another_domain_is_a_fail() -> None:
    mail = Mail(sender="Harbor <hello@harbor-mail.example>", signed=False)
    assert name(await look("email.sender", mail)) == (Verdict.FAIL, "other-domain")
    below = Mail(sender="Harbor <hello@mail.harbor.example>", signed=False)
    assert name(await look("email.sender", below)) == (Verdict.PASS, "ok")


def answering(status: int, body: bytes = b"<h1>Welcome</h1>") -> Scenario:
    world = with_key()
    page = Reply(status, (("Content-Type", "text/html"),), body)
    return world.with_site(world.site(f"app.{DOMAIN}").with_page("/verify", page))


LINKS = {
    "works": (Mail(), answering(200), Verdict.PASS, "ok"),
    "gone": (Mail(), answering(410), Verdict.FAIL, "expired"),
    "says so": (Mail(), answering(200, b"<h1>This link has expired</h1>"), Verdict.FAIL, "expired"),
    "error": (Mail(), answering(502), Verdict.FAIL, "broken"),
    "limited": (Mail(), answering(429), Verdict.UNKNOWN, "rate-limited"),
    "http": (Mail(link=LINK.replace("https", "http")), None, Verdict.FAIL, "not-secure"),
    "test copy": (Mail(link="https://staging-7f.host.example/v"), None, Verdict.FAIL, "other-host"),
    "counted": (Mail(link=f"https://u1.ct.sender.example/ls/click?upn={'a' * 60}"), None,
                Verdict.WARN, "rewritten"),
    "filter": (Mail(link="https://eur01.safelinks.protection.outlook.com/?url="
                    "https%3A%2F%2Fapp.harbor.example%2Fverify%3Ft%3D1&data=05"),
               answering(200), Verdict.PASS, "ok"),
    "none": (Mail(link="mailto:a@b.example"), None, Verdict.SKIPPED, "no-link"),
}  # fmt: skip


@pytest.mark.parametrize("what", LINKS)
async def test_the_link_is_judged(what: str) -> None:
    mail, world, verdict, outcome = LINKS[what]
    found = await look("email.links", mail, world=world)
    assert name(found) == (verdict, outcome)
    if verdict is Verdict.UNKNOWN:
        assert found[0].facts["host"] == f"app.{DOMAIN}"
    assert "3f9c1a77d0b24" not in str(found)  # the token may open an account


async def test_a_link_that_may_not_be_opened_is_not() -> None:
    found = await look("email.links", Mail(), world=answering(500), opens="never")
    assert name(found) == (Verdict.UNKNOWN, "not-opened")


async def test_what_a_link_said_when_it_was_opened_is_not_forgotten() -> None:
    """The test opened it; a later look must not, and says what was seen then."""
    mail = Mail(headers=("Message-ID: <one@harbor.example>",))
    [first] = await look("email.links", mail, world=answering(410))
    recorded = RecordedFinding(
        verdict=first.verdict, outcome=first.name, at=datetime.now(UTC), facts=dict(first.facts)
    )
    before = {"email.links": {"0.eml": recorded}}
    again = await look("email.links", mail, world=answering(200), opens="never", before=before)
    assert name(again) == (Verdict.FAIL, "expired")
    once = await look("email.links", mail, world=answering(200), opens="once", before=before)
    assert name(once) == (Verdict.FAIL, "expired")
    another = Mail(headers=("Message-ID: <new@harbor.example>",))
    fresh = await look("email.links", another, opens="never", before=before)
    assert name(fresh) == (Verdict.UNKNOWN, "not-opened")


async def test_the_return_path_is_what_spf_is_asked_about() -> None:
    [outcome] = await look("email.alignment", Mail())
    said = {proof.label: proof.value for proof in outcome.evidence}
    assert said["SPF at " + RETURN_PATH] == (
        "pass, by include:spf.mtasv.net of pm-bounces.harbor.example"
    )
