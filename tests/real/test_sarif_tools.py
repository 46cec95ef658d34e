"""What we print as SARIF, read by sarif-tools: the program that others read such files with.

`.ci/run` installs it in an environment of its own (it brings matplotlib, 220 MB), and names it in
LAUNCHREADY_SARIF_TOOLS.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.world.git_world import new_repo

PROGRAM = os.environ.get("LAUNCHREADY_SARIF_TOOLS", "")
KEY = "sk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"  # put together here; it opens nothing


@pytest.mark.real
def test_sarif_tools_reads_every_result_with_its_place(tmp_path: Path) -> None:
    if not PROGRAM:
        if os.environ.get("LAUNCHREADY_REAL") == "1":
            pytest.fail("LAUNCHREADY_SARIF_TOOLS names no program: see .ci/run")
        pytest.skip("LAUNCHREADY_SARIF_TOOLS names no program: see .ci/run")
    repo = new_repo(tmp_path / "shop")
    repo.commit("pay", **{"my keys.txt": f'one\n"{KEY}"\n'})
    made = subprocess.run(
        [sys.executable, "-m", "launchready_tui", "guard", "secrets", "--sarif"],
        cwd=repo.root, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 1, (made.returncode, made.stderr)
    file, table = tmp_path / "found.sarif", tmp_path / "found.csv"
    file.write_text(made.stdout)
    read = subprocess.run(
        [PROGRAM, "csv", "--output", str(table), str(file)], capture_output=True, text=True
    )
    assert read.returncode == 0, (read.returncode, read.stderr)
    with table.open(newline="", encoding="utf-8-sig") as lines:
        [row] = csv.DictReader(lines)
    assert row["Severity"] == "error", row
    assert row["Location"].replace("%20", " ") == "my keys.txt", row
    assert row["Line"] == "2", row
    counted = subprocess.run([PROGRAM, "summary", str(file)], capture_output=True, text=True)
    assert "error: 1" in counted.stdout, (counted.stdout, counted.stderr)
