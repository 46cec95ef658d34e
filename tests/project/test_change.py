"""Changes make a new project, keep what they don't speak of, and clean what comes in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from launchready_tui.project import change
from launchready_tui.project.history import LIMIT, History, describe
from launchready_tui.project.model import (
    Account,
    Host,
    Login,
    Person,
    Product,
    Project,
    Proof,
)
from launchready_tui.project.nodes import changed, words
from launchready_tui.vocabulary.findings import Evidence, Finding, Verdict
from launchready_tui.vocabulary.safe_text import HIDDEN
from tests.project import edits

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
KEY = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
EMPTY = Project(product=Product(name="Harbor", domain="harbor.example"))


def finding(check: str, subject: str, verdict: Verdict, **facts: str) -> Finding:
    return Finding(
        check=check,
        subject=subject,
        verdict=verdict,
        outcome="ok",
        at=AT,
        says="",
        why="",
        fix=(),
        verify="",
        facts=facts,
        evidence=(Evidence("TXT record", facts.get("raw", "v=spf1 -all"), AT),),
    )


def test_an_answer_keeps_the_parts_that_are_not_given() -> None:
    proof = Proof(kind="link", where="https://harbor.example/")
    one = change.answer(
        EMPTY, "S4.C5", "no", at=AT, by="Ann", note="Not yet.", owner="Bo", evidence=[proof]
    )
    later = change.answer(one, "S4.C5", "yes", at=AT + timedelta(days=1), by="Cy")
    said = later.answers["S4.C5"]
    assert (said.value, said.by, said.note, said.owner) == ("yes", "Cy", "Not yet.", "Bo")
    assert said.evidence == (proof,)
    assert said.at == AT + timedelta(days=1)
    assert one.answers["S4.C5"].value == "no"
    only_note = change.answer(later, "S4.C5", None, at=AT, by="Cy", note="")
    assert (only_note.answers["S4.C5"].value, only_note.answers["S4.C5"].note) == ("yes", "")
    assert change.clear_answer(later, "S4.C5").answers == {}


def test_text_is_cleaned_and_times_are_utc_to_the_second() -> None:
    at = datetime(2026, 11, 24, 16, 2, 3, 999, tzinfo=timezone(timedelta(hours=2)))
    said = change.answer(
        EMPTY, "R1", "yes\n", at=at, by="A\x1b[31m\nnn", note="two\nlines\x00 "
    ).answers["R1"]
    assert said.value == "yes"
    assert said.by == f"A{HIDDEN}[31m nn"
    assert said.note == f"two\nlines{HIDDEN}"
    assert said.at == datetime(2026, 11, 24, 14, 2, 3, tzinfo=UTC)
    long = change.answer(EMPTY, "R1", "yes", at=at, note="x" * 30_000).answers["R1"]
    assert len(long.note) == change.NOTE_LIMIT
    begun = change.add_proof(EMPTY, "R2", Proof(kind="text", where=" a\x07b "), at=AT, by="Ann")
    assert begun.answers["R2"].value == ""
    assert begun.answers["R2"].evidence[0].where == f"a{HIDDEN}b"


def test_an_audit_records_what_it_saw_and_touches_no_answer() -> None:
    told = change.answer(EMPTY, "S1.C1", "yes", at=AT, by="Ann")
    found = [
        finding("dns.apex", "harbor.example", Verdict.FAIL, host="harbor.example"),
        finding("email.spf", "harbor.example", Verdict.WARN),
        finding("tls.valid", "harbor.example", Verdict.PASS),
        finding("tls.valid", "app.harbor.example", Verdict.UNKNOWN),
        finding("dns.www", "www.harbor.example", Verdict.SKIPPED),
    ]
    once = change.record(told, found, at=AT, by="Ann")
    assert once.answers == told.answers
    assert once.findings["tls.valid"].keys() == {"harbor.example", "app.harbor.example"}
    recorded = once.findings["dns.apex"]["harbor.example"]
    assert (recorded.verdict, recorded.facts) == (Verdict.FAIL, {"host": "harbor.example"})
    assert recorded.evidence[0].value == "v=spf1 -all"
    audit = once.audits[0]
    assert audit.open == ("dns.apex harbor.example", "email.spf harbor.example")
    counts = audit.counts
    assert (counts.passed, counts.warn, counts.fail, counts.unknown, counts.skipped) == (1,) * 5
    twice = change.record(once, found[:1], at=AT + timedelta(days=1), partial=True)
    assert [audit.partial for audit in twice.audits] == [False, True]
    assert twice.findings.keys() == once.findings.keys()
    assert told.findings == {}


def test_findings_alone_are_no_audit() -> None:
    found = [finding("tls.valid", "harbor.example", Verdict.FAIL)]
    audited = change.record(EMPTY, [], at=AT, by="Ann")
    known = change.with_findings(audited, found)
    assert known.audits == audited.audits
    assert known.findings == change.record(audited, found, at=AT).findings
    assert known.findings["tls.valid"]["harbor.example"].verdict is Verdict.FAIL


def test_a_secret_in_what_we_saw_is_hidden_before_it_is_kept() -> None:
    found = finding("web.page", "harbor.example", Verdict.FAIL, raw=f"key={KEY}", token="a1b2c3d4")
    recorded = change.record(EMPTY, [found], at=AT).findings["web.page"]["harbor.example"]
    assert recorded.facts["raw"] == "key=[hidden: a Stripe secret key]"
    assert recorded.facts["token"] == "[hidden: a secret value]"
    assert KEY not in recorded.evidence[0].value
    long = finding("web.page", "harbor.example", Verdict.FAIL, raw="x" * 990 + " " + KEY)
    recorded = change.record(EMPTY, [long], at=AT).findings["web.page"]["harbor.example"]
    assert "sk_" not in recorded.facts["raw"]
    assert len(recorded.facts["raw"]) == change.FACT_LIMIT


def test_the_list_of_audits_is_bounded() -> None:
    project = EMPTY
    for day in range(change.AUDITS_KEPT + 5):
        project = change.record(project, [], at=AT + timedelta(days=day))
    assert len(project.audits) == change.AUDITS_KEPT
    assert project.audits[0].at == AT + timedelta(days=5)


def test_sections() -> None:
    project = change.with_dns(EMPTY, provider="cloudflare")
    project = change.with_dns(project, wildcard=True)
    assert (project.dns.provider, project.dns.wildcard) == ("cloudflare", True)
    project = change.with_email(project, from_="hi@harbor.example", providers=["postmark"])
    project = change.with_email(project, selectors=(s for s in ("s1", "s2")), sends=False)
    assert project.email.providers == ("postmark",)
    assert project.email.selectors == ("s1", "s2")
    assert not project.email.sends


def test_rows_come_change_and_go() -> None:
    hosts = change.with_hosts(EMPTY, [Host(name="a.example", why=" b\x1b ")]).hosts
    assert hosts == (Host(name="a.example", why=f"b{HIDDEN}"),)
    project = change.add_account(EMPTY, Account(service="DNS"))
    assert change.replace_account(project, 0, Account(service="D")).accounts[0].service == "D"
    assert change.remove_account(project, 0).accounts == ()
    assert change.replace_account(project, 7, Account(service="D")) == project
    assert change.remove_account(project, 7) == project


def test_undo_takes_back_one_change_and_nothing_else() -> None:
    first = change.answer(EMPTY, "S4.C5", "yes", at=AT)
    second = change.answer(first, "S4.C5", "no", at=AT)
    history = History().push(EMPTY, first).push(first, second).push(second, second)
    assert history.what == "answer to S4.C5"
    assert bool(history)

    seen = [finding("dns.apex", "harbor.example", Verdict.PASS)]
    now = change.answer(change.record(second, seen, at=AT), "R1", "no", at=AT, by="Bo")
    history, back = history.undo(now)
    assert back.answers["S4.C5"].value == "yes"
    assert back.answers["R1"].by == "Bo"
    assert back.findings == now.findings
    history, back = history.undo(back)
    assert set(back.answers) == {"R1"}
    assert history.what == ""
    assert not history
    assert history.undo(back) == (history, back)


def test_undo_puts_a_row_back_where_it_was() -> None:
    before = change.with_hosts(EMPTY, [Host(name=f"{letter}.example") for letter in "abc"])
    after = edits.drop(before, "hosts", 1)
    _, back = History().push(before, after).undo(after)
    assert back == before


def test_history_is_bounded() -> None:
    history, project = History(), EMPTY
    for number in range(LIMIT + 10):
        changed_project = change.answer(project, "R1", f"v{number}", at=AT)
        history, project = history.push(project, changed_project), changed_project
    assert len(history.steps) == LIMIT


@pytest.mark.parametrize(
    ("after", "says"),
    [
        (EMPTY, ""),
        (change.answer(EMPTY, "R1", "yes", at=AT), "answer to R1"),
        (edits.section(EMPTY, "product", name="X"), "product's name"),
        (edits.section(EMPTY, "product", name="X", kind="saas"), "product's name and 1 more"),
        (edits.add(EMPTY, "hosts", Host(name="a.example")), "host a.example"),
        (change.add_account(EMPTY, Account(service="DNS")), "account DNS"),
        (edits.add(EMPTY, "people", Person(name="Ann\x1b")), f"person Ann{HIDDEN}"),
        (replace(EMPTY, login=Login(url="https://x.example")), "sign-in page"),
        (
            edits.section(EMPTY, "repository", production_branch="main"),
            "repository production branch",
        ),
        (
            change.record(EMPTY, [finding("dns.apex", "a.example", Verdict.PASS)], at=AT),
            "finding of dns.apex on a.example and 1 more",
        ),
    ],
)
def test_a_change_in_words(after: Project, says: str) -> None:
    assert describe(EMPTY, after) == says
    assert describe(after, EMPTY).count(" and ") == says.count(" and ")


def test_two_rows_of_one_name_are_told_apart() -> None:
    before = change.add_account(
        change.add_account(EMPTY, Account(service="Stripe", holder="Ann")),
        Account(service="Stripe", holder="Bo"),
    )
    after = change.replace_account(before, 1, Account(service="Stripe", holder="Cy"))
    assert len(changed(before, after)) == 1
    assert words(changed(before, after)[0]) == "account Stripe"
