"""`launchready guard secrets` on real repositories: what it prints, and what it never prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from launchready_tui.world.repository.reviewed_list import NAME
from tests.world.git_world import Repo, new_repo

from .conftest import Run

# Put together here, so that no scanner takes this file for a leak. They open nothing.
KEY = "sk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"
OTHER = "sk_live_" + "8Jd3Wm6Xq1Rt5Bv9Nz2Kc7Lf"
PASSWORD = "Tr0ub4dor-x9Q"
ADDRESS = f"postgres://app:{PASSWORD}@db.harbor-shop.io/app"
PUBLIC = "pk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    made = new_repo(tmp_path / "shop")
    monkeypatch.setenv("LAUNCHREADY_FINGERPRINT_KEY", "a key for these tests alone")
    return made


async def scan(run: Run, repo: Repo, *words: str) -> dict[str, object]:
    done = await run("guard", "secrets", "--json", *words, cwd=repo.root)
    found: dict[str, object] = json.loads(done.out)
    assert KEY not in done.out + done.err
    assert PASSWORD not in done.out + done.err
    return found | {"code": done.code}


def rows(found: dict[str, object]) -> list[dict[str, Any]]:
    listed = found["findings"]
    assert isinstance(listed, list)
    return listed


def rules(found: dict[str, object]) -> list[tuple[str, str]]:
    return sorted((row["rule"], row["state"]) for row in rows(found))


@pytest.mark.covers("A3", "command")
@pytest.mark.covers("T3", "live")
async def test_a_deleted_key_is_found_and_never_printed(run: Run, repo: Repo) -> None:
    repo.commit("try it", pay=f'key = "{KEY}"\nshown = "{PUBLIC}"\n', conf=f"db: {ADDRESS}\n")
    repo.commit("clean", pay="nothing\n", conf="nothing\n")
    done = await run("guard", "secrets", cwd=repo.root)
    assert done.code == 1
    assert "deleted since, but still in the history" in done.out
    assert "sk_live_... (32)" in done.out
    assert "2 to replace today." in done.out
    for value in (KEY, KEY[8:], PASSWORD):
        assert value not in done.out + done.err
    found = await scan(run, repo)
    assert (found["code"], found["complete"], found["why_incomplete"]) == (1, True, None)
    assert [state for _, state in rules(found)] == ["open", "open"]


@pytest.mark.covers("A3", "command")
async def test_a_pull_request_a_commit_and_a_build(run: Run, repo: Repo) -> None:
    base = repo.commit("old", old=f'"{OTHER}"\n')
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("new", a="a\n")
    clean = await scan(run, repo, "--range", f"{base}..HEAD")
    assert (clean["code"], clean["findings"]) == (0, [])
    repo.write("pay", f'"{KEY}"\n')
    repo.git("add", "pay")
    staged = await scan(run, repo, "--staged")
    assert (staged["code"], len(rules(staged))) == (1, 1)
    repo.git("commit", "--quiet", "--message", "pay")
    ranged = await scan(run, repo, "--range", f"{base}..HEAD")
    assert (ranged["code"], len(rules(ranged))) == (1, 1)
    repo.write("dist/app.js", f'var a="{KEY}",b="{PUBLIC}"')
    built = await scan(run, repo, "--path", "dist")
    assert (built["code"], len(rules(built))) == (1, 1)
    [row] = rows(built)
    assert row["severity"] == "critical"


async def test_sarif_is_for_code_hosts(run: Run, repo: Repo) -> None:
    repo.commit("pay", pay=f'"{KEY}"\n')
    done = await run("guard", "secrets", "--sarif", cwd=repo.root)
    [sarif] = json.loads(done.out)["runs"]
    [result] = sarif["results"]
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "pay"
    assert sarif["tool"]["driver"]["rules"][0]["id"] == result["ruleId"]
    assert KEY not in done.out


@pytest.mark.parametrize(("flag", "state"), [("--rotated", "rotated"), ("", "ignored")])
async def test_what_was_looked_at_is_about_a_value_not_a_place(
    flag: str, state: str, run: Run, repo: Repo
) -> None:
    repo.commit("pay", pay=f'"{KEY}"\n')
    [row] = rows(await scan(run, repo))
    words = (
        "--ignore",
        row["fingerprint"][:10],
        "--reason",
        "done on Monday",
        *filter(None, [flag]),
    )
    noted = await run("guard", "secrets", *words, cwd=repo.root)
    assert noted.code == 0, noted.err
    text = (repo.root / NAME).read_text("utf-8")
    assert "done on Monday" in text
    assert KEY not in text
    assert row["fingerprint"] not in text  # under a salt of its own
    after = await scan(run, repo)
    assert (after["code"], rules(after)) == (0, [(row["rule"], state)])
    repo.write("pay", f'"{OTHER}"\n')  # another secret on the very line
    repo.git("add", "pay")
    assert (await scan(run, repo, "--staged"))["code"] == 1


async def test_an_entry_ends_on_its_day(run: Run, repo: Repo) -> None:
    repo.commit("pay", pay=f'"{KEY}"\n')
    [row] = rows(await scan(run, repo))
    words = ("--ignore", row["fingerprint"], "--reason", "for now", "--until", "2020-01-31")
    await run("guard", "secrets", *words, cwd=repo.root)
    assert (await scan(run, repo))["code"] == 1


BAD_LISTS = {
    "no line of ours": ("# salt: " + "0" * 32 + "\nhello\n", "line 2"),
    "a state that is none": (
        "# salt: " + "0" * 32 + f"\n{'a' * 24} x gone until 2027-01-31: because\n", "line 2"
    ),
    "a day that is none": (
        "# salt: " + "0" * 32 + f"\n{'a' * 24} x rotated until 2027-02-31: because\n", "line 2"
    ),
    "without its salt": (f"{'a' * 24} x rotated until 2027-01-31: because\n", "salt"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_LISTS)
async def test_a_broken_list_is_told_with_its_line(what: str, run: Run, repo: Repo) -> None:
    text, says = BAD_LISTS[what]
    repo.commit("pay", pay="a\n")
    repo.write(NAME, text)
    done = await run("guard", "secrets", cwd=repo.root)
    assert done.code == 2
    assert says in done.err
    assert (repo.root / NAME).read_text("utf-8") == text


async def test_what_could_not_be_read_is_no_clean_result(
    run: Run, repo: Repo, tmp_path: Path
) -> None:
    repo.commit("one", a="a\n")
    repo.commit("two", a="b\n")
    repo.git("clone", "--quiet", "--depth=1", repo.root.as_uri(), str(tmp_path / "shallow"))
    shallow = await run("guard", "secrets", cwd=tmp_path / "shallow")
    assert shallow.code == 3
    assert "git fetch --unshallow" in shallow.out
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    none = await run("guard", "secrets", cwd=nowhere)
    assert none.code == 3
    assert "no git repository here" in none.err
    lost = await run("guard", "secrets", "--range", "nothing..HEAD", cwd=repo.root)
    assert lost.code == 3
    assert "does not know this commit: nothing" in lost.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--range", "main"), "two commits"),
        (("--staged", "--range", "a..b"), "only one of"),
        (("--ignore", "abc"), "--reason"),
        (("--ignore", "abc", "--reason", "x"), "fingerprint"),
    ],
)
async def test_wrong_use_is_told(words: tuple[str, ...], says: str, run: Run, repo: Repo) -> None:
    repo.commit("one", a="a\n")
    done = await run("guard", "secrets", *words, cwd=repo.root)
    assert done.code == 2
    assert says in done.err
    assert not (repo.root / NAME).exists()


async def test_a_second_scan_reads_what_is_new_and_says_the_same(run: Run, repo: Repo) -> None:
    cache = str(repo.root.parent / "cache")
    repo.commit("try it", pay=f'key = "{KEY}"\n')
    first = await run("guard", "secrets", cwd=repo.root, XDG_CACHE_HOME=cache)
    again = await run("guard", "secrets", cwd=repo.root, XDG_CACHE_HOME=cache)
    fresh = await run("guard", "secrets", "--fresh", cwd=repo.root, XDG_CACHE_HOME=cache)
    assert "We read 3 things, 0 MB. Of these, 3 were read before." in again.out
    assert fresh.out == first.out == again.out.replace(" Of these, 3 were read before.", "")
    assert (first.code, again.code, fresh.code) == (1, 1, 1)


async def test_an_archive_that_stays_closed_can_be_settled(run: Run, repo: Repo) -> None:
    repo.commit("an archive", backup__7z=b"7z\xbc\xaf\x27\x1c" + b"x" * 50)
    found = await scan(run, repo)
    [row] = rows(found)
    assert (row["rule"], row["preview"]) == (
        "unopened-archive", "of a kind we can't open, 56 bytes",
    )  # fmt: skip
    assert (found["code"], found["complete"]) == (0, True)
    await run("guard", "secrets", "--ignore", row["fingerprint"], "--reason", "pictures only",
              cwd=repo.root)  # fmt: skip
    assert rules(await scan(run, repo)) == [("unopened-archive", "ignored")]


@pytest.mark.parametrize(
    ("url", "says"),
    [("", "We know no code host to ask here."), ("https://127.0.0.1:9/x", "127.0.0.1 did not")],
)
async def test_pull_requests_that_cannot_be_fetched_are_said(
    run: Run, repo: Repo, url: str, says: str
) -> None:
    repo.commit("one", one="1")
    if url:
        repo.git("remote", "add", "origin", url)
    done = await run("guard", "secrets", "--pulls", cwd=repo.root,
                     XDG_CACHE_HOME=str(repo.root.parent / "cache"))  # fmt: skip
    assert (done.code, done.out) == (3, "")
    assert says in done.err
    both = await run("guard", "secrets", "--pulls", "--staged", cwd=repo.root)
    assert both.code == 2
    plain = await run("guard", "secrets", cwd=repo.root)
    assert ("Pull requests at 127.0.0.1 are not part" in plain.out) == bool(url)
