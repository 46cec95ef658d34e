"""What can be wrong with the records that mail is trusted by."""

from __future__ import annotations

from launchready_tui.lab.faults.base import Change, Fault, gone, records
from launchready_tui.lab.healthy import DOMAIN, POSTMARK_KEY, SELECTOR
from launchready_tui.lab.scenario import Scenario, zone
from launchready_tui.vocabulary.findings import Verdict

DKIM = f"{SELECTOR}._domainkey.{DOMAIN}"
NEWSLETTER, HELPDESK = "newsletter-mail.example", "helpdesk-mail.example"
SENDER_TOP = """@ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
@ 300 NS ns.root.example."""


def _spf(rest: str) -> Change:
    return records(DOMAIN, "TXT", f"v=spf1 include:_spf.google.com {rest}")


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
    return records(f"_dmarc.{DOMAIN}", "TXT", text)


FAULTS = (
    Fault(
        "spf-two",
        "The domain has two SPF records, so receivers trust neither.",
        "We joined the two SPF records into one.",
        "email.spf", DOMAIN, Verdict.FAIL, "two-records",
        records(
            DOMAIN, "TXT",
            "v=spf1 include:_spf.google.com -all", "v=spf1 include:spf.mtasv.net ~all",
        ),
    ),
    Fault(
        "spf-eleven",
        "The SPF record makes receivers look up eleven names; they stop after ten.",
        "We took out of the SPF record the senders that nobody uses.",
        "email.spf", DOMAIN, Verdict.FAIL, "too-many-lookups", _spf_eleven,
    ),
    Fault(
        "spf-open",
        "The SPF record lets the whole world send in your name.",
        "We closed the SPF record to everybody it does not list.",
        "email.spf", DOMAIN, Verdict.FAIL, "open", _spf("+all"),
    ),
    Fault(
        "spf-include-servfail",
        "A sender that the SPF record includes has a name server that fails.",
        "We took that sender out of the SPF record.",
        "email.spf", DOMAIN, Verdict.UNKNOWN, "servfail", _spf_servfail,
    ),
    Fault(
        "dkim-missing",
        "Postmark's DKIM key was never published.",
        "We published Postmark's DKIM key.",
        "email.dkim", DKIM, Verdict.FAIL, "missing", gone(DKIM),
    ),
    Fault(
        "dkim-doubled",
        "The DKIM key was published at a name that holds the domain twice.",
        "We moved the DKIM key to the right name.",
        "email.dkim", DKIM, Verdict.FAIL, "doubled-name", _dkim_doubled,
    ),
    Fault(
        "dkim-revoked",
        "The DKIM record is empty, which says that the key no longer counts.",
        "We put Postmark's key back into the DKIM record.",
        "email.dkim", DKIM, Verdict.FAIL, "revoked", records(DKIM, "TXT", "v=DKIM1; k=rsa; p="),
    ),
    Fault(
        "dmarc-missing",
        "There is no DMARC record.",
        "We published a DMARC record that asks for reports.",
        "email.dmarc", DOMAIN, Verdict.FAIL, "missing", gone(f"_dmarc.{DOMAIN}"),
    ),
    Fault(
        "dmarc-no-rua",
        "The DMARC record asks nobody to send reports.",
        "We added an address for reports to the DMARC record.",
        "email.dmarc", DOMAIN, Verdict.WARN, "no-reports", _dmarc("v=DMARC1; p=quarantine"),
    ),
    Fault(
        "dmarc-rua-unauthorised",
        "DMARC reports go to a company that has not agreed to take them.",
        "We sent the reports to an address of your own domain.",
        "email.dmarc", DOMAIN, Verdict.WARN, "reports-not-authorised",
        _dmarc("v=DMARC1; p=quarantine; rua=mailto:harbor@reports-inbox.example"),
    ),
)  # fmt: skip
