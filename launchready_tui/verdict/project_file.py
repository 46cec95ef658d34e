"""The founder's file as every command and screen opens it: read, and its answers understood.

`project.file` knows the form of the file, and the content knows the questions. An answer that its
question does not know would count as none without a word, so such a file is not used.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from launchready_tui.content.checklist import Checklist, Item
from launchready_tui.project import file
from launchready_tui.project.file import Loaded
from launchready_tui.verdict.readiness import SKIPPED_FOR_NOW
from launchready_tui.vocabulary.errors import did_you_mean
from launchready_tui.vocabulary.safe_text import clean_line, redact

# An answer that is begun (its owner is named, or it has evidence), and one that was put off.
NO_CHOICE = ("", SKIPPED_FOR_NOW)


def read(path: Path, checklist: Checklist) -> Loaded:
    """The project in the file, with warnings about what it holds that nobody knows.

    Raises `ProjectError`: `Unreadable`, with line and column, for an answer that its question
    does not know.
    """
    loaded = file.read(path)
    items = {item.id: item for _, item in checklist.items()}
    strangers = []
    for id, answer in loaded.project.answers.items():
        item = items.get(id)
        if item is None:
            strangers.append(_no_question(loaded, id, items))
        elif answer.value not in NO_CHOICE and item.choice(answer.value) is None:
            raise file.error_at(loaded, ("answers", id, "value"), _wrong_value(item, answer.value))
    return replace(loaded, warnings=(*loaded.warnings, *strangers))


def _no_question(loaded: Loaded, id: str, items: dict[str, Item]) -> str:
    line, _ = file.line_column(loaded, ("answers", id))
    shown = clean_line(redact(id), 60)
    return (
        f"{clean_line(loaded.path.name)}, line {line}: There is no question “{shown}”. "
        f"Its answer stays in the file.{did_you_mean(id, items)}"
    )


def _wrong_value(item: Item, value: str) -> str:
    known = [choice.value for choice in item.choices]
    listed = ", ".join(known[:-1]) + f" or {known[-1]}" if len(known) > 1 else "".join(known)
    near = did_you_mean(value, known)
    return (
        f"“value” can't be “{clean_line(redact(value), 60)}” here.{near} "
        f"Write one of these: {listed}."
    )
