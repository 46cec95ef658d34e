"""The settings that document 04 lists: what each must be, who can tell, and where it is changed."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.content import items


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the edge.

    `click` is the place in Cloudflare's console, `step` the name of the steps at a hosting
    platform that does the same. `facts` pairs checks with the facts in which the edge itself told
    the value. `item` is the one that the setting belongs to; `asked` is true where that item's
    question is about this very setting, so that its answer stands in for what we did not see.
    """

    name: str
    required: str
    click: str
    checks: tuple[str, ...]
    item: str
    asked: bool = False
    step: str = ""
    facts: tuple[tuple[str, str], ...] = ()


SETTINGS = (
    Setting(
        "Traffic goes through the edge",
        "The cloud is orange for each web address. Mail records stay grey.",
        "DNS, Records, Proxy status",
        ("edge.proxied",),
        items.EDGE,
        asked=True,
    ),
    Setting(
        "Safe connection to your own server",
        "Full (strict).",
        "SSL/TLS, Overview",
        ("edge.ssl-mode",),
        items.EDGE_ENCRYPTION,
        asked=True,
        facts=(("edge.ssl-mode", "mode"),),
    ),
    Setting(
        "Plain http leads to https",
        "On. Each address answers http with a move for good to its own https.",
        "SSL/TLS, Edge Certificates, Always Use HTTPS",
        ("http.https",),
        items.MAIN_ADDRESS,
        step="force-https",
        facts=(("edge.security", "always_https"),),
    ),
    Setting(
        "Browsers come by https alone (HSTS)",
        "On, for 180 days or longer.",
        "SSL/TLS, Edge Certificates, HTTP Strict Transport Security (HSTS)",
        ("http.hsts",),
        items.MAIN_ADDRESS,
    ),
    Setting(
        "One address for the site",
        "With or without www, people end on the same address.",
        "Rules, Redirect Rules",
        ("http.canonical",),
        items.MAIN_ADDRESS,
        asked=True,
        step="primary-domain",
    ),
    Setting(
        "Oldest safe connection (TLS)",
        "1.2 or newer.",
        "SSL/TLS, Edge Certificates, Minimum TLS Version",
        ("tls.versions",),
        items.EDGE,
        facts=(("edge.security", "min_tls"),),
    ),
    Setting(
        "Security level",
        "Medium or higher. The defence against floods of visits (DDoS) stays on.",
        "Security, Settings",
        ("edge.security",),
        items.EDGE,
        facts=(("edge.security", "level"),),
    ),
    Setting(
        "Private pages are never stored",
        "Pages of signed-in people say `private` or `no-store`, and the edge keeps none of them.",
        "Caching, Cache Rules",
        ("edge.private-cache",),
        items.PRIVATE_PAGES,
        asked=True,
    ),
    Setting(
        "Rules about what is stored",
        "The paths of private pages bypass the cache.",
        "Caching, Cache Rules",
        ("edge.cache-rules",),
        items.PRIVATE_PAGES,
    ),
)
