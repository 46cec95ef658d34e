"""What a leak is: the vocabulary of the secret scanner. No value is ever part of it.

A rule says what a kind of secret looks like; a hit says where one stands in some bytes; a leak is
what may be told of it: the rule, a preview, a keyed fingerprint and the places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# secret: a leak. test: opens a test account only. public: public by design. restrict: public, but
# worth limiting.
Kind = Literal["secret", "test", "public", "restrict"]
# sure: the value gives itself away. review: its neighbourhood does; listed, never blocking.
Confidence = Literal["sure", "review"]
Context = Literal["history", "tree", "bundle"]
CONTEXTS: tuple[Context, ...] = ("history", "tree", "bundle")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of secret. `pattern` is RE2 syntax over bytes (Latin-1) and starts at a literal.

    The secret is the group `value`, or the whole match. `entropy` is the least in bits a byte
    that a value must have; `validator` names a function of `leak_validators`. The texts are
    read by founders: what it is, what somebody could do with it, where and how to replace it.
    """

    id: str
    title: str
    pattern: str
    kind: Kind = "secret"
    confidence: Confidence = "sure"
    contexts: tuple[Context, ...] = CONTEXTS
    entropy: float = 0.0
    validator: str = ""
    what: str = ""
    harm: str = ""
    rotate: str = ""
    steps: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's value at `start` to `end` of the bytes that were scanned."""

    rule: Rule
    start: int
    end: int
