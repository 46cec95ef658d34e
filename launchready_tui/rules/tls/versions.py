"""Which TLS versions an address offers, from its answers to a hello for each (RFC 8996)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from launchready_tui.rules.tls.client_hello import Alert, ServerHello, Version
from launchready_tui.vocabulary.facts import Unreachable

VERSIONS: tuple[Version, ...] = get_args(Version)
OLD: tuple[Version, ...] = ("1.0", "1.1")
GOOD: tuple[Version, ...] = ("1.2", "1.3")

PROTOCOL_VERSION = 70  # the one alert that speaks of the version itself (RFC 8446 6.2)

Said = ServerHello | Alert | Unreachable
Judgement = Literal["good", "old", "none", "unclear", "silent"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one address of a host said to a hello for each version.

    `failure` is set, and `said` empty, where there was nobody to say hello to.
    """

    address: str
    said: Mapping[Version, Said] = field(default_factory=dict)
    failure: Unreachable | None = None

    @property
    def offered(self) -> tuple[Version, ...]:
        """The versions that the server chose, asked for or fallen back to."""
        chosen = {each.version for each in self._hellos()}
        return tuple(version for version in VERSIONS if version in chosen)

    def offers(self, version: Version) -> bool | None:
        """Whether the address offers a version; None when its answer does not tell.

        A cut connection or an alert is a no only where another version works: then it was not the
        network, and our suites and curves were no obstacle either. Alert 70 is a no by itself.
        """
        if version in self.offered:
            return True
        said, works = self.said.get(version), bool(self._hellos())
        match said:
            case ServerHello():
                return False  # it answered in another version
            case Alert(code) if works or code == PROTOCOL_VERSION:
                return False
            case Unreachable("reset") if works:
                return False
        return None

    def _hellos(self) -> tuple[ServerHello, ...]:
        return tuple(each for each in self.said.values() if isinstance(each, ServerHello))


def judge(spoken: Spoken) -> Judgement:
    """What the answers of one address come to.

    "none": neither 1.2 nor 1.3. "old": 1.0 or 1.1 is accepted. "unclear": it speaks TLS, but one
    answer is missing. "silent": it said nothing that would count.
    """
    if all(spoken.offers(version) is False for version in GOOD):
        return "none"
    if any(spoken.offers(version) for version in OLD):
        return "old"
    if all(spoken.offers(version) is not None for version in VERSIONS):
        return "good"
    return "unclear" if spoken.offered else "silent"


def why_not(all_spoken: Iterable[Spoken]) -> Unreachable:
    """The reason for no verdict: the first that is not about this machine's own IPv6."""
    reasons = [reason for spoken in all_spoken for reason in _reasons(spoken)]
    reasons.sort(key=lambda each: each.reason == "no-ipv6")
    return reasons[0]


def _reasons(spoken: Spoken) -> list[Unreachable]:
    if spoken.failure is not None:
        return [spoken.failure]
    unclear = [spoken.said[version] for version in VERSIONS if spoken.offers(version) is None]
    silent = [said for said in unclear if isinstance(said, Unreachable)]
    alerts = [said.code for said in unclear if isinstance(said, Alert)]
    return silent + [Unreachable("garbled", f"TLS alert {code}") for code in alerts]
