"""12: everything that the next person needs: who owns what, how changes are made, what is open."""

from __future__ import annotations

from launchready_tui.content import items
from launchready_tui.documents.automations import always_on
from launchready_tui.documents.blocks import (
    Block,
    Bullets,
    Heading,
    Line,
    Missing,
    Paragraph,
    Steps,
    Strong,
    Table,
)
from launchready_tui.documents.deployment import purge, roll_back
from launchready_tui.documents.dns_map import role, why
from launchready_tui.documents.gate import value
from launchready_tui.documents.source import Source, prose
from launchready_tui.documents.tables import (
    answers,
    join,
    looked,
    or_nobody,
    people,
    said,
    tested,
    told_or_missing,
)
from launchready_tui.documents.who_can_deploy import service
from launchready_tui.facts_of.looks import AREAS, Area, Looked, StageLooks, by_stage, look_of
from launchready_tui.facts_of.people import one_way_in
from launchready_tui.verdict.readiness import State
from launchready_tui.vocabulary.findings import Impact

ID = "12-handover-checklist"
PURPOSE = "This page is for whoever looks after the product next, or at night when you are away."

RESTRAINTS = (
    items.MANY_REGIONS,
    items.QUEUE_SYSTEM,
    items.RATE_LIMITER,
    items.MANY_SERVICES,
    items.TUNING,
    items.DASHBOARDS,
    items.SPLIT_DATABASE,
    items.ONE_OF_EACH,
)


def write(source: Source) -> tuple[Block, ...]:
    """Ownership first, then how each kind of change is made, then limits and signatures."""
    return (
        Heading("Who owns what"),
        *ownership(source),
        Heading("Support contacts"),
        people(source),
        Heading("Where keys and passwords are kept"),
        told_or_missing(
            source, items.SECRET_STORE, "Nobody has said yet where keys and passwords are kept."
        ),
        Bullets(
            (
                ("This file names places. It never holds a password or a key.",),
                ("Every account has a second person who can get in.",),
                ("Every account has a second factor, and its recovery codes are kept apart.",),
                ("Whoever leaves loses access the same day.",),
            )
        ),
        Heading("Which addresses exist, and why"),
        *_subdomains(source),
        Heading("How to change DNS safely"),
        *_dns_change(source),
        Heading("How to change a key without breaking the product"),
        *_rotation(source),
        Heading("How a version goes live"),
        told_or_missing(
            source,
            items.DEPLOY_PATH,
            "Nobody has said yet how a change gets from code to the live site.",
        ),
        Paragraph(("The deployment checklist has every step.",)),
        Heading("How to take a version back"),
        *roll_back(source),
        *_told_rollback(source),
        Heading("How to purge the cache"),
        *purge(source),
        Heading("Alert rules"),
        *_alerts(source),
        Heading("The few checks that stay on"),
        *always_on(source),
        Heading("What we know is not perfect"),
        _limits(source),
        Heading("What we have not looked at"),
        *not_looked_at(source),
        Heading("Not now, on purpose"),
        *_not_now(source),
        Heading("What we know so far"),
        answers(
            source,
            (
                items.DNS_CHANGES,
                items.SUBDOMAIN_NOTES,
                items.KEY_ROTATION,
                items.UNDO_NOTES,
                items.ACCOUNTS,
                items.ONE_PERSON_KNOWS,
                items.NOBODY_GOT_IN,
            ),
        ),
        Heading("Signatures"),
        _signatures(),
    )


def ownership(source: Source) -> tuple[Block, ...]:
    """The register: each account, who holds it, who steps in, and where the login is kept."""
    accounts = source.project.accounts
    if not accounts:
        return (
            Missing(
                "Nobody has listed the accounts yet: Cloudflare, registrar, hosting, email, "
                "monitoring and admin.",
                source.where(items.ACCOUNTS, "List them"),
            ),
        )
    blocks: list[Block] = [
        Table(
            ("Account", "Held by", "Owner, then backup", "Login kept in", "Renews", "Last tried"),
            (4, 3, 4, 4, 3, 3),
            tuple(
                (
                    service(account),
                    (value(account.holder, 80) or "not recorded",),
                    (f"{or_nobody(account.owner)}, then {or_nobody(account.backup)}",),
                    (value(account.kept_in, 100) or "not recorded",),
                    (source.day(account.renews) if account.renews else "not recorded",),
                    tested(source, account.last_verified),
                )
                for account in accounts
            ),
        ),
        Heading("How to get in when the owner can't", 3),
        Table(
            ("Account", "Second factor", "Recovery codes"),
            (2, 3, 3),
            tuple(
                (
                    service(account),
                    (value(account.second_factor, 100) or "not recorded",),
                    (value(account.recovery, 100) or "not recorded",),
                )
                for account in accounts
            ),
        ),
    ]
    alone = [value(account.service, 40) for account in one_way_in(source.project)]
    if alone:
        blocks.append(
            Missing(
                f"Only one person, or nobody, can get into these: {', '.join(alone)}.",
                source.where(items.ACCOUNTS, "Name a second one"),
            )
        )
    return tuple(blocks)


def _subdomains(source: Source) -> tuple[Block, ...]:
    hosts = source.project.hosts
    if not hosts:
        return (
            Missing(
                "No addresses are in the file yet.", source.where(items.SUBDOMAINS, "Add them")
            ),
        )
    return (
        Table(
            ("Address", "What it is", "Why it matters", "Without it"),
            (4, 2, 4, 5),
            tuple(
                (
                    (source.host(host.name),),
                    (role(source, host).name,),
                    why(source, host),
                    (role(source, host).breaks,),
                )
                for host in hosts
            ),
        ),
        Paragraph(("The DNS map says where each one leads.",)),
    )


def _dns_change(source: Source) -> tuple[Block, ...]:
    at = source.provider("dns", source.project.dns.provider)
    place = f"Sign in at {at}." if at else "Sign in where your DNS is kept."
    return (
        told_or_missing(source, items.DNS_CHANGES, "Nobody has said yet how a DNS change is made."),
        Steps(
            (
                ("Write down what you want to change, and why. Ask a second person to read it.",),
                (f"{place} Save the list of all records as a file first.",),
                ("A day before, set the TTL of that record to 300 seconds.",),
                ("Change one record at a time. Never delete one that you can't explain.",),
                ("Leave records for mail alone: MX, and TXT for SPF, DKIM and DMARC.",),
                ("Run the checks of stage 1. Look at the bare domain, www, app, API and mail.",),
                ("Is something wrong? Put the old value back from the file.",),
                ("After a quiet day, set the TTL back to 3600 seconds.",),
            )
        ),
    )


def _rotation(source: Source) -> tuple[Block, ...]:
    return (
        told_or_missing(source, items.KEY_ROTATION, "Nobody has said yet how a key is changed."),
        Steps(
            (
                ("Make a second key at the service. Leave the old one on for now.",),
                ("Put the new key where keys are kept, then in the settings of production.",),
                ("Deploy, or start the app again, so that it reads the new key.",),
                ("Test the one thing that needs it: a payment, an email, a sign-in.",),
                ("Watch the log for an hour. Nothing should still use the old key.",),
                ("Turn the old key off. Delete it a day later.",),
                ("Write the day of the change beside the place where the key is kept.",),
            )
        ),
        Paragraph(
            (
                "Has a stranger seen the key? Then turn the old one off first, even if "
                "something stops for a minute.",
            )
        ),
    )


def _told_rollback(source: Source) -> tuple[Block, ...]:
    if source.answer(items.UNDO_NOTES) is None:
        return ()
    return (told_or_missing(source, items.UNDO_NOTES, ""),)


def _alerts(source: Source) -> tuple[Block, ...]:
    return (
        told_or_missing(source, items.FIRST_TO_HEAR, "Nobody has said yet who gets which alert."),
        Table(
            ("What happens", "Rule", "Then"),
            (3, 5, 4),
            (
                (
                    ("The site is down",),
                    ("Two bad minutes in a row, seen from two regions",),
                    ("Wake somebody",),
                ),
                (("It stutters",), ("Five bad minutes in six hours",), ("Send an email",)),
                (("A rough week",), ("Ten bad minutes in a week",), ("Stop new features",)),
                (
                    ("A page fails",),
                    ("Three server errors on one route in 15 minutes",),
                    ("Send an email, look at the last deploy",),
                ),
                (("A background job fails",), ("Twice in a row",), ("Send an email",)),
                (("A deploy fails",), ("Each time",), ("Tell whoever deployed",)),
            ),
        ),
        Paragraph(
            ("An alert that comes too often is soon ignored. Take out what nobody acts on.",)
        ),
    )


def _limits(source: Source) -> Block:
    readiness = source.readiness
    rows: list[Line] = [
        join(Strong("Still to do:"), f"{value(problem.title, 160)}.")
        for problem in readiness.problems
        if problem.impact is not Impact.BLOCKER
    ]
    blockers = len(readiness.today())
    if blockers:
        rows.insert(
            0, join(Strong("Open today:"), f"{blockers} from the fix plan. They come first.")
        )
    open_items = readiness.counts()[State.OPEN]
    if open_items:
        rows.append((f"{open_items} questions have no answer yet.",))
    rows.append(
        ("We look at your product from one place and at one moment. This is no monitoring.",)
    )
    return Bullets(tuple(rows))


def not_looked_at(source: Source) -> tuple[Block, ...]:
    """Where we did not look, where we got no answer and why, and where we can't look at all."""
    rows: list[Line] = [_area(source, area) for area in AREAS]
    rows += [
        join(Strong("We could not tell:"), prose(found.says), looked(source, found))
        for found in source.readiness.unknowns
    ]
    rows += [
        ("We never look inside your database.",),
        ("Of your accounts we can read only Cloudflare and the test inboxes.",),
    ]
    stages = tuple(
        ((f"{each.stage.number}. {each.stage.title}",), _never(source, each))
        for each in by_stage(source.project, source.checklist)
        if each.of(Looked.NEVER)
    )
    if not stages:
        return (Bullets(tuple(rows)),)
    return (Bullets(tuple(rows)), Table(("Stage", "Checks that have not run"), (2, 7), stages))


def _area(source: Source, area: Area) -> Line:
    look = look_of(source.project, area.checks)
    if look.at is None:
        return (f"We have not looked at {area.name}.",)
    if look.looked is Looked.NO_ANSWER:
        return (f"We tried to look at {area.name} on {source.day(look.at)}, and could not.",)
    return (f"We looked at {area.name} on {source.day(look.at)}. Later changes are not in here.",)


def _never(source: Source, stage: StageLooks) -> Line:
    never = stage.of(Looked.NEVER)
    if len(never) == len(stage.looks):
        return ("None of them has run.",)
    return ("; ".join(source.checklist.titles.get(check, check) for check in never),)


def _not_now(source: Source) -> tuple[Block, ...]:
    return (
        Paragraph(
            (
                "These can wait until real customers need them. Each one costs weeks, and your "
                "first 20 customers would not notice.",
            )
        ),
        Table(
            ("What", "Where it stands"),
            (2, 5),
            tuple(
                (
                    (Strong(state.item.title),),
                    said(source, state),
                )
                for row in RESTRAINTS
                if (state := source.item(row)) is not None
            ),
        ),
        Paragraph(
            (
                "What you do need is one of each. Have one way to deploy, and one database plan "
                "that you can explain. Have one place for secrets, and one person who answers "
                "when things break.",
            )
        ),
    )


def _signatures() -> Table:
    """Left empty for a pen: nobody has signed anything by writing this file."""
    line = "____________________"
    return Table(
        ("I have read this and can get in", "Name", "Date"),
        (3, 3, 3),
        tuple(((role,), (line,), (line,)) for role in ("Hands over", "Takes over", "Backup")),
    )
