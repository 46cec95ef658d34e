"""Changes of a PostgreSQL database that hold customers up: which files to look at, and what
Squawk (https://squawkhq.com/docs/rules) said about them. Its own sentences are not shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui.rules.code.config_text import aside, base_of, depth
from launchready_tui.rules.code.migration_tools import counted_in
from launchready_tui.rules.code.migrations import MOST_FOLDERS, NEWEST, Migrations

LARGEST = 200_000  # characters of one file
MOST_FILES = 40
MOST_LOCKS = 50
_NOTES = 5000  # of one answer that are looked at

_WRITES = "nothing can be saved to this table"
_CLOSED = "nobody can use this table"
SAYS: Mapping[str, str] = {
    "require-concurrent-index-creation": f"{_WRITES} while the index is made",
    "require-concurrent-index-deletion": f"{_CLOSED} until the index is gone",
    "require-concurrent-reindex": f"{_CLOSED} while the index is made again",
    "require-concurrent-partition-detach": f"{_CLOSED} until the part is cut off",
    "changing-column-type": f"{_CLOSED} while each row is written again",
    "adding-field-with-default": f"{_CLOSED} while each row is written again",
    "adding-serial-primary-key-field": f"{_CLOSED} while each row is written again",
    "adding-not-nullable-field": f"{_CLOSED} while each row is looked at",
    "constraint-missing-not-valid": f"{_WRITES} while each row is looked at",
    "adding-foreign-key-constraint": f"{_WRITES} while each row is looked at",
    "disallowed-unique-constraint": f"{_CLOSED} while the index is made",
}
# Files that tell which database it is. Where two kinds are named, we don't know.
_TELLING = re.compile(
    r"schema\.prisma|migration_lock\.toml|_journal\.json|drizzle\.config\.\w+|knexfile\.\w+"
    r"|database\.ya?ml|application[\w-]*\.(?:properties|ya?ml)|flyway\.\w+|liquibase\.properties"
    r"|\.env\.example|ormconfig\.\w+|data-source\.\w+"
)
_POSTGRES = re.compile(r"\bpostgres(?:ql)?\b|\bclient['\"]?\s*:\s*['\"]pg['\"]", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:mysql2?|mariadb|sqlite3?|better-sqlite3|libsql|turso|mssql|sqlserver|cockroachdb)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lock:
    """One statement that holds a table: its file, its line (from 1), and what it does."""

    path: str
    line: int
    rule: str

    @property
    def says(self) -> str:
        """What the statement does to the table, in words."""
        return SAYS[self.rule]


def is_postgres(tree: Mapping[str, str]) -> bool:
    """Whether the files name PostgreSQL, and no other database beside it."""
    named = False
    for path in tree:
        if path.startswith("supabase/migrations/"):
            named = True
        elif _TELLING.fullmatch(base_of(path)) and not aside(path) and depth(path) <= 5:
            text = tree[path][:LARGEST]
            if _OTHER.search(text):
                return False
            named = named or bool(_POSTGRES.search(text))
    return named


def to_look_at(tree: Mapping[str, str], found: Migrations) -> dict[str, str]:
    """The newest migrations in plain SQL, path to text, the newest first."""
    chosen: list[str] = []
    for kept in found.kept:
        folders: dict[str, list[str]] = {}
        for path in kept.files:
            if path.lower().endswith(".sql"):
                folders.setdefault(counted_in(path), []).append(path)
        for files in list(folders.values())[:MOST_FOLDERS]:
            chosen += reversed(files[-NEWEST:])
    texts = {path: tree[path] for path in dict.fromkeys(chosen)}
    fitting = {path: text for path, text in texts.items() if text and len(text) <= LARGEST}
    return dict(list(fitting.items())[:MOST_FILES])


def locks(path: str, said: str) -> tuple[Lock, ...]:
    """What Squawk's JSON tells of one file; nothing where it could not read the file as SQL.

    Its lines count from 0. One statement breaks several rules; the first that we know counts.
    """
    try:
        notes = json.loads(said)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(notes, list):
        return ()
    rows = [note for note in notes[:_NOTES] if isinstance(note, dict)]
    if any(row.get("rule_name") == "syntax-error" for row in rows):
        return ()
    found: dict[int, Lock] = {}
    for row in rows:
        rule, line = row.get("rule_name"), row.get("line")
        if isinstance(rule, str) and rule in SAYS and isinstance(line, int) and line >= 0:
            found.setdefault(line, Lock(path, line + 1, rule))
    return tuple(found[line] for line in sorted(found))[:MOST_LOCKS]
