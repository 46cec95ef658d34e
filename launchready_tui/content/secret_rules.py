"""Loads and checks `checklists/secrets/*.toml`: what each kind of secret looks like, and its words.

Examples in those files are made up and hold the mark `{}`, which is taken out here: nothing in
them then looks like a whole key to a scanner that reads the file.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec

from launchready_tui.content.checklist import folder
from launchready_tui.content.source import ContentError
from launchready_tui.rules.secrets.leaks import Rule
from launchready_tui.rules.secrets.validators import VALIDATORS
from launchready_tui.vocabulary import records

MARK = "{}"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIELDS = frozenset(Rule.__dataclass_fields__)


def read(root: Path) -> tuple[Rule, ...]:
    """The rules of every TOML file in a folder, by file name and then by place in it.

    Raises `ContentError` naming file and rule: a key that no rule has, a missing text, an id
    used twice, an unknown validator, a pattern that is none.
    """
    rules: dict[str, Rule] = {}
    for path in sorted(root.glob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text("utf-8")).get("rule", [])
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ContentError(f"{path}: {error}") from error
        for table in tables:
            rule = _rule(path, table)
            if rule.id in rules:
                raise ContentError(f"{path}: the id {rule.id} is used twice")
            rules[rule.id] = rule
    if not rules:
        raise ContentError(f"{root}: no rule in any file")
    return tuple(rules.values())


def _rule(path: Path, table: Mapping[str, object]) -> Rule:
    name = f"{path}: rule {table.get('id', '(without an id)')}"
    unknown = ", ".join(sorted(set(table) - _FIELDS))
    if unknown:
        raise ContentError(f"{name}: no such key: {unknown}")
    try:
        rule = records.convert(table, Rule)
    except msgspec.ValidationError as error:
        raise ContentError(f"{name}: {error}") from error
    needed = ("what", "harm", "rotate", "steps", *(("true",) if rule.pattern else ()))
    missing = [key for key in needed if not getattr(rule, key)]
    if missing:
        raise ContentError(f"{name}: needs {', '.join(missing)}")
    if not _ID.fullmatch(rule.id):
        raise ContentError(f"{name}: an id is small letters, digits and hyphens")
    if rule.validator and rule.validator not in VALIDATORS:
        raise ContentError(f"{name}: no such validator: {rule.validator}")
    if bool(rule.contexts) != bool(rule.pattern) or len(rule.steps) > 4:
        raise ContentError(f"{name}: needs contexts with its pattern, and four steps at most")
    try:
        groups = re.compile(rule.pattern).groups
    except re.error as error:
        raise ContentError(f"{name}: {error}") from error
    if groups > ("(?P<value>" in rule.pattern):
        raise ContentError(f"{name}: the only group may be (?P<value>...)")
    return replace(
        rule,
        true=tuple(example.replace(MARK, "") for example in rule.true),
        false=tuple(example.replace(MARK, "") for example in rule.false),
    )


@cache
def builtin() -> tuple[Rule, ...]:
    """The rules that ship with the product."""
    return read(folder() / "secrets")


def digest(rules: Sequence[Rule]) -> str:
    """SHA-256, in hex, of all that decides what the rules find: words and examples do not count.

    What was looked at under one digest need not be looked at again under the same.
    """
    parts = [
        [r.id, r.pattern, r.kind, r.confidence, sorted(r.contexts), r.entropy, r.validator]
        for r in rules
    ]
    return hashlib.sha256(msgspec.json.encode([_version(), parts])).hexdigest()


def _version() -> str:
    """Validators and engine decide too: their sources count."""
    here = Path(__file__).parents[1] / "rules" / "secrets"
    names = ("bundles.py", "engine.py", "validators.py", "leaks.py", "unpacking.py")
    return hashlib.sha256(b"\0".join((here / name).read_bytes() for name in names)).hexdigest()
