"""Harbor Market as it should be: a made-up marketplace that every check finds in order.

Addresses are from the documentation ranges (RFC 5737, RFC 3849), so no lab host is anybody's.
The zones of the providers hold what the founder's records lead to there, and no more.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from launchready_tui.lab import cloudflare, post, registry
from launchready_tui.lab.pages import (
    IMAGE,
    IMAGE_PATH,
    NOT_FOUND_PAGE,
    SCRIPT,
    SCRIPT_PATH,
    STYLE,
    STYLE_PATH,
    page,
)
from launchready_tui.lab.scenario import (
    SESSION,
    Certificate,
    Endpoint,
    Made,
    Reply,
    Scenario,
    Site,
    zone,
)
from launchready_tui.lab.source import healthy_source

DOMAIN = "harbor.example"
SELECTOR = "20261101pm"
PREVIEW = "harbor-preview.pages-host.example"
ISSUER_HOST = "ca.harbor-ca.example"
ISSUER_PATH = "/intermediate.der"
DASHBOARD = f"https://app.{DOMAIN}/dashboard"
WEB_HOSTS = (DOMAIN, f"www.{DOMAIN}", f"app.{DOMAIN}", f"api.{DOMAIN}", f"admin.{DOMAIN}",
             f"docs.{DOMAIN}")  # fmt: skip

# Public halves of two RSA-2048 keys whose private halves were thrown away.
GOOGLE_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA7kgDDUhasmLS/lPuoDh42BK1fMg4fndDBt"
    "hAGWld7aLT7GlinGcc9nXExNXBfRyyHV/umFcpKaufvuCI9Dulxfd42MWS6Ff3/KV/WTCvdvS9VOBr"
    "E+BADklppml496kEnGw4I6ntQnbOZE3Xs9gsW+Z8FHhAScozgg0HnA3EKjrnWywC/ae0nqhdEutCcK"
    "ncJOyJaKIWlWuvxrhiR2Rp5uIXJkN/Ql/ztOf3nbPCP7MuDTSJ2s/WhzarX8702RJKjy/5g9JIvNqf"
    "/mHKbKAc9Nc7OAoiPOQTDDLxu3FxHmHWzBeSABDS5tGVdI7cen1tn57EYHKQHgJe3bFRwVLl2QIDAQAB"
)
POSTMARK_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAorfA1Qi6QShyEjXUVxAv/TA8JTWrX5v0mA"
    "kgxG6coKMd62jej5out5JIVFQUNLqO7wdNov25uk2IjJ+IZ0TZuILlI+S7cKPihak6KXW71M8sJ/UZ"
    "UdY13TvetnvIRZ/cjSvpfIaMcnc698to8CmGUHQnHDpldeyAb7U0FG2LcLPtfUUxKr+8WKgF3kpkHZ"
    "bHDyngWLICj2hgnHxaWbTw4kQ3iAvQ7QjfMjJBe0e+9LRa09Lyf6icxH/7s6drjg4JXH86N551AcId"
    "qnQv1KMra5EWYoqfmVpub2ziLogUTiWp1DkUSuKtkE+OSmZl5IOnbJfDH94J0uwKkw/wR3pn2QIDAQAB"
)

ROOT = zone(
    "",
    """
    @ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
    @ 300 NS ns.root.example.
    example 300 NS ns.root.example.
    ns.root.example 300 A 192.0.2.1
    """,
)
TOP = zone(
    "example",
    """
    @ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
    @ 300 NS ns.root.example.
    ns.root 300 A 192.0.2.1
    rdap.root 300 A 192.0.2.81
    harbor 300 NS dana.ns.cloudflare.com.
    harbor 300 NS rob.ns.cloudflare.com.
    harbor-ca 300 NS ns.root.example.
    pages-host 300 NS ns.root.example.
    """,
)
HARBOR = zone(
    DOMAIN,
    f"""
    @ 300 SOA dana.ns.cloudflare.com. dns.cloudflare.com. 2026112001 10000 2400 604800 300
    @ 300 NS dana.ns.cloudflare.com.
    @ 300 NS rob.ns.cloudflare.com.
    @ 300 A 192.0.2.10
    @ 300 AAAA 2001:db8::10
    www 300 CNAME edge.harbor.example.
    edge 300 A 192.0.2.11
    app 300 A 192.0.2.20
    api 300 A 192.0.2.30
    admin 300 A 192.0.2.40
    docs 300 A 192.0.2.50
    @ 300 MX 1 smtp.google.com.
    @ 300 TXT v=spf1 include:_spf.google.com -all
    google._domainkey 300 TXT v=DKIM1; k=rsa; p={GOOGLE_KEY}
    {SELECTOR}._domainkey 300 TXT v=DKIM1; k=rsa; p={POSTMARK_KEY}
    _dmarc 300 TXT v=DMARC1; p=quarantine; rua=mailto:dmarc@harbor.example
    pm-bounces 300 CNAME pm.mtasv.net.
    {post.SELECTOR}._domainkey 300 TXT v=DKIM1; k=ed25519; p={post.PUBLIC_KEY}
    _mta-sts 300 TXT v=STSv1; id=20261101
    _smtp._tls 300 TXT v=TLSRPTv1; rua=mailto:tls@harbor.example
    mta-sts 300 A 192.0.2.60
    """,
)
SECOND_SERVER = "198.51.100.53"  # of the domain's two name servers
CLOUDFLARE = zone(
    "cloudflare.com",
    f"""
    @ 300 SOA dana.ns.cloudflare.com. dns.cloudflare.com. 2026110101 10000 2400 604800 300
    @ 300 NS dana.ns.cloudflare.com.
    dana.ns 300 A 192.0.2.53
    rob.ns 300 A {SECOND_SERVER}
    api 300 A 192.0.2.81
    """,
)
ISSUER = zone(
    "harbor-ca.example",
    """
    @ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
    @ 300 NS ns.root.example.
    ca 300 A 192.0.2.80
    """,
)
PREVIEWS = zone(
    "pages-host.example",
    """
    @ 300 SOA ns.root.example. admin.root.example. 2026110101 7200 3600 1209600 60
    @ 300 NS ns.root.example.
    harbor-preview 300 A 192.0.2.90
    """,
)
GOOGLE = zone(
    "google.com",
    """
    @ 300 SOA ns1.google.com. dns-admin.google.com. 2026110101 900 900 1800 60
    @ 300 NS ns1.google.com.
    ns1 300 A 203.0.113.53
    smtp 300 A 203.0.113.25
    _spf 300 TXT v=spf1 include:_netblocks.google.com include:_netblocks2.google.com ~all
    _netblocks 300 TXT v=spf1 ip4:203.0.113.0/28 ~all
    _netblocks2 300 TXT v=spf1 ip6:2001:db8:25::/48 ~all
    """,
)
POSTMARK = zone(
    "mtasv.net",
    """
    @ 300 SOA ns1.mtasv.net. hostmaster.mtasv.net. 2026110101 7200 3600 1209600 60
    @ 300 NS ns1.mtasv.net.
    ns1 300 A 203.0.113.54
    pm 300 A 203.0.113.40
    pm 300 MX 10 inbound.mtasv.net.
    pm 300 TXT v=spf1 include:spf.mtasv.net ~all
    inbound 300 A 203.0.113.41
    spf 300 TXT v=spf1 ip4:203.0.113.40/29 ~all
    """,
)

# The edge in front of every host, as its answers show it.
EDGE = (("cf-ray", "9a1b2c3d4e5f6071-AMS"), ("cf-cache-status", "DYNAMIC"))
HSTS = ("Strict-Transport-Security", "max-age=31536000")
HTML = ("Content-Type", "text/html; charset=utf-8")
JSON = ("Content-Type", "application/json")
FRESH = ("Cache-Control", "no-cache")
SHARED = ("Cache-Control", "public, max-age=0, s-maxage=300, must-revalidate")
PRIVATE = ("Cache-Control", "private, no-store")
HELD = ("Cache-Control", "public, max-age=31536000, immutable")
NOT_INDEXED = ("X-Robots-Tag", "noindex")
GUEST = ("Set-Cookie", f"{SESSION[0]}=guest; Path=/; Secure; HttpOnly; SameSite=Lax")


def moved(to: str, status: int = 301, secure: bool = True) -> Reply:
    """A redirect; `{uri}` in `to` keeps the path."""
    hsts = (HSTS,) if secure else ()
    return Reply(status, (("Location", to), *hsts, FRESH, *EDGE))


def secure_redirect(host: str) -> Reply:
    """Plain http to https on the same host, as the edge's "always use HTTPS" does it."""
    return moved(f"https://{host}{{uri}}", secure=False)


def html(body: bytes, *headers: tuple[str, str], status: int = 200) -> Reply:
    """A page as the healthy world serves it, with HSTS and through its edge."""
    return Reply(status, (HTML, HSTS, *headers, *EDGE), body)


def json(body: bytes, *headers: tuple[str, str], status: int = 200) -> Reply:
    """A JSON answer as the healthy world serves it, with HSTS and through its edge."""
    return Reply(status, (JSON, HSTS, *headers, *EDGE), body)


def home() -> Reply:
    """The home page; its canonical link names the bare domain, whichever host serves it."""
    return html(page("home"), SHARED)


def asset(kind: str, body: bytes, *, packed: bool = False) -> Reply:
    """A file that a page loads, kept for a year."""
    return Reply(200, (("Content-Type", kind), HSTS, HELD, *EDGE), body, packed=packed)


ASSETS = {
    STYLE_PATH: asset("text/css", STYLE, packed=True),
    SCRIPT_PATH: asset("text/javascript", SCRIPT, packed=True),
    IMAGE_PATH: asset("image/webp", IMAGE),
}


def _sites() -> tuple[Site, ...]:
    missing = html(NOT_FOUND_PAGE, FRESH, status=404)
    apex, www, app, api, admin, docs = WEB_HOSTS

    def site(host: str, pages: dict[str, Reply], default: Reply = missing) -> Site:
        return Site(host, Certificate((host,)), pages, {}, default, secure_redirect(host))

    no_route = json(b'{"error": "no such route"}\n', PRIVATE, status=404)
    sign_in = Reply(
        401,
        (HTML, HSTS, PRIVATE, NOT_INDEXED, ("WWW-Authenticate", 'Basic realm="staff"'), *EDGE),
        page("staff"),
    )
    return (
        site(
            apex,
            {
                "/": home(),
                "/sell": html(page("sell"), SHARED),
                "/pricing": html(page("pricing"), SHARED),
                "/sell-your-boat": moved(f"https://{apex}/sell"),
                "/prices": moved(f"https://{apex}/pricing"),
                **ASSETS,
                "/robots.txt": Reply(
                    200,
                    (("Content-Type", "text/plain"), HSTS, SHARED, *EDGE),
                    b"User-agent: *\nAllow: /\n",
                ),
            },
        ),
        Site(
            www,
            Certificate((www,)),
            https_default=moved(f"https://{apex}{{uri}}"),
            http_default=secure_redirect(www),
        ),
        site(
            app,
            {
                "/": html(page("app"), PRIVATE),
                "/sign-in": html(page("sign-in"), PRIVATE, GUEST),
                "/sign-up": html(page("sign-up"), PRIVATE),
                **{path: html(page("welcome"), PRIVATE) for path in post.LINKED},
                "/checkout": html(page("checkout"), PRIVATE),
                "/dashboard": replace(
                    moved(f"https://{app}/sign-in", 302).with_headers(PRIVATE),
                    signed_in=html(page("dashboard"), PRIVATE),
                ),
                **ASSETS,
            },
        ),
        site(
            api,
            {
                "/": json(b'{"service": "harbor-api", "version": "2026-11-20"}\n', PRIVATE),
                "/health": json(b'{"status": "ok"}\n', PRIVATE),
                "/v1/listings": json(
                    b'{"listings": [{"id": 7, "title": "Oak rowing boat", "price": 940}]}\n',
                    ("Cache-Control", "public, max-age=0, s-maxage=30"),
                ),
            },
            no_route,
        ),
        site(admin, {}, sign_in),
        site(docs, {"/": html(page("docs"), SHARED), **ASSETS}),
        site(PREVIEW, {"/": home().with_headers(NOT_INDEXED), **ASSETS}),
        site(
            f"mta-sts.{apex}",
            {
                "/.well-known/mta-sts.txt": Reply(
                    200,
                    (("Content-Type", "text/plain"), HSTS),
                    b"version: STSv1\nmode: enforce\nmx: smtp.google.com\nmax_age: 604800\n",
                )
            },
        ),
        *registry.sites(apex),
        cloudflare.api_site(apex, WEB_HOSTS),
        Site(
            ISSUER_HOST,
            http={
                ISSUER_PATH: Reply(200, (("Content-Type", "application/pkix-cert"),), Made.ISSUER)
            },
        ),
    )


@cache
def healthy() -> Scenario:
    """Harbor Market with nothing broken: no check may warn or fail on it."""
    return Scenario(
        (
            ROOT,
            TOP,
            HARBOR,
            CLOUDFLARE,
            ISSUER,
            PREVIEWS,
            GOOGLE,
            POSTMARK,
            registry.IANA,
            *post.ZONES,
        ),
        _sites(),
        endpoints=(Endpoint(cloudflare.ORIGIN, listens=False),),
        letters=post.letters(),
        source=healthy_source(),
    )
