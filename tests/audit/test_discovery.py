"""What a new project file is filled with: hosts, DNS host, platforms, senders, and honest notes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from launchready_tui.content.checklist import builtin
from launchready_tui.discovery import Discovery, discover, guess_purpose
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply, Scenario, zone
from launchready_tui.recognise.hosting import hosting
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.world import open_world
from tests.checks.looking import serving

LABEL = "q7v2x9"
NOW = datetime(2026, 11, 3, tzinfo=UTC)


async def found_in(scenario: Scenario, domain: str = DOMAIN) -> Discovery:
    async with Lab(scenario) as lab, open_world(lab.options) as world:
        return await discover(domain, world, builtin(), label=LABEL)


async def test_silence_is_told_and_never_taken_for_nothing_there() -> None:
    found = await found_in(healthy().with_trouble("", "servfail"))
    assert [host.name for host in found.hosts] == [DOMAIN, f"www.{DOMAIN}"]
    assert (found.dns_provider, found.senders, found.selectors) == ("", (), ())
    assert "got no answer" in found.notes[0]


async def test_the_usual_hosts_are_found_with_their_purposes() -> None:
    found = await found_in(healthy())
    assert {host.name.removesuffix(f".{DOMAIN}"): host.purpose for host in found.hosts} == {
        DOMAIN: "site",
        "www": "site",
        "app": "app",
        "api": "api",
        "admin": "admin",
        "docs": "docs",
    }
    assert found.senders == ("google-workspace", "postmark")
    assert found.selectors == ("google",)
    assert found.notes == ()


async def test_a_wildcard_makes_no_hosts() -> None:
    world = healthy().without(f"api.{DOMAIN}")
    names = ("shop", "blog", "help", "status", "portal", "auth", "support", "mail", "dashboard")
    for name in (*names, "staging", "preview", "dev", "test", "beta", LABEL):
        world = world.with_records(f"{name}.{DOMAIN}", "A", ["192.0.2.99"])
    found = await found_in(world)
    assert {host.name.partition(".")[0] for host in found.hosts} == {
        "harbor", "www", "app", "admin", "docs",
    }  # fmt: skip
    assert "Every name below" in found.notes[0]


async def test_test_sites_are_told_and_left_out() -> None:
    name = f"staging.{DOMAIN}"
    found = await found_in(healthy().with_records(name, "A", ["192.0.2.20"]))
    assert name not in {host.name for host in found.hosts}
    assert name in found.notes[0]


async def test_www_is_expected_at_a_registered_domain_alone() -> None:
    missing = await found_in(healthy().without(f"www.{DOMAIN}"))
    below = await found_in(healthy(), f"app.{DOMAIN}")
    assert f"www.{DOMAIN}" in {host.name for host in missing.hosts}
    assert [host.name for host in below.hosts] == [f"app.{DOMAIN}"]


async def test_who_runs_the_dns_and_the_pages() -> None:
    world = healthy().with_records(
        DOMAIN, "NS", ["dana.ns.cloudflare.com.", "rob.ns.cloudflare.com."]
    )
    reply = Reply(200, (("Server", "Vercel"), ("X-Vercel-Id", "fra1::abc")), b"hi")
    found = await found_in(serving(world, f"app.{DOMAIN}", reply))
    providers = {host.name: host.provider for host in found.hosts}
    assert found.dns_provider == "cloudflare"
    assert providers[f"app.{DOMAIN}"] == "vercel"
    assert providers[f"docs.{DOMAIN}"] == ""


SENDGRID = zone(
    "sendgrid.net",
    """
    @ 300 SOA ns1.sendgrid.net. host.sendgrid.net. 1 2 3 4 60
    @ 300 NS ns1.sendgrid.net.
    s1.domainkey.u1 300 TXT k=rsa; t=s; p=MIIBIjANBg
    """,
)
SENDERS = {
    "sendgrid": ("s1._domainkey", "CNAME", "s1.domainkey.u1.sendgrid.net."),
    "resend": ("send", "MX", "10 feedback-smtp.eu-west-1.amazonses.com."),
    "mailjet": ("@", "TXT", "v=spf1 include:spf.mailjet.com ~all"),
    "": ("s1._domainkey", "CNAME", f"keys.docs.{DOMAIN}."),
}


@pytest.mark.parametrize("sender", SENDERS)
async def test_a_sender_is_known_by_its_key_its_return_path_or_its_include(sender: str) -> None:
    label, rtype, text = SENDERS[sender]
    own = healthy().zone_of(DOMAIN)
    bare = tuple(each for each in own.records if each.type not in ("TXT", "MX", "CNAME"))
    world = healthy().with_zone(replace(own, records=bare)).with_zone(SENDGRID)
    world = world.with_records(f"keys.docs.{DOMAIN}", "TXT", ["v=DKIM1; p=MIIBIjANBg"])
    found = await found_in(
        world.with_records(DOMAIN if label == "@" else f"{label}.{DOMAIN}", rtype, [text])
    )
    assert found.senders == ((sender,) if sender else ())


async def test_a_key_for_every_name_is_no_key() -> None:
    world = healthy()
    for selector in (LABEL, "mailjet", "s1", "resend", "google"):
        name = f"{selector}._domainkey.{DOMAIN}"
        world = world.with_records(name, "TXT", ["v=DKIM1; p=MIIBIjANBg"])
    found = await found_in(world)
    assert "mailjet" not in found.senders
    assert found.selectors == ()


@pytest.mark.parametrize(("name", "purpose"), [
    ("harbor.example", "site"),
    ("api.harbor.example", "api"),
    ("api.example", "site"),
    ("dashboard.harbor.example", "app"),
    ("pm-bounces.harbor.example", "email"),
    ("something.harbor.example", "site"),
])  # fmt: skip
def test_what_a_name_suggests(name: str, purpose: str) -> None:
    assert guess_purpose(name) == purpose


def test_headers_are_surer_than_names_and_names_than_addresses() -> None:
    table = builtin().providers["hosting"]
    page = Response("https://a/", 200, (("Server", "Netlify"),), b"", "", NOW)
    nothing = Unreachable("timeout")
    assert hosting(table, page, ("x.vercel-dns.com",), "216.24.57.1") == "netlify"
    assert hosting(table, nothing, ("cname.vercel-dns.com",), "216.24.57.1") == "vercel"
    assert hosting(table, nothing, (), "216.24.57.1") == "render"
    assert hosting(table, nothing, ("notvercel-dns.com",), "192.0.2.1") == ""
