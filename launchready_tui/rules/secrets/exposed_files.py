"""Files that a site must not give away, each known by a mark that no ordinary page has."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from launchready_tui.rules.web.compression import unpacked
from launchready_tui.vocabulary.facts import Response

Kind = Literal["settings", "source-history", "database-copy", "access-keys", "server-info"]
FAILS: tuple[Kind, ...] = ("settings", "source-history", "database-copy", "access-keys")

_READ = 4096  # bytes that are looked at
_NAMES = 2  # lines of NAME=value that make a file of settings
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|\?xml)\b", re.IGNORECASE)
_SETTING = re.compile(r"(?:export\s+)?[A-Za-z_][A-Za-z0-9_.]{1,63}\s*=")
_NAME = re.compile(r"(?:export\s+)?[A-Z][A-Z0-9_]{1,63}\s*=")
_HEAD = re.compile(rb"ref: refs/[^\s]{1,200}\s*\Z|[0-9a-f]{40}(?:[0-9a-f]{24})?\s*\Z")
_SECTION = re.compile(rb"^[ \t]*\[core\][ \t]*\r?$", re.MULTILINE)
_DUMP = re.compile(
    rb"^(?:-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin|Host:|Dump)|PGDMP|/\*M?!\d{5,6}"
    rb"|PRAGMA foreign_keys|(?:CREATE|DROP) TABLE\s|INSERT INTO\s|SET SQL_MODE)",
    re.MULTILINE,
)
_NPM = re.compile(rb"^(?://[^\s=]{1,200}:)?_(?:authToken|auth|password)\s*=\s*[\"']?[^\s$\"']{8}",
                  re.MULTILINE)  # fmt: skip
_AWS = re.compile(rb"^[ \t]*aws_secret_access_key\s{0,9}=\s{0,9}[A-Za-z0-9/+]{40}\b", re.MULTILINE)
_SERVICES = re.compile(rb"^services:[ \t]*\r?$", re.MULTILINE)
_SERVICE = re.compile(rb"^[ \t]{1,40}(?:image|build):", re.MULTILINE)
_IN_COMPOSE = re.compile(
    rb"^[ \t]{1,40}(?:- )?[A-Z0-9_]{0,40}(?:PASSWORD|SECRET|TOKEN|API_KEY)[A-Z0-9_]{0,40}"
    rb"\s?[:=]\s?[\"']?[^\s$\"'<]{4}",
    re.MULTILINE,
)
_PHP = re.compile(rb"<title>[^<]{0,60}phpinfo\(\)</title>")


@dataclass(frozen=True, slots=True)
class Address:
    """One address, what it would hold, and the mark of it in the first bytes of the answer.

    `head`: 512 bytes tell, so no more are asked for. `scan`: the mark is only that this is no
    page, and it counts when the secret scanner finds something in it.
    """

    path: str
    kind: Kind
    mark: Callable[[bytes], bool]
    head: bool = False
    scan: bool = False


def gives_away(response: Response, address: Address) -> bool:
    """Whether the answer is the file itself, and not a page that the site shows for every path.

    It must be a 200, or the part of the file that we asked for (206), and carry the mark. A body
    that comes packed is judged unpacked.
    """
    if response.status not in (200, 206):
        return False
    body = plain_start(response)
    return bool(body) and address.mark(body)


def plain_start(response: Response) -> bytes:
    """The start of a body as it is once unpacked; empty where we can't unpack it."""
    found = unpacked(response, _READ)
    return b"" if found is None else found[0]


def siblings(path: str, host: str) -> tuple[str, str]:
    """Two addresses that no site has, in the same folder, with the same dot and ending.

    They are made from the host's name, so that each look asks for the same two.
    """
    folder, _, name = path.rpartition("/")
    dot = "." if name.startswith(".") else ""
    _, point, ending = name.lstrip(".").partition(".")
    digest = sha256(f"{host}{path}".encode()).hexdigest()
    one, other = (f"{folder}/{dot}{part}{point}{ending}" for part in (digest[:12], digest[12:24]))
    return one, other


def _no_page(mark: Callable[[bytes], object]) -> Callable[[bytes], bool]:
    return lambda body: not _PAGE.search(body) and bool(mark(body))


def _is_settings(body: bytes) -> bool:
    """Two names in capitals, and half of the lines at least, comments aside: a value may span
    some, a story has few."""
    lines = [line.strip() for line in body.decode("utf-8", "replace").lstrip("\ufeff").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    settings = sum(bool(_SETTING.match(line)) for line in lines)
    names = sum(bool(_NAME.match(line)) for line in lines)
    return names >= _NAMES and settings * 2 >= len(lines)


def _is_compose(body: bytes) -> bool:
    return bool(_SERVICES.search(body) and _SERVICE.search(body))


def _is_tar_gz(body: bytes) -> bool:
    """gzip, and a tar archive in it: `ustar` stands at 257 (POSIX.1-2017, pax). A server that
    unasked marks the file as packed has it unpacked already."""
    if body.startswith(b"\x1f\x8b\x08"):
        try:
            body = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(body, 512)
        except zlib.error:
            return False
    return body[257:262] == b"ustar"


def _has(*texts: bytes) -> Callable[[bytes], bool]:
    return lambda body: all(text in body for text in texts)


def _starts(magic: bytes) -> Callable[[bytes], bool]:
    return lambda body: body.startswith(magic)


def _settings(*paths: str) -> tuple[Address, ...]:
    return tuple(Address(path, "settings", _no_page(_is_settings)) for path in paths)


def _scanned(*paths: str) -> tuple[Address, ...]:
    mark = _no_page(lambda body: not body.lstrip().startswith(b"<"))
    return tuple(Address(path, "access-keys", mark, scan=True) for path in paths)


_COMPOSE = "/docker-compose.yml"
# The most telling first: whoever stops us stops us at the rest.
ADDRESSES: tuple[Address, ...] = (
    *_settings("/.env"),
    Address("/.git/HEAD", "source-history", _no_page(_HEAD.match)),
    Address("/.git/config", "source-history", _no_page(_SECTION.search)),
    *_settings("/.env.production", "/.env.local", "/.env.prod", "/.env.bak", "/.env.old",
               "/.env.save", "/api/.env"),
    Address("/.aws/credentials", "access-keys", _no_page(_AWS.search)),
    Address("/.npmrc", "access-keys", _no_page(_NPM.search)),
    *_scanned("/config.json", "/env.js", "/firebase.json"),
    Address("/backup.zip", "database-copy", _starts(b"PK\x03\x04"), head=True),
    Address("/backup.tar.gz", "database-copy", _is_tar_gz, head=True),
    Address("/dump.sql", "database-copy", _no_page(_DUMP.search), head=True),
    Address("/.svn/wc.db", "source-history", _starts(b"SQLite format 3\x00"), head=True),
    # One address, two kinds: the first that holds counts.
    Address(_COMPOSE, "settings",
            _no_page(lambda body: _is_compose(body) and _IN_COMPOSE.search(body))),
    Address(_COMPOSE, "server-info", _no_page(_is_compose)),
    Address("/actuator/env", "server-info",
            _no_page(_has(b'"activeProfiles"', b'"propertySources"'))),
    Address("/debug/vars", "server-info", _no_page(_has(b'"cmdline": [', b'"memstats": {'))),
    Address("/server-status", "server-info",
            _has(b"<title>Apache Status</title>", b"<h1>Apache Server Status for ")),
    Address("/phpinfo.php", "server-info",
            lambda body: bool(_PHP.search(body)) and b"PHP Version" in body),
    Address("/.DS_Store", "server-info", _starts(b"\x00\x00\x00\x01Bud1"), head=True),
)  # fmt: skip
PATHS = tuple(dict.fromkeys(address.path for address in ADDRESSES))
