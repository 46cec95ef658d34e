"""The messages at hand: files that somebody gave us, and what arrived in the test inboxes."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from launchready_tui.rules.mail.arrivals import Role, is_tag, kind_of
from launchready_tui.rules.mail.authentication_results import SERVICES, border_address
from launchready_tui.rules.mail.message import Message, read
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world.credentials import INBOX_PASSWORD, INBOX_TOKEN, Vault
from launchready_tui.world.flight import Flight, close_all
from launchready_tui.world.route import Routes

if TYPE_CHECKING:
    from launchready_tui.world.mail.mailbox import Arrived, Login, Mailbox

Judge = Callable[[], Awaitable[ssl.SSLContext]]
# Whether the link in a message is opened. It may be used up by that, so an audit never does it,
# the inbox test does it once, and the lab and `launchready mail` each time.
Opens = Literal["never", "once", "always"]


class Inbox(Protocol):
    """A test inbox, as the project file declares it."""

    @property
    def provider(self) -> str:
        """Whose inbox it is: "gmail", "outlook", "icloud" or "other"."""

    @property
    def address(self) -> str:
        """The address that mail is sent to."""

    @property
    def imap(self) -> str:
        """The IMAP server, "" where the file names none."""


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it arrived. `source` is the file's name, or the address of its inbox.

    `provider` is that of the inbox ("gmail", "outlook", "icloud", "other"); `own` are the names
    under which the inbox's server speaks, where the provider is none that we know. `role` and
    `at` (UTC) are the folder's and the time of its arrival, where an inbox gave them.
    """

    source: str
    message: Message
    provider: str = "other"
    own: tuple[str, ...] = ()
    role: Role | None = None
    folder: str = ""
    at: datetime | None = None

    @property
    def subject(self) -> str:
        """What a finding about it is filed under: the file, or which message at which inbox."""
        if self.role is None:
            return self.source
        return f"{kind_of(self.message) or 'message'} at {self.source}"


class Mail:
    """Where messages come from. Each inbox is asked once in an audit.

    `files` are messages that somebody gave us; they count before what an inbox has.
    """

    def __init__(
        self,
        routes: Routes | None = None,
        judge: Judge | None = None,
        vault: Vault | None = None,
        *,
        files: Iterable[Received] = (),
        opens: Opens = "never",
    ) -> None:
        self._routes = routes
        self._judge = judge
        self._vault = vault
        self._files = tuple(files)
        self.opens = opens
        self._opened: list[Mailbox] = []
        self._flight: Flight[tuple[str, str], tuple[Received, ...] | Unreachable] = Flight()

    async def received(
        self, inbox: Inbox, tag: str = "", since: datetime | None = None
    ) -> tuple[Received, ...] | Unreachable:
        """The messages of one inbox, in the order of their arrival; files first.

        An inbox is read only when a test has begun, which left its `tag` in the address and began
        at `since`. "no-message" where none has.
        """
        files = tuple(one for one in self._files if one.source == inbox.address)
        if files:
            return files
        if not is_tag(tag) or since is None or self._routes is None:
            return Unreachable("no-message", inbox.address)
        begun = since
        return await self._flight.share((inbox.address, tag), lambda: self._read(inbox, tag, begun))

    async def open(self, inbox: Inbox) -> Mailbox | Unreachable:
        """Sign in at an inbox; it is closed by the caller, at the latest with the world.

        `Unreachable` says why not: "no-imap", "no-password", "wrong-password", "untrusted", or
        what went wrong on the way. Imports what speaks IMAP on the first call.
        """
        from launchready_tui.world.mail.mailbox import HOSTS, PORT, open_mailbox

        host = inbox.imap or HOSTS.get(inbox.provider, "")
        if not host or self._routes is None or self._judge is None:
            return Unreachable("no-imap", inbox.address)
        login = await self._login(inbox.address)
        if isinstance(login, Unreachable):
            return login
        routes = await self._routes.to(host, PORT)
        if isinstance(routes, Unreachable):
            return routes
        place = next((route.place for route in routes if route.place is not None), None)
        if place is None:
            return Unreachable("no-ipv6", host)
        box = await open_mailbox(place, host, await self._judge(), login)
        if not isinstance(box, Unreachable):
            self._opened.append(box)
        return box

    async def close(self) -> None:
        """Cancel what is under way, and sign out everywhere."""
        await close_all(self._flight, *self._opened)

    async def _login(self, address: str) -> Login | Unreachable:
        from launchready_tui.world.mail.mailbox import Login

        if self._vault is None:
            return Unreachable("no-password", address)
        for name in (INBOX_PASSWORD, INBOX_TOKEN):
            credential = await self._vault.get(name, address)
            if not isinstance(credential, Unreachable):
                return Login(address, credential.value, oauth=name == INBOX_TOKEN)
            if credential.reason != "no-token":
                return credential
        return Unreachable("no-password", address)

    async def _read(
        self, inbox: Inbox, tag: str, since: datetime
    ) -> tuple[Received, ...] | Unreachable:
        box = await self.open(inbox)
        if isinstance(box, Unreachable):
            return box
        try:
            found = await box.look(tag, since)
        finally:
            await box.close()
        if isinstance(found, Unreachable):
            return found
        return tuple(taken_in(arrived, inbox) for arrived in found)


def taken_in(arrived: Arrived, inbox: Inbox) -> Received:
    """A message of an inbox, with who speaks there."""
    host = inbox.imap.lower()
    own = (host, host.partition(".")[2]) if inbox.provider == "other" and host else ()
    return Received(
        inbox.address,
        read(arrived.raw),
        inbox.provider,
        own,
        arrived.role,
        arrived.folder,
        arrived.at,
    )


def provider_of(message: Message, known: Iterable[str] = tuple(SERVICES)) -> str:
    """The provider whose server took the message in last, by its own Received line."""
    return next((name for name in known if border_address(message, name)), "other")
