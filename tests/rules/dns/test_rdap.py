"""RDAP answers and IANA's bootstrap file, held to the published names and values.

Sources of the lists below: RFC 9083 section 5.3 (members of a domain object) with 4.1, 4.3 and
4.4 (of any answer), section 5.1 (of an entity); IANA's registry "RDAP JSON Values" for status,
event action and role (RFC 9083 10.2 and RFC 8056); RFC 9224 section 3 (the bootstrap file).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import launchready_tui.world.registry as door
from launchready_tui.lab import registry as lab
from launchready_tui.lab.scenario import Dated
from launchready_tui.rules.dns import rdap
from launchready_tui.rules.dns.rdap import Registration, bootstrap, days_left, registration

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
D = "d.example"

ANSWER_MEMBERS = {"rdapConformance", "notices", "lang"}
OBJECT_MEMBERS = {
    "objectClassName", "handle", "entities", "status", "publicIds", "remarks", "links", "port43",
    "events",
}  # fmt: skip
DOMAIN_MEMBERS = OBJECT_MEMBERS | {
    "ldhName", "unicodeName", "variants", "nameservers", "secureDNS", "network",
}  # fmt: skip
ENTITY_MEMBERS = OBJECT_MEMBERS | {"vcardArray", "roles", "asEventActor", "networks", "autnums"}
STATUS = {
    "validated", "renew prohibited", "update prohibited", "transfer prohibited",
    "delete prohibited", "proxy", "private", "removed", "obscured", "associated", "active",
    "inactive", "locked", "pending create", "pending renew", "pending transfer", "pending update",
    "pending delete", "add period", "auto renew period", "client delete prohibited", "client hold",
    "client renew prohibited", "client transfer prohibited", "client update prohibited",
    "pending restore", "redemption period", "renew period", "server delete prohibited",
    "server renew prohibited", "server transfer prohibited", "server update prohibited",
    "server hold", "transfer period", "administrative", "reserved",
}  # fmt: skip
EVENTS = {
    "registration", "reregistration", "last changed", "expiration", "deletion", "reinstantiation",
    "transfer", "locked", "unlocked", "last update of RDAP database", "registrar expiration",
    "enum validation expiration",
}  # fmt: skip
ROLES = {
    "registrant", "technical", "administrative", "abuse", "billing", "registrar", "reseller",
    "sponsor", "proxy", "notifications", "noc",
}  # fmt: skip


def labs() -> dict[str, Any]:
    body = lab.registered(D).body
    assert isinstance(body, Dated)
    value = json.loads(body.at(NOW))
    assert isinstance(value, dict)
    return value


def test_what_we_look_for_are_published_values() -> None:
    assert rdap.LOCKS | rdap.ENDING | rdap.HOLDS <= STATUS
    assert rdap.EXPIRATION in EVENTS
    assert rdap.REGISTRAR in ROLES


def test_the_labs_answer_keeps_the_published_schema() -> None:
    answer = labs()
    assert set(answer) <= ANSWER_MEMBERS | DOMAIN_MEMBERS
    assert {"objectClassName", "ldhName", "rdapConformance"} <= set(answer)
    assert set(answer["status"]) <= STATUS
    for event in answer["events"]:
        assert set(event) <= {"eventAction", "eventActor", "eventDate", "links"}
        assert event["eventAction"] in EVENTS
        assert datetime.fromisoformat(event["eventDate"]).tzinfo is not None
    for entity in answer["entities"]:
        assert set(entity) <= ENTITY_MEMBERS
        assert set(entity["roles"]) <= ROLES


def test_the_labs_answer_is_read() -> None:
    assert registration(labs(), D) == Registration(
        D,
        (NOW + timedelta(days=lab.RENEWS)).replace(microsecond=0),
        ("client transfer prohibited",),
        "Namecheap, Inc.",
    )


# As CZ.NIC answers (FRED): offsets in place of Z, a handle and no card, members of its own.
FRED = {
    "objectClassName": "domain",
    "ldhName": "example.cz",
    "status": ["active"],
    "fred_nsset": {"handle": "NSS:1"},
    "events": [
        {"eventAction": "registration", "eventDate": "2004-08-30T22:55:00+00:00"},
        {"eventAction": "expiration", "eventDate": "2027-08-30T14:00:00+02:00"},
    ],
    "entities": [{"handle": "REG-INTERNET-CZ", "roles": ["registrar"]}],
}


def test_another_servers_answer_is_read() -> None:
    found = registration(FRED, "example.cz")
    assert found == Registration(
        "example.cz", datetime(2027, 8, 30, 12, tzinfo=UTC), ("active",), "REG-INTERNET-CZ"
    )
    assert not found.locked


@pytest.mark.parametrize(
    ("status", "locked"),
    [
        (["client transfer prohibited"], True),
        (["server transfer prohibited"], True),
        (["clientTransferProhibited"], True),
        (["Client Transfer Prohibited "], True),
        (["transfer prohibited"], True),
        (["locked"], True),
        (["active"], False),
        (["client delete prohibited"], False),
        (["pending transfer"], False),
        ([], False),
        ("client transfer prohibited", False),
        ([None, 3, ["locked"]], False),
    ],
)
def test_a_transfer_lock(status: object, locked: bool) -> None:
    found = registration({"objectClassName": "domain", "status": status}, D)
    assert found is not None
    assert found.locked is locked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-02T03:04:05Z", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2027-01-02t03:04:05z", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2027-01-02T03:04:05.120Z", datetime(2027, 1, 2, 3, 4, 5, 120000, tzinfo=UTC)),
        ("2027-01-02T03:04:05+01:00", datetime(2027, 1, 2, 2, 4, 5, tzinfo=UTC)),
        ("2027-01-02T03:04:05", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2027-01-02", datetime(2027, 1, 2, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:00", None),
        ("soon", None),
        ("", None),
        ("2" * 100, None),
        (None, None),
        (20270102, None),
    ],
)
def test_a_date_of_expiry(text: object, expected: datetime | None) -> None:
    events = [{"eventAction": "Expiration", "eventDate": text}]
    found = registration({"objectClassName": "domain", "events": events}, D)
    assert found is not None
    assert found.expires == expected


def test_the_registrars_own_date_is_not_the_registrys() -> None:
    events = [{"eventAction": "registrar expiration", "eventDate": "2027-01-02T03:04:05Z"}]
    found = registration({"objectClassName": "domain", "events": events}, D)
    assert found == Registration(D)
    assert days_left(Registration(D), NOW) is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "domain",
        {},
        {"objectClassName": "entity"},
        {"errorCode": 404},
        {"objectClassName": "domain", "ldhName": "other.example"},
    ],
)
def test_what_is_no_answer_about_the_domain(value: object) -> None:
    assert registration(value, D) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["events", "eventAction", "eventDate", "status", "entities", "roles",
                             "vcardArray", "handle", "services", "x"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_hostile_answers_never_raise(value: object) -> None:
    whole = {"objectClassName": "domain", "status": value, "events": value, "entities": value}
    assert registration(whole, D) is not None
    registration(value, D)
    bootstrap(value)
    bootstrap({"services": value})


def test_texts_are_cleaned_and_bounded() -> None:
    card = ["vcard", [["fn", {}, "text", "A\x1b[31m" + "x" * 5000]]]
    entity = {"roles": ["registrar"], "vcardArray": card}
    many = {"objectClassName": "domain", "status": [f"s{n}" for n in range(9999)]}
    found = registration({**many, "entities": [entity]}, D)
    assert found is not None
    assert len(found.registrar) <= 100
    assert "\x1b" not in found.registrar
    assert len(found.statuses) <= rdap.ITEMS


def test_the_bootstrap_file_that_ships_is_ianas() -> None:
    """RFC 9224 3: a version, a date, and services of endings and base URLs."""
    shipped = json.loads(Path(door.__file__).with_name("rdap-dns.json").read_text("utf-8"))
    assert set(shipped) == {"version", "publication", "description", "services"}
    assert shipped["version"] == "1.0"
    assert datetime.fromisoformat(shipped["publication"]).year >= 2026
    for endings, urls in shipped["services"]:
        assert endings == [ending.lower() for ending in endings]
        assert all(url.startswith(("https://", "http://")) and url.endswith("/") for url in urls)
    servers = bootstrap(shipped)
    assert servers is not None
    assert len(servers.servers) > 1000


SERVERS = bootstrap(
    {
        "services": [
            [["com", "Net"], ["https://rdap.test/com"]],
            [["co.uk"], ["https://uk.test/second/"]],
            [["uk"], ["http://uk.test/", "https://uk.test/"]],
            [["kg"], ["http://kg.test/"]],
            ["odd"],
            [["x"], "odd"],
            [3, ["https://x.test/"]],
        ]
    }
)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("d.com", "https://rdap.test/com/"),
        ("d.net", "https://rdap.test/com/"),
        ("d.co.uk", "https://uk.test/second/"),
        ("d.org.uk", "https://uk.test/"),
        ("d.kg", None),
        ("d.de", None),
        ("d.x", None),
    ],
)
def test_the_longest_ending_says_whom_to_ask(domain: str, expected: str | None) -> None:
    assert SERVERS is not None
    assert SERVERS.server_for(domain) == expected
