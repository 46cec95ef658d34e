"""`tls.versions` and `tls.key` on nginx as on the lab: old versions, weak keys, old signatures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Certificate, Endpoint, Scenario, TlsVersion
from launchready_tui.vocabulary.findings import Verdict
from tests.real.servers import real_servers
from tests.scenarios import Said, findings, said

pytestmark = pytest.mark.real

APP, DOCS = f"app.{DOMAIN}", f"docs.{DOMAIN}"
SHOWN = {
    "RSA 1024": (Certificate((APP,), key="rsa-1024"), (Verdict.FAIL, "short-key")),
    "RSA 2048": (Certificate((APP,), key="rsa-2048"), (Verdict.PASS, "ok")),
    "Ed25519": (Certificate((APP,), key="ed25519"), (Verdict.PASS, "ok")),
    "SHA-1": (Certificate((APP,), sha1=True), (Verdict.FAIL, "old-signature")),
}
OFFERED: dict[tuple[TlsVersion, ...], Said] = {
    ("1.0",): (Verdict.FAIL, "none"),
    ("1.0", "1.1"): (Verdict.FAIL, "none"),
    ("1.1", "1.2"): (Verdict.WARN, "old"),
    ("1.2",): (Verdict.PASS, "ok"),
    ("1.3",): (Verdict.PASS, "ok"),
}


async def both(scenario: Scenario, check: str, host: str, folder: Path) -> tuple[Said, Said]:
    """What the check says of the host on nginx, and what on the lab."""
    async with real_servers(scenario, folder) as options:
        real = said(await findings(options))
    async with Lab(scenario) as lab:
        played = said(await findings(lab.options))
    return real[check, host], played[check, host]


@pytest.mark.parametrize("name", SHOWN)
async def test_a_key_is_judged_as_it_is_served(name: str, tmp_path: Path) -> None:
    certificate, expected = SHOWN[name]
    world = healthy()
    world = world.with_site(replace(world.site(APP), certificate=certificate))
    assert await both(world, "tls.key", APP, tmp_path) == (expected, expected)


@pytest.mark.parametrize("versions", OFFERED, ids="-".join)
async def test_versions_are_seen_as_they_are_offered(
    versions: tuple[TlsVersion, ...], tmp_path: Path
) -> None:
    world = healthy().with_endpoint(Endpoint("192.0.2.50", versions=versions))
    expected = OFFERED[versions]
    assert await both(world, "tls.versions", DOCS, tmp_path) == (expected, expected)
