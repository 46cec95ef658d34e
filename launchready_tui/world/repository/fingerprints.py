"""Names for secret values that say nothing of them: HMAC-SHA256 (RFC 2104) under a kept key.

The key makes them comparable from run to run on this computer, and useless to anybody who has
only the fingerprints: without a key, a short password could be guessed from its hash.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from launchready_tui.rules.secrets.leaks import Rule
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import limits
from launchready_tui.world.credentials import FINGERPRINT_KEY, CredentialError, SystemKeyring, Vault

VARIABLE = "LAUNCHREADY_FINGERPRINT_KEY"
HERE = "this computer"
_SHORTEST = 16  # characters of a key that somebody made


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """`lasting` tells whether the same value has the same fingerprint in the next run. `salt` is
    that of a list which is kept beside the code, where everybody has to find the same."""

    key: bytes = field(repr=False)
    lasting: bool
    salt: bytes = b""

    def of(self, rule: Rule, value: bytes) -> str:
        """24 hexadecimal digits for a rule's value."""
        return _hmac(self.key, rule, value)

    def named(self) -> bytes:
        """A name for the key, which says nothing of it."""
        return hmac.new(self.key, b"the key's own name", hashlib.sha256).digest()

    def mark(self, rule: Rule, value: bytes) -> str:
        """The same under the salt; "" without one."""
        return _hmac(self.salt, rule, value) if self.salt else ""


def _hmac(key: bytes, rule: Rule, value: bytes) -> str:
    return hmac.new(key, rule.id.encode() + b"\0" + value, hashlib.sha256).hexdigest()[:24]


async def open_fingerprints(vault: Vault, environ: Mapping[str, str] = os.environ) -> Fingerprints:
    """The key of the variable, else of the password store, where one is made at first; else a
    key for this run alone."""
    given = environ.get(VARIABLE, "").strip()
    if len(given) >= _SHORTEST:
        return Fingerprints(given.encode(), lasting=True)
    credential = await vault.get(FINGERPRINT_KEY, HERE)
    if not isinstance(credential, Unreachable):
        return Fingerprints(credential.value.encode(), lasting=True)
    made = secrets.token_hex(32)
    if credential.reason == "no-token" and vault.writes:
        try:
            async with asyncio.timeout(limits.KEYRING):
                await asyncio.to_thread(_keep, made)
        except (CredentialError, TimeoutError):
            return Fingerprints(made.encode(), lasting=False)
        return Fingerprints(made.encode(), lasting=True)
    return Fingerprints(made.encode(), lasting=False)


def _keep(made: str) -> None:
    SystemKeyring().write(FINGERPRINT_KEY, HERE, made, date.today())
