"""Environment variables: the vocabulary, which names platforms set themselves, which are secrets.

A value is never part of it. What must be compared is compared by the digests of a keyed hash.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from launchready_tui.rules.code.config_text import within

Digest = Callable[[bytes], bytes]
LooksReal = Callable[[bytes], bool]

# Which copy of the product reads a file. "any": all of them do; "local": a laptop or a test.
Place = Literal["example", "staging", "production", "ci", "any", "local"]

LONGEST_NAME = 200


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Read:
    """The code reads a name. `required`: it has no default there, and nothing tests for it."""

    name: str
    path: str
    line: int
    required: bool
    language: str


@dataclass(frozen=True, slots=True)
class Guard:
    """Something that stops at once when one of these names is not set. `kind` is its own name.

    `names` may be empty where the list stands in another file.
    """

    kind: str
    path: str
    line: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A file gives a name to one copy of the product.

    `digest` is that of a value that must stay secret, `server` that of a database's host, and
    `database` that of one database on it; each is None where there is none to compare. `real` tells
    that the value looks like one that opens something.
    """

    name: str
    path: str
    place: Place
    digest: bytes | None = None
    server: bytes | None = None
    database: bytes | None = None
    real: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, and why in a few words."""

    path: str
    why: str


class Lines:
    """Tells the line of an offset."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def at(self, offset: int) -> int:
        """The line (from 1) of an offset in characters."""
        return bisect_right(self._ends, offset - 1) + 1


_KNOWN = words(
    """
    NODE_ENV NODE_OPTIONS NODE_PATH NODE_VERSION PORT HOST HOSTNAME HOME PATH PWD OLDPWD SHELL USER
    USERNAME LOGNAME LANG LANGUAGE TZ TERM TMPDIR TEMP TMP CI DEBUG_COLORS FORCE_COLOR NO_COLOR
    COLORTERM EDITOR PAGER DISPLAY APPDATA LOCALAPPDATA USERPROFILE PROGRAMFILES SYSTEMROOT WINDIR
    COMSPEC PYTHONPATH PYTHONUNBUFFERED VIRTUAL_ENV DJANGO_SETTINGS_MODULE DYNO GEM_HOME BUNDLE_PATH
    BUNDLE_GEMFILE RAILS_ENV RACK_ENV GOPATH GOROOT ANALYZE NEXT_RUNTIME NEXT_PHASE NEXT_TELEMETRY
    NETLIFY SITE_ID DEPLOY_ID CONTEXT BUILD_ID DEPLOY_PRIME_URL DEPLOY_URL BRANCH HEAD COMMIT_REF
    K_SERVICE K_REVISION K_CONFIGURATION GAE_ENV GAE_SERVICE GAE_VERSION GAE_INSTANCE
    GOOGLE_CLOUD_PROJECT GCP_PROJECT FUNCTION_NAME FUNCTION_TARGET FUNCTIONS_EMULATOR PRIMARY_REGION
    RENDER RAILWAY FLY VERCEL NOW_REGION CF_PAGES TURBO_HASH INIT_CWD npm_config_user_agent
    WEBSITE_HOSTNAME INSTANCE_ID ProgramData SSH_CLIENT SSH_CONNECTION SSH_TTY WSL_DISTRO_NAME
    """
)
_KNOWN_STARTS = (
    "VERCEL_", "NEXT_PUBLIC_VERCEL_", "RAILWAY_", "RENDER_", "FLY_", "GITHUB_", "GITLAB_", "CI_",
    "RUNNER_", "HEROKU_", "CF_PAGES_", "NETLIFY_", "AWS_LAMBDA_", "AWS_EXECUTION_ENV", "npm_",
    "KUBERNETES_", "CIRCLE_", "JEST_", "VITEST", "PLAYWRIGHT_", "CYPRESS_", "LC_", "XDG_",
    "__NEXT_", "WEBSITE_", "STORYBOOK",
)  # fmt: skip


def is_known(name: str) -> bool:
    """Whether systems and hosts set this name by themselves, so that nobody has to."""
    return name in _KNOWN or name.startswith(_KNOWN_STARTS)


def is_name(text: str) -> bool:
    """Whether a text can be the name of a variable that somebody has to set."""
    return len(text) <= LONGEST_NAME and _NAME.match(text) is not None and not is_known(text)


_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

_SECRET_WORDS = words(
    """
    KEY KEYS SECRET SECRETS TOKEN TOKENS PASSWORD PASSWORDS PASSWD PASS PWD PASSPHRASE CREDENTIAL
    CREDENTIALS DSN APIKEY SECRETKEY SALT PEPPER PRIVATE
    """
)
# What such a name ends in when its value is about a secret, and is none itself.
_ABOUT = words(
    """
    TTL EXPIRY EXPIRES EXPIRATION LENGTH PREFIX PATH FILE FILENAME DAYS HOURS MINUTES SECONDS ROUNDS
    ALGORITHM ALG ISSUER AUDIENCE ENABLED NAME SIZE COUNT TYPE VERSION LIFETIME AGE COST REGION
    """
)
_PUBLIC_STARTS = ("NEXT_PUBLIC_", "VITE_", "PUBLIC_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_",
                  "GATSBY_")  # fmt: skip
_PUBLIC = re.compile(r"PUBLISHABLE|PUBLIC_?KEY|ANON_?KEY|SITE_?KEY|SENTRY.*DSN|DSN.*SENTRY")
_DATABASE = re.compile(
    r"(?:DATABASE|DB|REDIS|MONGO|MONGODB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|AMQP|RABBITMQ)"
    r"(?:_[A-Z0-9]+)*_(?:URL|URI)\Z|(?:DATABASE|REDIS|MONGO|MONGODB|POSTGRES)_?UR[IL]"
)


def is_secret(name: str) -> bool:
    """Whether the name says that its value opens something. What browsers may see does not."""
    upper = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
    if upper.startswith(_PUBLIC_STARTS) or _PUBLIC.search(upper):
        return False
    if _DATABASE.search(upper):
        return True
    words = upper.split("_")
    if words[-1] in _ABOUT or words[-1] in ("URL", "URI"):
        return False
    return any(word in _SECRET_WORDS for word in words)


_ASIDE = words(
    """
    test tests __tests__ __test__ testing spec specs __mocks__ mocks e2e cypress playwright doc docs
    example examples sample samples fixtures __fixtures__ benchmark benchmarks .storybook stories
    testdata
    """
)
_ASIDE_FILE = re.compile(
    r"(?:.*\.(?:test|spec|stories|cy|bench)\.[a-z]+|test_.*\.py|.*_test\.(?:py|go|rb)"
    r"|.*_spec\.rb|conftest\.py|(?:jest|vitest|playwright|cypress)\.[\w.]+)\Z"
)


_FOREIGN = words("node_modules vendor third_party bower_components site-packages .next .venv")


def is_foreign(path: str) -> bool:
    """Whether a file is somebody else's code, which the repository keeps a copy of."""
    return any(folder in _FOREIGN for folder in path.split("/")[:-1])


def is_aside(path: str) -> bool:
    """Whether a file is a test, an example or a document: the product runs without it."""
    *folders, name = path.split("/")
    return any(folder.lower() in _ASIDE for folder in folders) or bool(_ASIDE_FILE.match(name))


def declared_path(written: str) -> str:
    """A file that the project names, from the top of its folder; empty where it lies outside."""
    plain = written.replace("\\", "/")
    outside = plain.startswith("/") or ":" in plain.partition("/")[0] or "\0" in plain
    return "" if outside else within("", plain)


_PLACES: tuple[tuple[Place, frozenset[str]], ...] = (
    ("example", words("example sample template dist defaults schema")),
    ("production", words("production prod live")),
    ("staging", words("staging stage stg preview qa uat preprod review")),
    ("ci", frozenset(["ci"])),
    ("local", words("local dev development develop test testing override flaskenv")),
)


def place_of(path: str, otherwise: Place = "any") -> Place:
    """Which copy reads a file, by the words in its name; else by those of its folder."""
    parts = path.lower().split("/")
    for part in reversed(parts[-2:]):
        said = set(re.split(r"[^a-z0-9]+", part))
        for place, marks in _PLACES:
            if said & marks and (place != "example" or part is parts[-1]):
                return place
    return otherwise
