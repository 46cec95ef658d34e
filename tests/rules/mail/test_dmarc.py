"""RFC 9989 and RFC 9990: records, the tree walk, and who agreed to take reports."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchready_tui.rules.mail.dmarc import discover, nearly_dmarc, parse, unauthorised, walk_names
from launchready_tui.vocabulary.facts import Unreachable
from tests.rules.dns.zone import SERVFAIL, TIMEOUT, Records, Zone

REJECT = "v=DMARC1; p=reject; rua=mailto:r@d.example"


@pytest.mark.parametrize(
    ("domain", "names"),
    [
        ("d.example", ("d.example", "example")),
        (
            "a.mail.example.com",
            ("a.mail.example.com", "mail.example.com", "example.com", "com"),
        ),
        ("a.b.c.d.e.f.g.h", ("a.b.c.d.e.f.g.h", *[f"{'.'.join('bcdefgh'[n:])}" for n in range(7)])),
        (
            "a.b.c.d.e.f.g.h.i.j.mail.example.com",
            (
                "a.b.c.d.e.f.g.h.i.j.mail.example.com",
                "g.h.i.j.mail.example.com",
                "h.i.j.mail.example.com",
                "i.j.mail.example.com",
                "j.mail.example.com",
                "mail.example.com",
                "example.com",
                "com",
            ),
        ),
        ("com", ("com",)),
    ],
)
def test_the_walk_asks_at_most_eight_names(domain: str, names: tuple[str, ...]) -> None:
    assert walk_names(domain) == names
    assert len(names) <= 8


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=DMARC2; p=none",
        "v=dmarc1; p=none",
        "v=DMARC1 p=none",
        "v=DMARC1, p=none",
        "p=none; v=DMARC1",
        "; v=DMARC1; p=none",
        "x; v=DMARC1; p=none",
        '"v=DMARC1; p=none"',
        "v=spf1 -all",
    ],
)
def test_what_is_no_record(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("v=dmarc1; p=none", True),
        ("v=DMARC1 p=none", True),
        ("“v=DMARC1; p=none”", True),
        ("DMARC1; p=none", True),
        ("p=none; v=DMARC1", True),
        ("v=spf1 -all", False),
        ("google-site-verification=x", False),
    ],
)
def test_what_was_meant_as_one(text: str, near: bool) -> None:
    assert nearly_dmarc(text) is near


@pytest.mark.parametrize(
    ("text", "policy", "broken"),
    [
        (REJECT, "reject", ""),
        ("V = DMARC1 ; p = Quarantine ;", "quarantine", ""),
        ("v=DMARC1; rua=mailto:r@d.example; p=none", "none", ""),
        ("v=DMARC1; p=reject; x-new=1; leftover", "reject", ""),
        ("v=DMARC1; p=reject; adkim=q; t=z; psd=x", "reject", ""),
        ("v=DMARC1; rua=mailto:r@d.example", "none", ""),
        ("v=DMARC1; p=rejct; rua=mailto:r@d.example", "none", "p=rejct"),
        ("v=DMARC1; p=reject; sp=nope; rua=mailto:r@d.example", "none", "sp=nope"),
        ("v=DMARC1; p=reject; np=; rua=mailto:r@d.example", "none", "np="),
        ("v=DMARC1; p=rejct", "", "p=rejct"),
        ("v=DMARC1; p=rejct; rua=r@d.example", "", "p=rejct"),
        ("v=DMARC1; p=reject; p=none", "", "p=reject"),
        ("v=DMARC1; sp=reject", "", ""),
        ("v=DMARC1", "", ""),
    ],
)
def test_what_the_policy_comes_to(text: str, policy: str, broken: str) -> None:
    record = parse(text)
    assert record is not None
    assert (record.policy, record.broken) == (policy, broken)


@pytest.mark.parametrize(
    ("rua", "hosts"),
    [
        ("mailto:r@d.example", ("d.example",)),
        ("MAILTO:r@D.example.", ("d.example",)),
        (
            "mailto:a@x.example!10m, mailto:b@y.example!50 ,mailto:c@x.example",
            ("x.example", "y.example"),
        ),
        ("mailto:a@x.example?subject=dmarc", ("x.example",)),
        ("mailto:a%21b@x.example", ("x.example",)),
        ("https://x.example/dmarc", ()),
        ("r@d.example", ()),
        ("mailto:r@localhost", ()),
        ("mailto:r@d..example", ()),
        ("mailto:@d.example", ()),
        ("mailto:a@x.example mailto:b@y.example", ()),
        ("", ()),
    ],
)
def test_where_reports_go(rua: str, hosts: tuple[str, ...]) -> None:
    record = parse(f"v=DMARC1; p=none; rua={rua}")
    assert record is not None
    assert record.rua == hosts


@pytest.mark.parametrize(
    ("tags", "weaker", "old"),
    [
        ("p=reject", (), ()),
        ("p=reject; sp=reject; np=reject", (), ()),
        ("p=reject; sp=none", ("sp=none",), ()),
        ("p=reject; sp=quarantine; np=none", ("sp=quarantine", "np=none"), ()),
        ("p=quarantine; sp=reject; np=none", ("np=none",), ()),
        ("p=none; sp=none", (), ()),
        ("p=quarantine; pct=50; rf=afrf; ri=86400", (), ("pct=50", "rf=afrf", "ri=86400")),
    ],
)
def test_weaker_subdomains_and_old_tags(
    tags: str, weaker: tuple[str, ...], old: tuple[str, ...]
) -> None:
    record = parse(f"v=DMARC1; {tags}")
    assert record is not None
    assert record.weaker() == weaker
    assert record.old_tags == old


def test_the_testing_flag() -> None:
    texts = ("v=DMARC1; p=reject; t=y", "v=DMARC1; p=reject; t=n", "v=DMARC1; p=reject")
    assert [found.testing for text in texts if (found := parse(text))] == [True, False, False]


FROM = "a.mail.d.example"


@pytest.mark.parametrize(
    ("records", "place", "organisation", "policy"),
    [
        ({}, "", FROM, ""),
        ({f"_dmarc.{FROM} TXT": REJECT}, FROM, FROM, "reject"),
        ({"_dmarc.d.example TXT": REJECT}, "d.example", "d.example", "reject"),
        (
            {f"_dmarc.{FROM} TXT": "v=DMARC1; p=none", "_dmarc.d.example TXT": REJECT},
            FROM,
            "d.example",
            "none",
        ),
        (
            {"_dmarc.mail.d.example TXT": "v=DMARC1; p=none", "_dmarc.d.example TXT": REJECT},
            "d.example",
            "d.example",
            "reject",
        ),
        (
            {
                "_dmarc.mail.d.example TXT": "v=DMARC1; p=none; psd=n",
                "_dmarc.d.example TXT": REJECT,
            },
            "mail.d.example",
            "mail.d.example",
            "none",
        ),
        (
            {"_dmarc.example TXT": "v=DMARC1; p=reject; psd=y"},
            "example",
            "d.example",
            "reject",
        ),
        (
            {
                "_dmarc.d.example TXT": "v=DMARC1; p=none",
                "_dmarc.example TXT": "v=DMARC1; p=reject; psd=y",
            },
            "d.example",
            "d.example",
            "none",
        ),
        ({"_dmarc.d.example TXT": f"{REJECT}; sp=none"}, "d.example", "d.example", "none"),
        ({"_dmarc.d.example TXT": f"{REJECT}; sp=nope"}, "d.example", "d.example", "none"),
        ({"_dmarc.d.example TXT": [REJECT, "v=DMARC1; p=none"]}, "", FROM, ""),
        ({f"_dmarc.{FROM} TXT": ["other text", REJECT]}, FROM, FROM, "reject"),
    ],
)
async def test_which_record_counts(
    records: Records, place: str, organisation: str, policy: str
) -> None:
    walk = await discover(FROM, Zone(records))
    assert (walk.place, walk.organisation, walk.policy) == (place, organisation, policy)
    assert walk.doubt is None


async def test_two_records_at_a_name_are_counted_and_discarded() -> None:
    walk = await discover("d.example", Zone({"_dmarc.d.example TXT": [REJECT, f"{REJECT};"]}))
    assert walk.several == {"d.example": 2}
    assert walk.record is None


async def test_a_text_that_was_meant_as_a_record_is_kept() -> None:
    walk = await discover("d.example", Zone({"_dmarc.d.example TXT": "v=DMARC1 p=none"}))
    assert walk.near == "v=DMARC1 p=none"


@pytest.mark.parametrize(
    ("records", "doubt"),
    [
        ({f"_dmarc.{FROM} TXT": SERVFAIL}, (FROM, SERVFAIL)),
        ({f"_dmarc.{FROM} TXT": SERVFAIL, "_dmarc.d.example TXT": REJECT}, (FROM, SERVFAIL)),
        ({"_dmarc.d.example TXT": TIMEOUT}, ("d.example", TIMEOUT)),
        ({"_dmarc.mail.d.example TXT": TIMEOUT, "_dmarc.d.example TXT": REJECT}, None),
        ({f"_dmarc.{FROM} TXT": REJECT, "_dmarc.d.example TXT": TIMEOUT}, None),
        ({"_dmarc.example TXT": Unreachable("refused")}, None),
    ],
)
async def test_silence_is_never_missing(
    records: Records, doubt: tuple[str, Unreachable] | None
) -> None:
    assert (await discover(FROM, Zone(records))).doubt == doubt


AGREED = "d.example._report._dmarc.r.example TXT"


def reporting(to: str, **records: str | Unreachable) -> Records:
    return {"_dmarc.d.example TXT": f"v=DMARC1; p=none; rua=mailto:dmarc@{to}", **records}


@pytest.mark.parametrize(
    ("records", "denied", "unanswered"),
    [
        (reporting("d.example"), [], []),
        (reporting("reports.d.example"), [], []),
        (reporting("r.example"), ["r.example"], []),
        (reporting("r.example", **{AGREED: "v=DMARC1"}), [], []),
        (reporting("r.example", **{AGREED: "v=DMARC1; rua=mailto:x@r.example;"}), [], []),
        (reporting("r.example", **{AGREED: "v=spf1 -all"}), ["r.example"], []),
        (reporting("r.example", **{AGREED: TIMEOUT}), [], ["r.example"]),
        (reporting("r.example", **{"_dmarc.r.example TXT": SERVFAIL}), ["r.example"], []),
        (
            reporting("r.d.example", **{"_dmarc.r.d.example TXT": SERVFAIL}),
            [],
            [],
        ),
        # A name below ours that says it is an organisation of its own has to agree.
        (
            reporting("r.d.example", **{"_dmarc.r.d.example TXT": "v=DMARC1; p=none; psd=n"}),
            ["r.d.example"],
            [],
        ),
        (reporting("d.example,mailto:x@r.example"), ["r.example"], []),
        ({"_dmarc.d.example TXT": "v=DMARC1; p=none"}, [], []),
        ({}, [], []),
    ],
)
async def test_who_agreed_to_take_reports(
    records: Records, denied: list[str], unanswered: list[str]
) -> None:
    zone = Zone(records)
    found = await unauthorised(await discover("d.example", zone), zone)
    assert list(found.denied) == denied
    assert [host for host, _ in found.unanswered] == unanswered


async def test_our_own_name_whose_walk_was_cut_short_is_not_accused() -> None:
    zone = Zone(reporting("r.mail.d.example", **{"_dmarc.r.mail.d.example TXT": TIMEOUT}))
    walk = await discover("d.example", zone)
    zone.records = {**zone.records, "_dmarc.d.example TXT": TIMEOUT}
    found = await unauthorised(walk, zone)
    assert found.denied == ()
    assert [host for host, _ in found.unanswered] == ["r.mail.d.example"]


async def test_the_agreement_is_asked_at_the_name_that_holds_the_record() -> None:
    zone = Zone({"_dmarc.d.example TXT": "v=DMARC1; p=none; rua=mailto:x@r.example"})
    await unauthorised(await discover("mail.d.example", zone), zone)
    assert ("d.example._report._dmarc.r.example", "TXT") in zone.asked


async def test_a_hundred_report_addresses_cost_few_questions() -> None:
    rua = ",".join(f"mailto:a@r{n}.example" for n in range(100))
    zone = Zone({"_dmarc.d.example TXT": f"v=DMARC1; p=none; rua={rua}"})
    await unauthorised(await discover("d.example", zone), zone)
    assert len(zone.asked) <= 2 + 8 * 9


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(st.text(max_size=200))
def test_hostile_text_never_raises(text: str) -> None:
    nearly_dmarc(text)
    record = parse(f"v=DMARC1;{text}")
    assert record is not None
    assert record.policy in ("", "none", "quarantine", "reject")
    record.weaker()
    parse(text)


LABELS = st.lists(st.sampled_from("abcde"), min_size=1, max_size=14).map(".".join)
TEXTS = st.sampled_from(["v=DMARC1; p=none", "v=DMARC1; p=reject; psd=y", "v=DMARC1; psd=n", "x"])


@settings(deadline=None)  # two busy cores are no fault of the rule
@given(LABELS, st.dictionaries(LABELS, TEXTS | st.just(SERVFAIL), max_size=6))
async def test_any_walk_ends_at_a_name_of_the_domain(
    domain: str, held: dict[str, str | Unreachable]
) -> None:
    zone = Zone({f"_dmarc.{name} TXT": value for name, value in held.items()})
    walk = await discover(domain, zone)
    assert len(zone.asked) <= 8
    assert domain == walk.organisation or domain.endswith(f".{walk.organisation}")
    assert walk.place == "" or walk.at(walk.place) is not None
