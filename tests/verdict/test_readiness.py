"""The launch verdict, item states, risk order, targets and changes: all from the file alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from launchready_tui.content.checklist import (
    AlwaysOn,
    Checklist,
    Choice,
    Item,
    Provider,
    Stage,
    Target,
    Words,
    builtin,
)
from launchready_tui.project.model import (
    Answer,
    AuditRecord,
    Host,
    Product,
    Project,
    Proof,
    RecordedFinding,
)
from launchready_tui.rules.running.rollback import MOST_MINUTES
from launchready_tui.verdict.composing import recorded
from launchready_tui.verdict.readiness import (
    SKIPPED_FOR_NOW,
    State,
    assess,
    changes,
    first_sentence,
    risk_order,
    worst,
)
from launchready_tui.verdict.targets import duration
from launchready_tui.vocabulary.dates import say_minutes
from launchready_tui.vocabulary.findings import Harm, Impact, Verdict

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
CHOICES = (
    Choice(value="yes", label="Yes, we tried it", means="good"),
    Choice(value="no", label="No", means="bad"),
    Choice(value="unsure", label="I'm not sure", means="unsure"),
    Choice(value="na", label="Does not apply", means="skip"),
)


def item(id: str, **more: Any) -> Item:
    base: dict[str, Any] = {
        "id": id,
        "title": f"Item {id}",
        "question": "Did you try it?",
        "why": "It matters.",
        "fix": ("Try it.",),
        "verify": "Try again.",
        "choices": CHOICES,
    }
    return Item(**{**base, **more})


WORDS = {
    "dns.apex.ok": Words(says="{host} has an address.", why="Fine."),
    "dns.apex.missing": Words(
        says="{host} has no address. Nobody can reach it.",
        why="Nobody gets in.",
        fix=("Find the address.", "@dns.add-record", "Save {host}."),
        verify="Press r.",
        impact=Impact.BLOCKER,
        harms=(Harm.ONBOARDING, Harm.PAYMENTS),
        minutes=10,
    ),
    "dns.host.missing": Words(
        says="{host} has no address.",
        why="Nobody gets in.",
        fix=("Add it.",),
        verify="Press r.",
        impact=Impact.BLOCKER,
        harms=(Harm.SUPPORT,),
        minutes=5,
    ),
    "email.dmarc.no-reports": Words(
        says="No reports.", why="You are blind.", fix=("Add rua.",), verify="Press r.", minutes=5
    ),
    "unknown.timeout": Words(
        says="We couldn't ask about {host}.", why="Says nothing.", fix=("Again.",), verify="r"
    ),
}
CHECKLIST = Checklist(
    stages=(
        Stage(
            number=1,
            id="quick-audit",
            title="Quick audit",
            goal="See it.",
            items=(
                item("S1.C1", checks=("dns.apex", "dns.host"), covers=("S1.C1", "M1")),
                item("S1.F1", impact=Impact.BLOCKER, harms=(Harm.EMAIL,), minutes=7),
                item("S4.C5"),
            ),
        ),
    ),
    words=WORDS,
    titles={},
    providers={
        "dns": {
            "generic": Provider(name="your DNS host", steps={"add-record": ("Open it.", "Add.")}),
            "cloudflare": Provider(name="Cloudflare", steps={"add-record": ("DNS, Records.",)}),
        },
        "hosting": {},
        "senders": {},
    },
    glossary={},
    targets=(
        Target(id="T1", title="Up", goal="99.9 %", why="w", needs="Two days."),
        Target(id="T5", title="Back", goal="under 15 minutes", why="w", needs="One drill."),
    ),
    roles={},
    changes={},
    always_on=AlwaysOn(faults=1, guards=()),
)
PROJECT = Project(
    product=Product(name="Harbor", domain="harbor.example"),
    hosts=(
        Host(name="harbor.example"),
        Host(name="app.harbor.example", purpose="app"),
        Host(name="docs.harbor.example", purpose="docs"),
    ),
)


def with_findings(**subjects: RecordedFinding) -> Project:
    findings: dict[str, dict[str, RecordedFinding]] = {}
    for key, found in subjects.items():
        check, subject = key.split("__")
        findings.setdefault(check.replace("_", "."), {})[subject.replace("_", ".")] = found
    return msgspec.structs.replace(PROJECT, findings=findings)


def seen(verdict: Verdict, outcome: str, **facts: str) -> RecordedFinding:
    return RecordedFinding(verdict=verdict, outcome=outcome, at=AT, facts=facts)


FAIL = seen(Verdict.FAIL, "missing")
PASS = seen(Verdict.PASS, "ok")
UNKNOWN = seen(Verdict.UNKNOWN, "timeout")


def test_an_empty_project_is_not_ready_and_not_broken() -> None:
    ready = assess(PROJECT, CHECKLIST)
    assert ready.verdict == "cannot-tell"
    assert ready.stage_state(1) is State.OPEN
    assert ready.done(1) == (0, 3)
    assert not ready.problems


def test_one_blocker_decides_however_much_is_fine() -> None:
    ready = assess(with_findings(dns_apex__harbor_example=FAIL), CHECKLIST)
    assert ready.verdict == "not-yet"
    assert ready.headline == "Not yet: 1 to fix today"
    assert ready.minutes_today() == 10


def test_an_unknown_that_matters_is_never_ready() -> None:
    project = with_findings(dns_apex__harbor_example=UNKNOWN)
    project = msgspec.structs.replace(project, answers={"S1.F1": Answer(value="yes")})
    ready = assess(project, CHECKLIST)
    assert ready.verdict == "cannot-tell"
    part = ready.item("S1.C1")
    assert part is not None
    assert part.state is State.UNKNOWN
    assert not ready.problems


def test_ready_needs_the_checks_and_the_blocking_questions() -> None:
    project = with_findings(dns_apex__harbor_example=PASS)
    assert assess(project, CHECKLIST).verdict == "cannot-tell"
    answered = msgspec.structs.replace(project, answers={"S1.F1": Answer(value="yes")})
    assert assess(answered, CHECKLIST).verdict == "ready"


@pytest.mark.parametrize(
    ("value", "state"),
    [
        ("yes", State.TOLD),
        ("no", State.TODAY),
        ("unsure", State.UNKNOWN),
        ("na", State.SKIPPED),
        (SKIPPED_FOR_NOW, State.OPEN),
        ("a value that nobody offers", State.OPEN),
    ],
)
def test_what_a_person_said_is_told_never_checked(value: str, state: State) -> None:
    project = msgspec.structs.replace(PROJECT, answers={"S1.F1": Answer(value=value)})
    part = assess(project, CHECKLIST).item("S1.F1")
    assert part is not None
    assert part.state is state


@pytest.mark.parametrize(
    ("found", "value", "state"),
    [
        (PASS, None, State.OK),
        (PASS, "yes", State.OK),
        (PASS, "no", State.SOON),
        (FAIL, "yes", State.TODAY),
        (FAIL, "na", State.TODAY),
        (UNKNOWN, None, State.UNKNOWN),
        (UNKNOWN, "yes", State.TOLD),
        (UNKNOWN, "no", State.SOON),
    ],
)
def test_an_answer_never_hides_what_we_saw(
    found: RecordedFinding, value: str | None, state: State
) -> None:
    project = with_findings(dns_apex__harbor_example=found)
    if value:
        project = msgspec.structs.replace(project, answers={"S1.C1": Answer(value=value)})
    part = assess(project, CHECKLIST).item("S1.C1")
    assert part is not None
    assert part.state is state


@pytest.mark.parametrize(("found", "value", "state"), [
    (PASS, None, State.OPEN),
    (PASS, "yes", State.TOLD),
    (PASS, "no", State.TODAY),
    (FAIL, None, State.TODAY),
    (FAIL, "yes", State.TODAY),
    (UNKNOWN, None, State.UNKNOWN),
])  # fmt: skip
def test_a_check_that_sees_a_part_of_a_question_never_answers_it(
    found: RecordedFinding, value: str | None, state: State
) -> None:
    part = item("S1.C1", checks=("dns.apex",), impact=Impact.BLOCKER, sees_part=True)
    stage = msgspec.structs.replace(CHECKLIST.stages[0], items=(part,))
    checklist = msgspec.structs.replace(CHECKLIST, stages=(stage,))
    project = with_findings(dns_apex__harbor_example=found)
    if value:
        project = msgspec.structs.replace(project, answers={"S1.C1": Answer(value=value)})
    readiness = assess(project, checklist)
    shown = readiness.item("S1.C1")
    assert shown is not None
    assert shown.state is state
    if state is State.OPEN:
        assert readiness.verdict == "cannot-tell"  # the question itself is still to be answered


@pytest.mark.covers("P2", "screen")
def test_risks_come_by_impact_then_harms_then_hosts() -> None:
    project = with_findings(
        dns_apex__harbor_example=FAIL,
        dns_host__app_harbor_example=FAIL,
        dns_host__docs_harbor_example=FAIL,
        email_dmarc__harbor_example=seen(Verdict.WARN, "no-reports"),
    )
    project = msgspec.structs.replace(
        project, answers={"S1.F1": Answer(value="no", owner="Dana", at=AT)}
    )
    rows = [(p.subject, p.impact) for p in assess(project, CHECKLIST).problems]
    assert rows == [
        ("harbor.example", Impact.BLOCKER),  # two harms
        ("S1.F1", Impact.BLOCKER),  # one harm, the heavier
        ("app.harbor.example", Impact.BLOCKER),
        ("docs.harbor.example", Impact.SOON),  # docs stops no launch
        ("harbor.example", Impact.SOON),
    ]


def test_findings_and_problems_stand_in_one_order() -> None:
    """Of two that do equal harm, the one that takes less time comes first, on every page."""
    slow = msgspec.structs.replace(WORDS["dns.host.missing"], minutes=30)
    checklist = msgspec.structs.replace(CHECKLIST, words={**WORDS, "dns.caa.missing": slow})
    project = with_findings(
        dns_caa__harbor_example=FAIL, dns_host__app_harbor_example=FAIL, dns_apex__a_example=FAIL
    )
    problems = [problem.finding for problem in assess(project, checklist).problems]
    assert [found.check for found in problems if found] == ["dns.apex", "dns.host", "dns.caa"]
    assert list(risk_order(recorded(project, checklist))) == problems


def test_a_fix_speaks_of_the_founders_own_provider() -> None:
    project = with_findings(dns_apex__harbor_example=FAIL)
    generic = assess(project, CHECKLIST).problems[0].fix
    assert generic == ("Find the address.", "Open it.", "Add.", "Save harbor.example.")
    theirs = msgspec.structs.replace(
        project, dns=msgspec.structs.replace(project.dns, provider="cloudflare")
    )
    assert assess(theirs, CHECKLIST).problems[0].fix[1] == "DNS, Records."


def test_a_problem_belongs_to_who_answered_for_it_and_else_to_the_hosts_owner() -> None:
    project = with_findings(dns_apex__harbor_example=FAIL)
    assert assess(project, CHECKLIST).problems[0].owner == ""
    hosts = (msgspec.structs.replace(project.hosts[0], owner="Sam"), *project.hosts[1:])
    project = msgspec.structs.replace(project, hosts=hosts)
    assert assess(project, CHECKLIST).problems[0].owner == "Sam"
    answers = {"S1.C1": Answer(value="yes", owner="Dana")}
    project = msgspec.structs.replace(project, answers=answers)
    assert assess(project, CHECKLIST).problems[0].owner == "Dana"


def test_facts_of_strangers_are_cleaned_before_they_fill_a_sentence() -> None:
    project = with_findings(
        dns_apex__harbor_example=seen(Verdict.FAIL, "missing", host="a\x1b]0;b")
    )
    assert "\x1b" not in recorded(project, CHECKLIST)[0].says


def test_findings_of_checks_that_are_gone_are_left_out() -> None:
    project = with_findings(dns_gone__harbor_example=FAIL)
    assert recorded(project, CHECKLIST) == ()


@pytest.mark.parametrize(
    ("proofs", "measured", "verdict"),
    [
        ((), None, Verdict.UNKNOWN),
        (("400",), "6 min 40 s", Verdict.PASS),
        (("400", "1200"), "20 min 0 s", Verdict.FAIL),
        (("soon",), None, Verdict.UNKNOWN),
        (("9" * 5000,), None, Verdict.UNKNOWN),
        (("400", "604801"), "6 min 40 s", Verdict.PASS),
    ],
)
def test_t5_rests_on_the_last_drill(
    proofs: tuple[str, ...], measured: str | None, verdict: Verdict
) -> None:
    answer = Answer(
        value="yes", evidence=tuple(Proof(kind="drill", where=proof, at=AT) for proof in proofs)
    )
    project = msgspec.structs.replace(PROJECT, answers={"S4.C5": answer})
    t5 = assess(project, CHECKLIST).targets[-1]
    assert (t5.measured, t5.verdict) == (measured, verdict)
    assert t5.note


def test_the_goal_of_a_rollback_is_one_number() -> None:
    t5 = next(target for target in builtin().targets if target.id == "T5")
    assert t5.goal == f"under {MOST_MINUTES} minutes"
    assert t5.title == f"Back within {MOST_MINUTES} minutes"


def test_changes_compare_whole_audits_only() -> None:
    def audit(days: int, *open: str, partial: bool = False) -> AuditRecord:
        return AuditRecord(at=AT + timedelta(days=days), open=open, partial=partial)

    audits = (audit(0, "a x", "b x"), audit(1, partial=True), audit(2, "b x", "c x"))
    found = changes(msgspec.structs.replace(PROJECT, audits=audits))
    assert (found.since, found.fixed, found.new, found.open) == (AT, ("a x",), ("c x",), ("b x",))
    assert changes(PROJECT).since is None


def test_small_words() -> None:
    assert duration(59) == "59 s"
    assert [say_minutes(n) for n in (1, 45, 119, 120, 230, 290)] == [
        *("1 minute", "45 minutes", "119 minutes", "2 hours", "4 hours", "5 hours")
    ]
    assert first_sentence("app.harbor.example has none. Nobody gets in.") == (
        "app.harbor.example has none"
    )
    assert first_sentence("One sentence.") == "One sentence"
    assert worst(()) is State.OPEN
    assert worst((State.OK, State.TODAY, State.TOLD)) is State.TODAY
