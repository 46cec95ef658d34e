"""What a walk along redirects looked like, as evidence, and what was at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from launchready_tui.checks import unknown
from launchready_tui.checks.evidence import seen
from launchready_tui.rules.web.challenge import kept_out
from launchready_tui.rules.web.html import decode, title
from launchready_tui.rules.web.redirects import Chain, redirect_target, steps
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.findings import Evidence, Outcome
from launchready_tui.vocabulary.silence import in_words

if TYPE_CHECKING:
    from launchready_tui.world import World


def walked(walk: Chain, world: World) -> tuple[Evidence, ...]:
    """Each address of a walk with its answer."""
    lines = [
        (f"Asked {hop.url}", f"{hop.status}, leads to {redirect_target(hop)}") for hop in walk.hops
    ]
    if isinstance(walk.end, Unreachable):
        last = steps(walk)[-1] if walk.hops else "the host"
        lines.append((f"Asked {last}", in_words(walk.end.reason)))
    else:
        onward = redirect_target(walk.end) if walk.loop else None
        name = f"leads to {onward}" if onward else title(decode(walk.end)) or "no title"
        lines.append((f"Asked {walk.end.url}", f"{walk.end.status}, {name}"))
        lines.append(("Address of the server", walk.end.address))
    return tuple(seen(label, value, world) for label, value in lines)


def no_answer(reply: Unreachable, evidence: tuple[Evidence, ...]) -> Outcome:
    """The "can't tell" of a question that nobody answered."""
    return unknown(reply.reason, evidence=evidence, detail=reply.detail)


def unseen(reply: Response, evidence: tuple[Evidence, ...]) -> Outcome | None:
    """The "can't tell" of an answer that is not the site's own; None when it is.

    A 403 that no known protection signed counts too: who keeps us out shows us nothing.
    """
    kept = kept_out(reply) or ("blocked" if reply.status == 403 else None)
    return unknown(kept, evidence=evidence) if kept else None
