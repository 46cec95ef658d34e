"""Documents 03 and 04 in full: what was checked, what was told, and what nobody could tell."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from launchready_tui.documents import build
from launchready_tui.documents.edge_settings import SETTINGS
from launchready_tui.project.model import Cloudflare, Dns, Project, RecordedFinding
from launchready_tui.vocabulary.findings import Verdict
from tests.documents.samples import CONTENT, DOMAIN, EMPTY, FAIL, PASS, UNKNOWN, WARN, finding, full
from tests.documents.samples import page as page_of
from tests.documents.test_states_facts import row

Findings = dict[str, dict[str, RecordedFinding]]


def page(number: int, project: Project) -> str:
    return page_of(build(project, CONTENT), number)


def with_findings(found: Findings, project: Project | None = None) -> Project:
    base = project or full()
    return replace(base, findings={**base.findings, **found})


def one(
    check: str, verdict: Verdict, outcome: str, *seen: tuple[str, str], **facts: str
) -> Findings:
    return {check: {DOMAIN: finding(verdict, outcome, *seen, **facts)}}


def elsewhere(project: Project) -> Project:
    """The same product without Cloudflare; its pages are at Vercel."""
    return replace(project, dns=Dns(), cloudflare=Cloudflare())


# 03 ------------------------------------------------------------------------------------------


def test_an_alias_shows_the_names_on_its_way() -> None:
    www = f"www.{DOMAIN}"
    leads = ("Leads to", "edge.harbor.example")
    found = {"dns.www": {www: finding(PASS, "ok", leads, addresses="198.51.100.7")}}
    assert row(
        page(3, with_findings(found)),
        f"{www} (the public site)",
        "the name edge.harbor.example, then at Vercel, 198.51.100.7 checked on 24 November",
    )


def test_the_records_that_let_you_send_are_listed_with_how_they_stand() -> None:
    text = page(3, full())
    assert row(
        text,
        "Records that let you send mail",
        DOMAIN, "(SPF)", "2 SPF records",
        f"pm._domainkey.{DOMAIN}", "(DKIM)",
        DOMAIN, "(DMARC)",
    )  # fmt: skip


def test_what_holds_the_domain_says_what_was_seen_and_what_was_not() -> None:
    expires = ("Registered until", "2027-04-13")
    found = {
        **one("dns.registration", PASS, "ok", expires, registrar="Namecheap", until="13 April 2027",
              days="140"),
        **one("dns.wildcard", WARN, "answers"),
    }  # fmt: skip
    text = page(3, with_findings(found))
    assert row(text, "Registration", "More than 90 days left", "Registered until: 2027-04-13",
               "checked on 24 November")  # fmt: skip
    assert row(text, "Signed answers (DNSSEC)", "Not looked at yet. It belongs in stage")
    assert row(text, "registered at Namecheap.", "Your list of accounts names Namecheap for it.")


def test_of_many_hosts_those_that_are_not_fine_are_told_one_by_one() -> None:
    hosts = {f"h{n}.{DOMAIN}": finding(PASS, "none") for n in range(9)}
    hosts[f"bad.{DOMAIN}"] = finding(FAIL, "excluded", issuer="R11", allowed="digicert.com")
    text = page(3, with_findings({"dns.caa": hosts}))
    assert row(text, "Who may make certificates (CAA)", f"bad.{DOMAIN}", "9 of 10 are right.",
               "checked on 24 November")  # fmt: skip
    assert "h3.harbor.example" not in text


def test_silence_about_the_domain_is_neither_right_nor_wrong() -> None:
    text = page(3, with_findings(one("dns.registration", UNKNOWN, "rate-limited")))
    assert row(text, "Registration", "can't tell")


def test_an_empty_file_says_what_is_missing() -> None:
    text = page(3, EMPTY)
    assert row(text, "Records that let you send mail", "We have not looked at your mail records.")
    assert text.count("Not looked at yet. It belongs in stage") == 8


def test_a_redirect_says_from_to_code_hops_and_when() -> None:
    start = f"https://{DOMAIN}/sell"
    found = {
        "http.redirects": {
            start: finding(WARN, "temporary", status="302", hops="1", to=f"https://{DOMAIN}/start")
        }
    }
    assert row(page(3, with_findings(found)), start, f"https://{DOMAIN}/start", "302", "1",
               "checked on 24 November")  # fmt: skip


# 04 ------------------------------------------------------------------------------------------


def test_the_edge_itself_tells_its_settings() -> None:
    found = {
        **one("edge.ssl-mode", WARN, "full", mode="full"),
        **one("edge.security", PASS, "ok", always_https="on", min_tls="1.2", level="medium"),
    }
    text = page(4, with_findings(found))
    assert row(text, "Safe connection to your own server", "Full (strict).", "It is set to full.",
               "checked on 24 November", "SSL/TLS, Overview")  # fmt: skip
    assert row(text, "Plain http leads to https", "It is set to on.")
    assert row(text, "Oldest safe connection", "1.2 or newer.", "It is set to 1.2.")
    assert row(text, "Security level", "Medium or higher", "It is set to medium.")


def cell(text: str, name: str) -> str:
    """What stands between the name of one setting and that of the next."""
    names = [setting.name for setting in SETTINGS]
    following = names.index(name) + 1
    end = names[following] if following < len(names) else "Where the last column"
    return text.partition(name)[2].partition(end)[0]


def test_a_told_answer_stands_in_only_where_we_could_not_see() -> None:
    name = "Safe connection to your own server"
    seen = page(4, with_findings(one("edge.ssl-mode", FAIL, "flexible", mode="flexible")))
    assert "told by" not in cell(seen, name)
    silent = cell(page(4, with_findings(one("edge.ssl-mode", UNKNOWN, "no-token"))), name)
    assert row(silent, "can't tell", "We asked on 24 November.", "told by Dana on 23 November")
    assert "checked on" not in silent
    unasked = cell(page(4, full()), name)
    assert "told by Dana on 23 November" in unasked
    assert "checked on" not in unasked


def test_what_we_could_not_tell_stands_apart_with_what_to_do() -> None:
    text = page(4, with_findings(one("edge.ssl-mode", UNKNOWN, "no-token")))
    words = CONTENT.words_for("edge.ssl-mode", "no-token", fault=False)
    assert row(text, "What we could not tell", CONTENT.titles["edge.ssl-mode"], DOMAIN)
    assert words.fix
    assert "What we could not tell" not in page(4, full())


def test_of_many_hosts_the_right_ones_are_counted_and_the_silent_ones_too() -> None:
    hosts = {
        f"a.{DOMAIN}": finding(PASS, "ok"),
        f"b.{DOMAIN}": finding(UNKNOWN, "timeout"),
        f"c.{DOMAIN}": finding(WARN, "temporary", status="302"),
    }
    text = page(4, with_findings({"http.https": hosts}))
    assert row(
        cell(text, "Plain http leads to https"),
        f"c.{DOMAIN}", "1 of 3 addresses are right.", "checked on",
        "For 1 of 3 we could not tell: see below.",
    )  # fmt: skip
    assert row(text, "What we could not tell", f"b.{DOMAIN}")


def test_where_to_click_is_cloudflares_only_where_cloudflare_stands_in_front() -> None:
    cloudflare = page(4, full())
    assert row(cloudflare, "Always Use HTTPS", "names places in Cloudflare")
    assert "In Cloudflare:" not in cloudflare
    other = page(4, elsewhere(full()))
    assert row(other, "One address for the site", "In Vercel, open your project")
    assert row(other, "Security level", "In Cloudflare: Security, Settings.")
    assert "we know of no place at your own service" in other
    seen = with_findings(one("edge.proxied", PASS, "ok", who="Cloudflare"), elsewhere(full()))
    assert "In Cloudflare:" not in page(4, seen)
    assert "In front of them stands Cloudflare." in page(4, seen)
    only_dns = page(4, with_findings(one("edge.proxied", PASS, "other", who="Vercel")))
    assert row(only_dns, "In front of them stands Vercel.", "In Vercel, open your project")


@pytest.mark.parametrize("number", [3, 4])
def test_the_same_file_gives_the_same_page(number: int) -> None:
    found = one("edge.security", PASS, "ok", always_https="on", min_tls="1.2", level="medium")
    assert page(number, with_findings(found)) == page(number, with_findings(found))
