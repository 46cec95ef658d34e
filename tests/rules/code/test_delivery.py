"""The way from a branch to the live site, found in the files of a repository."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.rules.code.delivery import Delivery, Judged, Remotes, delivery, judge, say
from tests.rules.code.trees import GITHUB, ORIGIN, workflow


def judged(tree: Mapping[str, str], **given: str) -> Judged:
    return judge(delivery(tree), ORIGIN, **given)


# ------------------------------------------------------------------ what starts a workflow

FLY = "run: fly deploy"
STARTS = {
    "{push: {branches: [main]}}": ("ok", ("main",)),
    "push": ("any-branch", ()),
    "{push: {branches: ['**']}}": ("any-branch", ("**",)),
    "issue_comment": ("button", ()),
    "[push, workflow_dispatch]": ("any-branch", ()),
    "workflow_dispatch": ("button", ()),
    "{push: {tags: ['v*']}}": ("button", ()),
    "{release: {types: [published]}}": ("button", ()),
    "{push: {branches: [main]}, workflow_dispatch: {}}": ("ok", ("main",)),
}


@pytest.mark.parametrize("on", STARTS)
def test_what_starts_it(on: str) -> None:
    name, branches = STARTS[on]
    tree = {GITHUB: workflow(FLY, on)}
    (deploy_path,) = delivery(tree).deploy_paths
    assert deploy_path.branches == branches
    assert judged(tree).name == name


FOR_TESTS = {
    "pull request": workflow(FLY, "pull_request"),
    "environment": workflow(FLY, job="    environment: staging\n"),
    "branch": workflow(FLY, "{push: {branches: [develop, staging]}}"),
    "condition": workflow(FLY, job="    if: github.event_name == 'pull_request'\n"),
}


@pytest.mark.parametrize("case", FOR_TESTS)
def test_a_copy_for_tests_is_no_way(case: str) -> None:
    assert delivery({GITHUB: FOR_TESTS[case]}).deploy_paths == ()


def test_a_condition_names_the_branch() -> None:
    job = "    if: github.ref == 'refs/heads/live'\n"
    tree = {GITHUB: workflow(FLY, "push", job)}
    assert judged(tree).name == "ok"
    assert judged(tree).branch == "live"
    assert judged(tree, wanted="live").name == "ok"
    assert judged(tree, wanted="main").name == "other-branch"


def test_a_workflow_that_is_called_runs_as_its_caller_does() -> None:
    tree = {
        ".github/workflows/fly.yml": workflow(FLY, "{workflow_call: {}}"),
        ".github/workflows/unused.yml": workflow(FLY, "{workflow_call: {}}"),
        GITHUB: "on: {push: {branches: [main]}}\njobs: {a: {uses: ./.github/workflows/fly.yml}}",
    }
    found = delivery(tree)
    assert [(deploy_path.path, deploy_path.branches) for deploy_path in found.deploy_paths] == [
        (".github/workflows/fly.yml", ("main",))
    ]
    assert judged(tree).name == "ok"


def test_an_action_of_the_repository_is_read() -> None:
    tree = {
        GITHUB: workflow("uses: ./.github/actions/ship"),
        ".github/actions/ship/action.yml": "runs: {using: composite, steps: [{run: fly deploy}]}",
    }
    assert judged(tree).name == "ok"


SCRIPTS = {
    "npm": (
        {"package.json": '{"scripts": {"ship": "npm run go", "go": "vercel --prod"}}'},
        "npm run ship",
    ),
    "yarn": ({"package.json": '{"scripts": {"ship": "vercel --prod"}}'}, "yarn ship"),
    "make": ({"Makefile": "ship: build\n\t@fly deploy\nbuild:\n\ttrue\n"}, "make ship"),
    "file": ({"bin/ship.sh": "#!/bin/sh\nfly deploy\n"}, "bash bin/ship.sh"),
    "folder": (
        {"web/package.json": '{"scripts": {"ship": "vercel --prod"}}'},
        "cd web && npm run ship",
    ),
}


@pytest.mark.parametrize("case", SCRIPTS)
def test_a_script_that_a_workflow_runs_is_its_way(case: str) -> None:
    files, command = SCRIPTS[case]
    tree = {**files, GITHUB: workflow(f"run: {command}")}
    assert [deploy_path.by for deploy_path in delivery(tree).deploy_paths] == ["workflow"]
    assert [deploy_path.by for deploy_path in delivery(files).deploy_paths] == ["person"]
    assert judged(files).name == "one-machine"


OTHER_SERVICES = {
    ".gitlab-ci.yml": (
        "stages: [ship]\nship:\n  script:\n    - fly deploy\n"
        "  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n",
        "ok",
    ),
    "bitbucket-pipelines.yml": (
        "pipelines:\n  branches:\n    main:\n      - step:\n          script: [fly deploy]\n",
        "ok",
    ),
    ".circleci/config.yml": (
        "version: 2.1\njobs:\n  ship:\n    docker: [{image: x}]\n    steps:\n      - checkout\n"
        "      - run: fly deploy\nworkflows:\n  w:\n    jobs:\n"
        "      - ship: {filters: {branches: {only: main}}}\n",
        "ok",
    ),
}


@pytest.mark.parametrize("path", OTHER_SERVICES)
def test_other_build_services(path: str) -> None:
    text, name = OTHER_SERVICES[path]
    found = judged({path: text})
    assert (found.name, found.branch) == (name, "main")


def test_gitlab_pressed_by_a_person() -> None:
    text = "ship:\n  when: manual\n  script: [fly deploy]\n  only: [main]\n"
    assert judged({".gitlab-ci.yml": text}).name == "button"


def test_gitlab_with_a_tag_of_its_own_is_read() -> None:
    text = (
        ".a: {script: [x]}\nship:\n  script:\n    - !reference [.a, script]\n"
        "    - fly deploy\n  only: [main]\n"
    )
    assert judged({".gitlab-ci.yml": text}).name == "ok"


# ------------------------------------------------------------------ verdicts


def test_one_way_of_the_platform_itself() -> None:
    assert judged({"vercel.json": "{}"}).name == "platform"
    assert judged({"vercel.json": "{}", GITHUB: workflow("run: npm test")}).name == "platform"
    assert judged({"vercel.json": "{}", "docker-compose.yml": ""}).name == "platform"


def test_two_ways_to_the_same_part() -> None:
    both = {"vercel.json": "{}", "netlify.toml": ""}
    assert judged(both).name == "several"
    two = {GITHUB: workflow(FLY), ".github/workflows/old.yml": workflow("run: fly deploy")}
    assert judged(two).name == "several"


def test_two_parts_may_have_a_way_each() -> None:
    tree = {"web/vercel.json": "{}", "api/render.yaml": "services: []"}
    assert judged(tree).name == "platform"
    paths = "{push: {branches: [main], paths: ['%s/**']}}"
    tree = {
        ".github/workflows/web.yml": workflow("run: npx vercel --prod", paths % "web"),
        ".github/workflows/api.yml": workflow(FLY, paths % "api"),
    }
    assert judged(tree).name == "ok"


def test_pages_for_readers_are_no_second_way() -> None:
    tree = {
        GITHUB: workflow(FLY),
        ".github/workflows/d.yml": workflow("uses: actions/deploy-pages@v4"),
    }
    assert judged(tree).name == "ok"


def test_a_spare_command_of_the_same_platform_is_listed() -> None:
    tree = {GITHUB: workflow(FLY), "Makefile": "deploy:\n\tfly deploy\n"}
    found = delivery(tree)
    assert judged(tree).name == "ok"
    assert [say(deploy_path) for deploy_path in found.spare] == [
        "a person runs make deploy (Makefile, line 2), for Fly.io"
    ]


@pytest.mark.parametrize(
    ("path", "text", "command"),
    [
        ("package.json", '{"scripts": {"deploy": "vercel --prod"}}', "npm run deploy"),
        ("Makefile", "deploy:\n\trsync -a . me@x.example:/srv\n", "make deploy"),
        ("justfile", "deploy env='live':\n    ssh me@x.example up\n", "just deploy"),
        ("scripts/deploy.sh", "scp -r . me@x.example:/srv\n", "./scripts/deploy.sh"),
        ("fabfile.py", "def deploy(c): ...\n", "fab deploy"),
        ("Capfile", "", "cap production deploy"),
        ("config/deploy.yml", "service: x\nservers: [x]\n", "kamal deploy"),
        ("fly.toml", "app = 'x'", "fly deploy"),
    ],
)
def test_a_way_that_one_machine_knows(path: str, text: str, command: str) -> None:
    found = judged({path: text})
    assert found.name == "one-machine"
    assert found.deploy_path is not None
    assert found.deploy_path.command == command


def test_a_script_for_staging_is_no_way() -> None:
    text = '{"scripts": {"deploy:staging": "vercel --prod", "deploy": "fly deploy -a x-staging"}}'
    assert delivery({"package.json": text}).deploy_paths == ()


OTHER_ENDS: Mapping[str, Mapping[str, str]] = {
    "a tunnel": {"package.json": '{"scripts": {"db:tunnel": "ssh -L 5432:db:5432 me@x.example"}}'},
    "a backup": {"scripts/backup.sh": "rsync -a me@x.example:/srv/data ./data\n"},
    "logs": {"Makefile": "logs:\n\tkubectl apply -f debug.yaml\n"},
    "a backup at night": {
        ".github/workflows/backup.yml": "on: {schedule: [{cron: x}]}\njobs: {dump: {steps: "
        "[{run: aws s3 sync dump s3://backups}]}}"
    },
}


@pytest.mark.parametrize("case", OTHER_ENDS)
def test_a_command_for_another_end_is_no_way(case: str) -> None:
    assert delivery(OTHER_ENDS[case]).deploy_paths == ()


def test_what_was_told_counts_where_we_can_not_look() -> None:
    assert judged({}).name == "not-known"
    assert judged({}, told="branch").name == "told"
    assert judged({}, told="not-sure").name == "not-known"
    assert judged({"vercel.json": "{}"}, told="by-hand").name == "by-hand"
    assert judged({"fly.toml": ""}, told="branch").name == "told"
    assert judged({"Makefile": "deploy:\n\tfly deploy\n"}, told="branch").name == "told"
    by_ssh = {"Makefile": "deploy:\n\tssh me@x.example up\n"}
    assert judged(by_ssh, told="branch").name == "one-machine"


def test_no_remote_comes_first() -> None:
    tree = {GITHUB: workflow(FLY)}
    assert judge(delivery(tree), Remotes(), told="by-hand").name == "no-remote"


def test_a_platform_that_is_the_remote() -> None:
    heroku = Remotes(("heroku",), ("git.heroku.com",), ("main",), "main", "main")
    found = judge(Delivery(), heroku)
    assert (found.name, found.deploy_path and found.deploy_path.command) == (
        "one-machine",
        "git push heroku main",
    )


@pytest.mark.parametrize(
    ("condition", "expected", "branches"),
    [
        ("startsWith(github.ref, 'refs/tags/v')", "button", ()),
        ("github.ref_type == 'tag'", "button", ()),
        ("github.ref_name == github.event.repository.default_branch", "ok", ("$DEFAULT_BRANCH",)),
        ("github.event.workflow_run.head_branch == 'main'", "ok", ("main",)),
        ("github.event_name == 'push' && github.ref != 'refs/heads/dev'", "any-branch", ()),
    ],
)
def test_the_condition_of_a_job_is_read(
    condition: str, expected: str, branches: tuple[str, ...]
) -> None:
    tree = {GITHUB: workflow(FLY, "push", f'    if: "{condition}"\n')}
    (deploy_path,) = delivery(tree).deploy_paths
    assert (judged(tree).name, deploy_path.branches) == (expected, branches)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("  rules: [{if: '$CI_COMMIT_BRANCH =~ /^release/'}]\n", "ok"),
        ("workflow: {rules: [{if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH}]}\n", "ok"),
        ("  only: [web]\n", "button"),
        ("", "any-branch"),
    ],
)
def test_what_starts_a_job_of_gitlab(more: str, expected: str) -> None:
    assert judged({".gitlab-ci.yml": f"ship:\n  script: [fly deploy]\n{more}"}).name == expected


def test_an_expression_for_branches_is_not_run() -> None:
    tree = {".gitlab-ci.yml": "ship:\n  script: [fly deploy]\n  only: [/^release-.*$/]\n"}
    assert judged(tree, wanted="release-1").name == "ok"
