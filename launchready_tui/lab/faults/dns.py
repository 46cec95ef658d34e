"""Names and mail records: what can be wrong in DNS."""

from __future__ import annotations

from launchready_tui.findings import Verdict
from launchready_tui.lab.faults.base import (
    API,
    MAIL,
    WEB,
    WWW,
    Fault,
    gone,
    records,
)
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Scenario


def _apex_missing(world: Scenario) -> Scenario:
    return world.with_records(DOMAIN, "A", ()).with_records(DOMAIN, "AAAA", ())


def _apex_private(world: Scenario) -> Scenario:
    return world.with_records(DOMAIN, "A", ["10.0.0.12"]).with_records(DOMAIN, "AAAA", ())


FAULTS = (
    Fault(
        "apex-missing",
        "The bare domain has no address.",
        "We gave the bare domain its address back.",
        "dns.apex", DOMAIN, Verdict.FAIL, "no-address", _apex_missing, WEB,
    ),
    Fault(
        "www-missing",
        "The www name has no address.",
        "We pointed www at the bare domain.",
        "dns.www", WWW, Verdict.FAIL, "missing", gone(WWW), WEB,
    ),
    Fault(
        "api-nxdomain",
        "The API's name does not exist.",
        "We added the API's name with its address.",
        "dns.host", API, Verdict.FAIL, "missing", gone(API), WEB,
    ),
    Fault(
        "apex-private-address",
        "The bare domain points to an address inside a private network.",
        "We pointed the bare domain at the public address of the site.",
        "dns.apex", DOMAIN, Verdict.FAIL, "private-address", _apex_private, (),
    ),
    Fault(
        "mx-dead",
        "Mail for the domain goes to a name that does not exist.",
        "We pointed the mail record at Google again.",
        "dns.mail", DOMAIN, Verdict.FAIL, "mx-dead",
        records(DOMAIN, "MX", "10 mx.old-mail.example."),
    ),
    Fault(
        "resolver-servfail",
        "The name server answers every question with an error.",
        "The name server answers again.",
        "dns.apex", DOMAIN, Verdict.UNKNOWN, "servfail",
        lambda world: world.with_trouble("", "servfail"),
        ("dns.www", "dns.host", "dns.mail", *WEB, *MAIL),
    ),
)  # fmt: skip
