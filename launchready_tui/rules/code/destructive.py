"""Statements in a migration that lose data or break the version before: found, never run.

Comments and strings do not count, and neither does the way back (`downgrade`, `down`). SQL is cut
into words; Python is read by its syntax tree; Ruby and JavaScript have comments and strings taken
out first.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from launchready_tui.rules.code.config_text import base_of
from launchready_tui.rules.code.sql_losses import Kind, Loss, in_sql

LONGEST = 512 * 1024
LONGEST_RUBY = 64 * 1024
MOST = 50  # of one file

SAYS: dict[Kind, str] = {
    "table": "takes a table away",
    "column": "takes a column away",
    "rows": "deletes every row",
    "type": "changes the kind of a column",
    "rename": "gives something another name",
}


def losses(path: str, text: str) -> tuple[Loss, ...] | None:
    """The statements of one migration that lose something; None where it cannot be read."""
    if is_way_back(path):
        return ()
    if len(text) > (LONGEST_RUBY if path.endswith(".rb") else LONGEST):
        return None
    try:
        with warnings.catch_warnings():  # what Python would warn about is not ours to say
            warnings.simplefilter("ignore")
            found = list(islice(_of(path, text), 20 * MOST))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tuple(dict.fromkeys(sorted(found, key=lambda one: one.line)))[:MOST]


def is_way_back(path: str) -> bool:
    """Whether the whole file is the way back: `0001.down.sql`, `down.sql`, `U1__x.sql`."""
    base = base_of(path).lower()
    names = ("down.sql", "revert.sql", "rollback.sql")
    ends = base.endswith((".down.sql", "_down.sql", "-down.sql"))
    return ends or base in names or bool(_UNDO.fullmatch(base))


_UNDO = re.compile(r"u[\d._]+__.+\.sql")  # Flyway's


def _of(path: str, text: str) -> Iterator[Loss]:
    if path.endswith(".sql"):
        yield from in_sql(_way_there(text))
    elif path.endswith(".py"):
        yield from _in_python(text)
    elif path.endswith(".rb"):
        yield from _in_ruby(text)
    elif path.endswith((".js", ".ts", ".mjs", ".cjs", ".mts", ".cts")):
        yield from _in_javascript(text)
    elif path.endswith((".xml", ".yaml", ".yml", ".json")):
        yield from _in_changelog(text)


# Of files that hold both ways: goose, dbmate, sql-migrate.
_DOWN = re.compile(
    r"(?im)^[ \t]*--[ \t]*(?:\+goose[ \t]+down|migrate:down|\+migrate[ \t]+down|@undo)\b"
)


def _way_there(text: str) -> str:
    found = _DOWN.search(text)
    return text[: found.start()] if found else text


# ------------------------------------------------------------------ Python: Alembic and Django

_ALEMBIC: dict[str, Kind] = {
    "drop_column": "column",
    "drop_table": "table",
    "rename_table": "rename",
}
_DJANGO: dict[str, Kind] = {
    "RemoveField": "column",
    "DeleteModel": "table",
    "RenameField": "rename",
    "RenameModel": "rename",
    "AlterModelTable": "rename",
}


def _in_python(text: str) -> Iterator[Loss]:
    tree = ast.parse(text.removeprefix("\ufeff"))
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef) and node.name.startswith(("downgrade", "reverse")):
            continue
        if isinstance(node, ast.Call):
            yield from _python_call(node)
            if _called(node) in ("RunSQL", "RunPython"):
                continue  # their second argument is the way back
        for name, value in ast.iter_fields(node):
            if isinstance(node, ast.keyword) and node.arg in ("state_operations", "reverse_sql"):
                break
            if name == "ctx":
                continue
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                waiting.extend(one for one in value if isinstance(one, ast.AST))


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _python_call(node: ast.Call) -> Iterator[Loss]:
    name = _called(node)
    given = {each.arg for each in node.keywords}
    if name in _DJANGO:
        yield Loss(_DJANGO[name], node.lineno, name)
    elif name in _ALEMBIC and isinstance(node.func, ast.Attribute):
        yield Loss(_ALEMBIC[name], node.lineno, name)
    elif name == "alter_column" and "new_column_name" in given:
        yield Loss("rename", node.lineno, "alter_column new_column_name")
    elif name == "alter_column" and "type_" in given:
        yield Loss("type", node.lineno, "alter_column type_")
    elif name in ("execute", "RunSQL"):
        yield from _python_sql(node)


def _python_sql(node: ast.Call) -> Iterator[Loss]:
    """The SQL that a call runs: the texts in its first argument, or in `sql=`."""
    named = [each.value for each in node.keywords if each.arg in ("sql", "sqltext", "statement")]
    for argument in (*node.args[:1], *named[:1]):
        waiting: list[ast.AST] = [argument]
        while waiting:
            one = waiting.pop()
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield from in_sql(one.value, one.lineno)
            elif not isinstance(one, ast.Constant):
                waiting.extend(ast.iter_child_nodes(one))


# ------------------------------------------------------------------ Ruby: Rails

_RUBY = re.compile(
    r"""(?P<comment>(?<![\w"'])\#(?!\{)[^\n]*)
    | (?P<here><<[~-]?["']?(?P<mark>[A-Z_]{1,40})["']?[^\n]{0,200}\n
        (?P<body>[\s\S]{0,1500}?)^[ \t]*(?P=mark)\b)
    | (?P<double>"(?:[^"\\]|\\[\s\S])*+(?:"|\\?\Z))
    | (?P<single>'(?:[^'\\]|\\[\s\S])*+(?:'|\\?\Z))
    """,
    re.VERBOSE | re.MULTILINE,
)
_RAILS: dict[str, Kind] = {
    "drop_table": "table",
    "drop_join_table": "table",
    "remove_column": "column",
    "remove_columns": "column",
    "remove_reference": "column",
    "remove_belongs_to": "column",
    "remove_timestamps": "column",
    "rename_column": "rename",
    "rename_table": "rename",
    "change_column": "type",
    "delete_all": "rows",
}
_RAILS_CALL = re.compile(rf"(?<![\w:.])(?:{'|'.join(_RAILS)})\b(?!:|\s*=)|\bt\.remove\b")
_RUBY_DOWN = re.compile(r"^(?P<indent>[ \t]*)(?:def\s+(?:self\.)?down\b|\w+\.down\s+do\b)")


def _in_ruby(text: str) -> Iterator[Loss]:
    bare, strings = _masked(text, _RUBY, "body")
    skipped = False
    indent = ""
    kept: set[int] = set()
    for number, line in enumerate(bare.split("\n"), start=1):
        if skipped:
            skipped = not re.match(rf"{indent}end\b", line)
            continue
        if down := _RUBY_DOWN.match(line):
            skipped, indent = not line.rstrip().endswith(" end"), down["indent"]
            continue
        if re.search(r"\w\.down\s*\{", line):
            continue
        kept.add(number)
        for call in _RAILS_CALL.finditer(line):
            kind: Kind = "column" if call[0] == "t.remove" else _RAILS[call[0]]
            yield Loss(kind, number, call[0])
    yield from _run_strings(bare, strings, kept)


# ------------------------------------------------------------------ JavaScript: Knex and others

_JS = re.compile(
    r"""(?P<comment>//[^\n]*|/\*[\s\S]*?(?:\*/|\Z))
    | (?P<double>"(?:[^"\\\n]|\\[\s\S])*+(?:"|\n|\\?\Z))
    | (?P<single>'(?:[^'\\\n]|\\[\s\S])*+(?:'|\n|\\?\Z))
    | (?P<tick>`(?:[^`\\]|\\[\s\S])*+(?:`|\\?\Z))
    """,
    re.VERBOSE,
)
_JS_CALLS: dict[str, Kind] = {
    "dropTable": "table",
    "dropTableIfExists": "table",
    "dropSchema": "table",
    "dropAllTables": "table",
    "dropColumn": "column",
    "dropColumns": "column",
    "removeColumn": "column",
    "dropTimestamps": "column",
    "renameColumn": "rename",
    "renameTable": "rename",
    "changeColumn": "type",
    "truncate": "rows",
}
_JS_CALL = re.compile(rf"\.(?P<name>{'|'.join(_JS_CALLS)}|alter)\s*\(")
_JS_DOWN = re.compile(
    r"(?:\bexports\.down\s*=|\bexport\s+(?:async\s+)?function\s+down\b|\bfunction\s+down\b|"
    r"\bexport\s+const\s+down\s*=|(?<![\w.])async\s+down\s*\(|(?<![\w.])down\s*:|"
    r"(?<![\w.])down\s*\([^)\n]{0,200}\)\s*(?::\s*[\w<>\s]{1,60})?\{)"
)


def _in_javascript(text: str) -> Iterator[Loss]:
    bare, strings = _masked(text, _JS)
    bare = _without_down(bare)
    kept: set[int] = set()
    for number, line in enumerate(bare.split("\n"), start=1):
        if line.strip():
            kept.add(number)
        for call in _JS_CALL.finditer(line):
            yield Loss(_JS_CALLS.get(call["name"], "type"), number, call["name"])
    yield from _run_strings(bare, strings, kept)


def _without_down(bare: str) -> str:
    """The text with the body of `down` as spaces: up to the brace that closes it."""
    place = 0
    for _ in range(20):
        found = _JS_DOWN.search(bare, place)
        if found is None:
            break
        opens = bare.find("{", found.end() - 1)
        signature = bare.find(")", found.end())
        if 0 <= opens < signature and bare[found.end() - 1] == "(":
            opens = bare.find("{", signature)
        if opens < 0:
            break
        deep, end = 0, len(bare)
        for brace in re.finditer(r"[{}]", bare[opens:]):
            deep += 1 if brace[0] == "{" else -1
            if deep == 0:
                end = opens + brace.end()
                break
        gone = "".join("\n" if sign == "\n" else " " for sign in bare[opens:end])
        bare = bare[:opens] + gone + bare[end:]
        place = end
    return bare


@dataclass(frozen=True, slots=True)
class _String:
    """A string of the program, and where it stands."""

    start: int
    begins: int
    line: int
    text: str


def _masked(text: str, pattern: re.Pattern[str], inner: str = "") -> tuple[str, list[_String]]:
    """The text with comments and strings as spaces, and the strings themselves."""
    strings: list[_String] = []
    parts: list[str] = []
    place = line = 0
    for found in pattern.finditer(text):
        line += text.count("\n", place, found.start())
        parts.append(text[place : found.start()])
        whole = found[0]
        if found["comment"] is None:
            body = found[inner] if inner and found[inner] is not None else whole[1:-1]
            first = line + 1 + (1 if inner and found[inner] is not None else 0)
            strings.append(_String(found.start(), line + 1, first, body))
        parts.append("".join("\n" if sign == "\n" else " " for sign in whole))
        line += whole.count("\n")
        place = found.end()
    parts.append(text[place:])
    return "".join(parts), strings


_RUN = re.compile(
    r"(?:execute|raw|query|exec_query|sql|runSql|unsafe)\s*(?:<[^<>\n]{0,80}>)?\s*\(?\s*\Z"
)


def _run_strings(bare: str, strings: Iterable[_String], kept: set[int]) -> Iterator[Loss]:
    """What the strings do that a call runs as SQL, on lines that belong to the way there."""
    for one in strings:
        head = bare[max(0, one.start - 120) : one.start]
        if one.begins in kept and _RUN.search(head):
            yield from in_sql(one.text, one.line)


# ------------------------------------------------------------------ Liquibase

_CHANGES: dict[str, Kind] = {
    "dropTable": "table",
    "dropColumn": "column",
    "renameColumn": "rename",
    "renameTable": "rename",
    "modifyDataType": "type",
}
_COMMENT = re.compile(
    r"<!--[\s\S]*?(?:-->|\Z)|<rollback\b[^>]{0,200}/>|"
    r"<rollback\b[^>]{0,200}>[\s\S]*?(?:</rollback>|\Z)"
)
_CHANGE = re.compile(rf"(?:<|^[\s-]*['\"]?)({'|'.join(_CHANGES)})\b", re.MULTILINE)
_SQL_OPENS = re.compile(r"<sql(?=[\s>])[^>]{0,2000}>")
_YAML_COMMENT = re.compile(r"^[ \t]*#[^\n]*|\s#[^\n'\"]*$", re.MULTILINE)


def _in_changelog(text: str) -> Iterator[Loss]:
    bare = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text)
    if "<databaseChangeLog" not in bare:
        bare = _YAML_COMMENT.sub("", bare)
    place, first = 0, 1
    while (found := _SQL_OPENS.search(bare, place)) and (
        end := bare.find("</sql>", found.end())
    ) >= 0:
        first += bare.count("\n", place, found.end())
        yield from in_sql(bare[found.end() : end], first)
        first += bare.count("\n", found.end(), end)
        place = end
    in_rollback = -1
    for number, line in enumerate(bare.split("\n"), start=1):
        indent = len(line) - len(line.lstrip(" -"))
        if in_rollback >= 0 and line.strip() and indent <= in_rollback:
            in_rollback = -1
        if re.match(r"[\s-]*['\"]?rollback['\"]?\s*:", line):
            in_rollback = indent
        if in_rollback < 0 and (change := _CHANGE.search(line[:2000])):
            yield Loss(_CHANGES[change[1]], number, change[1])
