"""07: how a version goes live: before, deploy, verify, roll back, purge."""

from __future__ import annotations

from collections.abc import Mapping

from launchready_tui.content import items
from launchready_tui.documents.blocks import (
    Block,
    Boxes,
    Callout,
    Code,
    Heading,
    Inline,
    Line,
    Missing,
    Paragraph,
    Steps,
    Strong,
    Table,
    Told,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, prose
from launchready_tui.documents.tables import answers, join, seen, target_table, told_or_missing
from launchready_tui.facts_of.rollback import last_drill
from launchready_tui.rules.code.platforms import PLATFORMS
from launchready_tui.rules.running.rollback import MOST_MINUTES
from launchready_tui.verdict.targets import duration

ID = "07-deployment-checklist"
PURPOSE = "Use this list each time a new version goes live, and each time one must come back."


_MOST = 12  # rows of what we read that a page shows

# Hosts that have no page of their own in checklists/providers/hosting.toml.
_OTHER_HOSTS: Mapping[str, tuple[str, ...]] = {
    "amplify": (
        "In the AWS console, open Amplify, then your app, then the branch that is live.",
        "Open the last build that worked and redeploy it. It is built once more.",
    ),
    "app-engine": (
        "In the Google Cloud console, open App Engine, then Versions.",
        "Choose the last version that worked and press Migrate traffic.",
    ),
    "cloud-run": (
        "In the Google Cloud console, open Cloud Run, your service, then Revisions.",
        "Open Manage traffic. Give all of it to the last revision that worked.",
        "A new version gets no visitors after that. When it is fixed, send all to the latest one.",
    ),
    "firebase": (
        "In the Firebase console, open Hosting. Find the last good one in the release history.",
        "Open its menu and roll back to it. Functions are not part of it.",
    ),
    "azure": (
        "In the Azure portal, open your app, then Deployment Center or Deployment slots.",
        "Put the last version that worked back, or swap the slots once more.",
    ),
    "digitalocean": (
        "In DigitalOcean, open Apps, your app, then Activity.",
        "Beside the last deploy that worked, choose Rollback.",
        "New deploys now wait, until you commit the rollback there or revert it.",
    ),
    "kubernetes": (
        "Run `kubectl rollout history deployment/NAME` and find the last version that worked.",
        "Run `kubectl rollout undo deployment/NAME`, with that version.",
    ),
    "server": (
        "Run `git log --oneline` on your laptop and note the last version that worked.",
        "Publish that version the way you always do. Change nothing by hand on the server.",
    ),
}
# Where a workflow or git itself publishes, this works at every host.
_BY_GIT = (
    "Run `git revert` for the change that broke it, and push to the branch that goes live.",
    "Wait for the new build. This takes longer than the step above, so use it second.",
)


def write(source: Source) -> tuple[Block, ...]:
    """Five parts to work through, in this order."""
    return (
        Heading("Before"),
        Boxes(_before(source)),
        *_losses(source),
        answers(
            source,
            (items.ENVIRONMENTS_APART, items.SECRET_STORE, items.MISSING_SETTING, items.MIGRATIONS),
        ),
        Heading("Deploy"),
        *_deploy(source),
        Heading("Verify"),
        Boxes(_verify(source)),
        Heading("Roll back"),
        *roll_back(source),
        Heading("Purge the cache"),
        *purge(source),
    )


def _before(source: Source) -> tuple[Line, ...]:
    required = source.project.repository.required_env
    names = tuple(Code(value(name, 80)) for name in required[:40])
    variables: Line = (
        join("Production has each of these variables:", *names)
        if names
        else ("Production has every variable that the code reads.",)
    )
    return (
        ("All tests pass on the exact version that goes live.",),
        variables,
        _database(source),
        ("If data changes, there is a fresh backup, and someone knows how to use it.",),
        ("Someone who can roll back is at a keyboard for the next 30 minutes.",),
        ("Support knows what changes for customers.",),
    )


def _database(source: Source) -> Line:
    """How the release changes the database, as far as the repository showed it."""
    for found in source.about("deploy.migrations"):
        tool, command = found.facts.get("tool", ""), found.facts.get("command", "")
        if found.outcome in ("ok", "destructive", "locks", "in-build") and command:
            where = found.facts.get("where", "")
            return join(
                f"{value(tool, 60)} changes the database: this release runs",
                Code(value(command, 160)),
                *(("as", Code(value(where, 120)), "says.") if where else ("by itself.",)),
                source.checked(found.at),
            )
        if found.outcome == "by-hand":
            return join(
                f"Run the changes to the database yourself ({value(tool, 60)}):",
                Code(value(found.facts.get("wanted", ""), 120)),
                "No release step does it.",
                source.checked(found.at),
            )
        if found.impact is not None:
            return join("Fix this first:", seen(source, found))
    return ("Changes to the database are in the release itself. Nobody pastes commands.",)


def _losses(source: Source) -> tuple[Block, ...]:
    """The places in new migrations that take data away: to be looked at before a deploy."""
    rows: list[tuple[Line, ...]] = []
    for found in source.about("deploy.migrations"):
        rows += [
            ((Code(value(proof.label, 160)),), (value(proof.value, 120),))
            for proof in found.evidence
            if ", line " in proof.label
        ]
    if not rows:
        return ()
    return (
        Heading("Changes that lose data", 3),
        Paragraph(
            (
                "These do not come back with a rollback. "
                "For each that has not run yet, have a fresh backup first.",
            )
        ),
        Table(("Where", "What it does"), (3, 4), tuple(rows[:_MOST])),
    )


def hosts(source: Source) -> tuple[str, ...]:
    """The hosts that run the live site: as they answered, or as the repository publishes to."""
    answered = source.hosting()
    if answered:
        return answered
    return tuple(
        dict.fromkeys(
            id
            for found in source.about("deploy.path")
            for id in found.facts.get("platforms", "").split()
            if id in PLATFORMS
        )
    )


def host_name(source: Source, id: str) -> str:
    """The name of a hosting platform by its id; "" when it has none."""
    return source.provider("hosting", id) or PLATFORMS.get(id, "")


def live_branch(source: Source) -> str:
    """The branch that goes live: as the file says, or as the repository showed."""
    for found in source.about("deploy.path"):
        if found.outcome in ("ok", "platform") and found.facts.get("branch"):
            return source.project.repository.production_branch or found.facts["branch"]
    return source.project.repository.production_branch


def _way(source: Source) -> tuple[Block, ...]:
    """What the repository itself showed of the way to the live site."""
    blocks: list[Block] = []
    for found in source.about("deploy.path"):
        blocks.append(Paragraph(seen(source, found)))
        rows = tuple(
            ((value(proof.label, 60),), (Code(value(proof.value, 200)),))
            for proof in found.evidence[:_MOST]
        )
        if rows:
            blocks.append(Table(("What we read", "What it says"), (2, 5), rows))
    return tuple(blocks)


def _deploy(source: Source) -> tuple[Block, ...]:
    branch = live_branch(source)
    hosting = [host_name(source, id) for id in hosts(source)]
    way = _way(source)
    blocks: list[Block] = [*way]
    if not way or source.answer(items.DEPLOY_PATH) is not None:
        blocks.append(
            told_or_missing(
                source,
                items.DEPLOY_PATH,
                "Nobody has said yet how a change gets from code to the live site.",
            )
        )
    if branch:
        blocks.append(
            Paragraph(("The live site is built from the branch ", Code(value(branch, 80)), "."))
        )
    else:
        blocks.append(
            Missing(
                "The branch that goes live is not recorded.",
                "Add it in the file: repository, production_branch.",
            )
        )
    if hosting:
        blocks.append(Paragraph((f"It runs at {' and '.join(hosting)}.",)))
    return (*blocks, Steps(_publish(source, branch)))


def _publish(source: Source, branch: str) -> tuple[Line, ...]:
    """The steps of one deploy, as the way that we saw asks for them."""
    found = next(iter(source.about("deploy.path")), None)
    facts = found.facts if found else {}
    outcome = found.outcome if found else ""
    target: Inline = Code(value(branch, 80)) if branch else "the branch that goes live"
    start: Line = ("Bring the change onto ", target, " and push.")
    if outcome == "button":
        start = join("Start the workflow in", Code(value(facts.get("file", ""), 120)), "by hand.")
    elif outcome == "one-machine":
        start = join(
            "Run", Code(value(facts.get("command", ""), 120)), "on a clean copy of the code."
        )
    watched: Line = ("Watch the build until it ends. If it fails, the old version stays live.",)
    if outcome == "ok" and facts.get("file"):
        watched = join(
            "Watch the workflow of", Code(value(facts["file"], 120)), "until it ends.",
            "If it fails, the old version stays live.",
        )  # fmt: skip
    return (
        ("Say in your team's chat what goes live, and who watches it.",),
        ("Note the version that is live now. It is the one to go back to.",),
        start,
        watched,
        ("Go through the list under Verify at once.",),
    )


def _verify(source: Source) -> tuple[Line, ...]:
    project = source.project
    opened = tuple(
        join("Opens without a warning:", source.host(name)) for name in project.web_hosts()
    )
    watched = tuple(
        join(
            Code(value(route.url, 160)),
            f"({route.kind})",
            f"answers with {route.expect.status}",
            *((f"and shows “{value(route.expect.text, 80)}”",) if route.expect.text else ()),
        )
        for route in project.routes
        if route.monitor or route.kind in ("signup", "login", "checkout", "health")
    )
    return (
        *(opened or (("Each of your addresses opens without a warning.",),)),
        *watched,
        ("Sign up as a new customer, from a private window.",),
        ("Sign in, and do the one thing that people come for.",),
        ("Buy once with a test card. You are charged once, not twice.",),
        ("The error log stays quiet for 15 minutes.",),
    )


def roll_back(source: Source) -> tuple[Block, ...]:
    """The exact steps at the recognised hosts, the last drill, and what a rollback leaves."""
    blocks: list[Block] = []
    for id in hosts(source):
        steps = source.steps("hosting", id, "roll-back") or _OTHER_HOSTS.get(id, ())
        if steps:
            blocks += [
                Heading(f"At {host_name(source, id)}", 3),
                Steps(tuple(prose(step) for step in steps)),
            ]
    named = [host_name(source, id) for id in hosts(source)]
    if not blocks:
        generic = source.steps("hosting", "generic", "roll-back")
        blocks.append(
            Missing(
                f"We have no steps of our own for {' and '.join(named)}."
                if named
                else "We do not know which service runs your live site.",
                source.where(items.DEPLOY_PATH),
            )
        )
        if generic:
            blocks.append(Steps(tuple(prose(step) for step in generic)))
    elif live_branch(source):
        blocks += [
            Heading("If that does not help", 3),
            Steps(tuple(prose(step) for step in _BY_GIT)),
        ]
    blocks.append(
        Callout(
            (
                Strong("A rollback does not undo the database."),
                " If the new version changed data, the old one may not fit it. "
                "Ask whoever wrote the change first. "
                "It does not undo these either: environment variables on most hosts, "
                "emails that went out, and payments that were made.",
            ),
            "soon",
        )
    )
    blocks.append(drill(source))
    blocks += [
        Paragraph(seen(source, found))
        for found in source.about("deploy.rollback")
        if found.impact is not None
    ]
    blocks.append(target_table(source, ("T5",)))
    if source.answer(items.ROLLBACK) is not None:
        blocks.append(told_or_missing(source, items.ROLLBACK, ""))
    return tuple(blocks)


def drill(source: Source) -> Block:
    """The last timed rehearsal against the goal, or how to get one."""
    last = last_drill(source.readiness)
    if last is None:
        return Missing(
            "No rollback has been timed yet.", source.where(items.ROLLBACK, "Run the drill")
        )
    goal = (
        f"That is within the goal of {MOST_MINUTES} minutes."
        if last.within_goal
        else f"The goal is {MOST_MINUTES} minutes."
    )
    return Paragraph(
        join(
            f"The last drill took {duration(last.seconds)}.",
            goal,
            Told(value(last.by, 60), source.day(last.at) if last.at else ""),
        )
    )


def purge(source: Source) -> tuple[Block, ...]:
    """How stored copies are thrown away at the edge and at the host, where we know them."""
    blocks: list[Block] = [
        Paragraph(
            (
                "After a rollback, the edge may still hand out the broken version. "
                "Purge only what is wrong: the whole cache at once makes every page slow.",
            )
        )
    ]
    if source.project.dns.provider == "cloudflare" or source.project.cloudflare.zone:
        blocks += [
            Heading("At Cloudflare", 3),
            Steps(
                (
                    ("Open your domain, then Caching, then Configuration.",),
                    ("Press Custom Purge, choose URL, and paste the addresses that are wrong.",),
                    ("Only if that is not enough, press Purge Everything.",),
                    ("Open one of the pages in a private window. The new version shows.",),
                )
            ),
        ]
    else:
        blocks.append(
            Steps(
                (
                    ("Sign in at the service that stands in front of your site.",),
                    ("Find Cache or CDN, and the button to purge or clear it.",),
                    ("Give it the addresses that are wrong. Purge everything only at the last.",),
                    ("Open one of the pages in a private window. The new version shows.",),
                )
            )
        )
    return tuple(blocks)
