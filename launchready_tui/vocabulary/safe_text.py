"""Cleans text from outside, keeps secrets off the screen and out of the file, names hosts.

Outside text (DNS records, headers, page titles, files) is written by strangers: it goes through
`clean` before it is shown. Text that is stored goes through `secret_kind` first; text that may
hold a secret goes through `redact` before `clean` cuts it, or half a key could slip through.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata

from launchready_tui.vocabulary.errors import UserError
from launchready_tui.vocabulary.secret_shapes import secrets

HIDDEN = "\N{REPLACEMENT CHARACTER}"
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def clean(text: str, limit: int = 2000) -> str:
    """Text that is safe to show, at most `limit` characters long; a cut is shown as "…".

    NFC. Control, format, surrogate, private-use and line-separator characters (Unicode Cc, Cf,
    Cs, Co, Zl, Zp) become U+FFFD. A newline stays, CR LF becomes one, a tab becomes a space.
    """
    # NFC never needs more than four characters to make one: bound the work before it starts.
    text = unicodedata.normalize("NFC", text[: limit * 4 + 4])
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\t", " ")
        text = "".join(_shown(letter) for letter in text)
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"[:limit]


def clean_line(text: str, limit: int = 300) -> str:
    """As `clean`, on one line: newlines and runs of spaces become one space."""
    return clean(" ".join(clean(text, limit * 4).split()), limit)


def _shown(letter: str) -> str:
    if letter == "\n" or letter.isprintable():
        return letter
    return HIDDEN if unicodedata.category(letter) in _UNSAFE else letter


def secret_kind(text: str) -> str | None:
    """What kind of secret the text holds ("a Stripe secret key"), or None.

    Public things are no secrets: DKIM and other public keys, SPF, publishable keys, a Supabase
    "anon" token, hashes, UUIDs, commit ids, and the place where a password is kept.
    """
    return next((kind for kind, _ in secrets(text)), None)


def redact(text: str) -> str:
    """The text with every secret-shaped part as "[hidden: a Stripe secret key]"."""
    done = 0
    parts: list[str] = []
    for kind, (start, end) in sorted(secrets(text), key=lambda found: found[1]):
        if start >= done:
            parts += (text[done:start], f"[hidden: {kind}]")
        done = max(done, end)
    return "".join(parts) + text[done:] if parts else text


class BadHost(UserError, ValueError):
    """What a person typed is not the name of a host; the message says why and what to type."""


_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")


def host_name(text: str) -> str:
    """The lower-case A-label of a host that a person typed, without the last dot.

    Names in other scripts are mapped by UTS 46 and encoded by IDNA 2008 (RFC 5891). Raises
    `BadHost` for anything that is not one full name: an address, a link, two names, no dot.
    """
    name = text.strip()
    shown = clean_line(name, 60)
    if not name:
        raise BadHost("There is no name yet. Type a domain such as example.com.")
    _refuse_other_things(name, shown)
    if len(name) > 300:
        raise BadHost("The name is too long. A full name holds 253 letters at most.")
    name = name.lower() if name.isascii() else _to_ascii(name, shown)
    name = name.removesuffix(".")
    labels = name.split(".")
    if len(labels) < 2:
        raise BadHost(f"“{shown}” has no dot. Type the full name, such as {_example(labels[0])}.")
    if not all(labels):
        raise BadHost(f"“{shown}” has two dots in a row, or starts with one. Take one out.")
    if len(name) > 253 or any(len(label) > 63 for label in labels):
        raise BadHost("The name is too long. Each part between dots holds 63 letters at most.")
    for label in labels:
        _check_label(label, shown)
    if not labels[-1].startswith("xn--") and not (labels[-1].isalpha() and len(labels[-1]) > 1):
        raise BadHost(f"“{shown}” is not a domain. Its end should be like .com or .org.")
    return name


def _refuse_other_things(name: str, shown: str) -> None:
    """Things that people paste instead of a host, each with the words that help."""
    if "://" in name or name.startswith("//"):
        part = re.split(r"[/?#]", name.split("//", 1)[1], maxsplit=1)[0].rpartition("@")[2]
        raise BadHost(f"That is a web address. Type only the name in it{_such_as(part)}.")
    if any(letter.isspace() for letter in name):
        raise BadHost(f"“{shown}” holds a space. Type one name at a time, such as example.com.")
    if _is_address(name):
        raise BadHost(f"“{shown}” is an IP address. Type the name that people use, with letters.")
    if "@" in name:
        part = name.rpartition("@")[2]
        raise BadHost(f"That is an email address. Type the part after the @{_such_as(part)}.")
    if re.search(r"[/?#\\]", name):
        part = re.split(r"[/?#\\]", name, maxsplit=1)[0]
        raise BadHost(f"That is the address of a page. Type only the name{_such_as(part)}.")
    if ":" in name:
        part = name.partition(":")[0]
        raise BadHost(f"Leave out the “:” and what follows it. Type only the name{_such_as(part)}.")
    if "*" in name:
        raise BadHost("A name with * stands for many hosts. Type one of them in full.")


def _such_as(part: str) -> str:
    """ ": example.com" when the part is itself a host, so that it can be copied; else nothing."""
    try:
        return f": {host_name(part.partition(':')[0])}"
    except BadHost:
        return ", such as example.com"


def _example(label: str) -> str:
    plain = _LABEL.match(label) and not label.startswith("xn--") and len(label) < 30
    return f"{label}.com" if plain else "example.com"


def _is_address(name: str) -> bool:
    for form in (name.strip("[]"), name.partition(":")[0], name.partition("/")[0]):
        try:
            ipaddress.ip_address(form)
        except ValueError:
            continue
        return True
    return False


def _to_ascii(name: str, shown: str) -> str:
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii").lower()
    except idna.IDNAError as error:
        if "too long" in str(error):
            raise BadHost("The name is too long. Each part holds 63 letters at most.") from error
        if "mpty" in str(error):
            raise BadHost(f"“{shown}” has two dots in a row, or starts with one.") from error
        raise BadHost(
            f"“{shown}” holds a sign that no host name can hold. Check it letter by letter."
        ) from error


def _check_label(label: str, shown: str) -> None:
    if "_" in label:
        raise BadHost(f"“{shown}” holds a “_”. The name of a host can't; type it without.")
    if not _LABEL.match(label):
        raise BadHost(
            f"“{shown}” is not a host name. Use letters, digits, dots and inner dashes only."
        )
    if label.startswith("xn--") and _unicode(label) is None:
        raise BadHost(f"“{shown}” does not spell a name: “xn--” must be followed by a real one.")


def _unicode(name: str) -> str | None:
    import idna

    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return None


def show_host(name: str) -> str:
    """The host as people read it: "bücher.example (xn--bcher-kva.example)"; others unchanged.

    Both forms stand there, because a name in another script can look like one that you trust.
    """
    name = clean_line(name)
    if "xn--" not in name:
        return name
    readable = _unicode(name)
    return f"{clean_line(readable)} ({name})" if readable and readable != name else name
