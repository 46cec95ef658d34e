"""Waits that a test can afford. The limits stay the product's own in every other respect."""

from __future__ import annotations

import pytest

from launchready_tui.world import limits


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {
        "DNS_TRY": 1.0,
        "DNS_SEND": 0.5,
        "CONNECT": 1.0,
        "RESPONSE": 1.5,
        "HANDSHAKE": 1.5,
    }.items():
        monkeypatch.setattr(limits, name, seconds)
