"""`launchready reports` on a folder of received DMARC reports."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from launchready_tui.lab import Lab, healthy
from tests.rules.mail.test_dmarc_reports import BOMB, record, report

from .conftest import Run, network

OURS = record("203.0.113.40", 40, dkim="pass", by="harbor.example")
POSTMARK = record("203.0.113.41", 7, by="pm.mtasv.net")
NAMED = record("192.0.2.77", 2, by="")
SILENT = record("192.0.2.78", 1, by="")


async def test_senders_that_are_not_proved_are_listed_by_name(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.xml").write_bytes(report(OURS, POSTMARK))
    (folder / "b.xml.gz").write_bytes(gzip.compress(report(NAMED, SILENT, id="2")))
    (folder / "bomb.xml").write_bytes(BOMB)
    (folder / "notes.txt").write_text("mine")
    world = healthy()
    reverse = "77.2.0.192.in-addr.arpa"
    world = world.with_records(reverse, "PTR", ["mx.shop-mail.example."])
    async with Lab(world) as lab:
        done = await run("reports", "reports", "--json", *network(lab))
        table = await run("reports", "reports", *network(lab))
    found = {one["name"]: (one["messages"], one["not_proved"])
             for one in json.loads(done.out)["senders"]}  # fmt: skip
    assert found["Postmark"] == (7, 7)
    assert found["mx.shop-mail.example"] == (2, 2)
    assert found["192.0.2.78"] == (1, 1)
    assert done.code == table.code == 1
    assert "bomb.xml is left out" in done.err
    assert "Postmark" in table.out
    assert "Then add its records first" in table.out


async def test_all_proved_is_said_so(run: Run, lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(report(OURS))
    done = await run("reports", "a.xml", *network(lab))
    assert done.code == 0
    assert "You can make your DMARC record stricter" in done.out


async def test_nothing_to_read_is_a_clear_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "photo.xml").write_bytes(b"\x89PNG")
    for path in ("photo.xml", "."):
        done = await run("reports", path)
        assert done.code == 2
        assert "There is no DMARC report here" in done.err
        assert "Traceback" not in done.err
    assert (await run("reports", "gone")).code == 2
