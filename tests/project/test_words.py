"""What an error says is measured like all our words: grade, length, forbidden words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from launchready_tui.project import disk, explain, file
from launchready_tui.project.errors import Conflict, Locked, NotSaved, ProjectError
from launchready_tui.vocabulary.safe_text import BadHost, host_name
from tests.project.test_read import BROKEN, HEAD, UNFIT
from tests.readability import faults, join
from tests.vocabulary.test_safe_text import BAD_HOSTS

OTHERS = [
    b"",
    b"# only words\n",
    b"format = 1\0",
    b"format = 1\n# caf\xe9\n",
    b"[x]\n",
    b"format = 0",
    b"format = 9",
]
# The file, the line and the field are read off, not read aloud.
_WHERE = re.compile(r"launchready\.toml, line \d+, column \d+(?: \([^)]*\))?: ")


def message(folder: Path, content: bytes) -> str:
    path = folder / "launchready.toml"
    path.write_bytes(content)
    with pytest.raises(ProjectError) as caught:
        file.read(path)
    return _WHERE.sub("", str(caught.value))


def test_errors_of_reading(tmp_path: Path) -> None:
    texts = [text.encode() for text, *_ in BROKEN]
    texts += [(HEAD + text).encode() for text, *_ in UNFIT]
    messages = [message(tmp_path, content) for content in texts + OTHERS]
    assert [fault for said in messages for fault in faults(said)] == []
    assert faults(join(messages)) == ()


def test_errors_of_typing_a_host() -> None:
    messages = []
    for typed in BAD_HOSTS:
        with pytest.raises(BadHost) as caught:
            host_name(typed)
        messages.append(str(caught.value))
    assert [fault for said in messages for fault in faults(said)] == []
    assert faults(join(messages)) == ()


def test_every_reason_and_title() -> None:
    texts = [*disk._REASONS.values(), *(ours for _, ours in explain._SYNTAX)]
    kinds = (ProjectError, file.Unreadable, file.NewerFormat, NotSaved, Conflict, Locked)
    texts += [kind.title + "." for kind in (*kinds, file.SecretInText)]
    assert [fault for text in texts for fault in faults(text)] == []
    assert faults(join(texts)) == ()
