"""The password store: backends that are missing, locked, plain or stuck; and no value shown."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from types import ModuleType

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked, PasswordSetError

from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import Options, limits
from launchready_tui.world.credentials import (
    CLOUDFLARE_TOKEN,
    TEST_SESSION,
    Credential,
    CredentialError,
    Credentials,
    InMemory,
    SystemKeyring,
    Vault,
    fits,
)

VALUE = "a-made-up-value-4711"
DOMAIN = "harbor.example"
TODAY = date(2026, 11, 24)
Use = Callable[[KeyringBackend], None]


def made(kind: Callable[..., KeyringBackend]) -> KeyringBackend:
    """A backend; keyring leaves the `__init__` of its own without types."""
    return kind()


class Working(KeyringBackend):
    priority = 1.0

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class Locked(Working):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")


class Talkative(Working):
    """Quotes what it was given, as no backend should."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(f"cannot keep {password}")


class Stuck(Working):
    """Waits for somebody to type the password of the store."""

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(30)
        return None


@pytest.fixture
def use() -> Iterator[Use]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


async def asked(source: Credentials) -> Credential | Unreachable:
    vault = Vault(source)
    try:
        return await vault.get(CLOUDFLARE_TOKEN, DOMAIN)
    finally:
        await vault.close()


async def test_what_is_kept_comes_back_with_its_day(use: Use) -> None:
    use(Working())
    store = SystemKeyring()
    assert store.read(CLOUDFLARE_TOKEN, DOMAIN) is None
    assert await asked(store) == Unreachable("no-token", CLOUDFLARE_TOKEN)
    store.write(CLOUDFLARE_TOKEN, DOMAIN, VALUE, TODAY)
    assert await asked(store) == Credential(VALUE, TODAY)
    assert store.read(CLOUDFLARE_TOKEN, "other.example") is None
    assert store.forget(CLOUDFLARE_TOKEN, DOMAIN)
    assert not store.forget(CLOUDFLARE_TOKEN, DOMAIN)


async def test_a_value_that_another_tool_put_there_counts_too(use: Use) -> None:
    backend = Working()
    use(backend)
    backend.set_password("launchready", f"{CLOUDFLARE_TOKEN}@{DOMAIN}", VALUE)
    assert await asked(SystemKeyring()) == Credential(VALUE, None)


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (made(fail.Keyring), "no-token"),
        (made(null.Keyring), "no-token"),
        (Locked(), "locked-store"),
    ],
    ids=["none", "null", "locked"],
)
async def test_a_store_that_cannot_be_read_gives_a_reason(
    use: Use, backend: KeyringBackend, reason: str
) -> None:
    use(backend)
    reply = await asked(SystemKeyring())
    assert isinstance(reply, Unreachable)
    assert reply.reason == reason


async def test_a_store_that_asks_somebody_holds_nobody_up(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(Stuck())
    monkeypatch.setattr(limits, "KEYRING", 0.1)
    started = time.perf_counter()
    reply = await asked(SystemKeyring())
    assert isinstance(reply, Unreachable)
    assert reply.reason == "locked-store"
    assert time.perf_counter() - started < 5


def test_a_plain_file_is_no_store(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("keyrings.alt.file")
    monkeypatch.setitem(sys.modules, "keyrings.alt.file", module)
    plain = type("PlaintextKeyring", (Working,), {"__module__": "keyrings.alt.file"})
    use(plain())
    with pytest.raises(CredentialError) as caught:
        SystemKeyring().write(CLOUDFLARE_TOKEN, DOMAIN, VALUE, TODAY)
    assert "plain file" in str(caught.value)


@pytest.mark.parametrize(
    "backend", [Talkative(), made(null.Keyring)], ids=["talkative", "swallows"]
)
def test_no_failure_holds_the_value(use: Use, backend: KeyringBackend) -> None:
    use(backend)
    with pytest.raises(CredentialError) as caught:
        SystemKeyring().write(CLOUDFLARE_TOKEN, DOMAIN, VALUE, TODAY)
    assert VALUE not in "".join(traceback.format_exception(caught.value))
    assert VALUE not in repr(caught.value)


def test_nothing_that_holds_a_value_shows_it() -> None:
    source = InMemory({(CLOUDFLARE_TOKEN, DOMAIN): VALUE})
    for shown in (source, Options(credentials=source), source.read(CLOUDFLARE_TOKEN, DOMAIN)):
        assert VALUE not in repr(shown)
        assert VALUE not in str(shown)


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        (CLOUDFLARE_TOKEN, "YQSn-xWAQiiEh9qM58wZNnyQS7FUdoqGIUAbrh7T", True),
        (CLOUDFLARE_TOKEN, "cfat_0123456789abcdef", True),
        (CLOUDFLARE_TOKEN, "token\r\nX-Other: 1", False),
        (CLOUDFLARE_TOKEN, "", False),
        (TEST_SESSION, "session=abc", True),
        (TEST_SESSION, "session=abc; other=d-e_f", True),
        (TEST_SESSION, "session=a b", False),
        (TEST_SESSION, "session=a;b", False),
        (TEST_SESSION, "session=a\r\nX-Other: 1", False),
        (TEST_SESSION, "no pair", False),
    ],
)
def test_what_may_stand_in_a_request(name: str, value: str, good: bool) -> None:
    assert fits(name, value) is good
