"""Tables and keys of the founder's file that we do not know: found at their line, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.project import change, file

HEAD = 'format = 1\n[product]\ndomain = "harbor.example"\n'
CASES = {
    "a table": ("[loggin]\n", ["4: “loggin”; login"]),
    "a row": ('[[host]]\nname = "a.example"\n', ["4: “host”; hosts"]),
    "a key of the file": ("[x.y]\nz = 1\n", ["4: “x”; "]),
    "a key of a table": ('[login]\nurll = "https://a.example"\n', ["5: “urll” in login; url"]),
    "in one of two rows": (
        '[[hosts]]\nname = "a.example"\n[[hosts]]\nname = "b.example"\nnam = 1\n',
        ["8: “nam” in hosts[2]; name"],
    ),
    "in braces": (
        '[[routes]]\nurl = "https://a.example/"\nexpect = { status = 200, txt = "a" }\n',
        ["6: “txt” in routes[1].expect; text"],
    ),
    "in an answer": ('[answers."S1.C1"]\nvalue = "x"\nowners = "A"\n',
                     ['6: “owners” in answers."S1.C1"; owner']),
    "a renamed field by its own name": (
        '[[redirects]]\nfrom = "https://a.example"\nto = "https://b.example"\nfrom_ = "x"\n',
        ["7: “from_” in redirects[1]; from"],
    ),
    "facts are free": (
        '[findings."dns.apex"."harbor.example"]\nverdict = "pass"\noutcome = "ok"\n'
        "at = 2026-11-24T12:00:00Z\nfacts = { anything = \"goes\" }\n",
        [],
    ),
    "a hidden character in it is not shown": (
        '["produ\\u001bct"]\na = 1\n', ["4: “produ�ct”; product"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES)
def test_names_that_we_do_not_know(tmp_path: Path, text: str, wanted: list[str]) -> None:
    path = tmp_path / "launchready.toml"
    path.write_text(HEAD + text)
    loaded = file.read(path)
    said = []
    for line in loaded.warnings:
        assert line.startswith("launchready.toml, line ")
        assert "It stays in the file." in line
        head, _, near = line.removeprefix("launchready.toml, line ").partition(". It stays in")
        near = near.partition("mean ")[2].rstrip("?")
        said.append(f"{head.replace('LaunchReady does not know ', '')}; {near}")
    assert said == wanted
    saved = file.save(loaded, change.own(loaded.project, "S1.C2", "Dana"))
    assert text in path.read_text()
    assert saved.warnings == file.read(path).warnings
    assert len(saved.warnings) == len(wanted)


def test_a_long_list_of_them_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "launchready.toml"
    path.write_text(HEAD + "".join(f"[zz{number}]\n" for number in range(40)))
    warnings = file.read(path).warnings
    assert len(warnings) == 11
    assert warnings[-1] == "launchready.toml: 30 more names are not known to LaunchReady."
