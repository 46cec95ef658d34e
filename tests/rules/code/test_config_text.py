"""Settings files of strangers, read as they are written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.code.config_text import read_json, read_toml, read_yaml


def test_yaml_keeps_what_is_written() -> None:
    assert read_yaml("on: no\n1: 1:30\n") == {"on": "no", "1": "1:30"}
    assert read_yaml("a: &a {x: 1}\nb: {<<: *a, y: 2}") == {
        "a": {"x": "1"},
        "b": {"x": "1", "y": "2"},
    }


def test_json_may_have_comments() -> None:
    assert read_json('{"a": "// no", /* c */ "b": [1, 2,], // d\n}') == {"a": "// no", "b": [1, 2]}


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    read_yaml(text)
    read_toml(text)
    read_json(text)
