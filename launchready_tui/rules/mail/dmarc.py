"""What to do with mail that fails, and who is told: DMARC (RFC 9989 of 2026, after RFC 7489).

`discover` finds the record that counts for a domain by the tree walk, `unauthorised` asks
whether the hosts that are to get reports have agreed to it (RFC 9990 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from launchready_tui.rules.mail.tag_list import parse as parse_tags
from launchready_tui.vocabulary.facts import Answer, DnsReply, Lookup, Unreachable, ask_all

WALK_LABELS = 7  # longer names are cut to this many after the first question: RFC 9989 4.10
RECORD_LIMIT = 20_000  # characters of a record that are read
REPORT_HOSTS = 8  # hosts of "rua" that are asked whether they agreed

_STRENGTH = {"none": 0, "quarantine": 1, "reject": 2}
_OLD_TAGS = ("pct", "rf", "ri")  # gone since RFC 9989
_ADDRESS = re.compile(
    r"mailto:[^@\s,!?]+@((?:[a-z0-9_\-]{1,63}\.)+[a-z0-9\-]{1,63})\.?(?:\?[^!]*)?(?:![0-9]+[kmgt]?)?\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Record:
    """One DMARC record: RFC 9989 4.7. Values in lower case, "" where a tag is not there.

    `rua` holds the hosts of the mailto addresses that reports go to. A size limit behind an
    address (RFC 7489 6.3) is allowed and no longer counts. `doubled` names tags that stand twice.
    """

    text: str
    tags: Mapping[str, str]
    rua: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()

    def value(self, tag: str) -> str:
        """The value of a tag in lower case, "" where it is not there."""
        return self.tags.get(tag, "").lower()

    @property
    def broken(self) -> str:
        """The first policy tag that no receiver can read, as written; "" when all are fine."""
        for tag in ("p", "sp", "np"):
            wrong = self.value(tag) not in _STRENGTH or tag in self.doubled
            if tag in self.tags and wrong:
                return f"{tag}={self.tags[tag]}"
        return ""

    @property
    def policy(self) -> str:
        """What `p` comes to (RFC 9989 4.10.1); "" when receivers ignore the record.

        A policy that is missing or misspelt acts as none where reports are wanted.
        """
        if "p" in self.tags and not self.broken:
            return self.value("p")
        return "none" if self.rua else ""

    @property
    def testing(self) -> bool:
        """Whether the policy is only tried out: `t=y` (RFC 9989 4.7)."""
        return self.value("t") == "y"

    @property
    def old_tags(self) -> tuple[str, ...]:
        """The tags that RFC 9989 took away, as they stand in the record."""
        return tuple(f"{tag}={self.tags[tag]}" for tag in _OLD_TAGS if tag in self.tags)

    def weaker(self) -> tuple[str, ...]:
        """`sp` and `np`, as written, where they ask for less than `p` does."""
        least = _STRENGTH.get(self.policy, 0)
        return tuple(
            f"{tag}={self.value(tag)}"
            for tag in ("sp", "np")
            if _STRENGTH.get(self.value(tag), least) < least
        )


@dataclass(frozen=True, slots=True)
class Walk:
    """The records on the way from a domain up to the root: RFC 9989 4.10.

    `records` pairs names with the one record found there, from the domain up. `several` counts
    the records of names that have more (all of them are discarded), `near` holds a text meant as
    a record that nobody takes for one.
    """

    domain: str
    records: tuple[tuple[str, Record], ...] = ()
    several: Mapping[str, int] = field(default_factory=dict)
    near: str = ""
    unanswered: tuple[tuple[str, Unreachable], ...] = ()

    def at(self, name: str) -> Record | None:
        """The record at this name, if there is one."""
        return next((record for found, record in self.records if found == name), None)

    @property
    def organisation(self) -> str:
        """The organisational domain (RFC 9989 4.10.2)."""
        for name, record in self.records:
            if record.value("psd") == "n":
                return name
            if record.value("psd") == "y" and name != self.domain:
                below = len(name.split(".")) + 1
                return ".".join(self.domain.split(".")[-below:])
        return self.records[-1][0] if self.records else self.domain

    @property
    def place(self) -> str:
        """The name whose record counts for the domain (RFC 9989 4.10.1), or ""."""
        top = self.records[-1][0] if self.records else ""
        places = (self.domain, self.organisation, top)
        return next((name for name in places if self.at(name)), "")

    @property
    def record(self) -> Record | None:
        """The record that counts for the domain (RFC 9989 4.10.1), if there is one."""
        return self.at(self.place)

    @property
    def policy(self) -> str:
        """What is asked for mail from the domain; "" when the record is of no use."""
        record = self.record
        if record is None or not record.policy or self.place == self.domain:
            return record.policy if record else ""
        inherited = record.value("sp")
        return inherited if inherited in _STRENGTH and not record.broken else record.policy

    @property
    def doubt(self) -> tuple[str, Unreachable] | None:
        """The silence that keeps us from telling whether there is a record.

        A silent top-level domain is none: what could stand there is its registry's policy, and
        the founder's own names have answered.
        """
        for name, silence in self.unanswered:
            if name == self.domain or (not self.records and "." in name):
                return name, silence
        return None


def walk_names(domain: str) -> tuple[str, ...]:
    """The domain and the names above it that are asked, at most eight: RFC 9989 4.10."""
    labels = domain.split(".")
    above = labels[1:] if len(labels) <= WALK_LABELS else labels[-WALK_LABELS:]
    return (domain, *(".".join(above[at:]) for at in range(len(above))))


def parse(text: str) -> Record | None:
    """Read a TXT record, or None when it is no DMARC record: RFC 9989 4.7 and 4.8.

    The version comes first and in exactly these letters. Parts that cannot be read are ignored.
    """
    name, _, version = text.partition(";")[0].partition("=")
    if name.strip().lower() != "v" or version.strip() != "DMARC1":
        return None
    found = parse_tags(text[:RECORD_LIMIT])
    uris = (_ADDRESS.match(uri.strip()) for uri in found.get("rua").split(","))
    hosts = dict.fromkeys(uri[1].lower() for uri in uris if uri)
    return Record(text[:RECORD_LIMIT], found.tags, tuple(hosts), found.doubled)


def nearly_dmarc(text: str) -> bool:
    """Whether a text was meant as a DMARC record that no receiver takes for one."""
    start = re.sub(r"[\W_]", "", text[:24].lower())
    return start.startswith(("vdmarc", "dmarc1", "pnone", "pquarantine", "preject"))


async def discover(domain: str, lookup: Lookup) -> Walk:
    """Walk up the tree from `domain`. All names are asked at once, so it costs one round trip."""
    names = walk_names(domain)
    replies = await ask_all(lookup, [(f"_dmarc.{name}", "TXT") for name in names])
    return _walk(domain, zip(names, replies, strict=True))


def _walk(domain: str, replies: Iterable[tuple[str, DnsReply]]) -> Walk:
    records: list[tuple[str, Record]] = []
    several: dict[str, int] = {}
    unanswered: list[tuple[str, Unreachable]] = []
    near = ""
    for name, reply in replies:
        if isinstance(reply, Unreachable):
            unanswered.append((name, reply))
            continue
        found = _records(reply)
        if name == domain and not found and isinstance(reply, Answer):
            near = next((text for text in reply.records if nearly_dmarc(text)), "")
        if len(found) > 1:
            several[name] = len(found)
        elif found:
            records.append((name, found[0]))
            if found[0].value("psd") in ("y", "n"):  # the walk ends here
                break
    return Walk(domain, tuple(records), several, near, tuple(unanswered))


def _records(reply: DnsReply) -> list[Record]:
    texts: Iterable[str] = reply.records if isinstance(reply, Answer) else ()
    return [record for record in map(parse, texts) if record]


@dataclass(frozen=True, slots=True)
class Reports:
    """Hosts outside the organisation that get reports: the ones that did not agree to it.

    `unanswered` pairs those that could not be asked with the reason.
    """

    denied: tuple[str, ...] = ()
    unanswered: tuple[tuple[str, Unreachable], ...] = ()


async def unauthorised(walk: Walk, lookup: Lookup) -> Reports:
    """Ask the hosts in `rua` whether they take reports about this domain: RFC 9990 4.

    Only hosts of another organisational domain have to say so, in a TXT record at
    `<domain>._report._dmarc.<host>`. All questions go out at once.
    """
    record = walk.record
    hosts = [host for host in (record.rua if record else ()) if host != walk.place][:REPORT_HOSTS]
    names = [(host, f"{walk.place}._report._dmarc.{host}") for host in hosts]
    names += [(host, f"_dmarc.{name}") for host in hosts for name in walk_names(host)]
    replies = await ask_all(lookup, [(name, "TXT") for _, name in names])
    agreements, walks = replies[: len(hosts)], iter(replies[len(hosts) :])
    denied: list[str] = []
    unanswered: list[tuple[str, Unreachable]] = []
    for host, agreement in zip(hosts, agreements, strict=True):
        own = _walk(host, [(name, next(walks)) for name in walk_names(host)])
        if own.organisation == walk.organisation or _records(agreement):
            continue
        silence = agreement if isinstance(agreement, Unreachable) else None
        if silence is None and own.doubt and f".{host}".endswith(f".{walk.organisation}"):
            silence = own.doubt[1]  # our own by its name, but its walk was cut short
        if silence:
            unanswered.append((host, silence))
        else:
            denied.append(host)
    return Reports(tuple(denied), tuple(unanswered))
