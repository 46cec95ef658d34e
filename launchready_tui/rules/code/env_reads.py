"""Names that a repository's code reads from the environment, in every language that we know.

Pure: texts in, names and places out. A file that cannot be read as its language has no names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from launchready_tui.rules.code import env_js, env_python
from launchready_tui.rules.code.env_names import Guard, Lines, Read, is_aside, is_foreign, is_name

LARGEST = 1_000_000  # characters; larger code is made by programs

_RUBY = re.compile(
    r"\bENV(?:\.fetch\(\s*[\"'](?P<fetch>\w+)[\"']\s*(?P<rest>\)\s*(?:\{|do\b)|[,)])"
    r"|\[\s*[\"'](?P<index>\w+)[\"']\s*\](?P<write>\s*(?:\|\|)?=(?![=~]))?)"
)
_RUBY_KEYS = re.compile(r"\bDotenv\.require_keys\(([^()]{0,4000})\)")
_GO = re.compile(
    r"\bos\.(?:Getenv|LookupEnv)\(\s*[\"`](?P<name>\w+)[\"`]\s*\)"
    r"|\benv:\"(?P<tag>\w+)(?P<flags>[\w,]*)\"(?P<after>[^`\n]{0,200})"
    r"|\benvconfig:\"(?P<config>\w+)\"(?P<more>[^`\n]{0,200})"
)
_PRISMA = re.compile(r"\benv\(\s*\"(\w+)\"\s*\)")
_SHELL = re.compile(r"(?<![\\$])\$\{(\w+):?\?")
_COMMENT = {
    "hash": re.compile(r"^[ \t]*#[^\n]*", re.MULTILINE),
    "slashes": re.compile(r"^[ \t]*//[^\n]*", re.MULTILINE),
}
SHELL_KIND = "${NAME:?}"
KNOWN_LANGUAGES = ("JavaScript", "Python", "Ruby", "Go")


@dataclass(slots=True)
class Code:
    """All that the code reads. `languages` are those that we saw and know."""

    reads: list[Read] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)


def read(tree: Mapping[str, str]) -> Code:
    """The names that the code reads. In tests, examples and documents all of them are optional."""
    code = Code()
    for path in tree:
        language = language_of(path)
        if not language or is_foreign(path):
            continue
        text = tree[path]
        if len(text) > LARGEST:
            continue
        if language in KNOWN_LANGUAGES:
            code.languages.add(language)
        aside = is_aside(path)
        reads, guards = _READERS[language](text, path)
        code.reads += [replace(each, required=False) for each in reads] if aside else reads
        code.guards += [] if aside else guards
    return code


def language_of(path: str) -> str:
    """The language of a file by its name; "shell" for all that starts programs by commands."""
    name = path.rpartition("/")[2]
    ending = f".{name.rpartition('.')[2].lower()}"
    if name.endswith((".d.ts", ".min.js")):
        return ""
    if ending in env_js.ENDINGS:
        return "JavaScript"
    if ending in (".py", ".pyw"):
        return "Python"
    if ending in (".rb", ".ru", ".rake") or name in ("Rakefile", "Gemfile"):
        return "Ruby"
    if ending == ".go":
        return "Go"
    if ending == ".prisma":
        return "Prisma"
    if is_command_file(path):
        return "shell"
    if path.startswith("config/") and ending in (".yml", ".yaml", ".erb"):
        return "ERB"  # settings of Rails
    return ""


def is_command_file(path: str) -> bool:
    """Whether a file holds commands that a shell would run, and so perhaps `${NAME:?}`."""
    name = path.rpartition("/")[2].lower()
    return (
        name.endswith((".sh", ".bash", ".zsh", ".dockerfile"))
        or name in ("procfile", "makefile", "justfile", "package.json", ".gitlab-ci.yml")
        or name.startswith(("dockerfile", "docker-entrypoint", "entrypoint"))
        or (name.startswith(("docker-compose", "compose")) and name.endswith((".yml", ".yaml")))
        or path.startswith((".github/workflows/", "bin/"))
    )


def _javascript(text: str, path: str) -> tuple[list[Read], list[Guard]]:
    found = env_js.read(text, path)
    return found.reads, found.guards


def _python(text: str, path: str) -> tuple[list[Read], list[Guard]]:
    found = env_python.read(text, path)
    return found.reads, found.guards


def _ruby(text: str, path: str) -> tuple[list[Read], list[Guard]]:
    """`ENV.fetch("X")` must be there; with a default, or as `ENV["X"]`, it may be missing."""
    if "ENV" not in text and "Dotenv" not in text:
        return [], []
    text, reads, guards = _uncommented(text, "hash"), [], []
    lines = Lines(text)
    at_start = path.startswith("config/") or "/config/" in path
    for found in _RUBY.finditer(text):
        name, line = found["fetch"] or found["index"], lines.at(found.start())
        if found["write"] or not is_name(name):
            continue
        required = found["rest"] == ")"
        reads.append(Read(name, path, line, required, "Ruby"))
        if required and at_start:
            guards.append(Guard("ENV.fetch", path, line, (name,)))
    for found in _RUBY_KEYS.finditer(text):
        line = lines.at(found.start())
        names = tuple(filter(is_name, re.findall(r"[\"'](\w+)[\"']", found[1])))
        reads += [Read(name, path, line, True, "Ruby") for name in names]
        guards.append(Guard("Dotenv.require_keys", path, line, names))
    return reads, guards


def _go(text: str, path: str) -> tuple[list[Read], list[Guard]]:
    """`os.Getenv` may give nothing; tags of caarlos0/env and envconfig can require."""
    text, reads, guards = _uncommented(text, "slashes"), [], []
    lines = Lines(text)
    for found in _GO.finditer(text):
        line = lines.at(found.start())
        name = found["name"] or found["tag"] or found["config"]
        flags = (found["flags"] or "").split(",")
        required = bool({"required", "notEmpty"} & set(flags))
        required = required or 'required:"true"' in (found["more"] or "")
        if 'efault:"' in (found["after"] or found["more"] or ""):
            required = False
        if not is_name(name):
            continue
        reads.append(Read(name, path, line, required, "Go"))
        if required:
            guards.append(Guard("required tags", path, line, (name,)))
    return reads, guards


def _prisma(text: str, path: str) -> tuple[list[Read], list[Guard]]:
    text = _uncommented(text, "slashes")
    lines = Lines(text)
    names = ((found[1], lines.at(found.start())) for found in _PRISMA.finditer(text))
    return [Read(name, path, line, True, "Prisma") for name, line in names if is_name(name)], []


def _shell(text: str, path: str) -> tuple[list[Read], list[Guard]]:
    """`${X:?}`: the shell stops there when it is not set. Its other reads may be its own names."""
    if "?" not in text:
        return [], []
    text, reads, guards = _uncommented(text, "hash"), [], []
    lines = Lines(text)
    for found in _SHELL.finditer(text):
        if is_name(found[1]):
            line = lines.at(found.start())
            reads.append(Read(found[1], path, line, True, "shell"))
            guards.append(Guard(SHELL_KIND, path, line, (found[1],)))
    return reads, guards


_READERS = {
    "JavaScript": _javascript,
    "Python": _python,
    "Ruby": _ruby,
    "ERB": _ruby,
    "Go": _go,
    "Prisma": _prisma,
    "shell": _shell,
}


def _uncommented(text: str, kind: str) -> str:
    """The text without lines that are comments; line numbers stay."""
    return _COMMENT[kind].sub("", text)


def by_name(reads: list[Read]) -> Iterator[tuple[str, list[Read]]]:
    """The reads of each name, in the order of the alphabet."""
    found: dict[str, list[Read]] = {}
    for each in reads:
        found.setdefault(each.name, []).append(each)
    yield from sorted(found.items())
