"""Typed records by several threads at once: msgspec's first use of a type must be guarded."""

from __future__ import annotations

import textwrap
from pathlib import Path

import msgspec
import pytest

from launchready_tui.vocabulary import records
from tests import processes
from tests.processes import Done

# Each turn makes a new type and lets three threads convert to it at the same moment.
RACE = """
    import faulthandler, sys, threading
    from dataclasses import dataclass
    from typing import Literal

    import msgspec
    from launchready_tui.vocabulary import records

    faulthandler.enable()
    sys.setswitchinterval(1e-6)
    convert = {convert}

    for _ in range({turns}):
        @dataclass(frozen=True, slots=True)
        class Rule:
            id: str
            names: tuple[str, ...] = ()
            where: frozenset[Literal["tree", "history"]] = frozenset()
            sure: Literal["sure", "review"] = "review"

        start = threading.Barrier(3)

        def work():
            start.wait()
            for _ in range(3):
                convert({{"id": "a", "names": ["b"], "where": ["tree"], "sure": "sure"}}, Rule)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    print("whole")
"""


def _race(convert: str, turns: int, folder: Path) -> Done:
    code = textwrap.dedent(RACE.format(convert=convert, turns=turns))
    return processes.run(processes.python(code), folder)


def test_three_threads_may_make_the_first_record_of_a_type(tmp_path: Path) -> None:
    done = _race("records.convert", 2_000, tmp_path)
    assert (done.code, done.out) == (0, "whole\n")


def test_without_the_guard_the_same_threads_end_the_process(tmp_path: Path) -> None:
    """The reason for the guard. When this fails, msgspec is safe, and `records` may go."""
    done = _race("msgspec.convert", 20_000, tmp_path)
    assert done.code < 0


def test_what_does_not_fit_is_said_and_leaves_the_guard_open() -> None:
    class Port(msgspec.Struct):
        number: int

    with pytest.raises(msgspec.ValidationError, match="number"):
        records.convert({"number": "many"}, Port)
    assert records.convert({"number": 53}, Port) == Port(53)
    assert records.from_json(b'{"number": 25}', Port) == Port(25)
    assert records.from_msgpack(msgspec.msgpack.encode(Port(993)), Port) == Port(993)
