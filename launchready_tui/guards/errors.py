"""What a guard says when it cannot read what it was given. Imports nothing heavy."""

from __future__ import annotations

from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.safe_text import clean, clean_line


class PlanError(UserError, ValueError):
    """A plan that cannot be used. `message` says what to do; line and column count from 1."""

    def __init__(self, file: str, message: str, line: int = 0, column: int = 0) -> None:
        self.file, self.line, self.column = clean_line(file, 120), line, column
        self.message = clean(message, 600)
        place = f", line {line}" if line else ""
        place += f", column {column}" if line and column else ""
        super().__init__(f"{self.file}{place}: {self.message}")
