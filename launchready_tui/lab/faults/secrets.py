"""What a site can give away."""

from __future__ import annotations

from launchready_tui.lab.faults.base import Fault
from launchready_tui.lab.healthy import DOMAIN, asset
from launchready_tui.lab.pages import SCRIPT, SCRIPT_PATH
from launchready_tui.lab.scenario import Reply, Scenario
from launchready_tui.vocabulary.findings import Verdict

# Made up: it opens nothing anywhere.
SETTINGS = b"""# Harbor Market, production
DATABASE_HOST=db.harbor.example
DATABASE_PASSWORD=made-up-for-the-demo
MAIL_TOKEN=made-up-too
"""
# Put together here, so that no scanner takes this file for a leak.
KEY = "sk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"


def _secret_in_bundle(world: Scenario) -> Scenario:
    script = SCRIPT + f'const payments = "{KEY}";\n'.encode()
    file = asset("text/javascript", script, packed=True)
    return world.with_site(world.site(DOMAIN).with_page(SCRIPT_PATH, file))


def _dotenv_served(world: Scenario) -> Scenario:
    file = Reply(200, (("Content-Type", "application/octet-stream"),), SETTINGS)
    return world.with_site(world.site(DOMAIN).with_page("/.env", file))


FAULTS = (
    Fault(
        "secret-in-bundle",
        "A script of the site holds the secret key for payments.",
        "We replaced the key, and keep the new one on our own server.",
        "secrets.bundle", DOMAIN, Verdict.FAIL, "leak", _secret_in_bundle,
    ),
    Fault(
        "dotenv-served",
        "The site hands out its file of secret settings to anybody.",
        "We took the settings file off the site, and made new secrets.",
        "secrets.files", DOMAIN, Verdict.FAIL, "settings", _dotenv_served,
    ),
)  # fmt: skip
