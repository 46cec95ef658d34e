"""Whether a signed zone validates: RFC 4035 5, with the DS records of the zone above as anchor.

The records are dnspython's own; nothing is asked here, and the time is passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from launchready_tui.vocabulary.facts import Unreachable

if TYPE_CHECKING:
    from dns.rdtypes.ANY.DS import DS
    from dns.rdtypes.ANY.RRSIG import RRSIG
    from dns.rrset import RRset

MOST = 16  # keys, signatures or anchors that are tried: each try costs time (CVE-2023-50387)
SOON = timedelta(days=3)
EVER = datetime.max.replace(tzinfo=UTC)
TENTH = 10  # of its lifetime: signers renew earlier than that

Kind = Literal["unsigned", "ok", "no-ds", "ends-soon", "expired", "bogus"]
Why = Literal["", "no-signatures", "other-keys", "broken", "resolvers"]


@dataclass(frozen=True, slots=True)
class SignedSet:
    """Records of one name and type, and the signatures that came with them."""

    records: RRset
    signatures: tuple[RRSIG, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A zone's keys, and some of its records, as one server gives them.

    `direct` is false for what a resolver remembers: it may be older, and have no signatures.
    """

    server: str
    keys: SignedSet | None
    sets: tuple[SignedSet, ...]
    direct: bool = True


@dataclass(frozen=True, slots=True)
class Hearing:
    """How one resolver answers about the zone: as it does for everybody, and unchecked (CD=1).

    Each is a reason of `Unreachable`, or empty for an answer. `vouches`: it set AD, so it has
    validated the answer itself.
    """

    server: str
    checked: str
    unchecked: str
    vouches: bool = False

    @property
    def calls_it_bogus(self) -> bool:
        """RFC 4035 5.5: an answer that fails validation is SERVFAIL, unless CD is set."""
        return self.checked == "servfail" and not self.unchecked


@dataclass(frozen=True, slots=True)
class Dnssec:
    """Everything that tells whether a zone validates. `anchors` are its DS records."""

    zone: str
    anchors: tuple[DS, ...]
    has_keys: bool
    copies: tuple[Copy, ...]
    hearings: tuple[Hearing, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a zone's answers; `until` is when the signatures end or ended (UTC)."""

    kind: Kind
    server: str = ""
    until: datetime | None = None
    why: Why = ""


def judge(seen: Dnssec, now: datetime) -> Judgement | Unreachable:
    """Judge a zone by its worst copy; a resolver that calls it bogus has the last word.

    An algorithm that we cannot check is `Unreachable("not-known")`: RFC 4035 5.2 treats such a
    zone as unsigned, and some resolvers do check it.
    """
    accused = _accused(seen.hearings)
    if not seen.anchors:
        if accused:
            return Unreachable("servfail", seen.zone)
        return Judgement("no-ds" if seen.has_keys else "unsigned")
    judged = [one for one in (_copy(each, seen, now) for each in seen.copies) if one is not None]
    vouched = any(each.vouches for each in seen.hearings)
    if vouched and all(isinstance(one, Judgement) and _bare(one) for one in judged):
        return Judgement("ok")  # a network on the way drops EDNS, and the signatures with it
    for kind in ("expired", "bogus"):
        for one in judged:
            if isinstance(one, Judgement) and one.kind == kind:
                return one
    if accused:
        return Judgement("bogus", accused, why="resolvers")
    unclear = next((one for one in judged if isinstance(one, Unreachable)), None)
    if unclear is not None:
        return unclear
    good = [one for one in judged if isinstance(one, Judgement)]
    if good:
        return next((one for one in good if one.kind == "ends-soon"), good[0])
    silent = next((each.unchecked for each in seen.hearings if each.unchecked), "not-known")
    return Unreachable(silent, seen.zone)


def _bare(one: Judgement) -> bool:
    return one.why == "no-signatures"


def _accused(hearings: tuple[Hearing, ...]) -> str:
    """The resolver that calls the zone bogus, where none vouches for it; else empty."""
    if any(each.vouches for each in hearings):
        return ""
    return next((each.server for each in hearings if each.calls_it_bogus), "")


def _copy(copy: Copy, seen: Dnssec, now: datetime) -> Judgement | Unreachable | None:
    """One server's copy. None when a resolver left the signatures out: that proves nothing."""
    sets = (copy.keys, *copy.sets) if copy.keys is not None else copy.sets
    if not copy.direct and not (copy.keys and all(each.signatures for each in sets)):
        return None
    if copy.keys is None:
        return Judgement("bogus", copy.server, why="no-signatures")
    if any(len(each.records) > MOST or len(each.signatures) > MOST for each in sets):
        return Unreachable("too-large", copy.server)
    trusted = _trusted(copy.keys.records, seen)
    if isinstance(trusted, Unreachable):
        return trusted
    if trusted is None:
        return Judgement("bogus", copy.server, why="other-keys") if copy.direct else None
    checked = [_checked(copy.keys, trusted, now)]
    checked += [_checked(each, copy.keys.records, now) for each in copy.sets]
    return _worst(checked, copy, now)


@dataclass(frozen=True, slots=True)
class _Checked:
    """One record set: how its best signature fared, with its dates."""

    state: Literal["valid", "expired", "unsupported", "unsigned", "broken"]
    starts: datetime = EVER
    until: datetime = EVER
    remembered: timedelta = timedelta()


def _worst(checked: list[_Checked], copy: Copy, now: datetime) -> Judgement | Unreachable | None:
    for one in checked:
        if one.state == "expired":
            # A resolver may remember records for their TTL after their signature ended.
            old = copy.direct or now - one.until > one.remembered
            return Judgement("expired", copy.server, one.until) if old else None
    if any(one.state == "unsupported" for one in checked):
        return Unreachable("not-known", f"{copy.server}: an algorithm that we cannot check")
    for one in checked:
        if one.state in ("unsigned", "broken"):
            why: Why = "no-signatures" if one.state == "unsigned" else "broken"
            return Judgement("bogus", copy.server, why=why)
    first = min(checked, key=lambda one: one.until)
    left = first.until - now
    soon = left < SOON and left < (first.until - first.starts) / TENTH
    return Judgement("ends-soon" if soon else "ok", copy.server, first.until)


def _trusted(keys: RRset, seen: Dnssec) -> RRset | Unreachable | None:
    """The keys that the DS records vouch for (RFC 4035 5.2); None when there is none."""
    import dns.dnssec
    import dns.exception
    import dns.rrset

    found, understood = [], False
    for anchor in seen.anchors[:MOST]:
        for key in keys:
            if key.algorithm != anchor.algorithm:
                continue
            try:
                made = dns.dnssec.make_ds(keys.name, key, anchor.digest_type, validating=True)
            except (dns.exception.DNSException, ValueError):
                continue  # a digest that nobody here knows
            understood = True
            if made == anchor:
                found.append(key)
    if found:
        return dns.rrset.from_rdata_list(keys.name, keys.ttl, found)
    if not understood and any(key.algorithm == seen.anchors[0].algorithm for key in keys):
        return Unreachable("not-known", f"{seen.zone}: a DS record that we cannot check")
    return None


def _checked(signed: SignedSet, keys: RRset, now: datetime) -> _Checked:
    """The best that any signature over these records shows."""
    order = ("valid", "expired", "unsupported", "broken")
    tried = [_try(signed, signature, keys, now) for signature in signed.signatures]
    if not tried:
        return _Checked("unsigned")
    best = min(order.index(each.state) for each in tried)
    alike = [each for each in tried if each.state == order[best]]
    return max(alike, key=lambda each: each.until)


def _try(signed: SignedSet, signature: RRSIG, keys: RRset, now: datetime) -> _Checked:
    """One signature: valid today, or valid until it ended, or neither (RFC 4035 5.3)."""
    import dns.dnssec
    import dns.exception
    from cryptography.exceptions import UnsupportedAlgorithm

    starts, until = (
        datetime.fromtimestamp(moment, UTC)
        for moment in (signature.inception, signature.expiration)
    )
    ended = until < now
    try:
        dns.dnssec.validate_rrsig(
            signed.records,
            signature,
            {keys.name: keys.to_rdataset()},
            now=float(signature.expiration) if ended else now.timestamp(),
            policy=dns.dnssec.allow_all_policy,  # an old algorithm is weak, not bogus
        )
    except (dns.exception.UnsupportedAlgorithm, UnsupportedAlgorithm):
        return _Checked("unsupported")
    except (dns.exception.ValidationFailure, ValueError, KeyError):
        return _Checked("broken")
    lasts = timedelta(seconds=signature.original_ttl)
    return _Checked("expired" if ended else "valid", starts, until, lasts)
