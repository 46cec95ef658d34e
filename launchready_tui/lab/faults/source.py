"""What the repository can give away, or what is missing in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from launchready_tui.lab.faults.base import Change, Fault
from launchready_tui.lab.repository import NAME, Source
from launchready_tui.lab.scenario import Scenario
from launchready_tui.lab.source import beside, settings_of, with_commit, without_release
from launchready_tui.vocabulary.findings import Verdict

# Made up, and put together here, so that no scanner takes this file for a leak.
MADE_UP = "sk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"


def _source(change: Callable[[Source], Source]) -> Change:
    def apply(world: Scenario) -> Scenario:
        return replace(world, source=change(world.source))

    return apply


def _in_history(source: Source) -> Source:
    line = f'export const stripe = "{MADE_UP}";\n'
    held = with_commit(source, "Try payments", {"src/pay.ts": line})
    return with_commit(held, "Read the key from the settings", {"src/pay.ts": None})


def _tracked(source: Source) -> Source:
    return with_commit(source, "Settings", {".env": "PUBLIC_NAME=Harbor Market\n"})


def _missing(source: Source) -> Source:
    lines = settings_of(source, ".env.production").splitlines(keepends=True)
    return beside(source, ".env.production", "".join(lines[:-1]))


def _shared(source: Source) -> Source:
    line = next(
        line
        for line in settings_of(source, ".env.production").splitlines(keepends=True)
        if line.startswith("STRIPE_SECRET_KEY=")
    )
    kept = settings_of(source, ".env.staging").splitlines(keepends=True)
    others = [one for one in kept if not one.startswith("STRIPE_SECRET_KEY=")]
    return beside(source, ".env.staging", "".join((*others, line)))


FAULTS = (
    Fault(
        "secret-in-history",
        "A key for payments was put into the code once, and taken out later.",
        "We replaced the key at Stripe and noted that.",
        "secrets.history", NAME, Verdict.FAIL, "leak", _source(_in_history),
    ),
    Fault(
        "env-tracked",
        "A file of settings is kept in git.",
        "We took the file out of git and replaced what stood in it.",
        "secrets.tree", NAME, Verdict.FAIL, "env-tracked", _source(_tracked),
        also=("deploy.*",),
    ),
    Fault(
        "env-missing",
        "A setting that the code reads is missing on the live site.",
        "We added the setting for the live site.",
        "deploy.required-env", NAME, Verdict.FAIL, "on-your-list", _source(_missing),
    ),
    Fault(
        "env-shared-secret",
        "The test copy and the live site use the same key for payments.",
        "We gave the test copy a key of its own.",
        "deploy.env-separation", NAME, Verdict.FAIL, "same-secret", _source(_shared),
    ),
    Fault(
        "migrations-manual",
        "Somebody has to change the live database by hand after each release.",
        "We let the release run the migrations.",
        "deploy.migrations", NAME, Verdict.WARN, "by-hand", _source(without_release),
    ),
)  # fmt: skip
