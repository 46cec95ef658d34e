"""Measures what a founder reads: grade, length of sentences, forbidden words, jargon.

Flesch-Kincaid grade (Kincaid and others, 1975): 0.39 words per sentence + 11.8 syllables per
word - 15.59. Words that nobody reads aloud or that the glossary explains (code, addresses, host
names, `{places}`, terms) count as one word of one syllable each, so that the grade judges our
sentences and not the names of things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from launchready_tui.content.checklist import Term

GRADE = 8.0  # at most, Flesch-Kincaid
MEAN = 15.0  # words a sentence on average, at most
LONGEST = 25  # words in any sentence, at most
ENOUGH = 3  # sentences; a grade of less text says more about one long word than about the text

FORBIDDEN = (
    "simply",
    "just",
    "please ensure",
    "misconfigured",
    "invalid",
    "best practice",
    "best practices",
    "robust",
    "leverage",
)

# Capitals that need no explaining: units, what Gmail prints, and a company's name.
PLAIN_CAPITALS = frozenset({"OK", "KB", "MB", "GB", "PASS", "NS1"})

# Technical words that a founder can't be expected to know: each has a place in the glossary.
# An entry also matches its plural. Words in capitals (DNS, SPF) are found by their shape.
JARGON = (
    "alias",
    "async",
    "authentication",
    "backend",
    "bandwidth",
    "bare domain",
    "branch",
    "build",
    "bundle",
    "cache",
    "cached",
    "caching",
    "canonical",
    "certificate",
    "chain",
    "cluster",
    "commit",
    "compression",
    "connection pool",
    "container",
    "cookie",
    "credential",
    "cron",
    "database",
    "deploy",
    "deployment",
    "developer tools",
    "edge",
    "encrypted",
    "encryption",
    "endpoint",
    "environment",
    "environment variable",
    "framework",
    "frontend",
    "handshake",
    "hash",
    "header",
    "hop",
    "host",
    "hostname",
    "http",
    "https",
    "idempotent",
    "index",
    "intermediate",
    "intermediate certificate",
    "job runner",
    "Kubernetes",
    "latency",
    "load balancer",
    "localhost",
    "log",
    "lookup",
    "microservice",
    "middleware",
    "migration",
    "monitor",
    "ms",
    "name server",
    "nameserver",
    "namespace",
    "origin",
    "p50",
    "p95",
    "payload",
    "percentile",
    "pipeline",
    "placeholder page",
    "preview",
    "production",
    "propagation",
    "protocol",
    "proxied",
    "proxy",
    "purge",
    "query",
    "queue",
    "rate limit",
    "rate limiter",
    "read replica",
    "record",
    "redirect",
    "registrar",
    "repository",
    "request",
    "request id",
    "resolver",
    "return path",
    "rollback",
    "route",
    "runtime",
    "schema",
    "script",
    "second factor",
    "recovery code",
    "secret",
    "selector",
    "self-signed",
    "server",
    "session",
    "sharding",
    "shell",
    "source map",
    "stack trace",
    "staging",
    "status code",
    "subdomain",
    "syntax",
    "terminal",
    "throttling",
    "token",
    "trace id",
    "upstream",
    "vault",
    "webhook",
    "wildcard",
    "zone",
)

_UNREAD = re.compile(
    r"`[^`]*`"  # code
    r"|https?://\S*[\w/]"  # addresses
    r"|\{[a-z_0-9]+\}"  # places for facts
    r"|@?[\w-]+(?:\.[\w-]+)*\.[A-Za-z][\w-]+"  # host names, file names, email domains
    r"|[\w.+-]+@[\w.-]+\w"
)
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
_END = re.compile(r"(?<=[.!?])[\"”')]*\s+|\n+")
_CAPITALS = re.compile(r"(?<![\w-])[A-Z]{2,}[0-9]*(?=s?(?![\w]))")
_VOWELS = re.compile(r"[aeiouyäöü]+")

# Words that the rules below get wrong.
_SYLLABLES = {
    "anyone": 3,
    "area": 3,
    "business": 2,
    "couldn't": 2,
    "create": 2,
    "created": 3,
    "didn't": 2,
    "doesn't": 2,
    "earlier": 3,
    "easier": 3,
    "elsewhere": 2,
    "evening": 2,
    "every": 2,
    "everything": 3,
    "everywhere": 3,
    "firewall": 2,
    "framework": 2,
    "frameworks": 2,
    "hasn't": 2,
    "gmail": 2,
    "homemade": 2,
    "idea": 3,
    "isn't": 2,
    "maybe": 2,
    "medium": 3,
    "rely": 2,
    "science": 2,
    "shouldn't": 2,
    "somebody": 3,
    "someone": 2,
    "something": 2,
    "sometimes": 2,
    "somewhere": 2,
    "styles": 1,
    "wasn't": 2,
    "whoever": 3,
    "wouldn't": 2,
}


def syllables(word: str) -> int:
    """How many syllables a word is spoken with: groups of vowels, less the silent ones."""
    word = re.sub(r"'(s|re|ll|ve|d|m)$", "", word.lower().replace("’", "'"))
    if word in _SYLLABLES:
        return _SYLLABLES[word]
    count = len(_VOWELS.findall(word))
    if re.search(r"[^aeiouyl]e$", word) or re.search(r"[aeiouy]le$", word):
        count -= 1  # the e of "make" and "while", not that of "people"
    if re.search(r"[^aeioutd]ed$", word):
        count -= 1  # "opened", not "wanted"
    if re.search(r"[^aeiouscxzg]es$", word) and not re.search(r"[sc]hes$|[^aeiou]les$", word):
        count -= 1  # "makes", not "passes", "changes" or "tables"
    if re.search(r"[^aeiouy](ely|eless|eful|ement|ements)$", word):
        count -= 1  # "safely", "useless"
    # Neighbours that are spoken apart: "idea", "via", "area", "quiet", "being", "video".
    count += len(re.findall(r"(?<![ct])ia(?!ge)|(?<![ctgs])io(?!us)|[^q]ua(?=[lt])|ie(?=t)", word))
    count += len(re.findall(r"[aeou]ing$|ying$|eo(?!ple|us)", word))
    return max(1, count)


def spellings(glossary: Mapping[str, Term]) -> tuple[str, ...]:
    """Every way in which the glossary's terms are written, the longest first."""
    written = {way for key, term in glossary.items() for way in (key, *term.also)}
    return tuple(sorted(written, key=lambda way: (-len(way), way)))


@cache
def _pattern(ways: tuple[str, ...]) -> re.Pattern[str]:
    """Finds any of the ways as whole words. Terms with capitals are found in that spelling only."""
    parts = []
    for way in ways:
        escaped = re.escape(way)
        parts.append(escaped if way != way.lower() else f"(?i:{escaped})")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)")


def readable(text: str) -> str:
    """The text without what nobody reads aloud: code, addresses, places become one short word."""
    return _UNREAD.sub("it", text)


def sentences(text: str) -> tuple[str, ...]:
    """A text's sentences. A line end ends one; a colon does not."""
    return tuple(part.strip() for part in _END.split(text) if _WORD.search(part))


def join(parts: Iterable[str]) -> str:
    """Texts of one item as one text: each part ends a sentence, whatever sign is missing."""
    return "\n".join(part.strip() for part in parts if part.strip())


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text measures: Flesch-Kincaid grade, words a sentence, the longest sentence."""

    count: int
    grade: float
    mean: float
    longest: int
    longest_sentence: str


def measure(text: str, terms: tuple[str, ...] = ()) -> Measure:
    """Measure a text of at least one word. `terms` count as one short word each."""
    parts = sentences(_pattern(terms).sub("it", readable(text)))
    words = [_WORD.findall(part) for part in parts]
    total = sum(map(len, words))
    spoken = sum(1 if w[0].isdigit() else syllables(w) for ws in words for w in ws)
    mean = total / len(parts)
    longest = max(range(len(parts)), key=lambda i: len(words[i]))
    grade = 0.39 * mean + 11.8 * spoken / total - 15.59
    return Measure(len(parts), grade, mean, len(words[longest]), parts[longest])


def forbidden_in(text: str) -> tuple[str, ...]:
    """The forbidden words in a text."""
    return tuple(
        word for word in FORBIDDEN if re.search(rf"(?i)\b{re.escape(word)}\b", readable(text))
    )


def faults(text: str, terms: tuple[str, ...] = ()) -> tuple[str, ...]:
    """What is wrong with a text, in words. Empty when a founder can read it at eleven at night.

    The grade and the mean are judged from three sentences up; join short texts with their
    neighbours first (`join`).
    """
    found = [f"says “{word}”" for word in forbidden_in(text)]
    if not _WORD.search(text):
        return tuple(found)
    seen = measure(text, terms)
    if seen.longest > LONGEST:
        found.append(f"a sentence of {seen.longest} words: {seen.longest_sentence}")
    if seen.count >= ENOUGH:
        if seen.grade > GRADE:
            found.append(f"grade {seen.grade:.1f}, more than {GRADE:.0f}")
        if seen.mean > MEAN:
            found.append(f"{seen.mean:.1f} words a sentence, more than {MEAN:.0f}")
    return tuple(found)


def jargon_in(text: str) -> tuple[str, ...]:
    """The technical words and acronyms that a text uses, each once, as written."""
    plain = readable(text)
    words = [m[0] for m in _CAPITALS.finditer(plain) if m[0] not in PLAIN_CAPITALS]
    words += [m[0].lower() for m in _jargon().finditer(plain)]
    return tuple(dict.fromkeys(words))


@cache
def _jargon() -> re.Pattern[str]:
    longest_first = sorted(JARGON, key=len, reverse=True)
    ways = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?i)(?<![\w-])(?:{ways})(?:e?s)?(?!\w)")


def terms_in(text: str, glossary: Mapping[str, Term]) -> tuple[str, ...]:
    """The glossary's keys whose term a text uses, in the order of their first use."""
    keys = {way: key for key, term in glossary.items() for way in (key, *term.also)}
    lower = {way.lower(): key for way, key in keys.items()}
    found = _pattern(spellings(glossary)).findall(readable(text))
    return tuple(dict.fromkeys(keys.get(way) or lower[way.lower()] for way in found))


def unexplained(text: str, glossary: Mapping[str, Term]) -> tuple[str, ...]:
    """The technical words of a text that the glossary does not explain."""
    rest = _pattern(spellings(glossary)).sub(" ", readable(text))
    return jargon_in(rest)
