"""`email.reply-path`, `email.transport` and `email.parked`: each outcome, and silence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from launchready_tui.lab import Scenario, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Certificate, Reply
from launchready_tui.project.model import Email, Product, Project
from launchready_tui.vocabulary.findings import Outcome, Verdict
from tests.checks.looking import look

REPLY = f"hello@{DOMAIN}"
STS = f"mta-sts.{DOMAIN}"
POLICY = "/.well-known/mta-sts.txt"


def mailing(**email: Any) -> Project:
    return Project(product=Product(domain=DOMAIN), email=Email(**email))


def said(outcome: Outcome) -> tuple[Verdict, str]:
    return outcome.verdict, outcome.name


def mx(*records: str, world: Scenario | None = None) -> Scenario:
    return (world or healthy()).with_records(DOMAIN, "MX", records)


REPLIES = {
    "right": (healthy(), REPLY, Verdict.PASS, "ok"),
    "no MX": (mx(), REPLY, Verdict.WARN, "implicit-mx"),
    "null MX": (mx("0 ."), REPLY, Verdict.FAIL, "no-mail-there"),
    "dead": (mx("10 gone.harbor.example."), REPLY, Verdict.FAIL, "dead"),
    "noreply": (healthy(), f"no-reply@{DOMAIN}", Verdict.FAIL, "noreply"),
    "do not reply": (healthy(), f"donotreply@{DOMAIN}", Verdict.FAIL, "noreply"),
    "servfail": (healthy().with_trouble(DOMAIN, "servfail"), REPLY, Verdict.UNKNOWN, "servfail"),
    "refused": (healthy().with_trouble(DOMAIN, "refused"), REPLY, Verdict.UNKNOWN, "refused"),
}


@pytest.mark.parametrize("what", REPLIES)
async def test_where_answers_go(what: str) -> None:
    world, address, verdict, name = REPLIES[what]
    project = mailing(from_=f"Harbor <shop@{DOMAIN}>", reply_to=address)
    assert said(await look("email.reply-path", address, world, project)) == (verdict, name)


def policy(body: bytes, status: int = 200) -> Scenario:
    world = healthy()
    return world.with_site(world.site(STS).with_page(POLICY, Reply(status, (), body)))


GOOD = b"version: STSv1\nmode: enforce\nmx: smtp.google.com\nmax_age: 604800\n"


def stranger() -> Scenario:
    world = healthy()
    return world.with_site(replace(world.site(STS), certificate=Certificate((STS,), issuer="self")))


TRANSPORT = {
    "right": (healthy(), Verdict.PASS, "ok"),
    "testing": (policy(GOOD.replace(b"enforce", b"testing")), Verdict.PASS, "testing"),
    "none": (healthy().without(f"_mta-sts.{DOMAIN}"), Verdict.WARN, "none"),
    "no file": (policy(b"", 404), Verdict.WARN, "no-policy"),
    "no trust": (stranger(), Verdict.WARN, "no-policy"),
    "another server": (mx("10 mx.harbor.example."), Verdict.WARN, "misses-server"),
    "no reports": (healthy().without(f"_smtp._tls.{DOMAIN}"), Verdict.WARN, "no-reports"),
    "servfail": (healthy().with_trouble(f"_mta-sts.{DOMAIN}", "servfail"), Verdict.UNKNOWN,
                 "servfail"),
    "kept out": (policy(b"no", 403), Verdict.UNKNOWN, "blocked"),
    "too often": (policy(b"no", 429), Verdict.UNKNOWN, "rate-limited"),
    "no address": (healthy().without(STS), Verdict.UNKNOWN, "no-address"),
}  # fmt: skip


@pytest.mark.parametrize("what", TRANSPORT)
async def test_safe_delivery(what: str) -> None:
    world, verdict, name = TRANSPORT[what]
    assert said(await look("email.transport", DOMAIN, world, mailing())) == (verdict, name)


def closed() -> Scenario:
    world = mx("0 .").with_records(DOMAIN, "TXT", ["v=spf1 -all"])
    return world.with_records(f"_dmarc.{DOMAIN}", "TXT", ["v=DMARC1; p=reject"])


async def test_a_domain_that_sends_no_mail_says_so() -> None:
    quiet = mailing(sends=False)
    assert said(await look("email.parked", DOMAIN, closed(), quiet)) == (Verdict.PASS, "ok")
    outcome = await look("email.parked", DOMAIN, healthy(), quiet)
    assert (outcome.name, outcome.facts["lacking"]) == ("not-said", "SPF, DMARC, MX")
    silent = healthy().with_trouble(DOMAIN, "servfail")
    assert said(await look("email.parked", DOMAIN, silent, quiet)) == (Verdict.UNKNOWN, "servfail")
    sending = mailing(from_=REPLY)
    assert said(await look("email.parked", DOMAIN, closed(), sending))[1] == "sends-mail"
