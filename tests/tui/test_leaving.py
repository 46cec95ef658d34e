"""Leaving, however quickly other keys follow; and every message leads somewhere."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest
from textual.events import Key
from textual.message import Message

from launchready_tui.tui import messages
from launchready_tui.tui.app import LaunchReadyApp
from tests.tui.steering import until
from tests.tui.test_states import made


def press_at_once(app: LaunchReadyApp, *keys: str) -> None:
    """As a terminal sends what is typed quickly: no key waits for what the one before it does."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


@pytest.mark.parametrize("leave", ["q", "ctrl+q"])
@pytest.mark.parametrize("keys", [*"wbgdotmevs", "tw", "wq", "oeg", ("question_mark",)])
async def test_a_key_right_after_leaving_opens_nothing(
    tmp_path: Path, leave: str, keys: str | tuple[str, ...]
) -> None:
    app = made(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        press_at_once(app, leave, *keys)
        await until(pilot, "the app ends", lambda: not app.is_running)


@pytest.mark.parametrize("key", [*"wbgdotmev", "question_mark"])
async def test_leaving_right_after_a_key(tmp_path: Path, key: str) -> None:
    app = made(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        press_at_once(app, key, "ctrl+q")
        await until(pilot, "the app ends", lambda: not app.is_running)


def test_every_message_has_its_handler() -> None:
    ours = [
        kind
        for _, kind in inspect.getmembers(messages, inspect.isclass)
        if issubclass(kind, Message) and kind.__module__ == messages.__name__
    ]
    assert len(ours) > 30
    missing = [kind.__name__ for kind in ours if not hasattr(LaunchReadyApp, kind.handler_name)]
    assert missing == []
