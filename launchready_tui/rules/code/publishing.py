"""What publishes to production: the commands and the ready-made actions of each platform."""

from __future__ import annotations

import re
from collections.abc import Mapping

from launchready_tui.rules.code.called_commands import commanded, shown
from launchready_tui.rules.code.workflows import Step

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
_COMMENT = re.compile(r"\s*(?:#|//)")


def publishes(text: str) -> str:
    """The platform to which a line publishes in production; empty when it does not publish."""
    plain = _EXPRESSION.sub("EXPRESSION", text[:4000])
    named = " ".join(_EXPRESSION.findall(text[:4000]))
    if _COMMENT.match(plain):
        return ""
    for platform, pattern in _COMMANDS:
        if commanded(pattern, plain) or (platform == "render" and pattern.search(named)):
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
PRODUCTION_WORD = re.compile(
    r"(?:^|[^a-z0-9])(?:prod|production|live)(?:$|[^a-z0-9])", re.IGNORECASE
)
_TEST_OPTION = re.compile(
    r"(?:--(?:env|environment|stage|app|config|name|project|context|branch|target|namespace|alias|"
    r"service|version)|\s-[acensp])[= ]\s*['\"]?([\w./:-]{1,80})",
)


def _for_tests(text: str) -> bool:
    """Whether an option of the command names a copy for tests, such as `--env staging`."""
    named = _TEST_OPTION.findall(text)
    return any(is_test(one) for one in named) and not any(
        PRODUCTION_WORD.search(one) for one in named
    )


def is_test(name: str) -> bool:
    """Whether a name speaks of tests or trials, and not of production."""
    return bool(_TEST_WORD.search(name)) and not PRODUCTION_WORD.search(name)


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
        given.get(key, "") for key in ("environment", "env", "stage", "branch", "args", "slot-name")
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


def short(command: str) -> str:
    """The first line of a command as it may be shown, with expressions as "…"."""
    plain = _EXPRESSION.sub("…", command.strip().split("\n")[0][:4000])
    pattern = next((one for _, one in _COMMANDS if one.search(plain)), None)
    return shown(plain, pattern)
