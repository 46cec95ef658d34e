"""What a site can give away."""

from __future__ import annotations

from launchready_tui.findings import Verdict
from launchready_tui.lab.faults.base import Fault
from launchready_tui.lab.healthy import DOMAIN
from launchready_tui.lab.scenario import Reply, Scenario

# Made up: it opens nothing anywhere.
SETTINGS = b"""# Harbor Market, production
DATABASE_HOST=db.harbor.example
DATABASE_PASSWORD=made-up-for-the-demo
MAIL_TOKEN=made-up-too
"""


def _dotenv_served(world: Scenario) -> Scenario:
    file = Reply(200, (("Content-Type", "application/octet-stream"),), SETTINGS)
    return world.with_site(world.site(DOMAIN).with_page("/.env", file))


FAULTS = (
    Fault(
        "dotenv-served",
        "The site hands out its file of secret settings to anybody.",
        "We took the settings file off the site, and made new secrets.",
        "secrets.files", DOMAIN, Verdict.FAIL, "settings", _dotenv_served,
    ),
)  # fmt: skip
