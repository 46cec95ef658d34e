"""The way from a branch to the live site, found in the files of a repository."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.called import recipes, runs
from launchready_tui.rules.config_text import read_json, read_toml, read_yaml
from launchready_tui.rules.delivery import (
    Delivery,
    Judged,
    Remotes,
    delivery,
    judge,
    publishes,
    say,
)

ORIGIN = Remotes(("origin",), ("github.com",), ("main",), "main", "main")
GITHUB = ".github/workflows/deploy.yml"


def judged(tree: Mapping[str, str], **given: str) -> Judged:
    return judge(delivery(tree), ORIGIN, **given)


def platforms(tree: Mapping[str, str]) -> list[str]:
    return [each.platform for each in delivery(tree).platforms]


def workflow(step: str, on: str = "{push: {branches: [main]}}", job: str = "") -> str:
    return (
        f"name: Release\non: {on}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n{job}"
        f"    steps:\n      - uses: actions/checkout@v4\n      - {step}\n"
    )


# ------------------------------------------------------------------ files of platforms

FILES = {
    "vercel.json": ("{}", "vercel"),
    ".vercel/project.json": ('{"projectId": "x"}', "vercel"),
    "netlify.toml": ("[build]", "netlify"),
    "fly.toml": ("app = 'x'", "fly"),
    "render.yaml": ("services: []", "render"),
    "railway.json": ("{}", "railway"),
    "railway.toml": ("[build]", "railway"),
    "Procfile": ("web: x", "heroku"),
    "heroku.yml": ("run: {web: x}", "heroku"),
    "app.json": ('{"formation": {}}', "heroku"),
    "app.yaml": ("runtime: python312", "app-engine"),
    "wrangler.toml": ("name = 'x'", "cloudflare-pages"),
    "wrangler.jsonc": ('{"name": "x", // y\n}', "cloudflare-pages"),
    "amplify.yml": ("version: 1", "amplify"),
    "firebase.json": ("{}", "firebase"),
    ".do/app.yaml": ("name: x", "digitalocean"),
    "docker-compose.yml": ("services: {}", "compose"),
    "compose.prod.yaml": ("services: {}", "compose"),
    "web/vercel.json": ("{}", "vercel"),
}


@pytest.mark.parametrize("path", FILES)
def test_a_platforms_file_is_known(path: str) -> None:
    text, platform = FILES[path]
    assert platforms({path: text}) == [platform]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", "FROM x"),
        ("app.yaml", "apiVersion: v1\nkind: Deployment\nruntime: x"),
        ("app.json", '{"expo": {"name": "x"}}'),
        ("examples/one/vercel.json", "{}"),
        ("a/b/c/d/fly.toml", ""),
        ("node_modules/x/netlify.toml", ""),
    ],
)
def test_what_is_no_platforms_file(path: str, text: str) -> None:
    assert platforms({path: text}) == []


def test_a_procfile_beside_a_platforms_own_file_is_not_another() -> None:
    assert platforms({"Procfile": "web: x", "render.yaml": "services: []"}) == ["render"]


# ------------------------------------------------------------------ commands

LIVE = {
    "vercel deploy --prod": "vercel",
    "vercel --prod --token=${{ secrets.T }}": "vercel",
    "npx vercel@latest deploy --prebuilt --prod": "vercel",
    "netlify deploy --dir=dist --prod": "netlify",
    "npx netlify deploy -p": "netlify",
    "flyctl deploy --remote-only": "fly",
    "fly deploy": "fly",
    "railway up --service web": "railway",
    "npx wrangler deploy": "cloudflare-pages",
    "wrangler pages deploy dist --project-name=shop": "cloudflare-pages",
    "wrangler deploy --env production": "cloudflare-pages",
    "git push heroku main": "heroku",
    "git push https://heroku:$KEY@git.heroku.com/shop.git HEAD:main": "heroku",
    "heroku container:release web -a shop": "heroku",
    "gcloud app deploy --quiet": "app-engine",
    "gcloud run deploy shop --image x": "cloud-run",
    "aws amplify start-job --app-id x --branch-name main": "amplify",
    'curl -X POST "https://api.render.com/deploy/srv-x?key=y"': "render",
    "curl ${{ secrets.RENDER_DEPLOY_HOOK_URL }}": "render",
    'curl "$RENDER_DEPLOY_HOOK"': "render",
    "firebase deploy --only hosting": "firebase",
    "aws s3 sync dist s3://shop": "aws",
    "npx sst deploy --stage production": "aws",
    "kubectl apply -f k8s/": "kubernetes",
    "rsync -az ./ deploy@203.0.113.4:/srv/app": "server",
    "scp -r dist me@shop.example:/var/www": "server",
    "ssh deploy@shop.example 'cd app && git pull'": "server",
    "cap production deploy": "server",
    "kamal deploy": "server",
}  # fmt: skip
NOT_LIVE = (
    "vercel deploy",
    "vercel build --prod",
    "vercel pull --yes --environment=production",
    "netlify deploy",
    "flyctl deploy --config fly.staging.toml",
    "fly deploy --app shop-staging",
    "wrangler deploy --env staging",
    "wrangler deploy --dry-run",
    "railway up --environment staging",
    "gcloud app deploy --no-promote",
    "echo vercel deploy --prod",
    "# fly deploy",
    "rsync -a a/ b/",
    "git push origin main",
    "npm run build",
    "vercel.json --prod",
)


@pytest.mark.parametrize(("command", "platform"), LIVE.items())
def test_a_command_that_publishes(command: str, platform: str) -> None:
    assert publishes(command) == platform


@pytest.mark.parametrize("command", NOT_LIVE)
def test_a_command_that_does_not_publish_to_customers(command: str) -> None:
    assert publishes(command) == ""


ACTIONS = {
    "amondnet/vercel-action@v25\n        with: {vercel-args: --prod}": "vercel",
    "superfly/flyctl-actions@1\n        with: {args: deploy}": "fly",
    "nwtgck/actions-netlify@v3\n        with: {production-branch: main}": "netlify",
    "cloudflare/wrangler-action@v3": "cloudflare-pages",
    "akhileshns/heroku-deploy@v3": "heroku",
    "johnbeynon/render-deploy-action@v0": "render",
    "google-github-actions/deploy-appengine@v2": "app-engine",
    "azure/webapps-deploy@v3": "azure",
    "appleboy/ssh-action@v1\n        with: {script: ./up.sh}": "server",
    "FirebaseExtended/action-hosting-deploy@v0\n        with: {channelId: live}": "firebase",
}
NO_ACTIONS = (
    "amondnet/vercel-action@v25",
    "superfly/flyctl-actions/setup-flyctl@master",
    "nwtgck/actions-netlify@v3",
    "FirebaseExtended/action-hosting-deploy@v0",
    "cloudflare/wrangler-action@v3\n        with: {command: deploy --env staging}",
)


@pytest.mark.parametrize(("uses", "platform"), ACTIONS.items())
def test_an_action_that_publishes(uses: str, platform: str) -> None:
    tree = {GITHUB: workflow(f"uses: {uses}")}
    (way,) = delivery(tree).ways
    assert (way.platform, way.branches, way.line) == (platform, ("main",), 8)
    assert judged(tree).name == "ok"


@pytest.mark.parametrize("uses", NO_ACTIONS)
def test_an_action_that_does_not_publish_to_customers(uses: str) -> None:
    assert delivery({GITHUB: workflow(f"uses: {uses}")}).ways == ()


# ------------------------------------------------------------------ what starts a workflow

FLY = "run: fly deploy"
STARTS = {
    "{push: {branches: [main]}}": ("ok", ("main",)),
    "push": ("any-branch", ()),
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
    (way,) = delivery(tree).ways
    assert way.branches == branches
    assert judged(tree).name == name


FOR_TESTS = {
    "pull request": workflow(FLY, "pull_request"),
    "environment": workflow(FLY, job="    environment: staging\n"),
    "branch": workflow(FLY, "{push: {branches: [develop, staging]}}"),
    "condition": workflow(FLY, job="    if: github.event_name == 'pull_request'\n"),
}


@pytest.mark.parametrize("case", FOR_TESTS)
def test_a_copy_for_tests_is_no_way(case: str) -> None:
    assert delivery({GITHUB: FOR_TESTS[case]}).ways == ()


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
    assert [(way.path, way.branches) for way in found.ways] == [
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
    assert [way.by for way in delivery(tree).ways] == ["workflow"]
    assert [way.by for way in delivery(files).ways] == ["person"]
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
    assert [say(way) for way in found.spare] == [
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
    assert found.way is not None
    assert found.way.command == command


def test_a_script_for_staging_is_no_way() -> None:
    text = '{"scripts": {"deploy:staging": "vercel --prod", "deploy": "fly deploy -a x-staging"}}'
    assert delivery({"package.json": text}).ways == ()


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
    assert delivery(OTHER_ENDS[case]).ways == ()


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
    assert (found.name, found.way and found.way.command) == ("one-machine", "git push heroku main")


# ------------------------------------------------------------------ hostile files

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


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_read_in_good_time(case: str, path: str) -> None:
    begun = time.process_time()
    delivery({path: HOSTILE[case], "package.json": '{"scripts": {"a": "npm run a"}}'})
    assert time.process_time() - begun < 15


@pytest.mark.parametrize("case", ["bomb", "inside itself", "deep", "long line", "nul", "broken"])
def test_a_file_that_can_not_be_read_is_reported(case: str) -> None:
    assert delivery({GITHUB: HOSTILE[case]}).unread == (GITHUB,)
    assert delivery({"render.yaml": HOSTILE[case]}).unread == ("render.yaml",)


def test_a_script_that_calls_itself_ends() -> None:
    tree = {"package.json": '{"scripts": {"a": "npm run b", "b": "npm run a"}}', "x.sh": "sh x.sh"}
    assert len(runs(tree, "npm run a", "x")) < 10
    assert len(runs(tree, "sh x.sh", "x")) < 10


def test_yaml_keeps_what_is_written() -> None:
    assert read_yaml("on: no\n1: 1:30\n") == {"on": "no", "1": "1:30"}
    assert read_yaml("a: &a {x: 1}\nb: {<<: *a, y: 2}") == {
        "a": {"x": "1"},
        "b": {"x": "1", "y": "2"},
    }


def test_json_may_have_comments() -> None:
    assert read_json('{"a": "// no", /* c */ "b": [1, 2,], // d\n}') == {"a": "// no", "b": [1, 2]}


def test_a_makefile_is_parted_into_recipes() -> None:
    found = recipes("X := 1\nall: one\n\na b: c\n\t@echo hi\n\techo there\n# d\nc:\n\tx\n")
    assert found["a"] == ("make c\necho hi\necho there", 4)
    assert found["c"] == ("x", 9)


TEXTS = st.text(max_size=300)
TREES = st.dictionaries(st.sampled_from(PATHS) | TEXTS, TEXTS, max_size=5)


@given(TREES, st.booleans())
def test_any_tree_is_judged(tree: dict[str, str], remote: bool) -> None:
    found = delivery(tree)
    assert judge(found, ORIGIN if remote else Remotes()).name
    for way in (*found.ways, *found.spare):
        assert say(way)


@given(TEXTS)
def test_any_text_is_read(text: str) -> None:
    read_yaml(text)
    read_toml(text)
    read_json(text)
    recipes(text)
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
