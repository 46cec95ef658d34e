"""Every outcome has words, every word belongs to an outcome, and every place in it can be filled.

`checks.md` fixes which fails are blockers; `words.md` fixes what may not be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest

from launchready_tui.checks import UNKNOWN_REASONS, Check, registered
from launchready_tui.content.checklist import Provider, ProviderKind, Words, builtin, ends_with
from launchready_tui.vocabulary.findings import Impact
from tests.every import every

CHECKLIST = builtin()
CHECKS = registered()
KINDS: tuple[ProviderKind, ...] = ("dns", "hosting", "senders")

BLOCKERS = {
    "dns.apex",
    "dns.www",
    "dns.host",
    "dns.dnssec",
    "dns.mail",
    "dns.dangling",
    "dns.registration",
    "tls.valid",
    "tls.chain",
    "tls.versions",
    "http.reachable",
    "http.https",
    "http.redirects",
    "http.login",
    "http.mixed",
    "http.preview",
    "edge.ssl-mode",
    "edge.private-cache",
    "secrets.bundle",
    "secrets.files",
    "secrets.history",
    "secrets.tree",
    "email.spf",
    "email.dkim",
    "email.alignment",
    "email.inbox",
    "email.links",
    "deploy.required-env",
    "deploy.migrations",
}

# A chain and a wrong page cost visitors; only a loop and a dead end lock them out.
SOON = {"http.redirects.chain", "http.redirects.elsewhere", "http.redirects.stays"}

COMMON = {"host", "host_ascii", "subject", "domain"}
FACTS = {
    "dns.apex": {"addresses", "address", "who", "hours"},
    "dns.www": {"addresses", "address", "who", "hours"},
    "dns.host": {"addresses", "address", "who", "hours"},
    "dns.delegation": {"servers", "count"},
    "dns.dnssec": {"until"},
    "dns.cname": {"target", "beside"},
    "dns.mail": {"mx"},
    "dns.caa": {"at", "issuer", "allowed", "needed", "tag"},
    "dns.ipv6": {"address", "names", "status"},
    "dns.dangling": {"target", "service"},
    "dns.wildcard": {"tried"},
    "dns.registration": {"until", "days", "registrar", "status"},
    "tls.valid": {"until", "from", "days", "names", "issuer"},
    "tls.chain": {"issuer"},
    "tls.versions": {"versions"},
    "tls.key": {"key", "owner", "hash"},
    "http.reachable": {"status", "who"},
    "http.https": {"status", "to"},
    "http.canonical": {"to", "from", "hops", "tag", "a", "b", "status"},
    "http.redirects": {"status", "hops", "to", "wanted", "answer"},
    "http.login": {"status", "cookie", "lands_on", "set_by", "for", "action"},
    "http.mixed": {"count", "first", "page", "pages"},
    "http.preview": {"a", "b", "status", "who"},
    "http.indexing": {"to", "status", "tag"},
    "http.hsts": {"days"},
    "edge.proxied": {"who", "address"},
    "edge.ssl-mode": {"mode", "where"},
    "edge.security": {"always_https", "min_tls", "level"},
    "edge.cache-rules": {"path"},
    "edge.private-cache": {"header"},
    "cache.static": {"count", "all", "first", "kept"},
    "cache.routes": {"header", "policy", "kept", "to", "status"},
    "cache.compression": {"count", "first", "size", "used"},
    "cache.images": {"count", "first", "size", "gain"},
    "speed.blocking": {"who", "count", "seconds"},
    "secrets.bundle": {"kind", "kinds", "where", "count", "first"},
    "secrets.files": {"path", "size", "count"},
    "secrets.history": {"kind", "where", "count"},
    "secrets.tree": {"kind", "where", "count", "path"},
    "secrets.kept": {"store", "path", "line"},
    "deploy.path": {"branch", "wanted", "platform", "file", "command", "ways", "count"},
    "deploy.migrations": {
        "tool",
        "wanted",
        "command",
        "where",
        "file",
        "lost",
        "first",
        "what",
        "locks",
    },
    "deploy.rollback": {"minutes", "day"},
    "email.spf": {"count", "providers", "provider", "include", "part", "spf_record", "detail"},
    "email.dkim": {"selector", "provider", "bits", "target", "wrong", "count"},
    "email.dmarc": {"policy", "since", "sub", "to", "tags", "count", "part"},
    "email.inbox": {"seconds", "folder", "minutes", "message", "inbox", "reply_to"},
    "email.alignment": {"from"},
    "email.sender": {"from", "expected", "what", "usual"},
    "email.links": {"link_host", "status", "message_id"},
    "email.reply-path": {"at"},
    "email.transport": {"policy_host", "mx"},
    "email.parked": {"lacking"},
    "deploy.required-env": {"names", "count", "files", "path", "detail"},
    "deploy.env-separation": {"names", "files"},
    "deploy.fails-fast": {"what", "path", "count", "snippet"},
    "unknown": {"detail"},
}

SENDERS = [
    "google-workspace",
    "microsoft-365",
    "sendgrid",
    "postmark",
    "resend",
    "amazon-ses",
    "mailgun",
    "mandrill",
    "mailchimp",
    "brevo",
    "zoho",
    "zeptomail",
    "fastmail",
    "icloud",
    "mailersend",
    "mailjet",
    "sparkpost",
    "smtp2go",
    "customer-io",
    "cloudflare-email",
    "other",
]

DNS_STEPS = {"open-records", "add-record", "change-record", "delete-record"}
DNS_HINTS = {"txt-hint", "mx-hint"}  # most hosts need none: those of `generic` are empty

HOSTING_STEPS = {
    "find-address",
    "add-domain",
    "renew-certificate",
    "serve-chain",
    "force-https",
    "primary-domain",
    "see-logs",
    "roll-back",
}

NEVER = re.compile(
    r"\b(simply|just|please ensure|misconfigured|invalid|best practices?|robust|leverag\w+"
    r"|preload|TODO)\b",
    re.IGNORECASE,
)
PLACE = re.compile(r"\{([^{}]*)\}")


def _texts(words: Words) -> Iterator[str]:
    yield words.says
    yield words.why
    yield from (step for step in words.fix if not step.startswith("@"))
    yield words.verify


def _providers() -> Iterator[tuple[ProviderKind, str, Provider]]:
    for kind in KINDS:
        for id, provider in CHECKLIST.providers[kind].items():
            yield kind, id, provider


@every("check", CHECKS.values(), ids=lambda check: check.id)
def test_every_outcome_has_words_of_its_own(check: Check) -> None:
    assert check.id in CHECKLIST.titles
    for outcome in check.outcomes:
        assert f"{check.id}.{outcome}" in CHECKLIST.words, f"{check.id} can end as {outcome}"
    for outcome in check.warns + check.fails:
        words = CHECKLIST.words[f"{check.id}.{outcome}"]
        assert words.fix, f"{check.id}.{outcome} has no steps"
        assert words.verify, f"{check.id}.{outcome} does not say how to check it afterwards"
        assert words.harms, f"{check.id}.{outcome} names no harm"
        assert words.minutes > 0
    for outcome in check.warns:
        impact = CHECKLIST.words[f"{check.id}.{outcome}"].impact
        assert impact in (Impact.SOON, Impact.LATER), f"{check.id}.{outcome} only warns"
    for outcome in check.passes + check.skips:
        assert CHECKLIST.words[f"{check.id}.{outcome}"].impact is None


@every("check", CHECKS.values(), ids=lambda check: check.id)
def test_blockers_are_those_of_the_contract(check: Check) -> None:
    for outcome in check.fails:
        blocks = check.id in BLOCKERS and f"{check.id}.{outcome}" not in SOON
        expected = Impact.BLOCKER if blocks else Impact.SOON
        assert CHECKLIST.words[f"{check.id}.{outcome}"].impact is expected, outcome
    assert CHECKLIST.may_block(check.id) is (check.id in BLOCKERS)


def test_every_reason_for_not_knowing_has_words() -> None:
    reasons = {key for key in CHECKLIST.words if key.startswith("unknown.")}
    assert reasons == {f"unknown.{reason}" for reason in UNKNOWN_REASONS}
    for check, reason in product(CHECKS, UNKNOWN_REASONS):
        words = CHECKLIST.words_for(check, reason, fault=False)
        assert words.impact is None
        assert words.fix
        assert words.verify


def test_no_words_are_left_over() -> None:
    for key in CHECKLIST.words:
        id, _, outcome = key.rpartition(".")
        if id == "unknown":
            continue
        assert id in CHECKS, f"{key}: no such check"
        assert outcome in CHECKS[id].outcomes + UNKNOWN_REASONS, f"{id} never ends as {outcome}"


def test_an_unknown_never_speaks_as_a_fail() -> None:
    assert CHECKLIST.words_for("http.reachable", "refused").impact is Impact.BLOCKER
    assert CHECKLIST.words_for("http.reachable", "refused", fault=False).impact is None


@every("key", CHECKLIST.words)
def test_every_place_is_a_fact_of_its_check(key: str) -> None:
    allowed = COMMON | FACTS[key.rpartition(".")[0]]
    for text in _texts(CHECKLIST.words[key]):
        assert set(PLACE.findall(text)) <= allowed, text


def test_provider_steps_know_only_the_host_and_the_domain() -> None:
    for kind, id, provider in _providers():
        for name, steps in provider.steps.items():
            for step in steps:
                assert set(PLACE.findall(step)) <= COMMON, f"{kind}.{id}.{name}: {step}"
                assert not step.startswith("@"), f"{kind}.{id}.{name} points on: {step}"


def test_every_reference_resolves_for_every_provider() -> None:
    used = {s for words in CHECKLIST.words.values() for s in words.fix if s.startswith("@")}
    assert {"@dns.add-record", "@hosting.renew-certificate", "@senders.find-dkim"} <= used
    for step in used:
        kind, _, name = step[1:].partition(".")
        for id in ("", *CHECKLIST.providers[kind]):
            assert CHECKLIST.steps(step, {kind: id}) or name in DNS_HINTS


def test_providers_have_their_steps() -> None:
    for id, provider in CHECKLIST.providers["dns"].items():
        assert set(provider.steps) >= DNS_STEPS, id
        assert set(provider.steps) <= DNS_STEPS | DNS_HINTS | {"name-hint", "read-only-token"}, id
    assert set(CHECKLIST.providers["hosting"]["generic"].steps) == HOSTING_STEPS
    for id, provider in CHECKLIST.providers["hosting"].items():
        assert set(provider.steps) <= HOSTING_STEPS, id
    assert set(CHECKLIST.providers["senders"]) == {*SENDERS, "generic"}
    for id, provider in CHECKLIST.providers["senders"].items():
        assert set(provider.steps) <= {"find-dkim", "find-spf"}, id


def test_certain_selectors_are_named() -> None:
    """ "No key there" may be a fail only where the provider gives everybody the same name."""
    certain = {id for id, p in CHECKLIST.providers["senders"].items() if p.selectors_certain}
    assert certain == {
        "microsoft-365",
        "sendgrid",
        "resend",
        "mandrill",
        "fastmail",
        "mailjet",
        "cloudflare-email",
    }
    assert all(CHECKLIST.providers["senders"][id].selectors for id in certain)


def test_return_path_senders_ask_for_nothing_in_the_main_record() -> None:
    """Users of Postmark and SendGrid are told by other tools to add includes they don't need."""
    for id in ("postmark", "sendgrid", "mailchimp", "brevo", "smtp2go", "sparkpost", "mandrill"):
        provider = CHECKLIST.providers["senders"][id]
        assert provider.spf_at != "from", id
        assert not provider.spf, id


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("ada.ns.cloudflare.com", "cloudflare"),
        ("ns-1234.awsdns-05.co.uk.", "route53"),
        ("NS-7.AWSDNS-00.COM", "route53"),
        ("dns1.registrar-servers.com", "namecheap"),
        ("ns37.domaincontrol.com", "godaddy"),
        ("ns-cloud-a1.googledomains.com", "squarespace"),
        ("ns1.vercel-dns.com", "vercel"),
        ("ns2-03.azure-dns.net", "azure"),
        ("dns1.p05.nsone.net", "netlify-ns1"),
        ("evilcloudflare.com", None),
        ("ns1.cloudflare.com.example", None),
    ],
)
def test_dns_hosts_are_recognised_by_their_name_servers(server: str, expected: str | None) -> None:
    found = [id for id, p in CHECKLIST.providers["dns"].items() if ends_with(server, p.ns)]
    assert found == ([expected] if expected else [])


def test_nothing_that_words_md_forbids_is_said() -> None:
    for key, words in CHECKLIST.words.items():
        for text in _texts(words):
            assert not NEVER.search(text), f"{key}: {text}"
    for kind, id, provider in _providers():
        for step in (step for steps in provider.steps.values() for step in steps):
            assert not NEVER.search(step), f"{kind}.{id}: {step}"


def test_nobody_is_told_to_flatten_spf() -> None:
    for key, words in CHECKLIST.words.items():
        if key.startswith("email.spf."):
            assert not any("flatten" in text.lower() for text in _texts(words))
    for outcome in ("many-lookups", "too-many-lookups"):
        steps = CHECKLIST.words[f"email.spf.{outcome}"].fix
        first = next(step for step in steps if "include:" in step)
        assert "no longer use" in first, "unused includes go first"


def test_a_missing_intermediate_says_who_will_refuse_it() -> None:
    why = CHECKLIST.words["tls.chain.missing-intermediate"].why
    for who in ("rowser", "hones", "ebhooks", "mail servers"):
        assert who in why
