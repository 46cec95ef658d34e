"""One case for a whole table: the test is called for each row, and all rows that fail are listed.

For tables whose rows are many and take a millisecond each, such as every outcome of every check.
`@every` is written as `@pytest.mark.parametrize` is. Fixtures are shared by all rows.
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

Test = Callable[..., None]


def every(
    names: str | tuple[str, ...],
    rows: Iterable[Any],
    ids: Callable[[Any], str] | Iterable[object] | None = None,
) -> Callable[[Test], Test]:
    """Call the test with each row as its arguments `names`, and fail with all that failed."""
    arguments = (names,) if isinstance(names, str) else names
    table = [row if isinstance(names, tuple) else (row,) for row in rows]
    labels = _labels(table, ids)

    def decorate(test: Test) -> Test:
        @functools.wraps(test)
        def all_rows(**fixtures: object) -> None:
            assert table, "a table without rows shows nothing"
            failures = []
            for label, row in zip(labels, table, strict=True):
                try:
                    test(**fixtures, **dict(zip(arguments, row, strict=True)))
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - raised below
                    kind = type(error).__name__
                    failures.append(f"[{label}] {_place(error)}: {kind}: {error}")
            if failures:
                told = "\n\n".join(failures)
                pytest.fail(f"{len(failures)} of {len(table)} rows:\n\n{told}", pytrace=False)

        signature = inspect.signature(test)
        rest = [each for name, each in signature.parameters.items() if name not in arguments]
        all_rows.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]  # pytest reads it
        return all_rows

    return decorate


def _labels(
    table: list[tuple[Any, ...]], ids: Callable[[Any], str] | Iterable[object] | None
) -> list[str]:
    if ids is None:
        return [", ".join(f"{value!s:.80}" for value in row) for row in table]
    if callable(ids):
        return [", ".join(str(ids(value)) for value in row) for row in table]
    return [str(label) for label in ids]


def _place(error: BaseException) -> str:
    """The line of the test (or of what it called in `tests/`) that failed."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if "tests" in Path(frame.filename).parts and frame.filename != __file__]  # fmt: skip
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
