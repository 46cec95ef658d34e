"""Cache rules in their order: the last one that matches wins, and doubt stays doubt."""

from __future__ import annotations

import pytest

from launchready_tui.rules.edge.cache_rules import kept_by_rule, with_pages_below
from launchready_tui.rules.edge.cloudflare import CacheRule, cache_rules

URL = "https://app.harbor.example/dashboard"
EVERYTHING = CacheRule("true", cache=True, edge_ttl=True)
HONEST = CacheRule("true", cache=True, edge_ttl=False)
BYPASS = CacheRule('starts_with(http.request.uri.path, "/dashboard")', cache=False)
OTHER_PATH = CacheRule('starts_with(http.request.uri.path, "/admin")', cache=False)
BY_COOKIE = CacheRule('http.cookie contains "session"', cache=False)
DOUBTFUL = CacheRule('http.cookie contains "x"', cache=True, edge_ttl=True)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), False),
        ((EVERYTHING,), True),
        ((HONEST,), False),
        ((EVERYTHING, BYPASS), False),
        ((BYPASS, EVERYTHING), True),
        ((EVERYTHING, OTHER_PATH), True),
        ((EVERYTHING, BY_COOKIE), None),
        ((DOUBTFUL,), None),
        ((DOUBTFUL, BYPASS), False),
        ((CacheRule("true", cache=True), CacheRule("true", edge_ttl=True)), True),
        ((EVERYTHING, HONEST), False),
    ],
)
def test_whether_the_edge_keeps_a_page(rules: tuple[CacheRule, ...], expected: bool | None) -> None:
    assert kept_by_rule(rules, URL) is expected


def test_a_page_and_one_below_it() -> None:
    assert with_pages_below(URL) == (URL, f"{URL}/launchready")
    assert with_pages_below(f"{URL}/?tab=1") == (f"{URL}/?tab=1", f"{URL}/launchready")
    assert with_pages_below("https://app.harbor.example/") == ("https://app.harbor.example/",)


def rule(**settings: object) -> dict[str, object]:
    return {"action": "set_cache_settings", "expression": "true", "action_parameters": settings}


@pytest.mark.parametrize(
    ("settings", "cache", "overrides"),
    [
        ({"cache": False}, False, None),
        ({"cache": True, "edge_ttl": {"mode": "respect_origin"}}, True, False),
        ({"cache": True, "edge_ttl": {"mode": "bypass_by_default"}}, True, False),
        ({"cache": True, "edge_ttl": {"mode": "override_origin", "default": 3600}}, True, True),
        ({"edge_ttl": {"mode": "override_origin", "default": 0}}, None, False),
        (
            {"edge_ttl": {"mode": "respect_origin",
                          "status_code_ttl": [{"status_code": 200, "value": 60}]}},
            None, True,
        ),
        (
            {"edge_ttl": {"mode": "respect_origin",
                          "status_code_ttl": [{"status_code_range": {"to": 299}, "value": 60}]}},
            None, True,
        ),
        (
            {"edge_ttl": {"mode": "respect_origin",
                          "status_code_ttl": [{"status_code_range": {"from": 400}, "value": 60}]}},
            None, False,
        ),
        ({"edge_ttl": {"status_code_ttl": [{"status_code": 200, "value": -1}]}}, None, False),
        ({"cache": "yes", "edge_ttl": "long"}, None, None),
    ],
)  # fmt: skip
def test_what_a_rule_sets(
    settings: dict[str, object], cache: bool | None, overrides: bool | None
) -> None:
    (found,) = cache_rules({"rules": [rule(**settings)]})
    assert (found.cache, found.edge_ttl) == (cache, overrides)


def test_rules_that_are_off_or_do_something_else_do_not_count() -> None:
    off = {**rule(cache=True), "enabled": False}
    assert cache_rules({"rules": [off, {"action": "block", "expression": "true"}, "?"]}) == ()
    assert cache_rules(None) == cache_rules({"rules": None}) == ()
