"""The lab's test inboxes over IMAP with TLS: what a reader of new mail needs, and no more.

Messages are made when they are fetched. A tag that the lab has not met begins a test of its own:
its messages then arrive one after another, as the founder does the tasks.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime

from launchready_tui.lab.authority import Authority
from launchready_tui.lab.connections import Connections
from launchready_tui.lab.post import HOSTS, INBOXES, PASSWORD, TAG, written
from launchready_tui.lab.scenario import Certificate, Letter, Scenario

FOLDERS = (("INBOX", "\\HasNoChildren"), ("Junk", "\\Junk"), ("Promotions", "\\HasNoChildren"))
IDLE = 300.0
_TO = re.compile(r'TO "?([a-z0-9]{1,40})"?')
_RANGE = re.compile(r"UID FETCH ([0-9]+)")


class ImapServer:
    """Serves the letters of a scenario on one port of 127.0.0.1."""

    def __init__(
        self, scenario: Scenario, authority: Authority, begun: Mapping[str, datetime]
    ) -> None:
        self._authority = authority
        self._connections = Connections()
        self._server: asyncio.Server | None = None
        self._begun = dict(begun)
        self._letters: tuple[Letter, ...] = ()
        self.port = 0
        self.play(scenario)

    def play(self, scenario: Scenario) -> None:
        self._letters = scenario.letters

    async def start(self) -> None:
        context = self._authority.context(Certificate(HOSTS))
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server:
            self._server.close()
        await self._connections.end()

    def letters(self, user: str, folder: str, tag: str) -> dict[int, tuple[Letter, datetime]]:
        """The messages of one folder that are there by now, by UID, with when they arrived."""
        found = {}
        for uid, letter in enumerate(self._letters, start=1):
            at = self._arrival(letter, tag)
            if letter.inbox == user and letter.folder == folder and at <= datetime.now(UTC):
                found[uid] = (letter, at)
        return found

    def _arrival(self, letter: Letter, tag: str) -> datetime:
        if tag == TAG:
            return self._authority.now - letter.ago + letter.took
        begun = self._begun.setdefault(tag, datetime.now(UTC))
        return begun + letter.took

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        gone = (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError, ssl.SSLError)
        with self._connections.counted(writer):
            try:
                await _Session(self, reader, writer).run()
            except gone:
                writer.transport.abort()


class _Session:
    """One client: who it is, which folder is open, and the tag that it last looked for."""

    def __init__(
        self, server: ImapServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._user = ""
        self._folder = ""
        self._tag = TAG

    async def run(self) -> None:
        await self._say("* OK Harbor lab ready")
        while line := await asyncio.wait_for(self._reader.readline(), IDLE):
            mark, _, command = line.decode("ascii", "replace").strip().partition(" ")
            verb = command.upper()
            if verb == "IDLE":
                await self._idle(mark)
            elif verb == "LOGOUT":
                await self._say("* BYE fair winds", f"{mark} OK done")
                return
            else:
                await self._answer(mark, command, verb)

    async def _answer(self, mark: str, command: str, verb: str) -> None:
        status = "OK"
        if verb == "CAPABILITY":
            await self._say("* CAPABILITY IMAP4rev1 IDLE SPECIAL-USE")
        elif verb.startswith("LOGIN "):
            status = "OK" if self._sign_in(command) else "NO"
        elif not self._user:
            status = "BAD"
        elif verb.startswith("LIST "):
            await self._say(*(f'* LIST ({flags}) "/" {name}' for name, flags in FOLDERS))
        elif verb.startswith(("EXAMINE ", "SELECT ")):
            self._folder = command.partition(" ")[2].strip('"')
            count = len(self._there())
            await self._say(f"* {count} EXISTS", "* OK [UIDVALIDITY 26] stays")
        elif verb.startswith("UID SEARCH "):
            asked = _TO.search(command)
            self._tag = asked[1] if asked else TAG
            await self._say(" ".join(("* SEARCH", *map(str, self._there()))))
        elif verb.startswith("UID FETCH "):
            await self._fetch(command)
        await self._say(f"{mark} {status} done")

    def _there(self) -> dict[int, tuple[Letter, datetime]]:
        return self._server.letters(self._user, self._folder, self._tag)

    def _sign_in(self, command: str) -> bool:
        user, _, password = command.partition(" ")[2].replace('"', "").partition(" ")
        known = {inbox.address for inbox in INBOXES}
        self._user = user if user in known and password == PASSWORD else ""
        return bool(self._user)

    async def _fetch(self, command: str) -> None:
        asked = _RANGE.match(command)
        found = self._there().get(int(asked[1])) if asked else None
        if asked is None or found is None:
            return
        letter, at = found
        body = written(letter, self._tag, at)
        when = at.strftime("%d-%b-%Y %H:%M:%S +0000")
        head = f'* 1 FETCH (UID {asked[1]} INTERNALDATE "{when}" BODY[]<0> {{{len(body)}}}\r\n'
        self._writer.write(head.encode() + body + b")\r\n")
        await self._writer.drain()

    async def _idle(self, mark: str) -> None:
        """Tell of new messages until the client is done."""
        await self._say("+ idling")
        known = len(self._there())
        done = asyncio.create_task(self._reader.readline())
        try:
            while not done.done():
                await asyncio.wait({done}, timeout=0.5)
                count = len(self._there())
                if count > known:
                    known = count
                    await self._say(f"* {count} EXISTS")
        finally:
            done.cancel()
        await self._say(f"{mark} OK done")

    async def _say(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        await self._writer.drain()
