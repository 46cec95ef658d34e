"""The table of names, what production has not, what two copies share, and what stops a start."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import pytest

from launchready_tui.rules.code import env_start
from launchready_tui.rules.code.environment import (
    Survey,
    guarded,
    needs,
    real_examples,
    shared,
    survey,
    table,
    with_set,
)
from tests.every import every


def look(tree: Mapping[str, str], beside: Mapping[str, str] | None = None, **more: Any) -> Survey:
    def digest(value: bytes) -> bytes:
        return hmac.digest(b"test", value, hashlib.sha256)

    return survey(
        tree,
        beside,
        digest=digest,
        looks_real=lambda value: value.startswith(b"sk_live_"),
        **more,
    )


CODE = {"src/a.js": "process.env.NEED; process.env.ALSO;\nprocess.env.CAN ?? 1"}


def test_a_row_tells_who_reads_a_name_and_who_is_given_it() -> None:
    tree = CODE | {
        "b.js": "process.env.NEED ?? 1",
        ".env.example": "NEED=\nONLY_LISTED=\n",
        "fly.toml": "[env]\nNEED = 'x'\n",
        ".github/workflows/a.yml": "env: {NEED: 1, CODECOV_TOKEN: x}",
    }
    rows = {row.name: row for row in table(look(tree, {".env.staging": "NEED=1"}))}
    assert list(rows) == ["ALSO", "CAN", "NEED", "ONLY_LISTED"]
    need = rows["NEED"]
    assert (need.code, need.example, need.staging, need.production, need.ci) == (
        "required", True, True, True, True)  # fmt: skip
    assert need.places == (("src/a.js", 1), ("b.js", 1))
    assert rows["CAN"].code == "optional"
    assert rows["CAN"].places == (("src/a.js", 2),)
    assert rows["ONLY_LISTED"].code == ""


def test_what_was_not_seen_is_not_called_lacking() -> None:
    found = needs(look(CODE | {".env.example": "NEED="}))
    assert (found.required, found.in_example, found.nowhere) == (
        ("ALSO", "NEED"), ("NEED",), ("ALSO",))  # fmt: skip
    assert found.on_list == found.lacking == ()


def test_a_name_on_the_projects_list_is_missing_when_no_file_gives_it() -> None:
    found = needs(look(CODE, must=["NEED", "NOT_READ", "no name"]))
    assert found.on_list == ("NEED", "NOT_READ")
    assert found.nowhere == ("ALSO",)


def test_production_files_that_the_project_names_are_taken_at_their_word() -> None:
    beside = {".env.production": "NEED=1"}
    found = needs(look(CODE, beside, declared=["./.env.production"]))
    assert (found.lacking, found.unseen) == (("ALSO",), ("ALSO",))
    # Any name will do where it says nothing else; and other files still count.
    found = needs(
        look(CODE | {"deploy/x": "NEED=1", "fly.toml": "[env]\nALSO=1"}, declared=["deploy/x"])
    )
    assert found.unseen == ()


@pytest.mark.parametrize("declared", [[".env.production", "gone.env"], [".env.staging"], []])
def test_where_one_of_them_was_not_read_nothing_is_missing_for_sure(declared: list[str]) -> None:
    beside = {".env.production": "NEED=1", ".env.staging": "NEED=1"}
    found = needs(look(CODE, beside, declared=declared))
    assert (found.lacking, found.nowhere) == ((), ("ALSO",))


def test_a_plain_env_file_counts_where_git_keeps_it() -> None:
    assert needs(look(CODE | {".env": "NEED=1\nALSO=1"})).unseen == ()
    assert needs(look(CODE, {".env": "NEED=1\nALSO=1"})).unseen == ("ALSO", "NEED")


def test_in_a_run_of_ci_only_what_arrived_counts() -> None:
    workflow = "jobs: {a: {environment: production, env: {NEED: '${{ secrets.NEED }}'}}}"
    found = look(CODE | {".github/workflows/a.yml": workflow, "fly.toml": "[env]\nALSO=1"})
    assert needs(found).unseen == ()
    assert needs(with_set(found, [], "this run")).lacking == ("NEED",)
    assert needs(with_set(found, ["NEED"], "this run")).unseen == ()


def test_shared_secrets_databases_and_servers() -> None:
    url = "postgres://app:{}@db.harbor.example:5432/{}"
    staging = f"A_KEY=same-1234-abcd\nPLAIN=same-1234\nDATABASE_URL={url.format('one1', 'shop')}\n"
    both = {
        ".env.staging": staging + "OWN_KEY=aaaa-1111",
        ".env.production": "STRIPE_KEY=same-1234-abcd\nPLAIN=same-1234\nOWN_KEY=bbbb-2222\n"
        f"DATABASE_URL={url.format('two2', 'shop')}\n",
    }
    found = shared(look(both))
    assert [(each.kind, each.name, each.other) for each in found] == [
        ("secret", "A_KEY", "STRIPE_KEY"),
        ("database", "DATABASE_URL", "DATABASE_URL"),
    ]
    apart = both | {".env.staging": f"DATABASE_URL={url.format('one1', 'test')}"}
    assert [each.kind for each in shared(look(apart))] == ["server"]
    assert shared(look({".env.production": both[".env.production"]})) == ()


def test_sections_of_one_file_are_compared_too() -> None:
    wrangler = (
        '[env.staging.vars]\nA_TOKEN = "abcd1234"\n[env.production.vars]\nA_TOKEN = "abcd1234"\n'
    )
    (one,) = shared(look({"wrangler.toml": wrangler}))
    assert (one.kind, one.staging, one.production) == ("secret", "wrangler.toml", "wrangler.toml")


def test_real_values_in_an_example() -> None:
    tree = {
        ".env.example": "A_KEY=sk_live_abc123\nB_KEY=like-production-1\nC_KEY=todo\nD_KEY=o-11",
        ".env.production": "X_KEY=like-production-1",
    }
    assert [each.name for each in real_examples(look(tree))] == ["A_KEY", "B_KEY"]


# ------------------------------------------------------------------ what stops a start

T3 = "export const env = createEnv({ server: { NEED: z.string() } })"
SETTINGS = "class Settings(BaseSettings):\n    need: str\n"
STARTS = {
    "conventional place": ({"src/env.ts": T3}, "t3-env"),
    "imported": ({"next.config.mjs": "import './src/lib/a.js'", "src/lib/a.ts": T3}, "t3-env"),
    "imported, two steps": (
        {"server.js": "require('./a')", "a.js": "export * from '~/lib/b'", "src/lib/b.ts": T3},
        "t3-env",
    ),
    "alias in an app": (
        {"apps/web/src/app/layout.tsx": 'import { env } from "@/lib/vars"',
         "apps/web/src/lib/vars.ts": "cleanEnv(process.env, { NEED: str() })"},
        "envalid",
    ),
    "never imported": ({"src/lib/unused.ts": T3, "server.js": ""}, None),
    "only in a test": ({"tests/env.test.ts": T3}, None),
    "a comment": ({"server.js": "// import './lib'", "lib.ts": T3}, None),
    "parse handed back": (
        {"src/env.ts": "z.object({ NEED: z.string() }).safeParse(process.env)"}, None),
    "python settings": ({"shop/settings.py": SETTINGS}, "pydantic-settings"),
    "python, imported": (
        {"shop/main.py": "from shop.core import config", "shop/core/config.py": SETTINGS},
        "pydantic-settings",
    ),
    "python, relative": (
        {"app/main.py": "from .conf import x", "app/conf.py": SETTINGS}, "pydantic-settings"),
    "python, never": ({"app/main.py": "import os", "app/conf.py": SETTINGS}, None),
    "python, at once": ({"settings.py": "import os\nK = os.environ['NEED']"},
                        "a setting read at the start"),
    "python, later": ({"settings.py": "import os\ndef f():\n    return os.environ['NEED']"}, None),
    "python, if": ({"settings.py": "import os\nif X:\n    K = os.environ['NEED']"}, None),
    "rails": ({"config/initializers/a.rb": "X = ENV.fetch('NEED')"}, "ENV.fetch"),
    "entrypoint": ({"docker/entrypoint.sh": ': "${NEED:?}"'}, "${NAME:?}"),
    "dockerfile": ({"Dockerfile": "CMD serve ${NEED:?}"}, "${NAME:?}"),
    "start script": ({"package.json": '{"scripts": {\n"start": "x ${NEED:?}"\n}}'}, "${NAME:?}"),
    "other script": ({"package.json": '{"scripts": {\n"test": "x ${NEED:?}"\n}}'}, None),
    "some script": ({"scripts/notes.sh": ': "${NEED:?}"'}, None),
    "our guard": ({".github/workflows/a.yml": "- run: launchready guard env --here"},
                  "launchready guard env"),
    "our guard, gitlab": ({".gitlab-ci.yml": "- launchready guard env"}, "launchready guard env"),
    "our guard, off": ({".github/workflows/a.yml": "# - run: launchready guard env"}, None),
    "our guard, in a text": ({"README.md": "launchready guard env"}, None),
}  # fmt: skip


@every("case", STARTS)
def test_what_stops_a_start(case: str) -> None:
    tree, kind = STARTS[case]
    assert [each.kind for each in look(tree).guards] == ([kind] if kind else [])


def test_how_many_needed_names_are_covered() -> None:
    found = look({"src/env.ts": T3, "src/a.js": "process.env.OTHER"})
    assert (guarded(found), found.required) == (("NEED",), ("NEED", "OTHER"))


def test_imports_in_a_circle_end() -> None:
    tree = {"server.js": "import './a'", "a.js": "import './b'", "b.js": "import './a'"}
    assert env_start.at_start(tree, []) == ()


def test_a_large_tree_costs_little() -> None:
    import time

    tree = {f"src/m{i}.ts": f"import './m{i + 1}'; use(process.env.NAME_{i})" for i in range(5000)}
    started = time.process_time()
    assert len(table(look(tree | {"src/index.ts": "import './m0'"}))) == 5000
    assert time.process_time() - started < 15
