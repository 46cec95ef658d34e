"""Who is called, and who holds which account, as the file names them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from launchready_tui.content import items
from launchready_tui.project.model import Account, Project
from launchready_tui.verdict.readiness import ItemState, Readiness


def first_to_hear(readiness: Readiness) -> ItemState | None:
    """The answer to who hears first when the site goes down; None while it is nobody."""
    state = readiness.item(items.FIRST_TO_HEAR)
    return state if state and state.choice and state.choice.means == "good" else None


def account_for(project: Project, words: Iterable[str]) -> Account | None:
    """The first account whose service or purpose holds one of these words ("hosting")."""
    wanted = set(words)
    for account in project.accounts:
        if wanted & set(re.findall(r"\w+", f"{account.service} {account.purpose}".lower())):
            return account
    return None


def registrar(project: Project) -> Account | None:
    """The account where the domain is registered."""
    return next((each for each in project.accounts if "regist" in each.purpose.lower()), None)


def one_way_in(project: Project) -> tuple[Account, ...]:
    """The accounts that at most one person can get into."""
    return tuple(account for account in project.accounts if account.one_way_in)
