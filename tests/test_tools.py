"""The tools of the tests themselves: a table in one case, worlds played once, processes shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import processes, worlds
from tests.every import every


def test_all_rows_that_fail_are_listed_and_those_after_them_are_played() -> None:
    played = []

    @every("number", range(5), ids=lambda number: f"number-{number}")
    def test_is_even(number: int) -> None:
        played.append(number)
        assert number % 2 == 0

    with pytest.raises(pytest.fail.Exception) as failed:
        test_is_even()
    said = str(failed.value)
    assert played == [0, 1, 2, 3, 4]
    assert said.startswith("2 of 5 rows:")
    assert "[number-1] test_tools.py:" in said
    assert "[number-3]" in said
    assert "number-2" not in said


def test_a_row_may_fail_by_an_error_of_any_kind() -> None:
    @every(("key", "value"), [("a", 1), ("b", 2)])
    def test_is_there(key: str, value: int) -> None:
        with pytest.raises(KeyError):
            {"a": 1}[key]

    with pytest.raises(pytest.fail.Exception, match=r"1 of 2 rows[^$]*\[a, 1\]"):
        test_is_there()


def test_an_empty_table_is_no_success() -> None:
    @every("one", [])
    def test_never(one: int) -> None:
        raise AssertionError

    with pytest.raises(AssertionError, match="without rows"):
        test_never()


@every("letter", "abc")
def test_fixtures_are_given_beside_the_row(letter: str, tmp_path: Path) -> None:
    assert letter in "abc"
    assert tmp_path


def test_a_world_that_cannot_be_played_is_an_error_for_each_that_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(worlds.FOLDER, str(tmp_path))
    for _ in range(2):
        with pytest.raises(worlds.NotPlayed, match="KeyError: 'no-such-fault'"):
            worlds.found("no-such-fault")
        worlds._result.cache_clear()  # as another worker, which has only the folder
    assert [path.name for path in tmp_path.glob("*.pickle")] == ["no-such-fault.pickle"]


def test_a_red_test_shows_what_its_processes_said(tmp_path: Path) -> None:
    (tmp_path / "test_red.py").write_text(
        "import sys\n"
        "from tests import processes\n"
        "def test_red(tmp_path):\n"
        "    code = 'import sys; print(2 * 21); sys.exit(str(6 * 111))'\n"
        "    assert processes.run(processes.python(code), tmp_path).code == 0\n"
    )
    command = [*processes.python("import pytest; pytest.main()"), "-p", "tests.processes", "-q"]
    done = processes.run(command, tmp_path, env={"PYTHONPATH": str(processes.ROOT)})
    assert "ended with 1; standard error" in done.out
    assert "\n666\n" in done.out
    assert "\n42\n" in done.out
