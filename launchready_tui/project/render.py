"""Keys and values as TOML text, and changes inside the braces and brackets of one value."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from launchready_tui.project.nodes import same_rows

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_WIDTH = 96  # a list that is longer than this gets a line for each of its items
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def key_text(names: tuple[str | int, ...]) -> str:
    """A key as it is written: bare where it can be, in quotes where it must be, dotted."""
    return ".".join(str(name) if _BARE.match(str(name)) else _quoted(str(name)) for name in names)


def value_text(value: Any) -> str:
    """A value as it is written. Text of several lines stands in three quotes, line by line."""
    match value:
        case str():
            return _lines(value) if "\n" in value else _quoted(value)
        case bool():
            return "true" if value else "false"
        case date():  # a datetime is one as well
            return value.isoformat().replace("+00:00", "Z")
        case dict():
            inner = [f"{key_text((key,))} = {_inner(each)}" for key, each in value.items()]
            return f"{{ {', '.join(inner)} }}" if inner else "{}"
        case list():
            items = [_inner(each) for each in value]
            short = f"[{', '.join(items)}]"
            if len(short) <= _WIDTH:
                return short
            return "[\n" + "".join(f"    {item},\n" for item in items) + "]"
        case _:
            return str(value)


def _inner(value: Any) -> str:
    """A value inside braces or brackets, where text stays on one line."""
    return _quoted(value) if isinstance(value, str) else value_text(value)


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _lines(text: str) -> str:
    """A multi-line basic string (TOML 1.0, "String"): its first newline does not count."""
    body = "".join(letter if letter in '\n"' else _escaped(letter) for letter in text)
    body = re.sub(r'"+(\Z)?', lambda run: _quotes(len(run[0]), last=run[1] is not None), body)
    return f'"""\n{body}"""'


def _quotes(count: int, *, last: bool) -> str:
    """Quotes inside three quotes: the third in a row would end the text, and so would the last."""
    ends = (place % 3 == 2 or (last and place == count - 1) for place in range(count))
    return "".join('\\"' if end else '"' for end in ends)


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    return f"\\u{ord(letter):04X}" if ord(letter) < 0x20 or ord(letter) == 0x7F else letter


def edit_value(text: str, old: Any, new: Any, section: str = "") -> str:
    """The text of one value, changed from `old` to `new`.

    In braces and brackets, what did not change stays as it was written. `section` names the list
    of the file that the value is, so that its rows are told apart by their names.
    """
    old = type(new)() if old is None and isinstance(new, dict | list) else old
    if not isinstance(new, dict | list) or type(old) is not type(new):
        return value_text(new)
    import tomlkit

    document = tomlkit.parse(f"value = {text}")
    _blend(document["value"], old, new, section)
    return document.as_string().removeprefix("value = ")


def _blend(item: Any, old: Any, new: Any, section: str = "") -> None:
    """Carries the difference into a tomlkit item. Any: tomlkit types its items no further."""
    if isinstance(new, dict):
        for key in [key for key in old if key not in new]:
            del item[key]
        for key, value in new.items():
            _blend_one(item, key, old.get(key), value)
        return
    same: dict[int, int] = {}
    for place, at in sorted(same_rows(section, old, new).items()):
        if at > max(same.values(), default=-1):  # one that moved forward is written anew
            same[place] = at
    for at in sorted(set(range(len(old))) - set(same.values()), reverse=True):
        del item[at]
    for place, value in enumerate(new):
        if place in same:
            _blend_one(item, place, old[same[place]], value)
        else:
            item.insert(place, _item(value))


def _blend_one(item: Any, key: str | int, old: Any, value: Any) -> None:
    if old == value:
        return
    if isinstance(value, dict | list) and type(old) is type(value):
        _blend(item[key], old, value)
    else:
        item[key] = _item(value)


def _item(value: Any) -> Any:
    import tomlkit

    return tomlkit.value(_inner(value))
