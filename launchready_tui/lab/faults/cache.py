"""What can be wrong with caching, compression and speed."""

from __future__ import annotations

from dataclasses import replace

from launchready_tui.lab.faults.base import Fault
from launchready_tui.lab.healthy import ASSETS, DOMAIN, home
from launchready_tui.lab.pages import SCRIPT, SCRIPT_PATH
from launchready_tui.lab.scenario import Certificate, Reply, Scenario, Site
from launchready_tui.vocabulary.findings import Verdict

# Made-up companies whose scripts the page waits for.
OTHERS = ("widget.boat-chat.example", "tags.sail-ads.example", "ask.buoy-survey.example")


def _static_uncached(world: Scenario) -> Scenario:
    site = world.site(DOMAIN)
    for path, reply in ASSETS.items():
        site = site.with_page(path, reply.without("cache-control"))
    return world.with_site(site)


def _text_uncompressed(world: Scenario) -> Scenario:
    body = SCRIPT * (200 * 1024 // len(SCRIPT) + 1)
    plain = replace(ASSETS[SCRIPT_PATH], body=body, packed=False)
    return world.with_site(world.site(DOMAIN).with_page(SCRIPT_PATH, plain))


def _blocking_scripts(world: Scenario) -> Scenario:
    front = home()
    assert isinstance(front.body, bytes)
    waits = "".join(f'<script src="https://{host}/load.js"></script>' for host in OTHERS)
    body = front.body.replace(b"</head>", waits.encode() + b"</head>")
    world = world.with_site(world.site(DOMAIN).with_page("/", replace(front, body=body)))
    script = Reply(200, (("Content-Type", "text/javascript"),), b"// Nothing to do.\n")
    for number, host in enumerate(OTHERS):
        world = world.with_records(host, "A", [f"203.0.113.{90 + number}"])
        world = world.with_site(Site(host, Certificate((host,)), {"/load.js": script}))
    return world


FAULTS = (
    Fault(
        "static-uncached",
        "Styles, scripts and images say nothing about how long browsers may keep them.",
        "We let browsers keep styles, scripts and images for a year.",
        "cache.static", DOMAIN, Verdict.WARN, "short", _static_uncached,
    ),
    Fault(
        "text-uncompressed",
        "A script of 200 KB is sent without compression.",
        "We turned on compression for scripts.",
        "cache.compression", DOMAIN, Verdict.FAIL, "plain", _text_uncompressed,
    ),
    Fault(
        "blocking-scripts",
        "The home page waits for three scripts of other companies before it shows.",
        "We made the home page show first, and load those scripts after.",
        "speed.blocking", DOMAIN, Verdict.FAIL, "several", _blocking_scripts,
    ),
)  # fmt: skip
