"""Three project files: nothing recorded, everything recorded, and one that strangers wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from launchready_tui.content.checklist import builtin
from launchready_tui.documents.blocks import Document, text
from launchready_tui.project.model import (
    Account,
    Answer,
    AuditRecord,
    Cloudflare,
    Dns,
    Email,
    Expect,
    Host,
    Inbox,
    Person,
    Product,
    Project,
    Proof,
    Purpose,
    RecordedFinding,
    Redirect,
    Repository,
    Route,
    Saw,
)
from launchready_tui.vocabulary.findings import Verdict

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
TOLD_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DOMAIN = "harbor.example"
CONTENT = builtin()

EMPTY = Project()


def finding(
    verdict: Verdict, outcome: str, *seen: tuple[str, str], **facts: str
) -> RecordedFinding:
    return RecordedFinding(
        verdict=verdict,
        outcome=outcome,
        at=AT,
        facts=facts,
        evidence=tuple(Saw(label=label, value=value, at=AT) for label, value in seen),
    )


def told(value: str, note: str = "", owner: str = "Dana", *evidence: Proof) -> Answer:
    return Answer(value=value, by="Dana", at=TOLD_AT, note=note, owner=owner, evidence=evidence)


PASS, WARN, FAIL, UNKNOWN = Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.UNKNOWN


def _mail_tests() -> dict[str, dict[str, RecordedFinding]]:
    """Two messages: one in Gmail's inbox and right, one in Outlook's spam and proved once."""
    good, bad = "verify at test@gmail.com", "reset at test@outlook.com"
    shown = {
        "from_name": "Harbor Market",
        "from_address": "hello@harbor.example",
        "reply_to": "help@harbor.example",
    }
    word = {"spf": "pass", "dkim": "pass", "dmarc": "pass"}
    came = {**shown, "message": "verify", "inbox": "gmail", "folder": "INBOX", "seconds": "12",
            "arrived": "2026-11-24T13:58:07+00:00"}  # fmt: skip
    spam = {**shown, **word, "message": "reset", "inbox": "outlook", "folder": "Junk Email",
            "seconds": "40", "arrived": "2026-11-24T13:59:30+00:00"}  # fmt: skip
    through = {"provider": "Postmark", "provider_id": "postmark", "from": DOMAIN}
    return {
        "email.inbox": {
            good: finding(PASS, "ok", **came),
            bad: finding(FAIL, "spam", **spam),
            "test@icloud.com": finding(UNKNOWN, "no-password"),
        },
        "email.alignment": {
            good: finding(PASS, "ok", **through, **word),
            bad: finding(WARN, "no-own-spf", **through, dkim="pass", spf="fail", dmarc="pass"),
        },
        "email.sender": {good: finding(PASS, "ok"), bad: finding(PASS, "ok")},
        "email.links": {
            good: finding(PASS, "ok"),
            bad: finding(FAIL, "expired", status="410"),
        },
    }


def full() -> Project:
    """Harbor Market with a fact in every place that a document can state."""
    hosts: dict[str, tuple[Purpose, str, str]] = {
        DOMAIN: ("site", "Where buyers start", "Maya"),
        f"www.{DOMAIN}": ("site", "", ""),
        f"app.{DOMAIN}": ("app", "Where sellers list their goods", "Tom"),
        f"api.{DOMAIN}": ("api", "Feeds the app on the phone", "Tom"),
        f"admin.{DOMAIN}": ("admin", "Refunds and reports", "Maya"),
        f"docs.{DOMAIN}": ("docs", "", ""),
    }
    return Project(
        product=Product(
            name="Harbor Market", domain=DOMAIN, kind="marketplace", launch_date=date(2026, 12, 1)
        ),
        hosts=tuple(
            Host(name=name, purpose=purpose, why=why, owner=owner, provider="vercel")
            for name, (purpose, why, owner) in hosts.items()
        ),
        redirects=(Redirect(from_=f"https://{DOMAIN}/sell", to=f"https://{DOMAIN}/start"),),
        routes=(
            Route(url=f"https://{DOMAIN}/", monitor=True, expect=Expect(text="Harbor Market")),
            Route(url=f"https://app.{DOMAIN}/sign-up", kind="signup", monitor=True),
            Route(url=f"https://app.{DOMAIN}/checkout", kind="checkout", monitor=True),
            Route(url=f"https://api.{DOMAIN}/listings", kind="api-read"),
            Route(url=f"https://api.{DOMAIN}/photos", kind="upload"),
        ),
        dns=Dns(provider="cloudflare"),
        email=Email(
            from_="hello@harbor.example",
            reply_to="help@harbor.example",
            providers=("google-workspace", "postmark"),
            selectors=("pm", "google"),
            return_path="pm-bounces.harbor.example",
        ),
        inboxes=(
            Inbox(provider="gmail", address="test@gmail.com"),
            Inbox(provider="gmail", address="second@gmail.com"),
            Inbox(provider="outlook", address="test@outlook.com"),
        ),
        repository=Repository(
            production_branch="main", required_env=("DATABASE_URL", "STRIPE_KEY_NAME")
        ),
        cloudflare=Cloudflare(zone=DOMAIN),
        people=(
            Person(name="Maya Lindqvist", role="founder", contact="+46 70 000 00 01"),
            Person(name="Dana Cole", role="on call", contact="+46 70 000 00 02"),
        ),
        accounts=(
            Account(
                service="Cloudflare",
                purpose="DNS and edge",
                holder="Harbor Market AB",
                owner="Maya",
                backup="Tom",
                kept_in="the team vault, folder Edge",
                second_factor="an app on two phones",
                recovery="printed codes in the office safe",
                renews=date(2027, 3, 1),
                last_verified=date(2026, 11, 4),
            ),
            Account(service="Vercel", purpose="hosting", owner="Tom", backup="Maya"),
            Account(service="Google Ads", purpose="ads", owner="Maya", backup="Dana"),
            Account(service="Namecheap", purpose="registrar", owner="Maya"),
        ),
        answers=_answers(),
        findings=_findings(),
        audits=(
            AuditRecord(
                at=AT - timedelta(days=4),
                by="Dana",
                open=(f"tls.valid app.{DOMAIN}", f"dns.host api.{DOMAIN}"),
            ),
            AuditRecord(
                at=AT,
                by="Dana",
                open=(f"tls.valid app.{DOMAIN}", f"email.spf {DOMAIN}", f"email.dmarc {DOMAIN}"),
            ),
        ),
    )


def _answers() -> dict[str, Answer]:
    drill = Proof(kind="drill", where="400", at=TOLD_AT)
    return {
        "S1.C3": told("branch", "main, at Vercel; Tom and Maya can push", "Tom"),
        "S1.C5": told(
            "cloudflare",
            "orange for all but mail",
            "Dana",
            Proof(kind="link", where="https://wiki.harbor.example/edge"),
        ),
        "S1.F2": told("yes", "A reset went to spam at Outlook."),
        "S2.C1": told("one", "the bare domain"),
        "S2.C4": told("strict"),
        "S2.C5": told("never"),
        "S3.C4": told("some-fail", "Outlook put the reset in spam on 22 November"),
        "S3.C5": told("a-person", "Ada reads every reply"),
        "S4.C1": told("apart"),
        "S4.C2": told("vault", "the team vault, under Launch"),
        "S4.C3": told("stops"),
        "S4.C4": told("release"),
        "S4.C5": told("tried", "Tom did it on his own", "Tom", drill),
        "S4.F1": told("no", "Tom and Maya"),
        "S5.C4": told("rules"),
        "S5.C5": told("fast", "", "Tom"),
        "S5.F3": told("no"),
        "S6.C1": told("all", "Gatus watches six pages", "Tom"),
        "S6.C2": told("two"),
        "S6.C3": told("yes", "", "Tom"),
        "S6.C4": told("a-person", "Dana, by phone: +46 70 000 00 02", "Dana"),
        "S7.C1": told("written", "the wiki, page DNS"),
        "S7.C2": told("yes"),
        "S7.C3": told("written", "the wiki, page Keys"),
        "S7.C4": told("both", "the wiki, page Undo"),
        "S7.C5": told("one-only", "Namecheap"),
        "S7.F3": told("yes", "the weekly sheet"),
        "R1": told("no"),
        "R2": told("needed", "photo resizing"),
        "R3": told("no"),
        "R4": told("no"),
        "R5": told("yes", "the search page"),
        "R6": told("no"),
        "R7": told("no"),
        "P1": told("all", "Dana is on call"),
    }


def _findings() -> dict[str, dict[str, RecordedFinding]]:
    address = ("A", "198.51.100.7")
    return {
        "dns.apex": {DOMAIN: finding(PASS, "ok", address, addresses="198.51.100.7")},
        "dns.www": {f"www.{DOMAIN}": finding(PASS, "ok", address, addresses="198.51.100.7")},
        "dns.host": {
            f"app.{DOMAIN}": finding(PASS, "ok", address, addresses="198.51.100.8"),
            f"api.{DOMAIN}": finding(PASS, "ok", address, addresses="198.51.100.9"),
            f"docs.{DOMAIN}": finding(FAIL, "missing", ("Answer", "NXDOMAIN")),
        },
        "dns.mail": {DOMAIN: finding(PASS, "ok", ("MX", "1 smtp.google.com."))},
        "tls.valid": {
            f"app.{DOMAIN}": finding(
                FAIL, "expired", ("Not after", "2026-11-03"), until="3 November"
            ),
            f"api.{DOMAIN}": finding(PASS, "ok", until="3 February 2027", issuer="Let's Encrypt"),
        },
        "http.reachable": {
            DOMAIN: finding(PASS, "ok", ("Status", "200")),
            f"docs.{DOMAIN}": finding(UNKNOWN, "timeout"),
        },
        "http.https": {
            DOMAIN: finding(PASS, "ok", status="308", hops="1", to=f"https://{DOMAIN}/"),
            f"app.{DOMAIN}": finding(WARN, "temporary", status="302", to=f"https://app.{DOMAIN}/"),
        },
        "http.canonical": {DOMAIN: finding(PASS, "ok", to=f"https://{DOMAIN}/")},
        "http.redirects": {f"https://{DOMAIN}/sell": finding(PASS, "ok", status="301", hops="1")},
        "email.spf": {
            DOMAIN: finding(
                FAIL,
                "two-records",
                ("TXT", "v=spf1 include:_spf.google.com ~all"),
                ("TXT", "v=spf1 include:spf.mtasv.net -all"),
                count="2",
                spf_record="v=spf1 include:_spf.google.com ~all",
            )
        },
        "email.dkim": {
            f"pm._domainkey.{DOMAIN}": finding(
                PASS, "ok", ("TXT", "v=DKIM1; k=rsa; p=MIIB"), selector="pm", bits="2048"
            )
        },
        "email.dmarc": {
            DOMAIN: finding(WARN, "no-reports", ("TXT", "v=DMARC1; p=none"), policy="none")
        },
        **_mail_tests(),
        "cache.routes": {
            f"https://api.{DOMAIN}/listings": finding(WARN, "none", header="public, max-age=86400")
        },
    }


HOSTILE_TEXTS = (
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "\u202egnp.exe\u202c <img src=x onerror=alert(1)>",
    "a | b | c\n| d | e |\n# heading\n- item",
    "`code` **bold** _em_ ~~gone~~ <https://evil.example>",
    "https://evil.example/ www.evil.example",
    "\x1b[31mred\x1b[0m \x00 {{ 7 * 7 }} {% include '/etc/passwd' %}",
    "</style></title><h1>x</h1>&lt;b&gt; &amp; \"quoted\" 'quoted'",
    "x" * 10_000,
)


def hostile(nasty: str) -> Project:
    """Full, with `nasty` in every place where somebody else's text can stand."""
    from msgspec.structs import replace

    base = full()
    answer = Answer(value="branch", by=nasty, at=TOLD_AT, note=nasty, owner=nasty)
    bad = Answer(value="yes", by=nasty, at=TOLD_AT, note=nasty, owner=nasty)
    return replace(
        base,
        product=Product(name=nasty, domain=DOMAIN),
        hosts=(*base.hosts, Host(name=nasty, why=nasty, owner=nasty, provider=nasty)),
        redirects=(Redirect(from_=nasty, to=nasty),),
        routes=(Route(url=nasty, monitor=True, expect=Expect(text=nasty)),),
        email=Email(from_=nasty, reply_to=nasty, providers=(nasty,), return_path=nasty),
        inboxes=(*base.inboxes, Inbox(address=nasty, imap=nasty)),
        repository=Repository(production_branch=nasty, required_env=(nasty,)),
        people=(Person(name=nasty, role=nasty, contact=nasty),),
        accounts=(
            Account(
                service=nasty,
                purpose=nasty,
                holder=nasty,
                owner=nasty,
                backup=nasty,
                kept_in=nasty,
                second_factor=nasty,
                recovery=nasty,
            ),
            Account(service=nasty),
        ),
        answers={**base.answers, "S1.C3": answer, "S1.F2": bad, "S4.C2": answer},
        findings={
            **base.findings,
            "dns.apex": {nasty: finding(FAIL, "parked", (nasty, nasty), who=nasty, address=nasty)},
            "http.redirects": {nasty: finding(FAIL, nasty, status=nasty, hops=nasty)},
            "cache.routes": {nasty: finding(FAIL, nasty, header=nasty)},
            **_hostile_mail(nasty),
            nasty: {nasty: finding(FAIL, nasty)},
        },
        audits=(AuditRecord(at=AT, by=nasty, open=(f"{nasty} {nasty}",)),) * 2,
    )


def _hostile_mail(nasty: str) -> dict[str, dict[str, RecordedFinding]]:
    """Every text of a message that its writer, or its inbox, may choose; and a wild record."""
    where = f"verify at {nasty}"
    facts = dict.fromkeys(  # a value to copy may be a thousand characters long, and no more
        ("message", "inbox", "folder", "seconds", "arrived", "from_name", "from_address",
         "reply_to", "spf", "dkim", "dmarc", "provider", "provider_id", "policy", "none_since",
         "policy_since", "spf_record", "lacking", "minutes"),
        nasty,
    )  # fmt: skip
    seen = ((nasty, nasty), (f"DMARC record of {nasty}", f"v=DMARC1; p={nasty}"))
    return {
        "email.inbox": {
            where: finding(FAIL, "spam", *seen, **facts),
            nasty: finding(FAIL, nasty, **facts),
            f"reset at {nasty}": finding(FAIL, "never", **facts),
        },
        "email.alignment": {where: finding(WARN, "no-own-spf", *seen, **facts)},
        "email.sender": {where: finding(WARN, "differs", *seen, **facts)},
        "email.links": {where: finding(FAIL, "broken", *seen, **facts)},
        "email.spf": {nasty: finding(FAIL, "two-records", *seen, **facts)},
        "email.dkim": {
            f"{nasty}._domainkey.{DOMAIN}": finding(FAIL, "doubled-name", *seen, **facts)
        },
        "email.dmarc": {nasty: finding(WARN, "no-reports", *seen, **facts)},
        "email.parked": {nasty: finding(WARN, "not-said", *seen, **facts)},
    }


def page(documents: tuple[Document, ...], number: int) -> str:
    """The plain text of a document by its number, 1 to 13."""
    return text(documents[number - 1])
