"""What a receiver says that it checked: Authentication-Results (RFC 8601), and whose word counts.

Anybody can write such a header into a message. Only the one that the inbox's own provider put
there counts, and that stands above the line with which the provider took the message in: what is
below came with the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from launchready_tui.rules.message import Message, handed_over_by, received_from

LIMIT = 10_000  # characters of one header that are read
RESULTS = 50  # of one header

# How each provider names itself: in its Authentication-Results, and as the server that wrote a
# Received line. Outlook leaves its name out of the first (seen in real messages).
SERVICES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "gmail": (("mx.google.com",), ("google.com",)),
    "outlook": (("", "outlook.com"), ("outlook.com", "hotmail.com")),
    "icloud": (("icloud.com", "me.com"), ("icloud.com", "me.com", "apple.com")),
}
_RESULT = re.compile(r"([A-Za-z0-9-]{1,40})\s*(?:/\s*\d{1,4}\s*)?=\s*([A-Za-z0-9]{1,40})(?=\s|\Z)")
_PROPERTY = re.compile(
    r"([A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9_-]{1,60})?)\s*=\s*(?:\"((?:[^\"\\]|\\.){0,500})\"|([^\s;\"]{1,500}))"
)


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result: `method` and `result` in lower case, properties by "ptype.name"."""

    method: str
    result: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """One header: the server that vouches, in lower case ("" where it is left out)."""

    server: str
    results: tuple[Result, ...]


def parse(value: str) -> Results:
    """Read one header to RFC 8601 2.2. Never raises; parts that cannot be read are left out."""
    parts = _without_comments(value[:LIMIT]).split(";")
    first = parts[0].split()
    if first and "=" not in parts[0]:
        server, parts = first[0].strip('"').lower(), parts[1:]
    else:
        server = ""
    found = (_result(part.strip()) for part in parts[:RESULTS])
    return Results(server, tuple(each for each in found if each is not None))


def trusted(message: Message, provider: str, own: Sequence[str] = ()) -> tuple[Result, ...]:
    """The results that the inbox's provider itself wrote, from the top.

    `provider` is that of `[[inboxes]]`; for others, `own` are the names under which the inbox's
    server speaks. Empty when the provider wrote none, or when we can't tell that it did.
    """
    names, servers = SERVICES.get(provider, (tuple(own), tuple(own)))
    border = _border(message, servers)
    if border is None:
        return ()
    above = [value for key, value in message.fields[:border] if key == "authentication-results"]
    kept = (parse(value) for value in above)
    return tuple(result for one in kept if _is_one_of(one.server, names) for result in one.results)


def border_address(message: Message, provider: str, own: Sequence[str] = ()) -> str:
    """The IP address from which the provider took the message in; "" when we can't tell."""
    return received_from(_border_line(message, provider, own))[0]


def border_server(message: Message, provider: str, own: Sequence[str] = ()) -> str:
    """The name of the server that handed the message to the provider; "" when we can't tell."""
    return handed_over_by(_border_line(message, provider, own))


def _border_line(message: Message, provider: str, own: Sequence[str]) -> str:
    _, servers = SERVICES.get(provider, ((), tuple(own)))
    border = _border(message, servers)
    return message.fields[border][1] if border is not None else ""


def _border(message: Message, servers: Sequence[str]) -> int | None:
    """The place of the Received line with which the provider took the message from outside.

    That is the lowest of the unbroken run of its own Received lines at the top.
    """
    found = None
    for place, (key, value) in enumerate(message.fields):
        if key != "received":
            continue
        _, by = received_from(value)
        # Google's inner hops name only an address ("by 2002:a05:...").
        inner = found is None and bool(re.match(r"by\s+[0-9a-f:]{3,45}\s", value))
        if inner:
            continue
        if not by or not _is_one_of(by, servers):
            break
        found = place
    return found


def _is_one_of(server: str, names: Sequence[str]) -> bool:
    return any(server == name or (name != "" and server.endswith(f".{name}")) for name in names)


def _result(part: str) -> Result | None:
    head = _RESULT.match(part)
    if head is None:
        return None
    properties = {
        match[1].lower(): match[2] if match[2] is not None else match[3]
        for match in _PROPERTY.finditer(part, head.end())
    }
    return Result(head[1].lower(), head[2].lower(), properties)


def _without_comments(text: str) -> str:
    """The text with its comments, which may nest, replaced by a space (RFC 5322 3.2.2)."""
    kept, depth, quoted, at = [], 0, False, 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and (quoted or depth):
            if not depth:
                kept.append(text[at : at + 2])
            at += 2
            continue
        if letter == '"' and not depth:
            quoted = not quoted
        if letter == "(" and not quoted:
            depth += 1
            kept.append(" ")
        elif letter == ")" and depth:
            depth -= 1
        elif not depth:
            kept.append(letter)
        at += 1
    return "".join(kept)
