"""Who stands in front, by headers and addresses; and what proves nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from launchready_tui.rules.edge.detection import at_cloudflare, circles_at_once, edge_of, same_site
from launchready_tui.vocabulary.facts import Response
from tests.every import every

AT = datetime(2026, 11, 24, tzinfo=UTC)
URL = "https://harbor.example/"


def reply(
    *headers: tuple[str, str], status: int = 200, body: bytes = b"", address: str = "192.0.2.1"
) -> Response:
    return Response(URL, status, headers, body, address, AT)


@every(
    ("header", "who"),
    [
        (("CF-RAY", "9a1b2c3d4e5f6071-AMS"), "Cloudflare"),
        (("Server", "cloudflare"), "Cloudflare"),
        (("x-vercel-id", "fra1::abc"), "Vercel"),
        (("server", "Vercel"), "Vercel"),
        (("x-nf-request-id", "01H"), "Netlify"),
        (("x-served-by", "cache-ams21024-AMS"), "Fastly"),
        (("via", "1.1 4f2.cloudfront.net (CloudFront)"), "Amazon CloudFront"),
        (("x-amz-cf-id", "abc=="), "Amazon CloudFront"),
        (("server", "AkamaiGHost"), "Akamai"),
        (("akamai-grn", "0.1"), "Akamai"),
        (("via", "1.1 google"), "Google"),
        (("server", "BunnyCDN-DE1-1049"), "Bunny"),
        (("fly-request-id", "01J"), "Fly.io"),
        (("server", "nginx"), ""),
        (("x-served-by", "web-3"), ""),
        (("via", "1.1 varnish"), ""),
        (("x-powered-by", "Cloudflare fan club"), ""),
    ],
)
def test_an_edge_is_known_by_what_it_adds(header: tuple[str, str], who: str) -> None:
    assert edge_of(reply(header)) == who


def test_cloudflare_comes_first_where_it_stands_before_another() -> None:
    assert edge_of(reply(("x-vercel-id", "fra1::a"), ("cf-ray", "9a"))) == "Cloudflare"


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("104.16.0.1", True),
        ("104.27.255.254", True),
        ("172.64.0.1", True),
        ("2606:4700::6810:1", True),
        ("104.28.0.1", False),
        ("192.0.2.1", False),
        ("2001:db8::1", False),
        ("no address", False),
    ],
)
def test_cloudflares_published_addresses(address: str, inside: bool) -> None:
    assert at_cloudflare(address) is inside
    assert edge_of(reply(address=address)) == ("Cloudflare" if inside else "")


def test_a_page_that_leads_to_itself() -> None:
    assert circles_at_once(reply(("Location", URL), status=301))
    assert circles_at_once(reply(("Location", "/"), status=302))
    assert not circles_at_once(reply(("Location", "https://www.harbor.example/"), status=301))
    assert not circles_at_once(reply(status=200))


PAGE = b"<title>Boats</title><p>Oak rowing boat for nine hundred euros in the old harbor</p>"


@pytest.mark.parametrize(
    ("front", "back", "same"),
    [
        (reply(body=PAGE), reply(body=PAGE), True),
        (reply(body=PAGE), reply(body=b"<title>Welcome to nginx</title>"), False),
        (reply(body=b""), reply(body=b""), False),
        (reply(body=PAGE), reply(body=PAGE, status=404), False),
        (reply(body=PAGE, status=401), reply(body=PAGE, status=401), True),
        (reply(body=PAGE, status=404), reply(body=PAGE, status=404), False),
        (
            reply(("Location", "https://a.example/"), status=301),
            reply(("Location", "https://a.example/"), status=301),
            True,
        ),
        (
            reply(("Location", "https://a.example/"), status=301),
            reply(("Location", "https://b.example/"), status=301),
            False,
        ),
    ],
)
def test_whether_a_server_shows_the_site(front: Response, back: Response, same: bool) -> None:
    assert same_site(front, back) is same
