"""The project file of the demo: Harbor Market, about twelve days before its launch.

Its founder has answered a few questions and holds most accounts alone. The rest is open, so that
every screen and every document has something to show.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import structs

from launchready_tui.content import items
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import post
from launchready_tui.lab.healthy import DASHBOARD, DOMAIN, PREVIEW, SELECTOR
from launchready_tui.lab.pages import CANARY
from launchready_tui.lab.repository import NAME
from launchready_tui.project.model import (
    Account,
    Answer,
    Cloudflare,
    Dns,
    Email,
    Expect,
    Host,
    Login,
    Person,
    Preview,
    Product,
    Project,
    Proof,
    Redirect,
    Repository,
    Route,
)

FOUNDER, DEVELOPER, SUPPORT = "Maya Lindqvist", "Tomás Reyes", "Ada Okafor"


def demo_project(now: datetime, *, finished: bool = False) -> Project:
    """Harbor Market's file as its founder left it three days before `now`.

    With `finished`, every question has a good answer: nothing but what an audit sees is wrong.
    """
    today = now.date()
    return Project(
        product=Product(
            name="Harbor Market",
            domain=DOMAIN,
            kind="marketplace",
            launch_date=today + timedelta(days=12),
        ),
        hosts=_hosts(),
        redirects=(
            Redirect(from_=f"https://{DOMAIN}/sell-your-boat", to=f"https://{DOMAIN}/sell"),
            Redirect(from_=f"http://{DOMAIN}/prices", to=f"https://{DOMAIN}/pricing"),
        ),
        routes=_routes(),
        dns=Dns(provider="cloudflare"),
        repository=Repository(
            path=NAME,
            production_branch="main",
            required_env=("DATABASE_URL", "STRIPE_SECRET_KEY", "POSTMARK_TOKEN"),
            env_files=(".env.production",),
        ),
        login=Login(url=f"https://app.{DOMAIN}/sign-in", lands_on=f"app.{DOMAIN}", canary=CANARY),
        cloudflare=Cloudflare(zone=DOMAIN),
        preview=Preview(url=f"https://{PREVIEW}/"),
        email=Email(
            from_=f"hello@{DOMAIN}",
            reply_to=f"hello@{DOMAIN}",
            providers=("google-workspace", "postmark"),
            selectors=(SELECTOR, "google"),
            return_path=f"pm-bounces.{DOMAIN}",
            test_tag=post.TAG,
            test_started=now - post.STARTED,
            test_tasks={
                f"{kind} at {inbox.address}": now - post.STARTED
                for inbox in post.INBOXES
                for kind, _, _ in post.MESSAGES
            },
        ),
        inboxes=post.INBOXES,
        people=(
            Person(name=FOUNDER, role="founder", contact=f"maya@{DOMAIN}"),
            Person(name=DEVELOPER, role="developer", contact=f"tomas@{DOMAIN}"),
            Person(name=SUPPORT, role="support", contact=f"ada@{DOMAIN}"),
        ),
        accounts=_accounts(today),
        answers=_good_answers(now) if finished else _answers(now),
    )


def begun_tests(project: Project) -> dict[str, datetime]:
    """When the inbox test of a demo began that was opened before: its messages are there still."""
    email = project.email
    return {email.test_tag: email.test_started} if email.test_tag and email.test_started else {}


def _hosts() -> tuple[Host, ...]:
    return (
        Host(name=DOMAIN, why="The site that buyers find first", owner=FOUNDER),
        Host(name=f"www.{DOMAIN}", why="Leads to the bare domain", owner=FOUNDER),
        Host(
            name=f"app.{DOMAIN}",
            purpose="app",
            why="Where people sign in, sell and pay",
            owner=DEVELOPER,
        ),
        Host(
            name=f"api.{DOMAIN}",
            purpose="api",
            why="Serves the app and takes payment notices",
            owner=DEVELOPER,
        ),
        Host(
            name=f"admin.{DOMAIN}",
            purpose="admin",
            why="Where the crew checks listings and refunds",
            owner=FOUNDER,
        ),
        Host(
            name=f"docs.{DOMAIN}",
            purpose="docs",
            why="Help for buyers and sellers",
            owner=SUPPORT,
        ),
        Host(
            name=f"pm-bounces.{DOMAIN}",
            purpose="email",
            why="Where mail comes back that could not be delivered",
            owner=DEVELOPER,
        ),
    )


def _routes() -> tuple[Route, ...]:
    app = f"https://app.{DOMAIN}"
    health = Expect(text='"ok"')
    return (
        Route(url=f"https://{DOMAIN}/", kind="marketing", monitor=True),
        Route(url=f"{app}/sign-up", kind="signup", monitor=True),
        Route(url=f"{app}/sign-in", kind="login", monitor=True),
        Route(url=f"{app}/checkout", kind="checkout"),
        Route(url=DASHBOARD, kind="app"),
        Route(url=f"https://api.{DOMAIN}/health", kind="health", monitor=True, expect=health),
        Route(url=f"https://api.{DOMAIN}/v1/listings", kind="api-read"),
    )


def _accounts(today: date) -> tuple[Account, ...]:
    return (
        Account(
            service="Cloudflare",
            purpose="DNS and edge",
            holder=FOUNDER,
            owner=FOUNDER,
            backup=DEVELOPER,
            kept_in="the team's password manager, folder Edge",
            second_factor="an app on two phones",
            recovery="printed codes in the office safe",
            last_verified=today - timedelta(days=20),
        ),
        Account(
            service="Namecheap",
            purpose="domain registrar",
            holder=FOUNDER,
            owner=FOUNDER,
            kept_in="Maya's own password manager",
            renews=today + timedelta(days=140),
            last_verified=today - timedelta(days=200),
        ),
        Account(
            service="Fly.io",
            purpose="hosting",
            holder=DEVELOPER,
            owner=DEVELOPER,
            backup=FOUNDER,
            kept_in="the team's password manager, folder Hosting",
            second_factor="a security key",
            last_verified=today - timedelta(days=35),
        ),
        Account(
            service="Postmark",
            purpose="email to customers",
            holder=DEVELOPER,
            owner=FOUNDER,
            kept_in="the team's password manager, folder Mail",
        ),
        Account(service="Google Workspace", purpose="the team's own mail", holder=FOUNDER),
    )


def _answers(now: datetime) -> dict[str, Answer]:
    then = (now - timedelta(days=3)).replace(microsecond=0)

    def told(value: str, note: str = "", *evidence: Proof) -> Answer:
        return Answer(value=value, by=FOUNDER, at=then, note=note, evidence=evidence)

    deploys = Proof(kind="text", where="A push to main puts a new release on Fly.io.", at=then)
    return {
        items.DEPLOY_PATH: told("branch", "main, to Fly.io; Tomás and Maya can push", deploys),
        items.EDGE: told("cloudflare"),
        items.FAILS_ON_OWN_DOMAIN: told("no"),
        items.EMAIL_IN_SPAM: told("yes", "A seller's password reset went to spam at Outlook."),
        items.EDGE_ENCRYPTION: told("strict"),
        items.OTHER_USERS_DATA: told("no"),
        items.REPLIES: told("a-person", f"{SUPPORT} reads hello@{DOMAIN} every morning."),
    }


def _good_answers(now: datetime) -> dict[str, Answer]:
    """A good answer to each question: those of the story where they are, and a timed way back."""
    story = {id: given for id, given in _answers(now).items() if id != items.EMAIL_IN_SPAM}
    then = (now - timedelta(days=3)).replace(microsecond=0)
    good = {
        item.id: Answer(value=choice.value, by=FOUNDER, at=then)
        for _, item in builtin().items()
        for choice in reversed(item.choices)  # the first good one stays
        if choice.means == "good"
    }
    drill = Proof(kind="drill", where="240", at=then)
    return good | {items.ROLLBACK: structs.replace(good[items.ROLLBACK], evidence=(drill,))} | story
