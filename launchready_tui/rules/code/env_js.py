"""Names that JavaScript and TypeScript read from the environment, without running any of it.

Comments and texts are taken out first, then the usual spellings are looked for. A schema
(envalid, t3-env, zod and their kin) decides for the names in it; elsewhere a name is required
unless it has a default, or the same file tests whether it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from launchready_tui.rules.code.env_names import Guard, Lines, Read, is_name, words

ENDINGS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte",
           ".astro")  # fmt: skip
LANGUAGE = "JavaScript"

_WORTH = re.compile(r"process\??\.env|import\.meta\.env|cleanEnv|createEnv|Deno\.env|Bun\.env"
                    r"|\$env/|process\b[^\n]{0,20}\benv\b")  # fmt: skip
_ROOT = r"(?:process\??\.env|import\.meta\.env|Bun\.env)"
_WHOLE = rf"{_ROOT}\b(?!\s*(?:\?\.|[.\[]))"  # the environment itself, and no name in it
_READ = (
    r"(?<![\w$.])(?P<root>%s)(?:\s*\??\.\s*(?P<name>[A-Za-z_][\w$]*)"
    r"|\s*(?:\?\.)?\[\s*[\"'`](?P<quoted>[A-Za-z_]\w*)[\"'`]\s*\])"
)
_DENO = re.compile(
    r"(?P<root>Deno\.env)\.get\(\s*[\"'`](?P<name>[A-Za-z_]\w*)[\"'`](?P<quoted>)\s*\)"
)
_ALIAS = re.compile(
    rf"\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*(?::[^=;\n]{{1,80}})?=\s*{_WHOLE}"
)
_TAKEN_APART = re.compile(rf"\}}\s*(?::[^=;{{}}\n]{{1,80}})?=\s*{_WHOLE}")
_KIT = re.compile(
    r"import\s*\{([^{}]{0,4000})\}\s*from\s*[\"']\$env/static/(?:private|public)[\"']"
)
_KIT_ALIAS = re.compile(r"import\s*\{\s*env(?:\s+as\s+([\w$]+))?\s*\}\s*from\s*[\"']\$env/dynamic/")
_VITE_OWN = words("MODE DEV PROD SSR BASE_URL SITE ASSETS_PREFIX")

# What stands behind a read: a write, a default, or a question whether it is there.
_WRITE = re.compile(r"\s*(?:=(?![=>])|\+=)")
_DEFAULT = re.compile(r"(?:\s*!)?(?:\s*,\s*\d+)?(?:\s*\)){0,4}\s*(?:\|\||\?\?)")
_ASKED = re.compile(r"\s*(?:\)\s*)?(?:\?(?![.?])|&&)|\s*\)\s*\{")
_SOFT = re.compile(r"\s*(?:[=!]==?|\?\.)|\s+as\s+[^;,()\n]{0,40}\bundefined\b")
# `const key = process.env.KEY`, and further down a question about `key`, or a default for it.
_NAMED = re.compile(r"\b(?:const|let|var)\s+([A-Za-z_$][\w$]{0,60})\s*(?::[^=;\n]{1,40})?=\s*\Z")
_FURTHER = 2000  # characters in which that is looked for
_ASKED_BEFORE = re.compile(r"(?:!!|\bBoolean\(|\bif\s*\(|&&|!)\s*\Z")
_SOFT_BEFORE = re.compile(r"(?:\|\||\?\?|[=!]==?|\btypeof)\s*\Z")
_MUST_BEFORE = re.compile(r"\b(?:assert(?:\.ok)?|invariant)\(\s*\Z")
_NOT_BEFORE = re.compile(r"(?<!!)!\s*\Z")
_STOPS = re.compile(r"\bthrow\b|\bprocess\.exit\b|\bDeno\.exit\b")

_CLEAN = re.compile(
    r"\bcleanEnv\s*(?:<[^<>()]{0,80}>)?\(\s*[\w.]+\s*,\s*(?:(?P<open>\{)|(?P<ref>[\w$]+))"
)
_CREATE = re.compile(r"\bcreateEnv\s*\(\s*(?P<open>\{)")
_PARSE = re.compile(
    r"\.\s*(?P<how>parse|safeParse|parseAsync|validateSync|validate|assert)\s*\(\s*"
    rf"(?:(?P<whole>{_WHOLE})|(?P<open>\{{))"
)
_VALIBOT = re.compile(rf"\bparse\s*\(\s*(?P<ref>[\w$]+)\s*,\s*{_WHOLE}")
_OBJECT = re.compile(r"\b(?:object|strictObject|looseObject)\s*\(\s*\{")
_HAS_DEFAULT = re.compile(
    r"(?:^|[.\s(])(?:optional|default|nullish|catch|prefault|exactOptional)\s*\("
)
_DEFAULT_KEY = re.compile(r"\bdefault\s*:")
_MOST = 20  # schemas and such in one file

_TOKEN = re.compile(r"//|/\*|[/\"'`{}]")
_STRING = {
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*+"'),
    "'": re.compile(r"'(?:[^'\\\n]|\\.)*+'"),
}
_PATTERN = re.compile(r"/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,80}+\]){1,300}+/")
_TEMPLATE = re.compile(r"\\.|`|\$\{", re.DOTALL)
_NAMES_IT = re.compile(r"process\.env|import\.meta\.env")
_BEFORE_PATTERN = frozenset("(,=:[!&|?{};+")


@dataclass(slots=True)
class Found:
    """What one file reads, and what in it stops without a name."""

    reads: list[Read] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)


def read(text: str, path: str) -> Found:
    """The names that a file reads, with their lines."""
    if not _WORTH.search(text):
        return Found()
    return _File(path, masked(text)).found()


def masked(text: str) -> str:
    """The text with comments, and texts that only speak of the environment, turned into spaces.

    Line numbers stay. A backtick that never closes leaves what follows as it is.
    """
    return _Mask(text).masked()


class _Mask:
    """One pass over a text. What reads a token returns where to go on, -1 for nowhere."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._out: list[str] = []
        self._done = 0  # up to there the text is in `_out`
        self._depths: list[int] = []  # braces open in each `${` that we are in
        self._strings = _Strings(text, len(text))

    def masked(self) -> str:
        at = 0
        while at >= 0 and (token := _TOKEN.search(self._text, at)):
            at = self._after(token[0], token.start(), token.end())
        return "".join(self._out) + self._text[self._done :]

    def _after(self, what: str, start: int, at: int) -> int:
        if what in ("//", "/*"):
            return self._comment(what, start, at)
        if what == "/":
            return self._pattern(start, at)
        if what in _STRING:
            return self._string(start, at)
        if what == "`":
            return self._template(at)
        return self._brace(what, at) if self._depths else at

    def _blank(self, start: int, end: int) -> None:
        self._out.append(self._text[self._done : start])
        self._out.append(_NO_LETTER.sub(" ", self._text[start:end]))
        self._done = end

    def _comment(self, what: str, start: int, at: int) -> int:
        if what == "//" and self._text[start - 1 : start] == ":":
            return at  # of an address
        close = "\n" if what == "//" else "*/"
        stop = self._text.find(close, at)
        end = len(self._text) if stop < 0 else stop + (0 if what == "//" else 2)
        self._blank(start, end)
        return end

    def _pattern(self, start: int, at: int) -> int:
        before = self._text[max(0, start - 40) : start].rstrip()
        if not before or before[-1] in _BEFORE_PATTERN or before.endswith("return"):
            pattern = _PATTERN.match(self._text, start)
            return pattern.end() if pattern else at
        return at

    def _string(self, start: int, at: int) -> int:
        stop = self._strings.end(start)
        if stop < 0:
            return at
        if _NAMES_IT.search(self._text, start, stop):
            self._blank(start + 1, stop - 1)
        return stop

    def _template(self, at: int) -> int:
        """Over the text of a template, to its end or to the next `${`; -1 when it never ends."""
        start = at
        while stop := _TEMPLATE.search(self._text, at):
            at = stop.end()
            if stop[0] not in ("`", "${"):
                continue
            if _NAMES_IT.search(self._text, start, stop.start()):
                self._blank(start, stop.start())
            if stop[0] == "${":
                self._depths.append(0)
            return at
        return -1

    def _brace(self, what: str, at: int) -> int:
        if what == "{":
            self._depths[-1] += 1
        elif self._depths[-1]:
            self._depths[-1] -= 1
        else:
            self._depths.pop()
            return self._template(at)
        return at


_NO_LETTER = re.compile(r"[^\n]")


class _Strings:
    """Where texts in quotes end. A quote that never closes on its line costs one look, not many."""

    def __init__(self, text: str, limit: int) -> None:
        self._text, self._limit = text, limit
        self._open: dict[str, int] = {}  # up to there no such quote closes

    def end(self, start: int) -> int:
        """Where the text ends whose quote stands at `start`; -1 where it never does."""
        quote = self._text[start]
        if start < self._open.get(quote, 0):
            return -1
        found = _STRING[quote].match(self._text, start, self._limit)
        if found is not None:
            return found.end()
        stop = self._text.find("\n", start, self._limit)
        self._open[quote] = stop if stop >= 0 else self._limit
        return -1


class _File:
    """One file, masked. Places that a schema decides about are not read again."""

    def __init__(self, path: str, code: str) -> None:
        self.path, self.code, self.lines = path, code, Lines(code)
        self.decided: list[tuple[int, int]] = []
        self.objects: dict[tuple[str, str], int] = {}  # where each that a name stands for opens
        self.out = Found()

    def found(self) -> Found:
        self._envalid()
        self._t3()
        self._parsed()
        self._kit()
        self._taken_apart()
        self._plain()
        return self.out

    def _add(self, name: str, at: int, required: bool) -> None:
        if is_name(name):
            line = self.lines.at(at)
            self.out.reads.append(Read(name, self.path, line, required, LANGUAGE))

    def _guard(self, kind: str, at: int, names: tuple[str, ...] = ()) -> None:
        self.out.guards.append(Guard(kind, self.path, self.lines.at(at), names))

    def _schema(self, start: int, default: re.Pattern[str]) -> tuple[tuple[str, ...], int]:
        """The required names of the schema whose brace is at `start`, and where it ends."""
        required = []
        entries, end = _entries(self.code, start)
        for name, begin, stop in entries:
            needed = not default.search(self.code, begin, stop)
            self._add(name, begin, needed)
            required += [name] if needed and is_name(name) else []
        return tuple(required), end

    def _object_of(self, ref: str, before: str) -> int:
        """Where the object that a name stands for opens, or -1."""
        if (ref, before) not in self.objects:
            pattern = rf"\b{re.escape(ref)}\s*(?::[^=\n]{{1,80}})?=\s*{before}\{{"
            found = re.search(pattern, self.code)
            self.objects[ref, before] = found.end() - 1 if found else -1
        return self.objects[ref, before]

    def _envalid(self) -> None:
        for call in _some(_CLEAN, self.code):
            start = call.start("open") if call["open"] else self._object_of(call["ref"], "")
            names: tuple[str, ...] = ()
            if start >= 0:
                names, end = self._schema(start, _DEFAULT_KEY)
                self.decided.append((start, end))
            self._guard("envalid", call.start(), names)

    def _t3(self) -> None:
        for call in _some(_CREATE, self.code):
            entries, end = _entries(self.code, call.start("open"))
            names: list[str] = []
            for key, begin, stop in entries:
                brace = self.code.find("{", begin, stop)
                if key in ("server", "client", "shared") and brace >= 0:
                    names += self._schema(brace, _HAS_DEFAULT)[0]
            self.decided.append((call.start(), end))
            self._guard("t3-env", call.start(), tuple(names))

    def _parsed(self) -> None:
        for call in _some(_PARSE, self.code):
            end = call.end()
            if call["open"]:
                end = _entries(self.code, call.start("open"))[1]
                if not re.search(_ROOT, self.code[call.end() : end]):
                    continue
            self._by_schema(call.start(), end, self._schema_before(call.start()), call["how"])
        for call in _some(_VALIBOT, self.code):
            start = self._object_of(call["ref"], r"[\w$.]{0,80}\bobject\s*\(\s*")
            self._by_schema(call.start(), call.end(), start, "parse")

    def _schema_before(self, at: int) -> int:
        """Where the schema opens that stands before `.parse(`: by its name, or right there."""
        near = self.code[max(0, at - 200) : at].rstrip()
        named = re.search(r"([A-Za-z_$][\w$]*)\Z", near)
        if named:
            return self._object_of(named[1], r"[\w$.\s]{0,80}\bobject\s*\(\s*")
        opened = list(_OBJECT.finditer(self.code, max(0, at - _LONGEST), at))
        for each in reversed(opened[-_MOST:]):
            end = _entries(self.code, each.end() - 1)[1]
            if re.fullmatch(r"\s*\)[\s\w.()]{0,200}", self.code[end:at]):
                return each.end() - 1
        return -1

    def _by_schema(self, start: int, end: int, schema: int, how: str) -> None:
        names: tuple[str, ...] = ()
        if schema >= 0:
            names, _ = self._schema(schema, _HAS_DEFAULT)
            self.decided.append((start, end))
        # Where the answer is handed back, somebody must stop at a bad one.
        if how != "safeParse" or _STOPS.search(self.code, end):
            self._guard("zod", start, names)

    def _kit(self) -> None:
        for call in _some(_KIT, self.code):
            names = tuple(each.split(" as ")[0].strip() for each in call[1].split(","))
            names = tuple(name for name in names if is_name(name))
            for name in names:
                self._add(name, call.start(), required=True)
            if names:
                self._guard("SvelteKit", call.start(), names)

    def _taken_apart(self) -> None:
        for found in _some(_TAKEN_APART, self.code):
            start = self.code.rfind("{", max(0, found.start() - 4000), found.start())
            if start < 0:
                continue
            for part in self.code[start + 1 : found.start()].split(","):
                item = re.match(r"\s*[\"']?([A-Za-z_]\w*)[\"']?\s*(?::\s*[\w$]+\s*)?(=)?", part)
                if item and not part.lstrip().startswith("..."):
                    self._add(item[1], start + 1, required=item[2] is None)

    def _plain(self) -> None:
        roots = [_ROOT]
        aliases = [each[1] for each in _some(_ALIAS, self.code)]
        aliases += [each[1] or "env" for each in _some(_KIT_ALIAS, self.code)]
        roots += [rf"(?:{re.escape(alias)})" for alias in dict.fromkeys(aliases[:3])]
        found: list[tuple[str, int, bool]] = []
        asked: set[str] = set()
        for pattern in (*(re.compile(_READ % root) for root in roots), _DENO):
            for match in pattern.finditer(self.code):
                name = match["name"] or match["quoted"]
                if self._skipped(match, name):
                    continue
                how = self._how(match.start(), match.end())
                if how == "asked":
                    asked.add(name)
                if how != "write":
                    found.append((name, match.start(), how == "required"))
        for match in re.finditer(rf"[\"'](\w+)[\"']\s+in\s+{_WHOLE}", self.code):
            asked.add(match[1])
            found.append((match[1], match.start(), False))
        for name, at, required in sorted(found, key=lambda each: each[1]):
            self._add(name, at, required and name not in asked)

    def _skipped(self, match: re.Match[str], name: str) -> bool:
        if match["root"].startswith("import") and name in _VITE_OWN:
            return True
        if (
            not name.isupper()
            and not re.match(_ROOT, match["root"])
            and match["root"] != "Deno.env"
        ):
            return True  # a method of an alias
        return any(start <= match.start() < end for start, end in self.decided)

    def _how(self, start: int, end: int) -> str:
        """How it is meant: "write", "required", "soft" (optional here), "asked" (in the file)."""
        before, code = self.code[max(0, start - 40) : start], self.code
        if before.rstrip().endswith("delete") or _WRITE.match(code, end):
            return "write"
        if _MUST_BEFORE.search(before):
            return "required"
        if _NOT_BEFORE.search(before) and _STOPS.search(code, end, end + 160):
            return "required"
        if _DEFAULT.match(code, end) or _SOFT_BEFORE.search(before) or _SOFT.match(code, end):
            return "soft"
        if _ASKED_BEFORE.search(before) or _ASKED.match(code, end):
            return "asked"
        named = _NAMED.search(self.code, max(0, start - 120), start)
        return "soft" if named and self._asked_further(named[1], end) else "required"

    def _asked_further(self, name: str, end: int) -> bool:
        """Whether the code behind goes on where what it has put in a name is not there."""
        behind = self.code[end : end + _FURTHER]
        one = rf"(?<![\w$.]){re.escape(name)}(?![\w$])"
        asked = re.search(
            rf"{one}\s*(?:\?\?|\|\||&&|\?(?![.?])|[=!]==?)|(?:!|\bif\s*\(\s*){one}", behind
        )
        return asked is not None and not _STOPS.search(behind, asked.end(), asked.end() + 160)


def _some(pattern: re.Pattern[str], code: str) -> Iterator[re.Match[str]]:
    """The first matches of a pattern: nobody writes more, and each costs a look at what follows."""
    return islice(pattern.finditer(code), _MOST)


_PART = re.compile(r"[\"'`(){}\[\],]")
_ENTRY = re.compile(r"\s*(?:[\"']([^\"'\n]{1,200})[\"']|([A-Za-z_$][\w$]*))\s*(?=[:,}(]|\Z)")
_LONGEST = 100_000


def _entries(code: str, start: int) -> tuple[list[tuple[str, int, int]], int]:
    """The keys of the object that opens at `start`, each with the span of its value; its end."""
    out: list[tuple[str, int, int]] = []
    depth, begin, at = 0, start + 1, start
    limit = min(len(code), start + _LONGEST)
    closed = _Strings(code, limit)
    while part := _PART.search(code, at, limit):
        at, what = part.end(), part[0]
        if what in _STRING:
            stop = closed.end(part.start())
            at = stop if stop >= 0 else at
        elif what == "`":
            stop = code.find("`", at, limit)
            at = stop + 1 if stop >= 0 else at
        elif what in "({[":
            depth += 1
        elif what in ")}]":
            depth -= 1
        if depth == 0 or (what == "," and depth == 1):
            entry = _ENTRY.match(code, begin, part.start())
            if entry:
                out.append((entry[1] or entry[2], entry.end(), part.start()))
            begin = at
        if depth == 0:
            return out, at
    return out, limit
