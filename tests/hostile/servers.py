"""What hostile web servers say, one `Talk` a kind. Each is played over https and over http."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import struct
from collections.abc import Iterator, Mapping

from tests.world.servers import Talk

BLOCK = 65_536
TEN_GIGABYTES = 10 * 1000**3
ESCAPE = "\x1b[31m\x1b]0;owned\x07\x9b31m\u202e\u2066"  # colours, a window title, bidi controls
MARKUP = "[bold red]x[/] <script>alert(1)</script> **x** | `x` {host} {0}"


async def asked(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def send_for_ever(writer: asyncio.StreamWriter, parts: Iterator[bytes]) -> None:
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0.002)  # the lab plays in this loop too, and must not starve


def cut(writer: asyncio.StreamWriter) -> None:
    """End with a reset instead of a close (SO_LINGER 0)."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    cut(writer)


async def reset_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nhalf of it")
    await writer.drain()
    cut(writer)


async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<ht")
    await writer.drain()
    await reader.read()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    for byte in itertools.chain(b"HTTP/1.1 200 OK\r\n", itertools.cycle(b"A: b\r\n")):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


async def ten_gigabytes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % TEN_GIGABYTES)
    await send_for_ever(writer, itertools.repeat(b"x" * BLOCK, TEN_GIGABYTES // BLOCK))


async def endless_chunks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    await send_for_ever(writer, itertools.repeat(b"1\r\n<\r\n" * 4096))


async def endless_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n")
    await send_for_ever(writer, itertools.repeat(b"X-Y: z\r\n" * 1000))


async def endless_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    await send_for_ever(writer, itertools.repeat(b"y" * BLOCK))


async def endless_promises(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """ "Go on, I'm listening" (100 Continue), and never an answer."""
    await asked(reader)
    await send_for_ever(writer, itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000))


async def endless_redirects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Each step has an address of its own and sets a cookie of its own."""
    path = (await asked(reader)).split(b" ", 2)[1][:2000]
    writer.write(
        b"HTTP/1.1 302 Found\r\nLocation: %sx\r\nSet-Cookie: c%d=1\r\nContent-Length: 0\r\n\r\n"
        % (path, len(path))
    )
    await writer.drain()
    writer.close()


def says(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> Talk:
    """Always the same answer, as raw as it is given."""
    head = b"HTTP/1.1 %s\r\n%s" % (status, b"".join(each + b"\r\n" for each in headers))
    answer = head + b"Content-Length: %d\r\n\r\n" % len(body) + body

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(answer)
        await writer.drain()
        writer.close()

    return talk


HTML = b"Content-Type: text/html; charset=utf-8"
# 1.9 MB that unpack to 2 GB: below the limit of what is read, so nothing but us stops it.
BOMB = gzip.compress(bytes(1024**2), 9) * 1900
DIRT = f"{ESCAPE} {MARKUP}"
DIRTY_PAGE = f"""<!doctype html><html><head><title>{DIRT}</title>
<link rel=canonical href="https://app.harbor.example/{MARKUP}"><base href="javascript:alert(1)">
<script src="http://evil.example/{MARKUP}"></script><img srcset="http://a.example/{ESCAPE} 2x">
<style>@import url("http://b.example/{MARKUP}");</style></head><body>{DIRT}</body></html>"""

TALKS: Mapping[str, Talk] = {
    "reset": reset,
    "reset in the middle": reset_in_the_middle,
    "stall after the headers": stall,
    "drip of bytes": drip,
    "10 GB": ten_gigabytes,
    "chunks without end": endless_chunks,
    "gzip bomb, unasked": says(BOMB, HTML, b"Content-Encoding: gzip"),
    "gzip bomb, many times packed": says(BOMB, HTML, b"Content-Encoding: gzip, gzip, br, gzip"),
    "redirects without end": endless_redirects,
    "headers without end": endless_headers,
    "a header without end": endless_line,
    "promises without end": endless_promises,
    "invalid UTF-8": says(
        b"<html><title>\xff\xfe\xc0\x80\xed\xa0\x80\xf5</title>" + bytes(range(256)) * 400,
        b"Content-Type: text/html; charset=utf-8",
        b"Set-Cookie: \xff\xfe=\xc3\x28; Path=/\xed\xa0\x80",
        b"Server: \xff\xfe\x80\x9b31m",
    ),
    "header injection": says(
        DIRTY_PAGE.encode(),
        HTML,
        b"Server: " + DIRT.encode().replace(b"\x1b", b"").replace(b"\x07", b""),
        b"X-Folded: a\r\n b\r\n\tc",
        b"Set-Cookie: session=" + MARKUP.encode() + b"; Domain=.example; SameSite=None",
        b"Location: https://app.harbor.example/%0d%0aSet-Cookie:%20a=b",
        b"Link: <https://app.harbor.example/" + MARKUP.encode() + b'>; rel="canonical"',
        b"Strict-Transport-Security: max-age=" + b"9" * 4000,
        b"Cache-Control: max-age=" + b"9" * 4000 + b', private="' + MARKUP.encode() + b'"',
    ),
    "a control character in a header": says(b"x", HTML, b"Server: a\x1b[31mb\x00c"),
    "a bare line feed in a header": says(b"x", HTML, b"Server: a\nSet-Cookie: injected=1"),
    "a redirect full of dirt": says(
        b"", b"Location: https://app.harbor.example/" + MARKUP.encode(), status=b"301 Moved"
    ),
    "a redirect to this machine": says(b"", b"Location: http://127.0.0.1:22/", status=b"302 Found"),
    "5 MB without a tag": says(b"no tag here " * 436_907, HTML),
    "5 MB of opening brackets": says(b"<" * 5_242_880, HTML),
    "5 MB of one tag": says(b"<a " + b"b='" * 1_747_000, HTML),
    "5 MB of small tags": says(b"<a/b=c>" * 749_000, HTML),
    "5 MB of scripts over http": says(b"<script src=http://e.example/>" * 175_000, HTML),
    "5 MB of style": says(b"<style>" + b"url(http://e.example/a)" * 228_000, HTML),
    "not HTTP": says(b"", status=b"\x00\x01\x02"),
    "an answer of the past": says(b"x" * 100, status=b"2000000 \xff"),
}
