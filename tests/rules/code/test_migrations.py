"""Migrations: which tool keeps them, what runs them at a release, and what they lose."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.code.delivery import delivery
from launchready_tui.rules.code.migrations import Judged, Migrations, judge, migrations
from tests.every import every

Tree = Mapping[str, str]
PACKAGE = "package.json"


def found(tree: Tree) -> Migrations:
    return migrations(tree)


def judged(tree: Tree, *hosted: str) -> Judged:
    deploy_paths = delivery(tree)
    seen = migrations(tree, deploy_paths, hosted)
    return judge(
        seen, (*(deploy_path.platform for deploy_path in deploy_paths.deploy_paths), *hosted)
    )


def scripts(**given: str) -> str:
    pairs = ", ".join(f'"{name}": "{text}"' for name, text in given.items())
    return f'{{"scripts": {{{pairs}}}}}'


PRISMA = {
    "prisma/schema.prisma": "",
    "prisma/migrations/20260101_a/migration.sql": "CREATE TABLE a (id int);",
}
TOOLS: Mapping[str, tuple[Tree, str, str]] = {
    "alembic": (
        {"alembic.ini": "", "alembic/versions/a1_x.py": "revision = 'a1'\n"},
        "Alembic",
        "alembic upgrade head",
    ),
    "flask": (
        {"migrations/env.py": "", "migrations/versions/a1_x.py": "revision = 'a1'\n"},
        "Alembic",
        "flask db upgrade",
    ),
    "django": (
        {"manage.py": "", "shop/migrations/0001_initial.py": ""},
        "Django",
        "python manage.py migrate --noinput",
    ),
    "prisma": (PRISMA, "Prisma", "npx prisma migrate deploy"),
    "drizzle": (
        {"drizzle.config.ts": "", "drizzle/0000_x.sql": "SELECT 1;"},
        "Drizzle",
        "npx drizzle-kit migrate",
    ),
    "knex": (
        {"knexfile.js": "", "migrations/2026_x.js": ""},
        "Knex",
        "npx knex migrate:latest --env production",
    ),
    "rails": ({"db/migrate/2026_x.rb": ""}, "Rails", "bin/rails db:migrate"),
    "flyway": ({"sql/V1__x.sql": "SELECT 1;"}, "Flyway", "flyway -url=$URL migrate"),
    "liquibase": (
        {"liquibase.properties": "", "db/changelog/one.xml": "<databaseChangeLog/>"},
        "Liquibase",
        "liquibase --defaults-file=x update",
    ),
    "supabase": (
        {"supabase/migrations/2026_x.sql": "SELECT 1;"},
        "Supabase",
        "supabase db push",
    ),
    "sequelize": (
        {".sequelizerc": "", "migrations/2026-x.js": ""},
        "Sequelize",
        "npx sequelize-cli db:migrate",
    ),
    "typeorm": (
        {PACKAGE: '{"dependencies": {"typeorm": "1"}}', "src/migrations/1700000000000-x.ts": ""},
        "TypeORM",
        "npx typeorm-ts-node-commonjs -d x.ts migration:run",
    ),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_is_known_and_so_is_its_command(tool: str) -> None:
    files, name, command = TOOLS[tool]
    assert [kept.tool.name for kept in found(files).kept] == [name]
    assert judged(files).name == "by-hand"
    released = {**files, "Procfile": f"web: x\nrelease: {command}\n"}
    seen = judged(released)
    assert seen.name == "ok"
    assert seen.run is not None
    assert (seen.run.moment, seen.run.command, seen.run.line) == ("release", command, 2)


@pytest.mark.parametrize("tool", TOOLS)
def test_the_command_that_we_advise_is_one_that_we_know(tool: str) -> None:
    files, _, _ = TOOLS[tool]
    (kept,) = found(files).kept
    assert kept.tool.applies.search(kept.tool.command)


MIGRATE = "npx prisma migrate deploy"
JOB = """on: {push: {branches: [main]}}
jobs:
  ship:
    steps:
      - run: npx prisma migrate deploy
      - run: fly deploy
"""
RELEASES: Mapping[str, tuple[Tree, str]] = {
    "fly": ({"fly.toml": f"[deploy]\nrelease_command = '{MIGRATE}'"}, "release"),
    "procfile": ({"Procfile": f"release: {MIGRATE}"}, "release"),
    "render": (
        {"render.yaml": f"services:\n  - type: web\n    preDeployCommand: {MIGRATE}"},
        "release",
    ),
    "railway": (
        {"railway.json": f'{{"deploy": {{"preDeployCommand": ["{MIGRATE}"]}}}}'},
        "release",
    ),
    "railway toml": ({"railway.toml": f"[deploy]\npreDeployCommand = '{MIGRATE}'"}, "release"),
    "heroku": ({"heroku.yml": f"release:\n  command: [{MIGRATE}]"}, "release"),
    "start": ({PACKAGE: scripts(start=f"{MIGRATE} && node x")}, "start"),
    "prestart": ({PACKAGE: scripts(prestart=MIGRATE, start="node x")}, "start"),
    "build": ({PACKAGE: scripts(build=f"{MIGRATE} && x")}, "build"),
    "postinstall": ({PACKAGE: scripts(postinstall=MIGRATE)}, "build"),
    "script of a script": (
        {PACKAGE: scripts(start="npm run db && node x", db="prisma migrate deploy")},
        "start",
    ),
    "docker": ({"Dockerfile": f'FROM a\nCMD ["sh", "-c", "{MIGRATE} && node x"]'}, "start"),
    "docker script": (
        {
            "Dockerfile": 'FROM a\nCOPY . .\nENTRYPOINT ["/app/entrypoint.sh"]',
            "entrypoint.sh": f"#!/bin/sh\nset -e\n{MIGRATE}\nexec node x\n",
        },
        "start",
    ),
    "docker script elsewhere": (
        {
            "Dockerfile": 'FROM a\nENTRYPOINT ["/usr/local/bin/start.sh"]',
            "docker/start.sh": f"{MIGRATE}\n",
        },
        "start",
    ),
    "workflow": ({".github/workflows/x.yml": JOB}, "workflow"),
    "workflow of its own": (
        {
            ".github/workflows/migrate.yml": "on: {push: {branches: [main]}}\n"
            f"jobs: {{a: {{steps: [{{run: {MIGRATE}}}]}}}}"
        },
        "workflow",
    ),
    "make": ({"Procfile": "release: make db", "Makefile": f"db:\n\t{MIGRATE}\n"}, "release"),
}


@every("case", RELEASES)
def test_a_release_runs_them(case: str) -> None:
    files, moment = RELEASES[case]
    seen = judged({**PRISMA, **files})
    assert seen.name == "ok"
    assert seen.run is not None
    assert seen.run.moment == moment


NO_RELEASES: Mapping[str, Tree] = {
    "tests with a database of their own": {
        ".github/workflows/test.yml": "on: {push: {branches: [main]}}\n"
        f"jobs: {{a: {{services: {{db: {{image: x}}}}, steps: [{{run: {MIGRATE}}}]}}}}"
    },
    "a review": {
        ".github/workflows/x.yml": JOB.replace("push: {branches: [main]}", "pull_request: ")
    },
    "a script of a person": {PACKAGE: scripts(migrate=MIGRATE)},
    "an earlier stage": {"Dockerfile": f"FROM a\nCMD {MIGRATE}\nFROM b\nCMD node x"},
    "a comment": {"Procfile": "web: ./x.sh", "x.sh": f"# {MIGRATE}\nnode x\n"},
    "Docker for work": {"Dockerfile.dev": f"FROM a\nCMD {MIGRATE}"},
    "the start at Vercel": {"vercel.json": "{}", PACKAGE: scripts(start=MIGRATE)},
    "an example": {"examples/a/Procfile": f"release: {MIGRATE}"},
}


@pytest.mark.parametrize("case", NO_RELEASES)
def test_no_release_runs_them(case: str) -> None:
    assert judged({**PRISMA, **NO_RELEASES[case]}).name == "by-hand"


def test_no_migrations_is_fine() -> None:
    assert judged({}).name == "none"
    assert judged({"prisma/schema.prisma": "", PACKAGE: scripts(build="x")}).name == "none"


def test_a_tool_that_only_pushes_by_hand() -> None:
    tree = {"prisma/schema.prisma": "", PACKAGE: scripts(db="prisma db push")}
    assert judged(tree).name == "by-hand"


SHARED: Mapping[str, tuple[Tree, str]] = {
    "vercel build": ({"vercel.json": "{}", PACKAGE: scripts(build=f"{MIGRATE} && x")}, "in-build"),
    "vercel command": ({"vercel.json": f'{{"buildCommand": "{MIGRATE} && x"}}'}, "in-build"),
    "vercel's own script": (
        {"vercel.json": "{}", PACKAGE: scripts(**{"vercel-build": MIGRATE, "build": "x"})},
        "in-build",
    ),
    "netlify": ({"netlify.toml": f"[build]\ncommand = '{MIGRATE}'"}, "in-build"),
    "netlify, live only": (
        {"netlify.toml": f"[build]\ncommand = 'x'\n[context.production]\ncommand = '{MIGRATE}'"},
        "ok",
    ),
    "asked first": (
        {
            "vercel.json": "{}",
            PACKAGE: scripts(build=f"[ $VERCEL_ENV = production ] && {MIGRATE}; x"),
        },
        "ok",
    ),
    "asked in a script": (
        {
            "vercel.json": "{}",
            PACKAGE: scripts(build="sh build.sh"),
            "build.sh": f'if [ "$VERCEL_ENV" = "production" ]; then\n{MIGRATE}\nfi\n',
        },
        "ok",
    ),
    "another host": ({"render.yaml": "", PACKAGE: scripts(build=MIGRATE)}, "ok"),
}


@pytest.mark.parametrize("case", SHARED)
def test_a_build_that_previews_share(case: str) -> None:
    files, name = SHARED[case]
    assert judged({**PRISMA, **files}).name == name


def test_the_platform_may_be_known_from_its_answers() -> None:
    tree = {**PRISMA, PACKAGE: scripts(build=MIGRATE)}
    assert judged(tree).name == "ok"
    assert judged(tree, "vercel").name == "in-build"


PUSHES = (
    "npx prisma db push",
    "prisma migrate dev",
    "npx drizzle-kit push",
    "drizzle-kit push:pg",
    "typeorm schema:sync",
)
WIPES = (
    "npx prisma migrate reset --force",
    "prisma db push --force-reset",
    "rails db:reset",
    "bundle exec rake db:schema:load",
    "python manage.py flush --no-input",
    "supabase db reset --linked",
    "flyway -url=x clean",
    "typeorm schema:drop",
)


@pytest.mark.parametrize("command", PUSHES)
def test_a_change_without_a_file(command: str) -> None:
    assert judged({"Procfile": f"release: {command}"}).name == "pushes"
    assert judged({PACKAGE: scripts(build=f"{command} && x")}).name == "pushes"
    assert judged({PACKAGE: scripts(dev=command)}).name == "none"


@pytest.mark.parametrize("command", WIPES)
def test_a_release_that_empties(command: str) -> None:
    assert judged({**PRISMA, "Procfile": f"release: {command}"}).name == "wipes"
    assert judged({PACKAGE: scripts(reset=command)}).name != "wipes"


def test_only_the_newest_ten_are_looked_at_and_by_number() -> None:
    drop = "ALTER TABLE a DROP COLUMN b;"
    tree = {f"supabase/migrations/{n}_x.sql": "SELECT 1;" for n in range(2, 12)}
    tree["Procfile"] = "release: supabase db push"
    assert judged({**tree, "supabase/migrations/1_x.sql": drop}).name == "ok"
    newest = {**tree, "supabase/migrations/12_x.sql": drop}
    assert judged(newest).name == "destructive"
    (lost,) = found(newest).lost
    assert (lost.path, lost.loss.line) == ("supabase/migrations/12_x.sql", 1)


def test_alembics_files_are_put_in_their_order() -> None:
    names = [f"r{n}" for n in range(14)]
    tree = {"alembic.ini": ""}
    for place, name in enumerate(names):
        before = f"'{names[place - 1]}'" if place else "None"
        drops = "    op.drop_table('x')\n" if place in (0, 13) else "    pass\n"
        # the name of the file says the opposite of the order
        tree[f"alembic/versions/{99 - place}_x.py"] = (
            f"revision: str = '{name}'\ndown_revision = {before}\ndef upgrade():\n{drops}"
        )
    assert [one.path for one in found(tree).lost] == ["alembic/versions/86_x.py"]


def test_spring_runs_them_at_its_start() -> None:
    tree = {
        "src/main/resources/db/migration/V1__x.sql": "SELECT 1;",
        "pom.xml": "<artifactId>flyway-core</artifactId>",
    }
    assert judged(tree).name == "ok"


def test_a_migration_that_can_not_be_read_is_reported() -> None:
    tree = {"manage.py": "", "shop/migrations/0002_x.py": "def ("}
    assert found(tree).unread == ("shop/migrations/0002_x.py",)


HOSTILE = {
    "deep": "[" * 5_000,
    "long line": "x" * 1_000_000,
    "nul": "release: x\0",
    "bomb": "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "alembic": "alembic -a -a " * 20_000,
    "knex": "knex --a a " * 20_000,
    "flyway": "flyway " * 30_000,
    "from": "FROM a\nCMD b\n" * 20_000,
}  # fmt: skip
PATHS = (PACKAGE, "Procfile", "fly.toml", "render.yaml", "railway.json", "vercel.json",
         "netlify.toml", "amplify.yml", "Dockerfile", "heroku.yml", "pom.xml",
         "prisma/migrations/1/migration.sql", "alembic/versions/a.py", "alembic.ini",
         "db/migrate/1_x.rb", "migrations/1.js", "knexfile.js", "manage.py",
         "shop/migrations/0001_x.py", ".github/workflows/deploy.yml")  # fmt: skip


@every("path", PATHS)
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_read_in_good_time(case: str, path: str) -> None:
    begun = time.process_time()
    judged({**PRISMA, "db.sh": HOSTILE[case], path: HOSTILE[case]})
    assert time.process_time() - begun < 15


PIECES = st.lists(
    st.sampled_from(
        ["release: ", "web: ", "npx prisma migrate deploy", "prisma db push", "\n", " && ", "CMD ",
         "FROM a\n", '{"scripts": {"build": "', '"}}', "[deploy]\n", "release_command = '", "'",
         "services:\n", "  - preDeployCommand: ", "\0", "op.drop_table('x')", "def upgrade():\n"]
    ),
    max_size=12,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(PATHS), st.text(max_size=200) | PIECES.map("".join), max_size=6)
)
def test_any_tree_is_judged(tree: dict[str, str]) -> None:
    assert judged(tree).name


def _released(script: str) -> Tree:
    return {**PRISMA, "Procfile": "release: sh r.sh", "r.sh": f"{script}\nprisma migrate deploy\n"}


SURE: Mapping[str, tuple[Tree, str]] = {
    "it runs": (_released("prisma migrate reset"), "wipes"),
    "an echo": (_released("echo 'to begin anew: prisma migrate reset'"), "ok"),
    "an echo before": (_released("echo now && prisma migrate reset"), "wipes"),
    "inside an if": (_released('if [ "$X" = 1 ]; then\n  prisma migrate reset\nfi'), "ok"),
    "after an if": (_released("if a; then\n  b\nfi\nprisma migrate reset"), "wipes"),
    "an if on one line": (_released("if a; then prisma db push; fi\nprisma db push"), "pushes"),
    "a question": (_released('[ "$X" = 1 ] && prisma migrate reset'), "ok"),
    "a name of their own": (
        {**PRISMA, "Procfile": "release: npm run db:setup",
         PACKAGE: scripts(**{"db:setup": "prisma migrate deploy"})},
        "ok",
    ),
    "Rails": ({"db/migrate/1_a.rb": "", "Procfile": "release: bin/rails db:schema:load"}, "wipes"),
    "Rake": ({"db/migrate/1_a.rb": "", "Procfile": "release: bundle exec rake db:reset"}, "wipes"),
    "Maven cleans its own folder": (
        {"V1__a.sql": "", "Procfile": "release: mvn flyway:migrate clean"}, "ok"
    ),
    "Maven cleans the database": (
        {"V1__a.sql": "", "Procfile": "release: mvn flyway:clean flyway:migrate"}, "wipes"
    ),
    "a person presses": (
        {**PRISMA, ".github/workflows/reset.yml": "on: workflow_dispatch\njobs: {a: {environment: "
         "production, steps: [{run: npx prisma migrate reset}]}}"},
        "by-hand",
    ),
    "a job of tests": (
        {**PRISMA, ".github/workflows/deploy.yml": "name: Deploy\non: {push: {branches: [main]}}\n"
         "jobs:\n  test: {steps: [{run: npx prisma db push}]}\n"
         "  ship: {steps: [{run: npx prisma migrate deploy}, {run: fly deploy}]}\n"},
        "ok",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SURE)
def test_only_what_surely_runs_is_a_fail(case: str) -> None:
    tree, expected = SURE[case]
    assert judged(tree).name == expected


def test_a_long_chain_of_alembic_is_put_in_order_in_good_time() -> None:
    many = 4000
    files = {
        f"alembic/versions/{many - n:05}_x.py": f"revision = 'r{n}'\ndown_revision = 'r{n - 1}'\n"
        for n in range(many)
    }
    begun = time.process_time()
    (kept,) = found({"alembic.ini": "", **files}).kept
    assert kept.files[-1] == "alembic/versions/00001_x.py"
    assert time.process_time() - begun < 5
