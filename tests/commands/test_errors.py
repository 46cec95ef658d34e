"""Errors as a founder reads them: one form, exit code 2, the nearest word, and no traceback."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import launchready_tui
from launchready_tui.commands import errors
from launchready_tui.vocabulary.errors import UserError, did_you_mean

from .conftest import Run

PROJECT = """\
format = 1

[product]
name = "Harbor Market"
domain = "harbor.example"
"""

MISTYPED = {
    "command": (("audti",), "There is no command “audti”. Did you mean audit?"),
    "guard": (("guard", "secrts"), "There is no command “secrts”. Did you mean secrets?"),
    "credential": (("credential", "lst"), "There is no command “lst”. Did you mean list?"),
    "check": (("checks", "emial.spf"), "There is no check emial.spf. Did you mean email.spf?"),
    "only": (("audit", "--only", "tls.vlid"), "no check tls.vlid. Did you mean tls.valid?"),
    "fault": (("demo", "--fault", "spf-opn"), "no fault spf-opn. Did you mean spf-open?"),
    "owner": (("guards", "--own", "sekrets=Dana"), "no guard sekrets. Did you mean secrets?"),
    "option": (("audit", "--stag", "2"), "--stage"),
}


@pytest.mark.parametrize(("words", "says"), MISTYPED.values(), ids=MISTYPED)
async def test_a_mistyped_word_is_answered_with_the_nearest(
    run: Run, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    done = await run(*words)
    assert (done.code, done.out) == (2, ""), done
    assert done.err.startswith("Error: "), done
    assert says in done.err, done
    assert "See" in done.err, done


WRONG = {
    "no project": ("handover",),
    "a domain": ("new", "harbor example"),
    "an option's value": ("audit", "--resolver", "x"),
    "no argument": ("new",),
    "a plan": ("guard", "dns", "gone.zone"),
    "a message": ("mail", "gone.eml"),
    "a folder that is a file": ("handover", "--project", "p.toml", "--out", "p.toml"),
    "a stage": ("audit", "--project", "p.toml", "--stage", "9"),
    "a list of values looked at": ("guard", "secrets", "--path", "."),
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
async def test_each_error_has_the_same_form(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "p.toml").write_text(PROJECT)
    (tmp_path / ".launchready-secrets").write_text("nothing that we wrote\n")
    done = await run(*words)
    assert done.code == 2, done
    assert done.out == "", done
    assert done.err.startswith("Error: "), done
    assert done.err.count("\n") == 1, done
    assert "Traceback" not in done.err, done


async def test_a_group_without_a_command_shows_its_commands(run: Run) -> None:
    done = await run("guard")
    assert done.code == 2
    assert done.err.startswith("Usage: launchready guard")


INSIDE = {  # raised and caught by ourselves: nobody ever reads one
    "BadCheck", "BadData", "BadField", "NotAReport", "NotPlain", "PatternError", "ReaderGone",
    "_Stop", "_Unreadable",
}  # fmt: skip


def test_an_error_that_is_ours_is_for_people_or_stays_inside() -> None:
    """A forgotten type would end as a mistake of ours."""
    found = set()
    for module in pkgutil.walk_packages(launchready_tui.__path__, "launchready_tui."):
        if module.name.endswith("__main__") or ".lab" in module.name:
            continue
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, Exception):
                found.add(thing)
    ours = {each for each in found if each.__module__.startswith("launchready_tui.")}
    assert len(ours) > 12
    assert {each.__name__ for each in ours if not issubclass(each, UserError)} == INSIDE


def test_a_mistake_of_our_own_is_told_without_its_text() -> None:
    try:
        int("sk_live_no_such_key")
    except ValueError as error:
        said = errors.words(error)
    assert "LaunchReady made a mistake of its own (ValueError in test_errors.py" in said
    assert "sk_live" not in said
    assert errors.DEBUG in said


@pytest.mark.parametrize(
    ("typed", "says"), [("hndover", " Did you mean handover?"), ("zzz", ""), ("h" * 5000, "")]
)
def test_the_nearest_word(typed: str, says: str) -> None:
    assert did_you_mean(typed, ["handover", "audit"]) == says
