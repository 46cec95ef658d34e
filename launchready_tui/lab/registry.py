"""The registry of the lab: IANA's bootstrap file, and an RDAP server for names in .example.

Field names and values are those of RFC 9083 and RFC 9224; tests hold them to the published ones.
"""

from __future__ import annotations

import json

from launchready_tui.lab.scenario import Certificate, Dated, Reply, Site, zone

BOOTSTRAP_HOST = "data.iana.org"
RDAP_HOST = "rdap.root.example"
REGISTRAR = "Namecheap, Inc."
LOCKED = ("client transfer prohibited",)
RENEWS = 140  # days from the lab's start until Harbor Market's domain has to be renewed

IANA = zone(
    "iana.org",
    """
    @ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
    @ 300 NS ns.root.example.
    data 300 A 192.0.2.82
    """,
)

_RDAP = ("Content-Type", "application/rdap+json")


def registered(
    domain: str, *, ends: int = RENEWS, status: tuple[str, ...] = LOCKED, **more: object
) -> Reply:
    """The registry's answer about a domain that runs out `ends` days from the lab's start.

    `more` are further fields, or others in the place of these.
    """
    answer: dict[str, object] = {
        "rdapConformance": ["rdap_level_0"],
        "objectClassName": "domain",
        "handle": "2336799_DOMAIN_EXAMPLE",
        "ldhName": domain.upper(),
        "status": list(status),
        "events": [
            {"eventAction": "registration", "eventDate": Dated.day(-590)},
            {"eventAction": "expiration", "eventDate": Dated.day(ends)},
            {"eventAction": "last update of RDAP database", "eventDate": Dated.day(0)},
        ],
        "entities": [
            {
                "objectClassName": "entity",
                "handle": "1068",
                "roles": ["registrar"],
                "publicIds": [{"type": "IANA Registrar ID", "identifier": "1068"}],
                "vcardArray": [
                    "vcard",
                    [["version", {}, "text", "4.0"], ["fn", {}, "text", REGISTRAR]],
                ],
            }
        ],
        "nameservers": [
            {"objectClassName": "nameserver", "ldhName": "DANA.NS.CLOUDFLARE.COM"},
            {"objectClassName": "nameserver", "ldhName": "ROB.NS.CLOUDFLARE.COM"},
        ],
        "secureDNS": {"delegationSigned": False},
    }
    return Reply(200, (_RDAP,), Dated(json.dumps(answer | more)))


def path_of(domain: str) -> str:
    """Where the lab's RDAP server answers about a domain (RFC 9082 3.1.3)."""
    return f"/domain/{domain}"


def sites(domain: str) -> tuple[Site, ...]:
    """IANA's file, which leads to the lab's RDAP server, and that server."""
    bootstrap = {
        "description": "RDAP bootstrap file for Domain Name System registrations",
        "publication": "2026-11-01T00:00:00Z",
        "services": [[["example"], [f"https://{RDAP_HOST}/"]]],
        "version": "1.0",
    }
    file = Reply(200, (("Content-Type", "application/json"),), json.dumps(bootstrap).encode())
    unknown = json.dumps({"errorCode": 404, "title": "Not Found"}).encode()
    return (
        Site(BOOTSTRAP_HOST, Certificate((BOOTSTRAP_HOST,)), {"/rdap/dns.json": file}),
        Site(
            RDAP_HOST,
            Certificate((RDAP_HOST,)),
            {path_of(domain): registered(domain)},
            https_default=Reply(404, (_RDAP,), unknown),
        ),
    )
