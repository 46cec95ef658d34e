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
from collections.abc import Callable, Iterator, Mapping
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
    """One inbox, open for as long as the test runs."""

    def __init__(self, client: IMAPClient, worker: ThreadPoolExecutor) -> None:
        self._client = client
        self._worker = worker
        self._woken = threading.Event()
        self._seen: dict[tuple[str, int, int], Arrived] = {}
        self._inbox: object = None  # how far the inbox had come at the last look

    async def look(self, tag: str, since: datetime) -> tuple[Arrived, ...] | Unreachable:
        """The messages to an address with this tag that came since then, in order of arrival.

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
        self.wake()
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._worker, self._leave)
        self._worker.shutdown(wait=False)

    async def _do(self, work: Callable[[], T]) -> T | Unreachable:
        return await _guarded(self._worker, work)

    def _leave(self) -> None:
        try:
            self._client.logout()
        except (OSError, IMAPClientError, imaplib.IMAP4.error):
            with suppress(OSError):  # closed already, then
                self._client.shutdown()

    def _look(self, tag: str, since: datetime) -> tuple[Arrived, ...]:
        for name, role in self._folders():
            picked = self._client.select_folder(name, readonly=True)
            validity = int(picked.get(b"UIDVALIDITY", 0))
            if name.upper() == "INBOX":
                self._inbox = _come(picked)
            found = self._client.search(["SINCE", since.date(), "TO", tag])
            new = [uid for uid in found[-limits.MAIL_MESSAGES :]
                   if (name, validity, uid) not in self._seen]  # fmt: skip
            promoted = self._promoted(tag, role) if new else frozenset()
            for uid in new:
                arrived = self._fetch(uid, name, "promotions" if uid in promoted else role)
                if arrived is not None:
                    self._seen[name, validity, uid] = arrived
        return tuple(sorted(self._seen.values(), key=lambda each: each.at))

    def _folders(self) -> Iterator[tuple[str, Role]]:
        """The folders where new mail can land, the inbox first."""
        found: list[tuple[str, Role]] = []
        for flags, _, name in self._client.list_folders()[: limits.MAIL_FOLDERS_LISTED]:
            role = role_of((flag.decode("ascii", "replace") for flag in flags), str(name))
            if role is not None:
                found.append((str(name), role))
        order: dict[Role, int] = {"inbox": 0, "spam": 1, "promotions": 2, "other": 3}
        found.sort(key=lambda each: order[each[1]])
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
        come = _come(self._client.select_folder("INBOX", readonly=True))
        if self._inbox is not None and come != self._inbox:
            return  # it came since we looked, and IDLE tells only of what comes later
        self._client.idle()
        try:
            left = seconds
            while left > 0 and not self._woken.is_set():
                news = self._client.idle_check(timeout=min(1.0, left))
                if any(len(each) > 1 and each[1] in (b"EXISTS", b"RECENT") for each in news):
                    return
                left -= 1.0
        finally:
            self._client.idle_done()


def _come(picked: Mapping[bytes, object]) -> object:
    """What grows with each new message: UIDNEXT, or the count where a server leaves it out."""
    return picked.get(b"UIDNEXT") or picked.get(b"EXISTS")


async def open_mailbox(
    place: Place, host: str, context: ssl.SSLContext, login: Login
) -> Mailbox | Unreachable:
    """Sign in at an inbox over TLS. `place` is where `host` is reached.

    `Unreachable` says why not: "wrong-password" when the server refuses the sign-in, "untrusted"
    for a bad certificate, else what went wrong on the way. No secret stands in any of it.
    """
    worker = ThreadPoolExecutor(1, thread_name_prefix="mailbox")
    client = await _guarded(worker, lambda: _sign_in(place, host, context, login))
    if isinstance(client, Unreachable):
        worker.shutdown(wait=False)
        return client
    return Mailbox(client, worker)


def _sign_in(place: Place, host: str, context: ssl.SSLContext, login: Login) -> IMAPClient:
    client = _Client(place, host, context)
    try:
        if login.oauth:
            client.oauth2_login(login.user, login.secret)
        else:
            client.login(login.user, login.secret)
    except BaseException:
        with suppress(OSError):
            client.shutdown()
        raise
    return client


async def _guarded(worker: ThreadPoolExecutor, work: Callable[[], T]) -> T | Unreachable:
    """Do one thing in the mailbox's thread; what goes wrong becomes a reason."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(limits.MAIL_STEP):
            return await loop.run_in_executor(worker, work)
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
    """Connects where we are told to, whatever the name, and bounds what a server may send."""

    def __init__(self, place: Place, host: str, context: ssl.SSLContext) -> None:
        self._way = place
        super().__init__(
            host,
            port=PORT,
            ssl=True,
            ssl_context=context,
            timeout=SocketTimeout(limits.CONNECT, limits.MAIL_READ),
        )
        self.normalise_times = False  # the server's time, with its zone

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - IMAPClient's own name
        return _Connection(self._way, self.host, self.ssl_context)


class _Connection(imaplib.IMAP4):
    def __init__(self, place: Place, host: str, context: ssl.SSLContext) -> None:
        self._way = place
        self._context = context
        super().__init__(host, PORT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection(self._way, timeout=limits.CONNECT)
        try:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def read(self, size: int) -> bytes:
        """A literal of a size that the server chose: never more than we would keep."""
        if size > limits.MAIL_BYTES + 65536:
            raise self.abort(f"a literal of {size} bytes")
        data = super().read(size)
        if len(data) < size:
            raise self.abort("cut off inside a literal")
        return data
