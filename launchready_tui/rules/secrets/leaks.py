"""What a leak is: the vocabulary of the secret scanner. No value is ever part of it.

A rule says what a kind of secret looks like; a hit says where one stands in some bytes; a leak is
what may be told of it: the rule, a preview, a keyed fingerprint and the places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

# secret: a leak. test: opens a test account only. public: public by design. restrict: public, but
# worth limiting.
Kind = Literal["secret", "test", "public", "restrict"]
# sure: the value gives itself away. review: its neighbourhood does; listed, never blocking.
Confidence = Literal["sure", "review"]
Context = Literal["history", "tree", "bundle"]
CONTEXTS: tuple[Context, ...] = ("history", "tree", "bundle")
UNOPENED = "unopened-archive"  # the rule that no pattern finds


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of secret. `pattern` is RE2 syntax over bytes (Latin-1) and starts at a literal;
    a rule without contexts has none, and what it is about is found in another way.

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


Where = Literal["head", "history", "unreachable", "stash", "message", "tree", "archive", "bundle"]
Severity = Literal["critical", "high", "medium", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "info")


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """One place where a value stands. `line` counts from 1; 0, and "", mean not known.

    `commit` brought it in; `date` is that commit's author date (ISO 8601, UTC).
    """

    where: Where
    path: str = ""
    line: int = 0
    commit: str = ""
    object: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Leak:
    """One value, of which only this may be told, and all places where it stands.

    `mark` is its name in the list of values that somebody looked at, "" where there is none.
    """

    rule: Rule
    fingerprint: str
    preview: str
    mark: str = ""
    spots: tuple[Spot, ...] = ()

    @property
    def severity(self) -> Severity:
        """On the live site critical; in reach of a ref high; elsewhere, or a test key, medium."""
        if self.rule.kind in ("public", "restrict"):
            return "info"
        places = {spot.where for spot in self.spots}
        if self.rule.kind == "test" or places <= {"unreachable", "stash"}:
            return "medium"
        return "critical" if "bundle" in places else "high"

    @property
    def blocks(self) -> bool:
        """Whether it is surely a secret that opens something of worth."""
        return self.rule.kind == "secret" and self.rule.confidence == "sure"


_MARK = re.compile(r"(?:[A-Za-z]{2,12}[_-]){1,3}")


def preview(rule: Rule, value: bytes) -> str:
    """How a value may be shown: what all of its kind begin with, and its length.

    No word is shown that the rule's own pattern does not hold.
    """
    known = rule.pattern.replace("\\", "")
    text = value[:16].decode("latin-1")
    words = _MARK.match(text)
    if words and all(word in known for word in re.split("[_-]", words[0]) if word):
        return f"{words[0]}... ({len(value)})"
    sizes = (size for size in range(len(text), 2, -1) if text[:size] in known)
    return f"{text[: next(sizes, 0)]}... ({len(value)})"
