"""A hostile web server in the place of one host: the whole audit ends, and says what it could see.

How long it may take stands in `auditing`: every wait is bounded by the world's own limits.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.lab.healthy import DOMAIN
from tests.hostile.auditing import audit, holds, standing_in
from tests.hostile.servers import TALKS

APP = f"app.{DOMAIN}"
ON_THE_SITE = ("10 GB", "gzip bomb, unasked", "redirects without end", "header injection",
               "5 MB of scripts over http", "stall after the headers")  # fmt: skip
NO_PAGE = {
    "reset": "reset",
    "stall after the headers": "timeout",
    "drip of bytes": "timeout",
    "headers without end": "too-large",
    "a header without end": "too-large",
    "promises without end": "timeout",
    "not HTTP": "garbled",
    "an answer of the past": "garbled",
}


@pytest.mark.parametrize("name", TALKS)
async def test_the_app_is_hostile(name: str, tmp_path: Path) -> None:
    async with standing_in(APP, TALKS[name], tmp_path) as options:
        audited = await audit(options, tmp_path)
    holds(audited)
    assert audited.said("tls.valid", APP) == ("pass", "ok")
    assert audited.said("tls.valid", DOMAIN) == ("pass", "ok")
    assert audited.said("http.reachable", DOMAIN) == ("pass", "ok")
    if name in NO_PAGE:
        # On a busy machine an endless answer may meet the clock before it meets the limit.
        verdict, reason = audited.said("http.reachable", APP)
        assert verdict == "unknown"
        assert reason in (NO_PAGE[name], "timeout")


@pytest.mark.parametrize("name", ON_THE_SITE)
async def test_the_site_itself_is_hostile(name: str, tmp_path: Path) -> None:
    async with standing_in(DOMAIN, TALKS[name], tmp_path) as options:
        audited = await audit(options, tmp_path)
    holds(audited)
    assert audited.said("tls.valid", DOMAIN) == ("pass", "ok")
    assert audited.said("http.reachable", APP) == ("pass", "ok")
