"""The key behind the fingerprints, in a real password store: kept, never shown, and missed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.real.test_keyring import in_session
from tests.world.git_world import new_repo

pytestmark = pytest.mark.real

# Made up, and put together here, so that no scanner takes this file for a leak.
KEY = "sk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"
CHANGE = "fingerprints change from run to run"
NO_STORE = "keyring.backends.fail.Keyring"
# The store runs, and nobody is there to type its password.
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1\n"
TWICE = """
cd shop
run first guard secrets --json
run second guard secrets --json
run words guard secrets
"""
# What the store holds, for the test alone: written outside the folder that is searched below.
TELL = """
"$PYTHON" - > "$ASIDE" <<'END'
from launchready_tui.world.credentials import FINGERPRINT_KEY, SystemKeyring
from launchready_tui.world.repository.fingerprints import HERE
kept = SystemKeyring().read(FINGERPRINT_KEY, HERE)
print(kept.value if kept else "")
END
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "founder"
    made.mkdir()
    new_repo(made / "shop").commit("pay", pay=f'key = "{KEY}"\n')
    return made


def steps(out: str) -> dict[str, str]:
    return dict(part.split("\n", 1) for part in out.split("== ")[1:])


def told(step: str) -> tuple[bool, str]:
    """Whether fingerprints can be compared, and that of the only finding."""
    text = step[step.index("{") : step.rindex("}") + 1]
    found: dict[str, Any] = json.loads(text)
    [row] = found["findings"]
    return found["comparable"], row["fingerprint"]


async def test_two_runs_agree_and_the_key_is_nowhere_but_in_the_store(folder: Path) -> None:
    aside = folder.parent / "key"
    out = await in_session(TWICE + TELL, folder, ASIDE=str(aside))
    said = steps(out)
    first, second = told(said["first"]), told(said["second"])
    assert first == second
    assert first[0] is True
    assert CHANGE not in said["words"]
    key = aside.read_text("utf-8").strip()
    assert len(key) == 64
    for value in (key, KEY):
        assert value not in out
    for path in folder.rglob("*"):
        if path.is_file() and "keyrings" not in path.parts:  # the store's own files
            assert key.encode() not in path.read_bytes(), path


async def test_another_password_store_gives_other_fingerprints(folder: Path) -> None:
    out = await in_session(TWICE, folder)
    (folder / "home").rename(folder.parent / "other home")
    again = await in_session(TWICE, folder)
    assert told(steps(out)["first"])[1] != told(steps(again)["first"])[1]


@pytest.mark.parametrize("way", ["locked", "absent"])
async def test_without_a_store_two_runs_differ_and_say_so(folder: Path, way: str) -> None:
    more = {"PYTHON_KEYRING_BACKEND": NO_STORE} if way == "absent" else {}
    out = await in_session(TWICE, folder, start="" if way == "absent" else LOCKED, **more)
    said = steps(out)
    first, second = told(said["first"]), told(said["second"])
    assert first[0] is second[0] is False
    assert first[1] != second[1]
    assert CHANGE in said["words"], said["words"]


@pytest.mark.parametrize("way", ["locked", "absent"])
async def test_a_key_of_ones_own_makes_runs_agree_without_a_store(folder: Path, way: str) -> None:
    more = {"PYTHON_KEYRING_BACKEND": NO_STORE} if way == "absent" else {}
    own = "a key of the tests, long enough"
    out = await in_session(
        TWICE,
        folder,
        start="" if way == "absent" else LOCKED,
        LAUNCHREADY_FINGERPRINT_KEY=own,
        **more,
    )
    said = steps(out)
    assert told(said["first"]) == told(said["second"])
    assert told(said["first"])[0] is True
    assert CHANGE not in said["words"]
    assert own not in out
