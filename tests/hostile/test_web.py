"""Hostile web servers in the place of hosts: the whole audit ends, and says what it could see.

One audit is of several hostile hosts at once, each an app in its own right; the bounds of time
and memory are those of the whole audit. They stand in `auditing`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.lab.healthy import DOMAIN
from tests.hostile.auditing import audit, holds, standing_in
from tests.hostile.servers import TALKS

APP = f"app.{DOMAIN}"
ON_THE_SITE = ("10 GB", "gzip bomb, unasked", "redirects without end", "header injection",
               "5 MB of scripts over http", "stall after the headers")  # fmt: skip
NO_PAGE = {
    "reset": "reset",
    "stall after the headers": "timeout",
    "drip of bytes": "timeout",
    "headers without end": "too-large",
    "a header without end": "too-large",
    "promises without end": "timeout",
    "not HTTP": "garbled",
    "an answer of the past": "garbled",
}


GROUPS = 13  # audits; more hosts in one would add up to more memory than one audit may take
TOGETHER = [tuple(TALKS)[number::GROUPS] for number in range(GROUPS)]


@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
async def test_apps_are_hostile(names: tuple[str, ...], tmp_path: Path) -> None:
    """The first of a group is also where people sign in."""
    hosts = dict(zip((APP, *(f"app{n}.{DOMAIN}" for n in range(2, 10))), names, strict=False))
    async with standing_in({host: TALKS[name] for host, name in hosts.items()}, tmp_path) as world:
        audited = await audit(world, tmp_path)
    holds(audited)
    seen = {name: audited.said("tls.valid", host) for host, name in hosts.items()}
    assert seen == dict.fromkeys(names, ("pass", "ok"))
    assert audited.said("tls.valid", DOMAIN) == ("pass", "ok")
    assert audited.said("http.reachable", DOMAIN) == ("pass", "ok")
    reached = {
        name: audited.said("http.reachable", host)
        for host, name in hosts.items()
        if name in NO_PAGE
    }
    assert {name: verdict for name, (verdict, _) in reached.items() if verdict != "unknown"} == {}
    # On a busy machine an endless answer may meet the clock before it meets the limit.
    allowed = {name: (NO_PAGE[name], "timeout") for name in reached}
    assert {name: why for name, (_, why) in reached.items() if why not in allowed[name]} == {}


@pytest.mark.parametrize("name", ON_THE_SITE)
async def test_the_site_itself_is_hostile(name: str, tmp_path: Path) -> None:
    async with standing_in({DOMAIN: TALKS[name]}, tmp_path) as options:
        audited = await audit(options, tmp_path)
    holds(audited)
    assert audited.said("tls.valid", DOMAIN) == ("pass", "ok")
    assert audited.said("http.reachable", APP) == ("pass", "ok")
