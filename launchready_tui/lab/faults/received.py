"""What can be wrong with messages that arrived, or never do."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from launchready_tui.lab.faults.base import APP, Fault
from launchready_tui.lab.pages import NOT_FOUND_PAGE
from launchready_tui.lab.post import about, with_letters
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.vocabulary.findings import Verdict

GMAIL, OUTLOOK = "harbor.tester@gmail.com", "harbor.tester@outlook.com"
BULK = "bulk-mail.example"
READ = ("email.alignment", "email.sender", "email.links", "email.inbox")


def _link_expired(world: Scenario) -> Scenario:
    gone = Reply(410, (("Content-Type", "text/html"),), NOT_FOUND_PAGE)
    return world.with_site(world.site(APP).with_page("/verify", gone))


FAULTS = (
    Fault(
        "mail-in-spam",
        "The password reset lands in the spam folder at Outlook.",
        "We cleaned up the reset message, and it reaches the inbox.",
        "email.inbox", f"reset at {OUTLOOK}", Verdict.FAIL, "spam",
        partial(with_letters, chosen=about("reset", "outlook"),
                changed=lambda one: replace(one, folder="Junk")),
    ),
    Fault(
        "mail-never",
        "The message that confirms a sign-up never arrives at Gmail.",
        "We took the address off the sender's block list, and the message arrives.",
        "email.inbox", f"verify at {GMAIL}", Verdict.FAIL, "never",
        partial(with_letters, chosen=about("verify", "gmail")), READ,
    ),
    Fault(
        "link-expired",
        "The link in the sign-up message no longer works when it is opened.",
        "We let the link live for a day.",
        "email.links", f"verify at {GMAIL}", Verdict.FAIL, "expired", _link_expired,
    ),
    Fault(
        "mail-unaligned",
        "Receipts are signed by another company, and bounce to it.",
        "We added the records that let the receipts be signed in your name.",
        "email.alignment", f"receipt at {GMAIL}", Verdict.FAIL, "none",
        partial(with_letters, chosen=about("receipt", "gmail"),
                changed=lambda one: replace(one, signer="", path=BULK, ip="198.51.100.9")),
    ),
    Fault(
        "sender-differs",
        "Receipts carry another sender's name than the other messages.",
        "We gave all messages the same sender's name.",
        "email.sender", f"receipt at {GMAIL}", Verdict.WARN, "differs",
        partial(with_letters, chosen=about("receipt", "gmail"),
                changed=lambda one: replace(one, sender="Billing <hello@harbor.example>")),
    ),
)  # fmt: skip
