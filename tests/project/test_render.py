"""Text as TOML: whatever a founder types reads back as it was typed."""

from __future__ import annotations

import itertools
import tomllib

from launchready_tui.project.render import value_text


def test_every_short_text_of_quotes_breaks_and_backslashes_reads_back() -> None:
    for length in range(1, 7):
        for letters in itertools.product('"\n\\a', repeat=length):
            text = "".join(letters)
            assert tomllib.loads(f"v = {value_text(text)}")["v"] == text
