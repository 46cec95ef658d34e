"""The shapes of secrets: keys that give themselves away by how they start, and "password: xyz9".

Every pattern runs in linear time: it starts at a literal and its repeats are disjoint. The full
scanner of a repository's history is another thing; this gate guards what LaunchReady stores and
shows itself.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Shape:
    """One kind of secret: literals of which one must be there, a pattern, a second look.

    The part that is hidden is the group `value`, or the whole match. Patterns are compiled when
    their literal turns up: most never are.
    """

    kind: str
    literals: tuple[str, ...]
    pattern: str
    real: Callable[[re.Match[str]], bool] = lambda _match: True

    def spans(self, text: str) -> Iterator[Span]:
        if not any(literal in text for literal in self.literals):
            return
        pattern = re.compile(self.pattern)
        group = "value" if "value" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            if self.real(match):
                yield match.span(group)


def _mixed(match: re.Match[str]) -> bool:
    """Keys are random: one without any digit is a word that happens to look like a key."""
    return any(letter.isdigit() for letter in match[0])


def _not_anon(match: re.Match[str]) -> bool:
    """A Supabase token with the role "anon" is public by design; every other JWT signs in."""
    body = match["body"]
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (binascii.Error, UnicodeDecodeError, ValueError, RecursionError):
        return True
    return not (isinstance(claims, dict) and claims.get("role") == "anon")


def _real_password(match: re.Match[str]) -> bool:
    """A password in an address, unless it is a stand-in such as <password>, ${PASS} or ***."""
    return not _PLACEHOLDER.match(match["value"])


_PLACEHOLDER = re.compile(r"[<\[{$%(]|\*+$|\.+$|…|[xX]+$|•+|-+$|_+$")


def _shape(
    kind: str,
    literals: str,
    pattern: str,
    real: Callable[[re.Match[str]], bool] = lambda _match: True,
) -> _Shape:
    """A key that starts at a literal and is no part of a longer word."""
    return _Shape(kind, tuple(literals.split()), r"(?<![A-Za-z0-9])" + pattern, real)


_SHAPES = (
    _shape("a Stripe secret key", "sk_live_", r"sk_live_[0-9a-zA-Z]{16,}"),
    _shape("a Stripe restricted key", "rk_live_", r"rk_live_[0-9a-zA-Z]{16,}"),
    _shape("a Stripe test key", "sk_test_ rk_test_", r"[sr]k_test_[0-9a-zA-Z]{16,}"),
    _shape("a webhook signing secret", "whsec_", r"whsec_[0-9a-zA-Z+/=]{20,}", _mixed),
    _shape("an AWS access key", "AKIA ASIA", r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9+/=])"),
    _shape(
        "an AWS secret key",
        "ccess CCESS",
        r"(?i:[a-z_]{0,8}secret[ _.-]?access[ _.-]?key)[\"'\s:=]{1,6}"
        r"(?P<value>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _shape("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[0-9a-zA-Z]{30,}"),
    _shape("a GitHub token", "github_pat_", r"github_pat_[0-9a-zA-Z_]{22,}"),
    _shape("a GitLab token", "glpat-", r"glpat-[0-9a-zA-Z_-]{20,}"),
    _shape("a Slack token", "xox", r"xox[abeoprs]-[0-9a-zA-Z-]{10,}", _mixed),
    _shape("a Slack token", "xapp-", r"xapp-\d-[0-9a-zA-Z-]{20,}"),
    _shape(
        "a Slack webhook address",
        "hooks.slack.com/services/",
        r"hooks\.slack\.com/services/(?P<value>T[0-9A-Z]{6,20}/B[0-9A-Z]{6,20}/[0-9A-Za-z]{16,64})",
    ),
    _shape("a Google client secret", "GOCSPX-", r"GOCSPX-[0-9a-zA-Z_-]{20,}"),
    _shape(
        "a SendGrid key", "SG.", r"SG\.[0-9a-zA-Z_-]{16,32}\.[0-9a-zA-Z_-]{16,64}(?![\w-])", _mixed
    ),
    _shape("a Resend key", "re_", r"re_[0-9a-zA-Z]{6,12}_[0-9a-zA-Z]{16,32}(?!\w)", _mixed),
    _shape("a Mailgun key", "key-", r"key-[0-9a-f]{32}(?![0-9a-zA-Z])"),
    _shape("a Mailchimp key", "-us", r"[0-9a-f]{32}-us\d{1,2}(?!\w)"),
    _shape("a Brevo key", "xkeysib- xsmtpsib-", r"x(?:key|smtp)sib-[0-9a-f]{64}-[0-9a-zA-Z]{12,}"),
    _shape(
        "a Postmark token",
        "ostmark OSTMARK",
        r"(?i:postmark[^\n]{0,30}?token[^\n]{0,5}?)"
        r"(?P<value>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f-])",
    ),
    _shape("an Anthropic key", "sk-ant-", r"sk-ant-[0-9a-zA-Z_-]{20,}"),
    _shape(
        "an OpenAI key",
        "sk-",
        r"sk-(?:(?:proj|svcacct|admin|or-v1)-[0-9a-zA-Z_-]{20,}|[0-9a-zA-Z]{32,})",
        _mixed,
    ),
    _shape("a Supabase secret key", "sb_secret_", r"sb_secret_[0-9a-zA-Z_-]{16,}"),
    _shape("a Supabase token", "sbp_", r"sbp_[0-9a-f]{40}"),
    _shape("an npm token", "npm_", r"npm_[0-9a-zA-Z]{36}"),
    _shape("a PyPI token", "pypi-AgE", r"pypi-AgE[0-9a-zA-Z_-]{40,}"),
    _shape("a Shopify token", "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _shape("a DigitalOcean token", "_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    _shape("a Netlify token", "nfp_", r"nfp_[0-9a-zA-Z]{36,}"),
    _shape("a Sentry token", "sntry", r"sntry[su]_[0-9a-zA-Z+/=_]{40,}"),
    _shape("a PlanetScale password", "pscale_", r"pscale_(?:pw|tkn|oauth)_[0-9a-zA-Z_.-]{30,}"),
    _shape("a Hugging Face token", "hf_", r"hf_[0-9a-zA-Z]{34,}(?!\w)"),
    _shape("a Telegram bot token", ":AA", r"\d{8,10}:AA[0-9a-zA-Z_-]{33}(?![\w-])"),
    _shape(
        "a Discord webhook address",
        "/api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/\d{15,21}/(?P<value>[0-9a-zA-Z_-]{40,})",
    ),
    _shape("an age secret key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[0-9A-Z]{40,}"),
    _shape(
        "a two-factor seed",
        "otpauth://",
        r"otpauth://[^\s?]{0,300}\?(?:[^\s&]{0,200}&){0,9}secret=(?P<value>[A-Za-z2-7]{8,})",
    ),
    _Shape(
        "a sign-in token",
        ("eyJ",),
        r"(?<![0-9A-Za-z_-])eyJ[0-9A-Za-z_-]{8,}\.(?P<body>eyJ[0-9A-Za-z_-]{4,})"
        r"\.[0-9A-Za-z_-]{8,}",
        _not_anon,
    ),
    _Shape(
        "an address with a password in it",
        ("://",),
        r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s/:@\"'<>]{0,100}"
        r":(?P<value>[^\s/@\"'<>]{1,200})@[A-Za-z0-9\[]",
        _real_password,
    ),
)

_PEM = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_PEM_BODY = re.compile(r"(?:\\[rn]|[\s>]){0,8}(?:[A-Z][A-Za-z-]{2,20}: |[A-Za-z0-9+/=]{16})")


def _private_keys(text: str) -> Iterator[Span]:
    """Private keys in PEM or OpenPGP armour, to their END line or the end of the text."""
    end = 0
    for match in _PEM.finditer(text):
        if match.start() < end or not _PEM_BODY.match(text, match.end()):
            continue
        footer = text.find("-----END ", match.end())
        closed = text.find("-----", footer + 9) if footer >= 0 else -1
        end = closed + 5 if closed >= 0 else len(text)
        yield match.start(), end


# "password: xyz9": a word for a secret, a sign, and a value that no sentence would hold there.
_ASSIGNED = re.compile(
    r"(?i)(?<![a-z0-9])(?:"
    r"(?P<strict>pass(?:word|phrase|code|wd)?|pwd|pin|pass|passwort|kennwort|contraseña|senha"
    r"|mot de passe)"
    r"|(?:client|shared|signing|session|jwt|app)?[ _-]?secret(?:[ _-]?(?:access[ _-]?)?key)?"
    r"|(?:api|private|encryption|signing|master|service|access|auth|license)[ _-]?key"
    r"|(?:access|auth|api|bearer|bot|server|refresh|deploy|personal|account)?[ _-]?token"
    r"|bearer|recovery code"
    r")[\"'`]?(?:\s{0,3}(?:[:=]|=>|:=)|\s{1,3}(?:is|was|ist|est|es))\s{0,3}"
    r"[\"'`(]?(?P<value>[^\s\"'`,;()]{4,200})"
)
_ASSIGNED_WORDS = re.compile(
    r"(?i)pass|pwd|\bpin\b|wort|contrase|senha|secret|key|token|bearer|recovery code"
)
_SIGN = re.compile(r"[:=]|\s(?i:is|was|ist|est|es)\s")
# What may stand there in an honest note: a place, a method, a date, a link, a stand-in.
_NO_VALUE = re.compile(
    r"(?i)(?:"
    r"1pass\w*|1pw|bitwarden\w*|lastpass\w*|keepass\w*|dashlane\w*|nordpass\w*|proton\w*"
    r"|s3|kms|k8s|ec2|aws\w*|gcp|azure\w*|github\w*|gitlab\w*|oauth2?|auth0\w*|web3\w*|saml2?"
    r"|sha-?\d+|aes-?\d+|hmac\S*|[hrep]s\d{3}|ed25519|rsa-?\d*|argon2\w*|bcrypt|scrypt|pbkdf2|md5"
    r"|base64|x509|2fa|mfa|fido2|webauthn|passkeys?|totp|otp|yubikey\w*"
    r"|v?\d+(?:\.\d+)+|\d+(?:st|nd|rd|th|s|ms|m|min|h|hrs?|days?|d|x|%)|\d{1,2}:\d{2}(?::\d{2})?"
    r"|\d{4}-\d{2}-\d{2}(?:t[\d:.z+-]*)?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|\d{1,2}-?[a-z]{3,9}-?(?:\d{2,4})?|q[1-4]|[srp]\d(?:\.\w+)?"
    r"|(?:pk_(?:live|test)|sb_publishable|ey[ij])\S*|aiza\S*"
    r"|[a-z][a-z0-9+.-]{1,20}:\S*|[/~.\\]\S*|[#@][a-z_-]+|www\.\S+|[^@\s]+@[^@\s]+\.[a-z]{2,}"
    r"|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/:]\S*)?|[a-z][a-z0-9_.-]*[/\\]\S*"
    r"|\d+-[a-z]+|[\w.-]+[=>~]=\S*"
    r"|(?:process|import|os)\.\S*|env\S*|vault\S*|keychain\S*"
    r")$"
)


def _assigned(text: str) -> Iterator[tuple[str, Span]]:
    if not _SIGN.search(text) or not _ASSIGNED_WORDS.search(text):
        return
    for match in _ASSIGNED.finditer(text):
        value = match["value"].rstrip(".!?:…»]}")
        before = text[max(match.start() - 16, 0) : match.start()].lower()
        if len(value) < 4 or _PLACEHOLDER.match(value) or _NO_VALUE.match(value):
            continue
        if "verification" in before or "csrf" in before or "public" in before:
            continue  # tokens that anyone may see: DNS verification records, form tokens
        digits = sum(letter.isdigit() for letter in value)
        letters = sum(letter.isalpha() for letter in value)
        marks = sum(letter in "!@#$%^&*?~+=" for letter in value)
        strict = match["strict"] is not None
        if (digits and letters) or (strict and (digits == len(value) or (marks and letters))):
            start = match.start("value")
            yield "a password" if strict else "a secret value", (start, start + len(value))


_ANY_LITERAL = re.compile(
    "|".join(sorted({re.escape(literal) for shape in _SHAPES for literal in shape.literals}))
)


def sure_secrets(text: str) -> Iterator[tuple[str, Span]]:
    """Kind and place of every secret whose own shape gives it away, in no order."""
    for span in _private_keys(text):
        yield "a private key", span
    if not _ANY_LITERAL.search(text):
        return  # most texts: one look instead of one for each shape
    for shape in _SHAPES:
        for span in shape.spans(text):
            yield shape.kind, span


def secrets(text: str) -> Iterator[tuple[str, Span]]:
    """As `sure_secrets`, and values that stand after a word such as "password:"."""
    yield from sure_secrets(text)
    yield from _assigned(text)
