"""How much an audit has asked of others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Asked:
    """How much went out through the door so far. `hosts` counts the requests to each web host."""

    dns: int = 0
    http: int = 0
    tls: int = 0
    hosts: Counter[str] = field(default_factory=Counter)
