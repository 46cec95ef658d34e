"""Addresses out of other people's hands: what they mean, and that nothing odd gets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.rules.web.urls import ascii_host, host_of, origin_of, port_of, web_url

BASE = "https://harbor.example/a/b?c"
MEANINGS = {
    "https://Harbor.EXAMPLE": "https://harbor.example/",
    "HTTP://harbor.example:80/x": "http://harbor.example/x",
    "https://harbor.example:8443/x#part": "https://harbor.example:8443/x",
    "/new": "https://harbor.example/new",
    "new": "https://harbor.example/a/new",
    "?q=1": "https://harbor.example/a/b?q=1",
    "//www.harbor.example": "https://www.harbor.example/",
    "https://user:secret@harbor.example/": "https://harbor.example/",
    "https://bücher.example/ü ä": "https://xn--bcher-kva.example/%C3%BC%20%C3%A4",
    "https://harbor.example./": "https://harbor.example/",
    "https://[2001:DB8::1]:444/": "https://[2001:db8::1]:444/",
    "http://192.0.2.1": "http://192.0.2.1/",
    "ht\ntps://harbor.example/\r\nX: 1": "https://harbor.example/X:%201",
    "%zz": "https://harbor.example/a/%zz",
}
NO_MEANING = (
    "mailto:a@harbor.example",
    "javascript:alert(1)",
    "ftp://harbor.example/",
    "https://",
    "https:///x",
    "https://a b/",
    "https://-a.example/",
    "https://a..example/",
    "https://[::1",
    "https://harbor.example:99999/",
    "https://harbor.example:0/",
    "https://" + "a" * 64 + ".example/",
    "https://harbor.example/" + "a" * 9000,
)


@pytest.mark.parametrize("text", MEANINGS)
def test_what_an_address_means(text: str) -> None:
    assert web_url(text, BASE) == MEANINGS[text]


@pytest.mark.parametrize("text", NO_MEANING)
def test_what_is_no_web_address(text: str) -> None:
    assert web_url(text, BASE) is None


@given(st.text(max_size=200), st.sampled_from(["", BASE, "http://[::1]/"]))
def test_whatever_comes_out_is_fit_to_ask(text: str, base: str) -> None:
    url = web_url(text, base)
    if url is not None:
        assert url.isascii()
        assert url.isprintable()
        assert " " not in url
        assert url.startswith(("http://", "https://"))
        assert ascii_host(host_of(url)) == host_of(url)
        assert 0 < port_of(url) < 65536
        assert url.startswith(origin_of(url) + "/")
        assert web_url(url) == url
