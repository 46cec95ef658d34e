"""The first two flights of a TLS handshake as bytes: one question, one answer, no cryptography.

A hello asks for exactly one version, so its answer does not depend on what the OpenSSL build of
this machine still knows. RFC 8446 4.1 (TLS 1.3), RFC 5246 7.4.1 (1.2), RFC 2246 7.4.1 (1.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Version = Literal["1.0", "1.1", "1.2", "1.3"]

SEED = 96  # bytes of randomness that a hello needs
LONGEST = 16_384  # of an answer that makes sense: a whole record (RFC 8446 5.1)

_ALERT, _HANDSHAKE = 21, 22  # record types
_CLIENT_HELLO, _SERVER_HELLO = 1, 2  # handshake types
_SERVER_NAME, _GROUPS, _POINTS, _SIGNATURES, _PADDING = 0, 10, 11, 13, 21  # extensions
_SUPPORTED_VERSIONS, _KEY_SHARE = 43, 51
_FATAL = 2
_X25519 = 0x001D

_NUMBERS: dict[Version, int] = {"1.0": 0x0301, "1.1": 0x0302, "1.2": 0x0303, "1.3": 0x0304}
_VERSIONS = {number: version for version, number in _NUMBERS.items()}
_SSL3 = 0x0300

# Everything that servers of the last 25 years accept from strangers. A suite missing here would
# look like a version that is not offered: ECDHE and DHE and plain RSA, CBC, 3DES and RC4 too.
_CBC = (
    0xC009, 0xC00A, 0xC013, 0xC014, 0x0033, 0x0039, 0x0032, 0x0038, 0x002F, 0x0035, 0x0041, 0x0084,
    0xC008, 0xC012, 0x0016, 0x000A, 0xC007, 0xC011, 0x0005, 0x0004,
)  # fmt: skip
_AUTHENTICATED = (
    0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0x009E, 0x009F, 0xCCAA, 0xC0AC, 0xC09E,
    0xC023, 0xC024, 0xC027, 0xC028, 0x0067, 0x006B, 0x009C, 0x009D, 0xC09C, 0x003C, 0x003D,
)  # fmt: skip
_MODERN = (0x1301, 0x1302, 0x1303, 0x1304)
_SAFE_RENEGOTIATION = 0x00FF  # some servers refuse who does not say it (RFC 5746 3.3)

_CURVES = (
    _X25519, 0x0017, 0x0018, 0x0019, 0x001E, 0x001A, 0x001B, 0x001C, 0x0016, 0x0015, 0x0013,
    0x0100, 0x0101,
)  # fmt: skip
_SCHEMES = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B,
    0x0401, 0x0501, 0x0601, 0x0303, 0x0301, 0x0203, 0x0201, 0x0202, 0x0402,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ServerHello:
    """The server goes on, in this version ("3.0" is SSL 3.0); a HelloRetryRequest does too."""

    version: str


@dataclass(frozen=True, slots=True)
class Alert:
    """The server ends it and gives a code (RFC 8446 6.2): 70 is "not this version"."""

    code: int


@dataclass(frozen=True, slots=True)
class NoTls:
    """What came back is no TLS."""


def client_hello(version: Version, host: str, seed: bytes) -> bytes:
    """A ClientHello that offers this version alone. `seed` holds `SEED` random bytes.

    Any 32 bytes are a public X25519 key (RFC 7748 5), so the share needs no arithmetic: the
    handshake is never finished.
    """
    chance, session, share = seed[:32], seed[32:64], seed[64:SEED]
    newest = version == "1.3"
    suites = {
        "1.2": (*_AUTHENTICATED, *_CBC, _SAFE_RENEGOTIATION),
        "1.3": _MODERN,
    }.get(version, (*_CBC, _SAFE_RENEGOTIATION))
    extensions = (
        _extension(_SERVER_NAME, _sized(2, b"\0" + _sized(2, host.encode("ascii"))))
        + _extension(_GROUPS, _sized(2, _words(_CURVES)))
        + _extension(_POINTS, _sized(1, b"\0"))
    )
    if version in ("1.2", "1.3"):
        extensions += _extension(_SIGNATURES, _sized(2, _words(_SCHEMES)))
    if newest:
        extensions += _extension(_SUPPORTED_VERSIONS, _sized(1, _words([_NUMBERS["1.3"]])))
        extensions += _extension(_KEY_SHARE, _sized(2, _words([_X25519]) + _sized(2, share)))
    body = (
        _words([min(_NUMBERS[version], _NUMBERS["1.2"])])  # 1.3 is named in an extension alone
        + chance
        + _sized(1, session if newest else b"")
        + _sized(2, _words(suites))
        + _sized(1, b"\0")
    )
    message = _message(body + _sized(2, extensions))
    if 256 <= len(message) < 512:  # some old load balancers hang on such a length (RFC 7685)
        padding = bytes(max(512 - len(message) - 4, 1))
        message = _message(body + _sized(2, extensions + _extension(_PADDING, padding)))
    return bytes([_HANDSHAKE]) + _words([_NUMBERS["1.0"]]) + _sized(2, message)


def read_answer(data: bytes) -> ServerHello | Alert | NoTls | None:
    """What the bytes that came back so far say; None when more are needed.

    A warning before the ServerHello ("I don't know this name") changes nothing and is passed over.
    """
    message = b""
    while data:
        kind, size = data[0], int.from_bytes(data[3:5], "big")
        if kind not in (_ALERT, _HANDSHAKE) or data[1:2] not in (b"", b"\x03"):
            return NoTls()
        content, whole = data[5 : 5 + size], len(data) >= 5 + size
        if kind == _ALERT:
            if len(content) < 2:
                return NoTls() if whole else None
            if content[0] == _FATAL:
                return Alert(content[1])
        else:
            message += content
            answer = _server_hello(message)
            if answer is not None:
                return answer
        if not whole:
            return None
        data = data[5 + size :]
    return None


def _server_hello(message: bytes) -> ServerHello | NoTls | None:
    """The version of a ServerHello (RFC 8446 4.1.3); None while it is not there in full."""
    if message and message[0] != _SERVER_HELLO:
        return NoTls()
    size = int.from_bytes(message[1:4], "big")
    if len(message) < 4 or (len(message) < 4 + size <= LONGEST):
        return None
    body = message[4 : 4 + size]
    if not 38 <= size <= LONGEST:
        return NoTls()
    number = int.from_bytes(body[:2], "big")
    chosen = _extensions(body[35 + body[34] + 3 :]).get(_SUPPORTED_VERSIONS)
    if chosen is not None:
        number = int.from_bytes(chosen, "big")
    if number == _SSL3:
        return ServerHello("3.0")
    return ServerHello(_VERSIONS[number]) if number in _VERSIONS else NoTls()


def _extensions(block: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    rest = block[2 : 2 + int.from_bytes(block[:2], "big")]
    while len(rest) >= 4:
        kind, size = int.from_bytes(rest[:2], "big"), int.from_bytes(rest[2:4], "big")
        found.setdefault(kind, rest[4 : 4 + size])
        rest = rest[4 + size :]
    return found


def _message(body: bytes) -> bytes:
    return bytes([_CLIENT_HELLO]) + _sized(3, body)


def _extension(kind: int, data: bytes) -> bytes:
    return _words([kind]) + _sized(2, data)


def _sized(width: int, data: bytes) -> bytes:
    return len(data).to_bytes(width, "big") + data


def _words(numbers: Iterable[int]) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)
