"""Who stands in front of a site: told by the headers that it adds and the addresses that it owns.

Only what an edge puts there itself counts. That a name is managed at Cloudflare proves nothing:
its DNS can be used without its edge (a grey cloud).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from launchready_tui.rules.web.html import same_content
from launchready_tui.rules.web.redirects import redirect_target
from launchready_tui.vocabulary.facts import Response

CLOUDFLARE = "Cloudflare"

# Published at https://www.cloudflare.com/ips (ips-v4 and ips-v6). As it stood on 24 November 2026
# in five public copies of that list, all of them equal.
_CLOUDFLARE_NETWORKS = tuple(
    ip_network(text)
    for text in (
        "173.245.48.0/20",
        "103.21.244.0/22",
        "103.22.200.0/22",
        "103.31.4.0/22",
        "141.101.64.0/18",
        "108.162.192.0/18",
        "190.93.240.0/20",
        "188.114.96.0/20",
        "197.234.240.0/22",
        "198.41.128.0/17",
        "162.158.0.0/15",
        "104.16.0.0/13",
        "104.24.0.0/14",
        "172.64.0.0/13",
        "131.0.72.0/22",
        "2400:cb00::/32",
        "2606:4700::/32",
        "2803:f800::/32",
        "2405:b500::/32",
        "2405:8100::/32",
        "2a06:98c0::/29",
        "2c0f:f248::/32",
    )
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A header of this name whose value holds this text (in lower case; "" for any value)."""

    who: str
    header: str
    part: str = ""


# Cloudflare first: where it stands in front of another edge, it is the one that visitors meet.
_MARKS = (
    _Mark(CLOUDFLARE, "cf-ray"),
    _Mark(CLOUDFLARE, "server", "cloudflare"),
    _Mark("Vercel", "x-vercel-id"),
    _Mark("Vercel", "server", "vercel"),
    _Mark("Netlify", "x-nf-request-id"),
    _Mark("Netlify", "server", "netlify"),
    _Mark("Fastly", "x-served-by", "cache-"),
    _Mark("Fastly", "x-fastly-request-id"),
    _Mark("Amazon CloudFront", "x-amz-cf-id"),
    _Mark("Amazon CloudFront", "via", "cloudfront"),
    _Mark("Akamai", "server", "akamai"),
    _Mark("Akamai", "akamai-grn"),
    _Mark("Akamai", "x-akamai-request-id"),
    _Mark("Akamai", "x-akamai-transformed"),
    _Mark("Google", "via", "1.1 google"),
    _Mark("Azure Front Door", "x-azure-ref"),
    _Mark("Bunny", "server", "bunnycdn"),
    _Mark("Imperva", "x-iinfo"),
    _Mark("Sucuri", "x-sucuri-id"),
    _Mark("DDoS-Guard", "server", "ddos-guard"),
    _Mark("Fly.io", "fly-request-id"),
    _Mark("Railway", "x-railway-edge"),
    _Mark("Squarespace", "server", "squarespace"),
    _Mark("Wix", "x-wix-request-id"),
)


def at_cloudflare(address: str) -> bool:
    """Whether this address is one of Cloudflare's edge."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in _CLOUDFLARE_NETWORKS)


def edge_of(response: Response) -> str:
    """The edge that gave this answer; empty when nothing in it says that one did."""
    fields = [(key.lower(), value.lower()) for key, value in response.headers]
    for mark in _MARKS:
        if any(key == mark.header and mark.part in value for key, value in fields):
            return mark.who
    return CLOUDFLARE if at_cloudflare(response.address) else ""


def circles_at_once(response: Response) -> bool:
    """Whether an https page leads to its very own address.

    Behind an edge that is the mark of a way to the server that is not encrypted: the edge asks
    it over http, and the server sends everybody to https, round and round.
    """
    return response.url.startswith("https:") and redirect_target(response) == response.url


def same_site(front: Response, back: Response) -> bool:
    """Whether the server behind the edge shows what the edge shows: same status, target, page."""
    if front.status != back.status:
        return False
    if target := redirect_target(front):
        return redirect_target(back) == target
    shown = front.status < 300 or front.status == 401
    return shown and bool(back.body.strip()) and same_content(front, back)
