"""The tools of the tests themselves: a table in one case, worlds played once, processes shown."""

from __future__ import annotations

import pytest

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
    assert "[number-1] test_every.py:" in said
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
def test_fixtures_are_given_beside_the_row(letter: str, tmp_path: object) -> None:
    assert letter in "abc"
    assert tmp_path
