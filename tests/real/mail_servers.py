"""Runs Dovecot in the foreground as an ordinary inbox: IMAP over TLS, and LMTP to deliver.

Folders are INBOX, Junk and Promotions, with special use (RFC 6154). A message for `probe+Junk@`
lands in Junk. Any user gets in with the one password.
"""

from __future__ import annotations

import asyncio
import getpass
import grp
import os
import pwd
import shutil
import smtplib
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient

from launchready_tui.lab.post import TAG, written
from launchready_tui.lab.scenario import Letter
from tests.ports import free_port
from tests.real.servers import program, running
from tests.world.certificates import Authority, pem

HOST, USER, PASSWORD = "imap.inbox.example", "probe@inbox.example", "correct-horse-battery"


@dataclass(frozen=True)
class Inbox:
    """A running Dovecot: where IMAP and LMTP are, and the context that trusts its certificate."""

    imap: tuple[str, int]
    lmtp: int
    context: ssl.SSLContext
    mail: Path
    root: bytes
    host: str
    password: str

    async def deliver(self, raw: bytes, folder: str = "", to: str = USER) -> None:
        """Hand over one message, straight into a folder where one is named."""
        local, _, domain = to.partition("@")
        place = f"{local}+{folder}@{domain}" if folder else to

        def send() -> None:
            with smtplib.LMTP("127.0.0.1", self.lmtp) as server:
                server.sendmail("bounce@sender.example", [place], raw)

        await asyncio.to_thread(send)

    async def hold(self, letters: Iterable[Letter]) -> None:
        """Put the lab's letters where they lie, with the time when each arrived."""
        now = datetime.now(UTC)

        def put() -> None:
            for letter in letters:
                at = now - letter.ago + letter.took
                client = IMAPClient(
                    *self.imap, ssl=True, ssl_context=_Named(self.context, self.host)
                )
                with client:
                    client.login(letter.inbox, self.password)
                    raw = written(letter, TAG, at)
                    client.append(letter.folder, raw, msg_time=at)

        await asyncio.to_thread(put)


class _Named:
    """A TLS context that knows the server by its name, though it is reached by its address."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._context, self._host = context, host

    def wrap_socket(self, plain: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        return self._context.wrap_socket(plain, server_hostname=self._host)


@asynccontextmanager
async def dovecot(
    folder: Path, hosts: Sequence[str] = (HOST,), password: str = PASSWORD
) -> AsyncIterator[Inbox]:
    """Dovecot 2.3, speaking for these hosts; every user gets in with this password."""
    server = program("dovecot", "dovecot-imapd dovecot-lmtpd")
    imap, lmtp = free_port(), free_port()
    root = Authority("Mail Root")
    leaf = root.leaf(*hosts)
    leaf.context(folder)
    chain = folder / f"{leaf.certificate.serial_number}.pem"
    who = _who()
    # Its processes run as several users, and pytest's own folders are closed to all but one.
    home = Path(tempfile.mkdtemp(prefix="launchready-dovecot-"))
    home.chmod(0o755)
    for name in ("mail", "run", "state"):
        (home / name).mkdir()
    shutil.chown(home / "mail", who.mail, who.mail_group)
    config = folder / "dovecot.conf"
    config.write_text(_config(home, imap, lmtp, chain, who, password), "utf-8")
    context = ssl.create_default_context(cadata=pem(root.certificate).decode())
    try:
        async with running([server, "-F", "-c", str(config)], folder, lambda: _answers(imap)):
            ca = pem(root.certificate)
            yield Inbox(("127.0.0.1", imap), lmtp, context, home / "mail", ca, hosts[0], password)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True)
class _Who:
    """The users of Dovecot's parts: it refuses root for sign-in and for mail."""

    internal: str
    login: str
    mail: str
    mail_group: str


def _who() -> _Who:
    if os.getuid() == 0:
        return _Who("dovecot", "dovenull", "nobody", grp.getgrgid(pwd.getpwnam("nobody").pw_gid)[0])
    user = getpass.getuser()
    return _Who(user, user, user, grp.getgrgid(os.getgid()).gr_name)


def _config(folder: Path, imap: int, lmtp: int, chain: Path, who: _Who, password: str) -> str:
    uid, gid = pwd.getpwnam(who.mail).pw_uid, grp.getgrnam(who.mail_group).gr_gid
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
default_internal_user = {who.internal}
default_internal_group = {grp.getgrgid(pwd.getpwnam(who.internal).pw_gid).gr_name}
default_login_user = {who.login}
first_valid_uid = {uid}
first_valid_gid = {gid}
protocols = imap lmtp
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
ssl = required
ssl_cert = <{chain}
ssl_key = <{chain}
auth_mechanisms = plain login
disable_plaintext_auth = no
auth_username_format = %Lu
recipient_delimiter = +
lmtp_save_to_detail_mailbox = yes
lda_mailbox_autocreate = yes
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Promotions {{
    auto = create
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
"""


async def _answers(port: int) -> bool:
    try:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    except OSError:
        return False
    greeted = (await reader.readline()).startswith(b"* OK")
    writer.transport.abort()
    return greeted
