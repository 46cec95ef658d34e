"""What a site's robots.txt asks of us (RFC 9309), for addresses that its owner did not name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from launchready_tui.rules.web.redirects import redirect_target
from launchready_tui.rules.web.urls import origin_of
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.world import limits
from launchready_tui.world.flight import Flight

if TYPE_CHECKING:
    from protego import Protego

PRODUCT_TOKEN = "LaunchReady"  # the name in a User-agent line that means us (2.2.1)


class Robots:
    """Reads the file of each origin once, through `get`."""

    def __init__(self, get: Callable[[str], Awaitable[Response | Unreachable]]) -> None:
        self._get = get
        self._flight: Flight[str, Protego | Unreachable | None] = Flight()

    async def refusal(self, url: str) -> Unreachable | None:
        """Why this address may not be asked; None when it may.

        A file that is not there allows everything (2.3.1.3). One that cannot be reached, or a
        server that fails, forbids everything for now (2.3.1.4).
        """
        origin = origin_of(url)
        file = await self._flight.share(origin, lambda: self._read(origin))
        if file is None or isinstance(file, Unreachable):
            return file
        if file.can_fetch(url, PRODUCT_TOKEN):
            return None
        return Unreachable("not-allowed", f"{origin}/robots.txt")

    async def close(self) -> None:
        """End the requests under way."""
        await self._flight.close()

    async def _read(self, origin: str) -> Protego | Unreachable | None:
        url = f"{origin}/robots.txt"
        for _ in range(limits.ROBOTS_REDIRECTS + 1):
            reply = await self._get(url)
            if isinstance(reply, Unreachable):
                return reply
            onward = redirect_target(reply)
            if onward is None:
                return await _rules(reply)
            url = onward
        return None  # too many steps: as good as no file (2.3.1.2)


async def _rules(reply: Response) -> Protego | Unreachable | None:
    """What an answer to the question for robots.txt says."""
    if reply.status == 429:  # a client error by number, but it asks us to stay away
        return Unreachable("rate-limited", reply.url)
    if reply.status >= 500:
        return Unreachable("not-allowed", f"{reply.url}: {reply.status}")
    if reply.status != 200:
        return None
    # 2.5: the first 500 KiB count. A thread, because that much takes a moment.
    text = reply.body[: limits.ROBOTS].decode("utf-8", "replace").removeprefix("\ufeff")
    return await asyncio.to_thread(_parse, text)


def _parse(text: str) -> Protego:
    from protego import Protego  # 85 ms that only an undeclared address costs

    return Protego.parse("\n".join(_for_us(text)))


def _for_us(text: str) -> Iterator[str]:
    """The file with the names of all other robots as one: "other".

    Protego keeps each rule once for each robot that it is for. Thousands of both in one file
    would keep it busy for minutes.
    """
    others = False
    for line in text.splitlines():
        key, _, name = line.partition(":")
        if key.strip().lower() != "user-agent":
            others = False
            yield line
            continue
        token = name.partition("#")[0].strip().lower()
        if token in ("*", PRODUCT_TOKEN.lower()):
            yield line
        elif not others:
            others = True
            yield "User-agent: other"
