"""Whether Cloudflare's cache rules make the edge keep a page, whatever the server says of it.

Every rule that matches counts, in order; where several set the same thing, the last one wins:
https://developers.cloudflare.com/cache/how-to/cache-rules/order/
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from launchready_tui.rules.edge.cloudflare import CacheRule
from launchready_tui.rules.edge.rule_expression import Maybe, matches

# What the rules read so far have set: eligible for cache, and kept for a time of their own.
_State = tuple[bool | None, bool | None]


def kept_by_rule(rules: Iterable[CacheRule], url: str) -> Maybe:
    """Whether the edge keeps this page for a time of its own; None when that cannot be told.

    A rule that may or may not match leaves both ways open; the answer holds in all of them.
    """
    states: set[_State] = {(None, None)}
    for rule in rules:
        found = matches(rule.expression, url)
        if found is False:
            continue
        after = {_after(state, rule) for state in states}
        states = after if found else states | after
    answers = {cache is True and ttl is True for cache, ttl in states}
    return None if len(answers) > 1 else answers.pop()


def _after(state: _State, rule: CacheRule) -> _State:
    cache, ttl = state
    return (
        cache if rule.cache is None else rule.cache,
        ttl if rule.edge_ttl is None else rule.edge_ttl,
    )


def with_pages_below(url: str) -> tuple[str, ...]:
    """An address, and one below it: a rule may hold for the page itself, or for all under it."""
    path = urlsplit(url).path.rstrip("/")
    if not path:
        return (url,)
    plain = url.partition("?")[0].rstrip("/")
    return (url, f"{plain}/launchready")
