"""From a real audit of the lab to the page: what the checks saw stands in the documents."""

from __future__ import annotations

import pytest

from launchready_tui.documents import build
from launchready_tui.lab.demo import demo_project
from launchready_tui.lab.faults import DEMO_FAULTS
from launchready_tui.project import change
from tests import worlds
from tests.documents.samples import CONTENT, page
from tests.documents.test_states_facts import row


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """The thirteen as text, after one audit of the broken demo; number 1 is at place 1."""
    found = worlds.found(*DEMO_FAULTS)
    at = max(finding.at for finding in found)
    project = change.record(demo_project(at), found, at=at, by="Maya")
    documents = build(project, CONTENT)
    return ["", *(page(documents, number) for number in range(1, 14))]


def test_the_risks_are_those_that_the_audit_found(pages: list[str]) -> None:
    for risk in (
        "The certificate of api.harbor.example ran out on",
        "harbor.example has 2 SPF records.",
        "There is no DKIM key at",
        "Mail for harbor.example goes to",
        "app.harbor.example shows its page over plain http.",
    ):
        assert risk in pages[1]
    assert row(pages[1], "What we could not tell", "docs.harbor.example", "not a robot")
    assert row(pages[2], "Before launch", "harbor.example and www.harbor.example both show")


def test_the_map_shows_the_addresses_that_dns_gave(pages: list[str]) -> None:
    assert row(pages[3], "harbor.example (the public site)", "192.0.2.10, 2001:db8::10")
    assert row(pages[3], "app.harbor.example (the app)", "192.0.2.20")
    assert row(pages[3], "http://api.harbor.example/", "https://api.harbor.example/", "301", "1")
    assert row(pages[3], "http://app.harbor.example/", "no safe address", "shows its page over")
    assert row(pages[3], "MX of harbor.example: 10 mx.old-mail.example")


def test_the_edge_page_shows_where_each_way_in_ended(pages: list[str]) -> None:
    assert row(pages[4], "Way in", "http://harbor.example/", "1 step to https://harbor.example/")


def test_the_email_page_shows_the_records_themselves(pages: list[str]) -> None:
    assert row(pages[5], "v=spf1 include:_spf.google.com -all", "One TXT record: v=spf1 ")
    assert row(pages[5], "google._domainkey.harbor.example", "v=DKIM1; k=rsa; p=", "As it is.")
    assert row(pages[5], "v=DMARC1; p=quarantine", "p=quarantine; rua=mailto:dmarc@")


def test_the_map_shows_what_holds_the_domain_and_each_redirect_with_its_test(
    pages: list[str],
) -> None:
    map_ = pages[3]
    assert row(map_, "www.harbor.example (the public site)", "the name edge.harbor.example, then")
    assert row(map_, "What holds the domain itself", "Name servers", "checked on")
    assert row(map_, "Registration", "Registered until: ", "Registrar: ", "checked on")
    assert row(map_, "Signed answers (DNSSEC)", "checked on")
    assert row(map_, "Who may make certificates (CAA)", "6 of 6 are right.")
    assert row(map_, "Records that let you send mail", "(SPF)", "2 SPF records", "(DKIM)")
    old, new = "https://harbor.example/sell-your-boat", "https://harbor.example/sell"
    assert row(map_, old, new, "301", "1", "ok", "checked on")
    assert "Not looked at yet" not in map_


def test_the_edge_page_shows_what_the_edge_itself_told(pages: list[str]) -> None:
    edge = pages[4]
    assert row(edge, "In front of them stands Cloudflare.")
    assert row(edge, "Safe connection to your own server", "It is set to strict.", "checked on")
    assert row(edge, "Plain http leads to https", "It is set to on.", "app.harbor.example shows")
    assert row(edge, "Oldest safe connection (TLS)", "It is set to 1.2.")
    assert row(edge, "Security level", "It is set to medium.", "checked on")
    assert row(edge, "Private pages are never stored", "checked on")
    assert row(edge, "What we could not tell", "docs.harbor.example", "not a robot")
    assert "Not looked at yet" not in edge
