"""Settings files of strangers, read with a bound: YAML, TOML, JSON (with comments too).

Values come back as plain dicts, lists and texts; `None` stands for a file that cannot be read.
A scalar of YAML stays the text that is written, so that the key `on` of a workflow is no truth.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

LONGEST = 512 * 1024  # of a file that is read as settings
LIMIT_NODES = 50_000  # once every alias is written out
DEEPEST = 40


def loader() -> type[Any]:
    """The loader of YAML: libyaml's is fifteen times faster; a Python without it reads the same."""
    import yaml

    found: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return found


def read_yaml(text: str) -> Any:
    """The first document of a YAML text, each scalar as it is written; None if it is none."""
    if len(text) > LONGEST or "\0" in text:
        return None
    import yaml  # 40 ms, and most commands read none

    reader: Any = None
    try:
        if overfull(text) is not None:
            return None
        reader = loader()(text)
        node = reader.get_node() if reader.check_node() else None
        return None if node is None else _plain(node, {})
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        return None
    finally:
        if reader is not None:
            reader.dispose()


def overfull(text: str, nodes: int = LIMIT_NODES, deepest: int = DEEPEST) -> tuple[int, int] | None:
    """Where aliases come to stand for more than people write, or the nesting goes too deep.

    Line and column, from 1; None where neither happens. Counted, never built.
    """
    import yaml

    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=loader()):
        if isinstance(event, yaml.AliasEvent):
            total += sizes.get(event.anchor or "", nodes)  # inside itself: no end
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, total))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor:
                sizes[anchor] = total - before + 1
        if total > nodes or len(open_nodes) > deepest:
            mark = event.start_mark
            return (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return None


def _plain(node: yaml.Node, done: dict[int, Any]) -> Any:
    """A node as dicts, lists and texts. What an alias names is built once and shared."""
    import yaml

    known = done.get(id(node))
    if known is not None:
        return known
    if isinstance(node, yaml.SequenceNode):
        items: list[Any] = []
        done[id(node)] = items
        items.extend(_plain(each, done) for each in node.value)
        return items
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        done[id(node)] = mapping
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue
            held = _plain(value, done)
            if key.value == "<<":
                for one in reversed(held if isinstance(held, list) else [held]):
                    if isinstance(one, dict):
                        mapping.update({k: v for k, v in one.items() if k not in mapping})
            else:
                mapping[str(key.value)] = held
        return mapping
    return str(node.value)


# A key of so many parts takes `tomllib` a time that grows with their square.
_DOTTED = re.compile(r"(?:[\w\"'-]{1,100}+[ \t]*+\.[ \t]*+){60}")


def read_toml(text: str) -> dict[str, Any] | None:
    """A TOML text as a dict; None if it is none."""
    if len(text) > LONGEST or _DOTTED.search(text):
        return None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


_OUTSIDE = re.compile(r'"(?:[^"\\\n]|\\.)*+"?|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)|,(?=\s{0,200}[}\]])')


def read_json(text: str) -> Any:
    """A JSON text, with comments and a last comma if it has some; None if it is none."""
    if len(text) > LONGEST:
        return None
    text = text.removeprefix("\ufeff")
    for each in (text, None):
        try:
            return json.loads(_without_comments(text) if each is None else each)
        except (ValueError, RecursionError):
            continue
    return None


def _without_comments(text: str) -> str:
    bare = _OUTSIDE.sub(lambda m: m[0] if m[0][0] in '",' else " ", text)
    return _OUTSIDE.sub(lambda m: m[0] if m[0][0] == '"' else " ", bare)


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is a table, or an empty one."""
    return value if isinstance(value, dict) else {}


def at(value: Any, *keys: str) -> Any:
    """What stands below these keys, or None."""
    for key in keys:
        value = mapping(value).get(key)
    return value


def texts(value: Any) -> tuple[str, ...]:
    """A text, or a list of texts, as a tuple; anything else is left out."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return tuple(each for each in value if isinstance(each, str))
    return ()


def folder_of(path: str) -> str:
    """The folder of a path, "" for the root."""
    return path.rpartition("/")[0]


def base_of(path: str) -> str:
    """The last part of a path: the file's own name."""
    return path.rpartition("/")[2]


def within(folder: str, path: str) -> str:
    """A path written relative to a folder, from the root: dots are resolved, "" if it leaves."""
    parts = [part for part in folder.split("/") if part]
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


# Folders whose files show how something could be done, and not how this product does it.
_ASIDE = frozenset(
    {"example", "examples", "test", "tests", "__tests__", "e2e", "cypress", "spec", "fixtures",
     "fixture", "testdata", "docs", "doc", "template", "templates", "sample", "samples", "demo",
     "demos", "vendor", "third_party", "node_modules", "bower_components", "site-packages", ".git",
     ".next", "dist", "target", ".venv", "venv"}
)  # fmt: skip


def aside(path: str) -> bool:
    """Whether a file is an example, a test or somebody else's code."""
    return any(part.lower() in _ASIDE for part in path.split("/")[:-1])


def depth(path: str) -> int:
    """How many folders a file is below the root."""
    return path.count("/")


def line_of(text: str, wanted: str) -> int:
    """The line (from 1) on which the first words of this text stand, 0 if nowhere."""
    first = next((line.strip() for line in wanted.splitlines() if line.strip()), "")[:200]
    place = text.find(first) if first else -1
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


def lines(text: str, longest: int = 4000) -> Iterator[str]:
    """The lines of a text, each cut to what a person could have written."""
    for line in text.split("\n"):
        yield line[:longest]
