"""What the files of a repository tell of its settings, with a key that is made for each look."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from launchready_tui.vocabulary.secret_shapes import sure_secrets

if TYPE_CHECKING:
    from launchready_tui.rules.code.environment import Survey
    from launchready_tui.vocabulary.facts import Unreachable

# Passwords that every example has, and that open nothing.
_COMMON = frozenset({"password", "pass", "postgres", "root", "admin", "secret", "user", "mysql",
                     "test", "example", "changeme", "guest", "redis", "mongo"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What the files tell, and why those beside the code could not be read, if so."""

    survey: Survey
    unread: Unreachable | None = None


def looks_real(value: bytes) -> bool:
    """Whether a value gives itself away as one that opens something; test keys do not."""
    text = value.decode("utf-8", "replace")
    return any(
        "test" not in kind and text[start:end].lower() not in _COMMON
        for kind, (start, end) in sure_secrets(text)
    )


def look(
    tree: Mapping[str, str], env_files: Mapping[str, str], declared: Iterable[str] = (),
    must: Iterable[str] = (),
) -> Survey:  # fmt: skip
    """What the files of a repository tell of its variables.

    Values become digests under a key that is made for this call and forgotten with it.
    """
    from launchready_tui.rules.code.environment import survey  # it brings the reader of YAML along

    key = secrets.token_bytes(32)

    def digest(value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")

    return survey(
        tree, env_files, digest=digest, looks_real=looks_real, declared=declared, must=must
    )
