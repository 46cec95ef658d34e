"""What a handshake and its certificates say (RFC 5280 section 6, RFC 9525)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from launchready_tui.facts import Unreachable

Cause = Literal["expired", "not-yet-valid", "wrong-name", "self-signed", "unknown-ca"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One certificate. Names are cleaned; times are UTC; `aia` are URLs of its issuer's own."""

    subject: str
    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    self_signed: bool = False
    aia: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The platform's verifier accepts the chain and the name. `chain` begins with the leaf."""

    leaf: Leaf
    chain: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The verifier says no, and why."""

    cause: Cause
    leaf: Leaf
    chain: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Handshake:
    """What one address of a host showed.

    `incomplete` is true when the served chain lacks an intermediate: the result is then that of a
    second look with the issuer's certificate fetched from where the chain's end names it.
    `fetch` says why that certificate could not be had, where it was needed and missing.
    """

    address: str
    result: Accepted | Refused | Unreachable
    incomplete: bool = False
    fetch: Unreachable | None = None
