"""Whether a host shows the same site over IPv4 and IPv6: two answers, told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launchready_tui.rules.tls.certificates import Accepted, Handshake, Refused
from launchready_tui.rules.web.html import decode, title
from launchready_tui.rules.web.placeholders import placeholder
from launchready_tui.rules.web.redirects import redirect_target
from launchready_tui.vocabulary.facts import Response

Difference = Literal["", "other-provider", "other-page", "broken-page"]


@dataclass(frozen=True, slots=True)
class Face:
    """One answer, reduced to what says whose site it is. `platform` is empty when not known."""

    status: int
    title: str
    leads_to: str
    standard: str
    platform: str

    @property
    def works(self) -> bool:
        """Whether a visitor gets a page, and not an error or a server's standard page."""
        return self.status < 400 and not self.standard


def face(page: Response, platform: str) -> Face:
    """The face of a page; `platform` is the hosting platform that its headers name."""
    return Face(
        page.status,
        " ".join(title(decode(page)).split()).casefold(),
        redirect_target(page) or "",
        placeholder(page) or "",
        platform,
    )


def difference(over_v4: Face, over_v6: Face) -> Difference:
    """How the answer over IPv6 is not that over IPv4; empty when it is the same site.

    "broken-page": IPv4 works and IPv6 shows an error or a host's standard page. Two platforms are
    told apart where at least one is known by its headers: an old server rarely names itself.
    """
    if over_v4.works and not over_v6.works:
        return "broken-page"
    if over_v4.platform != over_v6.platform:
        return "other-provider"
    if (over_v4.status, over_v4.leads_to) != (over_v6.status, over_v6.leads_to):
        return "other-page"
    return "other-page" if over_v4.title != over_v6.title else ""


def wrong_certificate(over_v4: list[Handshake], over_v6: list[Handshake]) -> Refused | None:
    """A certificate that only IPv6 gets wrong; what is wrong on both is `tls.valid`'s to say."""
    if over_v4 and not any(isinstance(each.result, Accepted) for each in over_v4):
        return None
    results = (each.result for each in over_v6)
    return next((each for each in results if isinstance(each, Refused)), None)
