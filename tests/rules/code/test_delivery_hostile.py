"""Files of strangers that mean harm: read in good time, and reported where they can not be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.code.delivery import Remotes, delivery, judge, say
from launchready_tui.rules.code.publishing import publishes
from tests.every import every
from tests.rules.code.trees import GITHUB, ORIGIN

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "bomb": BOMB,
    "inside itself": "on: &a [*a]\njobs: *a\n",
    "deep": "[" * 5_000,
    "long line": "on: " + "x" * 1_000_000,
    "nul": "on: push\0",
    "broken": "{on: [",
    "keys": "? [a, b]\n: c\n",
    "merge": "a: &a {<<: *a}\n",
    "json": '{"scripts": ' * 3_000,
    "words": "npm --a " * 20_000,
    "ssh": "ssh -a " * 20_000,
    "rsync": "rsync a " * 20_000,
    "targets": "a b c: d e\n\tmake a\n" * 5_000,
}
PATHS = (GITHUB, ".gitlab-ci.yml", ".circleci/config.yml", "bitbucket-pipelines.yml", "vercel.json",
         "fly.toml", "render.yaml", "package.json", "Makefile", "deploy.sh", "app.yaml", "app.json",
         "Procfile", "wrangler.jsonc")  # fmt: skip


@every("path", PATHS)
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_read_in_good_time(case: str, path: str) -> None:
    begun = time.process_time()
    delivery({path: HOSTILE[case], "package.json": '{"scripts": {"a": "npm run a"}}'})
    assert time.process_time() - begun < 15


@pytest.mark.parametrize("case", ["bomb", "inside itself", "deep", "long line", "nul", "broken"])
def test_a_file_that_can_not_be_read_is_reported(case: str) -> None:
    assert delivery({GITHUB: HOSTILE[case]}).unread == (GITHUB,)
    assert delivery({"render.yaml": HOSTILE[case]}).unread == ("render.yaml",)


TEXTS = st.text(max_size=300)
TREES = st.dictionaries(st.sampled_from(PATHS) | TEXTS, TEXTS, max_size=5)


@given(TREES, st.booleans())
def test_any_tree_is_judged(tree: dict[str, str], remote: bool) -> None:
    found = delivery(tree)
    assert judge(found, ORIGIN if remote else Remotes()).name
    for deploy_path in (*found.deploy_paths, *found.spare):
        assert say(deploy_path)


@given(TEXTS)
def test_any_text_publishes_somewhere_or_nowhere(text: str) -> None:
    publishes(text)


WORDS = st.lists(
    st.sampled_from(
        ["on: push\n", "jobs:\n", "  a:\n", "    steps:\n", "      - run: fly deploy\n",
         "    uses: ./.github/workflows/deploy.yml\n", "    environment: live\n", "    if: x\n",
         "      - uses: ./x\n",
         "  - a\n", "{", "}", "[", "&a ", "*a", "<<: ", "pipelines:\n", "  branches:\n"]
    ),
    max_size=12,
)  # fmt: skip


@given(WORDS, st.sampled_from(PATHS[:4]))
def test_any_workflow_is_read(words: list[str], path: str) -> None:
    delivery({path: "".join(words)})
