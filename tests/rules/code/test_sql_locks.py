"""Which migrations Squawk is shown, and what of its answer is kept."""

from __future__ import annotations

import json

import pytest

from launchready_tui.rules.code.migrations import migrations
from launchready_tui.rules.code.sql_locks import LARGEST, SAYS, Lock, is_postgres, locks, to_look_at

PRISMA = {"prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n'}
FOLDER = "prisma/migrations"


def note(line: object, rule: object) -> dict[str, object]:
    return {"file": "stdin", "line": line, "rule_name": rule, "message": "its own words"}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (PRISMA, True),
        ({"supabase/migrations/1_a.sql": "select 1"}, True),
        ({"drizzle/meta/_journal.json": '{"dialect": "postgresql"}'}, True),
        ({"knexfile.js": "module.exports = { client: 'pg' }"}, True),
        ({"config/database.yml": "production:\n  adapter: postgresql\n"}, True),
        ({"config/application.properties": "spring.datasource.url=jdbc:postgresql://x"}, True),
        ({}, False),
        ({"README.md": "postgres"}, False),
        ({"examples/schema.prisma": 'provider = "postgresql"'}, False),
        ({"prisma/schema.prisma": 'provider = "mysql"'}, False),
        ({"config/database.yml": "a: sqlite3\nb: postgresql\n"}, False),
        (PRISMA | {"knexfile.js": "client: 'mysql2'"}, False),
    ],
)
def test_only_where_the_files_name_postgres_and_no_other(
    tree: dict[str, str], expected: bool
) -> None:
    assert is_postgres(tree) is expected


def test_the_newest_in_plain_sql_are_looked_at() -> None:
    files = {f"{FOLDER}/{day:08}_a/migration.sql": f"select {day};" for day in range(1, 15)}
    long = {f"{FOLDER}/00000099_a/migration.sql": " " * (LARGEST + 1)}
    tree = PRISMA | files | long
    chosen = to_look_at(tree, migrations(tree))
    assert len(chosen) == 9  # ten, without the one that is too long
    assert next(iter(chosen)) == f"{FOLDER}/00000014_a/migration.sql"
    alembic = {"alembic.ini": "", "alembic/versions/a.py": "def upgrade(): pass"}
    assert to_look_at(alembic, migrations(alembic)) == {}


def test_lines_count_from_one_and_each_statement_once() -> None:
    said = [
        note(4, "prefer-robust-stmts"),
        note(4, "constraint-missing-not-valid"),
        note(4, "disallowed-unique-constraint"),
        note(0, "require-concurrent-index-creation"),
        note(2, "prefer-text-field"),
    ]
    assert locks("a.sql", json.dumps(said)) == (
        Lock("a.sql", 1, "require-concurrent-index-creation"),
        Lock("a.sql", 5, "constraint-missing-not-valid"),
    )


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{}",
        "null",
        "[" * 100_000,
        '[1, "a", null, {}]',
        json.dumps([note(True, ["a"]), note("1", "changing-column-type")]),
        json.dumps([note(-1, "changing-column-type"), note(1, "its-own-new-rule")]),
        json.dumps([note(0, "changing-column-type"), note(3, "syntax-error")]),
    ],
)
def test_what_is_no_clear_answer_says_nothing(said: str) -> None:
    assert locks("a.sql", said) == ()


def test_every_rule_says_what_customers_meet() -> None:
    for says in SAYS.values():
        assert says.startswith(("nothing can be saved to", "nobody can use"))
