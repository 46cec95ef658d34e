"""After all that reads a repository has run, no planted value is anywhere but where it was put."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.lab import Lab
from tests.world.git_world import new_repo

from .conftest import Run, network

# Put together here, so that no scanner takes this file for a leak. They open nothing.
VALUES = {
    "committed": "sk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp",
    "deleted": "sk_live_" + "8Jd3Wm6Xq1Rt5Bv9Nz2Kc7Lf",
    "password": "Tr0ub4dor-x9Q-lives",
    "local": "whsec_" + "9Qz7Lm2Xw4Vb8Nk1Rt5Yp3Jd6Hf0Gs",
}
PROJECT = """\
format = 1

[product]
name = "Harbor Market"
domain = "harbor.example"

[[hosts]]
name = "harbor.example"

[repository]
path = "shop"
env_files = [".env.production"]
required_env = ["STRIPE_KEY", "DATABASE_URL"]
"""


@pytest.mark.covers("M8", "live")
async def test_no_output_file_or_log_holds_a_value(
    launch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "HOME"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    repo = new_repo(tmp_path / "shop")
    address = f"postgres://app:{VALUES['password']}@db.harbor-shop.io/app"
    repo.commit("one", pay=f'k = "{VALUES["committed"]}"\n', old=f'k = "{VALUES["deleted"]}"\n')
    repo.commit("two", old="gone\n", read="process.env.STRIPE_KEY; process.env.DATABASE_URL\n")
    repo.write("app.js", "process.env.STRIPE_KEY; process.env.DATABASE_URL;\n")
    repo.write(".env.production", f"STRIPE_KEY={VALUES['local']}\nDATABASE_URL={address}\n")
    repo.write(".env.staging", f"STRIPE_KEY={VALUES['local']}\nDATABASE_URL={address}\n")
    (tmp_path / "launchready.toml").write_text(PROJECT, "utf-8")
    said = ""
    async with Lab() as lab:
        for words in (
            ("audit", "--yes", "--save", "--details", "--debug", *network(lab)),
            ("audit", "--yes", "--json", *network(lab)),
            ("guard", "secrets", "--details"),
            ("guard", "secrets", "--json"),
            ("guard", "secrets", "--sarif"),
            ("guard", "secrets", "--path", "shop"),
            ("guard", "env"),
            ("guard", "env", "--json"),
            ("handover",),
        ):
            done = await launch(*words)
            assert done.code in (0, 1, 3), (words, done.err)
            said += done.out + done.err
    assert "sk_live_... (32)" in said  # it was found, and told so
    assert "A secret is in the history of your code" in said
    assert "same" in said  # staging and production share one
    written = {
        path: path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file() and tmp_path / "shop" not in path.parents
    }
    assert any(path.suffix == ".md" for path in written)
    for name, value in VALUES.items():
        assert value not in said, name
        assert value[8:] not in said, name
        holders = [str(path) for path, data in written.items() if value.encode() in data]
        assert holders == [], name
