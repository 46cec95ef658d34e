"""The items that code asks about, by what they mean. Their ids stand in `checklists/stages/`.

An id is a row of the requirements, and the key of an answer in the project file. Outside of
`checklists/` it stands here alone.
"""

from __future__ import annotations

from typing import Final

ADDRESSES: Final = "S1.C1"  # Your addresses in DNS
CERTIFICATES: Final = (
    "S1.C2"  # Does a browser or phone warn that one of your addresses is not safe?
)
DEPLOY_PATH: Final = "S1.C3"  # The way from code to live site
EXPOSED_SECRETS: Final = (
    "S1.C4"  # Could a stranger find a password or key in your code or on your site?
)
EDGE: Final = "S1.C5"  # Cloudflare in front of the site
FAILS_ON_OWN_DOMAIN: Final = (
    "S1.F1"  # Have you seen it work on your laptop, but fail on your own domain?
)
EMAIL_IN_SPAM: Final = "S1.F2"  # Email in spam or missing
MAIN_ADDRESS: Final = "S2.C1"  # One main address
OLD_ADDRESSES: Final = (
    "S2.C2"  # Do old addresses, in ads, emails or bookmarks, still lead to the right page?
)
SUBDOMAINS: Final = "S2.C3"  # Subdomains that you need
EDGE_ENCRYPTION: Final = "S2.C4"  # Encryption behind Cloudflare
PRIVATE_PAGES: Final = (
    "S2.C5"  # Does Cloudflare or your host keep copies of pages made for signed-in people?
)
SIGN_IN_BREAKS: Final = (
    "S2.F1"  # Have people been signed out, or stuck, after moving between your addresses?
)
OTHER_USERS_DATA: Final = (
    "S2.F2"  # Has anyone seen another person's name, orders or messages on their own page?
)
SPF: Final = "S3.C1"  # SPF: who may send for you
DKIM: Final = "S3.C2"  # DKIM: a signature on each email
DMARC: Final = "S3.C3"  # DMARC: rules and reports
TEST_EMAILS: Final = (
    "S3.C4"  # Do your sign-up, reset, invite and receipt emails reach Gmail, Outlook and iCloud?
)
REPLIES: Final = "S3.C5"  # Sender name and replies
UNCONFIRMED_USERS: Final = "S3.F1"  # New users can't confirm
RESETS_IN_SPAM: Final = "S3.F2"  # Password resets in spam
LOST_CODES: Final = "S3.F3"  # "My code never came"
ENVIRONMENTS_APART: Final = (
    "S4.C1"  # Do your test copy and your live site use different keys and databases?
)
SECRET_STORE: Final = "S4.C2"  # One home for secrets
MISSING_SETTING: Final = "S4.C3"  # A missing setting stops the build
MIGRATIONS: Final = "S4.C4"  # Changes to the database
ROLLBACK: Final = "S4.C5"  # The way back
ONE_PERSON_DEPLOYS: Final = "S4.F1"  # Only one person can deploy
SECRETS_IN_CHAT: Final = "S4.F3"  # Secrets sent in chat
QUEUE_SYSTEM: Final = "R2"  # A big queue system
MANY_SERVICES: Final = (
    "R4"  # Is the product split into many services, or does it run on Kubernetes?
)
STATIC_FILES: Final = (
    "S5.C1"  # Do browsers keep your images, styles and scripts for a month or more?
)
SIGNED_IN_PAGES: Final = (
    "S5.C2"  # After you sign out, does the Back button still show private pages?
)
IMAGES_AND_TEXT: Final = "S5.C3"  # Big images and plain text
CACHE_RULES: Final = (
    "S5.C4"  # Does each kind of page have its own rule for how long it may be kept?
)
SPEED: Final = "S5.C5"  # Speed, measured first
STALE_PAGES: Final = "S5.F3"  # Old prices, or sold items
TUNING: Final = "R5"  # Tuning without numbers
SPLIT_DATABASE: Final = "R7"  # Splitting the database
PAGES_WATCHED: Final = "S6.C1"  # Key pages watched
TWO_REGIONS: Final = "S6.C2"  # Two regions agree
TRACEABLE_ERRORS: Final = (
    "S6.C3"  # When a customer reports an error, can you find that one request in your logs?
)
FIRST_TO_HEAR: Final = "S6.C4"  # Alarms that reach a person
CUSTOMERS_KNEW_FIRST: Final = (
    "S6.F1"  # Did you ever learn from a customer, or from the public, that the site was down?
)
IGNORED_ALARMS: Final = "S6.F3"  # Alarms that people ignore
DASHBOARDS: Final = "R6"  # Dashboards without an owner
DNS_CHANGES: Final = "S7.C1"  # How DNS is changed safely
SUBDOMAIN_NOTES: Final = (
    "S7.C2"  # Could a new person tell what each subdomain is for, from your notes?
)
KEY_ROTATION: Final = (
    "S7.C3"  # Is it written down how to replace a key without breaking the live site?
)
UNDO_NOTES: Final = (
    "S7.C4"  # Are the steps to undo a release, and to throw away kept copies, written down?
)
ACCOUNTS: Final = (
    "S7.C5"  # Does every key account have an owner, and a backup person who can sign in?
)
ONE_PERSON_KNOWS: Final = (
    "S7.F1"  # Is there something in the product that only one person knows how to do?
)
NOBODY_GOT_IN: Final = "S7.F2"  # Nobody could get in
PRODUCT_OR_TECHNOLOGY: Final = (
    "S7.F3"  # If few people buy this week, could you say whether the site or the offer is why?
)
MANY_REGIONS: Final = "R1"  # Live copies in many regions
RATE_LIMITER: Final = "R3"  # A home-made rate limiter
ONE_OF_EACH: Final = (
    "P1"  # Is there one way to publish, one schema, one home for secrets, one person on call?
)
