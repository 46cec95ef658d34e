"""Facts by what they mean: who hears first, who holds an account, how long a rollback took."""

from __future__ import annotations

from msgspec.structs import replace

from launchready_tui.facts_of.people import account_for, first_to_hear, one_way_in, registrar
from launchready_tui.facts_of.rollback import last_drill
from launchready_tui.verdict.readiness import assess
from tests.documents.samples import CONTENT, EMPTY, full


def test_who_hears_first_is_somebody_or_nobody() -> None:
    state = first_to_hear(assess(full(), CONTENT))
    assert state is not None
    assert state.owner == "Dana"
    assert first_to_hear(assess(EMPTY, CONTENT)) is None
    answer = replace(full().answers["S6.C4"], value="nobody")
    nobody = replace(full(), answers={"S6.C4": answer})
    assert first_to_hear(assess(nobody, CONTENT)) is None


def test_accounts_are_found_by_whole_words_of_what_they_are_for() -> None:
    hosting = account_for(full(), ("hosting", "app"))
    assert hosting is not None
    assert hosting.service == "Vercel"
    assert account_for(full(), ("host",)) is None
    domain = registrar(full())
    assert domain is not None
    assert domain.service == "Namecheap"
    assert [account.service for account in one_way_in(full())] == ["Namecheap"]


def test_the_last_drill_and_whether_it_met_the_goal() -> None:
    drill = last_drill(assess(full(), CONTENT))
    assert drill is not None
    assert (drill.seconds, drill.by, drill.within_goal) == (400, "Dana", True)
    assert last_drill(assess(EMPTY, CONTENT)) is None
