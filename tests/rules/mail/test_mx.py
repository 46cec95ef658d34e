"""RFC 5321 5 and RFC 7505: where mail goes, and what is never read as an answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.rules.mail.mx import HOSTS_ASKED, Exchange, parse, route
from launchready_tui.vocabulary.facts import Answer, Unreachable
from tests.rules.dns.zone import SERVFAIL, TIMEOUT, Records, Zone

HEALTHY = {"d.example MX": "10 mx.d.example.", "mx.d.example A": "192.0.2.25"}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (("10 mx.example.",), (Exchange(10, "mx.example"),)),
        (("20 B.example.", "5 a.example"), (Exchange(5, "a.example"), Exchange(20, "b.example"))),
        (("0 .",), (Exchange(0, ""),)),
        (("mx.example.", "", "10", "x y", "10 a b"), ()),
        ((), ()),
    ],
)
def test_records_are_read_in_order_of_preference(
    records: tuple[str, ...], expected: tuple[Exchange, ...]
) -> None:
    assert parse(records) == expected


@pytest.mark.parametrize(
    ("records", "faults"),
    [
        ({}, [("missing", "d.example")]),
        ({"d.example TXT": "x"}, [("missing", "d.example")]),
        ({"d.example MX": "0 ."}, [("null-mx", "d.example")]),
        ({"d.example MX": ["0 .", "10 mx.d.example."]}, [("null-mx-mixed", "d.example")]),
        ({"d.example MX": "10 192.0.2.1."}, [("mx-is-address", "192.0.2.1")]),
        ({"d.example MX": "9 192.0.2.1.d.example."}, [("mx-is-address", "192.0.2.1.d.example")]),
        ({"d.example MX": "10 2001:db8::1"}, [("mx-is-address", "2001:db8::1")]),
        ({"d.example MX": "10 mx.d.example."}, [("mx-dead", "mx.d.example")]),
        (
            {"d.example MX": "10 mx.d.example.", "mx.d.example A": "10.0.0.25"},
            [("mx-private", "mx.d.example")],
        ),
        (
            {**HEALTHY, "d.example MX": ["10 mx.d.example.", "20 gone.example."]},
            [("mx-dead", "gone.example")],
        ),
        (
            {"d.example MX": ["10 gone.example.", "20 192.0.2.1."]},
            [("mx-is-address", "192.0.2.1"), ("mx-dead", "gone.example")],
        ),
        (
            {"d.example MX": "10 mx.d.example.", "mx.d.example CNAME": "gone.example"},
            [("mx-dead", "mx.d.example")],
        ),
    ],
)
async def test_what_keeps_mail_away(records: Records, faults: list[tuple[str, str]]) -> None:
    found = await route("d.example", Zone(records))
    assert list(found.faults) == faults
    assert found.unanswered == ()


@pytest.mark.parametrize(
    ("records", "warnings"),
    [
        (HEALTHY, []),
        ({"d.example MX": "10 mx.d.example.", "mx.d.example AAAA": "2001:db8::25"}, []),
        ({"d.example A": "192.0.2.1"}, [("implicit-mx", "d.example")]),
        ({"d.example AAAA": "2001:db8::1"}, [("implicit-mx", "d.example")]),
        (
            {**HEALTHY, "d.example MX": "10 alias.example.", "alias.example CNAME": "mx.d.example"},
            [("mx-is-alias", "alias.example")],
        ),
    ],
)
async def test_what_works(records: Records, warnings: list[tuple[str, str]]) -> None:
    found = await route("d.example", Zone(records))
    assert found.faults == ()
    assert list(found.warnings) == warnings
    assert found.addresses


@pytest.mark.parametrize(
    ("records", "name", "why"),
    [
        ({"d.example MX": SERVFAIL, "d.example A": "192.0.2.1"}, "d.example", SERVFAIL),
        ({"d.example A": TIMEOUT}, "d.example", TIMEOUT),
        (
            {"d.example MX": "10 mx.d.example.", "mx.d.example A": SERVFAIL},
            "mx.d.example",
            SERVFAIL,
        ),
        (
            {"d.example MX": "10 mx.d.example.", "mx.d.example AAAA": TIMEOUT},
            "mx.d.example",
            TIMEOUT,
        ),
    ],
)
async def test_no_answer_is_never_missing(records: Records, name: str, why: Unreachable) -> None:
    found = await route("d.example", Zone(records))
    assert found.faults == ()
    assert found.unanswered == ((name, why),)


async def test_one_family_that_answers_is_enough() -> None:
    found = await route("d.example", Zone({**HEALTHY, "mx.d.example AAAA": SERVFAIL}))
    assert (found.faults, found.unanswered) == ((), ())


async def test_only_a_null_mx_alone_refuses_all_mail() -> None:
    assert (await route("d.example", Zone({"d.example MX": "0 ."}))).refuses
    assert not (await route("d.example", Zone(HEALTHY))).refuses
    assert not (await route("d.example", Zone({"d.example MX": ["0 .", "5 mx.example."]}))).refuses


async def test_a_hundred_mail_servers_cost_few_questions() -> None:
    zone = Zone({"d.example MX": [f"10 m{n}.example." for n in range(100)]})
    await route("d.example", zone)
    assert len(zone.asked) == 3 + 2 * HOSTS_ASKED


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(st.lists(st.text(max_size=30) | st.from_regex(r"\A[0-9]{1,6} [a-z.:\[\]]{1,12}\Z")))
async def test_hostile_records_never_raise(records: list[str]) -> None:
    async def lookup(name: str, rtype: str) -> Answer:
        return Answer(name, rtype, tuple(records) if rtype == "MX" else ("192.0.2.1",), 60)

    assert (await route("d.example", lookup)).domain == "d.example"
