"""`launchready credential`, in a process of its own, on stores that are real, missing or bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from launchready_tui.lab.cloudflare import READS, TOKEN, answer, with_zones, zone
from launchready_tui.lab.healthy import DOMAIN, healthy
from tests.commands.conftest import Run, network
from tests.processes import Done

PROJECT = f'format = 1\n\n[product]\nname = "Harbor Market"\ndomain = "{DOMAIN}"\n'
COOKIE = "harbor_session=a-made-up-value-4711"
NULL = "keyring.backends.null.Keyring"
NONE = "keyring.backends.fail.Keyring"


@pytest.fixture(autouse=True)
def _project(tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT, "utf-8")


def silent_about(value: str, *runs: Done) -> None:
    for done in runs:
        assert value not in done.out + done.err
        assert "Traceback" not in done.err


async def test_a_store_that_swallows_what_it_is_given_is_found_out(launch: Run) -> None:
    done = await launch(
        "credential", "set", "test-session", typed=COOKIE, PYTHON_KEYRING_BACKEND=NULL
    )
    assert done.code == 2
    assert "does not have it" in done.err
    silent_about(COOKIE, done)


async def test_without_a_store_the_words_say_so(launch: Run) -> None:
    done = await launch(
        "credential", "set", "test-session", typed=COOKIE, PYTHON_KEYRING_BACKEND=NONE
    )
    listed = await launch("credential", "list", PYTHON_KEYRING_BACKEND=NONE)
    assert (done.code, listed.code) == (2, 2)
    assert "no password store" in done.err
    silent_about(COOKIE, done, listed)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("test-session", "no pair at all"),
        ("test-session", "a=b\x07"),
        ("test-session", ""),
        ("cloudflare", "two words"),
        ("cloudflare", "short"),
        ("cloudflare", "tökentokentoken"),
    ],
)
async def test_a_value_of_the_wrong_form_is_refused_unseen(run: Run, name: str, value: str) -> None:
    done = await run("credential", "set", name, typed=value)
    assert done.code == 2
    assert "form" in done.err
    assert not value or value not in done.err


async def test_a_value_on_the_command_line_is_no_value(run: Run) -> None:
    done = await run("credential", "set", "test-session", COOKIE)
    assert done.code == 2
    assert "extra argument" in done.err


async def test_a_token_that_can_write_is_not_kept(run: Run) -> None:
    writes = zone(DOMAIN, (*READS, "#dns_records:edit"))
    async with Lab(with_zones(healthy(), answer([writes], pages=1))) as lab:
        done = await run("credential", "set", "cloudflare", *network(lab), typed=TOKEN)
    assert done.code == 2
    assert "It can change things" in done.err
    assert "Nothing was kept." in done.err
    silent_about(TOKEN, done)


async def test_a_good_token_goes_on_to_the_store(run: Run, lab: Lab) -> None:
    done = await run("credential", "set", "cloudflare", *network(lab), typed=TOKEN)
    assert "does not have it" in done.err  # the null store of the tests
    silent_about(TOKEN, done)


async def test_a_project_is_needed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").unlink()
    done = await run("credential", "list")
    assert done.code == 2
    assert "launchready new" in done.err


INBOXES = """
[[inboxes]]
provider = "gmail"
address = "tester@gmail.com"

[[inboxes]]
provider = "icloud"
address = "tester@icloud.com"
"""


async def test_an_inbox_s_password_needs_its_address(launch: Run, tmp_path: Path) -> None:
    secret = "abcd efgh ijkl mnop"
    none = await launch("credential", "set", "inbox", typed=secret)
    assert "has: none yet" in none.err
    (tmp_path / "launchready.toml").write_text(PROJECT + INBOXES, "utf-8")
    unclear = await launch("credential", "set", "inbox", typed=secret)
    wrong = await launch("credential", "set", "inbox", "--for", "x@gmail.com", typed=secret)
    for done in (none, unclear, wrong):
        assert done.code == 2
        assert "add --for and its address" in done.err
    assert "tester@gmail.com, tester@icloud.com" in wrong.err
    kept = await launch(
        "credential", "set", "inbox", "--for", "tester@icloud.com", typed=secret,
        PYTHON_KEYRING_BACKEND=NULL,
    )  # fmt: skip
    assert "does not have it" in kept.err
    silent_about(secret, none, unclear, wrong, kept)


async def test_what_went_wrong_inside_is_told_without_headers(run: Run, lab: Lab) -> None:
    """`--debug` must not print what a site sets as cookies, nor what we send."""
    done = await run("audit", "--debug", "--only", "edge.proxied", "--json", *network(lab))
    assert "headers" not in done.err.lower()
    assert "cookie" not in done.err.lower()
