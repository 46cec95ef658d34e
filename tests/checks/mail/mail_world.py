"""A world whose DNS is one name server on loopback, for the mail checks; and a founder's file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from launchready_tui.checks.mail.records import dkim, dmarc, spf
from launchready_tui.project.model import Email, Product, Project
from launchready_tui.vocabulary.findings import Outcome, Verdict
from launchready_tui.world import Options, World, limits, open_world
from tests.world.servers import LOOPBACK, NameServer, serving

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOA = "@ 300 IN SOA ns.root.test. admin.root.test. 1 7200 3600 1209600 60"
# Who could not be asked, and how the server behaved.
SILENCES = ("servfail", "refused", "timeout")


def project(
    *,
    from_: str = "hello@d.example",
    providers: tuple[str, ...] = (),
    selectors: tuple[str, ...] = (),
    return_path: str = "",
    sends: bool = True,
) -> Project:
    email = Email(
        from_=from_, providers=providers, selectors=selectors, return_path=return_path, sends=sends
    )
    return Project(product=Product(name="D", domain="d.example"), email=email)


def txt(name: str, text: str) -> str:
    """A TXT record in strings of at most 255 octets, as every DNS host cuts them."""
    parts = [text[at : at + 255] for at in range(0, len(text), 255)] or [""]
    return f"{name}. 300 IN TXT " + " ".join('"' + part.replace('"', '\\"') + '"' for part in parts)


@asynccontextmanager
async def dns_world(
    *records: str, servfail: str = "-", refused: str = "-", timeout: str = "-"
) -> AsyncIterator[World]:
    """`records` are lines of a zone file; the other arguments name what the server fails at."""
    server = NameServer(
        "",
        "\n".join(("$ORIGIN .", SOA, "@ 300 IN NS ns.root.test.", *records)),
        silent=frozenset({timeout}),
        servfail=frozenset({servfail}),
        refused=frozenset({refused}),
    )
    async with (
        serving(server),
        open_world(Options(resolvers=(f"{LOOPBACK}:{server.port}",)), NOW) as world,
    ):
        yield world


def said(outcome: Outcome | list[Outcome]) -> tuple[Verdict, str]:
    assert isinstance(outcome, Outcome)
    return outcome.verdict, outcome.name


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
