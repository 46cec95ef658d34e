"""The messages at hand: files that somebody gave us, each with the provider that took it in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from launchready_tui.rules.authentication_results import SERVICES, border_address
from launchready_tui.rules.message import Message


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it arrived. `source` is the file's name, or the address of its inbox.

    `provider` is that of the inbox ("gmail", "outlook", "icloud", "other"); `own` are the names
    under which the inbox's server speaks, where the provider is none that we know.
    """

    source: str
    message: Message
    provider: str = "other"
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """What arrived. `opens` says whether the link in a message may be opened, once."""

    messages: tuple[Received, ...] = ()
    opens: bool = True

    def of(self, source: str) -> tuple[Received, ...]:
        """The messages of one source, in the order in which they came."""
        return tuple(each for each in self.messages if each.source == source)


def provider_of(message: Message, known: Iterable[str] = tuple(SERVICES)) -> str:
    """The provider whose server took the message in last, by its own Received line."""
    return next((each for each in known if border_address(message, each)), "other")
