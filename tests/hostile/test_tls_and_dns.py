"""Hostile certificates, handshakes and zones: the whole audit ends, and says what it could see."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from launchready_tui.lab import Lab
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.world import Options
from tests.hostile.auditing import audit, holds, instead, standing_in, trusting
from tests.hostile.servers import ESCAPE, MARKUP, send_for_ever
from tests.world.certificates import Authority
from tests.world.servers import NameServer, pages, serving, talking

APP = f"app.{DOMAIN}"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@asynccontextmanager
async def serving_names(*names: str, folder: Path) -> AsyncIterator[Options]:
    """The healthy world, where the app shows a certificate for these names."""
    root = Authority()
    async with AsyncExitStack() as stack:
        lab = await stack.enter_async_context(Lab())
        context = root.leaf(*names).context(folder)
        secure = await stack.enter_async_context(talking(pages(PAGE), context))
        plain = await stack.enter_async_context(talking(pages(PAGE)))
        yield instead(lab.options, APP, secure, plain, trusting(lab, root, folder))


async def test_a_certificate_with_ten_thousand_names(tmp_path: Path) -> None:
    short = ("".join(each) + ".x" for each in itertools.product(LETTERS, repeat=3))
    names = (APP, *itertools.islice(short, 10_000))  # 80 KB: as much as OpenSSL accepts
    async with serving_names(*names, folder=tmp_path) as options:
        audited = await audit(options, tmp_path)
    holds(audited)
    assert audited.said("tls.valid", APP) == ("pass", "ok")


async def test_a_certificate_with_ten_thousand_long_names(tmp_path: Path) -> None:
    names = (APP, *(f"host-{number}.of-a-long-name.example" for number in range(10_000)))
    async with serving_names(*names, folder=tmp_path) as options:
        audited = await audit(options, tmp_path)
    holds(audited)
    assert audited.said("tls.valid", APP) == ("unknown", "too-large")
    assert audited.said("tls.versions", APP) == ("pass", "ok")


async def test_a_certificate_full_of_dirt(tmp_path: Path) -> None:
    dirt = MARKUP.replace(" ", "").replace("*", "")
    root = Authority(f"Root {ESCAPE} {MARKUP}"[:40])
    async with AsyncExitStack() as stack:
        lab = await stack.enter_async_context(Lab())
        context = root.leaf(f"{dirt[:60]}.example", common_name=ESCAPE).context(tmp_path)
        secure = await stack.enter_async_context(talking(pages(PAGE), context))
        plain = await stack.enter_async_context(talking(pages(PAGE)))
        audited = await audit(
            instead(lab.options, APP, secure, plain, trusting(lab, root, tmp_path)), tmp_path
        )
    holds(audited)
    assert audited.said("tls.valid", APP) == ("fail", "wrong-name")


async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" + b"x" * 100_000)
    await writer.drain()


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """TLS warnings without end: each may be passed over, all together may not."""
    await send_for_ever(writer, itertools.repeat(bytes.fromhex("15030300020170") * 1000))


async def half_a_record(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A handshake message that says it is 16 MB long, and begins."""
    writer.write(b"\x16\x03\x03\x40\x00\x02\xff\xff\xff")
    await send_for_ever(writer, itertools.repeat(b"\x00" * 16_384 + b"\x16\x03\x03\x40\x00"))


async def test_no_tls_where_tls_should_be(tmp_path: Path) -> None:
    talks = (cut, silent, rude, endless, half_a_record)
    hosts = dict(zip((APP, *(f"app{n}.{DOMAIN}" for n in range(2, 6))), talks, strict=True))
    async with standing_in(hosts, tmp_path, tls=False) as options:
        audited = await audit(options, tmp_path)
    holds(audited)
    seen = {
        (talk.__name__, check): audited.said(check, host)[0]
        for host, talk in hosts.items()
        for check in ("tls.valid", "tls.chain", "tls.versions", "tls.key")
    }
    assert seen == dict.fromkeys(seen, "unknown")
    assert audited.said("tls.valid", DOMAIN) == ("pass", "ok")


ESCAPED = "".join(f"\\{number:03d}" for number in range(256))
CHAIN = "\n".join(f"c{number} 60 IN CNAME c{number + 1}" for number in range(40))
ZONE = f"""
@ 60 IN SOA ns1 admin 1 2 3 4 60
@ 60 IN NS ns1
ns1 60 IN A 192.0.2.53
@ 60 IN A 192.0.2.10
@ 60 IN MX 10 \\027[31m\\<script\\>.mx
@ 60 IN TXT "v=spf1 include:\\027[31m[bold].x \\000 {MARKUP.replace('"', "")}"
@ 60 IN TXT "{ESCAPED[:512]}" "{ESCAPED[512:]}"
_dmarc 60 IN TXT "v=DMARC1; p=none; rua=mailto:\\027]0;\\007<script>@a.example; {ESCAPED[:400]}"
google._domainkey 60 IN TXT "v=DKIM1; p={ESCAPED[:800]}"
www 60 IN CNAME c0
{CHAIN}
c40 60 IN A 192.0.2.10
app 60 IN CNAME \\027[31m\\<script\\>.app
*.app 60 IN CNAME app
api 60 IN A 192.0.2.30
admin 60 IN CNAME admin
"""


async def test_a_zone_full_of_dirt(tmp_path: Path) -> None:
    server = NameServer(DOMAIN, ZONE)
    async with Lab() as lab, serving(server):
        web = [each for each in lab.options.connect if not each.startswith(":53")]
        detours = (f":53=127.0.0.1:{server.port}", *web)
        options = Options((f"127.0.0.1:{server.port}",), detours, lab.options.ca)
        audited = await audit(options, tmp_path)
    holds(audited)
    assert audited.said("dns.apex", DOMAIN)[0] in ("pass", "warn")
    assert audited.said("dns.www", f"www.{DOMAIN}")[0] != "pass"
    assert sum(server.asked.values()) < 600
