"""Answers that are not the site's own: challenges and block pages, standard pages of hosts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from launchready_tui.facts import Response
from launchready_tui.rules.challenge import kept_out
from launchready_tui.rules.placeholders import placeholder

NOW = datetime(2026, 11, 3, tzinfo=UTC)


def answer(status: int, body: str = "", **headers: str) -> Response:
    fields = tuple((key.replace("_", "-"), value) for key, value in headers.items())
    return Response("https://a.example/", status, fields, body.encode(), "192.0.2.1", NOW)


KEPT_OUT = [
    (answer(403, cf_mitigated="challenge"), "challenge"),
    (answer(405, x_amzn_waf_action="captcha"), "challenge"),
    (answer(202, x_amzn_waf_action="challenge"), "challenge"),
    (answer(403, x_vercel_mitigated="deny"), "blocked"),
    (answer(429, x_vercel_mitigated="challenge"), "challenge"),
    (answer(403, "<title>Just a moment...</title>"), "challenge"),
    (answer(503, "<script>window._cf_chl_opt={}</script>"), "challenge"),
    (answer(403, "<title>Attention Required! | Cloudflare</title>"), "blocked"),
    (answer(403, "Sucuri WebSite Firewall - Access Denied"), "blocked"),
    (answer(403, x_sucuri_id="1"), "blocked"),
    (answer(403, server="AkamaiGHost"), "blocked"),
    (answer(403, x_iinfo="1-2-3"), "blocked"),
    (answer(403, server="awselb/2.0"), "blocked"),
    (answer(403, x_amzn_waf_rule="1"), "blocked"),
    (answer(403, x_datadome="protected"), "blocked"),
    (answer(403, "Request blocked.", server="CloudFront"), "blocked"),
    (answer(200, "Request unsuccessful. Incapsula incident ID: 1-2"), "blocked"),
    (answer(429), "rate-limited"),
]
OWN = [
    answer(200),
    answer(200, "<script src=/cdn-cgi/challenge-platform/x.js></script>"),
    answer(200, x_sucuri_id="1", server="AkamaiGHost", x_iinfo="1"),
    answer(403, "Forbidden"),
    answer(403, "Forbidden", server="cloudflare", cf_ray="1"),
    answer(401, server="AkamaiGHost"),
    answer(404, x_iinfo="1"),
    answer(503, "back soon", server="AkamaiGHost"),
    answer(200, content_security_policy="https://x.awswaf.com https://recaptcha"),
    answer(200, "We wrote about Incapsula incident ID codes." + " word" * 9000),
]


@pytest.mark.parametrize(("response", "why"), KEPT_OUT)
def test_kept_out(response: Response, why: str) -> None:
    assert kept_out(response) == why


@pytest.mark.parametrize("response", OWN)
def test_the_sites_own_answer(response: Response) -> None:
    assert kept_out(response) is None


PLACEHOLDERS = [
    (answer(404, "The deployment could not be found on Vercel.\n\nDEPLOYMENT_NOT_FOUND"), "Vercel"),
    (answer(404, "", x_vercel_error="DEPLOYMENT_NOT_FOUND"), "Vercel"),
    (answer(404, "Not Found - Request ID: 01HX"), "Netlify"),
    (answer(404, "<p>There isn't a GitHub Pages site here.</p>"), "GitHub Pages"),
    (answer(404, "<p>There isn\u2019t a GitHub Pages site here.</p>"), "GitHub Pages"),
    (answer(404, "<title>No such app</title>"), "Heroku"),
    (answer(404, '{"message":"Application not found"}', x_railway_fallback="true"), "Railway"),
    (answer(404, "Not Found", x_render_routing="no-server"), "Render"),
    (answer(200, "<title>Welcome to nginx!</title>"), "nginx"),
    (answer(200, "<html><body><h1>It works!</h1></body></html>"), "Apache"),
    (answer(200, "<title>Apache2 Debian Default Page: It works</title>"), "Apache"),
    (answer(404, "<Error><Code>NoSuchBucket</Code></Error>"), "Amazon S3"),
]
PAGES = [
    answer(200, "<title>Harbor</title>"),
    answer(404, "Not found"),
    answer(502, "Application failed to respond", x_railway_fallback="true"),
    answer(200, "There isn't a GitHub Pages site here"),
    answer(200, "<title>Welcome to nginx!</title>" + "word " * 9000),
]


@pytest.mark.parametrize(("response", "who"), PLACEHOLDERS)
def test_whose_standard_page(response: Response, who: str) -> None:
    assert placeholder(response) == who


@pytest.mark.parametrize("response", PAGES)
def test_no_standard_page(response: Response) -> None:
    assert placeholder(response) is None
