"""What `launchready.toml` holds, as frozen records. A change makes a new record.

The shapes are those of the file (see README, "The file"). Keys that we do not know are no
error: the file keeps them when it is saved.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

import msgspec

from launchready_tui.vocabulary.findings import Verdict

FORMAT = 1

Purpose = Literal["site", "app", "api", "admin", "docs", "landing", "email"]
# The longest rehearsal of a rollback that a file may hold, in seconds: seven days.
LONGEST_DRILL = 7 * 24 * 60 * 60

WEB_PURPOSES: tuple[Purpose, ...] = ("site", "app", "api", "admin", "docs", "landing")


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of every record: frozen, and only what differs from the default is written."""


class Product(Record, frozen=True, kw_only=True):
    """What is launched: its name, its domain, and when."""

    name: str = ""
    domain: str = ""
    kind: str = ""
    launch_date: date | None = None


class Host(Record, frozen=True, kw_only=True):
    """A host that the founder declares, what it is for, and who looks after it."""

    name: str
    purpose: Purpose = "site"
    why: str = ""
    owner: str = ""
    provider: str = ""  # id in checklists/providers/hosting.toml


class Redirect(Record, frozen=True, kw_only=True):
    """An old address, and where its visitors should arrive."""

    from_: str = msgspec.field(name="from")
    to: str


class Expect(Record, frozen=True, kw_only=True):
    """What a right answer of a route is: its status, and a text in its body."""

    status: int = 200
    text: str = ""


class Route(Record, frozen=True, kw_only=True):
    """An address of the product, and what kind of page it is."""

    url: str
    kind: Literal[
        "marketing",
        "app",
        "api-read",
        "upload",
        "health",
        "webhook",
        "signup",
        "login",
        "checkout",
    ] = "marketing"
    monitor: bool = False
    expect: Expect = Expect()


class Dns(Record, frozen=True, kw_only=True):
    """The zone: its provider, and whether a wildcard is meant to be there."""

    wildcard: bool = False
    provider: str = ""  # id in checklists/providers/dns.toml


class Login(Record, frozen=True, kw_only=True):
    """Where people sign in, where they arrive, and who checks who they are."""

    url: str = ""
    lands_on: str = ""
    identity_provider: Literal["own", "external"] = "own"
    # A text that only the throw-away test account's pages hold, its name say. With it, and with
    # the account's cookie in the keyring, we can look whether private pages reach strangers.
    canary: str = ""


class Email(Record, frozen=True, kw_only=True):
    """How the product sends mail, and the inbox test under way."""

    from_: str = msgspec.field(name="from", default="")
    reply_to: str = ""
    providers: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    return_path: str = ""
    sends: bool = True  # false: this domain sends no mail at all
    # The inbox test under way: the tag in the test addresses, when it began, and when the
    # founder did each task ("verify at me@inbox.example").
    test_tag: str = ""
    test_started: datetime | None = None
    test_tasks: dict[str, datetime] = {}


class Inbox(Record, frozen=True, kw_only=True):
    """A test inbox: its address, and its IMAP server where it can be read."""

    provider: Literal["gmail", "outlook", "icloud", "other"] = "other"
    address: str = ""
    imap: str = ""


class Repository(Record, frozen=True, kw_only=True):
    """The code: its folder, its production branch, and its environment variables."""

    path: str = ""
    production_branch: str = ""
    required_env: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()


class Preview(Record, frozen=True, kw_only=True):
    """The copy of the site that is not live yet."""

    url: str = ""


class Cloudflare(Record, frozen=True, kw_only=True):
    """The zone at Cloudflare whose settings may be read."""

    zone: str = ""


class Person(Record, frozen=True, kw_only=True):
    """Somebody who looks after a part of the launch, and how to reach them."""

    name: str
    role: str = ""
    contact: str = ""


class Account(Record, frozen=True, kw_only=True):
    """A service that the product depends on: who can get in, and how it is recovered."""

    service: str
    purpose: str = ""
    holder: str = ""
    owner: str = ""
    backup: str = ""
    kept_in: str = ""
    second_factor: str = ""
    recovery: str = ""
    renews: date | None = None
    last_verified: date | None = None

    @property
    def one_way_in(self) -> bool:
        """Whether at most one person can get in: a single point of failure."""
        first = self.owner or self.holder
        return not self.owner or self.backup in ("", first)


class Proof(Record, frozen=True, kw_only=True):
    """Evidence for an answer: a link, a file (SHA-256), pasted text, or a drill's seconds."""

    kind: Literal["link", "file", "text", "drill"]
    where: str
    sha256: str = ""
    at: datetime | None = None

    @property
    def seconds(self) -> int | None:
        """How long a timed drill took; None for other evidence, and for what is no time."""
        if self.kind != "drill" or not re.fullmatch("[0-9]{1,9}", self.where):
            return None
        seconds = int(self.where)
        return seconds if seconds <= LONGEST_DRILL else None


class Answer(Record, frozen=True, kw_only=True):
    """What a person told us: `by` said it, at `at`; `owner` looks after the thing itself."""

    value: str
    by: str = ""
    owner: str = ""
    at: datetime | None = None
    note: str = ""
    evidence: tuple[Proof, ...] = ()

    def drills(self) -> tuple[tuple[int, datetime | None], ...]:
        """The timed drills, oldest first: seconds, and when, if anybody noted it."""
        timed = ((proof.seconds, proof.at) for proof in self.evidence)
        return tuple((seconds, at) for seconds, at in timed if seconds is not None)


class Saw(Record, frozen=True, kw_only=True):
    """One line of what a check saw: a label, a cleaned value, and when."""

    label: str
    value: str
    at: datetime | None = None


class RecordedFinding(Record, frozen=True, kw_only=True):
    """The last verdict of one check on one subject, kept so that documents need no network."""

    verdict: Verdict
    outcome: str
    at: datetime
    facts: dict[str, str] = {}
    evidence: tuple[Saw, ...] = ()


class Counts(Record, frozen=True, kw_only=True):
    """How many findings of an audit had each verdict."""

    passed: int = msgspec.field(name="pass", default=0)
    warn: int = 0
    fail: int = 0
    unknown: int = 0
    skipped: int = 0


class AuditRecord(Record, frozen=True, kw_only=True):
    """One audit in the list that "since last time" compares. `open` holds "check subject" keys."""

    at: datetime
    by: str = ""
    counts: Counts = Counts()
    open: tuple[str, ...] = ()
    partial: bool = False


class Project(Record, frozen=True, kw_only=True):
    """The whole file. Everything that LaunchReady knows of a launch stands in it."""

    format: int = FORMAT
    product: Product = Product()
    hosts: tuple[Host, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    routes: tuple[Route, ...] = ()
    dns: Dns = Dns()
    login: Login | None = None
    email: Email = Email()
    inboxes: tuple[Inbox, ...] = ()
    repository: Repository = Repository()
    preview: Preview = Preview()
    cloudflare: Cloudflare = Cloudflare()
    people: tuple[Person, ...] = ()
    accounts: tuple[Account, ...] = ()
    answers: dict[str, Answer] = {}
    findings: dict[str, dict[str, RecordedFinding]] = {}
    audits: tuple[AuditRecord, ...] = ()

    @property
    def domain(self) -> str:
        """The product's domain, "" when it is not in the file."""
        return self.product.domain

    def host(self, name: str) -> Host | None:
        """The declared host with this name, if there is one."""
        return next((host for host in self.hosts if host.name == name), None)

    def web_hosts(self) -> tuple[str, ...]:
        """The declared hosts that serve web pages, the bare domain first, each once."""
        names = [host.name for host in self.hosts if host.purpose in WEB_PURPOSES]
        return tuple(dict.fromkeys(sorted(names, key=lambda name: name != self.domain)))

    def from_domain(self) -> str:
        """The domain in the From address of the product's mail; the product's own by default."""
        _, at, domain = self.email.from_.rpartition("@")
        return domain.rstrip("> ").lower() if at else self.domain
