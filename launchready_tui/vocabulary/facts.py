"""The facts that come in through the world, as types. "No" and "no answer" are different types.

Nobody can mistake a missing record for a question that went unanswered: `NoSuchName` and
`NoData` are answers of a server, `Unreachable` says that there was none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """Records of one name and type, in presentation format (RFC 1035 5.1), cleaned and sorted.

    TXT records are the joined character-strings without quotes. `chain` holds the CNAME targets
    that were followed, in order; `ttl` is the smallest, in seconds.
    """

    name: str
    rtype: str
    records: tuple[str, ...]
    ttl: int
    chain: tuple[str, ...] = ()
    server: str = ""


@dataclass(frozen=True, slots=True)
class NoSuchName:
    """NXDOMAIN from a server that answered (RFC 2308 2.1); `chain` ends at the name gone."""

    name: str
    chain: tuple[str, ...] = ()
    server: str = ""


@dataclass(frozen=True, slots=True)
class NoData:
    """The name exists, but has no record of this type (RFC 2308 2.2)."""

    name: str
    rtype: str
    chain: tuple[str, ...] = ()
    server: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """We could not ask, or got no usable answer. `reason` is one of `checks.UNKNOWN_REASONS`.

    `by_edge` says that Cloudflare will choose the answer, so that nobody knows it before.
    """

    reason: str
    detail: str = ""
    by_edge: bool = False


DnsReply = Answer | NoSuchName | NoData | Unreachable
Lookup = Callable[[str, str], Awaitable[DnsReply]]


async def ask_all(lookup: Lookup, questions: Iterable[tuple[str, str]]) -> tuple[DnsReply, ...]:
    """Ask every (name, type) at once, so that they cost one round trip; replies in their order."""
    from asyncio import gather

    return tuple(await gather(*(lookup(name, rtype) for name, rtype in questions)))


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer, redirects not followed. Headers and body are raw: clean before showing.

    `size` is the length of the body in bytes as it came over the wire, also where only its start
    was kept (`truncated`); it is at least so much where reading stopped before the end.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    address: str
    at: datetime
    truncated: bool = False
    seconds: float = 0.0
    size: int = 0

    def header(self, name: str) -> str:
        """The first header of this name (any case), or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")
