"""Which cookie keeps somebody signed in, and whether it reaches the place where they land.

A cookie is known by its name alone: that of a framework or a sign-in service, or one that says
"session". Nobody signs in for this, so a cookie that comes after the password stays unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal

from launchready_tui.rules.web.cookies import Cookie

Fault = Literal[
    "public-suffix",
    "wrong-host",
    "none-without-secure",
    "broken-prefix",
    "no-same-site",
    "strict",
    "not-secure",
    "readable",
]
# The worst first; from "no-same-site" on, people can still sign in.
ORDER: tuple[Fault, ...] = (
    "public-suffix",
    "wrong-host",
    "none-without-secure",
    "broken-prefix",
    "strict",
    "no-same-site",
    "not-secure",
    "readable",
)

# Express, PHP, Java, ASP.NET, Laravel, WordPress, Auth0, SuperTokens, WorkOS and Supabase.
_KNOWN = re.compile(
    r"connect\.sid|phpsessid|jsessionid|asp\.net_sessionid|\.aspnetcore\.(cookies|session"
    r"|identity\.application)|laravel_session|ci_session|wordpress_logged_in_\w+|appsession"
    r"|saccesstoken|srefreshtoken|wos-session|sb-[\w-]+-auth-token(\.\d)?",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"session|(^|[._-])(sess|sid|auth|authtoken|token|jwt|access_?token|id_?token|refresh_?token"
    r"|login|logged_?in|identity|remember_?(me|token)?)([._-]|\d*$)",
    re.IGNORECASE,
)
# What a sign-in page sets beside the session, and what counts visits under a like name.
_OTHERS = re.compile(
    r"csrf|xsrf|(^|[._-])(state|nonce|pkce|verifier|callback|callback-url|flow|tx|device"
    r"|redirect|hint|test)([._-]|$)|^_ga|^_gid|^_hj|^ai_session|^_pk_|^ph_|^ajs_|^amp_|^mp_"
    r"|^intercom-|^__cf|^cf_|^aws"
    # What identity providers keep for themselves while somebody signs in: Keycloak, Auth0, Ory.
    r"|^auth_session_id|^keycloak|^kc_|^auth0(_|$)|^ory_|^idsrv",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^__(host|secure)-", re.IGNORECASE)


def is_session(name: str) -> bool:
    """Whether a cookie of this name keeps a sign-in, as far as a name can tell."""
    bare = _PREFIX.sub("", name)
    if _OTHERS.search(bare):
        return False
    return bool(_KNOWN.fullmatch(bare) or _SAYS_SO.search(bare))


def fault(
    cookies: Iterable[Cookie],
    lands_on: str,
    *,
    external: bool,
    is_public_suffix: Callable[[str], bool],
) -> tuple[Cookie, Fault] | None:
    """The worst that is wrong with these session cookies, and with which; None when all is well.

    `lands_on` is the host where sign-in ends, `external` whether a service of somebody else signs
    people in: they come back from another site then, and a Strict cookie stays at home.
    Browsers refuse cookies for a whole public suffix (RFC 6265 5.3, step 5).
    """
    found = tuple(cookies)
    arrived = {each.name for each in found if each.is_kept and each.goes_to(lands_on)}
    wrong = [
        (each, name)
        for each in found
        for name in _faults(
            each,
            each.name in arrived,
            external=external,
            refused=each.domain != each.host and is_public_suffix(each.domain),
        )
    ]
    return min(wrong, key=lambda pair: ORDER.index(pair[1]), default=None)


def _faults(cookie: Cookie, arrives: bool, *, external: bool, refused: bool) -> Iterable[Fault]:
    if refused:
        yield "public-suffix"
    elif not arrives:
        yield "wrong-host"
    if cookie.same_site == "none" and not cookie.secure:
        yield "none-without-secure"
    if not cookie.keeps_its_prefix:
        yield "broken-prefix"
    if not cookie.same_site:
        yield "no-same-site"
    if cookie.same_site == "strict" and external:
        yield "strict"
    if not cookie.secure:
        yield "not-secure"
    if not cookie.http_only:
        yield "readable"
