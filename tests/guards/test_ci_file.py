"""The file for CI, read as what it is: who may do what, when, and with nothing of a stranger's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

from launchready_tui.content.checklist import builtin
from launchready_tui.guards import always_on
from launchready_tui.guards.ci_file import (
    NotPlain,
    Platform,
    Setting,
    included,
    left_out,
    release_gate,
    workflow,
)
from launchready_tui.project.model import Project

KEPT = builtin().always_on
FULL = Setting(
    version="9.8.7",
    made_by="launchready guards --ci x",
    branch="live",
    plan="dns/my zone.txt",
    names=("STRIPE_SECRET_KEY", "GITHUB_TOKEN", "odd-name", "DATABASE_URL"),
    code=True,
    documents=True,
)
BUILT = {guard.id for guard in KEPT.guards if guard.command}
PATHS: dict[Platform, str] = {
    "github": ".github/workflows/launchready.yml",
    "gitlab": ".gitlab-ci.yml",
}


def github(setting: Setting = FULL) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(workflow("github", KEPT, setting), yaml.BaseLoader)
    return read


def test_it_runs_what_is_built_and_nothing_else() -> None:
    assert len(BUILT) == 6
    assert set(github()["jobs"]) == BUILT
    assert not BUILT & {"uptime", "journey", "errors"}
    jobs = set(yaml.safe_load(workflow("gitlab", KEPT, FULL))) - {".launchready"}
    assert {job.removeprefix("launchready-") for job in jobs} == BUILT


def test_it_may_read_and_no_more_and_ends_in_time() -> None:
    read = github()
    assert read["permissions"] == {"contents": "read"}
    assert set(read["on"]) == {"pull_request", "push", "schedule", "workflow_dispatch"}
    assert read["on"]["push"] == {"branches": ["live"]}
    assert read["concurrency"]["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"
    for job in read["jobs"].values():
        assert "permissions" not in job
        assert int(job["timeout-minutes"]) <= 30
        checkout, python, install = job["steps"][:3]
        assert checkout["uses"] == "actions/checkout@v4"
        assert checkout["with"]["persist-credentials"] == "false"
        assert re.fullmatch(r"actions/setup-python@v\d+", python["uses"])
        assert install == {"run": "pip install launchready-tui==9.8.7"}
    assert read["jobs"]["secrets"]["steps"][0]["with"]["fetch-depth"] == "0"


def test_nothing_of_a_pull_request_gets_into_a_command_nor_a_secret_into_more_than_its_step() -> (
    None
):
    read = github()
    for id, job in read["jobs"].items():
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            handed = [v for v in step.get("env", {}).values() if "secrets." in v]
            assert not handed or (id, job["if"]) == ("required-env", "github.event_name == 'push'")
    env = read["jobs"]["required-env"]["steps"][-1]["env"]
    assert env == {
        "STRIPE_SECRET_KEY": "${{ secrets.STRIPE_SECRET_KEY }}",
        "DATABASE_URL": "${{ secrets.DATABASE_URL }}",
    }
    assert "pull_request_target" not in workflow("github", KEPT, FULL)


@pytest.mark.parametrize("platform", ["github", "gitlab"])
@pytest.mark.parametrize(
    "odd",
    ["a'; rm -rf ~", "${{ github.token }}", "$(id)", "a\nb", "-x", "a#`id`", "x" * 300, 'a"b'],
)
def test_a_name_that_could_act_is_refused(platform: Platform, odd: str) -> None:
    for setting in (
        replace(FULL, plan=odd),
        replace(FULL, branch=odd),
        replace(FULL, project=odd),
    ):
        with pytest.raises(NotPlain):
            workflow(platform, KEPT, setting)


@pytest.mark.parametrize("platform", ["github", "gitlab"])
def test_a_release_gate_refuses_a_branch_that_could_act(platform: Platform) -> None:
    with pytest.raises(NotPlain):
        release_gate(platform, replace(FULL, branch="${{ github.token }}"))


def test_the_gate_of_a_release_keeps_the_same_rules() -> None:
    gate = yaml.load(release_gate("github", FULL), yaml.BaseLoader)
    assert gate["permissions"] == {"contents": "read"}
    steps = gate["jobs"]["settings"]["steps"]
    same = github()["jobs"]["required-env"]["steps"]
    assert steps[:3] == same[:3]
    assert "secrets." not in str(steps[:3])
    assert steps[-1]["env"] == same[-1]["env"]  # GITHUB_TOKEN and odd-name are left out
    assert int(gate["jobs"]["settings"]["timeout-minutes"]) <= 30
    assert yaml.safe_load(release_gate("gitlab", FULL))["settings"]["timeout"] == "20 minutes"


def test_what_could_only_be_red_is_left_out_with_the_reason() -> None:
    bare = Setting(version="1", made_by="x", branch="main", without=("email",))
    assert [guard.id for guard in included(KEPT, bare)] == ["surface", "secrets"]
    reasons = {guard.id: why for guard, why in left_out(KEPT, bare)}
    assert set(reasons) == {"dns-change", "required-env", "handover", "email"}
    assert all(reasons.values())
    assert set(github(bare)["jobs"]) == {"surface", "secrets"}
    steps = github(bare)["jobs"]["secrets"]["steps"]
    assert [step["name"] for step in steps[3:]] == ["What this change brings", "The whole history"]


def test_the_project_file_is_named_where_it_is_elsewhere() -> None:
    read = github(replace(FULL, project="ops/launch ready.toml"))
    ours = [
        line
        for job in read["jobs"].values()
        for step in job["steps"]
        for line in step.get("run", "").splitlines()
        if line.startswith("launchready ")
    ]
    assert len(ours) == 8
    assert all("--project 'ops/launch ready.toml'" in line for line in ours)


@pytest.mark.parametrize("platform", ["github", "gitlab"])
def test_we_recognise_our_own_file(platform: Platform) -> None:
    tree = {PATHS[platform]: workflow(platform, KEPT, FULL)}
    rows = always_on.rows(Project(), builtin(), tree)
    assert {row.guard.id for row in rows if row.places == (PATHS[platform],)} == BUILT


def test_gitlab_warns_of_3_in_the_daily_run_only() -> None:
    read = yaml.safe_load(workflow("gitlab", KEPT, FULL))
    soft = {id for id, job in read.items() if "allow_failure" in job}
    assert soft == {"launchready-surface", "launchready-email"}
    for id in soft:
        assert read[id]["allow_failure"] == {"exit_codes": 3}
        assert read[id]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    assert read["launchready-secrets"]["variables"] == {"GIT_DEPTH": "0"}
    assert read["launchready-required-env"]["environment"]["name"] == "production"
