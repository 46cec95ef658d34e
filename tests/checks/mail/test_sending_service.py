"""Which service sent a message: by proofs in it first, and never by what a stranger may write."""

from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Scenario
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.project.model import Email, Project
from launchready_tui.recognise.senders import owners_of
from launchready_tui.verdict.composing import providers_for
from launchready_tui.vocabulary.findings import Outcome, Verdict
from tests.checks.mail.test_received import STRANGER, look
from tests.received import SELECTOR, SENDER_IP, Mail, with_key


def service(outcome: Outcome) -> tuple[str, str]:
    """What the proof names, and whose steps the fix gives."""
    said = {proof.label: proof.value for proof in outcome.evidence}
    return said.get("Sent through", ""), outcome.facts.get("provider_id", "")


def of(name: str, world: Scenario) -> Scenario:
    """The world with an empty zone of a service, whose messages can be signed there."""
    world = world.with_zone(replace(world.zone_of("example"), name=name, records=()))
    return world.with_records(name, "SOA", ["a. b. 1 2 3 4 60"])


async def test_the_return_path_leads_to_its_service() -> None:
    [outcome] = await look("email.alignment", Mail())
    assert service(outcome) == ("Postmark, which takes the bounces at pm.mtasv.net", "postmark")
    said = {proof.label: proof.value for proof in outcome.evidence}
    assert said["Handed over by"] == f"{SENDER_IP} (mta.sender.example)"


async def test_the_one_who_signed_is_named_when_nothing_fits() -> None:
    world = with_key(of("sendgrid.net", with_key()), "sendgrid.net")
    mail = Mail(signer="sendgrid.net", path="bulk.example", ip=STRANGER)
    [outcome] = await look("email.alignment", mail, world=world)
    assert (outcome.verdict, outcome.name) == (Verdict.FAIL, "none")
    assert service(outcome) == ("SendGrid, which signed it as sendgrid.net", "sendgrid")


async def test_a_key_that_stands_at_a_service_names_it() -> None:
    """Some let the founder's own name lead to a key of theirs."""
    there = "s1.domainkey.u1.wl1.sendgrid.net"
    world = with_key(of("sendgrid.net", with_key()))
    [key] = [r.text for r in world.zone_of(DOMAIN).records
             if r.name == f"{SELECTOR}._domainkey.{DOMAIN}"]  # fmt: skip
    world = world.with_records(there, "TXT", [key.strip('"').replace('" "', "")])
    world = world.without(f"{SELECTOR}._domainkey.{DOMAIN}")
    world = world.with_records(f"{SELECTOR}._domainkey.{DOMAIN}", "CNAME", [f"{there}."])
    mail = Mail(path="bulk.example", ip=STRANGER)
    [outcome] = await look("email.alignment", mail, world=world)
    assert outcome.name == "no-own-spf"
    assert service(outcome) == (f"SendGrid, which keeps the key at {there}", "sendgrid")


async def test_several_services_behind_one_name_are_all_named() -> None:
    """Resend sends through Amazon: the signer alone does not tell the two apart."""
    world = with_key(of("amazonses.com", with_key()), "amazonses.com")
    mail = Mail(signer="amazonses.com", path="bulk.example", ip=STRANGER)
    [outcome] = await look("email.alignment", mail, world=world)
    assert service(outcome) == (
        "Resend or Amazon SES, which signed it as amazonses.com",
        "generic",
    )
    declared = Email(providers=("google-workspace", "resend"))
    [outcome] = await look("email.alignment", mail, world=world, email=declared)
    assert service(outcome) == ("Resend, which signed it as amazonses.com", "resend")


async def test_the_server_counts_where_nothing_surer_does() -> None:
    mail = Mail(signed=False, path="bulk.example", ip=STRANGER, server="o1.ptr.sendgrid.net")
    [outcome] = await look("email.alignment", mail)
    assert service(outcome) == ("SendGrid, going by the server o1.ptr.sendgrid.net", "sendgrid")


async def test_lines_and_names_that_came_with_a_message_name_nobody() -> None:
    """Received lines below the border, a return path that SPF refuses: anybody can write them."""
    forged = "Received: from o1.ptr.sendgrid.net by filter.sendgrid.net; Tue, 24 Nov 2026\r\n"
    mail = Mail(signed=False, path="mtasv.net", ip=STRANGER, forged=forged)
    [outcome] = await look("email.alignment", mail)
    assert (outcome.name, service(outcome)) == ("none", ("", "generic"))


async def test_steps_are_never_those_of_a_service_that_did_not_send_it() -> None:
    declared = Email(providers=("google-workspace",))
    mail = Mail(signed=False, path="bulk.example", ip=STRANGER)
    [outcome] = await look("email.alignment", mail, email=declared)
    assert service(outcome) == ("", "generic")


async def test_the_fix_is_that_of_the_service_and_of_what_is_missing() -> None:
    content = builtin()
    [outcome] = await look("email.alignment", Mail(signed=False))
    assert outcome.name == "no-own-dkim"
    [only_signed] = await look("email.alignment", Mail(path="bulk.example", ip=STRANGER))
    assert only_signed.name == "no-own-spf"
    chosen = providers_for(DOMAIN, outcome.facts, Project())
    words = content.words_for("email.alignment", "no-own-dkim")
    steps = [step for line in words.fix for step in content.steps(line, chosen)]
    assert any("In Postmark, open Sender Signatures" in step for step in steps)


@pytest.mark.parametrize(
    ("name", "owners"),
    [
        ("sendgrid.net", ["sendgrid"]),
        ("em1.sendgrid.net", ["sendgrid"]),
        ("amazonses.com", ["resend", "amazon-ses"]),
        ("mailgun.org", ["mailgun", "customer-io"]),
        ("notsendgrid.net", []),
        ("", []),
        ("net", []),
    ],
)
def test_names_belong_to_services(name: str, owners: list[str]) -> None:
    assert [each.id for each in owners_of(name, builtin())] == owners
