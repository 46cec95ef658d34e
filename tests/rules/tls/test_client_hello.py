"""Hellos that real servers understand, and their answers read from the bytes that they sent.

The answers were recorded from nginx 1.22 with OpenSSL 3.0: one server a case.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.tls.client_hello import (
    LONGEST,
    SEED,
    Alert,
    NoTls,
    ServerHello,
    Version,
    client_hello,
    read_answer,
)
from launchready_tui.rules.tls.versions import VERSIONS
from tests.every import every

SEED_BYTES = bytes(range(SEED))
OLD_10 = bytes.fromhex(
    "160301005d02000059030144617a5d207f13c8282eff7f5117a16b6d1444e9bb6479bd444f574e4752440020fcc9"
    "e6373989ed29e5069969f5f1aac9e5a455ef875b07cf709cf5281873a636c013000011ff0100010000000000000b"
    "00040300010216030103170b00031300031000030d"
)
OLD_11 = bytes.fromhex(
    "160302005d020000590302093a7474bd80abe8268fdfd2cf8c61b166759e99a83bc2a5444f574e4752440020e80a"
    "943851af1d0a83565ad40e6083c99fbccaa649bcd4f0d0efbd441520b6c0c013000011ff0100010000000000000b"
    "00040300010216030203170b00031300031000030d"
)
GOOD_12 = bytes.fromhex(
    "160303005d020000590303455371ae2f0fc6caa3338eedfe4958c604503b447d0b4d68444f574e4752440120703d"
    "6080c2ea6b2fe331ea414da2d697b57f8d17ab9052472efb14db203e8352c02f000011ff0100010000000000000b"
    "00040300010216030303170b00031300031000030d"
)
GOOD_13 = bytes.fromhex(
    "160303007a020000760303a4819d99ec6a0b82e1804c3417dc1f4be8d8f664b1580e238db90a663d49b262202021"
    "22232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f130100002e002b000203040033002400"
    "1d00209b699ef2fb54c33bae64b99824dc3874bf246c2d103383137d720f474523fd61140303000101170303001b"
)
RETRY_13 = bytes.fromhex(
    "1603030058020000540303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c202021"
    "22232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f130100000c002b000203040033000200"
    "18140303000101"
)

ANSWERS = {
    "1.0": (OLD_10, ServerHello("1.0")),
    "1.1": (OLD_11, ServerHello("1.1")),
    "1.2": (GOOD_12, ServerHello("1.2")),
    "1.3": (GOOD_13, ServerHello("1.3")),
    "HelloRetryRequest": (RETRY_13, ServerHello("1.3")),
    "not this version": (bytes.fromhex("15030100020246"), Alert(70)),
    "no suite in common": (bytes.fromhex("15030300020228"), Alert(40)),
    "a name that is not served": (bytes.fromhex("15030300020270"), Alert(112)),
    "a warning first": (bytes.fromhex("15030300020170") + GOOD_12, ServerHello("1.2")),
    "SSL 3.0": (OLD_10[:9] + b"\x03\x00" + OLD_10[11:], ServerHello("3.0")),
    "a draft of 1.3": (GOOD_13.replace(b"\x00\x2b\x00\x02\x03\x04", b"\x00\x2b\x00\x02\x7f\x1c"),
                       NoTls()),
    "a page": (b"HTTP/1.1 400 Bad Request\r\n\r\n", NoTls()),
    "another major version": (b"\x16\x02\x00\x00\x30", NoTls()),
    "another message": (b"\x16\x03\x03\x00\x04\x0b\x00\x00\x00", NoTls()),
    "half an alert": (b"\x15\x03\x03\x00\x01\x02", NoTls()),
    "a hello without room for itself": (
        b"\x16\x03\x03\x00\x08\x02\x00\x00\x04\x03\x03\0\0", NoTls(),
    ),
    "a hello without end": (b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + bytes(LONGEST), NoTls()),
}  # fmt: skip


@every("name", ANSWERS)
def test_an_answer_is_read(name: str) -> None:
    data, answer = ANSWERS[name]
    assert read_answer(data) == answer


@pytest.mark.parametrize("data", [OLD_10, GOOD_12, GOOD_13, RETRY_13])
def test_an_answer_that_comes_bit_by_bit_is_waited_for(data: bytes) -> None:
    end = 5 + int.from_bytes(data[3:5], "big")
    for length in range(end):
        assert read_answer(data[:length]) is None
    assert read_answer(data[:end]) == read_answer(data)


def test_a_hello_in_several_records_is_put_together() -> None:
    whole = GOOD_13[5 : 5 + 0x7A]
    parts = [whole[start : start + 7] for start in range(0, len(whole), 7)]
    records = b"".join(b"\x16\x03\x03" + len(part).to_bytes(2, "big") + part for part in parts)
    assert read_answer(records) == ServerHello("1.3")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    read_answer(data)
    read_answer(b"\x16\x03\x03" + data)
    read_answer(GOOD_13[:44] + data)


@given(st.integers(5, len(GOOD_13) - 1), st.integers(0, 255))
def test_no_change_of_one_byte_breaks_the_reader(place: int, byte: int) -> None:
    read_answer(GOOD_13[:place] + bytes([byte]) + GOOD_13[place + 1 :])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("host", ["a.example", "x" * 60 + "." + "y" * 60 + ".example"])
def test_lengths_of_a_hello_agree_and_avoid_those_that_old_boxes_hang_on(
    version: Version, host: str
) -> None:
    hello = client_hello(version, host, SEED_BYTES)
    assert int.from_bytes(hello[3:5], "big") == len(hello) - 5
    assert int.from_bytes(hello[6:9], "big") == len(hello) - 9
    assert not 256 <= len(hello) - 5 < 512
    assert host.encode() in hello


def test_each_hello_offers_its_own_version_alone() -> None:
    offered = {each: client_hello(each, "a.example", SEED_BYTES) for each in VERSIONS}
    assert [hello[9:11].hex() for hello in offered.values()] == ["0301", "0302", "0303", "0303"]
    named = b"\x00\x2b\x00\x03\x02\x03\x04"  # supported_versions: 1.3 and nothing else
    assert [named in hello for hello in offered.values()] == [False, False, False, True]
