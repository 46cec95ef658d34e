"""Planted values: 31 leaks of many providers, 12 values public by design, 7 of noise.

All are made up here, at each run the same, so that no whole key stands in this file. They lie in
what such files look like: settings, scripts, pages, bundles. The goal is 31, 0 and 0.
"""

# ruff: noqa: E501 - they stand on long lines, as in the files that they are taken from

from __future__ import annotations

import base64
import hashlib
import json
import random
import string
import uuid
import zlib

import pytest

from launchready_tui.content import secret_rules
from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.rules.secrets.leaks import CONTEXTS
from launchready_tui.rules.secrets.validators import base62
from tests.every import every

ENGINE = Engine(secret_rules.builtin())
RNG = random.Random(4711)
ANY = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
CAPITALS = string.ascii_uppercase + string.digits


def key(prefix: str, size: int, signs: str = ANY) -> str:
    return prefix + "".join(RNG.choice(signs) for _ in range(size))


def random_uuid() -> str:
    return str(uuid.UUID(int=RNG.getrandbits(128), version=4))


def jwt(**claims: object) -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    ]
    return ".".join((*parts, key("", 43)))


def checked(prefix: str) -> str:
    """A token of GitHub or npm with its check number."""
    body = key("", 30)
    return f"{prefix}{body}{base62(zlib.crc32(body.encode())).decode()}"


def pem(name: str, size: int = 1200) -> str:
    body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" + key("", size, ANY + "+/")
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN {name}-----\n{lines}\n-----END {name}-----\n"


LEAKS = {
    "stripe in JavaScript": f'const stripe = require("stripe")("{key("sk_live_51", 97)}");',
    "stripe in .env": f"NODE_ENV=production\nSTRIPE_SECRET_KEY={key('sk_live_', 24)}\nPORT=3000\n",
    "stripe restricted in YAML": f"env:\n  STRIPE_KEY: {key('rk_live_', 24)}\n",
    "stripe webhook in Python": f"endpoint_secret = '{key('whsec_', 32)}'\n",
    "aws pair in a file of settings": f"[default]\naws_access_key_id = {key('AKIA', 16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}\n"
    f"aws_secret_access_key = {key('', 40, ANY)}\n",
    "aws secret in TypeScript": f"new S3({{ secretAccessKey: '{key('', 40, ANY)}' }})",
    "github in a shell script": f"git clone https://x-access-token:{checked('ghp_')}@github.com/harbor/app.git",
    "github fine-grained in JSON": json.dumps(
        {"token": f"github_pat_11{key('', 20, CAPITALS)}_{key('', 59)}"}
    ),
    "gitlab in YAML": f"variables:\n  TOKEN: '{key('glpat-', 20)}'\n",
    "slack bot in Python": f'client = WebClient(token="xoxb-{key("", 12, string.digits)}-{key("", 13, string.digits)}-{key("", 24)}")',
    "slack webhook in shell": f"curl -d @m https://hooks.slack.com/services/{key('T', 9, CAPITALS)}/{key('B', 9, CAPITALS)}/{key('', 24)}",
    "openai in a bundle": f'var a=new b({{apiKey:"{key("sk-proj-", 74)}T3BlbkFJ{key("", 74)}",dangerouslyAllowBrowser:!0}})',
    "anthropic in Python": f'Anthropic(api_key="{key("sk-ant-api03-", 93)}AA")',
    "sendgrid in Ruby": f"ENV['SENDGRID_API_KEY'] ||= 'SG.{key('', 22)}.{key('', 43)}'",
    "resend in JavaScript": f"new Resend('re_{key('', 8)}_{key('', 24)}')",
    "postmark in .env": f"POSTMARK_API_TOKEN={random_uuid()}\n",
    "twilio in Node": f"const client = twilio('AC{key('', 32, HEX)}', '{key('', 32, HEX)}');",
    "twilio in .env": f'TWILIO_AUTH_TOKEN="{key("", 32, HEX)}"',
    "mailgun in PHP": f"$mg = Mailgun::create('key-{key('', 32, HEX)}');",
    "supabase service role in a bundle": f'createClient("https://abcdwxyz.supabase.co","{jwt(iss="supabase", ref="abcdwxyz", role="service_role", iat=1700000000, exp=2015000000)}")',
    "supabase secret key in TypeScript": f'const admin = createClient(url, "{key("sb_secret_", 31)}")',
    "postgres in .env": f"DATABASE_URL=postgresql://harbor:{key('', 16)}@ep-cool-sun-123.eu-central-1.aws.neon.tech/app?sslmode=require",
    "mongodb in JavaScript": f'mongoose.connect("mongodb+srv://harbor:{key("", 14)}@cluster0.ab1cd.mongodb.net/app")',
    "redis in YAML": f"  REDIS_URL: rediss://default:{key('', 32)}@eu2-calm-cat-30111.upstash.io:6379\n",
    "service account in JSON": json.dumps(
        {"type": "service_account", "private_key": pem("PRIVATE KEY")}
    ),
    "rsa key in a file": pem("RSA PRIVATE KEY"),
    "npm in .npmrc": f"//packages.harbor-data.net/:_authToken={checked('npm_')}\n",
    "telegram in Python": f'bot = Bot("7{key("", 9, "123456789")}:AA{key("", 33)}")',
    "jwt secret in docker-compose": f"    environment:\n      - JWT_SECRET={key('', 44)}\n",
    "cloudflare in Terraform": f'provider "cloudflare" {{\n  api_token = "{key("", 40)}"\n}}\nCLOUDFLARE_API_TOKEN="{key("", 40)}"\n',
    "google client secret in HTML": f"<script>window.cfg={{secret:'GOCSPX-{key('', 28)}'}}</script>",
}

PUBLIC = {
    "stripe publishable": f"Stripe('{key('pk_live_', 24)}')",
    "stripe publishable, long": f'NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY="{key("pk_live_51", 97)}"',
    "supabase anon": f"NEXT_PUBLIC_SUPABASE_ANON_KEY={jwt(iss='supabase', ref='abcdwxyz', role='anon', iat=1700000000, exp=2015000000)}",
    "supabase publishable": f'supabaseKey:"{key("sb_publishable_", 31)}"',
    "firebase": f'firebaseConfig={{apiKey:"{key("AIza", 35)}",authDomain:"harbor.firebaseapp.com",projectId:"harbor",appId:"1:123456789012:web:{key("", 22, HEX)}"}}',
    "sentry": f'Sentry.init({{dsn:"https://{key("", 32, HEX)}@o450123.ingest.de.sentry.io/4501234567"}})',
    "posthog": f"posthog.init('{key('phc_', 43)}', {{api_host: 'https://eu.i.posthog.com'}})",
    "mapbox": f"mapboxgl.accessToken='pk.{base64.urlsafe_b64encode(json.dumps({'u': 'harbor', 'a': key('c', 24, string.ascii_lowercase)}).encode()).decode().rstrip('=')}.{key('', 22)}'",
    "algolia search": f'algoliasearch("{key("", 10, CAPITALS)}","{key("", 32, HEX)}");const o={{algoliaSearchApiKey:"{key("", 32, HEX)}"}}',
    "recaptcha": f'<div class="g-recaptcha" data-sitekey="6Ld{key("", 5)}AAAAA{key("", 27)}"></div>',
    "clerk": f'publishableKey:"pk_live_{base64.b64encode(b"clerk.harbor-data.net$").decode()}"',
    "vapid": f'applicationServerKey:"B{key("", 86)}";const VAPID_PUBLIC_KEY="B{key("", 86)}"',
}

SHA1 = hashlib.sha1(b"harbor").hexdigest()
SHA512 = base64.b64encode(hashlib.sha512(b"harbor").digest()).decode()
NOISE = {
    "git hashes": f"commit {SHA1}\nparent {SHA1[::-1]}\nindex {SHA1[:7]}..{SHA1[-7:]}\nsecret-santa@{SHA1}\n",
    "uuids": "\n".join(
        f'{{"id": "{random_uuid()}", "tokenId": "{random_uuid()}"}}' for _ in range(9)
    ),
    "integrity": f'<script integrity="sha512-{SHA512}" src="/a.js"></script>\n"resolved": "x.tgz", "integrity": "sha512-{SHA512}",\n',
    "lorem": "Lorem ipsum dolor sit amet, secret: consectetur adipiscing elit. The password is kept in "
    "the vault; a token is a word. API key: see the manual. " * 5,
    "minified": "!function(e,t){var n=e.token,r=t.password;n&&r&&(e.apiKey=n.key,t.secretKey=r.value)}(a,b);"
    'var c={passwordField:"password-input-1",tokenType:"Bearer",secretName:"app/prod/db-credentials-v2"};'
    * 5,
    "placeholders": "STRIPE_SECRET_KEY=sk_live_your_key_here\nOPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
    "DATABASE_URL=postgres://user:password@localhost:5432/mydb\nJWT_SECRET=change-me-in-production\n"
    "API_KEY=<your-api-key>\nTOKEN=${TOKEN}\nGITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
    "TWILIO_AUTH_TOKEN=your_auth_token\nPASSWORD=test1234test\n",
    "examples of manuals": "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"
    "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
    "token: eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwi"
    "aWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c\n"
    "xoxb-your-token\nmongodb+srv://<username>:<password>@cluster0.example.mongodb.net/test\n"
    "-----BEGIN PRIVATE KEY-----\nMIIE...\n-----END PRIVATE KEY-----\n",
}


def secrets(text: str) -> set[str]:
    """Rules that call something in the text a secret, in any context."""
    return {
        hit.rule.id
        for context in CONTEXTS
        for hit in ENGINE.hits(text.encode(), context)
        if hit.rule.kind == "secret"
    }


def test_there_are_as_many_as_the_goal_says() -> None:
    assert (len(LEAKS), len(PUBLIC), len(NOISE)) == (31, 12, 7)


@every("text", LEAKS.values(), ids=LEAKS)
def test_a_leak_is_found(text: str) -> None:
    hits = ENGINE.hits(text.encode(), "history")
    assert [hit for hit in hits if hit.rule.kind == "secret"]


@pytest.mark.parametrize("text", PUBLIC.values(), ids=PUBLIC)
def test_what_is_public_by_design_is_not_called_a_secret(text: str) -> None:
    assert secrets(text) == set()
    assert {hit.rule.kind for hit in ENGINE.hits(text.encode(), "bundle")} <= {"public", "restrict"}
    assert ENGINE.hits(text.encode(), "bundle")


@pytest.mark.parametrize("text", NOISE.values(), ids=NOISE)
def test_noise_is_not_called_a_secret(text: str) -> None:
    assert secrets(text) == set()
