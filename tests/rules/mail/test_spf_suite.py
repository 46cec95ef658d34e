"""The public SPF suite (openspf.org, release 2014.04): every case gives an allowed result.

The suite ships in the source distribution of pyspf. It is not ours and not copied: CI downloads
that distribution and names its file in LAUNCHREADY_SPF_SUITE.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from launchready_tui.rules.mail.spf_check import check_host
from launchready_tui.vocabulary.facts import (
    Answer,
    DnsReply,
    Lookup,
    NoData,
    NoSuchName,
    Unreachable,
)

SUITE = os.environ.get("LAUNCHREADY_SPF_SUITE", "")
Zone = dict[str, list[Any]]


@dataclass(frozen=True)
class Case:
    """One case of the suite with its zones. `allowed` are the results that it accepts."""

    id: str
    ip: str
    helo: str
    sender: str
    allowed: tuple[str, ...]
    explanation: str | None
    zones: Zone


def _cases() -> Iterator[Case]:
    import yaml

    for scenario in yaml.safe_load_all(Path(SUITE).read_text("utf-8")):
        zones = {name.lower(): records for name, records in scenario["zonedata"].items()}
        for id, case in scenario["tests"].items():
            result = case["result"]
            allowed = (result,) if isinstance(result, str) else tuple(result)
            explanation = case.get("explanation")
            if explanation == "DEFAULT":
                explanation = ""
            yield Case(
                id, case["host"], case["helo"], case["mailfrom"], allowed, explanation, zones
            )


def _lookup(zones: Zone) -> Lookup:
    """Answers as a resolver would from the suite's zones; SPF entries stand for TXT records."""

    async def ask(name: str, rtype: str, steps: int = 0) -> DnsReply:
        if steps > 8:  # an alias that leads round and round
            return Unreachable("garbled", name)
        if name.startswith("error."):
            return Unreachable("timeout", name)
        records = zones.get(name.lower())
        if records is None:
            return NoSuchName(name)
        found, silent = [], False
        typed = [one for one in records if isinstance(one, dict)]
        as_text = any("TXT" in one for one in typed)
        for record in records:
            if record == "TIMEOUT":
                silent = True
                continue
            [(kind, value)] = record.items()
            if kind == "SPF" and not as_text:
                kind = "TXT"
            if kind == "CNAME" and rtype != "CNAME":
                return await ask(value.rstrip("."), rtype, steps + 1)
            if kind != rtype or value == "NONE":
                continue
            if value == "TIMEOUT":
                return Unreachable("timeout", name)
            found.append(_text(kind, value))
        if found:
            return Answer(name, rtype, tuple(found), 300)
        return Unreachable("timeout", name) if silent else NoData(name, rtype)

    return ask


def _text(kind: str, value: Any) -> str:
    if kind == "TXT":
        joined = value if isinstance(value, str) else "".join(value)
        return joined.encode().decode("utf-8", "replace")
    return f"{value[0]} {value[1]}." if kind == "MX" else str(value)


CASES = tuple(_cases()) if SUITE else ()


def test_the_suite_is_whole() -> None:
    if not SUITE:
        if os.environ.get("LAUNCHREADY_REAL") == "1":
            pytest.fail("LAUNCHREADY_SPF_SUITE names no file: see .ci/run")
        pytest.skip("LAUNCHREADY_SPF_SUITE names no file: see .ci/run")
    assert len(CASES) == 203


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_a_case_of_the_suite(case: Case) -> None:
    judged = await check_host(case.ip, case.sender, case.helo, _lookup(case.zones))
    assert judged.result in case.allowed, judged
    if case.explanation is not None:
        assert judged.explanation == case.explanation
