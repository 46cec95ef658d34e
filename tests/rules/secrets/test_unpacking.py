"""Views of bytes: what is packed is found, what is made to do harm costs little."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import itertools
import json
import lzma
import time
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.secrets.unpacking import MOST_MEMBERS, MOST_OUT, MOST_RUNS
from launchready_tui.rules.secrets.unpacking import views as all_views

SECRET = b"PASSWORD=correct-horse-battery-staple-42\n"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def views(data: bytes) -> Iterator[tuple[str, bytes]]:
    return all_views(data, lambda _: None)


def closed(data: bytes) -> set[str]:
    """Why parts stayed closed."""
    told: set[str] = set()
    for _ in all_views(data, told.add):
        pass
    return told


def labels(data: bytes) -> list[str]:
    return [label for label, view in views(data) if SECRET.strip() in view]


@pytest.mark.parametrize(
    ("data", "label"),
    [
        (SECRET, ""),
        (SECRET.decode().encode("utf-16"), "UTF-16 text"),
        (SECRET.decode().encode("utf-16-le"), "UTF-16 text"),
        (SECRET.decode().encode("utf-16-be"), "UTF-16 text"),
        (zipped(("config/.env", SECRET)), "inside zip: config/.env"),
        (gzip.compress(SECRET), "inside gzip"),
        (gzip.compress(b"a first stream\n") + gzip.compress(SECRET), "inside gzip"),
        (bz2.compress(SECRET), "inside bzip2"),
        (lzma.compress(b"# settings\n" * 40 + SECRET), "inside xz"),
        (
            b"x=" + base64.b64encode(lzma.compress(b"#\n" * 99 + SECRET)),
            "inside base 64, inside xz",
        ),
        (
            zipped(("a.zip", zipped((".env", SECRET)))),
            "inside zip: a.zip, inside zip: .env",
        ),
        (gzip.compress(zipped((".env", SECRET))), "inside gzip, inside zip: .env"),
        (b"x = '" + base64.b64encode(SECRET) + b"'", "inside base 64"),
        (b"x = '" + base64.urlsafe_b64encode(b"??>>" + SECRET) + b"'", "inside base 64"),
        (b"src='data:text/plain;base64," + base64.b64encode(SECRET) + b"'", "inside base 64"),
        (base64.encodebytes(b"# settings\n" * 9 + SECRET), "inside base 64"),
        (b"x=" + base64.b64encode(gzip.compress(SECRET)), "inside base 64, inside gzip"),
        (
            zipped(("a.txt", b"x: " + base64.b64encode(SECRET))),
            "inside zip: a.txt, inside base 64",
        ),
    ],
    ids=map(str, itertools.count()),  # packed bytes hold the time, so they can be no names
)
def test_packed_text_is_found_once_and_with_its_place(data: bytes, label: str) -> None:
    assert labels(data) == [label]


def test_escapes_are_taken_out_once() -> None:
    inner = json.dumps({"key": 'a"b', "path": "x/y"})
    outer = json.dumps({"text": inner, "angle": "<"}).replace("<", "\\u003c").encode()
    found = dict(views(outer))["escaped text"]
    assert inner.encode() in found
    assert b'"angle": "<"' in found


def test_what_is_no_text_is_not_decoded() -> None:
    assert [label for label, _ in views(base64.b64encode(bytes(range(256))))] == [""]
    assert [label for label, _ in views(b"a" * 20)] == [""]


def test_deeper_than_two_is_left_alone() -> None:
    third = zipped(("a", zipped(("b", zipped(("c", SECRET))))))
    assert labels(third) == []
    assert closed(third) == {"too-deep"}


def locked(*members: tuple[str, bytes]) -> bytes:
    """A zip that says of each member that it needs a password (APPNOTE 4.4.4, bit 0)."""
    data = bytearray(zipped(*members))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (locked(("a", SECRET)), "locked"),
        (zipped(("a", locked(("b", SECRET)))), "locked"),
        (zipped(("a", SECRET))[:-30], "broken"),
        (zipped(("a", SECRET), method=zipfile.ZIP_STORED).replace(b"PASS", b"LESS"), "broken"),
        (gzip.compress(SECRET)[:-12], "broken"),
        (b"\x1f\x8b\x08" + SECRET, "broken"),
        (bz2.compress(SECRET)[:-5], "broken"),
        (lzma.compress(SECRET)[:-9], "broken"),
        (zipped(("a", bytes(60 << 20))), "too-large"),
        (gzip.compress(bytes(60 << 20)), "too-large"),
        (b"7z\xbc\xaf\x27\x1c" + SECRET, "other-kind"),
        (b"Rar!\x1a\x07\x01\x00" + SECRET, "other-kind"),
        (b"\x28\xb5\x2f\xfd" + SECRET, "other-kind"),
        (b" ".join([base64.b64encode(SECRET)] * (MOST_RUNS + 1)), "too-large"),
    ],
    ids=map(str, itertools.count()),
)
def test_what_stays_closed_is_told(data: bytes, why: str) -> None:
    assert closed(data) == {why}


def test_what_is_whole_leaves_nothing_closed() -> None:
    assert closed(zipped(("a/", b""), ("a/b", SECRET), ("c", gzip.compress(SECRET)))) == set()
    assert closed(SECRET + base64.b64encode(bytes(range(256)))) == set()


def cost(data: bytes) -> tuple[int, float]:
    start = time.process_time()
    size = sum(len(view) for _, view in views(data))
    return size - len(data), time.process_time() - start


def test_bombs_are_refused() -> None:
    bomb = zipped(("zeros", bytes(60 << 20)))
    assert cost(bomb)[0] == 0
    assert cost(gzip.compress(bytes(60 << 20)))[0] == 0
    nested = zipped(*((f"{number}.zip", zipped(("z", bytes(1 << 20)))) for number in range(300)))
    size, seconds = cost(nested)
    assert size <= 2 * MOST_OUT
    assert seconds < 10


def test_a_member_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    true = zipped(("a", bytes(4 << 20)))
    lied = true.replace((4 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert cost(lied)[0] <= 100


def test_an_archive_with_a_list_without_an_end_is_left_alone() -> None:
    endless = zipped(*((str(number), b"") for number in range(20_001)))
    assert [label for label, _ in views(endless)] == [""]


def test_a_member_without_a_name_is_no_folder() -> None:
    whole = zipped(("a", b""), ("b", SECRET))
    nameless = whole.replace(b"a", b"\0")  # zipfile cuts names at a zero
    assert labels(nameless) == ["inside zip: b"]


def test_members_are_counted() -> None:
    many = zipped(*((str(number), b"x") for number in range(3 * MOST_MEMBERS)))
    assert len(list(views(many))) == MOST_MEMBERS + 1
    assert closed(many) == {"too-large"}


@pytest.mark.parametrize(
    "data",
    [
        b"A" * (8 << 20),
        b"QUJD" * (2 << 20),
        (b"A" * 60 + b"\n") * 100_000,
        b'\\"' * (4 << 20),
        b"\\u0041" * (1 << 20),
        b"PK\x03\x04" * (1 << 20),
        b"\x1f\x8b\x08" * (1 << 20),
        b"a\x00" * (4 << 20),
        (b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldY " * 200_000),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_hostile_bytes_cost_little(data: bytes) -> None:
    size, seconds = cost(data)
    assert size <= MOST_OUT * 2
    assert seconds < 15


def test_a_broken_end_of_a_gzip_file_still_shows_its_start() -> None:
    packed = gzip.compress(SECRET + bytes(range(256)) * 40)
    assert labels(packed[:-12]) == ["inside gzip"]


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\xff\xfe"])
)
def test_any_bytes_unpack_without_an_exception(data: bytes, head: bytes) -> None:
    assert next(iter(views(head + data))) == ("", head + data)
    assert all(isinstance(view, bytes) for _, view in views(head + data))


@given(st.binary(max_size=60), st.integers(0, 200), st.integers(0, 255))
def test_damaged_archives_unpack_without_an_exception(data: bytes, at: int, byte: int) -> None:
    for whole in (zipped(("a", data), ("b", SECRET)), gzip.compress(data + SECRET)):
        broken = bytearray(whole)
        broken[at % len(broken)] = byte
        list(views(bytes(broken)))
        list(views(zlib.compress(bytes(broken))))
