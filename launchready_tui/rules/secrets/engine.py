"""Finds secrets in bytes: one pass of all rules at once, then a second look at what they hit.

google-re2 looks for all patterns in one pass over the bytes, without backtracking. That pass is
a sieve: its repeats are loosened, because counting costs states, and it only says which rules may
hit. Those rules then look for their places, and entropy and validator decide.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

import re2

from launchready_tui.rules.secrets.leaks import Context, Hit, Rule
from launchready_tui.rules.secrets.unpacking import BASE64_TEXT
from launchready_tui.rules.secrets.validators import (
    AROUND,
    VALIDATORS,
    Validator,
    entropy,
    not_placeholder,
)

SET_MEMORY = 512 << 20  # bytes at most for the states of one pass; RE2 starts anew beyond it
MOST = 10_000  # hits of one rule in one object: more are one finding all the same

_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_RIGHT = _WORD - {ord("_")}
_HEX = frozenset(b"0123456789ABCDEFabcdef")


class PatternError(ValueError):
    """A rule's pattern is not one that RE2 can run, or it has a group beside `value`."""


_REPEAT = re.compile(r"(?<!\\)\{(\d+)(?:(,)(\d*))?\}")
_COUNTED = 6  # repeats that the sieve still counts
_COUNTED_NEAR = 16  # those of a value that is found by its neighbours: few places get so far
_FEW = 3  # a repeat of so few is kept as it is


def loosened(pattern: str) -> str:
    """A pattern that finds something wherever `pattern` does, and elsewhere, with few states.

    Longer repeats are counted to a few and then go on without an end; a repeat at the very end
    of a pattern stops instead, or is left out where it may be empty.
    """
    value = pattern.find("(?P<value>")

    def looser(repeat: re.Match[str]) -> str:
        least = int(repeat[1])
        most = repeat[1] if repeat[2] is None else repeat[3]
        if most and int(most) <= _FEW:
            return repeat[0]
        if least < 2:
            return "+" if least else "*"
        counted = _COUNTED_NEAR if 0 <= value < repeat.start() else _COUNTED
        return f"{{{min(least, counted)},}}"

    loose = _EMPTY_END.sub("", _REPEAT.sub(looser, pattern))
    return _OPEN_END.sub(r"{\1}\2", loose)


_EMPTY_END = re.compile(r"(?:=\{0,2\}|\[[^\[\]]+\]\*|\(\?:\[\^-\]\|-\[\^-\]\)\*)+$")
_OPEN_END = re.compile(r"\{(\d+),\}(\)?)$")


def _options(*, captures: bool) -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = not captures
    options.log_errors = False
    options.max_mem = 16 << 20 if captures else SET_MEMORY
    return options


class _Compiled:
    """One rule, its pattern compiled when it is first needed."""

    def __init__(self, rule: Rule, order: int) -> None:
        self.rule = rule
        # The more certain wins, then the rule that may be trusted in more places.
        self.rank = (rule.confidence != "sure", -len(rule.contexts))
        self.order = order
        self._check: Validator = VALIDATORS.get(rule.validator, not_placeholder)

    @cached_property
    def _pattern(self) -> tuple[re2._Regexp, int]:
        """The pattern, and the number of the group that holds the value."""
        try:
            pattern = re2.compile(self.rule.pattern.encode("latin-1"), _options(captures=True))
        except (re2.error, UnicodeEncodeError) as error:
            raise PatternError(f"{self.rule.id}: {error}") from error
        groups = pattern.groupindex
        if pattern.groups > 1 or set(groups) - {b"value"} or pattern.groups != len(groups):
            raise PatternError(f"{self.rule.id}: the only group may be (?P<value>...)")
        return pattern, groups.get(b"value", 0)

    def hits(self, data: bytes) -> Iterator[Hit]:
        pattern, group = self._pattern
        found = 0
        for match in pattern.finditer(data):
            start, end = match.span(group)
            if self._real(data, start, end, start == match.start()):
                yield Hit(self.rule, start, end)
                found += 1
                if found == MOST:
                    return

    def _real(self, data: bytes, start: int, end: int, whole: bool) -> bool:
        if start >= end or (end < len(data) and data[end] in _RIGHT and data[end - 1] in _RIGHT):
            return False
        if whole and _inside_word(data, start):
            return False
        value = data[start:end]
        if not not_placeholder(value[:4096]) and self.rule.validator not in _JUDGES_STAND_INS:
            return False
        if self.rule.entropy and entropy(value[:4096]) < self.rule.entropy:
            return False
        return self._check(value, data[max(start - AROUND, 0) : start], data[end : end + AROUND])


# These validators know stand-ins of their own, or the value is no key but a text of some length.
_JUDGES_STAND_INS = frozenset(
    {
        "basic_password",
        "jwt_any",
        "jwt_anon",
        "jwt_role",
        "pem_body",
        "pem_encrypted",
        "pem_in_base64",
        "url_password",
    }
)


def _inside_word(data: bytes, start: int) -> bool:
    """Whether a value goes on a longer word to its left. The letters of an escape are none:
    `\\nsk_live_`, `%3Dsk_live_`, `\\u0022sk_live_`."""
    if not start or data[start] not in _WORD or data[start - 1] not in _WORD:
        return False
    before = data[max(start - 6, 0) : start]
    if before[-2:-1] == b"\\" and before[-1:] in (b"n", b"r", b"t", b"b", b"f"):
        return False
    if before[-3:-2] == b"%" and before[-1] in _HEX and before[-2] in _HEX:
        return False
    return not (len(before) == 6 and before[:2] == b"\\u" and all(b in _HEX for b in before[2:]))


class Engine:
    """All rules, ready to look at bytes. Compiled once, when they are first needed; threads may
    share one, and RE2 lets other threads run meanwhile."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(_Compiled(rule, order) for order, rule in enumerate(rules))
        self._sets: dict[Context, tuple[re2.Set, tuple[_Compiled, ...]]] = {}
        self._making = threading.Lock()

    def rule(self, id: str) -> Rule | None:
        """The rule of this id."""
        return next((each.rule for each in self._rules if each.rule.id == id), None)

    def hits(self, data: bytes, context: Context) -> list[Hit]:
        """The values in `data`, in their order; no two overlap.

        Of two rules for one place the more certain one wins, then the one that is good in more
        contexts, then the longer value, then the earlier rule. Raises PatternError for a rule
        that RE2 cannot run.
        """
        return self.look(data, context)[0]

    def look(self, data: bytes, context: Context) -> tuple[list[Hit], bool]:
        """The same, and for a history whether base 64 that stands for text may be in `data`:
        asked along with the rules, it takes no pass of its own."""
        passed, rules = self._set(context)
        which = passed.Match(data) or ()
        found = [
            (rule.rank, hit.start - hit.end, rule.order, hit)
            for rule in (rules[number] for number in which if number < len(rules))
            for hit in rule.hits(data)
        ]
        hits = _resolved([entry[3] for entry in sorted(found, key=lambda entry: entry[:3])])
        return hits, len(rules) in which

    def _set(self, context: Context) -> tuple[re2.Set, tuple[_Compiled, ...]]:
        with self._making:  # compiled by the first thread that asks; the others wait for it
            if context not in self._sets:
                self._sets[context] = self._compiled(context)
            return self._sets[context]

    def _compiled(self, context: Context) -> tuple[re2.Set, tuple[_Compiled, ...]]:
        rules = tuple(rule for rule in self._rules if context in rule.rule.contexts)
        passed = re2.Set.SearchSet(_options(captures=False))
        for rule in rules:
            try:
                passed.Add(loosened(rule.rule.pattern).encode("latin-1"))
            except (re2.error, UnicodeEncodeError) as error:
                raise PatternError(f"{rule.rule.id}: {error}") from error
        if context == "history":
            passed.Add(BASE64_TEXT)
        passed.Compile()
        return passed, rules


def _resolved(ranked: list[Hit]) -> list[Hit]:
    """The best hits that do not overlap, in the order of their places."""
    kept: list[Hit] = []
    starts: list[int] = []
    for hit in ranked:
        place = bisect_left(starts, hit.start)
        if place and kept[place - 1].end > hit.start:
            continue
        if place < len(kept) and kept[place].start < hit.end:
            continue
        kept.insert(place, hit)
        starts.insert(place, hit.start)
    return kept
