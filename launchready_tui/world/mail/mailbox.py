"""Test inboxes over IMAP: which messages arrived, in which folder (RFC 9051, RFC 2177, RFC 6154).

IMAPClient speaks the protocol, in a thread of the mailbox's own. Nothing is changed there: folders
are opened to read only, and messages stay unread.
"""

from __future__ import annotations

import asyncio
import imaplib
import logging
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

from launchready_tui.rules.mail.arrivals import Role, role_of
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits

if TYPE_CHECKING:
    from launchready_tui.world.options import Place

T = TypeVar("T")

# Where each provider's inboxes are read (their own help pages).
HOSTS = {
    "gmail": "imap.gmail.com",
    "outlook": "outlook.office365.com",
    "icloud": "imap.mail.me.com",
}
PORT = 993
# IMAPClient logs what it sends; a password must not get there, however the program logs.
for _name in ("imapclient", "imapclient.imaplib"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message in an inbox. `at` (UTC) is when the server took it in; `raw` may be cut off."""

    folder: str
    role: Role
    at: datetime
    raw: bytes


@dataclass(frozen=True, slots=True)
class Login:
    """How to get in. `secret` is a password, or an OAuth access token; it stays out of reprs."""

    user: str
    secret: str
    oauth: bool = False

    def __repr__(self) -> str:
        return f"Login({self.user!r})"


class Mailbox:
    """One inbox over one connection, spoken to in one thread, until it is closed.

    A look that is cancelled, or that takes too long, hangs up: no thread waits for its answer.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        # TLS takes the connection over: by this one it can be ended from outside its thread.
        self._handle = connection.dup()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="mailbox")
        self._client: IMAPClient = None
        self._closed = False
        self._woken = threading.Event()
        self._seen: dict[tuple[str, int, int], Arrived] = {}
        self._inbox: object = None  # how far the inbox had grown at the last look

    async def sign_in(self, host: str, context: ssl.SSLContext, login: Login) -> Unreachable | None:
        """Shake hands over TLS and sign in; why not, where it failed."""
        return await self._do(lambda: self._sign_in(host, context, login))

    async def look(self, tag: str, since: datetime) -> tuple[Arrived, ...] | Unreachable:
        """The messages to an address with this tag that arrived since then, in their order.

        `since` counts by the day, as IMAP does. Each message is fetched once; at most 1 MB of it.
        """
        return await self._do(lambda: self._look(tag, since))

    async def wait(self, seconds: float) -> Unreachable | None:
        """Until something new may have come, or the time is over; without IDLE, a short while."""
        if not await self._do(lambda: self._client.has_capability("IDLE")):
            await asyncio.sleep(min(seconds, limits.MAIL_POLL))
            return None
        return await self._do(lambda: self._idle(seconds))

    def wake(self) -> None:
        """End a wait that is under way, within a second."""
        self._woken.set()

    async def close(self) -> None:
        """Sign out, which has two seconds, and hang up."""
        if self._closed:
            return
        self._closed = True
        self.wake()
        try:
            async with asyncio.timeout(limits.MAIL_LEAVE):
                await asyncio.get_running_loop().run_in_executor(self._worker, self._leave)
        except TimeoutError:
            pass  # it says nothing any more, so we go without a word
        finally:
            self._hang_up()
            self._worker.submit(self._release)
            self._worker.shutdown(wait=False)

    async def _do(self, work: Callable[[], T]) -> T | Unreachable:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(limits.MAIL_STEP):
                return await _or_reason(loop.run_in_executor(self._worker, work))
        except TimeoutError:
            self._hang_up()
            return Unreachable("timeout", "mailbox")
        except asyncio.CancelledError:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        """End the connection: whoever waits for an answer on it stops waiting."""
        with suppress(OSError):
            self._handle.shutdown(socket.SHUT_RDWR)

    def _sign_in(self, host: str, context: ssl.SSLContext, login: Login) -> None:
        self._client = _Client(self._connection, host, context)
        if login.oauth:
            self._client.oauth2_login(login.user, login.secret)
        else:
            self._client.login(login.user, login.secret)

    def _leave(self) -> None:
        if self._client is not None:
            with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
                self._client.logout()

    def _release(self) -> None:
        """Close what is open still, in the thread that used it."""
        if self._client is not None:
            with suppress(OSError):  # closed already, then
                self._client.shutdown()
        self._connection.close()
        self._handle.close()

    def _look(self, tag: str, since: datetime) -> tuple[Arrived, ...]:
        for name, role in self._folders():
            picked = self._client.select_folder(name, readonly=True)
            validity = int(picked.get(b"UIDVALIDITY", 0))
            if name.upper() == "INBOX":
                self._inbox = _size(picked)
            found = self._client.search(["SINCE", since.date(), "TO", tag])
            new = [uid for uid in found[-limits.MAIL_MESSAGES :]
                   if (name, validity, uid) not in self._seen]  # fmt: skip
            promoted = self._promoted(tag, role) if new else frozenset()
            for uid in new:
                arrived = self._fetch(uid, name, "promotions" if uid in promoted else role)
                if arrived is not None:
                    self._seen[name, validity, uid] = arrived
        return tuple(sorted(self._seen.values(), key=lambda arrived: arrived.at))

    def _folders(self) -> Iterator[tuple[str, Role]]:
        """The folders where new mail can land, the inbox first."""
        found: list[tuple[str, Role]] = []
        for flags, _, name in self._client.list_folders()[: limits.MAIL_FOLDERS_LISTED]:
            role = role_of((flag.decode("ascii", "replace") for flag in flags), str(name))
            if role is not None:
                found.append((str(name), role))
        order: dict[Role, int] = {"inbox": 0, "spam": 1, "promotions": 2, "other": 3}
        found.sort(key=lambda folder: order[folder[1]])
        yield from found[: limits.MAIL_FOLDERS]

    def _promoted(self, tag: str, role: Role) -> frozenset[int]:
        """Gmail keeps its tabs inside the inbox: which messages stand under Promotions."""
        if role != "inbox" or not self._client.has_capability("X-GM-EXT-1"):
            return frozenset()
        return frozenset(self._client.gmail_search(f"category:promotions to:{tag}"))

    def _fetch(self, uid: int, folder: str, role: Role) -> Arrived | None:
        part = f"BODY.PEEK[]<0.{limits.MAIL_BYTES}>"
        answer: Any = self._client.fetch([uid], [b"INTERNALDATE", part]).get(uid, {})
        raw = next((value for key, value in answer.items() if key.startswith(b"BODY[]")), None)
        when = answer.get(b"INTERNALDATE")
        if not isinstance(raw, bytes) or not isinstance(when, datetime):
            return None
        return Arrived(folder, role, when.astimezone(UTC), raw[: limits.MAIL_BYTES])

    def _idle(self, seconds: float) -> None:
        self._woken.clear()
        size = _size(self._client.select_folder("INBOX", readonly=True))
        if self._inbox is not None and size != self._inbox:
            return  # new since we looked, and IDLE tells only of what comes later
        self._client.idle()
        try:
            left = seconds
            while left > 0 and not self._woken.is_set():
                news = self._client.idle_check(timeout=min(1.0, left))
                if any(len(line) > 1 and line[1] in (b"EXISTS", b"RECENT") for line in news):
                    return
                left -= 1.0
        finally:
            self._client.idle_done()


def _size(picked: Mapping[bytes, object]) -> object:
    """What grows with each new message: UIDNEXT, or the count where a server leaves it out."""
    return picked.get(b"UIDNEXT") or picked.get(b"EXISTS")


async def open_mailbox(
    place: Place, host: str, context: ssl.SSLContext, login: Login
) -> Mailbox | Unreachable:
    """Sign in at an inbox over TLS. `place` is where `host` is reached.

    `Unreachable` says why not: "wrong-password" when the server refuses the sign-in, "untrusted"
    for a bad certificate, else what went wrong on the way. No secret stands in any of it.
    """
    connection = await _or_reason(_connect(place))
    if isinstance(connection, Unreachable):
        return connection
    box = Mailbox(connection)
    try:
        failure = await box.sign_in(host, context, login)
    except BaseException:
        await box.close()
        raise
    if failure is not None:
        await box.close()
    return failure or box


async def _connect(place: Place) -> socket.socket:
    """A connection, made without a thread, so that who is cancelled need not wait for it."""
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        async with asyncio.timeout(limits.CONNECT):
            await asyncio.get_running_loop().sock_connect(connection, place)
        connection.settimeout(limits.CONNECT)  # each step of the handshake
    except BaseException:
        connection.close()
        raise
    return connection


async def _or_reason(work: Awaitable[T]) -> T | Unreachable:
    """What it gives; what goes wrong becomes a reason."""
    try:
        return await work
    except TimeoutError:
        return Unreachable("timeout", "mailbox")
    except LoginError:
        return Unreachable("wrong-password", "mailbox")
    except ssl.SSLCertVerificationError:
        return Unreachable("untrusted", "mailbox")
    except ConnectionRefusedError:
        return Unreachable("refused", "mailbox")
    except (ConnectionError, ssl.SSLEOFError, EOFError, imaplib.IMAP4.abort):
        return Unreachable("reset", "mailbox")
    except (IMAPClientError, imaplib.IMAP4.error, ssl.SSLError, ValueError, MemoryError):
        return Unreachable("garbled", "mailbox")
    except OSError as error:
        return Unreachable("unreachable", error.strerror or "mailbox")


class _Client(IMAPClient):  # type: ignore[misc]  # IMAPClient has no types
    """Speaks over a connection of ours, and bounds what a server may send."""

    def __init__(self, connection: socket.socket, host: str, context: ssl.SSLContext) -> None:
        self._opened = connection
        super().__init__(
            host,
            port=PORT,
            ssl=True,
            ssl_context=context,
            timeout=SocketTimeout(limits.CONNECT, limits.MAIL_READ),
        )
        self.normalise_times = False  # the server's time, with its zone

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - IMAPClient's own name
        return _Connection(self._opened, self.host, self.ssl_context)


class _Connection(imaplib.IMAP4):
    def __init__(self, connection: socket.socket, host: str, context: ssl.SSLContext) -> None:
        self._opened = connection
        self._context = context
        super().__init__(host, PORT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._context.wrap_socket(self._opened, server_hostname=self.host)

    def read(self, size: int) -> bytes:
        """A literal of a size that the server chose: never more than we would keep."""
        if size > limits.MAIL_BYTES + 65536:
            raise self.abort(f"a literal of {size} bytes")
        data = super().read(size)
        if len(data) < size:
            raise self.abort("cut off inside a literal")
        return data
