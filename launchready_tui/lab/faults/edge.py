"""What can be wrong at the edge, in front of the site."""

from __future__ import annotations

from dataclasses import replace

from launchready_tui.lab.cloudflare import ORIGIN, with_setting
from launchready_tui.lab.faults.base import APP, WEB, Fault
from launchready_tui.lab.healthy import DASHBOARD, DOMAIN, EDGE, moved
from launchready_tui.lab.scenario import Endpoint, Reply, Scenario
from launchready_tui.vocabulary.findings import Verdict


def _redirect_loop(world: Scenario) -> Scenario:
    """What Flexible does: the server gets plain http, and sends everybody to https again."""
    home = world.site(DOMAIN).with_page("/", moved(f"https://{DOMAIN}/"))
    return with_setting(world.with_site(home), "ssl", "flexible")


def _dashboard_cached(world: Scenario) -> Scenario:
    return world.with_site(replace(world.site(APP), stores=True))


def _origin_exposed(world: Scenario) -> Scenario:
    """The server behind the edge answers anybody, without the edge's own headers."""
    names = tuple(name for name, _ in EDGE)

    def bare(reply: Reply) -> Reply:
        inside = bare(reply.signed_in) if reply.signed_in else None
        return replace(reply.without(*names), signed_in=inside)

    app = world.site(APP)
    pages = {path: bare(reply) for path, reply in app.https.items()}
    server = replace(app, https=pages, https_default=bare(app.https_default))
    return world.with_endpoint(Endpoint(ORIGIN, (server,)))


FAULTS = (
    Fault(
        "redirect-loop",
        "Cloudflare's Flexible mode sends the home page round in a circle.",
        "We set Cloudflare's SSL mode to Full (strict).",
        "edge.ssl-mode", DOMAIN, Verdict.FAIL, "loop", _redirect_loop, WEB,
    ),
    Fault(
        "dashboard-cached",
        "The edge keeps one customer's dashboard and shows it to the next visitor.",
        "We told the edge to keep no pages of the app.",
        "edge.private-cache", DASHBOARD, Verdict.FAIL, "leaks", _dashboard_cached, ("cache.*",),
    ),
    Fault(
        "ssl-mode-flexible",
        "Cloudflare speaks to the server in the open: its SSL mode is Flexible.",
        "We set Cloudflare's SSL mode to Full (strict).",
        "edge.ssl-mode", DOMAIN, Verdict.FAIL, "flexible",
        lambda world: with_setting(world, "ssl", "flexible"),
    ),
    Fault(
        "origin-exposed",
        "The server behind Cloudflare shows the app to anybody who knows its address.",
        "We closed the server to everybody but Cloudflare.",
        "edge.proxied", APP, Verdict.FAIL, "origin-open", _origin_exposed,
    ),
)  # fmt: skip
