"""What can be broken in Harbor Market, one fault at a time, and how the demo fixes it.

Each fault changes one thing of an otherwise healthy world. `FAULTS` holds those that the checks
of today can see, under the ids of `tests/faults.toml`; one module a topic holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from launchready_tui.lab.faults import cache, dns, edge, email, http, received, secrets, source, tls
from launchready_tui.lab.faults.base import Fault
from launchready_tui.lab.healthy import healthy
from launchready_tui.lab.scenario import Scenario

__all__ = ["DEMO_FAULTS", "FAULTS", "Fault", "broken"]

TOPICS = (dns, tls, http, edge, cache, secrets, source, email, received)
FAULTS: Mapping[str, Fault] = {fault.id: fault for topic in TOPICS for fault in topic.FAULTS}


def broken(ids: Iterable[str], world: Scenario | None = None) -> Scenario:
    """The healthy world with these faults, in the order given; KeyError for an unknown id."""
    scenario = world or healthy()
    for id in ids:
        scenario = FAULTS[id].apply(scenario)
    return scenario


# What the demo breaks: none of these hides another, and one shows an honest "can't tell".
DEMO_FAULTS = (
    "cert-expired",
    "chain-incomplete",
    "https-missing",
    "two-hosts",
    "mx-dead",
    "bot-challenge",
    "cert-soon",
    "spf-two",
    "dkim-missing",
    "dmarc-no-rua",
    "mail-in-spam",
    "mail-never",
    "secret-in-history",
    "env-missing",
)
