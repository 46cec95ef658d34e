"""Handshakes with real TLS servers: every cause for refusing, every address, chains that lack."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.x509 import Certificate

from launchready_tui.rules.tls.certificates import Accepted, Handshake, Refused
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.world import BadOption, Options, open_world
from tests.ports import free_port
from tests.world.certificates import Authority, Served, der, pem
from tests.world.servers import NameServer, Talk, pages, serving, talking

ZONE = """
@     60 IN SOA a. b. 1 2 3 4 60
@     60 IN NS a.
app   60 IN A 192.0.2.10
two   60 IN A 192.0.2.10
two   60 IN AAAA 2001:db8::11
six   60 IN AAAA 2001:db8::6
aia   60 IN A 192.0.2.80
"""
AIA = "http://aia.harbor.example/issuer.crt"


async def quiet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@asynccontextmanager
async def zone_and(root: Authority, folder: Path, *connect: str) -> AsyncIterator[Options]:
    server = NameServer("harbor.example", ZONE)
    ca = folder / "root.pem"
    ca.write_bytes(pem(root.certificate))
    async with serving(server):
        yield Options((f"127.0.0.1:{server.port}",), connect, ca)


async def shake(
    root: Authority, served: Served, folder: Path, *, aia: Talk | None = None
) -> Handshake:
    """What the one address of app.harbor.example shows."""
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(talking(quiet, served.context(folder)))
        connect = [f":443=127.0.0.1:{port}"]
        if aia is not None:
            connect.append(f":80=127.0.0.1:{await stack.enter_async_context(talking(aia))}")
        options = await stack.enter_async_context(zone_and(root, folder, *connect))
        world = await stack.enter_async_context(open_world(options))
        [handshake] = await world.tls.handshakes("app.harbor.example")
        return handshake


def issuer_page(body: bytes, status: int = 200) -> Talk:
    return pages(b"HTTP/1.1 %d OK\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)


ROOT = Authority()
MIDDLE = Authority("Test Middle", ROOT)
STRANGER = Authority("Strange Root")
NAME = "app.harbor.example"

REFUSALS = {
    "expired": ROOT.leaf(NAME, days=-2, since=90),
    "not-yet-valid": ROOT.leaf(NAME, since=-5),
    "wrong-name": ROOT.leaf("other.example", "www.other.example"),
    "self-signed": ROOT.leaf(NAME, self_signed=True),
    "unknown-ca": STRANGER.leaf(NAME),
}


@pytest.mark.parametrize("cause", REFUSALS)
async def test_every_cause_for_refusing_is_named(cause: str, tmp_path: Path) -> None:
    handshake = await shake(ROOT, REFUSALS[cause], tmp_path)
    assert isinstance(handshake.result, Refused)
    assert handshake.result.cause == cause
    assert handshake.result.says
    assert not handshake.incomplete


async def test_a_name_in_the_common_name_alone_does_not_count(tmp_path: Path) -> None:
    for served in (ROOT.leaf(common_name=NAME), ROOT.leaf("x.example", common_name=NAME)):
        handshake = await shake(ROOT, served, tmp_path)
        assert isinstance(handshake.result, Refused)
        assert handshake.result.cause == "wrong-name"


async def test_an_untrusted_root_that_is_sent_along_is_unknown(tmp_path: Path) -> None:
    served = STRANGER.leaf(NAME, after=(STRANGER.certificate,))
    handshake = await shake(ROOT, served, tmp_path)
    assert isinstance(handshake.result, Refused)
    assert handshake.result.cause == "unknown-ca"


async def test_a_good_chain_is_accepted_and_read(tmp_path: Path) -> None:
    served = MIDDLE.leaf("harbor.example", "*.harbor.example", after=(MIDDLE.certificate,))
    handshake = await shake(ROOT, served, tmp_path)
    assert handshake.address == "192.0.2.10"
    assert isinstance(handshake.result, Accepted)
    leaf = handshake.result.leaf
    assert leaf.names == ("harbor.example", "*.harbor.example")
    assert (leaf.issuer, leaf.self_signed) == ("Test Middle", False)
    assert leaf.not_before < datetime.now(UTC) < leaf.not_after
    assert [each.subject for each in handshake.result.chain] == ["harbor.example", "Test Middle"]


@pytest.mark.parametrize("form", [der, pem])
async def test_a_missing_intermediate_is_found_where_the_leaf_names_it(
    form: Callable[[Certificate], bytes], tmp_path: Path
) -> None:
    body = form(MIDDLE.certificate)
    handshake = await shake(ROOT, MIDDLE.leaf(NAME, aia=AIA), tmp_path, aia=issuer_page(body))
    assert isinstance(handshake.result, Accepted)
    assert handshake.incomplete


async def test_two_missing_intermediates_are_fetched_one_after_the_other(tmp_path: Path) -> None:
    inner = Authority("Test Inner", MIDDLE, aia=AIA.replace("issuer", "middle"))

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        body = der((MIDDLE if b"middle" in asked else inner).certificate)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()

    handshake = await shake(ROOT, inner.leaf(NAME, aia=AIA), tmp_path, aia=talk)
    assert isinstance(handshake.result, Accepted)
    assert handshake.incomplete


async def test_with_the_intermediate_another_fault_still_shows(tmp_path: Path) -> None:
    served = MIDDLE.leaf("other.example", aia=AIA)
    handshake = await shake(ROOT, served, tmp_path, aia=issuer_page(der(MIDDLE.certificate)))
    assert isinstance(handshake.result, Refused)
    assert (handshake.result.cause, handshake.incomplete) == ("wrong-name", True)


async def test_a_strangers_intermediate_does_not_help(tmp_path: Path) -> None:
    middle = Authority("Strange Middle", STRANGER)
    served = middle.leaf(NAME, aia=AIA)
    handshake = await shake(ROOT, served, tmp_path, aia=issuer_page(der(middle.certificate)))
    assert isinstance(handshake.result, Refused)
    assert (handshake.result.cause, handshake.incomplete) == ("unknown-ca", False)


@pytest.mark.parametrize("body", [b"", b"<html>", der(STRANGER.certificate), b"\x30\x80" * 500])
async def test_junk_where_the_issuer_should_be_is_not_used(body: bytes, tmp_path: Path) -> None:
    handshake = await shake(ROOT, MIDDLE.leaf(NAME, aia=AIA), tmp_path, aia=issuer_page(body))
    assert isinstance(handshake.result, Refused)
    assert (handshake.result.cause, handshake.incomplete) == ("unknown-ca", False)


async def test_an_issuer_that_cannot_be_fetched_is_told(tmp_path: Path) -> None:
    served = MIDDLE.leaf(NAME, aia=AIA)
    handshake = await shake(ROOT, served, tmp_path, aia=issuer_page(b"", 503))
    assert isinstance(handshake.result, Refused)
    assert handshake.result.cause == "unknown-ca"
    assert handshake.fetch is not None


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)


async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()
    await reader.read()


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize(
    ("talk", "reason"), [(reset, "reset"), (rude, "garbled"), (quiet, "timeout")]
)
async def test_no_handshake_is_never_a_bad_certificate(
    talk: Talk, reason: str, tmp_path: Path
) -> None:
    async with (
        talking(talk) as port,
        zone_and(ROOT, tmp_path, f":443=127.0.0.1:{port}") as options,
        open_world(options) as world,
    ):
        [handshake] = await world.tls.handshakes(NAME)
    assert isinstance(handshake.result, Unreachable)
    assert handshake.result.reason == reason


async def test_each_address_is_asked_on_its_own(tmp_path: Path) -> None:
    served = ROOT.leaf("two.harbor.example").context(tmp_path)
    async with (
        talking(quiet, served) as port,
        zone_and(
            ROOT,
            tmp_path,
            f"192.0.2.10:443=127.0.0.1:{port}",
            f"[2001:db8::11]:443=127.0.0.1:{free_port()}",
        ) as options,
        open_world(options) as world,
    ):
        four, six = await world.tls.handshakes("two.harbor.example")
        again = await world.tls.handshakes("two.harbor.example")
        assert world.asked.tls == 2
    assert (four.address, six.address) == ("192.0.2.10", "2001:db8::11")
    assert isinstance(four.result, Accepted)
    assert isinstance(six.result, Unreachable)
    assert six.result.reason == "refused"
    assert again == (four, six)


async def test_a_host_without_an_address_has_nothing_to_shake(tmp_path: Path) -> None:
    async with zone_and(ROOT, tmp_path) as options, open_world(options) as world:
        [handshake] = await world.tls.handshakes("none.harbor.example")
    assert handshake == Handshake("", Unreachable("no-address", "none.harbor.example"))


async def test_old_tls_does_not_hide_the_certificate(tmp_path: Path) -> None:
    served = ROOT.leaf(NAME)
    context = served.context(tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with (
        talking(quiet, context) as port,
        zone_and(ROOT, tmp_path, f":443=127.0.0.1:{port}") as options,
        open_world(options) as world,
    ):
        [handshake] = await world.tls.handshakes(NAME)
    assert isinstance(handshake.result, Accepted)


async def test_a_file_without_certificates_is_a_bad_option(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing here")
    with pytest.raises(BadOption):
        async with open_world(Options(("127.0.0.1:1",), ca=empty)):
            pass
