"""Whether one rule of Cloudflare matches one visit: a bounded part of its Rules language.

https://developers.cloudflare.com/ruleset-engine/rules-language/: comparisons of the fields that
follow from an address alone, `not`, `and`, `xor`, `or` (in that order) and parentheses. What
depends on more (a cookie, a country, a regular expression) is neither true nor false: None. So
is a text that we cannot read. `None and False` is still False, and `None or True` is True.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Maybe = bool | None

LENGTH = 4096  # characters that an expression may have, as Cloudflare says
_DEPTH = 40
_TOKEN = re.compile(
    r"\s*(?:(?P<raw>r(?P<hash>#{0,8})\"(?P<inside>.*?)\"(?P=hash))"
    r"|(?P<quoted>\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<sign>&&|\|\||\^\^|==|!=|<=|>=|[!~<>(){},\[\]*])"
    r"|(?P<word>[A-Za-z0-9_.:/$-]+))",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NAMES = {
    "==": "eq",
    "!=": "ne",
    "&&": "and",
    "||": "or",
    "^^": "xor",
    "!": "not",
    "~": "matches",
}
_COMPARISONS = frozenset(
    {"eq", "ne", "contains", "wildcard", "strict", "in", "matches", "lt", "le", "gt", "ge"}
    | {"<", "<=", ">", ">="}
)
_LOGIC = frozenset({"and", "or", "xor"})


class _Unreadable(Exception):
    """The text is not in the part of the language that we know."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A literal between quotes."""

    value: str


_Token = str | _Text


def matches(expression: str, url: str) -> Maybe:
    """Whether a GET of this https address meets the expression; None when we cannot tell."""
    if len(expression) > LENGTH:
        return None
    try:
        reader = _Reader(_tokens(expression), _fields(url))
        found = reader.either(0)
        return found if reader.at_end else None
    except _Unreadable:
        return None


def any_of(one: Maybe, other: Maybe) -> Maybe:
    """`or` where one side may not be known."""
    if one or other:
        return True
    return None if one is None or other is None else False


def opposite(one: Maybe) -> Maybe:
    """The opposite of a truth; what is not known stays so."""
    return None if one is None else not one


def _fields(url: str) -> Mapping[str, str]:
    """The fields that an address gives, as the Rules language names them."""
    parts = urlsplit(url)
    path, query = parts.path or "/", f"?{parts.query}" if parts.query else ""
    last = path.rpartition("/")[2]
    return {
        "http.host": parts.hostname or "",
        "http.request.method": "GET",
        "http.request.full_uri": f"{parts.scheme}://{parts.netloc}{path}{query}",
        "http.request.uri": f"{path}{query}",
        "http.request.uri.path": path,
        "http.request.uri.path.extension": last.rpartition(".")[2].lower() if "." in last else "",
        "http.request.uri.query": parts.query,
        "raw.http.request.full_uri": f"{parts.scheme}://{parts.netloc}{path}{query}",
        "raw.http.request.uri": f"{path}{query}",
        "raw.http.request.uri.path": path,
        "raw.http.request.uri.query": parts.query,
    }


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, text = 0, text.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise _Unreadable
        at = token.end()
        if token["raw"] is not None:
            found.append(_Text(token["inside"]))
        elif token["quoted"] is not None:
            found.append(_Text(_ESCAPED.sub(r"\1", token["quoted"][1:-1])))
        else:
            word = token["sign"] or token["word"]
            found.append(_NAMES.get(word, word))
    return found


class _Reader:
    """Reads and judges in one pass (recursive descent), never deeper than `_DEPTH`."""

    def __init__(self, tokens: Sequence[_Token], fields: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._fields = fields
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    def either(self, depth: int) -> Maybe:
        found = self._one_of(depth)
        while self._take("or"):
            found = any_of(found, self._one_of(depth))
        return found

    def _one_of(self, depth: int) -> Maybe:
        found = self._both(depth)
        while self._take("xor"):
            other = self._both(depth)
            found = None if found is None or other is None else found != other
        return found

    def _both(self, depth: int) -> Maybe:
        found = self._negated(depth)
        while self._take("and"):
            found = opposite(any_of(opposite(found), opposite(self._negated(depth))))
        return found

    def _negated(self, depth: int) -> Maybe:
        if depth > _DEPTH:
            raise _Unreadable
        if self._take("not"):
            return opposite(self._negated(depth + 1))
        if self._take("("):
            found = self.either(depth + 1)
            self._expect(")")
            return found
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Maybe:
        name = self._next()
        if isinstance(name, _Text) or name in _LOGIC or name in _COMPARISONS:
            raise _Unreadable
        if name in ("true", "false"):
            return name == "true"
        if name == "ssl":
            return True if self._peek() not in _COMPARISONS else self._unknown()
        if name in ("starts_with", "ends_with"):
            return self._affix(name, depth)
        return self._compared(self._value_of(name, depth))

    def _affix(self, function: str, depth: int) -> Maybe:
        self._expect("(")
        value = self._value_of(self._word(), depth + 1)
        self._expect(",")
        part = self._literal()
        self._expect(")")
        if value is None:
            return None
        return value.startswith(part) if function == "starts_with" else value.endswith(part)

    def _value_of(self, name: str, depth: int) -> str | None:
        """A field's text, through `lower()` and `upper()`; None for one that we do not know."""
        if depth > _DEPTH:
            raise _Unreadable
        if name in self._fields:
            return self._fields[name]
        if name in ("lower", "upper") and self._take("("):
            value = self._value_of(self._word(), depth + 1)
            self._expect(")")
            return None if value is None else value.lower() if name == "lower" else value.upper()
        self._skip_arguments()
        return None

    def _compared(self, value: str | None) -> Maybe:
        operator = self._peek()
        if operator not in _COMPARISONS:
            return None  # a field that is itself true or false
        self._next()
        if operator == "in":
            members = self._set()
            return None if value is None or None in members else value in members
        if operator == "strict":
            self._expect("wildcard")
        literal = self._next()
        if value is None or not isinstance(literal, _Text):
            return None
        match operator:
            case "eq":
                return value == literal.value
            case "ne":
                return value != literal.value
            case "contains":
                return literal.value in value
            case "wildcard":
                return wildcard(literal.value.lower(), value.lower())
            case "strict":
                return wildcard(literal.value, value)
        return None

    def _set(self) -> list[str | None]:
        """The texts between braces; None for each that is no text (an address, a list's name)."""
        if not self._take("{"):
            self._next()
            return [None]
        members: list[str | None] = []
        while not self._take("}"):
            member = self._next()
            members.append(member.value if isinstance(member, _Text) else None)
        return members

    def _unknown(self) -> Maybe:
        self._compared(None)
        return None

    def _skip_arguments(self) -> None:
        """Step over what may follow a name that we do not know: `(...)` and `[...]`."""
        pairs = {"(": ")", "[": "]"}
        while (opening := self._peek()) in pairs:
            inside = 0
            while True:
                token = self._next()
                inside += (token == opening) - (token == pairs[str(opening)])
                if not inside:
                    break

    def _literal(self) -> str:
        token = self._next()
        if not isinstance(token, _Text):
            raise _Unreadable
        return token.value

    def _word(self) -> str:
        token = self._next()
        if isinstance(token, _Text):
            raise _Unreadable
        return token

    def _peek(self) -> _Token | None:
        return None if self.at_end else self._tokens[self._at]

    def _next(self) -> _Token:
        if self.at_end:
            raise _Unreadable
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise _Unreadable


def wildcard(pattern: str, text: str) -> bool:
    r"""Whether the whole text fits; `*` stands for any characters, `\*` for a star.

    Each part between stars is found at the first place where it can be, which is enough.
    """
    parts = [part.replace("\0", "*") for part in pattern.replace("\\*", "\0").split("*")]
    parts = [part.replace("\\\\", "\\") for part in parts]
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    if not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
