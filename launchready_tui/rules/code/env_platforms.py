"""Names that a repository's files give to staging, production and CI, in every format we know.

`provided` goes through the files by their names. One that cannot be read as what it should be is
told with its reason; no other file suffers for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from launchready_tui.rules.code.config_text import mapping as table
from launchready_tui.rules.code.config_text import read_json, read_toml, read_yaml, within
from launchready_tui.rules.code.env_names import (
    Given,
    Place,
    Unreadable,
    is_aside,
    is_name,
    place_of,
)
from launchready_tui.rules.code.env_values import Hiding, names_in

Found = Iterator[Given]

LARGEST = 500_000  # characters of a file of settings
_CODE = (".js", ".ts", ".mjs", ".cjs", ".mts", ".py", ".rb", ".go", ".d.ts", ".md", ".json", ".yml",
         ".yaml", ".toml", ".enc", ".age", ".gpg", ".asc", ".vault", ".keys", ".sh", ".html",
         ".txt", ".png", ".svg", ".css", ".lock", ".map")  # fmt: skip
_DOTENV = re.compile(r"\.env(?:[.\-_].*)?\Z|.+\.env\Z|env\.(?:example|sample|template|dist)\Z"
                     r"|(?:example|sample)\.env\Z|\.dev\.vars(?:\..*)?\Z|\.flaskenv\Z")  # fmt: skip
_REFERENCE = re.compile(r"\$\{\{[^{}]{0,500}\}\}")
_SECRETS = re.compile(r"\b(?:secrets|vars)\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*'([A-Za-z_]\w*)'\s*\])")
_INLINE = re.compile(r"(?<!\w)([A-Za-z_]\w*+)=(\"[^\"\n]*\"|'[^'\n]*'|\S*)")


class BadData(ValueError):
    """The file could not be read; the message says why in a few words."""


def _yaml(text: str) -> Any:
    bare = re.sub(r"^[ \t]*(?:#[^\n]*|---[ \t]*)$", "", text, flags=re.MULTILINE)
    found = read_yaml(text) if bare.strip() else {}
    if found is None:
        raise BadData("it is not written as YAML should be")
    return found


def _toml(text: str) -> dict[str, Any]:
    found = read_toml(text)
    if found is None:
        raise BadData("it is not written as TOML should be")
    return found


def _json(text: str) -> Any:
    found = read_json(text)
    if found is None:
        raise BadData("it is not written as JSON should be")
    return found


def rows(value: Any) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """A scalar as text; an empty one for everything else."""
    return str(value) if isinstance(value, str | int | float) else ""


def texts(value: Any) -> Iterator[str]:
    """Every text in some data, its keys left out."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def is_dotenv(path: str) -> bool:
    """Whether a file is one of settings, by its name: `.env`, `.env.production`, `prod.env`."""
    name = path.rpartition("/")[2].lower()
    return _DOTENV.match(name) is not None and not name.endswith(_CODE)


def is_ci_file(path: str) -> bool:
    """Whether a file tells a CI service what to run."""
    name = path.rpartition("/")[2].lower()
    actions = path.startswith(".github/workflows/") and name.endswith((".yml", ".yaml"))
    return actions or name in (".gitlab-ci.yml", ".gitlab-ci.yaml")


def _is_compose(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return name.startswith(("docker-compose", "compose")) and name.endswith((".yml", ".yaml"))


def provided(
    tree: Mapping[str, str], hiding: Hiding, alone: bool = False
) -> tuple[list[Given], list[Unreadable]]:
    """What the files give, and those that could not be read.

    `alone`: the files are not part of the repository, so that a plain `.env` is the laptop's own.
    """
    given: list[Given] = []
    unreadable: list[Unreadable] = []
    for path in tree:
        reader = _reader(path)
        if reader is None or (is_aside(path) and place_of(path) != "example"):
            continue
        text = tree[path]
        try:
            if len(text) > LARGEST:
                raise BadData("it is too large")
            given += reader(text, path, hiding)
        except BadData as error:
            unreadable.append(Unreadable(path, str(error)))
    if alone:
        given = [_local(each) if each.place == "any" else each for each in given]
    return given + list(_by_compose(tree, hiding)), unreadable


def _local(given: Given) -> Given:
    return Given(given.name, given.path, "local", given.digest, given.server, given.database,
                 given.real)  # fmt: skip


def as_production(path: str, text: str, hiding: Hiding) -> Iterator[Given]:
    """A file that the project names as production's, whatever it is called."""
    return names_in(text, path, "production", hiding)


def _reader(path: str) -> Callable[[str, str, Hiding], list[Given]] | None:
    """What reads a file of this name, or None when it is no file of settings."""
    reader = _by_kind(path)
    return None if reader is None else lambda text, path, hiding: list(reader(text, path, hiding))


def _by_kind(path: str) -> Callable[[str, str, Hiding], Found] | None:
    if is_dotenv(path):
        return _dotenv
    if is_ci_file(path):
        return _workflow if path.startswith(".github/") else _gitlab
    name = path.rpartition("/")[2].lower()
    if name.startswith("fly") and name.endswith(".toml"):
        return _fly
    if re.match(r"app[.\-_]\w+\.yaml\Z", name):
        return _app_engine
    if name in (named := _by_name()):
        return named[name]
    if _is_compose(path):
        return _compose
    if name.startswith("procfile."):
        return _procfile
    if name.startswith("dockerfile") or name.endswith(".dockerfile"):
        return _dockerfile
    return None


def _by_name() -> Mapping[str, Callable[[str, str, Hiding], Found]]:
    """The files of settings that have one name alone."""
    return {
        "vercel.json": _vercel,
        "netlify.toml": _netlify,
        "render.yaml": _render,
        "render.yml": _render,
        "railway.json": _railway,
        "railway.toml": _railway,
        "app.yaml": _app_engine,
        "wrangler.toml": _wrangler,
        "wrangler.json": _wrangler,
        "wrangler.jsonc": _wrangler,
        "procfile": _procfile,
        "app.json": _heroku,
    }


def _dotenv(text: str, path: str, hiding: Hiding) -> Found:
    name = path.rpartition("/")[2].lower()
    place = place_of(path, "any")
    return names_in(text, path, "local" if name.startswith(".dev.vars") else place, hiding)


def _pairs(value: Any) -> Iterator[tuple[str, str | None]]:
    """Names and values of a table, of a list of `NAME=value`, or of `{key: ..., value: ...}`.

    A value that is none of a text is None: the name stands there, its value lives elsewhere.
    """
    if isinstance(value, dict):
        for name, one in value.items():
            one = one.get("value") if isinstance(one, dict) else one
            yield str(name), str(one) if isinstance(one, str | int | float) else None
    for one in rows(value):
        if isinstance(one, str):
            name, equals, rest = one.partition("=")
            yield name.strip(), rest if equals else None
        elif isinstance(one, dict):
            name = text_of(one.get("key", one.get("name")))
            inner = one.get("value")
            yield name, str(inner) if isinstance(inner, str | int | float) else None


def _all(value: Any, path: str, place: Place, hiding: Hiding) -> Found:
    for name, one in _pairs(value):
        if is_name(name):
            yield hiding.given(name, path, place, one)


def _workflow(text: str, path: str, hiding: Hiding) -> Found:
    """GitHub Actions: `env:` at each level, secrets, vars; `environment` of a job says for whom."""
    top = table(_yaml(text))
    everywhere: set[Place] = {"ci"}
    for job in map(table, table(top.get("jobs")).values()):
        where: set[Place] = {"ci", _environment(job) or "ci"}
        everywhere |= where
        own = [job.get("env"), table(job.get("container")).get("env")]
        own += [table(step).get("env") for step in rows(job.get("steps"))]
        for place in sorted(where):
            for one in own:
                yield from _all(one, path, place, hiding)
            yield from _referenced(job, path, place)
    for place in sorted(everywhere):
        yield from _all(top.get("env"), path, place, hiding)
        yield from _referenced(top.get("env"), path, place)


def _environment(job: Mapping[str, Any]) -> Place | None:
    """The copy that a job publishes, from its `environment`, which GitLab has too."""
    told = job.get("environment")
    name = text_of(told.get("name") if isinstance(told, dict) else told)
    place = place_of(name, "ci")
    return place if place in ("staging", "production") else None


def _referenced(value: Any, path: str, place: Place) -> Found:
    for text in texts(value):
        for reference in _REFERENCE.finditer(text):
            for name in _SECRETS.finditer(reference[0]):
                found = name[1] or name[2]
                if is_name(found):
                    yield Given(found, path, place)


def _gitlab(text: str, path: str, hiding: Hiding) -> Found:
    top = table(_yaml(text))
    everywhere: set[Place] = {"ci"}
    for job in map(table, top.values()):
        where: set[Place] = {"ci", _environment(job) or "ci"}
        everywhere |= where
        for place in sorted(where):
            yield from _all(job.get("variables"), path, place, hiding)
    for place in sorted(everywhere):
        yield from _all(top.get("variables"), path, place, hiding)


def _vercel(text: str, path: str, hiding: Hiding) -> Found:
    top = table(_json(text))
    yield from _all(top.get("env"), path, "any", hiding)
    yield from _all(table(top.get("build")).get("env"), path, "any", hiding)


def _netlify(text: str, path: str, hiding: Hiding) -> Found:
    top = _toml(text)
    yield from _all(table(top.get("build")).get("environment"), path, "any", hiding)
    for name, context in table(top.get("context")).items():
        place = place_of(name, "staging")  # deploy-preview, branch-deploy and branches
        values = table(context).get("environment")
        yield from _all(values, path, place, hiding)


def _fly(text: str, path: str, hiding: Hiding) -> Found:
    yield from _all(_toml(text).get("env"), path, place_of(path, "production"), hiding)


def _render(text: str, path: str, hiding: Hiding) -> Found:
    top = table(_yaml(text))
    groups = [table(one) for one in rows(top.get("envVarGroups"))]
    for one in [table(each) for each in rows(top.get("services"))] + groups:
        place = place_of(text_of(one.get("name")), place_of(path, "production"))
        for pair in rows(one.get("envVars")):
            yield from _all([pair], path, place, hiding)
            preview = table(pair).get("previewValue")
            if preview is not None and is_name(name := text_of(table(pair).get("key"))):
                yield hiding.given(name, path, "staging", text_of(preview))


def _railway(text: str, path: str, hiding: Hiding) -> Found:
    top = table(_json(text) if path.endswith(".json") else _toml(text))
    yield from _all(top.get("variables"), path, "any", hiding)
    for name, one in table(top.get("environments")).items():
        yield from _all(table(one).get("variables"), path, place_of(name, "staging"), hiding)


def _app_engine(text: str, path: str, hiding: Hiding) -> Found:
    document = _yaml(text)
    for key in ("env_variables", "build_env_variables"):
        place = place_of(path, "production")
        yield from _all(table(document).get(key), path, place, hiding)
    for service in rows(table(document).get("services")):  # DigitalOcean's form
        yield from _all(table(service).get("envs"), path, place_of(path, "production"), hiding)


def _wrangler(text: str, path: str, hiding: Hiding) -> Found:
    top = table(_toml(text) if path.endswith(".toml") else _json(text))
    yield from _all(top.get("vars"), path, "production", hiding)
    for name, one in table(top.get("env")).items():
        yield from _all(table(one).get("vars"), path, place_of(name, "local"), hiding)


def _compose(text: str, path: str, hiding: Hiding) -> Found:
    document = _yaml(text)
    for service in table(table(document).get("services")).values():
        service = table(service)
        yield from _all(service.get("environment"), path, place_of(path), hiding)
        args = table(service.get("build")).get("args")
        yield from _all(args, path, place_of(path), hiding)


def _by_compose(tree: Mapping[str, str], hiding: Hiding) -> Found:
    """The files that a compose file names under `env_file`: they belong to its copy as well."""
    for path in tree:
        place = place_of(path)
        if not _is_compose(path) or place not in ("staging", "production"):
            continue
        text = tree[path]
        try:
            document = _yaml(text)
        except BadData:
            continue  # told once already
        for service in table(table(document).get("services")).values():
            for file in _env_files(table(service).get("env_file")):
                target = within(path.rpartition("/")[0], file)
                if target in tree and len(tree[target]) <= LARGEST:
                    yield from names_in(tree[target], target, place, hiding)


def _env_files(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        name = text_of(one.get("path") if isinstance(one, dict) else one)
        if name:
            yield name


def _procfile(text: str, path: str, hiding: Hiding) -> Found:
    """Settings in front of a command: `web: PORT=80 gunicorn app`."""
    for line in text.splitlines():
        command = line.partition(":")[2].lstrip().removeprefix("env ")
        for word in command.split():
            pair = _INLINE.fullmatch(word)
            if pair is None:
                break
            if is_name(pair[1]):
                yield hiding.given(pair[1], path, place_of(path), pair[2].strip("\"'"))


def _dockerfile(text: str, path: str, hiding: Hiding) -> Found:
    """ENV, and ARG with a default. An ARG without one is a wish and no value."""
    for line in re.sub(r"\\\n", " ", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word.upper() not in ("ENV", "ARG"):
            continue
        pairs = _INLINE.findall(rest)
        if not pairs and word.upper() == "ENV":
            name, _, value = rest.strip().partition(" ")
            pairs = [(name, value)] if value else []
        for name, value in pairs:
            plain = value.strip("\"'")
            if is_name(name) and plain:
                yield hiding.given(name, path, place_of(path), plain)


def _heroku(text: str, path: str, hiding: Hiding) -> Found:
    """Heroku's app.json: for production, and for review apps. Others use the name too."""
    top = table(_json(text))
    if "expo" in top:
        return
    yield from _all(top.get("env"), path, "any", hiding)
    for name, one in table(top.get("environments")).items():
        yield from _all(table(one).get("env"), path, place_of(name, "staging"), hiding)
