"""How a change gets from a branch to the live site, read from the files of the repository.

Three kinds of ways: a workflow publishes, the platform builds it from git by itself, or a person
runs a command. Nothing is executed, and no service is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.rules.called import package_scripts, recipes, runs, shown
from launchready_tui.rules.config_text import (
    aside,
    at,
    base_of,
    depth,
    folder_of,
    line_of,
    mapping,
    read_json,
    read_toml,
    read_yaml,
    within,
)
from launchready_tui.rules.workflows import Job, Step, Workflows, workflows

Tree = Mapping[str, str]
By = Literal["workflow", "platform", "person"]

MOST_FILES = 40
NEAR = 2  # folders below the root in which a platform's file counts

# Every platform that we tell apart, as a founder knows it. Those of hosting.toml share their ids.
PLATFORMS: Mapping[str, str] = {
    "vercel": "Vercel",
    "netlify": "Netlify",
    "fly": "Fly.io",
    "render": "Render",
    "railway": "Railway",
    "heroku": "Heroku",
    "cloudflare-pages": "Cloudflare Pages or Workers",
    "app-engine": "Google App Engine",
    "cloud-run": "Google Cloud Run",
    "amplify": "AWS Amplify",
    "aws": "AWS",
    "azure": "Azure",
    "digitalocean": "DigitalOcean",
    "firebase": "Firebase",
    "deno": "Deno Deploy",
    "kubernetes": "Kubernetes",
    "server": "your own server",
    "compose": "Docker Compose",
    "github-pages": "GitHub Pages",
}
# These get a new version by a command first; building from git is a setting that we can't see.
BY_COMMAND: Mapping[str, str] = {
    "fly": "fly deploy",
    "cloudflare-pages": "wrangler deploy",
    "app-engine": "gcloud app deploy",
}
# These have no setting that builds from git: what a person runs is the way.
NEVER_BUILDS = frozenset({"server", "compose", "kubernetes"})
# Builds of these are shared with previews, and nothing of ours runs at their start.
SHARED_BUILDS = frozenset({"vercel", "netlify", "cloudflare-pages", "amplify"})


@dataclass(frozen=True, slots=True)
class Remotes:
    """Where git sends this repository: names and hosts only, never an address with a password."""

    names: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    default_branch: str = ""
    current_branch: str = ""


@dataclass(frozen=True, slots=True)
class PlatformFile:
    """A file that belongs to one platform."""

    platform: str
    path: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the live site. `branches` is empty where any branch, a tag or a person does it."""

    by: By
    platform: str
    path: str
    line: int = 0
    command: str = ""
    branches: tuple[str, ...] = ()
    started: Literal["push", "tag", "person", "timer", "git"] = "git"
    part: str = ""

    @property
    def name(self) -> str:
        return PLATFORMS[self.platform]


@dataclass(frozen=True, slots=True)
class Delivery:
    """All that the files say about the way to production."""

    platforms: tuple[PlatformFile, ...] = ()
    ways: tuple[Way, ...] = ()
    spare: tuple[Way, ...] = ()  # what a person could run beside a way of the same platform
    files: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What the ways come to: the name of an outcome, and the way that it speaks of."""

    name: str
    way: Way | None = None
    branch: str = ""
    wanted: str = ""


# ------------------------------------------------------------------ what is found


def delivery(tree: Tree) -> Delivery:
    """Every platform's file and every way to production in this tree."""
    built = workflows(tree)
    platforms, odd = _platforms(tree)
    ways = _one_a_file(_by_workflow(tree, built, platforms))
    used = set(_called_by(tree, built))
    by_person = _one_a_file(_by_person(tree, used))
    done = {way.platform for way in ways}
    told = [way for way in by_person if way.platform not in done]
    spare = [way for way in by_person if way.platform in done]
    by_hand = {way.platform for way in told}
    by_git = [
        way
        for way in _by_platform(platforms)
        if way.platform not in done and way.platform not in by_hand
    ]
    all_ways = [*ways, *by_git, *told]
    real = [way for way in all_ways if way.platform != "github-pages"]
    return Delivery(
        platforms=platforms,
        ways=tuple(real or all_ways),
        spare=tuple(spare),
        files=built.files,
        unread=tuple(dict.fromkeys((*built.unread, *odd))),
    )


def _one_a_file(ways: Iterable[Way]) -> list[Way]:
    """One way for each file and platform: three steps of one workflow are one way."""
    found: dict[tuple[str, str, str], Way] = {}
    for way in ways:
        known = found.setdefault((way.path, way.platform, way.part), way)
        if known.started == "person" and way.started != "person":
            found[(way.path, way.platform, way.part)] = way
    return list(found.values())


# ------------------------------------------------------------------ files of platforms

_NAMED: Mapping[str, str] = {
    "vercel.json": "vercel",
    "vercel.ts": "vercel",
    "netlify.toml": "netlify",
    "fly.toml": "fly",
    "fly.production.toml": "fly",
    "render.yaml": "render",
    "render.yml": "render",
    "railway.json": "railway",
    "railway.toml": "railway",
    "heroku.yml": "heroku",
    "wrangler.toml": "cloudflare-pages",
    "wrangler.json": "cloudflare-pages",
    "wrangler.jsonc": "cloudflare-pages",
    "amplify.yml": "amplify",
    "firebase.json": "firebase",
}
_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-][\w-]{1,30})*\.ya?ml")


def _platforms(tree: Tree) -> tuple[tuple[PlatformFile, ...], tuple[str, ...]]:
    found: list[PlatformFile] = []
    unread: list[str] = []
    for path in sorted(tree, key=lambda each: (depth(each), each)):
        if depth(path) > NEAR or aside(path) or len(found) >= MOST_FILES:
            continue
        base, folder = base_of(path), folder_of(path)
        if base_of(folder) == ".vercel" and base == "project.json":
            found.append(PlatformFile("vercel", path))
        elif base in _NAMED:
            found.append(PlatformFile(_NAMED[base], path))
            if tree[path].strip() and not _readable(path, tree[path]):
                unread.append(path)
        elif base in ("app.yaml", "app.yml"):
            platform = _app_yaml(path, tree[path])
            found += [PlatformFile(platform, path)] if platform else []
        elif base == "app.json" and _heroku_json(tree[path]):
            found.append(PlatformFile("heroku", path))
        elif _COMPOSE.fullmatch(base):
            found.append(PlatformFile("compose", path))
    known = {folder_of(each.path) for each in found if each.platform != "compose"}
    found += [
        PlatformFile("heroku", path)
        for path in sorted(tree)
        if base_of(path) == "Procfile" and depth(path) <= NEAR and not aside(path)
        if folder_of(path) not in known
    ][:MOST_FILES]
    return tuple(found), tuple(unread)


def _readable(path: str, text: str) -> bool:
    if path.endswith(".toml"):
        return read_toml(text) is not None
    if path.endswith((".json", ".jsonc")):
        return isinstance(read_json(text), dict)
    return not path.endswith((".yml", ".yaml")) or isinstance(read_yaml(text), dict)


def _app_yaml(path: str, text: str) -> str:
    """Whose app.yaml it is: App Engine's has a runtime, DigitalOcean's stands in .do."""
    if base_of(folder_of(path)) == ".do":
        return "digitalocean"
    root = mapping(read_yaml(text))
    return "app-engine" if "runtime" in root and "kind" not in root else ""


def _heroku_json(text: str) -> bool:
    root = mapping(read_json(text))
    return "expo" not in root and bool(root.keys() & {"buildpacks", "formation", "stack", "addons"})


def _by_platform(platforms: tuple[PlatformFile, ...]) -> Iterator[Way]:
    """A platform whose file stands there and that no workflow feeds: it builds from git."""
    seen: set[tuple[str, str]] = set()
    for each in platforms:
        part = folder_of(each.path).removesuffix(".vercel").strip("/").removesuffix(".do")
        if each.platform == "compose" or (each.platform, part) in seen:
            continue
        seen.add((each.platform, part))
        command = BY_COMMAND.get(each.platform, "")
        yield Way(
            by="person" if command else "platform",
            platform=each.platform,
            path=each.path,
            command=command,
            started="person" if command else "git",
            part=part.strip("/"),
        )


# ------------------------------------------------------------------ commands that publish

# Up to the end of one command: what follows `&&` is another.
_REST = r"[^;&|\n]{0,600}"
_COMMANDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (platform, re.compile(pattern))
    for platform, pattern in (
        (
            "vercel",
            r"(?<![\w./@-])vercel(?:@[\w.]+)?\s+(?!build\b|pull\b|env\b|link\b|dev\b|logs\b|alias\b|"
            rf"inspect\b|domains?\b|ls\b){_REST}?(?:--prod(?:uction)?\b|--target[= ]production\b)",
        ),
        ("vercel", r"(?<![\w./@-])vercel(?:@[\w.]+)?\s+promote\b"),
        (
            "netlify",
            rf"(?<![\w./-])(?:netlify|ntl)\s+deploy\b{_REST}?\s(?:--prod\b|-p\b|--prod-if-unlocked)",
        ),
        ("fly", r"(?<![\w./-])(?:flyctl|fly)\s+(?:deploy|launch\s+--now)\b"),
        ("railway", r"(?<![\w./-])railway\s+(?:up|redeploy)\b"),
        ("render", r"api\.render\.com/(?:deploy|v1/services/[^\s/]{1,80}/deploys)"),
        ("render", r"RENDER_[A-Z_]{0,20}(?:HOOK|DEPLOY)[A-Z_]{0,20}"),
        ("render", r"(?<![\w./-])render\s+deploys\s+create\b"),
        (
            "cloudflare-pages",
            r"(?<![\w./-])wrangler(?:@[\w.]+)?\s+(?:deploy|publish|pages\s+(?:deploy|publish)|"
            rf"versions\s+deploy)\b(?!{_REST}--dry-run)",
        ),
        ("heroku", r"(?<![\w./-])git\s+push\s+[^;&|\n]{0,200}?heroku"),
        ("heroku", r"(?<![\w./-])heroku\s+(?:container:release|builds:create|pipelines:promote)\b"),
        (
            "app-engine",
            rf"(?<![\w./-])gcloud\s+(?:beta\s+)?app\s+deploy\b(?!{_REST}--no-promote)",
        ),
        (
            "cloud-run",
            r"(?<![\w./-])gcloud\s+(?:beta\s+|alpha\s+)?run\s+(?:deploy|services\s+(?:replace|update))"
            rf"\b(?!{_REST}--no-traffic)",
        ),
        ("amplify", r"(?<![\w./-])aws\s+amplify\s+(?:start-job|start-deployment)\b"),
        ("amplify", r"(?<![\w./-])(?:amplify\s+publish|ampx\s+pipeline-deploy)\b"),
        ("firebase", r"(?<![\w./-])firebase\s+deploy\b"),
        ("deno", r"(?<![\w./-])deployctl\s+deploy\b"),
        (
            "aws",
            r"(?<![\w./-])(?:eb\s+deploy|(?:serverless|sls)\s+deploy|sst\s+deploy|cdk\s+deploy|"
            r"sam\s+deploy|copilot\s+(?:svc\s+)?deploy|aws\s+ecs\s+update-service|"
            r"aws\s+lambda\s+update-function-code|aws\s+deploy\s+create-deployment|"
            r"aws\s+apprunner\s+start-deployment)\b",
        ),
        ("aws", rf"(?<![\w./-])aws\s+s3\s+sync\b{_REST}?\ss3://"),
        (
            "azure",
            r"(?<![\w./-])(?:az\s+webapp\s+(?:deploy|up)|az\s+containerapp\s+(?:up|update)|"
            r"swa\s+deploy|func\s+azure\s+functionapp\s+publish)\b",
        ),
        ("digitalocean", r"(?<![\w./-])doctl\s+apps\s+(?:create-deployment|update)\b"),
        (
            "kubernetes",
            r"(?<![\w./-])(?:kubectl\s+(?:apply|set\s+image|rollout\s+restart)|helm\s+upgrade|"
            r"skaffold\s+run|argocd\s+app\s+sync)\b",
        ),
        (
            "server",
            r"(?<![\w./-])(?:kamal\s+(?:deploy|redeploy|setup)|cap\s+production\s+deploy|"
            r"mina\s+(?:production\s+)?deploy|dep\s+deploy|pm2\s+deploy|fab\s+(?:-\S+\s+\S+\s+)?deploy|"
            r"ansible-playbook|docker\s+stack\s+deploy)\b",
        ),
        (
            "server",
            rf"(?<![\w./-])(?:rsync|scp)\s{_REST}?\s['\"]?(?:[\w.${{}}-]{{1,100}}@)?[\w.${{}}-]{{1,100}}:",
        ),
        ("server", rf"(?<![\w./-])ssh\s{_REST}?[\w.${{}}-]{{1,100}}@[\w.${{}}-]"),
        ("server", r"(?<![\w./-])git\s+push\s+[^;&|\n]{0,100}?dokku"),
        ("github-pages", r"(?<![\w./-])(?:gh-pages\s+-d|mkdocs\s+gh-deploy)\b"),
    )
)
_EXPRESSION = re.compile(r"\$\{\{[^}]{0,400}\}\}")
_QUOTED_WORD = re.compile(r"\s*(?:(?:echo|printf)\b|#|//)")


def publishes(text: str) -> str:
    """The platform to which a line publishes in production; empty when it does not publish."""
    plain = _EXPRESSION.sub("EXPRESSION", text[:4000])
    named = " ".join(_EXPRESSION.findall(text[:4000]))
    if _QUOTED_WORD.match(plain):
        return ""
    for platform, pattern in _COMMANDS:
        if pattern.search(plain) or (platform == "render" and pattern.search(named)):
            return "" if _for_tests(plain) else platform
    return ""


# Commands that also make backups, open tunnels and fetch logs: the name around them must tell.
_LOOSE = re.compile(r"(?<![\w./-])(?:ssh|scp|rsync|aws\s+s3|kubectl|helm|ansible-playbook)\s")
_MEANT = re.compile(
    r"deploy|publish|releas|rollout|deliver|(?:^|[^a-z])(?:ship|prod|production|live|cd)(?:[^a-z]|$)",
    re.IGNORECASE,
)


def meant(text: str, *names: str) -> bool:
    """Whether a command that could do other things too is there to publish, by the names of it."""
    return not _LOOSE.search(text[:4000]) or any(_MEANT.search(name) for name in names)


_TESTS = r"(?:staging|stage|stg|preview|review|dev|develop|development|test|qa|uat|sandbox|demo)"
_TEST_WORD = re.compile(rf"(?:^|[^a-z0-9]){_TESTS}(?:$|[^a-z0-9])", re.IGNORECASE)
_PRODUCTION_WORD = re.compile(
    r"(?:^|[^a-z0-9])(?:prod|production|live)(?:$|[^a-z0-9])", re.IGNORECASE
)
_TEST_OPTION = re.compile(
    r"(?:--(?:env|environment|stage|app|config|name|project|context|branch|target|namespace|alias|"
    r"service|version)|\s-[acensp])[= ]\s*['\"]?([\w./:-]{1,80})",
)


def _for_tests(text: str) -> bool:
    """Whether an option of the command names a copy for tests, such as `--env staging`."""
    named = _TEST_OPTION.findall(text)
    return any(_is_test(one) for one in named) and not any(
        _PRODUCTION_WORD.search(one) for one in named
    )


def _is_test(name: str) -> bool:
    return bool(_TEST_WORD.search(name)) and not _PRODUCTION_WORD.search(name)


# ------------------------------------------------------------------ actions that publish

_ACTIONS: Mapping[str, str] = {
    "amondnet/vercel-action": "vercel",
    "superfly/flyctl-actions": "fly",
    "nwtgck/actions-netlify": "netlify",
    "netlify/actions/cli": "netlify",
    "cloudflare/wrangler-action": "cloudflare-pages",
    "cloudflare/pages-action": "cloudflare-pages",
    "akhileshns/heroku-deploy": "heroku",
    "johnbeynon/render-deploy-action": "render",
    "jorgelnjunior/render-deploy": "render",
    "sws2apps/render-deployment": "render",
    "bervproject/railway-deploy": "railway",
    "google-github-actions/deploy-appengine": "app-engine",
    "google-github-actions/deploy-cloudrun": "cloud-run",
    "firebaseextended/action-hosting-deploy": "firebase",
    "w9jds/firebase-action": "firebase",
    "azure/webapps-deploy": "azure",
    "azure/static-web-apps-deploy": "azure",
    "azure/container-apps-deploy-action": "azure",
    "azure/functions-action": "azure",
    "azure/k8s-deploy": "kubernetes",
    "digitalocean/app_action": "digitalocean",
    "aws-actions/amazon-ecs-deploy-task-definition": "aws",
    "einaregilsson/beanstalk-deploy": "aws",
    "jakejarvis/s3-sync-action": "aws",
    "serverless/github-action": "aws",
    "denoland/deployctl": "deno",
    "dokku/github-action": "server",
    "appleboy/ssh-action": "server",
    "appleboy/scp-action": "server",
    "easingthemes/ssh-deploy": "server",
    "burnett01/rsync-deployments": "server",
    "samkirkland/ftp-deploy-action": "server",
    "actions/deploy-pages": "github-pages",
    "peaceiris/actions-gh-pages": "github-pages",
    "jamesives/github-pages-deploy-action": "github-pages",
    # Bitbucket's pipes and CircleCI's orbs
    "atlassian/heroku-deploy": "heroku",
    "atlassian/aws-s3-deploy": "aws",
    "atlassian/aws-ecs-deploy": "aws",
    "atlassian/aws-elasticbeanstalk-deploy": "aws",
    "atlassian/azure-web-apps-deploy": "azure",
    "atlassian/firebase-deploy": "firebase",
    "atlassian/google-app-engine-deploy": "app-engine",
    "atlassian/google-cloud-run-deploy": "cloud-run",
    "atlassian/kubectl-run": "kubernetes",
    "atlassian/ssh-run": "server",
    "atlassian/rsync-deploy": "server",
    "atlassian/scp-deploy": "server",
    "heroku/deploy-via-git": "heroku",
    "aws-ecs/deploy-service-update": "aws",
    "gcp-cloud-run/deploy": "cloud-run",
}


def acts(step: Step) -> str:
    """The platform to which a ready-made action publishes in production; empty when to none."""
    name = step.uses.partition("@")[0].partition(":")[0].lower()
    name = name if step.uses.count("/") else step.uses.lower()
    platform = _ACTIONS.get(name, "")
    given = {key.lower(): value for key, value in step.settings.items()}
    chosen = " ".join(
        given.get(key, "") for key in ("environment", "env", "stage", "branch", "args")
    )
    if not platform or _for_tests(" ".join(f"--env {word}" for word in chosen.split())):
        return ""
    match name:
        case "amondnet/vercel-action":
            return platform if "--prod" in given.get("vercel-args", "") else ""
        case "superfly/flyctl-actions":
            return platform if "deploy" in given.get("args", "") else ""
        case "nwtgck/actions-netlify":
            live = given.get("production-deploy") == "true" or "production-branch" in given
            return platform if live else ""
        case "netlify/actions/cli":
            return platform if "--prod" in given.get("args", "") else ""
        case "cloudflare/wrangler-action":
            command = given.get("command", "deploy")
            live = "deploy" in command or "publish" in command
            return platform if live and not _for_tests(command) else ""
        case "firebaseextended/action-hosting-deploy":
            return platform if given.get("channelid") == "live" else ""
        case "w9jds/firebase-action":
            return platform if "deploy" in given.get("args", "") else ""
        case "appleboy/ssh-action":
            return platform if given.get("script", "x").strip() else ""
        case _:
            return platform


# ------------------------------------------------------------------ ways by a workflow


def for_review(job: Job) -> bool:
    """Whether a job runs for changes under review only, or for a copy that is for tests."""
    if job.request or not job.triggers - {"request", "called"}:
        return True
    if _PRODUCTION_WORD.search(job.environment):
        return False
    if job.environment and "{" not in job.environment and "$" not in job.environment:
        return _is_test(job.environment)
    names = (base_of(job.path).rpartition(".")[0], job.name, job.title)
    if any(_PRODUCTION_WORD.search(name) for name in names):
        return False
    if any((_is_test(name) and "deploy" in name.lower()) or _is_review(name) for name in names):
        return True
    return bool(job.branches) and all(_is_test(branch) for branch in job.branches)


_REVIEW = re.compile(r"(?:^|[^a-z])(?:preview|review|staging|pr)(?:$|[^a-z])", re.IGNORECASE)


def _is_review(name: str) -> bool:
    return bool(_REVIEW.search(name)) and not _PRODUCTION_WORD.search(name)


def publishing(tree: Tree, job: Job) -> Iterator[tuple[str, Step, str, int]]:
    """Each step of a job that publishes: the platform, the step, the command, and its line."""
    for step in job.steps:
        if step.request or _is_review(step.title):
            continue
        if step.uses:
            platform = acts(step)
            if platform:
                yield platform, step, step.uses, step.line
            continue
        for ran in runs(tree, step.command, job.path, step.folder, step.line):
            platform = publishes(ran.text)
            names = (job.path, job.name, job.title, job.environment, step.title, *ran.via)
            if platform and meant(ran.text, *names):
                named = ran.text if not ran.via else f"{step.command.strip().splitlines()[0]}"
                yield platform, step, named, step.line if ran.via else ran.line


def _by_workflow(
    tree: Tree, built: Workflows, platforms: tuple[PlatformFile, ...]
) -> Iterator[Way]:
    for job in built.jobs:
        if for_review(job):
            continue
        for platform, step, command, line in publishing(tree, job):
            branches = step.only or job.branches
            production = step.settings.get("production-branch", "")
            if production and not step.only:
                branches = (production,)
            if (
                branches
                and all(_is_test(one) for one in branches)
                and not (_PRODUCTION_WORD.search(job.environment))
            ):
                continue
            yield Way(
                by="workflow",
                platform=platform,
                path=job.path,
                line=line,
                command=_short(command),
                branches=branches,
                started=_started(job),
                part=_part(platform, step, job, platforms),
            )


def _started(job: Job) -> Literal["push", "tag", "person", "timer", "git"]:
    order: tuple[Literal["push", "tag", "person", "timer"], ...] = (
        "push",
        "tag",
        "person",
        "timer",
    )
    for one in order:
        if one in job.triggers:
            return one
    return "push"


def _part(platform: str, step: Step, job: Job, platforms: tuple[PlatformFile, ...]) -> str:
    """The folder of the product that a step publishes; empty for the whole of it."""
    for key in ("working-directory", "workingDirectory", "package_json_file", "appdir"):
        if step.settings.get(key):
            return within("", step.settings[key])
    if step.folder:
        return step.folder
    paths = [path.partition("*")[0].strip("/") for path in job.paths if not path.startswith("!")]
    folders = [path for path in paths if path and not path.startswith(".github")]
    if folders:
        return folders[0]
    own = {folder_of(each.path) for each in platforms if each.platform == platform}
    return next(iter(own)) if len(own) == 1 else ""


def _short(command: str) -> str:
    plain = _EXPRESSION.sub("…", command.strip().split("\n")[0][:4000])
    pattern = next((one for _, one in _COMMANDS if one.search(plain)), None)
    return shown(plain, pattern)


# ------------------------------------------------------------------ ways by a person

_SCRIPT_NAME = re.compile(
    r"(?:^|[-_.])(?:deploy|publish|release|ship|rollout)(?:[-_.]|$)", re.IGNORECASE
)


def _called_by(tree: Tree, built: Workflows) -> Iterator[str]:
    """Every script that a workflow leads to, as "name in file" or as its path."""
    for job in built.jobs:
        for step in job.steps:
            for ran in runs(tree, step.command, job.path, step.folder) if step.command else ():
                yield from ran.via


def _by_person(tree: Tree, used: set[str]) -> Iterator[Way]:
    """Scripts that publish and that no workflow runs."""
    reached = set(used)
    for path, name, command, line in _scripts(tree):
        label = f"{name} in {path}" if name else path
        if label in reached or _is_test(name) or (not name and _is_test(base_of(path))):
            continue
        for ran in runs(tree, command, path, folder_of(path), line):
            platform = publishes(ran.text)
            fits = meant(ran.text, name, base_of(path), *ran.via)
            if platform and fits and not any(_is_test(step) for step in ran.via):
                reached.update(ran.via)
                yield Way(
                    by="person",
                    platform=platform,
                    path=path,
                    line=line if name else ran.line,
                    command=_short(_called(path, name) or ran.text),
                    started="person",
                    part=_home(path),
                )
                break


def _called(path: str, name: str) -> str:
    base = base_of(path)
    if not name:
        return f"./{path}" if base.endswith((".sh", ".bash")) else ""
    if base == "package.json":
        return f"npm run {name}"
    return f"{'just' if 'justfile' in base.lower() else 'make'} {name}"


def _home(path: str) -> str:
    """The part of the product that a script publishes: folders for scripts count as none."""
    folder = folder_of(path)
    while base_of(folder) in ("scripts", "script", "bin", "ops", "deploy", "tools", "config", "ci"):
        folder = folder_of(folder)
    return folder


def _scripts(tree: Tree) -> Iterator[tuple[str, str, str, int]]:
    """Each script that a person may start: file, name, text and line."""
    near = [path for path in sorted(tree) if depth(path) <= NEAR + 1 and not aside(path)]
    for path in near[:4000]:
        base = base_of(path)
        if base == "package.json":
            for name, command in package_scripts(tree, path).items():
                yield path, name, command, line_of(tree[path], f'"{name}"')
        elif base in ("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile"):
            for name, (body, line) in recipes(tree[path]).items():
                yield path, name, body, line
        elif base.endswith((".sh", ".bash")) or (
            "." not in base and _SCRIPT_NAME.search(base) and tree[path].startswith("#!")
        ):
            yield path, "", tree[path][:100_000], 1
        elif base == "fabfile.py" and "deploy" in tree[path]:
            yield path, "", "fab deploy", 1
        elif path in ("config/deploy.rb", "Capfile"):
            yield path, "", "cap production deploy", 1
        elif path == "config/deploy.yml" and at(read_yaml(tree[path]), "servers") is not None:
            yield path, "", "kamal deploy", 1
        elif base == "deploy.php" and depth(path) == 0 and "deployer" in tree[path].lower():
            yield path, "", "dep deploy", 1


# ------------------------------------------------------------------ the verdict

BY_HAND, SEVERAL = "by-hand", "several"
THROUGH_GIT = ("branch", "button")


def judge(
    found: Delivery,
    remotes: Remotes,
    *,
    told: str = "",
    wanted: str = "",
) -> Judged:
    """What it all comes to. `told` is the answer of S1.C3; `wanted` the branch in the file."""
    if not remotes.names:
        return Judged("no-remote")
    if told == BY_HAND:
        return Judged(BY_HAND)
    ways = found.ways
    usual = wanted or remotes.default_branch
    if not ways and (sent := _git_push(remotes)):
        ways = (sent,)
    if several(ways):
        return Judged(SEVERAL, ways[0], usual, wanted)
    judged = [_judge_one(way, remotes, told, wanted, usual) for way in ways]
    if not judged:
        return Judged("told" if told in THROUGH_GIT else "not-known", branch=usual)
    return min(judged, key=lambda one: _WORST.index(one.name))


_WORST = ("one-machine", "any-branch", "other-branch", "ok", "button", "platform", "told")


def _judge_one(way: Way, remotes: Remotes, told: str, wanted: str, usual: str) -> Judged:
    if way.by == "person":
        may_build = way.platform not in NEVER_BUILDS and told in THROUGH_GIT
        return Judged("told" if may_build else "one-machine", way, usual)
    if way.by == "platform":
        return Judged("platform", way, usual)
    branches = tuple(dict.fromkeys(_plain_branch(one, remotes) for one in way.branches))
    if way.started == "push" and not branches:
        return Judged("any-branch", way, usual)
    if wanted and branches and not any(_fits(wanted, one) for one in branches):
        return Judged("other-branch", way, ", ".join(branches[:4]), wanted)
    branch = wanted if wanted and branches else ", ".join(branches[:4])
    return Judged("ok" if way.started in ("push", "timer") else "button", way, branch or usual)


def several(ways: Iterable[Way]) -> bool:
    """Whether two ways lead to the same part of the product. Two parts may have one each."""
    parts: dict[str, set[tuple[str, str]]] = {}
    for way in ways:
        parts.setdefault(way.part, set()).add((way.platform, way.path))
    return any(len(each) > 1 for each in parts.values())


def say(way: Way) -> str:
    """A way in a few words, for lists: what starts it, where it leads, and the file."""
    where = f"{way.path}, line {way.line}" if way.line else way.path
    match way.by:
        case "platform":
            return f"{way.name} builds from git ({where})"
        case "person":
            return f"a person runs {way.command} ({where}), for {way.name}"
        case _:
            branches = ", ".join(way.branches[:4])
            started = {
                "push": f"a push to {branches or 'any branch'}",
                "tag": "a tag or a release",
                "person": "a person presses a button",
                "timer": "a timer",
                "git": "git",
            }[way.started]
            return f"{started} publishes to {way.name} ({where})"


def _plain_branch(name: str, remotes: Remotes) -> str:
    is_default = name in ("$CI_DEFAULT_BRANCH", "$default-branch", "$DEFAULT_BRANCH")
    return remotes.default_branch or "main" if is_default else name


def _fits(branch: str, pattern: str) -> bool:
    """Whether a branch is one of those that a pattern such as `release/**` names."""
    parts = [re.escape(part) for part in re.split(r"\*{1,2}", pattern[:100])]
    return bool(re.fullmatch(".*".join(parts[:6]), branch[:200])) or "EXPRESSION" in pattern


def _git_push(remotes: Remotes) -> Way | None:
    """A platform that is itself a remote: `git push heroku main` from somebody's machine."""
    for host in remotes.hosts:
        if host == "heroku.com" or host.endswith(".heroku.com"):
            return Way(
                by="person",
                platform="heroku",
                path=".git/config",
                command=f"git push heroku {remotes.default_branch or 'main'}",
                started="person",
            )
    return None
