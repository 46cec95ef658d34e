"""Every document states what the file records: one test a requirement row, on the fact itself."""

from __future__ import annotations

import pytest

from launchready_tui.documents import build
from tests.documents.samples import CONTENT, full, page

DOCUMENTS = build(full(), CONTENT)

RISKS, PLAN, DNS_MAP, EDGE, RECORDS, MAIL_LOG = (page(DOCUMENTS, n) for n in range(1, 7))
DEPLOY, WHO, CACHING, DASHBOARD, INCIDENT = (page(DOCUMENTS, n) for n in range(7, 12))
HANDOVER, FIRST_WEEK = page(DOCUMENTS, 12), page(DOCUMENTS, 13)


def row(text: str, *parts: str) -> bool:
    """Whether these parts stand in the text in this order."""
    place = 0
    for part in parts:
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True


def test_there_are_thirteen_in_order_with_the_titles_of_the_checklist() -> None:
    papers = [paper for stage in CONTENT.stages for paper in stage.documents]
    assert [d.id for d in DOCUMENTS] == [paper.id for paper in papers]
    assert [d.title for d in DOCUMENTS] == [paper.title for paper in papers]
    assert len(DOCUMENTS) == 13


@pytest.mark.parametrize("number", range(1, 14))
def test_each_opens_with_what_it_is_for_and_how_old_its_facts_are(number: int) -> None:
    opening = page(DOCUMENTS, number).splitlines()[1]
    assert "We last looked on 24 November 2026." in opening
    assert "The newest answer is from 23 November 2026." in opening
    assert 2 <= opening.count(". ") + 1 <= 4


@pytest.mark.covers("S1.D1", "document")
def test_the_risk_list_ranks_what_was_found_and_told() -> None:
    assert row(
        RISKS,
        "Not yet: 6 to fix today",
        "The certificate of app.harbor.example ran out on 3 November",
        "They can't sign in",
        "Not after: 2026-11-03",
        "checked on 24 November",
        "fix today",
        "failed sign-ups",
        "docs.harbor.example does not exist in DNS",
        "fix soon",
        "leads to the safe address",
        "later",
    )
    assert row(RISKS, "A reset went to spam at Outlook.", "told by Dana on 23 November")
    assert row(RISKS, "What we could not tell", "docs.harbor.example", "No answer came in time")
    assert row(RISKS, "Since the audit of 20 November", "Fixed", "api.harbor.example")


@pytest.mark.covers("P2", "document")
def test_the_risk_list_ranks_by_harm_to_the_first_twenty_customers() -> None:
    assert "your first 20 customers" in RISKS
    for harm in ("Secrets:", "Payments:", "Sign-up:", "Email:", "Links:", "Support:", "Ads:"):
        assert harm in RISKS
    assert row(RISKS, "A reset went to spam", "lost email, failed sign-ups", "wasted ad money")


@pytest.mark.covers("S1.D2", "document")
def test_the_fix_plan_keeps_today_before_launch_and_later_apart() -> None:
    assert row(
        PLAN,
        "Today",
        "6",
        "about 4 hours",
        "Customers would hit these on day one.",
        "The certificate of app.harbor.example ran out",
        "In Vercel, open your project",
        "Proof: Press r.",
        "Fix them before you open.",
        "docs.harbor.example does not exist in DNS",
        "These can wait.",
        "leads to the safe address, but as a move for now",
    )


@pytest.mark.covers("S2.D1", "document")
def test_the_map_says_where_each_address_leads_and_every_redirect() -> None:
    assert row(
        DNS_MAP,
        "Yours is kept at Cloudflare",
        "app.harbor.example",
        "at Vercel, 198.51.100.8",
        "Where sellers list their goods",
        "Customers can't sign in",
        "Tom",
        "admin.harbor.example",
        "not looked at yet",
    )
    assert row(DNS_MAP, "Mail to harbor.example", "1 smtp.google.com.")
    assert row(DNS_MAP, "every way to your site ends at https://harbor.example/")
    assert row(
        DNS_MAP, "https://harbor.example/sell", "https://harbor.example/start", "301", "1", "ok"
    )
    assert row(DNS_MAP, "http://app.harbor.example/", "https://app.harbor.example/", "302")


@pytest.mark.covers("S2.D2", "document")
def test_the_edge_page_lists_settings_required_observed_and_where_to_click() -> None:
    assert row(
        EDGE,
        "The cloud is orange",
        "Yes, with the orange cloud on",
        "orange for all but mail",
        "https://wiki.harbor.example/edge",
        "told by Dana on 23 November",
        "DNS, Records, Proxy status",
        "Full (strict).",
        "told by Dana on 23 November",
        "SSL/TLS, Overview",
    )
    assert row(EDGE, "Plain http leads to https", "app.harbor.example", "checked on 24 November")
    assert row(EDGE, "Security level", "Not looked at yet. It belongs in stage 1")


@pytest.mark.covers("S3.D1", "document")
def test_the_email_records_show_what_was_seen_the_verdict_and_what_it_should_be() -> None:
    assert row(
        RECORDS,
        "SPF",
        "has 2 SPF records",
        "v=spf1 include:_spf.google.com ~all",
        "fix today",
        "checked on 24 November",
        "One TXT record: v=spf1 include:_spf.google.com ~all",
    )
    assert row(RECORDS, "DKIM", "pm._domainkey.harbor.example", "v=DKIM1", "As it is.")
    assert row(RECORDS, "_dmarc.harbor.example", "v=DMARC1; p=none", "fix soon",
               "One TXT record: v=DMARC1; p=none; rua=mailto:dmarc@harbor.example")  # fmt: skip
    assert row(RECORDS, "Sent by: Google Workspace, Postmark")


@pytest.mark.covers("S3.D2", "document")
def test_the_email_log_shows_four_messages_at_three_inboxes() -> None:
    assert row(MAIL_LOG, "Inbox", "Confirm the sign-up", "Reset the password", "Invitation")
    assert row(
        MAIL_LOG,
        "Gmail second@gmail.com", "not tested yet",
        "Gmail test@gmail.com", "inbox, 12 s", "not tested yet",
        "Outlook test@outlook.com", "fix today Junk Email, 40 s",
        "iCloud: no test inbox yet",
    )  # fmt: skip
    assert row(
        MAIL_LOG,
        "24 November, 13:58 UTC", "Confirm the sign-up", "SPF pass, DKIM pass, DMARC pass",
        "by our own look", "through Postmark", "Harbor Market hello@harbor.example",
        "replies to help@harbor.example", "works",
        "13:59 UTC", "by the inbox", "fix soon", "no longer works",
    )  # fmt: skip
    assert row(MAIL_LOG, "landed in spam: reset at test@outlook.com", "by its signature alone")
    assert row(MAIL_LOG, "2 of 16 are tested.", "test@icloud.com", "We asked on 24 November.")
    assert row(MAIL_LOG, "Outlook put the reset in spam on 22 November", "told by Dana")
    assert row(MAIL_LOG, "1 of 2 in the inbox", "Gmail", "1 of 1", "5 %", "Outlook", "0 of 1")
    assert row(MAIL_LOG, "press e", "launchready credential set inbox", "launchready mail FILE")


@pytest.mark.covers("S4.D1", "document")
def test_the_deployment_checklist_has_exact_steps_and_the_way_back() -> None:
    assert row(
        DEPLOY,
        "Before",
        "DATABASE_URL STRIPE_KEY_NAME",
        "Each release runs it, from files",
        "Deploy",
        "main, at Vercel; Tom and Maya can push",
        "the branch main",
        "Verify",
        "https://app.harbor.example/sign-up (signup) answers with 200",
        "Roll back",
        "choose Instant Rollback",
        "A rollback does not undo the database.",
        "The last drill took 6 min 40 s. That is within the goal of 15 minutes.",
        "told by Dana on 23 November",
        "Purge the cache",
        "Custom Purge",
    )


@pytest.mark.covers("S4.D2", "document")
def test_the_note_on_deploying_names_who_with_which_access_and_which_backup() -> None:
    assert row(WHO, "Cloudflare (DNS and edge)", "Maya", "Tom", "the team vault, folder Edge")
    assert row(WHO, "told on 4 November", "Vercel (hosting)", "Tom", "Maya")
    assert row(WHO, "These have no backup person: Namecheap.")
    assert row(WHO, "the branch main", "A login at Vercel.", "Tom and Maya")


@pytest.mark.covers("S5.D1", "document")
def test_the_caching_policy_treats_each_kind_of_route_apart() -> None:
    kinds = ("Public marketing pages", "Signed-in app pages", "API reads", "File uploads")
    assert row(CACHING, "Browser keeps it", "Edge keeps it", "Never stored", "Purge", *kinds)
    assert row(
        CACHING,
        "https://api.harbor.example/listings",
        "API reads",
        "private, no-cache",
        "look again public, max-age=86400 checked on 24 November",
        "https://api.harbor.example/photos",
        "File uploads",
        "immutable",
        "not looked at yet",
    )
    assert row(CACHING, "Yes, and they are written down", "told by Dana")


@pytest.mark.covers("S6.D1", "document")
def test_the_dashboard_has_five_tiles_each_with_an_owner_and_an_action() -> None:
    assert row(DASHBOARD, "Availability", "Not enough data", "Tom", "stop new features")
    assert row(DASHBOARD, "Latency (p50, p95)", "Not enough data", "Tom", "slowest route")
    assert row(DASHBOARD, "Errors by route", "Yes, by an id", "Tom", "roll back")
    assert row(DASHBOARD, "Last five deploys", "main, at Vercel", "Tom", "roll that one back")
    assert row(DASHBOARD, "Alert history", "Dana, by phone", "Dana", "make it quieter")
    assert row(DASHBOARD, "What is watched", "https://app.harbor.example/checkout", "Status 200")


@pytest.mark.covers("S6.D2", "document")
def test_the_incident_note_says_who_hears_first_and_what_to_pause() -> None:
    assert row(
        INCIDENT,
        "Who hears first",
        "Dana, by phone: +46 70 000 00 02",
        "told by Dana on 23 November",
        "Maya Lindqvist",
        "The last drill took 6 min 40 s",
        "Ads",
        "Maya, or Dana (Google Ads)",
        "Sign-ups",
        "Deploys",
        "Tom, or Maya (Vercel)",
        "Something is wrong with Harbor Market",
        "All clear",
    )


@pytest.mark.covers("S7.C1", "document")
def test_handover_says_how_dns_is_changed_safely() -> None:
    assert row(HANDOVER, "How to change DNS safely", "the wiki, page DNS", "Sign in at Cloudflare.")


@pytest.mark.covers("S7.C2", "document")
def test_handover_says_which_addresses_exist_and_why() -> None:
    assert row(
        HANDOVER, "Which addresses exist", "api.harbor.example", "Feeds the app on the phone"
    )
    assert row(DNS_MAP, "docs.harbor.example", "not recorded yet", "2 addresses have no reason")


@pytest.mark.covers("S7.C3", "document")
def test_handover_says_how_keys_are_changed_without_breaking_production() -> None:
    assert row(HANDOVER, "How to change a key", "the wiki, page Keys", "Make a second key")


@pytest.mark.covers("S7.C4", "document")
def test_handover_says_how_to_roll_back_and_to_purge() -> None:
    assert row(
        HANDOVER, "take a version back", "Instant Rollback", "the wiki, page Undo", "Custom Purge"
    )


@pytest.mark.covers("S7.C5", "document")
def test_handover_says_who_owns_each_account() -> None:
    assert row(
        HANDOVER,
        "Cloudflare (DNS and edge)",
        "Harbor Market AB",
        "Maya, then Tom",
        "the team vault, folder Edge",
        "1 March 2027",
    )
    assert row(HANDOVER, "an app on two phones", "printed codes in the office safe")
    assert "Only one person, or nobody, can get into these: Namecheap." in HANDOVER


@pytest.mark.covers("S7.D1", "document")
def test_handover_has_credentials_contacts_deploys_alerts_and_limits() -> None:
    assert row(
        HANDOVER,
        "Support contacts",
        "+46 70 000 00 01",
        "Where keys and passwords are kept",
        "the team vault, under Launch",
        "How a version goes live",
        "A push to one branch publishes it.",
        "Alert rules",
        "Dana, by phone",
        "Two bad minutes in a row, seen from two regions",
        "What we know is not perfect",
        "Open today: 6",
        "Still to do: docs.harbor.example does not exist in DNS.",
        "Signatures",
    )


@pytest.mark.covers("S7.D2", "document")
def test_the_first_week_note_has_metrics_with_thresholds_and_gates() -> None:
    assert row(
        FIRST_WEEK,
        "Could people reach you?",
        "1 bad minute or less",
        "2 to 10 this week",
        "more than 10: stop new features",
        "your uptime monitor",
        "Did sign-up emails arrive?",
        "Fewer than 30 visitors so far?",
        "Call five of them instead.",
        "2,995 clean checks",
        "59 of 59",
        "wait 36 hours",
    )


@pytest.mark.covers("S7.F3", "document")
def test_the_first_week_note_tells_product_from_technology() -> None:
    assert row(
        FIRST_WEEK,
        "Is it the product, or the technology?",
        "traffic: too few people",
        "technology: repair it",
        "email: it does not arrive",
        "the product: talk to people",
        "too early to tell: call five people",
        "the weekly sheet",
        "told by Dana on 23 November",
    )


TARGETS = {
    "T1": ("99.9 % or better", "not enough data", "0"),
    "T2": ("under 500 ms", "not enough data", "0"),
    "T3": ("0 found", "not enough data", "0"),
    "T4": ("above 95 %", "1 of 2 in the inbox", "2"),
    "T5": ("under 15 minutes", "6 min 40 s", "1"),
}


@pytest.mark.covers("T1", "document")
@pytest.mark.covers("T2", "document")
@pytest.mark.covers("T3", "document")
@pytest.mark.covers("T4", "document")
@pytest.mark.covers("T5", "document")
def test_the_five_targets_stand_together_with_figure_and_samples() -> None:
    place = FIRST_WEEK.index("The five targets")
    for id, (goal, measured, samples) in TARGETS.items():
        assert row(FIRST_WEEK[place:], f"{id}:", goal, measured, samples)


@pytest.mark.covers("A7", "document")
def test_fewer_than_ten_automations_each_with_an_owner() -> None:
    guards = CONTENT.always_on.guards
    assert 0 < len(guards) < 10
    start = HANDOVER.index("The few checks that stay on")
    kept = HANDOVER[start : HANDOVER.index("What we know is not perfect")]
    for each in guards:
        assert each.title in kept
    assert row(kept, "Addresses and certificates", "Last run: checked on 24 November", "nobody yet")
    assert row(kept, "Uptime", "Gatus watches six pages", "told by Dana", "Tom")


@pytest.mark.covers("AI1", "document")
def test_no_line_is_an_assistants_and_drafts_need_a_person() -> None:
    assert row(HANDOVER, "An assistant may draft notes, but a person reads each draft")
    assert "Nothing that it writes changes production." in HANDOVER


RESTRAINTS = {
    "R1": "No, one region is enough.",
    "R2": "photo resizing",
    "R3": "No, we use Cloudflare's and the app's.",
    "R4": "No, it is one app.",
    "R5": "later Yes, some of it is a guess. “the search page”",
    "R6": "No, each has an owner.",
    "R7": "No, one database is enough.",
    "P1": "Yes, one of each. “Dana is on call”",
}


@pytest.mark.covers("R1", "document")
@pytest.mark.covers("R2", "document")
@pytest.mark.covers("R3", "document")
@pytest.mark.covers("R4", "document")
@pytest.mark.covers("R5", "document")
@pytest.mark.covers("R6", "document")
@pytest.mark.covers("R7", "document")
@pytest.mark.covers("P1", "document")
def test_what_is_not_built_yet_stands_with_its_answer() -> None:
    section = HANDOVER[HANDOVER.index("Not now, on purpose") :]
    for id, answer in RESTRAINTS.items():
        item = CONTENT.item(id)
        assert item is not None
        assert row(section, item.title, answer), id
