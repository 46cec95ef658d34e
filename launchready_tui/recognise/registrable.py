"""Which part of a name somebody registered, by the Public Suffix List as it came with the package.

Nothing is fetched. The list's first part holds what registries offer ("co.uk"), its second what
companies give to their customers ("github.io").
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@cache
def registrable(name: str) -> str:
    """The domain that somebody registered, of this name; the name itself where there is none."""
    return _suffixes(only_icann=False).privatesuffix(name) or name


def is_registrable(domain: str) -> bool:
    """Whether this is a domain that somebody registered, and not a host below one."""
    return registrable(domain) == domain


@cache
def at_a_registry(name: str) -> str:
    """The domain of this name that a registry knows; empty below a platform's own name."""
    known = _suffixes(only_icann=True).privatesuffix(name)
    return known if known and known == registrable(name) else ""


@cache
def is_public_suffix(domain: str) -> bool:
    """Whether names below it belong to many owners ("com", "co.uk", "pages.dev").

    Browsers refuse cookies for these (RFC 6265 5.3, step 5).
    """
    return bool(domain) and bool(_suffixes(only_icann=False).is_public(domain))


@cache
def _suffixes(*, only_icann: bool) -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=only_icann)
