"""What a command line runs: followed through package.json, Makefiles and shell scripts.

Nothing is executed. A command is read, and where it names a script of the same repository, that
script's own lines are read too, up to a bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from launchready_tui.rules.code.config_text import (
    base_of,
    folder_of,
    line_of,
    lines,
    mapping,
    read_json,
    within,
)

Tree = Mapping[str, str]

MOST = 400  # lines that one command may lead to
DEEPEST = 6
LONGEST_SCRIPT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Ran:
    """One line that runs, where it stands, and through which scripts it was reached."""

    text: str
    path: str
    line: int
    via: tuple[str, ...] = ()
    maybe: bool = False  # a condition stands in front of it


_QUOTES = re.compile(r"'[^']*'|\"[^\"]*\"")
_SAYS = re.compile(r"\s*(?:echo|printf)\b")


def commanded(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first match that stands in a command, and not in what an `echo` says."""
    for found in islice(pattern.finditer(text), 20):
        head = _QUOTES.sub(lambda quoted: "x" * len(quoted[0]), text[: found.start()])
        outside = min((at for sign in "'\"" if (at := head.find(sign)) >= 0), default=len(head))
        begins = max(head.rfind(sign, 0, outside) for sign in "&;|(") + 1
        if not _SAYS.match(head, begins):
            return found
    return None


_VALUE = r"(?:'[^']{0,400}'|\"[^\"]{0,400}\"|[^\s'\"]{1,400})"
_ASSIGNED = re.compile(rf"^(?:(?:export|env|sudo)\s+)?(?:[A-Za-z_]\w{{0,80}}={_VALUE}\s+){{1,20}}")
_SECRET_OPTION = re.compile(
    r"(--?[\w-]{0,40}(?:token|password|passwd|secret|key|auth)[\w-]{0,20}[= ])\s*" + _VALUE,
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(\w{1,20}://)[^\s/@'\"]{1,400}@")


def shown(text: str, pattern: re.Pattern[str] | None = None, limit: int = 160) -> str:
    """The part of a line that a pattern names, without values that could be secret.

    Settings in front of a command (`KEY=x npm start`), options such as `--token` and the login in
    an address are left out. What still looks like a secret is the caller's to hide.
    """
    line = text.strip()[:4000]
    if pattern is not None and (found := pattern.search(line)):
        start = max(line.rfind(sign, 0, found.start() + 1) + 1 for sign in "&;|(")
        ends = [end for sign in "&;|" if (end := line.find(sign, found.end())) >= 0]
        line = line[start : min(ends, default=len(line))].strip()
        if line.count('"') % 2 or line.count("'") % 2:
            line = line.strip("\"')")
    line = _ASSIGNED.sub("", line)
    line = _LOGIN.sub(r"\1…@", _SECRET_OPTION.sub(r"\1…", line))
    return line.replace("`", "'")[:limit].strip()


_RUNNER = (
    r"(?:npm\s+(?:--?[\w-]+(?:[= ](?!-)[\w./-]+)?\s+){0,6}(?:run(?:-script)?\s+)|"
    r"pnpm\s+(?:--?[\w-]+(?:[= ](?!-)[\w./@-]+)?\s+){0,6}(?:run\s+)?|"
    r"yarn\s+(?:workspace\s+\S+\s+)?(?:run\s+)?|bun\s+run\s+|npx\s+turbo\s+(?:run\s+)?|"
    r"turbo\s+(?:run\s+)?|(?:npx\s+)?(?:npm-)?run-[sp]\s+)"
)
_SCRIPT = re.compile(rf"(?<![\w./-]){_RUNNER}([\w:.@/-]{{1,80}})")
_SHORT = re.compile(r"(?<![\w./-])npm\s+(start|t(?:est)?|stop|restart)\b")
_INSTALL = re.compile(r"(?<![\w./-])(?:npm\s+(?:ci|install|i)|yarn(?:\s+install)?|pnpm\s+install)"
                      r"(?![\w:.-])(?:\s+--?[\w-]+)*+\s*+(?:$|[;&|])")  # fmt: skip
_MAKE = re.compile(
    r"(?<![\w./-])(make|gmake|just|task|rake)\s+(?:-[A-Za-z]+\s+\S+\s+)?([\w:.-]{1,80})"
)
_FILE = re.compile(
    r"(?:^|[\s;&|(\"'])(?:(?:ba|z|da)?sh\s+(?:-[a-z]+\s+)?|source\s+|\.\s+|exec\s+|python3?\s+|"
    r"node\s+|tsx\s+|ts-node\s+|bun\s+)?(\.{0,2}/?[\w@.-]{1,80}(?:/[\w@.-]{1,80}){0,8})"
)


def package_scripts(tree: Tree, path: str) -> Mapping[str, str]:
    """The scripts of a package.json, by name."""
    found = mapping(mapping(read_json(tree.get(path, ""))).get("scripts"))
    return {name: text for name, text in found.items() if isinstance(text, str)}


def runs(tree: Tree, command: str, path: str, folder: str = "", line: int = 0) -> tuple[Ran, ...]:
    """Each line that this command runs, itself first. `path` is where it stands."""
    found: list[Ran] = []
    _follow(tree, command, path, folder, line, (), set(), found, maybe=False)
    return tuple(found[:MOST])


def _follow(
    tree: Tree,
    command: str,
    path: str,
    folder: str,
    first: int,
    via: tuple[str, ...],
    done: set[tuple[str, str]],
    found: list[Ran],
    *,
    maybe: bool,
) -> None:
    if len(via) > DEEPEST:
        return
    inside_if = 0
    shell = command.replace("\\\n", "  ")
    for number, text in enumerate(lines(shell)):
        bare = _without_comment(text).strip()
        if not bare or len(found) >= MOST:
            continue
        where = first + number if first else 0
        if _ENDS_IF.match(bare):
            inside_if = max(inside_if - 1, 0)
        asks = maybe or inside_if > 0 or bool(_ASKS.search(bare))
        if _BEGINS_IF.match(bare) and not _ENDS_IF_THERE.search(bare):
            inside_if += 1
        found.append(Ran(bare, path, where, via, asks))
        if path.endswith(_SCRIPT_ENDINGS) and not path.endswith(_SHELL_ENDINGS):
            continue  # a program is read, and what it imports is not
        inside = _moved(bare, folder)
        for target, name, body, home, at_line in _named(tree, bare, inside):
            if (target, name) in done or len(done) > MOST:
                continue
            done.add((target, name))
            step = f"{name} in {target}" if name else target
            _follow(tree, body, target, home, at_line, (*via, step), done, found, maybe=asks)


_BEGINS_IF = re.compile(r"(?:if|case)\b")
_ENDS_IF = re.compile(r"(?:fi|esac)\b")
_ENDS_IF_THERE = re.compile(r"[;\s](?:fi|esac)\s*;?\s*$")
_ASKS = re.compile(r"^(?:if|case)\b|(?:^|[;&|]\s*)(?:\[\[?|test)\s[^&|;]{0,300}&&")


def _without_comment(text: str) -> str:
    """A line without its comment. A sign inside quotes is none."""
    if text.lstrip().startswith(("#", "//")):
        return ""
    place = text.find(" #")
    if place < 0 or text.count('"', 0, place) % 2 or text.count("'", 0, place) % 2:
        return text
    return text[:place]


_CD = re.compile(r"(?:^|[;&]\s*)cd\s+([\w./-]{1,120})")
_PREFIX = re.compile(r"--(?:prefix|cwd|dir)[= ]([\w./-]{1,120})")


def _moved(text: str, folder: str) -> str:
    found = _CD.search(text) or _PREFIX.search(text)
    return within(folder, found[1]) if found else folder


def _named(tree: Tree, text: str, folder: str) -> Iterator[tuple[str, str, str, str, int]]:
    """Each script that a line calls: its file, its name there, its text, its folder, its line."""
    for name in (*_SCRIPT.findall(text), *_SHORT.findall(text)):
        yield from _of_package(tree, folder, name)
    if _INSTALL.search(text):
        for name in ("preinstall", "install", "postinstall", "prepare"):
            yield from _of_package(tree, folder, name, around=False)
    for tool, target in _MAKE.findall(text):
        yield from _of_makefile(tree, folder, tool, target)
    for named in _FILE.findall(text):
        target = within(folder, named)
        body = tree.get(target)
        if body is None and folder:
            target = within("", named)
            body = tree.get(target)
        if body is not None and len(body) <= LONGEST_SCRIPT and _is_script(target, body):
            yield target, "", body, folder, 1


def _of_package(
    tree: Tree, folder: str, name: str, *, around: bool = True
) -> Iterator[tuple[str, str, str, str, int]]:
    while True:
        path = f"{folder}/package.json" if folder else "package.json"
        scripts = package_scripts(tree, path)
        names = (f"pre{name}", name, f"post{name}") if around else (name,)
        if name in scripts:
            for one in names:
                if one in scripts:
                    line = line_of(tree[path], f'"{one}"')
                    yield path, one, scripts[one], folder, line
            return
        if not folder:
            return
        folder = folder_of(folder)


_MAKEFILES = {
    "make": ("Makefile", "makefile", "GNUmakefile"),
    "gmake": ("Makefile", "makefile", "GNUmakefile"),
    "just": ("justfile", "Justfile", ".justfile"),
    "task": ("Taskfile.yml", "Taskfile.yaml"),
    "rake": ("Rakefile",),
}


def _of_makefile(
    tree: Tree, folder: str, tool: str, target: str
) -> Iterator[tuple[str, str, str, str, int]]:
    for name in _MAKEFILES[tool]:
        path = within(folder, name)
        if path in tree and tool in ("make", "gmake", "just"):
            recipe = recipes(tree[path]).get(target)
            if recipe is not None:
                body, line = recipe
                yield path, target, body, folder, line


def recipes(text: str) -> dict[str, tuple[str, int]]:
    """The recipes of a Makefile or a justfile, by target: their lines, and where they begin.

    A target that stands before another's recipe is part of it (`deploy: build`).
    """
    found: dict[str, tuple[str, int]] = {}
    names: tuple[str, ...] = ()
    body: list[str] = []
    start = 0

    def close() -> None:
        for name in names:
            found.setdefault(name, ("\n".join(body), start))

    for number, line in enumerate(lines(text[:LONGEST_SCRIPT]), start=1):
        if line[:1] in ("\t", " ") and names:
            body.append(line.strip().lstrip("@-+"))
            continue
        head, colon, rest = line.partition(":")
        if colon and not rest.startswith("=") and not line.startswith("#"):
            close()
            names = tuple(head.split())[:8]
            needed = [word for word in rest.split() if _WORD.fullmatch(word)]
            body = [f"make {word}" for word in needed[:8]]
            start = number + 1 - len(body)
        elif line.strip() and not line.startswith("#"):
            close()
            names, body = (), []
    close()
    return found


_WORD = re.compile(r"[\w-]{1,60}")
_SHELL_ENDINGS = (".sh", ".bash", ".zsh")
_SCRIPT_ENDINGS = (*_SHELL_ENDINGS, ".mjs", ".cjs", ".js", ".ts", ".mts", ".py", ".rb")


def _is_script(path: str, body: str) -> bool:
    """Whether a file holds lines that run. A folder such as bin has scripts without an ending."""
    base = base_of(path)
    return base.endswith(_SCRIPT_ENDINGS) or ("." not in base and body.startswith("#!"))
