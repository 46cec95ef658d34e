"""The page about the guard reads as a founder reads, and its example runs what it says."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from launchready_tui.content.checklist import builtin
from tests.readability import faults, spellings, unexplained

PAGE = (Path(__file__).parents[2] / "docs" / "guard-dns.md").read_text("utf-8")
GLOSSARY = builtin().glossary


def prose() -> str:
    """What is read: without code blocks and sources; a line of a list ends a sentence."""
    text = re.sub(r"```.*?```", "", PAGE.partition("## Sources")[0], flags=re.DOTALL)
    text = re.sub(r"\n(?![-#\n])", " ", text)
    return re.sub(r"^[-#]+ ", "", text, flags=re.MULTILINE)


def test_the_page_reads_well() -> None:
    assert faults(prose(), spellings(GLOSSARY)) == ()
    assert unexplained(prose(), GLOSSARY) == ()


def test_the_example_for_pull_requests_is_a_workflow() -> None:
    block = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    workflow = yaml.safe_load(block[1])
    steps = workflow["jobs"]["guard"]["steps"]
    assert steps[-1]["run"].startswith("launchready guard dns ")
