"""08: who can put a version live or take it back, and what access that needs."""

from __future__ import annotations

from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    Line,
    Missing,
    Strong,
    Table,
)
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source
from launchready_tui.documents.tables import answers, join, or_nobody, people, tested
from launchready_tui.project.model import Account

ID = "08-who-can-deploy"
PURPOSE = "This note says who can put a version live, and what access they need for it."


def write(source: Source) -> tuple[Block, ...]:
    """Accounts with their people, what one deploy needs, and how to reach everybody."""
    return (
        Heading("Who has access"),
        *_accounts(source),
        Heading("What a deploy needs"),
        Bullets(_needs(source)),
        Heading("What we know so far"),
        answers(source, ("S1.C3", "S4.C2", "S4.C5", "S4.F1", "S4.F3")),
        Heading("How to reach them"),
        people(source),
    )


def _accounts(source: Source) -> tuple[Block, ...]:
    accounts = source.project.accounts
    if not accounts:
        return (
            Missing(
                "Nobody has listed the accounts yet.",
                source.where("S7.C5", "List them"),
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
                source.where("S7.C5", "Name one"),
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


def _needs(source: Source) -> tuple[Line, ...]:
    branch = source.project.repository.production_branch
    hosting = [source.provider("hosting", id) for id in source.hosting()]
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
