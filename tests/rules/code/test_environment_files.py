"""Names that files give, in every format; broken and hostile files; and no value ever comes out."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.code import env_platforms
from launchready_tui.rules.code.env_names import Given
from launchready_tui.rules.code.env_values import Hiding, dotenv
from launchready_tui.rules.code.environment import needs, real_examples, shared, survey, table
from tests.every import every

KEY = b"only for this test"


def digest(value: bytes) -> bytes:
    return hmac.digest(KEY, value, hashlib.sha256)


def looks_real(value: bytes) -> bool:
    return value.startswith(b"sk_live_")


HIDING = Hiding(digest, looks_real)


def given_by(path: str, text: str) -> dict[str, set[str]]:
    """The places that a file gives each name to."""
    found, unreadable = env_platforms.provided({path: text}, HIDING)
    assert not unreadable
    out: dict[str, set[str]] = {}
    for each in found:
        out.setdefault(each.name, set()).add(each.place)
    return out


# ------------------------------------------------------------------ dotenv

DOTENV = {
    "plain": ("A=1\nB = two words \n", [("A", "1"), ("B", "two words")]),
    "export": ("export A=1\n  export B=2", [("A", "1"), ("B", "2")]),
    "comments": ("# A=0\nA=1 # said\nB=#x\nC=a#b", [("A", "1"), ("B", ""), ("C", "a#b")]),
    "quotes": ("A='x # y'\nB=\"p \\\" q\" # z\nC=`r`",
               [("A", "x # y"), ("B", 'p \\" q'), ("C", "r")]),
    "lines": ('A="one\ntwo\nB=3"\nC=4', [("A", "one\ntwo\nB=3"), ("C", "4")]),
    "key": ("K='--BEGIN--\nabc\n--END--'\nA=1", [("K", "--BEGIN--\nabc\n--END--"), ("A", "1")]),
    "open quote": ("A=\"x\nB=don't\nC=3", [("A", '"x'), ("B", "don't"), ("C", "3")]),
    "empty": ("A=\nB=\"\"\nC=''", [("A", ""), ("B", ""), ("C", "")]),
    "colon": ("A: 1\nnot:this", [("A", "1")]),
    "windows": ("A=1\r\nB=2\r\n", [("A", "1"), ("B", "2")]),
    "no settings": ("hello\n=x\n1A=2\n", []),
}  # fmt: skip


@pytest.mark.parametrize("case", DOTENV)
def test_dotenv(case: str) -> None:
    text, expected = DOTENV[case]
    assert list(dotenv(text)) == expected


# ------------------------------------------------------------------ platforms

P, S, C, ANY, LOCAL, EX = "production", "staging", "ci", "any", "local", "example"
FILES = {
    "dotenv": (".env", "A=1", {"A": {ANY}}),
    "dotenv, example": (".env.example", "A=\nPORT=3", {"A": {EX}}),
    "dotenv, code": (".env.ts", "A=1", {}),
    "dotenv, sealed": (".env.vault", "A=1", {}),
    "dev vars": (".dev.vars", "A=1", {"A": {LOCAL}}),
    "actions": (
        ".github/workflows/d.yml",
        "on: push\nenv:\n  TOP: x\njobs:\n  a:\n    environment: production\n    env:\n"
        "      A: ${{ secrets.A_KEY }}\n    steps:\n      - run: x ${{ vars.B }}\n"
        "        env: {D: \"${{ secrets['E'] }}\"}\n  b:\n    environment: {name: staging}\n"
        "    env: {F: 1}\n  c:\n    env: {G: 1, T: '${{ secrets.GITHUB_TOKEN }}'}\n",
        {"TOP": {P, S, C}, "A": {P, C}, "A_KEY": {P, C}, "B": {P, C}, "D": {P, C}, "E": {P, C},
         "F": {S, C}, "G": {C}, "T": {C}},
    ),
    "actions elsewhere": ("x/.github/workflows/d.yml", "env: {A: 1}", {}),
    "gitlab": (
        ".gitlab-ci.yml",
        "variables:\n  TOP: x\n  TOLD: {value: y, description: z}\ndeploy:\n"
        "  script: [!reference [.x, script]]\n  variables: {A: 1}\n  environment: {name: prod}\n"
        "test:\n  variables: {B: 1}\n",
        {"TOP": {P, C}, "TOLD": {P, C}, "A": {P, C}, "B": {C}},
    ),
    "vercel": ("vercel.json", '{"env": {"A": "@a"}, "build": {"env": {"B": "1"}}}',
               {"A": {ANY}, "B": {ANY}}),
    "netlify": (
        "netlify.toml",
        '[build.environment]\nA = "1"\n[context.production.environment]\nB = "2"\n'
        '[context.deploy-preview.environment]\nC = "3"\n'
        '[context.staging]\nenvironment = {D = "4"}\n',
        {"A": {ANY}, "B": {P}, "C": {S}, "D": {S}},
    ),
    "fly": ("fly.toml", 'app = "x"\n[env]\nA = "1"\nB = 2\n', {"A": {P}, "B": {P}}),
    "fly, staging": ("fly.staging.toml", "[env]\nA = 1", {"A": {S}}),
    "render": (
        "render.yaml",
        "services:\n  - name: web\n    envVars:\n      - {key: A, value: x}\n"
        "      - {key: B, sync: false, previewValue: y}\n      - {fromGroup: g}\n"
        "      - key: DATABASE_URL\n        fromDatabase: {name: db, property: connectionString}\n"
        "  - name: web-staging\n    envVars: [{key: E, value: 1}]\n"
        "envVarGroups:\n  - name: g\n    envVars: [{key: F, generateValue: true}]\n",
        {"A": {P}, "B": {P, S}, "DATABASE_URL": {P}, "E": {S}, "F": {P}},
    ),
    "railway": ("railway.json", '{"variables": {"A": "1"}, "environments": {"production": '
                '{"variables": {"B": "2"}}, "pr": {"variables": {"C": "3"}}}}',
                {"A": {ANY}, "B": {P}, "C": {S}}),
    "app engine": ("app.yaml", "runtime: x\nenv_variables:\n  A: 'x'\nbuild_env_variables: {B: y}",
                   {"A": {P}, "B": {P}}),
    "app engine, staging": ("app.staging.yaml", "env_variables: {A: x}", {"A": {S}}),
    "wrangler": ("wrangler.toml", '[vars]\nA = "1"\n[env.staging.vars]\nB = "2"\n'
                 '[env.production]\nvars = { C = "3" }\n', {"A": {P}, "B": {S}, "C": {P}}),
    "wrangler, json": ("wrangler.jsonc", '{\n // x\n "vars": {"A": "http://y",},\n}', {"A": {P}}),
    "compose": (
        "docker-compose.yml",
        "services:\n  web:\n    environment:\n      - A=1\n      - B\n  job:\n    environment:\n"
        "      D: ${D:?}\n      E:\n",
        {"A": {ANY}, "B": {ANY}, "D": {ANY}, "E": {ANY}},
    ),
    "compose, merged": (
        "compose.prod.yaml",
        "x-env: &e\n  A: 1\nservices:\n  web:\n    environment:\n      <<: *e\n      B: 2\n",
        {"A": {P}, "B": {P}},
    ),
    "compose, override": ("docker-compose.override.yml",
                          "services: {a: {environment: {A: 1}}}", {"A": {LOCAL}}),
    "procfile": ("Procfile", "web: A=1 B='x' gunicorn C=3", {"A": {ANY}, "B": {ANY}}),
    "dockerfile": ("Dockerfile", "FROM x\nARG A\nARG B=1\nENV C=2 D=\"3\"\nENV E old form\nENV F=",
                   {"B": {ANY}, "C": {ANY}, "D": {ANY}, "E": {ANY}}),
    "heroku": ("app.json", '{"env": {"A": {"required": true}, "B": "x"}, "environments": '
               '{"review": {"env": {"C": "y"}}}}', {"A": {ANY}, "B": {ANY}, "C": {S}}),
    "expo": ("app.json", '{"expo": {}, "env": {"A": "x"}}', {}),
    "in a test": ("tests/fixtures/.env", "A=1", {}),
    "example in a test folder": ("examples/.env.example", "A=1", {"A": {EX}}),
}  # fmt: skip


@every("case", FILES)
def test_what_a_file_gives(case: str) -> None:
    path, text, expected = FILES[case]
    assert given_by(path, text) == expected


def test_env_files_of_a_compose_file_belong_to_its_copy() -> None:
    tree = {
        "deploy/compose.production.yml": "services: {a: {env_file: [./app.env, {path: ../b.env}]}}",
        "deploy/app.env": "A=1",
        "b.env": "B=1",
    }
    found, _ = env_platforms.provided(tree, HIDING)
    assert {each.name for each in found if each.place == "production"} == {"A", "B"}


def test_a_file_beside_the_repository_is_the_laptops_own() -> None:
    found, _ = env_platforms.provided({".env": "A=1", ".env.production": "B=1"}, HIDING, alone=True)
    assert {(each.name, each.place) for each in found} == {("A", LOCAL), ("B", P)}


# ------------------------------------------------------------------ broken and hostile

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a},*{a}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BROKEN = {
    "yaml": (".github/workflows/a.yml", "a: [1"),
    "bomb": ("docker-compose.yml", BOMB),
    "endless": ("docker-compose.yml", "a: &a [*a]"),
    "merged into itself": ("docker-compose.yml", "a: &a\n  <<: *a\n"),
    "deep yaml": ("render.yaml", "[" * 10_000),
    "deep json": ("vercel.json", "[" * 100_000),
    "deep toml": ("netlify.toml", "a = " + "[" * 10_000),
    "nul": (".gitlab-ci.yml", "a: \0"),
    "json": ("railway.json", "{"),
    "toml": ("fly.toml", "[env"),
    "large": ("vercel.json", '{"a": "' + "x" * 1_000_000 + '"}'),
    "large dotenv": (".env", "A=" + "x" * 1_000_000),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_told_and_harms_no_other(case: str) -> None:
    path, text = BROKEN[case]
    started = time.process_time()
    found = survey(
        {path: text, "a.js": "process.env.A", ".env.production": "A=1"},
        digest=digest,
        looks_real=looks_real,
    )
    assert time.process_time() - started < 10
    assert [each.path for each in found.unreadable] == [path]
    assert found.unreadable[0].why
    assert found.has("A", "production")


def test_empty_and_odd_settings_are_no_fault() -> None:
    tree = {
        "render.yaml": "# nothing yet\n",
        "docker-compose.yml": "services: [1, 2]",
        "vercel.json": '{"env": ["A", 1, null, {"B": 2}]}',
        "netlify.toml": 'build = "x"',
        ".github/workflows/a.yml": "jobs:\n  a: x\n  b: {steps: y, env: [1]}\n",
        "wrangler.toml": "env = 3",
        "app.json": "[]",
        "fly.toml": "",
    }
    found = survey(tree, digest=digest, looks_real=looks_real)
    assert found.unreadable == ()


HOSTILE = {
    "one line": "process.env.A;" + "x" * 1_000_000,
    "quotes": "process.env.A" + "'" * 300_000,
    "open strings": "process.env.A\n" + "\"'`" * 100_000,
    "classes": "process.env.A" + "(/[" * 200_000,
    "braces": "process.env.A" + "{" * 300_000,
    "templates": "process.env.A" + "`${" * 100_000,
    "comments": "process.env.A" + "/*" * 300_000,
    "schemas": "cleanEnv(process.env, {" * 20_000,
    "schemas 2": "createEnv({server:{" * 20_000,
    "parses": "z.object({" * 20_000 + "}).parse(process.env" * 20_000,
    "apart": "} = process.env\n" * 30_000,
    "aliases": "".join(f"const a{i} = process.env;" for i in range(10_000)),
    "spaces": "process.env.A" + " " * 500_000 + "process.env.B",
    "nul": "process.env.A\0" * 1000,
    "python, deep": "import os\nos.environ['A']" + "(" * 100_000,
    "python, sum": "import os\nos.environ['A']" + "+1" * 100_000,
    "python, lists": "import os\nx = " + "[" * 90 + "os.environ['A']" + "]" * 90,
    "ruby": "ENV.fetch(" * 50_000,
    "go": 'env:"A' * 50_000,
    "shell": "${A:?" * 100_000,
    "dotenv": "A='\nB=\"\nC=`\n" * 20_000,
    "dotenv, slashes": 'A="' + "\\" * 200_000 + '"',
    "value": "A=" + "<" * 7_000 + "\nB=" + "[" * 7_000 + "\nC=" + "${" * 3_500,
    "imports": "import '" * 50_000,
    "docker": "ENV " + "A=1 " * 100_000,
    "expressions": "env:\n  A: '" + "${{ secrets." * 20_000 + "'",
}
PATHS = (
    "src/env.ts", "a/settings.py", "config/a.rb", "main.go", "entrypoint.sh", ".env.production",
    "Dockerfile", "Procfile", ".github/workflows/a.yml", "package.json", "x.vue", "s.prisma",
)  # fmt: skip


@every("case", HOSTILE)
def test_a_hostile_text_costs_little_in_any_file(case: str) -> None:
    for path in PATHS:
        started = time.process_time()
        found = survey({path: HOSTILE[case]}, digest=digest, looks_real=looks_real)
        table(found), needs(found), shared(found), real_examples(found)
        assert time.process_time() - started < 10, path


PIECES = st.sampled_from(
    ["process.env", ".A", '["B"]', "{", "}", "(", ")", "`", "${", "'", '"', "\n", "//", "/*", "*/",
     "=", " ", "\\", "\0", "z.object", ".parse(", "createEnv(", "cleanEnv(", "os.environ", "[",
     "]", "import os\n", "class S(BaseSettings):\n", "    a: str", "ENV.fetch(", "A", "&a", "*a",
     "<<:", "- ", "env:", "services:", "#", ":", ",", "é", "\ud800", "${{ secrets.A }}", "if (!",
     "??", "export ", "A=1"]
)  # fmt: skip
TEXT = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))
ANY_PATH = st.sampled_from(
    [*PATHS, *(path for path, _, _ in FILES.values()), "a.js", "a.py", "wrangler.json"]
)


@given(st.dictionaries(ANY_PATH, TEXT, max_size=4), st.dictionaries(ANY_PATH, TEXT, max_size=2))
def test_no_text_raises(tree: dict[str, str], beside: dict[str, str]) -> None:
    found = survey(
        tree, beside, digest=digest, looks_real=looks_real, declared=tree, must=["A", "é"]
    )
    table(found), needs(found), shared(found), real_examples(found)


# ------------------------------------------------------------------ no value comes out

VALUE = "Zq7Wn3Kx9Vb2"


@every("case", FILES)
def test_no_value_comes_out_of_any_format(case: str) -> None:
    """What a survey holds is names, places and digests: its repr has all of it."""
    path, text, _ = FILES[case]
    planted = (
        text.replace("1", VALUE).replace("'x'", f"'{VALUE}'").replace("value: x", f"value: {VALUE}")
    )
    found, _ = env_platforms.provided({path: planted, ".env": f"S_KEY={VALUE}"}, HIDING)
    assert VALUE not in repr(found)
    assert VALUE.lower() not in json.dumps([str(each) for each in found]).lower()


@given(st.text(min_size=12, max_size=60, alphabet="abcdefghijkmnpqrstuvwyzABCDEFGHJK23456789"))
def test_no_value_is_part_of_a_survey(value: str) -> None:
    tree = {
        ".env.production": f"A_KEY={value}\nDATABASE_URL=postgres://u:{value}@db.x.example/y\n",
        ".env.example": f"A_KEY={value}\n",
        "fly.toml": f'[env]\nB_TOKEN = "{value}"',
        "broken.json": value,
        "vercel.json": f'{{"env": {value}',
    }
    found = survey(tree, digest=digest, looks_real=looks_real)
    shown = repr((found, table(found), needs(found), shared(found), real_examples(found)))
    assert value not in shown


def test_the_same_value_has_the_same_digest_and_stand_ins_have_none() -> None:
    def one(name: str, value: str) -> Given:
        return HIDING.given(name, "a", "production", value)

    assert one("A_KEY", "abcd1234efgh").digest == one("B_KEY", "abcd1234efgh").digest is not None
    assert one("PLAIN", "abcd1234efgh").digest is None
    for stand_in in ("", "changeme", "your-key-here", "<key>", "${A}", "xxxx", "****", "true",
                     "sk_live_xxxxxxxxxxxx", "[your key]", "postgres://u:<password>@h.example/x",
                     "12345", "...", "x" * 9000):  # fmt: skip
        assert one("A_KEY", stand_in).digest is None, stand_in


def test_databases_are_told_apart_by_host_name_and_where_it_counts_by_user() -> None:
    def url(value: str) -> Given:
        return HIDING.given("DATABASE_URL", "a", "production", value)

    base = url("postgres://u:p@db.x.example:5432/app")
    assert url("postgresql://u:other@DB.x.example:5432/app?ssl=1").database == base.database
    other = url("postgres://u:p@db.x.example:5432/test")
    assert (other.server, other.database == base.database) == (base.server, False)
    pooled = "postgres://postgres.{}:p@aws-0-eu.pooler.supabase.com:6543/postgres"
    assert url(pooled.format("one")).database != url(pooled.format("two")).database
    assert url(pooled.format("one")).server is None
    for local in ("postgres://u:p@localhost/x", "redis://redis:6379", "postgres://u:pw123@db/x"):
        assert (url(local).digest, url(local).server, url(local).real) == (None, None, False)
    assert url("postgres://u:p@[::1/x").server is None  # no address at all
