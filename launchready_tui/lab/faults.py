"""What can be broken in Harbor Market, one fault at a time, and how the demo mends it.

Each fault changes one thing of an otherwise healthy world. `FAULTS` holds those that the checks
of today can see, under the ids of `tests/faults.toml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from launchready_tui.findings import Verdict
from launchready_tui.lab.healthy import (
    DOMAIN,
    EDGE,
    HTML,
    POSTMARK_KEY,
    PRIVATE,
    SELECTOR,
    healthy,
)
from launchready_tui.lab.pages import CHALLENGE_PAGE
from launchready_tui.lab.scenario import Certificate, Reply, Scenario, zone

WEB_CHECKS = ("tls.valid", "tls.chain", "http.reachable", "http.https", "http.canonical")
MAIL_CHECKS = ("email.spf", "email.dkim", "email.dmarc")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `check` gives `subject` the verdict `verdict` because of it.

    `what` and `mended` are what a founder reads: what is broken, and what "fix it for me"
    changed. `also` names other checks whose findings it may touch.
    """

    id: str
    what: str
    mended: str
    check: str
    subject: str
    verdict: Verdict
    apply: Callable[[Scenario], Scenario]
    also: tuple[str, ...] = ()


def broken(ids: Iterable[str], world: Scenario | None = None) -> Scenario:
    """The healthy world with these faults, in the order given; KeyError for an unknown id."""
    scenario = world or healthy()
    for id in ids:
        scenario = FAULTS[id].apply(scenario)
    return scenario


Change = Callable[[Scenario], Scenario]


def _records(name: str, type: str, *texts: str) -> Change:
    return lambda world: world.with_records(name, type, texts)


def _gone(name: str) -> Change:
    return lambda world: world.without(name)


def _certificate(host: str, certificate: Certificate) -> Change:
    return lambda world: world.with_site(replace(world.site(host), certificate=certificate))


def _apex_missing(world: Scenario) -> Scenario:
    return world.with_records(DOMAIN, "A", ()).with_records(DOMAIN, "AAAA", ())


def _apex_private(world: Scenario) -> Scenario:
    return world.with_records(DOMAIN, "A", ["10.0.0.12"]).with_records(DOMAIN, "AAAA", ())


def _https_missing(world: Scenario) -> Scenario:
    site = world.site(APP)
    return world.with_site(replace(site, http=site.https, http_default=site.https_default))


def _two_hosts(world: Scenario) -> Scenario:
    apex, www = world.site(DOMAIN), world.site(WWW)
    return world.with_site(replace(www, https=apex.https, https_default=apex.https_default))


def _bot_challenge(world: Scenario) -> Scenario:
    challenge = Reply(403, (HTML, PRIVATE, ("cf-mitigated", "challenge"), *EDGE), CHALLENGE_PAGE)
    return world.with_site(replace(world.site(DOCS), https={}, https_default=challenge))


def _spf(rest: str) -> Change:
    return _records(DOMAIN, "TXT", f"v=spf1 include:_spf.google.com {rest}")


def _spf_eleven(world: Scenario) -> Scenario:
    """Google's include costs 3 lookups here, each of the two added senders 4: 11 (RFC 7208)."""
    for sender in (NEWSLETTER, HELPDESK):
        parts = "\n".join(f"_spf{n} 300 TXT v=spf1 ip4:203.0.113.{100 + n} ~all" for n in (1, 2, 3))
        includes = " ".join(f"include:_spf{n}.{sender}" for n in (1, 2, 3))
        world = world.with_zone(
            zone(sender, f"{SENDER_TOP}\n{parts}\n_spf 300 TXT v=spf1 {includes} ~all")
        )
    return _spf(f"include:_spf.{NEWSLETTER} include:_spf.{HELPDESK} -all")(world)


def _spf_servfail(world: Scenario) -> Scenario:
    world = world.with_zone(zone(NEWSLETTER, SENDER_TOP)).with_trouble(NEWSLETTER, "servfail")
    return _spf(f"include:_spf.{NEWSLETTER} -all")(world)


def _dkim_doubled(world: Scenario) -> Scenario:
    doubled = f"{DKIM}.{DOMAIN}"
    return world.without(DKIM).with_records(doubled, "TXT", [f"v=DKIM1; k=rsa; p={POSTMARK_KEY}"])


def _dmarc(text: str) -> Change:
    return _records(f"_dmarc.{DOMAIN}", "TXT", text)


WWW, APP, API = f"www.{DOMAIN}", f"app.{DOMAIN}", f"api.{DOMAIN}"
ADMIN, DOCS = f"admin.{DOMAIN}", f"docs.{DOMAIN}"
DKIM = f"{SELECTOR}._domainkey.{DOMAIN}"
NEWSLETTER, HELPDESK = "newsletter-mail.example", "helpdesk-mail.example"
SENDER_TOP = """@ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
@ 300 NS ns.root.example."""
DAY = timedelta(days=1)

_ALL = (
    Fault(
        "apex-missing",
        "The bare domain has no address.",
        "We gave the bare domain its address back.",
        "dns.apex", DOMAIN, Verdict.FAIL, _apex_missing, WEB_CHECKS,
    ),
    Fault(
        "www-missing",
        "The www name has no address.",
        "We pointed www at the bare domain.",
        "dns.www", WWW, Verdict.FAIL, _gone(WWW), WEB_CHECKS,
    ),
    Fault(
        "api-nxdomain",
        "The API's name does not exist.",
        "We added the API's name with its address.",
        "dns.host", API, Verdict.FAIL, _gone(API), WEB_CHECKS,
    ),
    Fault(
        "apex-private-address",
        "The bare domain points to an address inside a private network.",
        "We pointed the bare domain at the public address of the site.",
        "dns.apex", DOMAIN, Verdict.FAIL, _apex_private, (),
    ),
    Fault(
        "mx-dead",
        "Mail for the domain goes to a name that does not exist.",
        "We pointed the mail record at Google again.",
        "dns.mail", DOMAIN, Verdict.FAIL, _records(DOMAIN, "MX", "10 mx.old-mail.example."),
    ),
    Fault(
        "resolver-servfail",
        "The name server answers every question with an error.",
        "The name server answers again.",
        "dns.apex", DOMAIN, Verdict.UNKNOWN,
        lambda world: world.with_trouble("", "servfail"),
        ("dns.www", "dns.host", "dns.mail", *WEB_CHECKS, *MAIL_CHECKS),
    ),
    Fault(
        "cert-expired",
        "The API's certificate ran out two days ago.",
        "We put a new certificate on the API.",
        "tls.valid", API, Verdict.FAIL,
        _certificate(API, Certificate((API,), -92 * DAY, -2 * DAY)), ("tls.chain",),
    ),
    Fault(
        "cert-wrong-host",
        "The app shows a certificate that was made for another name.",
        "We put a certificate for the app's own name on it.",
        "tls.valid", APP, Verdict.FAIL,
        _certificate(APP, Certificate((f"staging.{DOMAIN}",))), ("tls.chain",),
    ),
    Fault(
        "cert-self-signed",
        "The admin site signed its certificate itself.",
        "We put a certificate that browsers trust on the admin site.",
        "tls.valid", ADMIN, Verdict.FAIL,
        _certificate(ADMIN, Certificate((ADMIN,), issuer="self")), ("tls.chain",),
    ),
    Fault(
        "cert-soon",
        "The help site's certificate runs out in ten days, and nothing renews it.",
        "We put a new certificate on the help site.",
        "tls.valid", DOCS, Verdict.WARN,
        _certificate(DOCS, Certificate((DOCS,), -80 * DAY, 10 * DAY)),
    ),
    Fault(
        "chain-incomplete",
        "The app leaves out the certificate in the middle of its chain.",
        "We added the missing certificate to what the app sends.",
        "tls.chain", APP, Verdict.FAIL,
        _certificate(APP, Certificate((APP,), intermediate=False)),
    ),
    Fault(
        "https-missing",
        "The app answers over plain http and does not lead to https.",
        "We made the app's plain http lead to https.",
        "http.https", APP, Verdict.FAIL, _https_missing,
    ),
    Fault(
        "two-hosts",
        "The bare domain and www both show the site.",
        "We made www lead to the bare domain.",
        "http.canonical", DOMAIN, Verdict.FAIL, _two_hosts,
    ),
    Fault(
        "bot-challenge",
        "The edge takes us for a robot and holds us up before the help site.",
        "We let the audit past the edge's robot test on the help site.",
        "http.reachable", DOCS, Verdict.UNKNOWN, _bot_challenge,
    ),
    Fault(
        "spf-two",
        "The domain has two SPF records, so receivers trust neither.",
        "We joined the two SPF records into one.",
        "email.spf", DOMAIN, Verdict.FAIL,
        _records(
            DOMAIN, "TXT",
            "v=spf1 include:_spf.google.com -all", "v=spf1 include:spf.mtasv.net ~all",
        ),
    ),
    Fault(
        "spf-eleven",
        "The SPF record makes receivers look up eleven names; they stop after ten.",
        "We took out of the SPF record the senders that nobody uses.",
        "email.spf", DOMAIN, Verdict.FAIL, _spf_eleven,
    ),
    Fault(
        "spf-open",
        "The SPF record lets the whole world send in your name.",
        "We closed the SPF record to everybody it does not list.",
        "email.spf", DOMAIN, Verdict.FAIL, _spf("+all"),
    ),
    Fault(
        "spf-include-servfail",
        "A sender that the SPF record includes has a name server that fails.",
        "We took that sender out of the SPF record.",
        "email.spf", DOMAIN, Verdict.UNKNOWN, _spf_servfail,
    ),
    Fault(
        "dkim-missing",
        "Postmark's DKIM key was never published.",
        "We published Postmark's DKIM key.",
        "email.dkim", DKIM, Verdict.FAIL, _gone(DKIM),
    ),
    Fault(
        "dkim-doubled",
        "The DKIM key was published at a name that holds the domain twice.",
        "We moved the DKIM key to the right name.",
        "email.dkim", DKIM, Verdict.FAIL, _dkim_doubled,
    ),
    Fault(
        "dkim-revoked",
        "The DKIM record is empty, which says that the key no longer counts.",
        "We put Postmark's key back into the DKIM record.",
        "email.dkim", DKIM, Verdict.FAIL, _records(DKIM, "TXT", "v=DKIM1; k=rsa; p="),
    ),
    Fault(
        "dmarc-missing",
        "There is no DMARC record.",
        "We published a DMARC record that asks for reports.",
        "email.dmarc", DOMAIN, Verdict.FAIL, _gone(f"_dmarc.{DOMAIN}"),
    ),
    Fault(
        "dmarc-no-rua",
        "The DMARC record asks nobody to send reports.",
        "We added an address for reports to the DMARC record.",
        "email.dmarc", DOMAIN, Verdict.WARN, _dmarc("v=DMARC1; p=quarantine"),
    ),
    Fault(
        "dmarc-rua-unauthorised",
        "DMARC reports go to a company that has not agreed to take them.",
        "We sent the reports to an address of your own domain.",
        "email.dmarc", DOMAIN, Verdict.WARN,
        _dmarc("v=DMARC1; p=quarantine; rua=mailto:harbor@reports-inbox.example"),
    ),
)  # fmt: skip

FAULTS: Mapping[str, Fault] = {fault.id: fault for fault in _ALL}

# What the demo breaks: none of these hides another, and one shows an honest "can't tell".
DEMO_FAULTS = (
    "cert-expired",
    "chain-incomplete",
    "https-missing",
    "two-hosts",
    "mx-dead",
    "bot-challenge",
    "cert-soon",
    "spf-two",
    "dkim-missing",
    "dmarc-no-rua",
)
