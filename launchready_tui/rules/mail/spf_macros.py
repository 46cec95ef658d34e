"""Macros in SPF records: what `%{...}` stands for, given one message (RFC 7208 section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

IpAddress = IPv4Address | IPv6Address

NAME_LIMIT = 253  # characters of a name, RFC 7208 7.3
_MACRO = re.compile(r"%(?:\{([A-Za-z])([0-9]*)([rR]?)([.\-+,/_=]*)\}|([%_\-]))")
_PLAIN = {"%": "%", "_": " ", "-": "%20"}


@dataclass(frozen=True, slots=True)
class Message:
    """What a receiver knows of a message when it asks: RFC 7208 4.1.

    `sender` is the whole address; `domain` the one whose record is being read. `validated` is
    the name that the address's reverse DNS proves, or "unknown". `receiver` and `now` (seconds
    since 1970) serve explanations alone.
    """

    ip: IpAddress
    sender: str
    helo: str
    domain: str
    validated: str = "unknown"
    receiver: str = "unknown"
    now: int = 0


def needs_validation(text: str) -> bool:
    """Whether a text holds the macro `p`, which costs DNS lookups of its own."""
    return any((match[1] or "").lower() == "p" for match in _MACRO.finditer(text))


def expand(text: str, message: Message) -> str:
    """The text with every macro replaced. Texts come from `spf_grammar`, which checked them."""
    return _MACRO.sub(lambda match: _macro(match, message), text)


def expand_name(spec: str, message: Message) -> str:
    """The domain that a domain-spec stands for, without a final dot.

    Over 253 characters labels fall off at the left, RFC 7208 7.3.
    """
    name = expand(spec, message).removesuffix(".")
    while len(name) > NAME_LIMIT and "." in name:
        name = name.partition(".")[2]
    return name


def explain(text: str, message: Message) -> str | None:
    """An explanation with its macros replaced; None where it breaks the grammar (6.2, 7.1)."""
    rest = _MACRO.sub("", text)
    letters = {(match[1] or "s").lower() for match in _MACRO.finditer(text)}
    if "%" in rest or not rest.isascii() or not letters <= set("slodiphvcrt"):
        return None
    return expand(text, message)


def reversed_name(ip: IpAddress) -> str:
    """Where the address's PTR records stand (RFC 1035 3.5, RFC 3596 2.5)."""
    return ip.reverse_pointer


def _macro(match: re.Match[str], message: Message) -> str:
    if match[5]:
        return _PLAIN[match[5]]
    value = _letter(match[1].lower(), message)
    if match[2] or match[3] or match[4]:
        parts = re.split(f"[{re.escape(match[4])}]", value) if match[4] else value.split(".")
        if match[3]:
            parts.reverse()
        value = ".".join(parts[-int(match[2]) :] if match[2] else parts)
    return quote(value, safe="-._~") if match[1].isupper() else value


def _letter(letter: str, message: Message) -> str:
    local, _, domain = message.sender.rpartition("@")
    four = isinstance(message.ip, IPv4Address)
    match letter:
        case "s":
            return message.sender
        case "l":
            return local
        case "o":
            return domain
        case "d":
            return message.domain
        case "i":
            digits = message.ip.exploded.replace(":", "").upper()
            return str(message.ip) if four else ".".join(digits)
        case "p":
            return message.validated
        case "h":
            return message.helo
        case "v":
            return "in-addr" if four else "ip6"
        case "c":
            return str(message.ip)
        case "r":
            return message.receiver
        case _:
            return str(message.now)
