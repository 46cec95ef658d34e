"""Outside text is made safe, secrets are told from public values, hosts are read as typed.

Keys in this file are put together from parts, so that no scanner takes them for real ones.
"""

from __future__ import annotations

import base64
import json
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.vocabulary.safe_text import (
    HIDDEN,
    BadHost,
    clean,
    clean_line,
    host_name,
    redact,
    secret_kind,
    show_host,
)
from tests.every import every

B62 = "4eC39HqLyjWDarjtT1zdp7dcA0b1C2d3E4f5G6h7J8k9"
HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
UUID = "8f14e45f-ceea-467f-a0e6-1b2c3d4e5f60"


def jwt(claims: dict[str, str]) -> str:
    def part(value: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return ".".join((part({"alg": "HS256", "typ": "JWT"}), part(claims), B62[:43]))


def pem(name: str) -> str:
    return f"-----BEGIN {name}-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END {name}-----"


SECRETS = [
    ("sk_" + "live_" + B62[:24], "a Stripe secret key"),
    ("rk_" + "live_" + B62[:24], "a Stripe restricted key"),
    ("sk_" + "test_" + B62[:24], "a Stripe test key"),
    ("whsec_" + B62[:32], "a webhook signing secret"),
    ("AKIA" + "IOSFODNN7EXAMPL3", "an AWS access key"),
    (
        "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
        "an AWS secret key",
    ),
    ("ghp_" + B62[:36], "a GitHub token"),
    ("github_" + "pat_" + "11ABCDEFG0_" + B62[:40], "a GitHub token"),
    ("glpat-" + B62[:20], "a GitLab token"),
    ("xoxb-" + "1234567890-0987654321-" + B62[:24], "a Slack token"),
    (
        "https://hooks.slack.com/" + "services/T0123ABCD/B0123ABCD/" + B62[:24],
        "a Slack webhook address",
    ),
    ("GOCSPX-" + B62[:28], "a Google client secret"),
    ('{"private_key": "' + pem("PRIVATE KEY").replace("\n", "\\n") + '"}', "a private key"),
    (pem("RSA PRIVATE KEY"), "a private key"),
    (pem("OPENSSH PRIVATE KEY"), "a private key"),
    (pem("PGP PRIVATE KEY BLOCK"), "a private key"),
    ("SG." + B62[:22] + "." + B62[:43], "a SendGrid key"),
    ("re_" + "AbCd1234_" + B62[:24], "a Resend key"),
    ("key-" + HEX, "a Mailgun key"),
    (HEX + "-us21", "a Mailchimp key"),
    ("xkeysib-" + HEX + HEX + "-" + B62[:16], "a Brevo key"),
    ("POSTMARK_SERVER_TOKEN=" + UUID, "a Postmark token"),
    ("X-Postmark-Server-Token: " + UUID, "a Postmark token"),
    ("sk-" + "proj-" + B62[:40], "an OpenAI key"),
    ("sk-" + B62 + B62[:4], "an OpenAI key"),
    ("sk-" + "ant-api03-" + B62, "an Anthropic key"),
    ("sb_" + "secret_" + B62[:22], "a Supabase secret key"),
    ("npm_" + B62[:36], "an npm token"),
    ("shpat_" + HEX, "a Shopify token"),
    ("dop_v1_" + HEX + HEX, "a DigitalOcean token"),
    ("hf_" + B62[:36], "a Hugging Face token"),
    ("123456789" + ":AA" + B62[:33], "a Telegram bot token"),
    (
        "https://discord.com/api/" + "webhooks/123456789012345678/" + B62,
        "a Discord webhook address",
    ),
    ("otpauth://totp/Harbor?issuer=H&secret=" + "JBSWY3DPEHPK3PXP", "a two-factor seed"),
    (jwt({"role": "service_role", "iss": "supabase"}), "a sign-in token"),
    (jwt({"sub": "42"}), "a sign-in token"),
    ("postgres://" + "app:s3cr3t@db.example.com:5432/app", "an address with a password in it"),
    ("DATABASE_URL=mysql://" + "root:pass@10.0.0.1/x", "an address with a password in it"),
    ("rediss://" + ":abc123@cache.example.com", "an address with a password in it"),
    ("password: xyz9", "a password"),
    ("Password = hunter2", "a password"),
    ("The password is Tr0ub4dor&3.", "a password"),
    ("DB_PASSWORD=hunter2", "a password"),
    ('{"password": "hunter2"}', "a password"),
    ("PIN: 4821", "a password"),
    ("Passwort: geheim99", "a password"),
    ("API key: " + B62[:20], "a secret value"),
    ("SESSION_SECRET=" + HEX, "a secret value"),
    ("auth token = " + UUID, "a secret value"),
]

PUBLIC = [
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7" + B62 * 4,
    "v=spf1 include:_spf.google.com include:amazonses.com ~all",
    "v=DMARC1; p=none; rua=mailto:reports@example.com",
    "sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "Password hash: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "commit 9f2c1a7d0e4b8c6a5d3f2e1b0a9c8d7e6f5a4b3c",
    UUID,
    "Postmark message " + UUID,
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + B62[:43] + " ann@laptop",
    pem("PUBLIC KEY"),
    pem("CERTIFICATE"),
    "Paste the part that starts with -----BEGIN PRIVATE KEY----- into the vault.",
    "pk_" + "live_" + B62[:24],
    "API key: pk_" + "live_" + B62[:24],
    jwt({"role": "anon", "iss": "supabase"}),
    "SUPABASE_ANON_KEY=" + jwt({"role": "anon"}),
    "AIza" + B62[:35],
    "google-site-verification=" + B62,
    "Google verification token: " + B62,
    "password: in 1Password",
    "Password: 1Password",
    "password: Bitwarden, under Launch",
    "passwords are in the team vault",
    "Secret: team vault",
    "secret = S3",
    "Token: GitHub Actions",
    "token: 3600s",
    "Token: 90 days",
    "Token: 2024-11-24T10:00:00Z",
    "PIN: 4-digit",
    "pin: textual==8.2.8",
    "The password is stored in Keychain2.",
    "password: https://vault.example.com/item/42",
    "password: op://Launch/db/password2",
    "password: <password1>",
    "password: ${DB_PASSWORD1}",
    "PASSWORD=********",
    "password: [hidden: a password]",
    "API key: /prod/db2/key",
    "Secret: SHA-256",
    "postgres://app:${PASS1}@db.example.com/app",
    "postgres://app:<password>@db.example.com/app",
    "postgres://app@db.example.com/app",
    "https://example.com:8443/sign-in",
    "ssh://git@github.com/harbor/app",
    "task-list and risk-free desk-top work",
    "re_usable_components_and_more_of_them",
    "sk_" + "live_...",
    "sk_" + "live_ is how it starts",
    "",
]


@every(("text", "kind"), SECRETS, ids=range(len(SECRETS)))
def test_secrets_are_named(text: str, kind: str) -> None:
    assert secret_kind(text) == kind
    assert secret_kind(f"Ann wrote: ({text}), see above.") == kind


@every(("text", "kind"), SECRETS, ids=range(len(SECRETS)))
def test_redacting_hides_the_value_and_keeps_the_rest(text: str, kind: str) -> None:
    shown = redact(f"before {text} after")
    assert f"[hidden: {kind}]" in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert secret_kind(shown) is None
    assert redact(shown) == shown


@every("text", PUBLIC, ids=range(len(PUBLIC)))
def test_public_values_are_no_secrets(text: str) -> None:
    assert secret_kind(text) is None
    assert redact(text) == text


def test_two_secrets_in_one_text() -> None:
    key = "sk_" + "live_" + B62[:24]
    shown = redact(f"{key} and password: hunter2")
    assert shown == "[hidden: a Stripe secret key] and password: [hidden: a password]"


def test_a_private_key_without_an_end_is_hidden_to_the_end() -> None:
    text = pem("PRIVATE KEY").partition("-----END")[0]
    assert redact("a\n" + text) == "a\n[hidden: a private key]"


@pytest.mark.parametrize(
    "piece",
    [
        "eyJhbGciOi",
        "eyJhbGci.eyJhbGci.",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY----- MIIEvQIBADANBgkqhkiG9w0 ",
        "postmark token ",
        "a://b:",
        "password: ",
        "password",
        "secret_secret-secret ",
        "otpauth://a?b&",
        "sk_live_",
        "AKIAAKIA",
        "0123456789abcdef",
        "a.b.c@",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    redact(text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain text", "plain text"),
        ("two\nlines", "two\nlines"),
        ("dos\r\nline", "dos\nline"),
        ("tab\tstop", "tab stop"),
        ("\x1b]0;title\x07", f"{HIDDEN}]0;title{HIDDEN}"),
        ("\x9b31mred", f"{HIDDEN}31mred"),
        ("over\u202egnp.exe", f"over{HIDDEN}gnp.exe"),
        ("zero\u200bwidth", f"zero{HIDDEN}width"),
        ("line\u2028sep\u2029", f"line{HIDDEN}sep{HIDDEN}"),
        ("private\ue000", f"private{HIDDEN}"),
        ("half\ud800", f"half{HIDDEN}"),
        ("cafe\u0301", "café"),
        ("alone\rcr", f"alone{HIDDEN}cr"),
        ("日本 ümlaut ✓", "日本 ümlaut ✓"),
    ],
)
def test_clean(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_a_cut_is_shown() -> None:
    assert clean("abcdef", 4) == "abc…"
    assert clean("abcd", 4) == "abcd"
    assert clean("abc", 1) == "…"
    assert clean("abc", 0) == ""
    assert clean_line("a \n\n  b\t\tc") == "a b c"
    assert clean_line("word " * 100, 10) == "word word…"


@given(st.text(st.characters(codec=None)), st.integers(0, 50))
def test_clean_text_is_safe_short_and_stable(text: str, limit: int) -> None:
    shown = clean(text, limit)
    assert len(shown) <= limit
    assert clean(shown, limit) == shown
    bad = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert all(c == "\n" or unicodedata.category(c) not in bad for c in shown)
    assert "\n" not in clean_line(text, limit)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("example.com", "example.com"),
        ("  Example.COM. ", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("straße.de", "xn--strae-oqa.de"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ｅｘａｍｐｌｅ。com", "example.com"),
        ("exam\u200bple.com", "example.com"),
        ("a-b.c-d.co", "a-b.c-d.co"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("1and1.com", "1and1.com"),
        (".".join(["a" * 63] * 3) + ".com", ".".join(["a" * 63] * 3) + ".com"),
    ],
)
def test_host_names(typed: str, name: str) -> None:
    assert host_name(typed) == name
    assert host_name(name) == name


NO_HOSTS = [
    ("", "no name yet"),
    ("   ", "no name yet"),
    ("https://Example.com/x?y", "web address. Type only the name in it: example.com."),
    ("http://u:p@example.com:80/", "web address. Type only the name in it: example.com."),
    ("https://", "web address. Type only the name in it, such as example.com."),
    ("//example.com/x", "web address"),
    ("example.com/path", "address of a page. Type only the name: example.com."),
    ("two names.com", "holds a space"),
    ("a.com\nb.com", "holds a space"),
    ("192.0.2.1", "IP address"),
    ("192.0.2.1:80", "IP address"),
    ("2001:db8::1", "IP address"),
    ("[2001:db8::1]", "IP address"),
    ("ann@example.com", "email address. Type the part after the @: example.com."),
    ("example.com:8080", "Leave out the “:”"),
    ("*.example.com", "stands for many hosts"),
    ("localhost", "has no dot. Type the full name, such as localhost.com."),
    ("a..b.com", "two dots"),
    (".example.com", "two dots in a row, or starts with one"),
    ("bü..cher.example", "two dots"),
    ("a" * 64 + ".com", "too long"),
    ("ü" * 64 + ".com", "too long"),
    (".".join(["abcdefgh"] * 32) + ".com", "too long"),
    ("ü" * 5_000_000, "too long"),
    ("-a.com", "not a host name"),
    ("a!b.com", "not a host name"),
    ("my_app.example.com", "holds a “_”"),
    ("1.2.3", "not a domain"),
    ("example.c0m", "not a domain"),
    ("☃.net", "sign that no host name can hold"),
    ("xn--a.example", "does not spell a name"),
]
BAD_HOSTS = [typed for typed, _ in NO_HOSTS]


@every(("typed", "says"), NO_HOSTS)
def test_what_is_not_a_host(typed: str, says: str) -> None:
    with pytest.raises(BadHost) as caught:
        host_name(typed)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 200


def test_hostile_text_is_cleaned_in_the_message() -> None:
    with pytest.raises(BadHost) as caught:
        host_name("ab\x1b]0;x\x07cd")
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("example.com", "example.com"),
        ("xn--bcher-kva.example", "bücher.example (xn--bcher-kva.example)"),
        ("xn--a.example", "xn--a.example"),
        ("xn--\x1b[31m", f"xn--{HIDDEN}[31m"),
    ],
)
def test_show_host(name: str, shown: str) -> None:
    assert show_host(name) == shown


@given(st.text())
def test_host_name_gives_a_host_or_says_why(text: str) -> None:
    try:
        name = host_name(text)
    except BadHost as error:
        name, why = "", str(error)
    else:
        why = ""
        assert host_name(name) == name
    assert name.isascii()
    assert bool(name) != bool(why)
    assert clean_line(why) == why
