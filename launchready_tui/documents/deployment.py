"""07: how a version goes live: before, deploy, verify, roll back, purge."""

from __future__ import annotations

from launchready_tui.documents.blocks import (
    Block,
    Boxes,
    Callout,
    Code,
    Heading,
    Line,
    Missing,
    Paragraph,
    Steps,
    Strong,
    Told,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, prose
from launchready_tui.documents.tables import answers, join, told_or_missing
from launchready_tui.project.model import Proof
from launchready_tui.targets import T5_LIMIT_SECONDS, duration

ID = "07-deployment-checklist"
PURPOSE = "Use this list each time a new version goes live, and each time one must come back."


def write(source: Source) -> tuple[Block, ...]:
    """Five parts to work through, in this order."""
    return (
        Heading("Before"),
        Boxes(_before(source)),
        answers(source, ("S4.C1", "S4.C2", "S4.C3", "S4.C4")),
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
        ("Changes to the database are in the release itself. Nobody pastes commands.",),
        ("If data changes, there is a fresh backup, and someone knows how to use it.",),
        ("Someone who can roll back is at a keyboard for the next 30 minutes.",),
        ("Support knows what changes for customers.",),
    )


def _deploy(source: Source) -> tuple[Block, ...]:
    branch = source.project.repository.production_branch
    hosting = [source.provider("hosting", id) for id in source.hosting()]
    blocks: list[Block] = [
        told_or_missing(
            source, "S1.C3", "Nobody has said yet how a change gets from code to the live site."
        )
    ]
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
    return tuple(blocks)


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
    ids = source.hosting()
    for id in ids:
        steps = source.steps("hosting", id, "roll-back")
        if steps:
            blocks += [
                Heading(f"At {source.provider('hosting', id)}", 3),
                Steps(tuple(prose(step) for step in steps)),
            ]
    if not blocks:
        generic = source.steps("hosting", "generic", "roll-back")
        blocks.append(
            Missing(
                "We do not know which service runs your live site.",
                source.where("S1.C3"),
            )
        )
        if generic:
            blocks.append(Steps(tuple(prose(step) for step in generic)))
    blocks.append(
        Callout(
            (
                Strong("A rollback does not undo the database."),
                " If the new version changed data, the old one may not fit it. "
                "Ask whoever wrote the change first.",
            ),
            "soon",
        )
    )
    blocks.append(drill(source))
    if source.answer("S4.C5") is not None:
        blocks.append(told_or_missing(source, "S4.C5", ""))
    return tuple(blocks)


def drill(source: Source) -> Block:
    """The last timed rehearsal against the 15 minutes, or how to get one."""
    answer = source.answer("S4.C5")
    drills = [proof for proof in (answer.evidence if answer else ()) if _is_drill(proof)]
    if not drills or answer is None:
        return Missing("No rollback has been timed yet.", source.where("S4.C5", "Run the drill"))
    last = drills[-1]
    seconds = int(last.where)
    goal = (
        "That is within the goal of 15 minutes."
        if seconds < T5_LIMIT_SECONDS
        else "The goal is 15 minutes."
    )
    at = last.at or answer.at
    return Paragraph(
        join(
            f"The last drill took {duration(seconds)}.",
            goal,
            Told(value(answer.by, 60), source.day(at) if at else ""),
        )
    )


def _is_drill(proof: Proof) -> bool:
    return proof.kind == "drill" and proof.where.isdecimal()


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
