"""Plain data into typed records (msgspec), by any number of threads.

msgspec builds what it knows of a type at the first use of that type, and two threads that do so
at once end the process with a segmentation fault (msgspec 0.22, shown by
`tests/test_records.py`). So the first use of each type is guarded here, and nowhere else may
records be made from plain data; ruff's `banned-api` holds it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec

T = TypeVar("T")

_first = threading.Lock()
_known: set[object] = set()


def convert(value: object, shape: type[T]) -> T:
    """The record that `value` (dicts, lists, texts, numbers) describes.

    Raises `msgspec.ValidationError` where it does not fit the shape.
    """
    return _guarded(shape, lambda: msgspec.convert(value, shape))


def from_json(text: bytes | str, shape: type[T]) -> T:
    """The record in a JSON text. Raises `msgspec.DecodeError`, or `ValidationError` below it."""
    return _guarded(shape, lambda: msgspec.json.decode(text, type=shape))


def from_msgpack(data: bytes | msgspec.Raw, shape: type[T]) -> T:
    """The record in MessagePack bytes. Raises `msgspec.DecodeError`, as `from_json` does."""
    return _guarded(shape, lambda: msgspec.msgpack.decode(data, type=shape))


def _guarded(shape: object, work: Callable[[], T]) -> T:
    """One thread at a time until a shape was used once, with whatever result; then all at once."""
    if shape in _known:
        return work()
    with _first:
        try:
            return work()
        finally:
            _known.add(shape)
