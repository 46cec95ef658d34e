"""The other ways in which bytes hold text: UTF-16, archives, base 64, escaped JSON.

Secrets hide in them from a look at the bytes alone. Everything here is bounded, because the bytes
may be made to do harm: what is unpacked in all, members, depth, and time (each byte is looked at
a few times at most).
"""

from __future__ import annotations

import base64
import binascii
import bz2
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Literal

import re2

MOST_OUT = 50 << 20  # bytes that come out of one object, in all
MOST_MEMBERS = 1_000  # files of archives, in all
MOST_ENTRIES = 20_000  # of an archive's list, which the library reads as a whole
DEPTH = 2  # an archive in an archive, no deeper
MOST_RUNS = 20_000  # runs of base 64 in one object
XZ_MEMORY = 100 << 20  # bytes that unpacking xz may ask for
RATIO = 200  # times its packed size: beyond it a member of more than a megabyte is a bomb

_ZIP = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"
_GZIP = b"\x1f\x8b\x08"
_BZIP = re.compile(rb"BZh[1-9]1AY&SY")
_XZ = b"\xfd7zXZ\x00"
# 7z, rar, zstd: the standard library opens none of them.
_OTHERS = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd")
_MARKED = (_ZIP, _GZIP, b"BZh", _XZ, *_OTHERS, b"\xff\xfe", b"\xfe\xff")
# Six times four signs that stand for printed ASCII, or the start of an archive. It begins a word:
# looked for at each place inside of words, it would hold up everything that runs beside it.
BASE64_TEXT = (
    rb"(?:^|[^A-Za-z0-9+/_-]|\\[nrt])("
    rb"(?:(?:[CI-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){6}"
    rb"|(?:UEsDB|H4sI|QlpoOTFBW|/Td6WFo)[A-Za-z0-9+/_-]{20})[A-Za-z0-9+/_-]*={0,2})"
)
_WRAPPED = rb"[A-Za-z0-9+/]{60,76}\r?\n(?:[A-Za-z0-9+/]{60,76}\r?\n)*[A-Za-z0-9+/]{1,76}={0,2}"
_ESCAPED = re.compile(rb"\\(?:u00[0-7][0-9a-fA-F]|[\"/\\nrt])")
_PRINTED = bytes(range(32, 127)) + b"\t\n\r"


# Why an archive, or a part of it, was not looked into.
Closed = Literal["locked", "broken", "too-large", "too-deep", "other-kind"]
Unopened = Callable[[Closed], None]


class _Left:
    """What may still come out of one object, and whom to tell of what stays closed."""

    def __init__(self, unopened: Unopened) -> None:
        self.size = MOST_OUT
        self.members = MOST_MEMBERS
        self.unopened = unopened

    def take(self, size: int) -> bool:
        if size > self.size:
            self.unopened("too-large")
            return False
        self.size -= size
        return True


def views(data: bytes, unopened: Unopened) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves with an empty label, then all that can be unpacked from them.

    A label says where a view comes from, as words for a place: "inside zip: config/.env".
    `unopened` is called with the reason whenever a part stays closed: it is locked with a
    password, broken, too large, too deep inside, or of a kind that we can't open. Never raises.
    """
    yield "", data
    yield from _inside(data, "", _Left(unopened), DEPTH)


def is_packed(data: bytes) -> bool:
    """Whether bytes begin like an archive, or like text of two bytes a letter."""
    return data.startswith(_MARKED) or (len(data) > 15 and (data[0] == 0) != (data[1] == 0))


def _inside(data: bytes, label: str, left: _Left, depth: int) -> Iterator[tuple[str, bytes]]:
    if kind := _kind(data):
        if not depth:
            left.unopened("too-deep")
        elif kind == "zip":
            yield from _zip(data, label, left, depth)
        elif kind == "other":
            left.unopened("other-kind")
        else:
            packed = _unpacked(data, kind, left)
            if packed is not None:
                yield from _member(packed, _join(label, f"inside {kind}"), left, depth)
        return
    text = _utf16(data, left)
    if text is not None:
        yield _join(label, "UTF-16 text"), text
        data, label = text, _join(label, "UTF-16 text")
    plain = _unescaped(data, left)
    if plain is not None:
        yield _join(label, "escaped text"), plain
    for run in _base64(data, left):
        if depth and _kind(run):
            yield from _inside(run, _join(label, "inside base 64"), left, depth)
        elif _text(run):
            yield _join(label, "inside base 64"), run


Kind = Literal["", "zip", "gzip", "bzip2", "xz", "other"]


def _kind(data: bytes) -> Kind:
    """What kind of archive these bytes begin, "" for none."""
    if data.startswith(_ZIP):
        return "zip"
    if data.startswith(_GZIP):
        return "gzip"
    if data.startswith(_XZ):
        return "xz"
    if _BZIP.match(data):
        return "bzip2"
    return "other" if data.startswith(_OTHERS) else ""


def _member(data: bytes, label: str, left: _Left, depth: int) -> Iterator[tuple[str, bytes]]:
    yield label, data
    yield from _inside(data, label, left, depth - 1)


def _join(label: str, part: str) -> str:
    return f"{label}, {part}" if label else part


def _zip(data: bytes, label: str, left: _Left, depth: int) -> Iterator[tuple[str, bytes]]:
    if data.count(_ENTRY) > MOST_ENTRIES:
        left.unopened("too-large")
        return
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except Exception:  # noqa: BLE001 - the standard library raises many kinds for broken archives
        left.unopened("broken")
        return
    for member in members:
        if member.filename.endswith("/") and not member.file_size:
            continue
        if not left.members:
            left.unopened("too-large")
            return
        left.members -= 1
        inside = _read(archive, member, left)
        if inside is not None and left.take(len(inside)):
            name = "".join(sign for sign in member.filename[:200] if sign.isprintable())
            yield from _member(inside, _join(label, f"inside zip: {name}"), left, depth)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: _Left) -> bytes | None:
    if member.flag_bits & 1:
        left.unopened("locked")
        return None
    if member.file_size > left.size or _bomb(member.file_size, member.compress_size):
        left.unopened("too-large")
        return None
    try:
        with archive.open(member) as stream:
            return stream.read(member.file_size)
    except Exception:  # noqa: BLE001 - as many kinds; it is told as closed
        left.unopened("broken")
        return None


def _bomb(size: int, packed: int) -> bool:
    return size > 1 << 20 and size > RATIO * max(packed, 1)


def _unpacked(data: bytes, kind: Kind, left: _Left) -> bytes | None:
    """All streams of a packed file (RFC 1952, section 2.2: they may follow each other); what came
    before an early end counts too."""
    if not left.members:
        left.unopened("too-large")
        return None
    left.members -= 1
    most = min(left.size, max(RATIO * len(data), 1 << 20))
    parts: list[bytes] = []
    size = 0
    while _kind(data) == kind:
        stream = _stream(kind)
        try:
            parts.append(stream.decompress(data, most - size + 1))
        except (zlib.error, lzma.LZMAError, OSError):
            left.unopened("broken")
            break
        size += len(parts[-1])
        if size > most:
            left.unopened("too-large")
            return None
        if not stream.eof:
            left.unopened("broken")
            break
        data = stream.unused_data
    out = b"".join(parts)
    return out if parts and left.take(len(out)) else None


def _stream(kind: Kind) -> zlib._Decompress | bz2.BZ2Decompressor | lzma.LZMADecompressor:
    if kind == "gzip":
        return zlib.decompressobj(wbits=31)
    if kind == "bzip2":
        return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)


def _utf16(data: bytes, left: _Left) -> bytes | None:
    """UTF-16 as UTF-8, with a mark at its start or told by the zeros of its first letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        order = "utf-16"
    else:
        head = data[:512]
        even, odd = head[0::2], head[1::2]
        if len(even) < 8:
            return None
        if odd.count(0) > len(odd) * 0.7 and not even.count(0):
            order = "utf-16-le"
        elif even.count(0) > len(even) * 0.7 and not odd.count(0):
            order = "utf-16-be"
        else:
            return None
    if not left.take(len(data)):
        return None
    return data.decode(order, "replace").encode("utf-8", "replace")


def _unescaped(data: bytes, left: _Left) -> bytes | None:
    """Text with its escapes taken out, once: JSON inside JSON, source maps, logs."""
    if b"\\" not in data or not (b'\\"' in data or b"\\u00" in data or b"\\/" in data):
        return None
    if not left.take(len(data)):
        return None
    return _ESCAPED.sub(_plain, data)


_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def _plain(escape: re.Match[bytes]) -> bytes:
    sign = escape[0][1:]
    return bytes([int(sign[1:], 16)]) if len(sign) > 1 else _SIGNS.get(sign, sign)


def _base64(data: bytes, left: _Left) -> Iterator[bytes]:
    """What the runs of base 64 in a text decode to. Text wrapped over lines is put together."""
    runs = _runs(data, left)
    if any(end - start >= 56 and data[end : end + 1] in (b"\r", b"\n") for start, end in runs):
        data = _unwrapped(data)
        runs = _runs(data, left)
    for start, end in runs:
        found = _decoded(data[start:end])
        if found and left.take(len(found)):
            yield found


def _runs(data: bytes, left: _Left) -> list[tuple[int, int]]:
    runs = list(islice(base64_places(data), MOST_RUNS))
    if len(runs) == MOST_RUNS:
        left.unopened("too-large")
    return runs


def base64_places(data: bytes) -> Iterator[tuple[int, int]]:
    """Where runs of base 64 stand that may be of text or an archive: starts and ends."""
    return (run.span(1) for run in _compiled(BASE64_TEXT).finditer(data))


@cache
def _compiled(pattern: bytes) -> re2._Regexp:
    """RE2: these run over every byte of a history, and `re` would take ten times as long."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    return re2.compile(pattern, options)


def _unwrapped(data: bytes) -> bytes:
    parts: list[bytes] = []
    end = 0
    for lines in _compiled(_WRAPPED).finditer(data):
        parts += (data[end : lines.start()], lines[0].translate(None, b"\r\n"))
        end = lines.end()
    return b"".join((*parts, data[end:])) if parts else data


def _decoded(run: bytes) -> bytes:
    run = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    run = run[: len(run) - 1] if len(run) % 4 == 1 else run
    head = _unpadded(run[:64])
    if not (_text(head) or _kind(head)):
        return b""
    return _unpadded(run)


def _unpadded(run: bytes) -> bytes:
    try:
        return base64.b64decode(run + b"=" * (-len(run) % 4))
    except (binascii.Error, ValueError):
        return b""


def _text(data: bytes) -> bool:
    """Whether at least 19 of 20 bytes are printed signs of ASCII."""
    others = len(data.translate(None, _PRINTED))
    return len(data) >= 12 and others * 20 <= len(data)
