"""MTA-STS and TLS-RPT: records and policy files, RFC 8461 3 and RFC 8460 3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.mail.mta_sts import (
    Policy,
    announces,
    asks_for_reports,
    covers,
    read_policy,
)

GOOD = (
    b"version: STSv1\r\nmode: enforce\r\nmx: mx1.a.example\r\nmx: *.b.example\r\nmax_age: 86400\r\n"
)


def test_a_policy_is_read() -> None:
    assert read_policy(GOOD) == Policy("enforce", 86400, ("mx1.a.example", "*.b.example"))
    assert read_policy(b"version: STSv1\nmode: none\nmax_age: 1\n") == Policy("none", 1, ())


@pytest.mark.parametrize(
    "broken",
    [
        GOOD.replace(b"STSv1", b"STSv2"),
        GOOD.replace(b"enforce", b"strict"),
        GOOD.replace(b"86400", b"a day"),
        GOOD.replace(b"mx:", b"my:"),
        b"<html>Not found</html>",
        b"",
    ],
)
def test_what_no_sender_could_use_is_no_policy(broken: bytes) -> None:
    assert read_policy(broken) is None


def test_a_star_stands_for_one_label() -> None:
    policy = Policy("enforce", 1, ("mx1.a.example", "*.b.example"))
    found = {host: covers(policy, host) for host in ("mx1.a.example", "x.b.example",
             "x.y.b.example", "b.example", "mx2.a.example")}  # fmt: skip
    assert list(found.values()) == [True, True, False, False, False]


def test_one_record_announces_and_two_do_not() -> None:
    assert announces(["v=STSv1; id=1", "other"])
    assert not announces(["v=STSv1; id=1", "v=STSv1; id=2"])
    assert not announces(["v=STSv1;"])
    assert asks_for_reports(["v=TLSRPTv1; rua=mailto:a@b.example"])
    assert not asks_for_reports(["v=TLSRPTv1; rua="])


@given(st.binary(max_size=500))
def test_any_bytes_are_a_policy_or_none(body: bytes) -> None:
    found = read_policy(body)
    assert found is None or found.mode in ("enforce", "testing", "none")
