"""Tokens and cookies that we may use, kept by the system's own password store and by nothing else.

A value never stands in a file, an argument, an error or an output of ours. What is kept is one
entry a name and domain; it holds the value and the day on which it was put there.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol, TypeVar

from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.flight import Flight

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

CLOUDFLARE_TOKEN = "cloudflare"
TEST_SESSION = "test-session"
INBOX_PASSWORD = "inbox"
INBOX_TOKEN = "inbox-oauth"
# Made by us and never typed: it names secrets that a scan found, without saying what they are.
FINGERPRINT_KEY = "fingerprint-key"
# What each is, in the words of `launchready credential list`.
NAMES: Mapping[str, str] = {
    CLOUDFLARE_TOKEN: "a read-only token for Cloudflare",
    TEST_SESSION: "the cookie of a throw-away test account, as name=value",
    INBOX_PASSWORD: "the app password of a test inbox",
    INBOX_TOKEN: "an OAuth token for a test inbox",
}
# Kept for an inbox's address, not for the product's domain.
OF_INBOXES = (INBOX_PASSWORD, INBOX_TOKEN)
# What each looks like: a bearer token (RFC 6750 2.1), a Cookie header (RFC 6265 4.2.1). Anything
# else would break the request that carries it.
_PAIR = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}=[!#-+\--:<-\[\]-~]{0,4096}"
_FORMS: Mapping[str, re.Pattern[str]] = {
    CLOUDFLARE_TOKEN: re.compile(r"[0-9A-Za-z._~+/-]{8,512}=*"),
    TEST_SESSION: re.compile(rf"{_PAIR}(?:; {_PAIR}){{0,20}}"),
    INBOX_PASSWORD: re.compile(r"[ -~]{4,256}"),
    INBOX_TOKEN: re.compile(r"[0-9A-Za-z._~+/=-]{16,8192}"),
}
_SERVICE = "launchready"
# Kept in a plain file that anybody on this computer can read: no place for a token.
_PLAIN = ("keyrings.alt", "plaintext", "PlaintextKeyring")


def fits(name: str, value: str) -> bool:
    """Whether a value can be what its name says, and may stand in a request."""
    return bool(_FORMS[name].fullmatch(value))


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential. Its value stays out of every `repr`."""

    value: str = field(repr=False)
    since: date | None = None


class CredentialError(UserError):
    """The store cannot be used: says why and what to do, and never holds a value.

    `reason` is one of `checks.UNKNOWN_REASONS`.
    """

    def __init__(self, title: str, message: str, reason: str = "no-token") -> None:
        super().__init__(f"{title} {message}")
        self.title = title
        self.message = message
        self.reason = reason


class Credentials(Protocol):
    """Where credentials come from. Both may block: they run in threads."""

    def load(self) -> None:
        """Import what reading needs. The process does not end before it is done."""

    def read(self, name: str, domain: str) -> Credential | None:
        """What is kept; None when nothing is. Raises `CredentialError`."""


@dataclass(frozen=True, slots=True)
class InMemory:
    """Credentials for one run, from (name, domain) to value; those of the lab and of tests."""

    values: Mapping[tuple[str, str], str] = field(repr=False)

    def load(self) -> None:
        """There is nothing to import."""

    def read(self, name: str, domain: str) -> Credential | None:
        """The credential of this name for a domain, if there is one."""
        value = self.values.get((name, domain))
        return Credential(value) if value else None


class SystemKeyring:
    """The password store of the operating system, through `keyring`. Its first call imports it."""

    def load(self) -> None:
        """Import `keyring` and its backends, as it would, but ask none of them for anything."""
        import keyring  # noqa: F401 (so that reading does not)

        for backend in entry_points(group="keyring.backends"):
            with suppress(Exception):  # it is not for this system; keyring passes over it too
                backend.load()

    def read(self, name: str, domain: str) -> Credential | None:
        """The credential of this name for a domain, if the store has it."""
        return _parsed(_guarded(lambda store: store.get_password(_SERVICE, _place(name, domain))))

    def write(self, name: str, domain: str, value: str, since: date) -> None:
        """Keep a value, then read it back: a store may swallow what it is given."""
        entry = json.dumps({"since": since.isoformat(), "value": value})
        _guarded(lambda store: store.set_password(_SERVICE, _place(name, domain), entry))
        found = self.read(name, domain)
        if found is None or found.value != value:
            raise CredentialError(
                "Your password store took the value, but does not have it.",
                "Turn on the one of your system. What is chosen now keeps nothing.",
            )

    def forget(self, name: str, domain: str) -> bool:
        """Whether there was something to forget."""
        if self.read(name, domain) is None:
            return False
        _guarded(lambda store: store.delete_password(_SERVICE, _place(name, domain)))
        return True


class Vault:
    """What an audit may know of credentials: each is read once, for ten seconds at most.

    The store is imported in a thread that the end of the process waits for: Python aborts where
    it ends while a native module (cryptography, say) is being imported. It is asked in a thread
    that nobody waits for, as it may hang on a question of its own.
    """

    def __init__(self, source: Credentials) -> None:
        self._source = source
        self._flight: Flight[tuple[str, str], Credential | Unreachable] = Flight()

    @property
    def writes(self) -> bool:
        """Whether this is the system's store, where something new can be kept."""
        return isinstance(self._source, SystemKeyring)

    async def get(self, name: str, domain: str) -> Credential | Unreachable:
        """The credential; `Unreachable` says why there is none ("no-token": nothing is kept)."""
        return await self._flight.share((name, domain), lambda: self._read(name, domain))

    async def close(self) -> None:
        """End the questions under way."""
        await self._flight.close()

    async def _read(self, name: str, domain: str) -> Credential | Unreachable:
        try:
            async with asyncio.timeout(limits.KEYRING):
                await asyncio.to_thread(self._source.load)
                found = await _in_daemon_thread(lambda: self._source.read(name, domain))
        except TimeoutError:  # most often it waits for somebody to type its password
            return Unreachable("locked-store", name)
        except CredentialError as error:
            return Unreachable(error.reason, name)
        return found or Unreachable("no-token", name)


async def _in_daemon_thread(work: Callable[[], T]) -> T:
    """Run in a thread that nobody waits for at the end: a store may hang on a question it asks."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        def still_wanted() -> None:
            if not done.done():
                set_it()

        if not loop.is_closed():
            loop.call_soon_threadsafe(still_wanted)

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - handed on to whoever waits
            failure = error
            settle(lambda: done.set_exception(failure))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=run, name="credentials", daemon=True).start()
    return await done


def _guarded(work: Callable[[KeyringBackend], T]) -> T:
    """Do one thing with the system's store; its failures become words.

    A backend may quote in an error what it was given, so that error is not even kept as a cause.
    """
    failure: CredentialError
    try:
        import keyring

        store = keyring.get_keyring()
        _refuse_plain(store)
        return work(store)
    except Exception as error:  # noqa: BLE001 - backends raise what they like
        failure = _in_words(error)
    raise failure


def _in_words(error: Exception) -> CredentialError:
    from keyring import errors

    if isinstance(error, CredentialError):
        return error
    if isinstance(error, errors.NoKeyringError):
        return CredentialError(
            "This computer has no password store that we can use.",
            "Turn on the one of your system, or run this on a computer with a desktop.",
        )
    if isinstance(error, errors.KeyringLocked | errors.InitError):
        return CredentialError(
            "Your password store is locked.", "Unlock it and try again.", "locked-store"
        )
    return CredentialError(
        "Your password store did not answer as it should.",
        f"It failed with {type(error).__name__}. Unlock it and try again.",
        "locked-store",
    )


def _refuse_plain(store: KeyringBackend) -> None:
    first = next(iter(getattr(store, "backends", ())), store)  # of a chain, the one that is used
    kind = type(first)
    if any(part in f"{kind.__module__}.{kind.__name__}" for part in _PLAIN):
        raise CredentialError(
            "Your password store keeps everything in a plain file.",
            "Anybody on this computer could read it there. Choose another store.",
        )


def _place(name: str, domain: str) -> str:
    return f"{name}@{domain}"


def _parsed(entry: str | None) -> Credential | None:
    if not entry:
        return None
    try:
        fields = json.loads(entry)
        return Credential(str(fields["value"]), date.fromisoformat(str(fields["since"])))
    except (ValueError, TypeError, KeyError):
        return Credential(entry)  # put there by hand, with another tool
