"""Cookies as browsers read and keep them (RFC 6265 5.3 and 5.4; SameSite and prefixes: 6265bis).

Some sites set a cookie and send the visitor back to the same page. Without the cookie that looks
like a loop, and is none: so a walk carries the cookies that it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.rules.web.urls import host_of
from launchready_tui.vocabulary.facts import Response

# (domain, whether it is for this host alone, name) -> value
Jar = Mapping[tuple[str, bool, str], str]
SameSite = Literal["", "strict", "lax", "none"]

_PAIR = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,128})=\"?([!#-+\--:<-\[\]-~]{0,2048})\"?")
_SAME_SITE: Mapping[str, SameSite] = {"strict": "strict", "lax": "lax", "none": "none"}


@dataclass(frozen=True, slots=True)
class Cookie:
    """One Set-Cookie header. `host` sent it; `domain` is empty when it is for that host alone.

    `same_site` is empty when it was not given, or says something that browsers do not know.
    """

    name: str
    value: str
    host: str
    domain: str = ""
    path: str = ""
    secure: bool = False
    http_only: bool = False
    same_site: SameSite = ""
    removes: bool = False  # it ends at once: the server takes an old cookie back

    @property
    def is_kept(self) -> bool:
        """Whether a browser keeps it: a Domain must hold the host that sets it (5.3, step 6)."""
        return _within(self.host, self.domain or self.host)

    def goes_to(self, host: str) -> bool:
        """Whether a browser that kept it sends it to this host (5.4)."""
        return _within(host, self.domain) if self.domain else host == self.host

    @property
    def keeps_its_prefix(self) -> bool:
        """Whether it does what its name promises; browsers drop it else (6265bis 4.1.3)."""
        name = self.name.lower()
        if name.startswith("__host-"):
            return self.secure and not self.domain and self.path == "/"
        return self.secure or not name.startswith("__secure-")


def cookies(response: Response) -> tuple[Cookie, ...]:
    """The cookies that a response sets, in its order; what no browser could read is left out."""
    host = host_of(response.url)
    values = (value for key, value in response.headers if key.lower() == "set-cookie")
    return tuple(found for value in values if (found := _cookie(value, host)) is not None)


def carry(jar: Jar, response: Response, limit: int) -> Jar:
    """The jar after this response. Cookies for domains that are not the host's own are ignored."""
    kept = dict(jar)
    for cookie in cookies(response):
        place = (cookie.domain or cookie.host, not cookie.domain, cookie.name)
        if cookie.removes:
            kept.pop(place, None)
        elif cookie.is_kept and (place in kept or len(kept) < limit):
            kept[place] = cookie.value
    return kept


def cookie_header(jar: Jar, url: str) -> str:
    """What a browser would send to this address; empty when it would send nothing."""
    host = host_of(url)
    return "; ".join(
        f"{name}={value}"
        for (domain, exact, name), value in jar.items()
        if (host == domain if exact else _within(host, domain))
    )


def _cookie(header: str, host: str) -> Cookie | None:
    first, *attributes = (part.strip() for part in header.split(";"))
    pair = _PAIR.fullmatch(first)
    if pair is None:
        return None
    said = dict(_attributes(attributes))  # the last of a name counts (5.3)
    path = said.get("path", "")
    return Cookie(
        name=pair[1],
        value=pair[2],
        host=host,
        domain=said.get("domain", "").lstrip(".").lower(),
        path=path if path.startswith("/") else "",
        secure="secure" in said,
        http_only="httponly" in said,
        same_site=_SAME_SITE.get(said.get("samesite", "").lower(), ""),
        removes=_ends_at_once(said),
    )


def _ends_at_once(said: Mapping[str, str]) -> bool:
    """Max-Age of nothing, or an Expires in 1970, as servers write it; Max-Age comes first (5.3)."""
    age = said.get("max-age", "")
    if re.fullmatch(r"-?[0-9]{1,15}", age):
        return int(age) <= 0
    return bool(re.search(r"[ -](1970|70) ", said.get("expires", "")))


def _attributes(parts: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Name (lower case) and value of each attribute (5.2)."""
    for part in parts:
        key, _, value = part.partition("=")
        yield key.strip().lower(), value.strip()


def _within(host: str, domain: str) -> bool:
    return host == domain or ("." in domain and host.endswith(f".{domain}"))
