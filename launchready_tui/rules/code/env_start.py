"""Does a start or a build stop at once when a setting is not there?

The rule is short. Some files are known to run at the start or in the build, by their names: what
they import, step by step, runs too. A guard counts when it stands in one of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from launchready_tui.rules.code import env_js
from launchready_tui.rules.code.env_names import Guard, Lines, is_aside, is_foreign
from launchready_tui.rules.code.env_reads import LARGEST, language_of

OURS = "launchready guard env"
MOST_FILES = 3000  # that are followed
DEEPEST = 12  # steps from a file that starts

_JS_CONFIG = (
    r"(?:next|nuxt|svelte|astro|vite|remix|gatsby|vue|webpack|rsbuild|app)\.config"
    r"|gatsby-(?:config|node)"
)
_JS_ENTRY = (
    r"server|index|main|app|start|instrumentation|middleware|hooks\.server|entry\.server|_app"
    r"|worker"
)
_JS_ENDING = r"\.(?:[cm]?[jt]sx?|vue|svelte)\Z"
_FOLDER = r"(?:(?:apps|packages|services)/[^/]+/)?"
_TOPS = r"(?:src/|server/|app/|api/|backend/|web/)?"
_ENTRIES = (
    re.compile(rf"(?:.*/)?(?:{_JS_CONFIG}){_JS_ENDING}"),
    re.compile(rf"{_FOLDER}(?:src/)?env(?:\.(?:server|client|mjs))?{_JS_ENDING}"),
    re.compile(rf"{_FOLDER}{_TOPS}(?:src/)?(?:{_JS_ENTRY}){_JS_ENDING}"),
    re.compile(rf"{_FOLDER}(?:src/)?app/(?:[^/]+/)?(?:layout|root){_JS_ENDING}"),
    re.compile(rf"{_FOLDER}(?:src/)?(?:pages|server/plugins)/(?:_app|_document|env){_JS_ENDING}"),
    re.compile(
        r"(?:.*/)?(?:settings|manage|wsgi|asgi|__main__|gunicorn\.conf|gunicorn_conf)\.py\Z"
    ),
    re.compile(r"(?:.*/)?settings/\w+\.py\Z"),
    re.compile(r"(?:[^/]+/){0,3}(?:main|app|server|run|celery)\.py\Z"),
    re.compile(r"(?:.*/)?config/(?:environments/|initializers/)?[^/]+\.(?:rb|ru|ya?ml|erb)\Z"),
    re.compile(r"(?:.*/)?config\.ru\Z"),
    re.compile(r"(?:cmd/[^/]+/)?[^/]+\.go\Z"),
    re.compile(r"(?:.*/)?(?:internal|pkg)?/?(?:config|env|settings)/[^/]+\.go\Z"),
)
_COMMANDS = re.compile(
    r"(?:.*/)?(?:Procfile|[Dd]ockerfile[^/]*|[^/]*\.[Dd]ockerfile|docker-entrypoint[^/]*|entrypoint[^/]*"
    r"|(?:start|run|release|deploy|build|predeploy|server)(?:\.sh|\.bash)?"
    r"|(?:docker-)?compose[^/]*\.ya?ml|package\.json|\.gitlab-ci\.ya?ml)\Z"
    r"|\.github/workflows/[^/]+\.ya?ml\Z"
)
_START_SCRIPT = re.compile(
    r"\"(?:pre|post)?(?:start|build|deploy|release)(?::prod(?:uction)?)?\"\s*:"
)
_IMPORT = re.compile(
    r"(?:\bfrom\s*+|\bimport\s*+(?:\(\s*+)?|\brequire\s*+\(\s*+|\.import\s*+\(\s*+)[\"'`]([^\"'`\n]{1,300})[\"'`]"
)
_PY_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]++(\.*+[\w.]*+)[ \t]++import[ \t]+(\([^)]{0,4000}\)|[^\n]{0,1000})"
    r"|import[ \t]+([\w., \t]{1,1000}))",
    re.MULTILINE,
)
_JS_TRIES = ("", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".jsx", ".mts", ".cts", "/index.ts",
             "/index.tsx", "/index.js", "/index.mjs")  # fmt: skip


def is_entry(path: str) -> bool:
    """Whether a file is known to run at a start or in a build, by its name."""
    if is_aside(path) or is_foreign(path):
        return False
    return bool(_COMMANDS.match(path)) or any(each.match(path) for each in _ENTRIES)


def at_start(tree: Mapping[str, str], guards: Iterable[Guard]) -> tuple[Guard, ...]:
    """The guards that run at a start or in a build, ours in CI among them."""
    reached = _reached(tree)
    lines = {path: _start_lines(tree[path]) for path in reached if path.endswith("package.json")}
    standing = [
        each
        for each in guards
        if each.path in reached and (each.path not in lines or each.line in lines[each.path])
    ]
    return (*standing, *_ours(tree))


def _start_lines(text: str) -> frozenset[int]:
    """The lines of a package.json that a start or a build runs."""
    lines = enumerate(text.splitlines(), 1)
    return frozenset(number for number, line in lines if _START_SCRIPT.search(line))


def _ours(tree: Mapping[str, str]) -> Iterator[Guard]:
    for path in tree:
        if _COMMANDS.match(path) and not is_aside(path):
            text = tree[path]
            lines = Lines(text)
            for found in re.finditer(rf"^[^#\n]{{0,500}}{OURS}\b", text, re.MULTILINE):
                yield Guard(OURS, path, lines.at(found.end()))


def _reached(tree: Mapping[str, str]) -> frozenset[str]:
    """The files that run at a start or in a build: the known ones, and what they import."""
    found = {path for path in tree if is_entry(path)}
    modules = _modules(tree)
    edge = sorted(found)
    for _ in range(DEEPEST):
        following: list[str] = []
        for path in edge:
            for target in _imports(tree, path, modules):
                if target not in found and len(found) < MOST_FILES:
                    found.add(target)
                    following.append(target)
        edge = following
    return frozenset(found)


def _imports(
    tree: Mapping[str, str], path: str, modules: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    text = tree[path]
    if len(text) > LARGEST:
        return
    language = language_of(path)
    if language == "JavaScript":
        for found in _IMPORT.finditer(env_js.masked(text)):
            yield from _js_target(tree, path, found[1])
    elif language == "Python":
        for found in _PY_IMPORT.finditer(text):
            for module in _py_named(found):
                yield from _py_target(path, module, modules)


def _js_target(tree: Mapping[str, str], path: str, name: str) -> Iterator[str]:
    """The file that an import leads to. `@/`, `~/` and `#` stand for the code's top folder."""
    folder = path.split("/")[:-1]
    if name.startswith("."):
        roots, parts = [folder], name.split("/")
    elif name.startswith(("@/", "~/", "#/", "$lib/", "src/")):
        tops = [folder[:depth] for depth in range(len(folder), -1, -1)]
        lib = ["src", "lib"] if name.startswith("$lib") else []
        source = ["src"] if name.startswith("src/") else []
        roots = [top + more for top in tops[:8] for more in (source, lib, ["src"], ["app"])]
        parts = name.split("/")[1:]
    else:
        return
    for root in roots:
        joined = _joined(root, parts)
        bare = re.sub(r"\.[cm]?jsx?\Z", "", joined)  # TypeScript names the file that it will make
        for one in dict.fromkeys((joined, bare)):
            for ending in _JS_TRIES:
                if one + ending in tree:
                    yield one + ending
                    return


def _joined(folder: list[str], parts: list[str]) -> str:
    out = list(folder)
    for part in parts:
        if part == "..":
            out = out[:-1]
        elif part not in (".", ""):
            out.append(part)
    return "/".join(out)


def _modules(tree: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Python's files by the last part of their module's name."""
    found: dict[str, list[str]] = {}
    for path in tree:
        if path.endswith(".py"):
            stem = path.removesuffix(".py").removesuffix("/__init__")
            found.setdefault(stem.rpartition("/")[2], []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}


def _py_named(found: re.Match[str]) -> Iterator[str]:
    """The modules that one import may load: `from a import b` loads a, and a.b if that is one."""
    if found[3]:
        for one in found[3].split(","):
            words = one.split()
            if words:
                yield words[0]
        return
    base = found[1]
    yield base
    for one in found[2].strip("()").split(","):
        words = one.split()
        if words and words[0].isidentifier():
            yield f"{base}{'' if base.endswith('.') else '.'}{words[0]}"


def _py_target(path: str, module: str, modules: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    name = module.lstrip(".")
    dots = len(module) - len(name)
    tail = name.replace(".", "/")
    if not tail:
        return
    if dots:
        folder = path.split("/")[:-1]
        top = folder[: max(0, len(folder) - dots + 1)]
        wanted = "/".join([*top, tail])
        ends = {f"{wanted}.py", f"{wanted}/__init__.py"}
        yield from (each for each in modules.get(tail.rpartition("/")[2], ()) if each in ends)
        return
    for each in modules.get(tail.rpartition("/")[2], ()):
        stem = each.removesuffix(".py").removesuffix("/__init__")
        if stem == tail or stem.endswith(f"/{tail}"):
            yield each
