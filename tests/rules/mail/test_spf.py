"""RFC 7208: the tree of records, its limits, and the record that we suggest instead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.rules.mail.spf import LOOKUP_LIMIT, Evaluation, evaluate, suggest
from launchready_tui.vocabulary.facts import DnsReply
from tests.rules.dns.zone import SERVFAIL, TIMEOUT, Records, Zone

LEAF = "v=spf1 ip4:192.0.2.0/24 ~all"


def names(found: Evaluation) -> list[str]:
    return [fault.name for fault in found.faults]


async def first(records: Records) -> tuple[str, dict[str, str]]:
    """The fault that names the finding, with its facts."""
    fault = (await evaluate("d.example", Zone(records))).faults[0]
    return fault.name, dict(fault.facts)


@pytest.mark.parametrize(
    ("records", "name", "facts"),
    [
        ({}, "missing", {}),
        ({"d.example A": "192.0.2.1"}, "missing", {}),
        ({"d.example TXT": "google-site-verification=1"}, "missing", {}),
        ({"d.example TXT": [LEAF, "v=spf1 -all", "x"]}, "two-records", {"count": "2"}),
        ({"d.example TXT": "v=spf1;a;-all"}, "syntax", {"part": "v=spf1;a;-all"}),
        ({"d.example TXT": "v=spf1 ipv4:192.0.2.1 -all"}, "syntax", {"part": "ipv4:192.0.2.1"}),
        ({"d.example TXT": "v=spf1 -all includes:x"}, "syntax", {"part": "includes:x"}),
        ({"d.example TXT": "v=spf1 +all"}, "open", {}),
        ({"d.example TXT": "v=spf1 all"}, "open", {}),
        ({"d.example TXT": "v=spf1 ip4:0.0.0.0/0 -all"}, "open", {}),
        (
            {"d.example TXT": "v=spf1 include:o.example -all", "o.example TXT": "v=spf1 +all"},
            "open",
            {"include": "o.example"},
        ),
        (
            {"d.example TXT": "v=spf1 redirect=o.example", "o.example TXT": "v=spf1 +all"},
            "open",
            {},
        ),
        (
            {"d.example TXT": "v=spf1 include:gone.example -all"},
            "include-without-spf",
            {"include": "gone.example"},
        ),
        (
            {"d.example TXT": "v=spf1 redirect=gone.example"},
            "include-without-spf",
            {"include": "gone.example"},
        ),
        (
            {"d.example TXT": "v=spf1 include:no..name.example -all"},
            "include-without-spf",
            {"include": "no..name.example"},
        ),
        (
            {"d.example TXT": "v=spf1 include:x.example -all", "x.example TXT": [LEAF, LEAF + " "]},
            "syntax",
            {"part": "include:x.example"},
        ),
        (
            {"d.example TXT": "v=spf1 include:x.example -all", "x.example TXT": "v=spf1 ip4:1"},
            "syntax",
            {"part": "include:x.example"},
        ),
        (
            {"d.example TXT": "v=spf1 include:d.example -all"},
            "loop",
            {"include": "d.example"},
        ),
        (
            {
                "d.example TXT": "v=spf1 include:a.example -all",
                "a.example TXT": "v=spf1 include:b.example ~all",
                "b.example TXT": "v=spf1 redirect=A.example.",
            },
            "loop",
            {"include": "a.example"},
        ),
        (
            {"d.example TXT": "v=spf1 a:1.example a:2.example mx:3.example exists:4.example ~all"},
            "void-lookups",
            {"count": "4"},
        ),
    ],
)
async def test_what_stops_a_receiver(records: Records, name: str, facts: dict[str, str]) -> None:
    assert await first(records) == (name, facts)


@pytest.mark.parametrize(
    "records",
    [
        {"d.example TXT": "v=spf1 -all"},
        {"d.example TXT": ["other", LEAF]},
        {"d.example TXT": "V=SPF1 INCLUDE:I.example -ALL", "i.example TXT": LEAF},
        {"d.example TXT": "v=spf1 redirect=r.example", "r.example TXT": LEAF},
        {"d.example TXT": "v=spf1 -include:o.example -all", "o.example TXT": "v=spf1 +all"},
        {"d.example TXT": "v=spf1 ?include:o.example -all", "o.example TXT": "v=spf1 +all"},
        {"d.example TXT": "v=spf1 -all +all"},
        {"d.example TXT": "v=spf1 -all redirect=gone.example"},
        {"d.example TXT": "v=spf1 -all include:gone.example"},
        {"d.example TXT": "v=spf1 a mx -all", "d.example A": "192.0.2.1"},
        {"d.example TXT": "v=spf1 a -all", "d.example AAAA": "2001:db8::1"},
        {"d.example TXT": "v=spf1 exists:%{i}._spf.x.example -all"},
        {"d.example TXT": "v=spf1 -all exp=gone.example"},
        {"d.example TXT": "v=spf1 include:c.example -all", "c.example CNAME": "i.example"}
        | {"i.example TXT": LEAF},
    ],
)
async def test_records_that_work(records: Records) -> None:
    found = await evaluate("d.example", Zone(records))
    assert found.faults == ()
    assert found.unanswered == ()
    assert found.warnings() == ()


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 ?all", ["neutral-end"]),
        ("v=spf1 a", ["no-end"]),
        ("v=spf1", ["no-end"]),
        ("v=spf1 ptr -all", ["ptr"]),
        ("v=spf1 ptr:d.example ?all", ["neutral-end", "ptr"]),
        ("v=spf1 -all ptr", []),
        ("v=spf1 redirect=r.example", ["neutral-end"]),
        ("v=spf1 include:p.example -all", []),  # another's ptr is not the founder's to fix
        ("v=spf1 " + "exists:%{i}.x.example " * 8 + "-all", []),
        ("v=spf1 " + "exists:%{i}.x.example " * 9 + "-all", ["many-lookups"]),
        ("v=spf1 " + "exists:%{i}.x.example " * 10 + "-all", ["many-lookups"]),
    ],
)
async def test_what_will_hurt_later(record: str, expected: list[str]) -> None:
    records = {
        "d.example TXT": record,
        "d.example A": "192.0.2.1",
        "r.example TXT": "v=spf1 ?all",
        "p.example TXT": "v=spf1 ptr ~all",
    }
    found = await evaluate("d.example", Zone(records))
    assert [fault.name for fault in found.warnings()] == expected
    assert found.faults == ()


@pytest.mark.parametrize(
    ("term", "lookups"),
    [
        ("include:i.example", 1),
        ("a", 1),
        ("mx:i.example", 1),
        ("ptr", 1),
        ("exists:%{i}.i.example", 1),
        ("redirect=i.example", 1),
        ("exp=i.example", 0),
        ("ip4:192.0.2.1", 0),
        ("ip6:2001:db8::1", 0),
        ("x=y", 0),
        ("-all", 0),
    ],
)
async def test_which_terms_count_as_lookups(term: str, lookups: int) -> None:
    zone = Zone({"d.example TXT": f"v=spf1 {term}", "i.example TXT": LEAF})
    assert (await evaluate("d.example", zone)).lookups == lookups


async def test_nested_includes_count_and_the_same_one_counts_each_time() -> None:
    records = {
        "d.example TXT": "v=spf1 include:a.example include:b.example -all",
        "a.example TXT": "v=spf1 include:leaf.example a:leaf.example ~all",
        "b.example TXT": "v=spf1 include:leaf.example ~all",
        "leaf.example TXT": LEAF,
        "leaf.example A": "192.0.2.1",
    }
    found = await evaluate("d.example", Zone(records))
    assert found.lookups == 5
    assert found.includes == ("a.example", "b.example", "leaf.example", "leaf.example")


async def test_ten_lookups_work_and_eleven_do_not() -> None:
    def records(count: int) -> Records:
        chain = {f"i{n}.example TXT": f"v=spf1 include:i{n + 1}.example ~all" for n in range(count)}
        return {
            "d.example TXT": "v=spf1 include:i0.example -all",
            **chain,
            f"i{count}.example TXT": LEAF,
        }

    ten = await evaluate("d.example", Zone(records(9)))
    assert (ten.lookups, names(ten)) == (10, [])
    eleven = await evaluate("d.example", Zone(records(10)))
    assert (eleven.lookups, names(eleven)) == (11, ["too-many-lookups"])
    assert eleven.faults[0].facts == {"count": "11"}


async def test_mail_servers_of_one_mx_term_have_a_limit_too() -> None:
    records = {
        "d.example TXT": "v=spf1 mx -all",
        "d.example MX": [f"10 m{n}.example." for n in range(11)],
    }
    assert await first(records) == ("too-many-lookups", {"count": "11"})


async def test_two_names_may_lead_nowhere() -> None:
    found = await evaluate(
        "d.example", Zone({"d.example TXT": "v=spf1 a:1.example mx:2.example -all"})
    )
    assert found.voids == ("1.example", "2.example")
    assert found.faults == ()


async def test_no_answer_is_not_missing() -> None:
    found = await evaluate("d.example", Zone({"d.example TXT": SERVFAIL}))
    assert found.faults == ()
    assert found.unanswered == (("d.example", SERVFAIL),)


@pytest.mark.parametrize("term", ["include:i.example", "redirect=i.example", "a:i.example"])
async def test_an_unanswered_part_is_never_a_fault_of_the_record(term: str) -> None:
    zone = Zone({"d.example TXT": f"v=spf1 {term}", "i.example TXT": TIMEOUT})
    zone.records = {**zone.records, "i.example A": TIMEOUT, "i.example AAAA": TIMEOUT}
    found = await evaluate("d.example", zone)
    assert found.faults == ()
    assert found.unanswered == (("i.example", TIMEOUT),)


async def test_a_fault_elsewhere_shows_beside_an_unanswered_include() -> None:
    records: Records = {
        "d.example TXT": "v=spf1 include:i.example include:gone.example -all",
        "i.example TXT": SERVFAIL,
    }
    found = await evaluate("d.example", Zone(records))
    assert names(found) == ["include-without-spf"]
    assert found.unanswered


async def test_macros_need_a_message() -> None:
    record = "v=spf1 include:%{d}.x.example redirect=%{d}.y.example"
    found = await evaluate("d.example", Zone({"d.example TXT": record}))
    assert found.macros == ("include:%{d}.x.example", "redirect=%{d}.y.example")
    assert found.lookups == 2
    assert found.end is None


async def test_siblings_are_asked_at_once() -> None:
    """The tree below costs three round trips: a record, its includes, and theirs."""
    records = {
        "d.example TXT": "v=spf1 include:a.example include:b.example a:c.example -all",
        "a.example TXT": "v=spf1 include:e.example ~all",
        "b.example TXT": "v=spf1 include:f.example ~all",
        "c.example A": "192.0.2.1",
        "e.example TXT": LEAF,
        "f.example TXT": LEAF,
    }
    zone, turns, waiting = Zone(records), 0, 0

    async def lookup(name: str, rtype: str) -> DnsReply:
        import asyncio

        nonlocal turns, waiting
        turns += waiting == 0
        waiting += 1
        await asyncio.sleep(0.001)
        waiting -= 1
        return await zone(name, rtype)

    assert (await evaluate("d.example", lookup)).faults == ()
    assert turns == 3


async def test_a_thousand_includes_stop_early() -> None:
    includes = " ".join(f"include:i{n}.example" for n in range(1000))
    zone = Zone({"d.example TXT": f"v=spf1 {includes} -all"})
    found = await evaluate("d.example", zone)
    assert names(found) == ["too-many-lookups"]
    assert len(zone.asked) == 1


async def test_records_that_include_each_other_cost_few_questions() -> None:
    everyone = " ".join(f"include:i{n}.example" for n in range(10))
    records = {f"i{n}.example TXT": f"v=spf1 {everyone} a mx ~all" for n in range(10)}
    zone = Zone({"d.example TXT": f"v=spf1 {everyone} -all", **records})
    found = await evaluate("d.example", zone)
    assert names(found)[0] == "too-many-lookups"
    assert len(zone.asked) == 11


PARTS = st.sampled_from(
    [
        "a",
        "mx",
        "ptr",
        "all",
        "-all",
        "?all",
        "include:a.example",
        "include:b.example",
        "include:%{d}.example",
        "-include:c.example",
        "redirect=b.example",
        "redirect=a.example",
        "exists:a.example",
        "exp=a.example",
        "a:c.example/24",
        "mx:a.example",
        "nonsense",
        "x=y",
    ]
)
TEXTS = st.lists(PARTS, max_size=14).map(lambda parts: " ".join(["v=spf1", *parts]))
REPLIES = st.one_of(TEXTS, st.lists(TEXTS, max_size=3), st.just(SERVFAIL), st.text(max_size=40))


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(st.fixed_dictionaries({f"{name}.example TXT": REPLIES for name in "abcd"}))
async def test_any_tree_ends_within_a_few_questions(records: dict[str, str | list[str]]) -> None:
    zone = Zone({key: value for key, value in records.items() if value})
    found = await evaluate("d.example", zone)
    assert len(zone.asked) <= 1 + 2 * LOOKUP_LIMIT
    assert found.lookups >= len(found.includes)
    if found.lookups > LOOKUP_LIMIT:
        assert "too-many-lookups" in names(found)
    if found.record is None:
        assert found.faults or found.unanswered


@pytest.mark.parametrize(
    ("texts", "needed", "expected"),
    [
        ([], ["_spf.google.com"], "v=spf1 include:_spf.google.com ~all"),
        ([], [], "v=spf1 ~all"),
        (["v=spf1 a mx -all"], [], "v=spf1 a mx ~all"),
        (["v=spf1 +all"], ["i.example"], "v=spf1 include:i.example ~all"),
        (
            ["v=spf1 include:a.example -all", "v=spf1 ip4:192.0.2.1 include:A.example. ~all"],
            ["a.example"],
            "v=spf1 include:a.example ip4:192.0.2.1 ~all",
        ),
        (
            ["v=spf1 nonsense ip4:1 -exists:%{i}.x.example"],
            [],
            "v=spf1 -exists:%{i}.x.example ~all",
        ),
        (["v=spf1 ptr ip4:0.0.0.0/0 +a"], [], "v=spf1 a ~all"),
        (["v=spf1 redirect=r.example"], [], "v=spf1 include:r.example ~all"),
        (["v=spf1 include:gone.example a -all exp=e.example"], [], "v=spf1 a ~all exp=e.example"),
    ],
)
def test_the_record_that_we_suggest(texts: list[str], needed: list[str], expected: str) -> None:
    assert suggest(texts, needed, without=["gone.example"]) == expected


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(st.lists(TEXTS, max_size=3), st.lists(st.sampled_from(["a.example", "z.example"])))
async def test_a_suggestion_is_one_valid_record(texts: list[str], needed: list[str]) -> None:
    text = suggest(texts, needed)
    found = await evaluate("q.example", Zone({"q.example TXT": text}))
    assert found.record is not None
    assert found.record.broken == ()
    assert found.record.end == "~"
    assert "open" not in names(found)
    assert suggest([text], needed) == text
    mechanisms = [term.text for term in found.record.terms]
    assert len(set(mechanisms)) == len(mechanisms)
