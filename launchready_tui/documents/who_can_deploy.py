"""08: who can put a version live or take it back, and what access that needs."""

from __future__ import annotations

from collections.abc import Mapping

from launchready_tui.content import items
from launchready_tui.documents.blocks import (
    Block,
    Boxes,
    Bullets,
    Code,
    Heading,
    Line,
    Missing,
    Paragraph,
    Steps,
    Strong,
    Table,
)
from launchready_tui.documents.deployment import host_name, hosts, live_branch
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import NOBODY, Source
from launchready_tui.documents.tables import answers, join, or_nobody, people, tested
from launchready_tui.project.model import Account

ID = "08-who-can-deploy"
PURPOSE = "This note says who can put a version live, and what access they need for it."


def write(source: Source) -> tuple[Block, ...]:
    """Accounts with their people, what one deploy needs, who steps in, and how access ends."""
    return (
        Heading("Who has access"),
        *_accounts(source),
        Heading("What a deploy needs"),
        Bullets(_needs(source)),
        _access(source),
        Heading("Who steps in"),
        *_steps_in(source),
        Heading("When somebody leaves"),
        *_leaving(source),
        Heading("What we know so far"),
        answers(
            source,
            (
                items.DEPLOY_PATH,
                items.SECRET_STORE,
                items.ROLLBACK,
                items.ONE_PERSON_DEPLOYS,
                items.SECRETS_IN_CHAT,
            ),
        ),
        Heading("How to reach them"),
        people(source),
    )


def _accounts(source: Source) -> tuple[Block, ...]:
    accounts = source.project.accounts
    if not accounts:
        return (
            Missing(
                "Nobody has listed the accounts yet.",
                source.where(items.ACCOUNTS, "List them"),
            ),
        )
    blocks: list[Block] = [
        Table(
            ("Access to", "Who", "Backup", "Where the login is kept", "Last tried"),
            (5, 2, 2, 5, 3),
            tuple(
                (
                    service(account),
                    (or_nobody(account.owner),),
                    (or_nobody(account.backup),),
                    (value(account.kept_in, 100) or "not recorded",),
                    tested(source, account.last_verified),
                )
                for account in accounts
            ),
        )
    ]
    alone = [account for account in accounts if not (account.owner and account.backup)]
    if alone:
        blocks.append(
            Missing(
                f"These have no backup person: {', '.join(value(a.service, 40) for a in alone)}.",
                source.where(items.ACCOUNTS, "Name one"),
            )
        )
    return tuple(blocks)


def service(account: Account) -> Line:
    """The name of an account, and what it is used for."""
    purpose = f"({value(account.purpose, 80)})" if account.purpose else ""
    return (
        join(Strong(value(account.service, 80)), purpose)
        if purpose
        else (Strong(value(account.service, 80)),)
    )


# The name of a service where code is kept, by the end of its address.
_CODE_AT: Mapping[str, str] = {
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "bitbucket.org": "Bitbucket",
    "dev.azure.com": "Azure DevOps",
    "codeberg.org": "Codeberg",
}


def _code_at(source: Source) -> str:
    """Where the code is kept: as the repository showed, or else as an account says."""
    for found in source.about("deploy.path"):
        remote = found.facts.get("remote", "")
        for end, name in _CODE_AT.items():
            if remote == end or remote.endswith(f".{end}"):
                return name
        if remote:
            return value(remote, 60)
    held = {account.service.casefold() for account in source.project.accounts}
    return next((name for name in _CODE_AT.values() if name.casefold() in held), "")


def _services(source: Source) -> tuple[tuple[str, str, str], ...]:
    """Each service that a deploy touches: its name, what it is for, and the least access."""
    rows: list[tuple[str, str, str]] = []
    code = _code_at(source)
    rows.append((code, "the code", "May push to the branch that goes live. No need to own it."))
    ids = hosts(source)
    for name in [host_name(source, id) for id in ids] or [""]:
        rows += [(name, "the live site", "May publish and roll back. Not the bills.")]
    if any(found.facts.get("tool") for found in source.about("deploy.migrations")):
        rows.append(("", "the database", "May make a backup and put it back. On the day only."))
    rows.append(("", "keys and passwords", "May read those of the live site, in the vault."))
    rows.append(("", "the error log", "May read it."))
    return tuple(rows)


def _account(source: Source, name: str) -> Account | None:
    wanted = name.casefold()
    return next(
        (each for each in source.project.accounts if wanted and each.service.casefold() == wanted),
        None,
    )


def _access(source: Source) -> Table:
    """What access each service asks for, and who has it by the list of accounts."""
    rows = []
    for name, purpose, least in _services(source):
        account = _account(source, name)
        rows.append(
            (
                (Strong(name),) if name else ("not recorded",),
                (purpose,),
                (least,),
                (or_nobody(account.owner or account.holder) if account else NOBODY,),
                (or_nobody(account.backup) if account else NOBODY,),
            )
        )
    return Table(
        ("Service", "What for", "The least that it takes", "Who has it", "Who steps in"),
        (3, 3, 5, 2, 2),
        tuple(rows),
    )


def _steps_in(source: Source) -> tuple[Block, ...]:
    """For each service of a deploy, who does it when the first person can't."""
    told: list[Line] = []
    open_ones: list[str] = []
    for name, purpose, _ in _services(source):
        account = _account(source, name)
        if account is None or account.one_way_in:
            if name:
                open_ones.append(f"{name} ({purpose})")
            continue
        told.append(
            (
                f"If {value(account.owner, 60)} is away, {value(account.backup, 60)} "
                f"looks after {purpose} at ",
                Strong(name),
                ".",
            )
        )
    blocks: list[Block] = [Bullets(tuple(told))] if told else []
    if open_ones:
        blocks.append(
            Missing(
                f"Nobody steps in yet at {', '.join(open_ones)}.",
                source.where(items.ACCOUNTS, "Name somebody"),
            )
        )
    blocks.append(
        Steps(
            (
                ("Each of them signs in once, with a second factor of their own.",),
                ("Each of them publishes one small change, while the other only watches.",),
                ("Each of them does the rollback drill once every 90 days.",),
            )
        )
    )
    return tuple(blocks)


def _leaving(source: Source) -> tuple[Block, ...]:
    """How access is taken away, service by service, in the order that closes the most first."""
    hosting = [host_name(source, id) for id in hosts(source)]
    code = _code_at(source) or "the place where the code is kept"
    one_machine = any(
        found.outcome in ("one-machine", "by-hand") for found in source.about("deploy.path")
    )
    boxes: list[Line] = [
        (f"At {' and '.join(hosting) or 'the host'}: remove the person from the team.",),
        (f"At {code}: remove them, and the keys and tokens that they made.",),
        ("In the vault: take away the folder for the live site.",),
        ("Replace each key of the live site that they could read. Publish once, so it counts.",),
        ("At the database and the error log: remove their login.",),
    ]
    if one_machine:
        boxes.append(
            ("A way to publish may live on their laptop. Let them hand it over before they go.",)
        )
    boxes.append(("Let the other person publish once, so that you know it still works.",))
    boxes.append(("Note the day, and change the name in the list of accounts.",))
    return (Paragraph(("Do this on the same day, in this order.",)), Boxes(tuple(boxes)))


def _needs(source: Source) -> tuple[Line, ...]:
    branch = live_branch(source)
    hosting = [host_name(source, id) for id in hosts(source)]
    code: Line = (
        ("Write access to the code, and to the branch ", Code(value(branch, 80)), ".")
        if branch
        else ("Write access to the code and to the branch that goes live.",)
    )
    return (
        code,
        (f"A login at {' and '.join(hosting) or 'the service that runs the live site'}.",),
        ("A way to read the place where keys and passwords are kept.",),
        ("Access to the error log, to see whether the new version is well.",),
        ("No access to DNS. A deploy never changes it.",),
    )
