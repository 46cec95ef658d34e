"""Statements in a migration that lose data or break the version before: found, never run.

Comments and strings do not count, and neither does the way back (`downgrade`, `down`). SQL is cut
into words; Python is read by its syntax tree; Ruby and JavaScript have comments and strings taken
out first.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from launchready_tui.rules.config_text import base_of

Kind = Literal["table", "column", "rows", "type", "rename"]

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


@dataclass(frozen=True, slots=True)
class Loss:
    """One statement: what it does, and where it stands."""

    kind: Kind
    line: int
    text: str


def losses(path: str, text: str) -> tuple[Loss, ...] | None:
    """The statements of one migration that lose something; None where it cannot be read."""
    if is_way_back(path):
        return ()
    if len(text) > (LONGEST_RUBY if path.endswith(".rb") else LONGEST):
        return None
    try:
        found = list(islice(_of(path, text), 20 * MOST))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tuple(dict.fromkeys(sorted(found, key=lambda one: one.line)))[:MOST]


def is_way_back(path: str) -> bool:
    """Whether the whole file is the way back: `0001.down.sql`, `down.sql`, `U1__x.sql`."""
    base = base_of(path).lower()
    return base.endswith((".down.sql", "_down.sql", "-down.sql")) or base in (
        "down.sql",
        "revert.sql",
        "rollback.sql",
    )


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


# ------------------------------------------------------------------ SQL

# Of files that hold both ways: goose, dbmate, sql-migrate.
_DOWN = re.compile(
    r"(?im)^[ \t]*--[ \t]*(?:\+goose[ \t]+down|migrate:down|\+migrate[ \t]+down|@undo)\b"
)


def _way_there(text: str) -> str:
    found = _DOWN.search(text)
    return text[: found.start()] if found else text


_SQL = re.compile(
    r"""--[^\n]*
    | /\*[\s\S]*?(?:\*/|\Z)
    | (?P<escaped>[eE]'(?:[^'\\]|\\[\s\S])*(?:'|\Z))
    | (?P<text>'[^']*(?:'|\Z))
    | (?P<dollar>\$(?P<tag>[A-Za-z_]?\w{0,60})\$)
    | "(?P<double>[^"\n]{0,200})"
    | `(?P<back>[^`\n]{0,200})`
    | \[(?P<square>[A-Za-z_][\w ]{0,100})\]
    | (?P<word>[A-Za-z_]\w*)
    | (?P<end>;)
    | (?P<paren>[()])
    """,
    re.VERBOSE,
)
_BACKSLASH = re.compile(r"'(?:[^'\\]|\\[\s\S])*(?:'|\Z)")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of SQL in capitals; a name that was quoted begins with a dot, so it is no keyword."""

    text: str
    line: int
    deep: int


def in_sql(text: str, first: int = 1) -> Iterator[Loss]:
    """The statements of a text in SQL that lose something. `first` is its first line."""
    statements = list(_statements(text, first))
    made = {words[2].text for words in statements if len(words) > 2 and _makes(words)}
    renamed = {new for words in statements for new in _new_names(words, made)}
    for words in _outside_bodies(statements):
        for loss in _losses(words):
            # SQLite rebuilds a table to change it: new one, copy, drop, rename. Nothing is lost.
            rebuilt = loss.kind == "table" and loss.text.rpartition(" ")[2].lstrip(".") in renamed
            rename = loss.kind == "rename" and words[2:3] and words[2].text in made
            if not rebuilt and not rename:
                yield loss


def _outside_bodies(statements: Iterable[list[_Word]]) -> Iterator[list[_Word]]:
    """The statements that run now, and not those inside a trigger or a procedure."""
    inside = False
    for words in statements:
        names = [word.text for word in words[:40]]
        if inside:
            ends = names[:1] == ["END"] and names[1:2] not in (["IF"], ["LOOP"], ["CASE"])
            inside = not ends
        elif names[:1] == ["CREATE"] and _ROUTINES & set(names[:8]) and "BEGIN" in names:
            inside = True
        else:
            yield words


_ROUTINES = frozenset({"TRIGGER", "PROCEDURE", "FUNCTION"})


def _makes(words: list[_Word]) -> bool:
    return [word.text for word in words[:2]] == ["CREATE", "TABLE"]


def _new_names(words: list[_Word], made: set[str]) -> Iterator[str]:
    """The name that a table made here gets by `ALTER TABLE a RENAME TO b`."""
    names = [word.text for word in words[:6]]
    if names[:2] == ["ALTER", "TABLE"] and names[3:5] == ["RENAME", "TO"] and names[2] in made:
        yield from (name.lstrip(".") for name in names[5:])


def _statements(text: str, first: int) -> Iterator[list[_Word]]:
    """The statements as lists of words: without comments, strings and signs."""
    mysql = "`" in text
    words: list[_Word] = []
    place, line, deep = 0, first, 0
    body_ends: list[int] = []
    while found := _SQL.search(text, place):
        line += text.count("\n", place, found.start())
        start, end = found.span()
        match found.lastgroup:
            case "word":
                words.append(_Word(found[0].upper()[:80], line, deep))
            case "double" | "back" | "square":
                words.append(_Word("." + found[found.lastgroup].upper()[:80], line, deep))
            case "paren":
                deep = deep + 1 if found[0] == "(" else max(deep - 1, 0)
            case "end":
                yield words
                words, deep = [], 0
            case "text" if mysql and "\\" in found[0]:
                whole = _BACKSLASH.match(text, start)
                end = whole.end() if whole else end
            case "dollar" | "tag":
                close = text.find(f"${found['tag']}$", end)
                if words and words[0].text == "DO" and close >= 0:
                    words = []  # this block runs now
                    body_ends.append(close)
                elif not (body_ends and start == body_ends[-1]):
                    end = len(text) if close < 0 else close + len(found["dollar"])
                else:
                    body_ends.pop()
                    yield words
                    words = []
        line += text.count("\n", start, end)
        place = end
    yield words


_KEPT = frozenset(
    {"CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "UNIQUE", "DEFAULT", "NOT", "IDENTITY",
     "EXPRESSION", "CHECK", "POLICY", "TRIGGER", "RULE", "STATISTICS", "PERIOD"}
)  # fmt: skip
# What may follow the name of a column in ALTER COLUMN; anything else is a kind (SQL Server).
_ACTIONS = frozenset({"SET", "DROP", "TYPE", "ADD", "RESTART", "RESET", "COMMENT", "RENAME"})
_OBJECTS = frozenset({"TABLE", "SCHEMA", "DATABASE"})
_WRAPPERS = frozenset({"BEGIN", "THEN", "ELSE", "LOOP"})


def _losses(words: list[_Word]) -> Iterator[Loss]:
    while words and words[0].text in _WRAPPERS:
        words = words[1:]
    if words and words[0].text in ("IF", "WHEN", "ELSIF"):  # of a block: IF ... THEN statement
        after = next((n for n, word in enumerate(words) if word.text == "THEN"), None)
        words = words[after + 1 :] if after is not None else words
    names = [word.text for word in words[:400]]
    if not names:
        return
    line = words[0].line
    match names[0]:
        case "DROP" if names[1:2] and names[1] in _OBJECTS:
            name = next((one for one in names[2:] if one not in ("IF", "EXISTS")), "")
            yield Loss("table", line, f"DROP {names[1]} {name.lstrip('.')}".strip())
        case "TRUNCATE":
            yield Loss("rows", line, " ".join(one.lstrip(".") for one in names[:3]))
        case "DELETE" if names[1:2] == ["FROM"] and "WHERE" not in names and "USING" not in names:
            yield Loss("rows", line, " ".join(one.lstrip(".") for one in names[:3]))
        case "RENAME" if names[1:2] == ["TABLE"]:
            yield Loss("rename", line, "RENAME TABLE")
        case "EXEC" | "EXECUTE" if "SP_RENAME" in names:
            yield Loss("rename", line, "sp_rename")
        case "ALTER" if names[1:2] == ["TABLE"]:
            yield from _alter(words)


def _alter(words: list[_Word]) -> Iterator[Loss]:
    """What an ALTER TABLE takes away: its actions, outside of parentheses."""
    flat = [word for word in words[2:2000] if word.deep == 0]
    names = [word.text for word in flat]
    for place, word in enumerate(flat):
        before = names[place - 1] if place else ""
        after = [one for one in names[place + 1 : place + 6] if one not in ("IF", "EXISTS")]
        first = after[0] if after else ""
        match word.text:
            case "DROP" if first and first not in _KEPT and not (place and before == "ON"):
                name = after[1] if first == "COLUMN" and len(after) > 1 else first
                if first == "PARTITION":
                    yield Loss("rows", word.line, "DROP PARTITION")
                else:
                    yield Loss("column", word.line, f"DROP COLUMN {name.lstrip('.')}")
            case "RENAME" if first not in ("CONSTRAINT", "INDEX", "KEY"):
                yield Loss("rename", word.line, " ".join(["RENAME", *after[:3]]).replace(".", ""))
            case "ALTER":
                named = after[1:] if first == "COLUMN" else after
                action = named[1:3]
                plain = first == "COLUMN" and action and action[0] not in _ACTIONS
                if action[:1] == ["TYPE"] or action == ["SET", "DATA"] or plain:
                    column = named[0].lstrip(".")
                    yield Loss("type", word.line, f"ALTER COLUMN {column} TYPE")
            case "MODIFY" | "CHANGE" if place:
                name = after[1] if first == "COLUMN" and len(after) > 1 else first
                yield Loss("type", word.line, f"{word.text} {name.lstrip('.')}".strip())


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
    | (?P<double>"(?:[^"\\]|\\[\s\S])*(?:"|\Z))
    | (?P<single>'(?:[^'\\]|\\[\s\S])*(?:'|\Z))
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
    | (?P<double>"(?:[^"\\\n]|\\[\s\S])*(?:"|\n|\Z))
    | (?P<single>'(?:[^'\\\n]|\\[\s\S])*(?:'|\n|\Z))
    | (?P<tick>`(?:[^`\\]|\\[\s\S])*(?:`|\Z))
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
    "dropAllForeignKeyConstraints": "column",
    "dropColumn": "column",
    "renameColumn": "rename",
    "renameTable": "rename",
    "modifyDataType": "type",
}
_COMMENT = re.compile(r"<!--[\s\S]*?(?:-->|\Z)|<rollback\b[^>]{0,200}>[\s\S]*?(?:</rollback>|\Z)")
_CHANGE = re.compile(rf"(?:<|^[\s-]*['\"]?)({'|'.join(_CHANGES)})\b", re.MULTILINE)
_YAML_COMMENT = re.compile(r"^\s*#[^\n]*|\s#[^\n'\"]*$", re.MULTILINE)


def _in_changelog(text: str) -> Iterator[Loss]:
    bare = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), text)
    if "<databaseChangeLog" not in bare:
        bare = _YAML_COMMENT.sub("", bare)
    start = 0
    while (start := bare.find("<sql", start)) >= 0 and (end := bare.find("</sql>", start)) >= 0:
        body = bare.find(">", start) + 1
        yield from in_sql(bare[body:end], bare.count("\n", 0, body) + 1)
        start = end
    in_rollback = -1
    for number, line in enumerate(bare.split("\n"), start=1):
        indent = len(line) - len(line.lstrip(" -"))
        if in_rollback >= 0 and line.strip() and indent <= in_rollback:
            in_rollback = -1
        if re.match(r"[\s-]*['\"]?rollback['\"]?\s*:", line):
            in_rollback = indent
        if in_rollback < 0 and (found := _CHANGE.search(line[:2000])):
            yield Loss(_CHANGES[found[1]], number, found[1])
