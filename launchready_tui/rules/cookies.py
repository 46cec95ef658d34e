"""Cookies carried along one walk of redirects, as a browser would (RFC 6265 5.3, 5.4).

Some sites set a cookie and send the visitor back to the same page. Without the cookie that looks
like a loop, and is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from launchready_tui.facts import Response
from launchready_tui.rules.urls import host_of

# (domain, whether it is for this host alone, name) -> value
Jar = Mapping[tuple[str, bool, str], str]

_PAIR = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,128})=\"?([!#-+\--:<-\[\]-~]{0,2048})\"?")


def carry(jar: Jar, response: Response, limit: int) -> Jar:
    """The jar after this response. Cookies for domains that are not the host's own are ignored."""
    kept = dict(jar)
    host = host_of(response.url)
    for key, value in response.headers:
        if key.lower() != "set-cookie":
            continue
        first, *attributes = (part.strip() for part in value.split(";"))
        pair = _PAIR.fullmatch(first)
        domain = _domain(attributes)
        if pair is None or not _within(host, domain or host):
            continue
        place = (domain or host, not domain, pair[1])
        if place in kept or len(kept) < limit:
            kept[place] = pair[2]
    return kept


def cookie_header(jar: Jar, url: str) -> str:
    """What a browser would send to this address; empty when it would send nothing."""
    host = host_of(url)
    return "; ".join(
        f"{name}={value}"
        for (domain, exact, name), value in jar.items()
        if (host == domain if exact else _within(host, domain))
    )


def _domain(attributes: list[str]) -> str:
    """The last Domain attribute's value (RFC 6265 5.2.3), without its leading dot."""
    pairs = [attribute.partition("=")[::2] for attribute in attributes]
    named = [value for key, value in pairs if key.strip().lower() == "domain"]
    return named[-1].strip().lstrip(".").lower() if named else ""


def _within(host: str, domain: str) -> bool:
    return host == domain or ("." in domain and host.endswith(f".{domain}"))
