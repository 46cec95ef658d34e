"""Names and mail records: what can be wrong in DNS."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from launchready_tui.lab import registry
from launchready_tui.lab.faults.base import API, DOCS, MAIL, WEB, WWW, Fault, gone, records
from launchready_tui.lab.healthy import CLOUDFLARE, DOMAIN, HTML, SECOND_SERVER
from launchready_tui.lab.scenario import Certificate, NameServer, Reply, Scenario, Signing, zone
from launchready_tui.vocabulary.findings import Verdict


def _apex_missing(world: Scenario) -> Scenario:
    return world.with_records(DOMAIN, "A", ()).with_records(DOMAIN, "AAAA", ())


def _apex_private(world: Scenario) -> Scenario:
    return world.with_records(DOMAIN, "A", ["10.0.0.12"]).with_records(DOMAIN, "AAAA", ())


def _caa_excludes(world: Scenario) -> Scenario:
    """The certificate is from a company that CAA records know by name; they allow another."""
    own = Certificate((DOCS,), organisation="Let's Encrypt")
    world = world.with_site(replace(world.site(DOCS), certificate=own))
    return world.with_records(DOCS, "CAA", ['0 issue "digicert.com"'])


def _dangling_cname(world: Scenario) -> Scenario:
    """The name leads to Help Scout, which shows its page for names that nobody set up."""
    target = "harbor.helpscoutdocs.com"
    page = Reply(404, (HTML,), b"No settings were found for this company: harbor\n")
    nobody = replace(world.site(DOCS), https={}, https_default=page)
    world = world.without(DOCS).with_records(DOCS, "CNAME", [f"{target}."])
    return world.with_zone(HELP_SERVICE).with_site(nobody)


def _domain_expires(world: Scenario) -> Scenario:
    answer = registry.registered(DOMAIN, ends=20)
    site = world.site(registry.RDAP_HOST)
    return world.with_site(site.with_page(registry.path_of(DOMAIN), answer))


def _apex_cname(world: Scenario) -> Scenario:
    """Somebody replaced the bare domain's records by an alias, as for www."""
    for type in ("A", "AAAA", "MX", "TXT", "CAA"):
        world = world.with_records(DOMAIN, type, ())
    return world.with_records(DOMAIN, "CNAME", [f"edge.{DOMAIN}."])


def _lame_delegation(world: Scenario) -> Scenario:
    """The second name server serves others, but no longer this domain."""
    return world.with_name_server(NameServer(SECOND_SERVER, (CLOUDFLARE,)))


def _dnssec_bogus(world: Scenario) -> Scenario:
    """The zone moved: its old signatures came along, and nobody renews them."""
    old = Signing(starts=timedelta(days=-16), ends=timedelta(days=-2))
    return world.with_zone(replace(world.zone_of(DOMAIN), signing=old))


HELP_SERVICE = zone(
    "helpscoutdocs.com",
    """
    @ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
    @ 300 NS ns.root.example.
    harbor 300 A 203.0.113.70
    """,
)

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
        "dns.apex", DOMAIN, Verdict.FAIL, "private-address", _apex_private, ("dns.ipv6",),
    ),
    Fault(
        "mx-dead",
        "Mail for the domain goes to a name that does not exist.",
        "We pointed the mail record at Google again.",
        "dns.mail", DOMAIN, Verdict.FAIL, "mx-dead",
        records(DOMAIN, "MX", "10 mx.old-mail.example."),
        ("email.reply-path", "email.transport"),
    ),
    Fault(
        "resolver-servfail",
        "The name server answers every question with an error.",
        "The name server answers again.",
        "dns.apex", DOMAIN, Verdict.UNKNOWN, "servfail",
        lambda world: world.with_trouble("", "servfail"),
        ("dns.*", *WEB, *MAIL),
    ),
    Fault(
        "caa-excludes",
        "The help site's CAA record forbids the company that makes its certificate.",
        "We allowed that company in the help site's CAA record.",
        "dns.caa", DOCS, Verdict.FAIL, "excluded", _caa_excludes, (),
    ),
    Fault(
        "dangling-cname",
        "The help site leads to a service where nobody holds its name any more.",
        "We pointed the help site at its own pages again.",
        "dns.dangling", DOCS, Verdict.FAIL, "claimable", _dangling_cname, WEB,
    ),
    Fault(
        "domain-expires",
        "The registration of the domain runs out in 20 days.",
        "We renewed the domain for a year.",
        "dns.registration", DOMAIN, Verdict.FAIL, "last-days", _domain_expires, (),
    ),
    Fault(
        "apex-cname",
        "The bare domain is an alias (a CNAME), which hides its other records.",
        "We gave the bare domain its own records back.",
        "dns.cname", DOMAIN, Verdict.FAIL, "at-apex", _apex_cname, ("dns.*", *WEB, *MAIL),
    ),
    Fault(
        "lame-delegation",
        "One of the two name servers no longer answers for the domain.",
        "We set the domain up again at its second name server.",
        "dns.delegation", DOMAIN, Verdict.FAIL, "lame", _lame_delegation, (),
    ),
    Fault(
        "dnssec-bogus",
        "The DNSSEC signatures ran out after a move to another DNS host.",
        "We took the old DS record out of the zone above.",
        "dns.dnssec", DOMAIN, Verdict.FAIL, "expired", _dnssec_bogus, ("dns.*", *WEB, *MAIL),
    ),
)  # fmt: skip
