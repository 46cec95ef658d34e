"""What can be wrong with addresses, redirects and pages."""

from __future__ import annotations

from dataclasses import replace

from launchready_tui.findings import Verdict
from launchready_tui.lab.faults.base import (
    APP,
    DOCS,
    WWW,
    Fault,
)
from launchready_tui.lab.healthy import DOMAIN, EDGE, HTML, PRIVATE
from launchready_tui.lab.pages import CHALLENGE_PAGE
from launchready_tui.lab.scenario import Reply, Scenario


def _https_missing(world: Scenario) -> Scenario:
    site = world.site(APP)
    return world.with_site(replace(site, http=site.https, http_default=site.https_default))


def _two_hosts(world: Scenario) -> Scenario:
    apex, www = world.site(DOMAIN), world.site(WWW)
    return world.with_site(replace(www, https=apex.https, https_default=apex.https_default))


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
        "http.canonical", DOMAIN, Verdict.FAIL, "two-hosts", _two_hosts,
    ),
    Fault(
        "bot-challenge",
        "The edge takes us for a robot and holds us up before the help site.",
        "We let the audit past the edge's robot test on the help site.",
        "http.reachable", DOCS, Verdict.UNKNOWN, "challenge", _bot_challenge,
    ),
)  # fmt: skip
