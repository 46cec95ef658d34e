"""Whatever a package does wrong: the audit ends, ours is all there, and a finding tells of it.

The packages of a table are installed side by side, and looked at by one audit.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from launchready_tui.lab import Lab
from tests.commands.conftest import Run, network
from tests.processes import Done

from .conftest import Package

PROJECT = """\
format = 1
[product]
name = "Harbor Market"
domain = "harbor.example"
[[hosts]]
name = "harbor.example"
"""
HEAD = """\
import asyncio
from launchready_tui.checks import check, failed, passed, unknown
from launchready_tui.project.model import Project
from launchready_tui.vocabulary.findings import Evidence, Outcome
"""
GOOD = """
@check("acme.one", each=Project.web_hosts, asks="a thing", whom="A friend of ours")
async def one(subject, project, world):
    return passed()
"""
WORDS = {
    "findings/acme.toml": """\
[one]
title = "The one"
[one.ok]
says = "All is well at {host}."
why = "So it should be."
"""
}


async def audit(launch: Run, folder: Path, env: dict[str, str], *args: str) -> tuple[Done, Any]:
    (folder / "launchready.toml").write_text(PROJECT)
    async with Lab() as lab:
        done = await launch("audit", "--json", *args, *network(lab), **env)
    assert "Traceback" not in done.err
    findings: dict[str, list[Any]] = {}
    for finding in json.loads(done.out)["findings"]:
        findings.setdefault(finding["check"], []).append(finding)
    return done, findings


def errors(findings: list[Any]) -> list[str]:
    assert {each["verdict"] for each in findings} == {"unknown"}
    assert len({each["subject"] for each in findings}) == len(findings)
    return [proof["value"] for each in findings for proof in each["evidence"]]


async def test_a_package_that_works_is_quiet(launch: Run, package: Package, tmp_path: Path) -> None:
    env = package("acme", HEAD + GOOD, WORDS)
    done, findings = await audit(launch, tmp_path, env)
    assert [each["says"] for each in findings["acme.one"]] == ["All is well at harbor.example."]
    assert not [check for check in findings if check.startswith("extension.")]
    assert done.err.startswith("First audit")
    assert "A friend of ours" in done.err
    listed = await launch("audit", "--plan", **env)
    assert "A friend of ours:\n  - a thing (harbor.example)" in listed.out
    assert listed.out.index("The registry of your domain:") < listed.out.index("A friend of ours:")


LOADING = {
    "an import that fails": ("import nothing_like_it", "ModuleNotFoundError"),
    "a syntax error": ("def", "SyntaxError"),
    "it leaves": ("import sys; sys.exit(0)", "SystemExit: 0"),
    "it raises what is no Exception": (
        "class Odd(BaseException): pass\nraise Odd('boo')", "Odd: boo"),
    "an id of ours": (GOOD.replace("acme.one", "tls.valid"), "BadCheck: Two checks share the id"),
    "an id twice": (GOOD + GOOD, "BadCheck: Two checks share the id acme-"),
    "an id without a topic": (GOOD.replace("acme.one", "one"), "topic.name"),
    "an id that tells of packages": (GOOD.replace("acme.", "extension."), "topic.name"),
    "outcomes that are no tuple": (
        GOOD.replace("asks=", 'fails="bad", asks='), "written as tuples"),
    "nobody is asked": (GOOD.replace('"A friend of ours"', '" "'), "whom= of acme-"),
    "no whom at all": (GOOD.replace(', whom="A friend of ours"', ""), "TypeError"),
    "subjects that can't be called": (GOOD.replace("Project.web_hosts", "None"), "each="),
    "nothing is registered": ("print('hello')", "No check was registered"),
}  # fmt: skip


async def test_packages_that_cannot_be_loaded(
    launch: Run, package: Package, tmp_path: Path
) -> None:
    env = {}
    for number, (code, _) in enumerate(LOADING.values()):
        env = package(f"acme-{number}", HEAD + code.replace("acme.one", f"acme-{number}.one"))
    done, findings = await audit(launch, tmp_path, env, "--stage", "1")
    for number, (name, (_, says)) in enumerate(LOADING.items()):
        (told,) = findings[f"extension.acme-{number}"]
        (error,) = errors([told])
        assert says in error, name
        assert f"acme-{number}" in told["says"]
        assert f"acme-{number}.one" not in findings
    assert findings["dns.apex"][0]["verdict"] == findings["tls.valid"][0]["verdict"] == "pass"
    assert done.code == 3
    assert "hello" not in done.out


async def test_an_entry_may_be_a_callable(launch: Run, package: Package, tmp_path: Path) -> None:
    code = HEAD + "def register():\n" + GOOD.replace("\n", "\n    ")
    env = package("acme", code, WORDS, entry="acme:register")
    _, findings = await audit(launch, tmp_path, env, "--only", "acme.*")
    assert [each["verdict"] for each in findings["acme.one"]] == ["pass"]
    env = package("acme-two", "def register():\n    1 / 0", entry="acme_two:register")
    _, findings = await audit(launch, tmp_path, env, "--stage", "1")
    (error,) = errors(findings["extension.acme-two"])
    assert error == "ZeroDivisionError: division by zero"


RUNNING = {
    "nothing": ("return None", "TypeError"),
    "a text": ("return 'fine'", "TypeError"),
    "a list of texts": ("return ['fine']", "TypeError"),
    "a verdict that is none": ("return Outcome('fine', 'ok')", "TypeError"),
    "an outcome that it does not declare": ("return failed('bad')", "does not declare bad"),
    "a reason that nobody knows": ("return unknown('moon')", "does not declare moon"),
    "facts that are numbers": ("return passed(count=3)", "TypeError"),
    "evidence without a time": ("return passed(evidence=[Evidence('a', 'b', None)])", "Error"),
    "evidence that is a text": ("return passed(evidence=['a'])", "Error"),
    "an error": ("raise RuntimeError('sk_live_' + 'q8Wz' * 6 + ' is no key')", "RuntimeError"),
    "an error that can't be read": (
        "class Odd(Exception):\n        def __str__(self): raise ValueError\n    raise Odd", "Odd"),
    "it leaves": ("raise SystemExit(3)", "SystemExit: 3"),
    "it cancels itself": ("raise asyncio.CancelledError", "CancelledError"),
    "what is no Exception": (
        "class Odd(BaseException): pass\n    raise Odd('boo')", "Odd: boo"),
    "nothing to wait for": ("", "TypeError"),
}  # fmt: skip


async def test_checks_that_go_wrong(launch: Run, package: Package, tmp_path: Path) -> None:
    env, words = {}, WORDS["findings/acme.toml"]
    for number, (body, _) in enumerate(RUNNING.values()):
        code = GOOD.replace("return passed()", body) if body else GOOD.replace("async def", "def")
        code = code.replace("acme.one", f"acme-{number}.one")
        env = package(f"acme-{number}", HEAD + code, {f"findings/acme-{number}.toml": words})
    done, findings = await audit(launch, tmp_path, env, "--only", "acme-*", "--only", "dns.apex")
    for number, (name, (_, says)) in enumerate(RUNNING.items()):
        (own,) = findings[f"acme-{number}.one"]
        (told,) = findings[f"extension.acme-{number}"]
        assert (own["subject"], own["outcome"]) == ("harbor.example", "fault-in-extension"), name
        assert (told["subject"], told["outcome"]) == (f"acme-{number}.one", "broken-extension")
        for finding in (own, told):
            (error,) = errors([finding])
            assert says in error, name
            assert "q8Wz" not in error
            assert finding["says"]
            assert finding["why"]
            assert finding["fix"]
            assert finding["verify"]
    assert findings["dns.apex"][0]["verdict"] == "pass"
    assert done.code == 3


SUBJECTS = (
    ("lambda project: 1 / 0", "ZeroDivisionError"),
    ("lambda project: None", "TypeError"),
    ("lambda project: [7]", "a subject is a text"),
    ("lambda project: __import__('sys').exit(4)", "SystemExit: 4"),
)


async def test_subjects_that_go_wrong(launch: Run, package: Package, tmp_path: Path) -> None:
    env, words = {}, WORDS["findings/acme.toml"]
    for number, (each, _) in enumerate(SUBJECTS):
        code = GOOD.replace("Project.web_hosts", each).replace("acme.one", f"acme-{number}.one")
        env = package(f"acme-{number}", HEAD + code, {f"findings/acme-{number}.toml": words})
    _, findings = await audit(launch, tmp_path, env, "--only", "acme-*", "--only", "dns.apex")
    for number, (_, says) in enumerate(SUBJECTS):
        (error,) = errors(findings[f"acme-{number}.one"])
        assert says in error
        assert errors(findings[f"extension.acme-{number}"]) == [error]
    assert findings["dns.apex"][0]["verdict"] == "pass"


async def test_a_check_without_words_never_hangs_and_says_so(
    launch: Run, package: Package, tmp_path: Path
) -> None:
    env = package("acme", HEAD + GOOD)
    _, findings = await audit(launch, tmp_path, env)
    (own,) = findings["acme.one"]
    assert own["outcome"] == "fault-in-extension"
    assert "has no words for acme.one.ok" in errors([own])[0]
    assert errors(findings["extension.acme"]) == ["No words are written for acme.one: title, ok."]
    assert len(findings) > 20


async def test_a_check_that_never_ends_has_its_time(
    package: Package, tmp_path: Path, launch: Run
) -> None:
    code = HEAD + GOOD.replace("return passed()", "await asyncio.sleep(3600)")
    hurry = "import launchready_tui.audit as audit\naudit.THEIR_SECONDS = 0.2\n"
    env = package("acme", hurry + code, WORDS)
    _, findings = await audit(launch, tmp_path, env, "--only", "acme.*", "--only", "dns.apex")
    assert errors(findings["acme.one"]) == ["TimeoutError"]
    assert findings["dns.apex"][0]["verdict"] == "pass"


async def test_one_package_that_fails_does_not_take_another_along(
    launch: Run, package: Package, tmp_path: Path
) -> None:
    package("acme", HEAD + GOOD, WORDS)
    env = package("zebra", HEAD + GOOD.replace("acme.one", "zebra.one") + "\n1 / 0")
    _, findings = await audit(launch, tmp_path, env, "--only", "*.one", "--only", "extension.*")
    assert findings["acme.one"][0]["verdict"] == "pass"
    assert "zebra.one" not in findings
    assert errors(findings["extension.zebra"]) == ["ZeroDivisionError: division by zero"]


async def test_a_check_of_a_package_that_failed_is_told_of_by_its_error(
    launch: Run, package: Package, tmp_path: Path
) -> None:
    (tmp_path / "launchready.toml").write_text(PROJECT)
    done = await launch("audit", "--only", "acme.one", **package("acme", "1 / 0"))
    assert done.code == 2
    assert "There is no check acme.one." in done.err
    assert "The extension acme failed: ZeroDivisionError: division by zero" in done.err
    part = await launch("audit", "--only", "dns.apex", "--plan", **package("zebra", "1 / 0"))
    assert part.code == 0
    assert "The extension zebra failed" in part.err


async def test_the_finding_stays_in_the_file_until_the_package_works(
    launch: Run, package: Package, tmp_path: Path
) -> None:
    env = package("acme", HEAD + GOOD.replace("return passed()", "1 / 0"), WORDS)
    await audit(launch, tmp_path, env, "--save", "--only", "acme.*")
    summary = await launch(**env)
    assert "Can't tell yet" in summary.out
    done = await launch("handover", **env)
    assert done.code == 0
    text = (tmp_path / "handover" / "01-risk-list.md").read_text("utf-8")
    assert "The extension acme does not work as it should." in text


MISTAKES = {
    "words for a check of ours": (
        {"findings/tls.toml": '[valid.expired]\nsays = "All is well."\nwhy = "x"\n'},
        "findings/tls.toml, line 1, column 1 (valid.expired): words “tls.valid.expired” is"),
    "an item of ours": (
        {"stages/1.toml": 'number = 1\n[[item]]\nid = "S1.C1"\ntitle = "a"\nwhy = "a"\n'
                          'fix = ["a"]\nverify = "a"\n'},
        "stages/1.toml, line 3, column 6 (item[1].id): Stage 1 has an item S1.C1 already."),
    "the targets": (
        {"glossary.toml": "",
         "targets.toml":
            '[[target]]\nid = "T1"\ntitle = "a"\ngoal = "a"\nwhy = "a"\nneeds = "a"\n'},
        "targets.toml, line 1, column 1 (target[1]): target “T1” is there already"),
    "a check that nobody knows": (
        {"findings/acme.toml": WORDS["findings/acme.toml"].replace("[one", "[two")},
        "findings/acme.toml, line 2, column 9 (two.title): There is no check acme.two."),
    "no TOML at all": (
        {"findings/acme.toml": "[one\n"}, "findings/acme.toml, line 1, column 5: Expected ']'"),
    "an empty folder": ({"readme.txt": "hello"}, "is no folder of content"),
}  # fmt: skip


async def test_content_that_can_not_be_used_is_left_out_and_told_of(
    launch: Run, package: Package, tmp_path: Path
) -> None:
    env = {}
    for number, (files, _) in enumerate(MISTAKES.values()):
        env = package(f"acme-{number}", "", files)
    _, findings = await audit(launch, tmp_path, env, "--stage", "1")
    for number, (name, (_, says)) in enumerate(MISTAKES.items()):
        (error,) = errors(findings[f"extension.acme-{number}"])
        assert says in error, name
    assert findings["tls.valid"][0]["says"].startswith("The certificate of")
