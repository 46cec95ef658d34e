"""Values of settings files: read, hashed and dropped. None of them leaves this module."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchready_tui.rules.code.env_names import (
    Digest,
    Given,
    LooksReal,
    Place,
    is_name,
    is_secret,
    words,
)

LONGEST_VALUE = 8_000

_KEY = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(?:=|:[ \t])[ \t]*")
_NOT_SET = re.compile(
    r"(?i)\s*\Z|.*?(?:\$\{|\$\(|\{\{|<[a-z _-]{1,40}>|x{6,}|\*{3,}|\.{3}|change[-_ ]?me"
    r"|replace[-_ ]?(?:me|with|this)|your[-_ ]|placeholder|dummy|todo|insert[-_ ]|fill[-_ ]?in"
    r"|secret[-_ ]?here|key[-_ ]?here)"
    r"|\$\w+\Z|x{3,}|<[^>]*>\Z|\[[^\]]*\]\Z|(?:an?[-_ ])?example|fake"
    r"|(?:true|false|yes|no|on|off|none|null|undefined|test|secret|password|postgres|root|admin"
    r"|\d{1,5})\Z"
)
_SERVERS = words(
    """
    postgres postgresql mysql mysql2 mariadb mongodb mongodb+srv redis rediss amqp amqps sqlserver
    mssql cockroachdb clickhouse jdbc:postgresql jdbc:mysql
    """
)
# One host for many customers: only who signs in tells their databases apart.
_SHARED_HOSTS = (".pooler.supabase.com", ".psdb.cloud", ".render.com", ".rlwy.net")


@dataclass(frozen=True, slots=True)
class Hiding:
    """What may be told of a value: a keyed digest, and whether it looks real."""

    digest: Digest
    looks_real: LooksReal

    def given(self, name: str, path: str, place: Place, value: str | None) -> Given:
        """What a file says of a name. A value that is none, or a stand-in, is not compared."""
        value = (value or "").strip()
        if len(value) > LONGEST_VALUE or len(value) < 4 or _NOT_SET.match(value):
            return Given(name, path, place)
        server, database, local = self._server(value)
        secret = is_secret(name) and not local
        hashed = self._hash("value", value) if secret else None
        real = not local and bool(self.looks_real(value.encode("utf-8", "replace")))
        return Given(name, path, place, hashed, server, database, real)

    def _hash(self, kind: str, text: str) -> bytes:
        return self.digest(f"{kind}\0{text}".encode("utf-8", "replace"))

    def _server(self, value: str) -> tuple[bytes | None, bytes | None, bool]:
        """Digests of a database's host and of the database; and whether it is a local one."""
        scheme, colon, rest = value.partition("://")
        if not colon or scheme.lower() not in _SERVERS:
            return None, None, False
        try:
            parts = urlsplit(f"db://{rest}")
            host, port = (parts.hostname or "").lower(), parts.port or 0
        except ValueError:
            return None, None, False
        # A name without a dot is another container, and another one in each copy.
        if "." not in host or host.startswith("127.") or host.endswith(".local"):
            return None, None, True
        many = host.endswith(_SHARED_HOSTS)
        who = parts.username or "" if many else ""
        one = f"{host}\0{port}\0{parts.path.strip('/')}\0{who}"
        server = None if many else self._hash("server", host)
        return server, self._hash("database", one), False


def dotenv(text: str) -> Iterator[tuple[str, str]]:
    """The names and values of a dotenv file: `export`, quotes, several lines, comments.

    A quote that never closes is part of a value of one line, as the usual readers have it.
    """
    at, end = 0, len(text)
    open_ended: set[str] = set()  # quotes that do not come again
    while at < end:
        stop = text.find("\n", at)
        stop = end if stop < 0 else stop
        key = _KEY.match(text, at, stop)
        if key is None:
            at = stop + 1
            continue
        start = key.end()
        quote = text[start : start + 1] if start < stop else ""
        if quote and quote in "\"'`" and quote not in open_ended:
            close = _closing(text, start + 1, quote)
            if close >= 0:
                yield key[1], text[start + 1 : close]
                following = text.find("\n", close)
                at = end if following < 0 else following + 1
                continue
            open_ended.add(quote)
        yield key[1], _bare(text[start:stop])
        at = stop + 1


def _closing(text: str, at: int, quote: str) -> int:
    """Where a quoted value ends, or -1. Only in double quotes does a backslash hide a quote."""
    while True:
        close = text.find(quote, at)
        if close < 0 or quote != '"':
            return close
        before = close
        while before > at and text[before - 1] == "\\":
            before -= 1
        if (close - before) % 2 == 0:
            return close
        at = close + 1


def _bare(value: str) -> str:
    cut = re.search(r"(?:^|[ \t])#", value)
    return (value[: cut.start()] if cut else value).strip()


def names_in(text: str, path: str, place: Place, hiding: Hiding) -> Iterator[Given]:
    """All that a dotenv file gives."""
    for name, value in dotenv(text):
        if is_name(name):
            yield hiding.given(name, path, place, value)
