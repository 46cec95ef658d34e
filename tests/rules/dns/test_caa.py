"""RFC 8659: whose certificates CAA records allow, and what is never read as "none"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.dns.caa import (
    AUTHORITIES,
    Found,
    Property,
    climb,
    covered_by,
    domains_of,
    issuers,
    levels,
    must_understand,
    parse,
)
from launchready_tui.vocabulary.facts import Answer, DnsReply, NoData, NoSuchName, Unreachable

HOST = "app.d.example"
SERVFAIL = Unreachable("servfail")


def replies(**records: tuple[str, ...] | Unreachable) -> dict[str, DnsReply]:
    """What is said at each level of HOST: `app`, `d` and `top`; nothing where not given."""
    names = dict(zip(("app", "d", "top"), levels(HOST), strict=True))
    made: dict[str, DnsReply] = {name: NoData(name, "CAA") for name in names.values()}
    for level, said in records.items():
        name = names[level]
        made[name] = said if isinstance(said, Unreachable) else Answer(name, "CAA", said, 300)
    return made


def found(*records: str) -> Found:
    return Found("d.example", parse(records))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ('0 issue "letsencrypt.org"', Property(0, "issue", "letsencrypt.org")),
        ('128 ISSUE ";"', Property(128, "issue", ";")),
        ('0 iodef "mailto:a@d.example"', Property(0, "iodef", "mailto:a@d.example")),
        ('0 issue "a\\"b\\092\\059"', Property(0, "issue", 'a"b\\;')),
        ("0 issue letsencrypt.org", Property(0, "issue", "letsencrypt.org")),
        ('0 issue ""', Property(0, "issue", "")),
    ],
)
def test_a_record_is_read(record: str, expected: Property) -> None:
    assert parse((record,)) == (expected,)


@pytest.mark.parametrize("record", ["", "issue", '999 issue "a"', '0 is-sue "a"', "0 issue"])
def test_what_is_no_record_is_left_out(record: str) -> None:
    assert parse((record,)) == ()


def test_the_way_up_ends_at_the_top_level_domain() -> None:
    assert levels(HOST) == ("app.d.example", "d.example", "example")


def test_the_nearest_records_count_and_hide_those_above() -> None:
    asked = replies(app=('0 issue "a.test"',), d=('0 issue "b.test"',))
    assert climb(asked, HOST) == Found(HOST, (Property(0, "issue", "a.test"),))
    assert climb(replies(top=('0 issue "c.test"',)), HOST) == Found(
        "example", (Property(0, "issue", "c.test"),)
    )
    assert climb(replies(), HOST) == Found()


def test_a_name_that_does_not_exist_has_no_records() -> None:
    gone: dict[str, DnsReply] = {name: NoSuchName(name) for name in levels(HOST)}
    assert climb(gone, HOST) == Found()


def test_silence_below_the_records_leaves_it_open_and_above_them_it_does_not_matter() -> None:
    assert climb(replies(app=SERVFAIL, d=('0 issue "b.test"',)), HOST) == SERVFAIL
    assert climb(replies(d=SERVFAIL), HOST) == SERVFAIL
    assert climb(replies(top=SERVFAIL), HOST) == SERVFAIL
    asked = replies(d=('0 issue "b.test"',), top=SERVFAIL)
    assert climb(asked, HOST) == Found("d.example", (Property(0, "issue", "b.test"),))


@pytest.mark.parametrize(
    ("records", "wildcard", "expected"),
    [
        (('0 issue "a.test"',), False, {"a.test"}),
        (('0 issue "A.Test."',), False, {"a.test"}),
        (('0 issue "a.test; validationmethods=dns-01"',), False, {"a.test"}),
        (('0 issue " a.test ;accounturi=https://a.test/1"',), False, {"a.test"}),
        (('0 issue "a.test"', '0 issue ";"'), False, {"a.test"}),
        (('0 issue ";"',), False, set()),
        (('0 issue ""',), False, set()),
        (('0 issue "%%%"',), False, set()),
        (('0 iodef "mailto:a@d.example"',), False, None),
        (('0 issuewild "w.test"',), False, None),
        (('0 issue "a.test"', '0 issuewild "w.test"'), False, {"a.test"}),
        (('0 issue "a.test"', '0 issuewild "w.test"'), True, {"w.test"}),
        (('0 issue "a.test"', '0 issuewild ";"'), True, set()),
        (('0 issue "a.test"',), True, {"a.test"}),
        ((), False, None),
    ],
)
def test_who_may_issue(records: tuple[str, ...], wildcard: bool, expected: set[str] | None) -> None:
    may = issuers(found(*records), wildcard=wildcard)
    assert may == (None if expected is None else frozenset(expected))


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (('0 issue "a.test"',), ("", "")),
        (('128 issue "a.test"',), ("", "")),
        (('1 tbs "x"',), ("", "")),
        (('128 tbs "x"',), ("unknown-tag", "tbs")),
        (('129 contactemail "a@d.example"',), ("rare-tag", "contactemail")),
        (('128 contactemail "a@d.example"', '128 tbs "x"'), ("unknown-tag", "tbs")),
    ],
)
def test_a_tag_that_must_be_obeyed(records: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert must_understand(found(*records)) == expected


@pytest.mark.parametrize(
    ("organisation", "expected"),
    [
        ("Let's Encrypt", "letsencrypt.org"),
        ("Let\u2019s Encrypt", "letsencrypt.org"),
        ("Google Trust Services LLC", "pki.goog"),
        ("DigiCert Inc", "digicert.com"),
        ("DigiCert, Inc.", "digicert.com"),
        ("Sectigo Limited", "sectigo.com"),
        ("ZeroSSL", "sectigo.com"),
        ("Amazon", "amazontrust.com"),
        ("GoDaddy.com, Inc.", "starfieldtech.com"),
        ("GlobalSign nv-sa", "globalsign.com"),
        ("SSL Corporation", "ssl.com"),
        ("SSL Corp", "ssl.com"),
        ("Buypass AS-983163327", "buypass.com"),
    ],
)
def test_companies_are_known_by_their_organisation(organisation: str, expected: str) -> None:
    assert expected in domains_of(organisation)


@pytest.mark.parametrize("organisation", ["Amazonia CA", "Harbor Lab", "", "My Let's Encrypt"])
def test_others_are_not_known(organisation: str) -> None:
    assert domains_of(organisation) == ()


def test_the_contract_has_its_companies() -> None:
    """checks.md names one CAA domain for each."""
    known = {domain for domains in AUTHORITIES.values() for domain in domains}
    assert known >= {
        "letsencrypt.org", "pki.goog", "digicert.com", "sectigo.com", "amazon.com",
        "godaddy.com", "globalsign.com", "ssl.com", "buypass.com",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((HOST,), (HOST, False)),
        ((HOST, "*.d.example"), (HOST, False)),
        (("*.d.example",), ("d.example", True)),
        (("*.app.d.example",), (HOST, False)),
        (("other.example",), (HOST, False)),
        ((), (HOST, False)),
    ],
)
def test_the_name_that_was_asked_for(names: tuple[str, ...], expected: tuple[str, bool]) -> None:
    assert covered_by(names, HOST) == expected


@given(st.lists(st.text(max_size=60) | st.from_regex(r"\A[0-9]{1,3} [a-z]{1,9} \"[ -~]{0,40}\"\Z")))
def test_hostile_records_never_raise(records: list[str]) -> None:
    some = Found("d.example", parse(tuple(records)))
    issuers(some, wildcard=True)
    must_understand(some)
