"""A zone in memory, which is all that the rules know of the DNS: an async callable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from launchready_tui.vocabulary.facts import Answer, DnsReply, NoData, NoSuchName, Unreachable

Records = Mapping[str, str | Sequence[str] | Unreachable]


@dataclass
class Zone:
    """Answers from `"name TYPE"` keys; `CNAME` keys are followed; it notes every question."""

    records: Records = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def __call__(self, name: str, rtype: str) -> DnsReply:
        self.asked.append((name, rtype))
        chain: tuple[str, ...] = ()
        while f"{name} CNAME" in self.records:
            name = str(self.records[f"{name} CNAME"])
            chain = (*chain, name)
        held = self.records.get(f"{name} {rtype}")
        if isinstance(held, Unreachable):
            return held
        if held is None:
            known = any(key.split(" ")[0].endswith(name) for key in self.records)
            return NoData(name, rtype, chain) if known else NoSuchName(name, chain)
        values = (held,) if isinstance(held, str) else tuple(held)
        return Answer(name, rtype, values, 300, chain)


SERVFAIL = Unreachable("servfail")
TIMEOUT = Unreachable("timeout")
