"""One mail message, read with care: who it says it is from, what it links to (RFC 5322, RFC 2045).

A stranger may have written every byte: what is read is bounded, header texts are cleaned, and
nothing that the message points to is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message as Part
from email.policy import compat32
from email.utils import parsedate_to_datetime
from html import unescape

from launchready_tui.rules.web.html import tags
from launchready_tui.vocabulary.safe_text import clean_line

READ = 10 * 1024 * 1024  # bytes of a message that are looked at
HEADER_BYTES = 256 * 1024  # of these, its headers
FIELDS = 500  # header fields that are kept
FIELD = 20_000  # characters of one of them
PARTS = 200  # MIME parts that are looked into
TEXT = 512 * 1024  # bytes of one text part
LINKS = 200
MAILBOXES = 50  # of one address field

_URL = re.compile(r"https?://[^\s<>\"'\x00-\x20]{1,2000}", re.IGNORECASE)
_CHARSETS = re.compile(r"(?:utf-8|us-ascii|iso-8859-\d{1,2}|windows-125\d|utf-16)\Z", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>,;:\"]{1,64}@([^\s@<>,;:\"\[\]]{1,253})\Z")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of a header: its shown name and the address, both cleaned; RFC 5322 3.4."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part behind the @ in lower case, as an A-label where it can be one; "" if none."""
        match = _ADDRESS.match(self.address)
        return _a_label(match[1].rstrip(".").lower()) if match else ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `fields` are its headers from the top, unfolded and decoded to text, raw.

    `raw` is all of it, to check its signatures; `cut` tells that there was more than we read.
    `links` are the web addresses in its text and HTML, in order, each once. `date` is UTC.
    """

    raw: bytes
    fields: tuple[tuple[str, str], ...]
    links: tuple[str, ...] = ()
    cut: bool = False

    def values(self, name: str) -> tuple[str, ...]:
        """The values of every header of this name, from the top."""
        wanted = name.lower()
        return tuple(value for key, value in self.fields if key == wanted)

    def text(self, name: str) -> str:
        """The first header of this name with its encoded words read (RFC 2047), on one line."""
        return clean_line(decoded(next(iter(self.values(name)), "")), 500)

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """The addresses in all headers of this name."""
        return tuple(box for value in self.values(name) for box in mailboxes(value))[:MAILBOXES]

    @property
    def date(self) -> datetime | None:
        """When it was written, by its first `Date`; None where that can't be read."""
        return _moment(next(iter(self.values("date")), ""))


def read(raw: bytes) -> Message:
    """Read a message. Never raises: what cannot be read is left out."""
    cut = len(raw) > READ
    raw = raw[:READ]
    return Message(raw, tuple(_fields(raw)), tuple(_links(raw)), cut)


def decoded(text: str) -> str:
    """A header's text with its encoded words read (RFC 2047); as it stands where one is broken."""
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text[:FIELD])
    except (HeaderParseError, ValueError):
        return text
    return "".join(
        part if isinstance(part, str) else part.decode(_charset(charset or "us-ascii"), "replace")
        for part, charset in parts
    )


def mailboxes(value: str) -> Iterator[Mailbox]:
    """The mailboxes of one address header: `Name <a@b>`, `a@b (Name)` and groups (3.4).

    What stands in angle brackets last is the address, whatever else looks like one.
    """
    for part in _commas(value[:FIELD]):
        before, opened, rest = part.rpartition("<")
        if opened:
            address, name = rest.partition(">")[0], before
        else:
            address, _, comment = part.partition("(")
            name = comment.rpartition(")")[0]
        address = clean_line(address.rpartition(":")[2].strip().rstrip(";").strip(), 320)
        if address:
            name = name.strip().strip('"').replace('\\"', '"')
            yield Mailbox(clean_line(decoded(name), 200), address)


def received_from(value: str) -> tuple[str, str]:
    """The address that a Received line took the message from, and the server that wrote it.

    Either is "" where the line does not say (RFC 5321 4.4). Both are in lower case.
    """
    by = re.search(r"(?:^|\s)by\s+([A-Za-z0-9._\-]{1,253})", value)
    head = value[: by.start()] if by else value
    ip = re.search(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{3,45})\]|\(([0-9A-Fa-f:.]{3,45})\)", head)
    address = (ip[1] or ip[2]).lower() if ip else ""
    return address, by[1].lower().rstrip(".") if by else ""


_CAME_FROM = re.compile(
    r"from\s+([A-Za-z0-9._\-]{1,253})(?!\S)(?:\s+\((?:([A-Za-z0-9._\-]{1,253})\s+)?\[)?"
)


def came_from(value: str) -> str:
    """The name of the server that a Received line took the message from, in lower case.

    Where the receiver looked it up in DNS (`from helo (name. [ip])`), that is the name; what the
    server called itself may be anything, and counts only where the receiver wrote nothing else
    (`from helo (ip)`). "unknown" is what Postfix writes for a server without a name.
    """
    found = _CAME_FROM.match(value)
    return (found[2] or found[1]).rstrip(".").lower() if found else ""


def handed_over_by(value: str) -> str:
    """The host name by which to call the server that a Received line took the message from.

    The name that DNS gives comes first, then what the server called itself. "" where neither is
    a host name.
    """
    found = _CAME_FROM.match(value)
    names = (found[2] or "", found[1]) if found else ()
    hosts = (name.rstrip(".").lower() for name in names if "." in name)
    return next((name for name in hosts if not name.replace(".", "").isdigit()), "")


def _fields(raw: bytes) -> Iterator[tuple[str, str]]:
    """Header fields from the top: names in lower case, folded lines joined (RFC 5322 2.2.3)."""
    head = raw[:HEADER_BYTES].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    name, value, count = "", "", 0
    for line in (*head.decode("utf-8", "replace").split("\n"), ""):
        if line[:1] in (" ", "\t") and name:
            if len(value) < FIELD:
                value += " " + line.strip()
            continue
        if name:
            yield name, value[:FIELD]
            count += 1
            if count >= FIELDS:
                return
        key, colon, rest = line.partition(":")
        known = colon and key.strip() and key.isascii() and " " not in key.strip()
        name, value = (key.strip().lower(), rest.strip()) if known else ("", "")


def _links(raw: bytes) -> Iterator[str]:
    seen: set[str] = set()
    for text, is_html in _texts(raw):
        found = _hrefs(text) if is_html else (match[0] for match in _URL.finditer(text))
        for url in found:
            url = url.rstrip(".,;:!?)]}") if not is_html else url
            if url not in seen:
                seen.add(url)
                yield url
            if len(seen) >= LINKS:
                return


def _hrefs(page: str) -> Iterator[str]:
    for tag in tags(page):
        url = unescape(tag.attributes.get("href", "")).strip()
        if tag.name in ("a", "area") and url.lower().startswith(("http://", "https://")):
            yield url[:2000]


def _texts(raw: bytes) -> Iterator[tuple[str, bool]]:
    """The text parts of a message, decoded, and whether each is HTML. HTML comes first."""
    try:
        parts = _leaves(message_from_bytes(raw, policy=compat32))
    except (RecursionError, MessageError, ValueError, LookupError):
        return
    kinds = [(part.get_content_type() == "text/html", part) for part in parts]
    for is_html, part in sorted(kinds, key=lambda one: not one[0]):
        if is_html or part.get_content_type() == "text/plain":
            yield _decode(part), is_html


def _leaves(top: Part) -> list[Part]:
    """The parts that hold no others, in order; without recursion, since a stranger nests them."""
    waiting, found = [top], list[Part]()
    while waiting and len(found) < PARTS:
        part = waiting.pop()
        inside = part.get_payload()
        if isinstance(inside, list):
            waiting += [each for each in reversed(inside) if isinstance(each, Part)]
        else:
            found.append(part)
    return found


def _decode(part: Part) -> str:
    try:
        body = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return ""
    data = body if isinstance(body, bytes) else b""
    return data[:TEXT].decode(_charset(str(part.get_param("charset") or "utf-8")), "replace")


def _charset(name: str) -> str:
    """A charset that mail uses; UTF-8 for all others, as some of Python's never end."""
    return name if _CHARSETS.match(name) else "utf-8"


def _commas(value: str) -> list[str]:
    """Split at commas that stand outside of quotes, comments and angle brackets."""
    parts, start, quoted, depth, angle = [], 0, False, 0, False
    at = 0
    while at < len(value):
        letter = value[at]
        if letter == "\\":
            at += 1
        elif letter == '"' and not depth:
            quoted = not quoted
        elif not quoted and letter == "(":
            depth += 1
        elif not quoted and letter == ")" and depth:
            depth -= 1
        elif not quoted and not depth and letter in "<>":
            angle = letter == "<"
        elif letter == "," and not (quoted or depth or angle):
            parts.append(value[start:at])
            start = at + 1
        at += 1
    return [*parts, value[start:]]


def _a_label(name: str) -> str:
    import idna

    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text[:200])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
