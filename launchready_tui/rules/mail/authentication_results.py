"""What a receiver says that it checked: Authentication-Results (RFC 8601), and whose word counts.

Anybody can write such a header into a message. Only the one that the inbox's own provider put
there counts, and that stands above the line with which the provider took the message in: what is
below came with the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from launchready_tui.rules.mail.message import Message, came_from, handed_over_by, received_from

LIMIT = 10_000  # characters of one header that are read
RESULTS = 50  # of one header


@dataclass(frozen=True, slots=True)
class Service:
    """How one mail service names itself, seen in real messages of public mailing lists.

    `vouches` are its names in Authentication-Results, `servers` those of its servers, which wrote
    Received lines, and `inside` those of servers that only hand on what another of them took in:
    its servers that send mail out are strangers here.
    """

    vouches: tuple[str, ...]
    servers: re.Pattern[str]
    inside: re.Pattern[str]


# iCloud writes its Authentication-Results below the line with which it took a message in, where
# a stranger's look the same. So its word is not read; what it can see, we look up ourselves.
SERVICES: Mapping[str, Service] = {
    "gmail": Service(("mx.google.com",), re.compile(r"(?:.+\.)?google\.com"), re.compile(r"(?!)")),
    "outlook": Service(
        ("", "outlook.com"),  # Outlook leaves its name out
        re.compile(r"(?:.+\.)?(?:outlook\.com|hotmail\.com|outlook\.office365\.com)"),
        re.compile(r".+\.(?:prod(?:\.protection)?\.outlook\.com|protection\.gbl)"),
    ),
    "icloud": Service(
        (),
        re.compile(
            r"p\d+-(?:icloudmta|mailgateway)-smtp[a-z0-9.-]*|.+\.(?:icloud|me|mac|apple)\.com"
        ),
        re.compile(r"p\d+-icloudmta-smtpin[a-z0-9.-]*|[a-z0-9-]+-smtpin\d+\.(?:me|mac)\.com"),
    ),
}
_RESULT = re.compile(r"([A-Za-z0-9-]{1,40})\s*(?:/\s*\d{1,4}\s*)?=\s*([A-Za-z0-9]{1,40})(?=\s|\Z)")
# The last step into the mailbox, inside the receiver: Google's names only an address ("by
# 2002:a05:..."), others hand over by LMTP (RFC 3848), often under the bare name of a machine.
_INNER = re.compile(r"by\s+[0-9a-f:]{3,45}\s|.{0,500}?\swith\s+(?:UTF8)?LMTPS?A?\s", re.DOTALL)
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
    service = SERVICES.get(provider) or _own_service(own)
    border = _border(message, service)
    if border is None:
        return ()
    above = [value for key, value in message.fields[:border] if key == "authentication-results"]
    kept = (parse(value) for value in above)
    return tuple(
        result for one in kept if _is_one_of(one.server, service.vouches) for result in one.results
    )


def border_address(message: Message, provider: str, own: Sequence[str] = ()) -> str:
    """The IP address from which the provider took the message in; "" when we can't tell."""
    return received_from(_border_line(message, provider, own))[0]


def border_server(message: Message, provider: str, own: Sequence[str] = ()) -> str:
    """The name of the server that handed the message to the provider; "" when we can't tell."""
    return handed_over_by(_border_line(message, provider, own))


def _border_line(message: Message, provider: str, own: Sequence[str]) -> str:
    border = _border(message, SERVICES.get(provider) or _own_service(own))
    return message.fields[border][1] if border is not None else ""


def _own_service(names: Sequence[str]) -> Service:
    """The servers of an inbox elsewhere: all that stand under its own names."""
    some = "|".join(re.escape(name) for name in names if name) or "(?!)"
    servers = re.compile(rf"(?:.+\.)?(?:{some})")
    return Service(tuple(names), servers, servers)


def _border(message: Message, service: Service) -> int | None:
    """The place of the Received line with which the provider took the message from outside.

    From the top, that is the first of its own lines that names no server inside as the one it
    came from. All below came with the message. A step that only names an address or a bare
    machine is passed over above all others: a stranger can write nothing there.
    """
    found = None
    for place, (key, value) in enumerate(message.fields):
        if key != "received":
            continue
        _, by = received_from(value)
        if not service.servers.fullmatch(by):
            if found is None and _INNER.match(value):
                continue
            break
        found = place
        if not service.inside.fullmatch(came_from(value)):
            break
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
