"""What can be wrong with addresses, redirects and pages."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from launchready_tui.lab.faults.base import APP, DOCS, WEB, WWW, Change, Fault
from launchready_tui.lab.healthy import (
    DOMAIN,
    EDGE,
    FRESH,
    GUEST,
    HTML,
    PREVIEW,
    PRIVATE,
    SHARED,
    home,
    html,
    moved,
)
from launchready_tui.lab.pages import CHALLENGE_PAGE, NOT_FOUND_PAGE, page
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.vocabulary.findings import Verdict

OLD = f"https://{DOMAIN}/sell-your-boat"


def _https_missing(world: Scenario) -> Scenario:
    site = world.site(APP)
    return world.with_site(replace(site, http=site.https, http_default=site.https_default))


def _two_hosts(world: Scenario) -> Scenario:
    apex, www = world.site(DOMAIN), world.site(WWW)
    return world.with_site(replace(www, https=apex.https, https_default=apex.https_default))


def _apex_page(path: str, reply: Reply) -> Change:
    return lambda world: world.with_site(world.site(DOMAIN).with_page(path, reply))


def _redirect_chain(world: Scenario) -> Scenario:
    way = ("/sell-your-boat", "/sell-a-boat", "/selling", "/sell")
    for start, end in pairwise(way):
        world = _apex_page(start, moved(f"https://{DOMAIN}{end}"))(world)
    return world


def _mixed_content(world: Scenario) -> Scenario:
    script = b'<script async src="http://widgets.boat-chat.example/boat.js"></script></body>'
    front = home()
    assert isinstance(front.body, bytes)
    return _apex_page("/", replace(front, body=front.body.replace(b"</body>", script)))(world)


def _login_cookie_host(world: Scenario) -> Scenario:
    """People sign in at the bare domain, whose cookie the app never sees."""
    there = html(page("sign-in"), PRIVATE, GUEST)
    world = _apex_page("/sign-in", there)(world)
    app = world.site(APP).with_page("/sign-in", moved(f"https://{DOMAIN}/sign-in", 302))
    return world.with_site(app)


def _preview_indexed(world: Scenario) -> Scenario:
    """The header is gone, and the page names no address as its own."""
    front = home().with_headers(SHARED)
    assert isinstance(front.body, bytes)
    named = f'<link rel="canonical" href="https://{DOMAIN}/">'.encode()
    open_page = replace(front, body=front.body.replace(named, b""))
    return world.with_site(world.site(PREVIEW).with_page("/", open_page))


def _bot_challenge(world: Scenario) -> Scenario:
    challenge = Reply(403, (HTML, PRIVATE, ("cf-mitigated", "challenge"), *EDGE), CHALLENGE_PAGE)
    return world.with_site(replace(world.site(DOCS), https={}, https_default=challenge))


FAULTS = (
    Fault(
        "https-missing",
        "The app answers over plain http and does not lead to https.",
        "We made the app's plain http lead to https.",
        "http.https", APP, Verdict.FAIL, "plain", _https_missing,
    ),
    Fault(
        "two-hosts",
        "The bare domain and www both show the site.",
        "We made www lead to the bare domain.",
        "http.canonical", DOMAIN, Verdict.FAIL, "two-hosts", _two_hosts, WEB,
    ),
    Fault(
        "redirect-chain",
        "An old address takes three steps to its new page.",
        "We made the old address lead to its new page in one step.",
        "http.redirects", OLD, Verdict.FAIL, "chain", _redirect_chain,
    ),
    Fault(
        "redirect-to-404",
        "An old address leads to a page that is not there.",
        "We made the old address lead to the page that is there now.",
        "http.redirects", OLD, Verdict.FAIL, "dead-end",
        _apex_page("/sell-your-boat", moved(f"https://{DOMAIN}/selling")),
    ),
    Fault(
        "production-404",
        "The preview works, but the live front page is not there.",
        "We put the live front page back.",
        "http.preview", f"https://{PREVIEW}/", Verdict.FAIL, "production-fails",
        _apex_page("/", html(NOT_FOUND_PAGE, FRESH, status=404)), WEB,
    ),
    Fault(
        "mixed-content",
        "The front page loads a script over plain http.",
        "We made the front page load its script over https.",
        "http.mixed", DOMAIN, Verdict.FAIL, "blockable", _mixed_content,
        ("cache.*", "speed.*", "secrets.*"),
    ),
    Fault(
        "login-cookie-host",
        "Sign-in sets its cookie for the bare domain, so the app never sees it.",
        "We let people sign in at the app itself, where the cookie counts.",
        "http.login", f"https://{APP}/sign-in", Verdict.FAIL, "wrong-host", _login_cookie_host,
        ("cache.*", "edge.*"),
    ),
    Fault(
        "preview-indexed",
        "Search engines may list the preview as a second copy of the site.",
        "We told search engines to leave the preview out.",
        "http.indexing", f"https://{PREVIEW}/", Verdict.FAIL, "duplicate", _preview_indexed,
    ),
    Fault(
        "bot-challenge",
        "The edge takes us for a robot and holds us up before the help site.",
        "We let the audit past the edge's robot test on the help site.",
        "http.reachable", DOCS, Verdict.UNKNOWN, "challenge", _bot_challenge, WEB,
    ),
)  # fmt: skip
