"""Whether a zone is delegated as it should be: RFC 1034 4.2.2, RFC 1912 2.8, RFC 2182 5."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.silence import in_words

State = Literal["answers", "lame", "silent", "unasked"]
Fault = Literal["lame", "silent-server", "sets-differ", "single", "serials-differ"]


@dataclass(frozen=True, slots=True)
class Server:
    """One address of a name server, and how it answered for the zone, asked directly.

    "lame" is an answer that shows that it does not serve the zone: REFUSED, SERVFAIL, or one
    without authority (no AA); `reason` is "refused", "servfail" or "no-authority" then. "silent"
    is no answer, for the `reason` of an `Unreachable`; "unasked" is a server whose address nobody
    gave us. `address` is empty for a name without one.
    `names` are the zone's NS names as this server gives them, `serial` is that of its SOA.
    """

    name: str
    address: str
    state: State
    reason: str = ""
    serial: int | None = None
    names: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Delegation:
    """A zone's delegation: the NS names that the zone above gives, and every server's answer.

    `above` is the zone above; `parent` are its NS names for this one.
    """

    zone: str
    above: str
    parent: frozenset[str]
    servers: tuple[Server, ...]

    @property
    def child(self) -> frozenset[str]:
        """The NS names that the zone's own servers give; empty when none of them does."""
        return frozenset().union(*(server.names for server in self.servers))

    @property
    def answering(self) -> tuple[Server, ...]:
        """The servers that answer for the zone."""
        return tuple(server for server in self.servers if server.state == "answers")


@dataclass(frozen=True, slots=True)
class NoCut:
    """No delegation here: the zone above (`above`) answers for the name itself.

    `exists` is false when it says that there is no such name (NXDOMAIN).
    """

    zone: str
    above: str
    exists: bool


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a delegation, worst first, and the name servers that it is about."""

    kind: Fault
    servers: tuple[str, ...]


def judge(delegation: Delegation) -> Flaw | Unreachable | None:
    """The worst flaw of a delegation; None when it is in order.

    A lame server is one even where all are: the zone above named it, and it said no. Without one
    answer of any kind we know nothing: `Unreachable`, for the reason of the first.
    """
    lame = _in_state(delegation, "lame")
    if lame:
        return Flaw("lame", lame)
    silent = _in_state(delegation, "silent")
    if not delegation.answering:
        reasons = (server.reason for server in delegation.servers if server.reason)
        return Unreachable(next(reasons, "no-address"), ", ".join(silent))
    if silent:
        return Flaw("silent-server", silent)
    for server in delegation.servers:
        if server.state == "unasked":
            return Unreachable(server.reason, server.name)
    odd = delegation.parent ^ delegation.child
    if odd and delegation.child:
        return Flaw("sets-differ", tuple(sorted(odd)))
    if len(delegation.parent | delegation.child) < 2:
        return Flaw("single", tuple(sorted(delegation.parent)))
    if len({server.serial for server in delegation.answering} - {None}) > 1:
        return Flaw("serials-differ", _in_state(delegation, "answers"))
    return None


def _in_state(delegation: Delegation, state: State) -> tuple[str, ...]:
    return _unique(server.name for server in delegation.servers if server.state == state)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def say(server: Server) -> str:
    """One server's answer as a line of evidence."""
    if server.state == "answers":
        return f"answers, serial {server.serial}" if server.serial is not None else "answers"
    if server.state in ("silent", "unasked"):
        return in_words(server.reason)
    words = {
        "refused": "refuses to answer for this domain (REFUSED)",
        "servfail": "reports a fault of its own (SERVFAIL)",
        "no-authority": "answers, but not as one of its name servers (no AA)",
    }
    return words.get(server.reason, server.reason)
