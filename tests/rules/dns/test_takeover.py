"""Services where a stranger can take a name: how they are known, and their "nothing here"."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.dns.takeover import SERVICES, Service, holds_nothing, service_of
from launchready_tui.vocabulary.facts import Response
from tests.every import every

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def page(text: str, status: int = 404) -> Response:
    return Response("https://d.example/", status, (), text.encode(), "192.0.2.1", NOW)


@pytest.mark.parametrize(
    ("chain", "name"),
    [
        (("harbor.helpscoutdocs.com",), "Help Scout"),
        (("www.d.example", "harbor.bitbucket.io"), "Bitbucket"),
        (("shop.s3.amazonaws.com",), "Amazon S3"),
        (("shop.s3-website-eu-west-1.amazonaws.com",), "Amazon S3"),
        (("shop.s3.eu-north-1.amazonaws.com",), "Amazon S3"),
        (("app.azurewebsites.net", "waws-prod-1.sip.azurewebsites.windows.net"), "Microsoft Azure"),
        (("harbor.github.io",), "GitHub Pages"),
    ],
)
def test_a_service_is_known_by_the_names_on_the_way(chain: tuple[str, ...], name: str) -> None:
    service = service_of(chain)
    assert service is not None
    assert service.name == name


@pytest.mark.parametrize(
    "chain",
    [
        (),
        ("cname.vercel-dns.com",),
        ("harbor.netlify.app",),
        ("evilhelpscoutdocs.com",),
        ("helpscoutdocs.com.d.example",),
        ("x.elb.amazonaws.com",),
        ("d111111abcdef8.cloudfront.net",),
    ],
)
def test_others_are_no_alarm(chain: tuple[str, ...]) -> None:
    """Vercel and Netlify ask for proof of ownership, and the list has ELB as not vulnerable."""
    assert service_of(chain) is None


@every("service", SERVICES, ids=lambda service: service.name)
def test_every_service_says_how_its_nothing_looks(service: Service) -> None:
    assert service.endings
    assert bool(service.text) != service.nxdomain
    assert all(part == part.casefold() for part in service.text)
    if service.text:
        shown = page("<p>" + " x ".join(service.text).upper() + "</p>", service.status or 404)
        assert holds_nothing(service, shown)


def test_typographic_letters_are_the_same_text() -> None:
    service = next(each for each in SERVICES if each.name == "Worksites")
    text = "Sorry, but the website you&rsquo;re looking for doesn\u2019t exist."
    assert holds_nothing(service, page(text))


def test_a_status_must_fit_where_the_text_says_little() -> None:
    service = next(each for each in SERVICES if each.name == "UptimeRobot")
    assert holds_nothing(service, page("Page not found", 404))
    assert not holds_nothing(service, page("Page not found", 200))


def test_a_long_page_about_such_pages_is_none() -> None:
    service = next(each for each in SERVICES if each.name == "Surge")
    assert not holds_nothing(service, page("project not found " + "x" * 200_000))


@given(st.binary(max_size=300))
def test_hostile_pages_never_raise(body: bytes) -> None:
    shown = Response("https://d.example/", 404, (), body, "192.0.2.1", NOW)
    for service in SERVICES:
        holds_nothing(service, shown)
