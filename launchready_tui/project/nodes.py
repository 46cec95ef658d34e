"""The project as nodes (an answer, a host, the product's name), and the merge of two changes.

Two people may change different nodes at once; the same node changed in two ways is a clash.
Findings are no opinions: of two, the newer stays. Audits are a list that only grows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from launchready_tui.project.errors import Clash
from launchready_tui.project.model import Project
from launchready_tui.project.tidy import Tree, from_tree, to_tree
from launchready_tui.vocabulary.safe_text import clean_line, redact

Node = tuple[str, ...]
Nodes = dict[Node, Any]
Keep = Literal["ask", "mine", "theirs"]

# The field that tells the rows of a list apart. Rows that share it are counted.
ROW_KEYS: Mapping[str, str] = {
    "hosts": "name",
    "redirects": "from",
    "routes": "url",
    "inboxes": "address",
    "people": "name",
    "accounts": "service",
}
_WHOLE = frozenset({"login"})  # may be absent as a whole, so it is one node
_COUNT = "\0"  # sets off the count of rows of one name; no cleaned text holds it
_EPOCH = datetime.min.replace(tzinfo=UTC)


def row_ids(section: str, rows: list[Any]) -> list[str]:
    """One id a row, unique within the list, the same in every version of the list."""
    ids: list[str] = []
    seen: dict[str, int] = {}
    for row in rows:
        named = section in ROW_KEYS and isinstance(row, dict)
        key = str(row.get(ROW_KEYS[section], "")) if named else repr(row)
        seen[key] = seen.get(key, 0) + 1
        ids.append(key if seen[key] == 1 else f"{key}{_COUNT}{seen[key]:03}")
    return ids


def same_rows(section: str, old: list[Any], new: list[Any]) -> dict[int, int]:
    """Place in `new` -> place in `old`, for the rows of a list that are the same one.

    When the lists are equally long, a row under another name in the same place is the old one,
    renamed.
    """
    before, after = row_ids(section, old), row_ids(section, new)
    places = {id: at for at, id in enumerate(before)}
    same = {place: places[id] for place, id in enumerate(after) if id in places}
    if len(old) == len(new):
        for place in set(range(len(new))) - same.keys():
            crosses = any((other < place) != (at < place) for other, at in same.items())
            if before[place] not in after and not crosses:
                same[place] = place
    return same


def to_nodes(tree: Tree) -> Nodes:
    """Every node of the project with its plain value."""
    nodes: Nodes = {}
    for section, value in tree.items():
        if isinstance(value, list):
            for id, row in zip(row_ids(section, value), value, strict=True):
                nodes[section, id] = row
        elif section in _WHOLE or not isinstance(value, dict):
            nodes[section,] = value
        elif section == "findings":
            for check, subjects in value.items():
                for subject, finding in subjects.items():
                    nodes[section, check, subject] = finding
        else:
            for key, inner in value.items():
                nodes[section, key] = inner
    return nodes


def merge(
    base: Project, mine: Project, theirs: Project, keep: Keep = "ask"
) -> tuple[Project, tuple[Clash, ...]]:
    """`theirs` with the changes from `base` to `mine`, and what both changed in different ways.

    With `keep` "ask" a clash leaves their value in the result, for the caller to raise; "mine"
    and "theirs" decide, and no clash is returned.
    """
    trees = [to_tree(project) for project in (base, mine, theirs)]
    before, ours, others = (to_nodes(tree) for tree in trees)
    result = dict(others)
    clashes: list[Clash] = []
    for node in [*ours, *(node for node in before if node not in ours)]:
        old, new, other = before.get(node), ours.get(node), others.get(node)
        if new in (old, other):
            continue
        if other != old:
            settled = _settle(node, new, other)
            if settled is None and keep == "ask":
                clashes.append(_clash(node, new, other))
                continue
            new = settled if settled is not None else (new if keep == "mine" else other)
        if new is None:
            result.pop(node, None)
        else:
            result[node] = new
    return from_tree(_to_tree(result, trees[1], trees[2])), tuple(clashes)


def _settle(node: Node, mine: Any, theirs: Any) -> Any:
    """The value that two changes agree on, or None when a person has to choose."""
    if node[0] not in ("answers", "findings"):
        return None
    if mine is None or theirs is None:
        # A finding that one side dropped and the other saw again is a newer finding.
        return (mine or theirs) if node[0] == "findings" else None
    newer = mine if _at(mine) >= _at(theirs) else theirs
    return newer if node[0] == "findings" or _said(mine) == _said(theirs) else None


def _at(value: Tree) -> datetime:
    at = value.get("at")
    return at if isinstance(at, datetime) else _EPOCH


def _said(answer: Tree) -> Tree:
    """An answer without who gave it and when: two people may well say the same."""
    return {key: value for key, value in answer.items() if key not in ("by", "at")}


def _to_tree(nodes: Nodes, mine: Tree, theirs: Tree) -> Tree:
    """The tree of these nodes; rows stand in their order, ours after the row before them."""
    tree: Tree = {}
    for node, value in nodes.items():
        if len(node) == 2 and (node[0] in ROW_KEYS or node[0] == "audits"):
            continue
        inner = tree
        for step in node[:-1]:
            inner = inner.setdefault(step, {})
        inner[node[-1]] = value
    for section in (*ROW_KEYS, "audits"):
        order = [id for id in row_ids(section, theirs.get(section, [])) if (section, id) in nodes]
        ours = [id for id in row_ids(section, mine.get(section, [])) if (section, id) in nodes]
        place = 0
        for id in ours:
            if id in order:
                place = order.index(id) + 1
            else:
                order.insert(place, id)
                place += 1
        rows = [nodes[section, id] for id in _counted(order)]
        if section == "audits":
            rows.sort(key=_at)
        if rows:
            tree[section] = rows
    return tree


def _counted(order: list[str]) -> list[str]:
    """The ids with rows of one name in the order of their count, so that each keeps its id."""
    groups: dict[str, list[str]] = {}
    for id in sorted(order):
        groups.setdefault(id.partition(_COUNT)[0], []).append(id)
    return [groups[id.partition(_COUNT)[0]].pop(0) for id in order]


_SINGULAR: Mapping[str, str] = {
    "hosts": "host",
    "redirects": "redirect from",
    "routes": "page",
    "inboxes": "inbox",
    "people": "person",
    "accounts": "account",
    "audits": "audit",
}
_FIELDS: Mapping[Node, str] = {
    ("product", "name"): "product's name",
    ("product", "domain"): "product's domain",
    ("product", "kind"): "kind of product",
    ("product", "launch_date"): "launch date",
    ("dns", "provider"): "DNS host",
    ("dns", "wildcard"): "DNS wildcard",
    ("email", "from"): "From address",
    ("email", "reply_to"): "Reply-To address",
    ("email", "providers"): "list of email senders",
    ("email", "selectors"): "list of DKIM selectors",
    ("email", "return_path"): "return path",
    ("email", "sends"): "note that this domain sends email",
    ("email", "test_tag"): "inbox test",
    ("email", "test_started"): "inbox test",
    ("email", "test_tasks"): "task of the inbox test",
    ("login",): "sign-in page",
    ("preview", "url"): "preview address",
    ("cloudflare", "zone"): "Cloudflare zone",
}


def words(node: Node) -> str:
    """What a node is, as it goes on after "the": "answer to S4.C5", "host app.example.com"."""
    section, key = node[0], clean_line(redact(node[-1].partition(_COUNT)[0]), 80)
    if section == "answers":
        return f"answer to {key}"
    if section == "findings":
        return f"finding of {clean_line(node[1], 40)} on {key}"
    if section == "audits":
        return "list of audits"
    if section in _SINGULAR:
        return f"{_SINGULAR[section]} {key}".rstrip()
    return _FIELDS.get(node, f"{section} {key}".replace("_", " "))


def changed(before: Project, after: Project) -> tuple[Node, ...]:
    """The nodes that differ between two projects, in the order of the file."""
    old, new = to_nodes(to_tree(before)), to_nodes(to_tree(after))
    order = [*new, *(node for node in old if node not in new)]
    return tuple(node for node in order if old.get(node) != new.get(node))


def _clash(node: Node, mine: Any, theirs: Any) -> Clash:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        fields = [key for key in {**mine, **theirs} if mine.get(key) != theirs.get(key)]
        # Who and when differ almost always: they tell nothing unless they are all there is.
        telling = [key for key in fields if key not in ("by", "at")] or fields
        shown = [
            ", ".join(f"{key} {_show(side.get(key))}" for key in telling) for side in (mine, theirs)
        ]
        return Clash(words(node), clean_line(shown[0], 160), clean_line(shown[1], 160))
    return Clash(words(node), _show(mine), _show(theirs))


def _show(value: Any) -> str:
    """A value in a message: cleaned, short, no secrets."""
    match value:
        case None:
            return "(nothing)"
        case bool():
            return "yes" if value else "no"
        case dict():
            telling = value.get("value") or next(iter(value.values()), "")
            return _show(telling)
        case list():
            return ", ".join(_show(inner) for inner in value) or "(nothing)"
        case _:
            return f"“{clean_line(redact(str(value)), 80)}”"
