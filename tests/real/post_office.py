"""Postfix and OpenDKIM before Dovecot: the way of a real message into an inbox.

A stranger's server talks SMTP to Postfix. OpenDKIM checks the signature there and writes
Authentication-Results; Postfix adds its Received line and hands the message to Dovecot by LMTP.
Mail that says it is spam goes to Junk, as a filter before the inbox would send it there. A plus
tag in the address is taken off, as Gmail does.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import smtplib
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.real.running import program, running

SERVER = "mx.inbox.example"
_SERVICES = """
127.0.0.1:{smtp} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@asynccontextmanager
async def post_office(folder: Path, lmtp: int, resolver: int) -> AsyncIterator[int]:
    """Postfix before an LMTP server, its keys looked up at a resolver; yields its SMTP port."""
    if os.geteuid() != 0:
        pytest.skip("Postfix runs its parts as several users: only root can start it")
    program("postfix", "postfix")
    # Its parts run as other users, and pytest's own folders are closed to all but one.
    home = Path(tempfile.mkdtemp(prefix="launchready-postfix-"))
    home.chmod(0o755)
    try:
        async with _opendkim(folder, resolver) as milter:
            smtp = free_port()
            _configure(home, smtp, lmtp, milter)
            ours = ["postfix", "-c", str(home / "etc")]
            async with running([*ours, "start-fg"], folder, lambda: _greets(smtp)):
                try:
                    yield smtp
                finally:  # what runs is a script, which leaves the servers behind when it ends
                    subprocess.run([*ours, "stop"], capture_output=True, check=True)
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def send(smtp: int, raw: bytes, to: str, path: str, ip: str, name: str) -> None:
    """Hand a message to Postfix as the server at `ip` would; it calls itself `name`."""

    def talk() -> None:
        with smtplib.SMTP("127.0.0.1", smtp, local_hostname=name) as server:
            server.ehlo()
            code, said = server.docmd(f"XCLIENT ADDR={ip} NAME={name}")
            assert code == 220, said
            server.sendmail(f"bounce@{path}", [to], raw)

    await asyncio.to_thread(talk)


def _configure(home: Path, smtp: int, lmtp: int, milter: int) -> None:
    etc = home / "etc"
    for name in ("etc", "queue", "data"):
        (home / name).mkdir()
    shutil.chown(home / "data", "postfix")
    (etc / "aliases").write_text("/^([^+@]+)\\+[^@]+@(.*)$/ $1@$2\n", "utf-8")
    (etc / "headers").write_text("/^X-Spam-Flag: YES/ REDIRECT probe+Junk@inbox.example\n", "utf-8")
    settings = {
        "compatibility_level": "3.6",
        "queue_directory": home / "queue",
        "data_directory": home / "data",
        "maillog_file": "/dev/stdout",
        "myhostname": SERVER,
        "mydestination": "",
        "mynetworks": "",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "local_recipient_maps": "",
        "alias_maps": "",
        "alias_database": "",
        "virtual_mailbox_domains": "inbox.example",
        "virtual_mailbox_maps": "static:all",
        "virtual_alias_maps": f"regexp:{etc / 'aliases'}",
        "virtual_transport": f"lmtp:inet:127.0.0.1:{lmtp}",
        "header_checks": f"regexp:{etc / 'headers'}",
        "smtpd_authorized_xclient_hosts": "127.0.0.1",
        "smtpd_recipient_restrictions": "reject_unauth_destination",
        "smtpd_peername_lookup": "no",
        "smtpd_milters": f"inet:127.0.0.1:{milter}",
        "milter_default_action": "tempfail",
    }
    text = "".join(f"{name} = {value}\n" for name, value in settings.items())
    (etc / "main.cf").write_text(text, "utf-8")
    (etc / "master.cf").write_text(_SERVICES.lstrip().format(smtp=smtp), "utf-8")


@asynccontextmanager
async def _opendkim(folder: Path, resolver: int) -> AsyncIterator[int]:
    """Checks signatures; its keys come from the test's own resolver, and from nowhere else."""
    checker, port = program("opendkim", "opendkim"), free_port()
    unbound = folder / "opendkim-unbound.conf"
    unbound.write_text(
        "server:\n  do-not-query-localhost: no\n  module-config: iterator\n"
        f'forward-zone:\n  name: "."\n  forward-addr: 127.0.0.1@{resolver}\n',
        "utf-8",
    )
    config = folder / "opendkim.conf"
    config.write_text(
        f"Mode v\nSocket inet:{port}@127.0.0.1\nAuthservID {SERVER}\n"
        f"ResolverConfiguration {unbound}\nTrustAnchorFile /dev/null\nLogResults no\n",
        "utf-8",
    )
    command = [checker, "-f", "-x", str(config)]
    # It takes five seconds to end by itself, and keeps nothing.
    async with running(command, folder, lambda: _listens(port), signal.SIGKILL):
        yield port


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.transport.abort()
    return True


async def _greets(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    greeted = (await reader.readline()).startswith(b"220 ")
    writer.transport.abort()
    return greeted
