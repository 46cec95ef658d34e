"""`launchready mail` as a founder runs it on a saved message: words, JSON, exit codes, errors."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from tests.received import LINK, Mail, with_key

from .conftest import Run, network


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with Lab(with_key()) as world:
        yield world


async def test_the_verdicts_of_each_file_stand_under_its_name(
    run: Run, lab: Lab, tmp_path: Path
) -> None:
    (tmp_path / "verify.eml").write_bytes(Mail(link="https://harbor.example/sell").raw())
    (tmp_path / "reset.eml").write_bytes(Mail("icloud", link="http://harbor.example/sell").raw())
    done = await run("mail", "verify.eml", "reset.eml", "--json", *network(lab))
    found = json.loads(done.out)
    said = {(one["check"], one["subject"]): one["outcome"] for one in found["findings"]}
    assert said == {
        ("email.alignment", "verify.eml"): "ok",
        ("email.alignment", "reset.eml"): "ok",
        ("email.links", "verify.eml"): "ok",
        ("email.links", "reset.eml"): "not-secure",
        ("email.sender", "verify.eml"): "ok",
        ("email.sender", "reset.eml"): "ok",
    }
    assert found["product"]["domain"] == "harbor.example"
    assert (done.code, found["verdict"]) == (1, "not-yet")


async def test_a_message_on_standard_input_is_told_in_words(run: Run, lab: Lab) -> None:
    raw = Mail(link=LINK).raw().decode()
    done = await run("mail", "-", "--no-open", *network(lab), typed=raw)
    assert done.code == 3, done.err  # a link that was not opened is not known to work
    assert "2 fine" in done.out


BAD = {
    "no file": ("gone.eml", None, "No such file"),
    "no message": ("photo.eml", bytes(range(256)), "not a whole message"),
    "empty": ("empty.eml", b"", "not a whole message"),
}


@pytest.mark.parametrize("what", BAD)
async def test_what_is_no_message_gets_a_clear_error(what: str, run: Run, tmp_path: Path) -> None:
    name, content, words = BAD[what]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = await run("mail", name)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


async def test_a_hostile_message_leaves_no_escape_on_the_screen(
    run: Run, lab: Lab, tmp_path: Path
) -> None:
    sender = "=?utf-8?b?G1szMW1SZWQbWzBt?= [bold]x[/bold] <hello@harbor.example>"
    raw = Mail(sender=sender, signed=False, headers=("Reply-To: \x1b]0;title\x07a@b.example",))
    (tmp_path / "odd.eml").write_bytes(raw.raw())
    for more in ((), ("--json",)):
        done = await run("mail", "odd.eml", *more, *network(lab))
        assert "\x1b" not in done.out
        assert done.code in (0, 1, 3)
