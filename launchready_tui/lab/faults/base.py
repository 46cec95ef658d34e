"""What a fault is, and the small changes that most of them are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Certificate, Scenario
from launchready_tui.vocabulary.findings import Verdict

Change = Callable[[Scenario], Scenario]

WWW, APP, API = f"www.{DOMAIN}", f"app.{DOMAIN}", f"api.{DOMAIN}"
ADMIN, DOCS = f"admin.{DOMAIN}", f"docs.{DOMAIN}"

# Checks that read pages: what keeps a page away moves their findings too.
WEB = ("tls.*", "http.*", "edge.*", "cache.*", "speed.*", "secrets.files", "secrets.bundle",
       "dns.dangling", "dns.ipv6")  # fmt: skip
MAIL = ("dns.mail", "email.*")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `check` says `verdict` and `outcome` of `subject` because of it.

    `what` and `fixed` are what a founder reads: what is broken, and what "fix it for me"
    changed. `also` names other checks whose findings it may touch, as patterns ("http.*").
    """

    id: str
    what: str
    fixed: str
    check: str
    subject: str
    verdict: Verdict
    outcome: str
    apply: Change
    also: tuple[str, ...] = ()


def records(name: str, type: str, *texts: str) -> Change:
    """`name` has exactly these records of this type."""
    return lambda world: world.with_records(name, type, texts)


def gone(name: str) -> Change:
    """Nothing exists at `name`."""
    return lambda world: world.without(name)


def certificate(host: str, certificate: Certificate) -> Change:
    """The host serves this certificate."""
    return lambda world: world.with_site(replace(world.site(host), certificate=certificate))
