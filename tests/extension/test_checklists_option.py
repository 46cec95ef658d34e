"""`--checklists DIR`: a consultant's own stages, words and providers, for every command."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

from launchready_tui.content.checklist import folder
from launchready_tui.lab import Lab
from tests.commands.conftest import Run, network

PROJECT = """\
format = 1
[product]
name = "Harbor Market"
domain = "harbor.example"
[[hosts]]
name = "harbor.example"
"""
ITEM = """\
[[item]]
id = "bay.C1"
title = "A talk with support"
question = "Did you talk to the people who answer customers?"
choices = [
  { value = "yes", label = "Yes, this week", means = "good" },
  { value = "no", label = "Not yet", means = "bad" },
  { value = "not-sure", label = "I'm not sure", means = "unsure" },
]
why = "They hear first what is broken."
fix = ["Ask them what people wrote about this week."]
verify = "You know the three most common questions."
harms = ["support"]
minutes = 30
"""
STAGE = f"""\
number = 8
id = "people"
title = "The people"
goal = "Everybody knows what to do on the day."
{ITEM}"""
WORDS = """\
[apex.ok]
says = "Bay Consulting looked: {host} leads to {addresses}."
why = "People find you."
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    root = tmp_path / "mine"
    for name, text in {
        "stages/8-people.toml": STAGE,
        "stages/1-more.toml": f"number = 1\n{ITEM.replace('bay.C1', 'bay.C2')}",
        "findings/dns.bay.toml": WORDS,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (tmp_path / "launchready.toml").write_text(PROJECT)
    return root


async def test_every_command_uses_the_folder(run: Run, mine: Path, tmp_path: Path) -> None:
    own = ("--checklists", str(mine))
    async with Lab() as lab:
        done = await run(*own, "audit", "--json", "--save", "--only", "dns.apex", *network(lab))
    (found,) = json.loads(done.out)["findings"]
    assert found["says"].startswith("Bay Consulting looked: harbor.example leads to ")
    summary = await run(*own)
    assert "Stage 8, The people: 0 of 1" in summary.out
    walk = await run(*own, "walk", "--plain", "--stage", "8", typed="2\nAda\nOn Monday.\nq\n")
    assert "Stage 8 of 8. The people. 1 of 1." in walk.out
    assert "Did you talk to the people who answer customers?" in walk.out
    answers = tomllib.loads((tmp_path / "launchready.toml").read_text("utf-8"))["answers"]
    assert (answers["bay.C1"]["value"], answers["bay.C1"]["owner"]) == ("no", "Ada")
    assert (await run(*own, "handover")).code == 0
    text = (tmp_path / "handover" / "02-fix-plan.md").read_text("utf-8")
    assert "Ask them what people wrote about this week." in text
    assert (await run(*own, "handover", "--check")).code == 0
    assert (await run("handover", "--check")).code == 1
    assert (await run("handover", *own, "--check")).code == 0
    twice = await run(*own, "handover", "--checklists", str(tmp_path), "--check")
    assert (twice.code, "is given twice" in twice.err) == (2, True)
    for wrong in (("walk", "--plain", "--stage", "9"), ("audit", "--stage", "9")):
        refused = await run(*own, *wrong)
        assert (refused.code, "Stages go from 1 to 8" in refused.err) == (2, True)


async def test_a_whole_copy_of_ours_is_ours(run: Run, tmp_path: Path) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    copy = shutil.copytree(folder(), tmp_path / "copy")
    ours = await run("checks", "--json")
    assert (await run("--checklists", str(copy), "checks", "--json")).out == ours.out
    assert (await run("handover")).code == 0
    assert (await run("--checklists", str(copy), "handover", "--check")).code == 0


async def test_a_provider_of_the_folder_is_recognised_by_checks(
    run: Run, mine: Path, tmp_path: Path
) -> None:
    """A sender that only the folder knows: the key that everybody has there is looked for."""
    (mine / "providers").mkdir()
    (mine / "providers" / "senders.toml").write_text(
        '[bay-post]\nname = "Bay Post"\nselectors = ["bay"]\nselectors_certain = true\n'
    )
    own = ("--checklists", str(mine))
    (tmp_path / "launchready.toml").write_text(PROJECT + '[email]\nproviders = ["bay-post"]\n')
    async with Lab() as lab:
        args = ("audit", "--json", "--only", "email.dkim", *network(lab))
        found = json.loads((await run(*own, *args)).out)
        usual = json.loads((await run(*args)).out)
    assert [each["verdict"] for each in found["findings"]] == ["fail"]
    assert found["findings"][0]["subject"] == "bay._domainkey.harbor.example"
    assert [each["verdict"] for each in usual["findings"]] == ["unknown"]


MISTAKES = {
    "a key that nobody knows": (
        "stages/8-people.toml", "why =", "wy =",
        "8-people.toml, line 14, column 6 (item[1].wy): Object contains unknown field `wy`"),
    "a key that is missing": (
        "stages/8-people.toml", 'verify = "You know the three most common questions."\n', "",
        "8-people.toml, line 5, column 1 (item[1]): Object missing required field `verify`"),
    "a value of another kind": (
        "stages/8-people.toml", "minutes = 30", 'minutes = "30"',
        "8-people.toml, line 18, column 11 (item[1].minutes): Expected `int`, got `str`"),
    "a choice that means nothing": (
        "stages/8-people.toml", 'means = "bad"', 'means = "so-so"', "(item[1].choices[2].means)"),
    "no choice for those who can't tell": (
        "stages/8-people.toml", 'means = "unsure"', 'means = "bad"',
        "8-people.toml, line 9, column 11 (item[1].choices): A question needs a good choice"),
    "a check that nobody knows": (
        "stages/8-people.toml", "minutes = 30", 'minutes = 30\nchecks = ["dns.apex", "dns.moon"]',
        "8-people.toml, line 19, column 23 (item[1].checks[2]): There is no check dns.moon."),
    "a term that nobody explains": (
        "stages/8-people.toml", "minutes = 30", 'minutes = 30\nglossary = ["moon"]',
        "line 19, column 13 (item[1].glossary[1]): The glossary does not explain “moon”."),
    "an item of another stage": (
        "stages/8-people.toml", "bay.C1", "S1.C1",
        "8-people.toml, line 6, column 6 (item[1].id): Stage 1 has an item S1.C1 already."),
    "a new stage without a goal": (
        "stages/8-people.toml", 'goal = "Everybody knows what to do on the day."\n', "",
        "8-people.toml, line 1, column 10 (number): Stage 8 is new, so it needs “goal”."),
    "a document more": (
        "stages/8-people.toml", "[[item]]",
        '[[document]]\nid = "14-people"\ntitle = "People"\nsays = "Who."\n[[item]]',
        "8-people.toml, line 5, column 1 (document): The documents are thirteen"),
    "no TOML": (
        "stages/8-people.toml", "[[item]]", "[[item]", "8-people.toml, line 5, column 7: Expected"),
    "words for a check that nobody knows": (
        "findings/dns.bay.toml", "[apex.ok]", "[moon.ok]",
        "dns.bay.toml, line 1, column 1 (moon.ok): There is no check dns.moon."),
    "words for what never happens": (
        "findings/dns.bay.toml", "[apex.ok]", "[apex.fine]",
        "dns.bay.toml, line 1, column 1 (apex.fine): dns.apex never ends as “fine”."),
    "words of a fail that are half there": (
        "findings/dns.bay.toml", "[apex.ok]", "[apex.missing]",
        "dns.bay.toml, line 1, column 1 (apex.missing.fix): “fix” is missing."),
    "steps that lead nowhere": (
        "findings/dns.bay.toml", 'why = "People find you."', 'why = "a"\nfix = ["@dns.dance"]',
        "dns.bay.toml, line 4, column 8 (apex.ok.fix[1]): No steps are written for @dns.dance"),
    "braces with a sentence in them": (
        "findings/dns.bay.toml", "{addresses}", "{the address}",
        "dns.bay.toml, line 2, column 8 (apex.ok.says): In braces stands the name of a fact"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_has_its_file_line_and_key(
    mine: Path, name: str, old: str, new: str, says: str
) -> None:
    from launchready_tui.content.source import ContentError
    from launchready_tui.extensions import checklist_in_use

    text = (mine / name).read_text("utf-8")
    assert old in text
    (mine / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as caught:
        checklist_in_use(mine)
    assert says in str(caught.value)
    assert caught.value.path == mine / name
    assert caught.value.line is not None
    assert f"{mine / name}, line {caught.value.line}, column {caught.value.column}" in str(
        caught.value
    )


async def test_a_mistake_ends_every_command_with_two(run: Run, mine: Path, tmp_path: Path) -> None:
    path = mine / "stages" / "8-people.toml"
    path.write_text(path.read_text("utf-8").replace("minutes = 30", "minutes = 3000"), "utf-8")
    before = sorted(tmp_path.rglob("*"))
    commands: tuple[tuple[str, ...], ...] = (
        (), ("checks",), ("audit",), ("handover",), ("walk", "--plain"), ("guards",),
        ("demo", "--json"),
        ("new", "b.example", "--offline", "--project", str(tmp_path / "b.toml")),
    )  # fmt: skip
    for command in commands:
        done = await run("--checklists", str(mine), *command)
        assert (command, done.code, done.out) == (command, 2, "")
        assert "8-people.toml, line 18, column 11 (item[1].minutes)" in done.err
        assert "Traceback" not in done.err
    assert sorted(tmp_path.rglob("*")) == before
    nowhere = await run("--checklists", str(tmp_path / "nowhere"), "checks")
    assert nowhere.code == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    done = await run("--checklists", str(empty), "checks")
    assert (done.code, "is no folder of content" in done.err) == (2, True)
