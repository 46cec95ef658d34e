"""Where the world sends its questions: `--resolver`, `--connect` and `--ca`, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.vocabulary.errors import UserError

if TYPE_CHECKING:
    from launchready_tui.world.credentials import Credentials

Place = tuple[str, int]

_PLACE = re.compile(r"(?:\[(?P<v6>[^\[\]]*)\]|(?P<host>[^:\[\]]*)):(?P<port>\d{0,5})")


class BadOption(UserError, ValueError):
    """An option cannot be used. `title` names it; `message` says what to write instead."""

    def __init__(self, title: str, message: str) -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message


@dataclass(frozen=True, slots=True)
class Options:
    """The three network options as they were typed. Raises `BadOption` when one cannot be used.

    `resolvers` are `ADDR:PORT` or `[v6]:PORT`; `connect` are `HOST:PORT=ADDR:PORT`, where HOST or
    PORT may be empty for "any"; `ca` is a PEM file of certificates to trust besides the usual.
    `credentials` is where tokens come from; the system's password store when it is None.
    `open_links` lets the link in a test message be opened, which may use it up.
    Places on loopback are asked as fast as they answer, unless `pace_loopback`. `folder` is that
    of the project file, from which the path of its repository counts; the current one by default.
    """

    resolvers: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()
    ca: Path | None = None
    credentials: Credentials | None = field(default=None, repr=False)
    open_links: bool = False
    pace_loopback: bool = False
    folder: Path | None = None

    def __post_init__(self) -> None:
        self.resolver_places()
        self.detours()
        if self.ca is not None and not self.ca.is_file():
            raise BadOption(f"--ca {self.ca}", "There is no such file. Give a PEM file.")

    @property
    def straight(self) -> bool:
        """Whether the real world is asked: what another one says must not be kept for it."""
        return not (self.resolvers or self.connect or self.ca)

    def resolver_places(self) -> tuple[Place, ...]:
        """The resolvers to ask, in order; empty when the system's own are meant."""
        return tuple(_target("--resolver", text, text) for text in self.resolvers)

    def detours(self) -> Detours:
        """The connection map."""
        return Detours(dict(_detour(text) for text in self.connect))


@dataclass(frozen=True, slots=True)
class Detours:
    """Maps each outgoing connection. Keys are (host or address, port); "" and 0 mean any."""

    places: Mapping[tuple[str, int], Place]

    def find(self, host: str, address: str, port: int) -> Place | None:
        """Where to connect for this host and address; None when there is no detour.

        The name as asked comes first, then the address it resolved to, then "any".
        """
        if not self.places:
            return None
        names = (host, address)
        keys = [(name, port) for name in names] + [(name, 0) for name in names]
        keys += [("", port), ("", 0)]
        return next((self.places[key] for key in keys if key in self.places), None)

    def at(self, address: str, port: int) -> Place | None:
        """Where connections to this very address go; None when no detour names it."""
        return self.places.get((address, port)) or self.places.get((address, 0))


def _detour(text: str) -> tuple[tuple[str, int], Place]:
    option = f"--connect {text}"
    source, equals, target = text.partition("=")
    if not equals:
        raise BadOption(option, "Write HOST:PORT=ADDR:PORT, for example :443=127.0.0.1:8443.")
    host, port = _split(option, source)
    try:
        name = str(ip_address(host))
    except ValueError:
        name = _ascii(option, host)
    return (name, port), _target("--connect", text, target)


def _target(flag: str, text: str, target: str) -> Place:
    option = f"{flag} {text}"
    host, port = _split(option, target)
    if not port:
        raise BadOption(option, "A port is missing. Write ADDR:PORT, for example 127.0.0.1:5353.")
    try:
        return str(ip_address("127.0.0.1" if host == "localhost" else host)), port
    except ValueError:
        raise BadOption(
            option, f'"{host}" is not an IP address. Write one, for example 127.0.0.1:{port}.'
        ) from None


def _split(option: str, text: str) -> tuple[str, int]:
    parts = _PLACE.fullmatch(text.strip())
    if parts is None:
        raise BadOption(
            option,
            f'"{text}" has no address and port. Write ADDR:PORT, or [ADDR]:PORT for IPv6.',
        )
    port = int(parts["port"] or 0)
    if port > 65535:
        raise BadOption(option, "A port is a number from 1 to 65535.")
    return (parts["v6"] if parts["v6"] is not None else parts["host"]), port


def _ascii(option: str, host: str) -> str:
    import idna

    name = host.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise BadOption(option, f'"{host}" is not a host name.') from None
