"""Web addresses out of other people's hands: read, resolved and made fit to ask (RFC 3986)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import quote, urljoin, urlsplit

import idna

MAX_LENGTH = 8000  # RFC 9110 4.1 asks everyone to support this much
_LABELS = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_NO_PLACE = re.compile(r"[a-zA-Z]+://(/|$)")  # a scheme and then no host: a slip in a setting
_SAFE = "%/:@!$&'()*+,;=~?-._[]"
_PORTS = {"http": 80, "https": 443}


def web_url(text: str, base: str = "") -> str | None:
    """The absolute http or https address that this text means; None when it means no such thing.

    `base` is the page that it stands on. The host comes out as an A-label in lower case; user
    names and fragments are dropped, and characters that may not stand in a request are escaped.
    """
    raw = "".join(char for char in text.strip() if char >= " ")
    if len(raw) > MAX_LENGTH or _NO_PLACE.match(raw):
        return None
    try:
        parts = urlsplit(urljoin(base, raw))
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or host is None or port == 0:
        return None
    place = f"[{host}]" if ":" in host else host
    if port not in (None, _PORTS[parts.scheme]):
        place = f"{place}:{port}"
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return f"{parts.scheme}://{place}{quote(parts.path, safe=_SAFE) or '/'}{query}"


def ascii_host(text: str) -> str | None:
    """A host name as lower-case A-labels, or an IP address; None when it is neither."""
    host = text.rstrip(".").lower()
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return None
    return host if len(host) <= 253 and _LABELS.fullmatch(host) else None


def host_of(url: str) -> str:
    """The host of an address that `web_url` made."""
    return urlsplit(url).hostname or ""


def port_of(url: str) -> int:
    """The port of an address that `web_url` made, the usual one where none is written."""
    parts = urlsplit(url)
    return parts.port or _PORTS[parts.scheme]


def scheme_of(url: str) -> str:
    """What stands before the first colon."""
    return url.partition(":")[0]


def origin_of(url: str) -> str:
    """Scheme, host and port of an address that `web_url` made (RFC 6454)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
