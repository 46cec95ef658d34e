"""Accounts as rows: who holds what, and where one lost person or phone would lock everyone out.

Pure. An account never holds a password: `kept_in` names a place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from launchready_tui.project.model import Account
from launchready_tui.tui.widgets.look import long_day
from launchready_tui.tui.widgets.mask import Mask
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, joined, styled, text_row

VERIFIED_FOR_DAYS = 90  # after this, "I could log in" wants another look
RENEWS_SOON_DAYS = 60


def weak_spots(account: Account, today: date) -> tuple[str, ...]:
    """What would lock you out of this account, worst first, each as a sentence."""
    spots = []
    if not account.holder:
        spots.append("Nobody is named who holds it.")
    if account.one_way_in:
        who = account.holder or account.owner or "one person"
        spots.append(f"Only {who} can get in. Name an owner and a backup.")
    if not account.second_factor:
        spots.append("No second factor is noted. A stolen password would be enough.")
    elif not account.recovery:
        spots.append("No recovery codes are noted. A lost phone would lock you out.")
    if not account.kept_in:
        spots.append("It is not noted where the password is kept.")
    if account.last_verified is None:
        spots.append("Nobody has tried the way in yet.")
    elif (today - account.last_verified).days > VERIFIED_FOR_DAYS:
        spots.append(f"The last try was on {long_day(account.last_verified)}. Try it again.")
    if account.renews is not None and (account.renews - today).days <= RENEWS_SOON_DAYS:
        spots.append(f"It renews on {long_day(account.renews)}. Check who pays.")
    return tuple(spots)


def account_rows(accounts: tuple[Account, ...], today: date, mask: Mask) -> Iterator[Row]:
    """The list at the left: single points of failure first named, then every account."""
    yield text_row("Accounts", "bold")
    yield text_row("Could you log in tonight? Could someone else?", QUIET)
    if not accounts:
        yield text_row("No account is listed yet. Start with your domain and your DNS.", gap=1)
    for place, account in enumerate(accounts):
        spots = weak_spots(account, today)
        sign, tone = ("✗", "$today") if account.one_way_in else ("!", "$soon")
        if not spots:
            sign, tone = "✓", "$accent"
        word = "one way in" if account.one_way_in else f"{len(spots)} to note" if spots else "told"
        yield Row(
            styled(account.service or "no name yet"),
            key=f"account:{place}",
            mark=styled(sign, tone),
            trail=styled(word, tone if spots else QUIET),
            gap=0 if place else 1,
        )
    yield Row(
        styled("Add an account", "bold $accent"), key="add", mark=styled("a", "bold $accent"), gap=1
    )
    yield from _single_points(accounts, mask)


def _single_points(accounts: tuple[Account, ...], mask: Mask) -> Iterator[Row]:
    by_person: dict[str, list[str]] = {}
    for account in accounts:
        if account.one_way_in:
            by_person.setdefault(account.holder or "nobody named", []).append(account.service)
    if by_person:
        yield heading("Locked out when this person is away", gap=1)
    for person, services in by_person.items():
        shown = person if person == "nobody named" else mask.person(person)
        yield Row(joined(styled(shown, "bold"), "  ", styled(", ".join(services))), hang=2)


def account_detail(account: Account, today: date, mask: Mask) -> Iterator[Row]:
    """One account in full: the question, what is weak, every field, and what can be done."""
    yield Row(styled(account.service or "no name yet", "bold"))
    if account.purpose:
        yield text_row(account.purpose, QUIET)
    yield Row(styled("Could you log in tonight?", "bold"), gap=1)
    for key, says, letter in (
        ("yes", "Yes, I tried it now", "y"),
        ("edit", "Not sure: change what is noted", "e"),
    ):
        yield Row(styled(says), key=key, mark=styled(letter, "bold $accent"))
    for place, spot in enumerate(weak_spots(account, today)):
        yield Row(styled(mask.text(spot)), mark=styled("!", "$soon"), gap=0 if place else 1)
    for place, (label, value) in enumerate(_fields(account, mask)):
        yield Row(
            styled(value) if value else styled("not noted", QUIET),
            mark=styled(label.ljust(15), QUIET),
            gap=0 if place else 1,
        )
    yield Row(styled("Remove this account"), key="remove", mark=styled("x", "bold $accent"), gap=1)


def _fields(account: Account, mask: Mask) -> Iterator[tuple[str, str]]:
    yield "Holder", mask.person(account.holder)
    yield "Owner", mask.person(account.owner)
    yield "Backup", mask.person(account.backup)
    yield "Kept in", mask.note(account.kept_in)
    yield "Second factor", mask.note(account.second_factor)
    yield "Recovery", mask.note(account.recovery)
    yield "Renews", f"{long_day(account.renews)} {account.renews.year}" if account.renews else ""
    yield "Last tried", long_day(account.last_verified)
