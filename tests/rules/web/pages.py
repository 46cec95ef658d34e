"""Responses made by hand, for rules that read pages and walks."""

from __future__ import annotations

from datetime import UTC, datetime

from launchready_tui.rules.web.redirects import Chain
from launchready_tui.vocabulary.facts import Response, Unreachable

NOW = datetime(2026, 11, 3, tzinfo=UTC)


def answer(
    url: str, status: int = 200, *headers: tuple[str, str], body: str | bytes = b""
) -> Response:
    raw = body.encode() if isinstance(body, str) else body
    return Response(url, status, headers, raw, "192.0.2.1", NOW)


def walk(*steps: tuple[str, int], end: str | None = None) -> Chain:
    """A walk over (address, status); `end` is why the last address did not answer."""
    answers = [
        answer(url, status, ("Location", steps[at + 1][0] if at + 1 < len(steps) else url))
        for at, (url, status) in enumerate(steps)
    ]
    if end is not None:
        return Chain(tuple(answers[:-1]), Unreachable(end))
    return Chain(tuple(answers[:-1]), answers[-1])
