"""The second look at a value whose shape fits: is it real, or a stand-in, a checksum that fails?

Every validator is a pure function of the value and of up to 400 bytes before and after it. It
answers whether the rule that names it may keep the value. Two rules may share a pattern and
differ in their validators: a Supabase token is a leak or public by design, as its role says.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import zlib
from collections.abc import Callable, Mapping

Validator = Callable[[bytes, bytes, bytes], bool]

AROUND = 400  # bytes before and after a value that a validator may see


def entropy(value: bytes) -> float:
    """Shannon entropy of a value's bytes, in bits a byte: 0 for none, at most 8."""
    size = len(value)
    if not size:
        return 0.0
    shares = (value.count(byte) / size for byte in set(value))
    return -sum(share * math.log2(share) for share in shares)


_STAND_IN = re.compile(
    rb"(?i)example|placeholder|redacted|change[_-]?me|replace[_-]?(?:me|with)|insert[_-]"
    rb"|dummy|xxxx|\*{3}|\.{3}|your[_-]|your(?:key|token|secret|api|pass)|fake[_-]|_here\b"
    rb"|0123456789|1234567890|abcdefghij|deadbeef|not[_-]?a[_-]?real|<|\$\{|\{\{"
)


def not_placeholder(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a value is no stand-in: YOUR_KEY, xxxx, 1234567890, one sign over and over."""
    if _STAND_IN.search(value):
        return False
    return len(value) < 12 or len(set(value[-12:])) > 3


def mixed(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a value holds letters and digits: words alone are names, digits alone numbers."""
    return bool(re.search(rb"[A-Za-z]", value)) and bool(re.search(rb"[0-9]", value))


def both_cases(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a value holds small and capital letters and a digit, as random text does."""
    return mixed(value) and value != value.lower() and value != value.upper()


def alone(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """As `both_cases`, and no piece of a longer run of base 64, where any letters may turn up."""
    return both_cases(value) and _no_piece(before, after)


def alone_small(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """As `alone`, for values in small letters: letters and digits are enough."""
    return mixed(value) and _no_piece(before, after)


def _no_piece(before: bytes, after: bytes) -> bool:
    return not before.endswith((b"+", b"/")) and not after.startswith((b"+", b"/", b"=", b"-"))


_DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def base62(number: int) -> bytes:
    """A number in GitHub's base 62 (digits, capitals, small letters), at least six places."""
    places = bytearray()
    while number:
        number, place = divmod(number, 62)
        places.append(_DIGITS[place])
    return bytes(reversed(places)).rjust(6, b"0")


def github_crc32(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether the last six signs are the CRC-32 of those after the prefix, in base 62.

    GitHub's tokens (ghp_, gho_, ghu_, ghs_, ghr_) and npm's (npm_) end so: "Behind GitHub's new
    authentication token formats", 5 April 2021. Longer ghs_ tokens have other forms.
    """
    body = value[value.find(b"_") + 1 :]
    return len(body) > 6 and base62(zlib.crc32(body[:-6])) == body[-6:]


def _decoded(part: bytes) -> bytes:
    """Base 64 of either alphabet, padded or not; empty when it is none."""
    part = part.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    try:
        return base64.b64decode(part + b"=" * (-len(part) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _object(part: bytes) -> dict[str, object]:
    """The JSON object in a part of a JWT; empty when there is none."""
    try:
        claims = json.loads(_decoded(part))
    except (ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _claims(value: bytes) -> dict[str, object]:
    parts = value.split(b".")
    return _object(parts[1]) if len(parts) == 3 and "alg" in _object(parts[0]) else {}


def jwt_role(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a JWT has the role `service_role`: it passes Supabase's row-level security by."""
    return _claims(value).get("role") in ("service_role", "supabase_admin")


def jwt_anon(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a JWT has the role `anon`: Supabase's key for browsers."""
    return _claims(value).get("role") == "anon"


# The subject of the token that jwt.io, RFC 7519 and most manuals show.
_SHOWN = ("1234567890", "joe", "user123", "test")


def jwt_any(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a JWT signs somebody in: it has claims, is no manual's example and not `anon`."""
    claims = _claims(value)
    if not claims or claims.get("role") == "anon" or claims.get("iss") == "joe":
        return False
    return claims.get("sub") not in _SHOWN and claims.get("name") != "John Doe"


_ARMOUR = re.compile(rb"-----[^-]{0,60}-----")
_HEADER = re.compile(rb"[A-Z][A-Za-z-]{2,20}: [^\n\\]{0,200}")
_OPENSSH = b"openssh-key-v1\0"


def _pem(value: bytes) -> bytes:
    """The base 64 between the armour of a key, without escapes, quotes and headers."""
    body = _ARMOUR.sub(b"", value)
    body = _HEADER.sub(b"", body)
    return re.sub(rb"\\[nrt]|[^A-Za-z0-9+/]", b"", body)


def _protected(value: bytes) -> bool:
    """Whether a passphrase guards the key: PKCS #8, the old header, or OpenSSH's cipher."""
    if b"ENCRYPTED" in value[:200]:
        return True
    head = _decoded(_pem(value)[:80])
    return head.startswith(_OPENSSH) and head[len(_OPENSSH) + 4 :][:4] != b"none"


def _keyed(value: bytes) -> bool:
    body = _pem(value[:20_000])
    if len(body) < 60 or entropy(body) < 4.2 or _STAND_IN.search(body):
        return False
    if b"PGP" in value[:40] or b"SSH2" in value[:40]:
        return True
    return body[:1] == b"M" or _decoded(body[:40]).startswith(_OPENSSH)


def pem_body(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a private key has a body (DER, OpenSSH or OpenPGP) that no passphrase guards."""
    return _keyed(value) and not _protected(value)


def pem_encrypted(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a private key has a body that a passphrase guards."""
    return _keyed(value) and _protected(value)


def pem_in_base64(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether base 64 holds a private key, as in a kubeconfig file or a host's settings."""
    inside = _decoded(value[: len(value) - len(value.rstrip(b"=")) or None][:24_000])
    inside = inside or _decoded(value[: len(value) // 4 * 4])
    return b"PRIVATE KEY-----" in inside[:80] and _keyed(inside)


_WEAK = frozenset(
    b"pass passwd password passw0rd pwd pw secret secrets root admin administrator postgres mysql "
    b"mariadb mongo mongodb redis rabbitmq guest user username test testing demo default dev "
    b"local hunter2 123 1234 12345 123456 12345678 qwerty letmein mypassword mypass "
    b"userpass dbpassword db_password my_password mysecretpassword supersecret p pass123 "
    b"password123 password1 foo bar baz foobar abc abc123 example token key string changeit "
    b"null none undefined value hidden".split()
)
_LOCAL = re.compile(
    rb"(?i)@(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal|hostname|host"
    rb"|[a-z0-9_-]*(?:\.local(?:host|domain)?|\.test)?(?::\d+|[/?\s\"'`\\]|$)"
    rb"|(?:[a-z0-9-]+\.)*example(?:\.(?:com|org|net)|\.?(?:[:/?\s\"'`\\]|$))"
    rb"|(?:[a-z0-9-]+\.)*(?:yourdomain|mydomain|domain)\.(?:com|tld))"
)


def _stand_in_password(password: bytes) -> bool:
    low = password.lower().strip(b"\\")
    if low in _WEAK or re.match(rb"[<\[{$%(:#]|[xX]+\\?$|[*._-]+\\?$|%s$", password):
        return True
    if re.search(rb"[${}<>]\w*|%\(|\bprocess\.|\bos\.", password) and re.search(
        rb"[$#]?\{|<\w|\$[A-Z_]{3}|%\(", password
    ):
        return True
    if re.search(rb"(?i)your|change_?me|placeholder|example|xxxx|password|redacted", low):
        return not _strong(password)
    return len(set(password)) < 3


def _strong(password: bytes) -> bool:
    """Whether a password looks random: 12 signs or more, mixed, and few of them twice."""
    kinds = (rb"[a-z]", rb"[A-Z]", rb"[0-9]", rb"[^A-Za-z0-9]")
    used = sum(1 for kind in kinds if re.search(kind, password))
    return len(password) >= 12 and used >= 2 and entropy(password) >= 3.2 and mixed(password)


def url_password(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether the password in an address is real: no stand-in, not the user's name again.

    At this machine, at example.com and at names without a dot (a service of Docker Compose) a
    password must look random too: those are mostly for trying things out.
    """
    if _stand_in_password(value):
        return False
    user = re.search(rb"/\\?/([^/:@\s]*):$", before)
    if user and user[1] and user[1].lower() == value.lower():
        return False
    return _strong(value) or not _LOCAL.match(after[:200])


def uuid(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a UUID is random (version 4) and not one of a manual's, which repeat themselves."""
    return len(set(value)) >= 9 and not re.match(rb"0{8}|1{8}|12345678|a{8}", value)


def aws_id(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether an AWS access key id is real: base 32, no example, not part of a signed link."""
    if not re.fullmatch(rb"A[A-Z]{3}[A-Z2-7]{16}", value) or b"EXAMPLE" in value:
        return False
    return not re.search(rb"(?i)(?:X-Amz-Credential|AWSAccessKeyId)(?:=|%3D)$", before)


_AWS_ID = re.compile(rb"(?:AKIA|ASIA)[A-Z2-7]{16}")


def aws_secret(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether 40 signs look like an AWS secret key: mixed, and no path or hash."""
    return both_cases(value) and b"EXAMPLE" not in value and value.count(b"/") < 6


def near_aws_id(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """As `aws_secret`, with an AWS access key id within 400 bytes: then it is certain."""
    return aws_secret(value) and bool(_AWS_ID.search(before) or _AWS_ID.search(after))


# The key of Microsoft's storage emulator, which every manual prints.
_EMULATOR = b"Eby8vdM02xNOcqFl"


def azure_key(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether an Azure storage key is not the one of the emulator, which is no secret."""
    return not value.startswith(_EMULATOR) and both_cases(value)


def after_digits(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether 8 to 10 digits and nothing else of a word stand before `:AA`, as for Telegram."""
    return bool(re.search(rb"(?:^|[^A-Za-z0-9])(?:bot)?[0-9]{8,10}:(?:AA)?$", before))


def discord_bot(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a token's first part is a Discord user id: 17 to 20 digits in base 64."""
    return bool(re.fullmatch(rb"[0-9]{17,20}", _decoded(value.split(b".")[0])))


def clerk_public(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether `pk_live_` or `pk_test_` is followed by a host name in base 64: Clerk's, not
    Stripe's."""
    return _decoded(value[8:]).rstrip(b"$").count(b".") >= 1 and b"$" in _decoded(value[8:])


def not_clerk_public(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """As the name says: what is left of `pk_live_` is Stripe's."""
    return mixed(value[8:]) and not clerk_public(value)


def basic_password(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether base 64 holds a name and a real password, as in `Authorization: Basic`."""
    user, colon, password = _decoded(value).partition(b":")
    if not colon or not password.isascii() or not user.isascii() or _stand_in_password(password):
        return False
    return len(password) >= 6 and user.lower() != password.lower()


def not_called_secret(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether no word before it calls a value secret or private: it may be a public half."""
    return mixed(value) and not re.search(rb"(?i)secret|private|server", before[-48:])


def not_called_search(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether no word before it calls a value a key for searching: Algolia's browser keys."""
    return mixed(value) and not re.search(rb"(?i)search|public|read", before[-48:])


# Values of names: what a program reads from elsewhere, or writes in public.
_PUBLIC_NAME = re.compile(
    rb"(?i)public|publish|anon|csrf|xsrf|site[_-]?key|client[_-]?id|search|verif|token[_-]?(?:type|"
    rb"name|uri|url|endpoint|expir|limit|count|field|header)|(?:key|secret|pass(?:word)?)[_-]?"
    rb"(?:name|id|path|file|field|label|hint|ref|arn|len|hash|type|url|alias|prefix)|integrity|"
    rb"placeholder|next_?token|page_?token|continuation|sha\d|digest|checksum|cache|i18n|label"
)
_ELSEWHERE = re.compile(
    rb"(?i)^(?:process\.|os\.|env|getenv|secrets?\.|vars?\.|config|settings|self\.|this\.|ctx|args|"
    rb"options|props|https?:|sha\d|md5-|data:|/|\./|@|#|arn:|projects/|urn:|vault:|op://|ref\+|"
    rb"\$|%|\{|<|\[|null|true|false|undefined|none|enc[:\[(]|pk_|sb_publishable|phc_|eyJ|base64\b)"
)
_TEST_WORDS = re.compile(
    rb"(?i)test|demo|mock|stub|fixture|foo|bar|hello|secret|passw|pass_|key|token|abc|sample|"
    rb"default|local|dev|dummy|insecure|asdf|qwer|unsafe|fake|lorem|admin|user"
)
# Words put together around a number, as programs call their parts. One at the end may be a year.
_NAME = re.compile(rb"_?[a-z]*(?:[A-Z]{1,6}[a-z]+)*(?:\d{1,2}(?:[A-Z][a-z]+)+|V\d{1,2})")
_ASSIGNING = re.compile(rb"[=!]==?[A-Za-z_$]|&&|\|\||=>")


def assigned(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a value beside a name such as `api_key` reads like a secret: random and no word.

    Names for public things, values that come from elsewhere and words of tests are left out.
    """
    name = before[-64:]
    if _PUBLIC_NAME.search(name) or _ELSEWHERE.match(value) or _stand_in_password(value):
        return False
    if before[-1:] not in (b'"', b"'", b"`", b"\\") and (
        re.match(rb"[A-Za-z_.$]+\d{0,3}(?:[=.(?:].*)?$", value) or re.match(rb"[(),;.\[]", after)
    ):
        return False  # unquoted, in code: another name, a call
    if not mixed(value) or _TEST_WORDS.search(value) or re.fullmatch(rb"[\d.,:/ -]+", value):
        return False
    if _NAME.fullmatch(value) or _ASSIGNING.search(value):
        return False  # a name of code: stringToUint8Array, OAuth2Client, a=1&&b.c===
    if re.fullmatch(rb"[A-Za-z]+\d?(?:[._/:-][A-Za-z0-9]+)+", value) and not re.search(
        rb"[0-9][A-Za-z]+[0-9]|[a-z][A-Z]{2,}[a-z]", value
    ):
        return False  # words and a number: config.keys.v2, my-name-1
    return not_placeholder(value)


def named_secret(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether the secret of a known setting (JWT_SECRET, APP_KEY) is more than a word."""
    if _stand_in_password(value) or _ELSEWHERE.match(value) or not not_placeholder(value):
        return False
    if re.fullmatch(rb"[a-z0-9]+(?:[_.:-][a-z0-9]+)*", value) and not re.search(
        rb"\d.*\d.*\d", value
    ):
        return False  # other names: oauth2_refresh_token
    words = re.sub(rb"(?i)change|this|super|secret|key|prod(?:uction)?|jwt|token|test", b"", value)
    return mixed(value) and len(re.sub(rb"[^A-Za-z0-9]", b"", words)) >= 12


def near_word(value: bytes, before: bytes = b"", after: bytes = b"") -> bool:
    """Whether a value found by its neighbours is random and not written by hand for a test."""
    return mixed(value) and not re.match(rb"(?i)[a-z]+[_-][a-z]+", value) and len(set(value)) >= 8


VALIDATORS: Mapping[str, Validator] = {
    check.__name__: check
    for check in (
        after_digits,
        alone,
        alone_small,
        assigned,
        aws_id,
        aws_secret,
        azure_key,
        basic_password,
        both_cases,
        clerk_public,
        discord_bot,
        github_crc32,
        jwt_any,
        jwt_anon,
        jwt_role,
        mixed,
        named_secret,
        near_aws_id,
        near_word,
        not_called_search,
        not_called_secret,
        not_clerk_public,
        not_placeholder,
        pem_body,
        pem_encrypted,
        pem_in_base64,
        url_password,
        uuid,
    )
}
