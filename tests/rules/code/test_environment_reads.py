"""Names that the code reads: a row for each way to write it, in every language that we know."""

from __future__ import annotations

import pytest

from launchready_tui.rules.code import env_js, env_reads
from launchready_tui.rules.code.env_names import is_aside, is_name, is_secret, place_of
from tests.every import every

R, O = "required", "optional"  # noqa: E741


def names(path: str, text: str) -> dict[str, str]:
    """Each name in a file as the survey sees it: required where one read of it is."""
    found: dict[str, str] = {}
    for each in env_reads.read({path: text}).reads:
        if each.required or each.name not in found:
            found[each.name] = R if each.required else O
    return found


JAVASCRIPT = {
    "dot": ("pay(process.env.STRIPE_KEY)", {"STRIPE_KEY": R}),
    "brackets": ('process.env["A"]; process.env[\'B\']; process.env[`C`]',
                 {"A": R, "B": R, "C": R}),
    "optional chain": ("process.env?.A; process.env.B?.trim()", {"A": R, "B": O}),
    "non-null": ("const a = process.env.A!;", {"A": R}),
    "default": ('process.env.A ?? "d"; process.env.B || 3; process.env.C ||= "x"',
                {"A": O, "B": O, "C": O}),
    "number with default": ("const n = Number(process.env.LIMIT) || 3000", {"LIMIT": O}),
    "parsed with default": ("parseInt(process.env.LIMIT, 10) || 5", {"LIMIT": O}),
    "either of two": ("process.env.A || process.env.B", {"A": O, "B": O}),
    "written": ('process.env.A = "x"; delete process.env.B', {}),
    "compared": ('if (process.env.A === "true") f(); "x" !== process.env.B', {"A": O, "B": O}),
    "asked first": ("if (process.env.DSN) { init(process.env.DSN) }", {"DSN": O}),
    "ternary": ("const x = process.env.A ? go(process.env.A) : null", {"A": O}),
    "and": ("process.env.A && go(process.env.A)", {"A": O}),
    "double not": ("const on = !!process.env.A", {"A": O}),
    "own check": ('if (!process.env.A) { throw new Error("no") }', {"A": R}),
    "own exit": ("if (!process.env.A) process.exit(1)", {"A": R}),
    "gives up": ("if (!process.env.A) return null", {"A": O}),
    "asserted": ("assert(process.env.A); invariant(process.env.B, 'x')", {"A": R, "B": R}),
    "in": ('if ("A" in process.env) {}', {"A": O}),
    "apart": ('const { A, B: b, C = "d", "E": e, ...rest } = process.env;',
              {"A": R, "B": R, "C": O, "E": R}),
    "apart, lines": ("const {\n  A,\n  B,\n}: NodeJS.ProcessEnv = process.env\n", {"A": R, "B": R}),
    "alias": ("const env = process.env;\nuse(env.SOME_KEY, env.toString)", {"SOME_KEY": R}),
    "template": ("fetch(`https://${process.env.API_HOST}/x`)", {"API_HOST": R}),
    "nested template": ("f(`a ${g(`b ${process.env.A}`)} // ${process.env.B}`)", {"A": R, "B": R}),
    "template text": ("log(`Set process.env.A please`)", {}),
    "comment": ("// process.env.A\n/* process.env.B\n process.env.C */ process.env.D", {"D": R}),
    "text": ('throw Error("process.env.A is not set"); define("process.env.B")', {}),
    "address is no comment": ('const u = "https://x.example"; use(process.env.A)', {"A": R}),
    "pattern": ("const r = /[\"'`]/; use(process.env.A)", {"A": R}),
    "apostrophe in markup": ("<p>Don't</p>\n<b>{process.env.A}</b>", {"A": R}),
    "other object": ("my.process.env.A; subprocess.env.B; process.environment.C", {}),
    "vite": ("import.meta.env.VITE_A; import.meta.env.MODE; import.meta.env.DEV", {"VITE_A": R}),
    "set by hosts": ("process.env.NODE_ENV; process.env.PORT; process.env.VERCEL_URL", {}),
    "deno, bun": ('Deno.env.get("A"); Bun.env.B', {"A": R, "B": R}),
    "sveltekit": ("import { A, B as b } from '$env/static/private'", {"A": R, "B": R}),
    "sveltekit, dynamic": ("import { env } from '$env/dynamic/private'; f(env.A_KEY)",
                           {"A_KEY": R}),
    "envalid": (
        'import { cleanEnv, str, port } from "envalid";\n'
        "cleanEnv(process.env, { A: str(), B: str({ default: 'x' }), C: str({devDefault: 'y'}) })",
        {"A": R, "B": O, "C": R},
    ),
    "envalid by name": (
        "const specs = { A: str(), B: num({ default: 1 }) };\ncleanEnv(process.env, specs)",
        {"A": R, "B": O},
    ),
    "t3-env": (
        "export const env = createEnv({\n  server: { A: z.string().url(), B: z.string().optional(),"
        ' D: z.enum(["x", "y"]).default("x") },\n  client: { NEXT_PUBLIC_C: z.string() },\n'
        "  runtimeEnv: { A: process.env.A, B: process.env.B, NEXT_PUBLIC_C: process.env.C },\n})",
        {"A": R, "B": O, "D": O, "NEXT_PUBLIC_C": R},
    ),
    "zod": ("z.object({ A: z.string(), B: z.coerce.number().default(3) }).parse(process.env)",
            {"A": R, "B": O}),
    "zod by name": (
        "const S = z.object({ A: z.string(), B: z.string().optional() });\n"
        "const got = S.safeParse(process.env); if (!got.success) throw 1;",
        {"A": R, "B": O},
    ),
    "zod, nested": ("z.object({ A: z.string(), B: z.object({ c: z.string() }).optional() })"
                    ".strict().parse(process.env)", {"A": R, "B": O}),
    "zod, picked": ("const S = z.object({ A: z.string().optional() });\n"
                    "S.parse({ A: process.env.A })", {"A": O}),
    "valibot": ("const S = v.object({ A: v.string(), B: v.optional(v.string()) });\n"
                "v.parse(S, process.env)", {"A": R, "B": O}),
}  # fmt: skip


@every("case", JAVASCRIPT)
def test_javascript(case: str) -> None:
    text, expected = JAVASCRIPT[case]
    assert names("src/a.ts", text) == expected


PYTHON = {
    "subscript": ('import os\nos.environ["A"]', {"A": R}),
    "get": ('import os\nos.environ.get("A"); os.getenv("B", "x")', {"A": O, "B": O}),
    "imported": ('from os import environ as e, getenv\ne["A"]; getenv("B")', {"A": R, "B": O}),
    "module alias": ('import os as o\no.environ["A"]', {"A": R}),
    "written": ('import os\nos.environ["A"] = "x"\ndel os.environ["B"]', {}),
    "caught": ('import os\ntry:\n    os.environ["A"]\nexcept KeyError:\n    pass', {"A": O}),
    "raised again": (
        'import os\ntry:\n    os.environ["A"]\nexcept KeyError:\n    raise SystemExit', {"A": R}),
    "in": ('import os\nif "A" in os.environ: pass', {"A": O}),
    "asked first": ('import os\nif "A" in os.environ:\n    f(os.environ["A"])', {"A": O}),
    "own check": ('import os\nif "A" not in os.environ:\n    raise X\nf(os.environ["A"])',
                  {"A": R}),
    "somebody else's": ('environ["A"]; getenv("B"); self.environ["C"]', {}),
    "comment and text": ('import os\n# os.environ["A"]\nx = "os.environ[\'B\']"', {}),
    "settings": (
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n"
        "    api_key: str\n    debug: bool = False\n    dsn: str | None\n    _x: int = 1\n",
        {"API_KEY": R, "DEBUG": O, "DSN": O},
    ),
    "settings, prefix": (
        "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='app_')\n"
        "    key: SecretStr\n", {"APP_KEY": R}),
    "settings, old prefix": (
        "class S(pydantic.BaseSettings):\n    key: str\n    class Config:\n"
        "        env_prefix = 'OLD_'\n", {"OLD_KEY": R}),
    "settings, alias": (
        "class S(BaseSettings):\n    a: str = Field(alias='REAL_A')\n"
        "    b: str = Field(..., validation_alias='REAL_B')\n    c: str = Field('x')\n"
        "    d: str = Field(default_factory=f)\n    e: str = Field(validation_alias="
        "AliasChoices('E1', 'E2'))\n",
        {"REAL_A": R, "REAL_B": R, "C": O, "D": O, "E1": O, "E2": O},
    ),
    "settings, child": (
        "class A(BaseSettings):\n    x: str\nclass B(A):\n    y: str\n", {"X": R, "Y": R}),
    "environs": (
        'from environs import Env\nenv = Env()\nenv.str("A"); env("B"); env.int("C", 3)\n'
        'env.bool("D", default=False)\nwith env.prefixed("P_"):\n    env("E")\n',
        {"A": R, "B": R, "C": O, "D": O, "P_E": R},
    ),
    "django-environ": (
        'import environ\nenv = environ.Env(DEBUG=(bool, False))\nenv("SECRET_KEY")\n'
        'env("DEBUG")\nDATABASES = {"default": env.db("DATABASE_URL")}\n',
        {"SECRET_KEY": R, "DEBUG": O, "DATABASE_URL": R},
    ),
    "decouple": (
        'from decouple import config\nconfig("A"); config("B", default=1); config("C", cast=int)',
        {"A": R, "B": O, "C": R},
    ),
    "no Python": ('print "os.environ[1]"\nos.environ["A"]', {}),
    "set by hosts": ('import os\nos.environ["PORT"]; os.environ["HOME"]', {}),
}  # fmt: skip


@every("case", PYTHON)
def test_python(case: str) -> None:
    text, expected = PYTHON[case]
    assert names("app/a.py", text) == expected


OTHERS = {
    "ruby fetch": ("a.rb", 'ENV.fetch("A"); ENV.fetch("B", "x"); ENV.fetch("C") { 1 }',
                   {"A": R, "B": O, "C": O}),
    "ruby index": ("a.rb", "ENV['A']\nENV['B'] ||= 'x'\n# ENV.fetch('C')\nENV['D'] == 'x'",
                   {"A": O, "D": O}),
    "ruby keys": ("config/a.rb", 'Dotenv.require_keys("A", "B")', {"A": R, "B": R}),
    "rails settings": ("config/database.yml", 'url: <%= ENV.fetch("A") %>', {"A": R}),
    "go": ("a.go", 'os.Getenv("A")\nos.LookupEnv("B")\n// os.Getenv("C")', {"A": O, "B": O}),
    "go tags": ("a.go", 'X string `env:"A,required"`\nY string `env:"B" envDefault:"x"`\n'
                'Z string `env:"C,notEmpty"`\nW string `envconfig:"D" required:"true"`',
                {"A": R, "B": O, "C": R, "D": R}),
    "prisma": ("prisma/schema.prisma", 'url = env("DATABASE_URL")\n// env("B")',
               {"DATABASE_URL": R}),
    "shell": ("start.sh", ': "${A:?needed}" "${B?}" "${C:-x}" "$D"\n# ${E:?}', {"A": R, "B": R}),
    "compose": ("compose.yml", "environment:\n  A: ${A:?set it}\n", {"A": R}),
    "procfile": ("Procfile", "web: serve --key ${A:?}", {"A": R}),
    "docker": ("Dockerfile", "CMD serve ${A:?}", {"A": R}),
    "other language": ("a.php", "getenv('A'); $_ENV['B'];", {}),
    "types": ("env.d.ts", "process.env.A", {}),
    "foreign": ("node_modules/x/a.js", "process.env.A", {}),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
def test_other_languages(case: str) -> None:
    path, text, expected = OTHERS[case]
    assert names(path, text) == expected


def test_a_place_is_told_with_its_line() -> None:
    text = "// one\n\nconst a = `\n${process.env.A}`;\nuse(process.env.B)\n"
    found = env_reads.read({"a.js": text}).reads
    assert [(each.name, each.line) for each in found] == [("A", 4), ("B", 5)]
    assert env_js.masked(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "path",
    ["test/a.js", "src/__tests__/a.js", "src/a.test.ts", "docs/a.js", "examples/x/a.js",
     "cypress/e2e/a.js", "playwright.config.ts"],
)  # fmt: skip
def test_what_only_tests_and_examples_read_is_optional(path: str) -> None:
    assert names(path, "process.env.A") == {"A": O}
    assert is_aside(path)


def test_names() -> None:
    assert is_name("STRIPE_KEY")
    assert not any(
        map(is_name, ("", "1A", "A B", "CI", "GITHUB_SHA", "npm_package_name", "A" * 300))
    )


@pytest.mark.parametrize(
    "name",
    ["STRIPE_SECRET_KEY", "JWT_SECRET", "GH_TOKEN", "DB_PASSWORD", "DATABASE_URL", "MONGODB_URI",
     "REDIS_URL", "stripeSecretKey", "AWS_ACCESS_KEY_ID", "POSTGRES_PRISMA_URL"],
)  # fmt: skip
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["NEXT_PUBLIC_SUPABASE_ANON_KEY", "STRIPE_PUBLISHABLE_KEY", "SENTRY_DSN", "TOKEN_TTL", "MONKEY",
     "VITE_API_KEY", "APP_URL", "PASSWORD_MIN_LENGTH", "RECAPTCHA_SITE_KEY", "TOKEN_URL"],
)  # fmt: skip
def test_names_that_are_no_secrets(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (".env", "any"),
        (".env.example", "example"),
        (".env.production.example", "example"),
        (".env.production", "production"),
        (".env.production.local", "production"),
        ("prod.env", "production"),
        ("config/prod/.env", "production"),
        (".env.staging", "staging"),
        (".env.preview", "staging"),
        (".env.local", "local"),
        (".env.development", "local"),
        (".env.ci", "ci"),
        ("packages/schema/.env", "any"),
        ("products/.env", "any"),
    ],
)
def test_which_copy_reads_a_file(path: str, place: str) -> None:
    assert place_of(path) == place


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("const key = process.env.A;\nuse(key)", True),
        ("const key = process.env.A;\nuse(key || 'x')", False),
        ("let port = process.env.A\nif (port === undefined) port = 3", False),
        ("const key: string = process.env.A\nif (!key) return", False),
        ("const key = process.env.A\nif (!key) { throw new Error('A') }", True),
        ("const key = process.env.A as string | undefined", False),
        ("const key = process.env.A as string", True),
    ],
)
def test_a_name_that_is_asked_for_further_down_may_lack(text: str, required: bool) -> None:
    assert [each.required for each in env_reads.read({"a.ts": text}).reads] == [required]


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("with suppress(KeyError):\n    os.environ['A']", False),
        ("with suppress(OSError):\n    os.environ['A']", True),
        ("if os.environ.get('A'):\n    os.environ['A']", False),
        ("if not os.getenv('A'):\n    raise ValueError\nos.environ['A']", True),
        ("os.environ.setdefault('A', '1')\nos.environ['A']", False),
        ("os.environ['A'] = '1'\nos.environ['A']", False),
    ],
)
def test_python_that_does_without_is_told_from_python_that_stops(text: str, required: bool) -> None:
    found = env_reads.read({"a.py": f"import os\n{text}\n"}).reads
    assert any(each.required for each in found) is required
