"""Every way in which a file can't be read has an error of its own: what, where, what to do."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from launchready_tui.project import file
from launchready_tui.project.file import NewerFormat, ProjectError, SecretInText, Unreadable
from launchready_tui.vocabulary.safe_text import HIDDEN

HEAD = "format = 1\n"


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "launchready.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def error_of(path: Path) -> ProjectError:
    with pytest.raises(ProjectError) as caught:
        file.read(path)
    error = caught.value
    assert str(error) == error.message
    assert error.title
    assert error.path == path.absolute()
    return error


# (what the file holds, line, column, what the message says)
BROKEN: list[tuple[str, int, int, str]] = [
    (HEAD + "name\n", 2, 5, "no “=” after the name"),
    (HEAD + "[product]\nname = Harbor\n", 3, 8, "Text needs quotes"),
    (HEAD + "[product]\nname = “Harbor”\n", 3, 8, "quotes are curly"),
    (HEAD + '[product]\nname = "Harbor\nkind = "x"\n', 3, 15, "opened on this line, but not"),
    (HEAD + '[product]\nname = "Harbor', 3, 15, "opened, but not closed"),
    (HEAD + '[product]\nname = """Harbor\nmore\n', 3, 8, "opened, but not closed"),
    (HEAD + '[product]\nname = "a"\nname = "b"\n', 4, 11, "stands twice in the same table"),
    (HEAD + "[product]\n[dns]\n[product]\n", 4, 9, "This table stands twice"),
    (HEAD + "[product\nname = 1\n", 2, 9, "“]” is missing"),
    (HEAD + "hosts = [1\n[dns]\n", 3, 1, "not closed with “]”"),
    (HEAD + "product = {name = 1\n", 2, 20, "not closed with “}”"),
    (HEAD + 'a = "x" b = "y"\n', 2, 9, "more after the value"),
    (HEAD + 'a = "C:\\path"\n', 2, 10, "single backslash"),
    (HEAD + "a = 'x\x01y'\n", 2, 7, "hidden character"),
    (HEAD + "a = {b = 1, b = 2}\n", 2, 18, "twice in the same braces"),
    (HEAD + "= 1\n", 2, 1, "no [table] and no name"),
    (HEAD + "hosts = [1]\n[[hosts]]\n", 3, 8, "has a value above"),
    (HEAD + "[]\n", 2, 2, "needs quotes"),
    (HEAD + 'a = "\\uD800"\n', 2, 12, "stands for no letter"),
    (HEAD + "a = " + "1" * 5000 + "\n", 2, 1, "too many digits"),
    (HEAD + "a" + ".a" * 20_000 + " = 1\n", 2, 1, "too many dots"),
]


@pytest.mark.parametrize(("text", "line", "column", "says"), BROKEN, ids=[b[3] for b in BROKEN])
def test_broken_toml(tmp_path: Path, text: str, line: int, column: int, says: str) -> None:
    error = error_of(write(tmp_path, text))
    assert type(error) is Unreadable
    assert says in error.message
    assert error.message.startswith(f"launchready.toml, line {error.line}, column {error.column}: ")
    assert error.line == line
    assert error.column is not None
    assert abs(error.column - column) <= 1  # tomllib points at a value's start or past it


# (what the file holds, line, column, field, what the message says)
UNFIT: list[tuple[str, int, int, str, str]] = [
    (
        '[[hosts]]\nname = "a.example"\n[[hosts]]\nname = "b.example"\npurpose = "shop"\n',
        *(6, 11, "hosts[2].purpose"),
        "can't be “shop”. Write one of these: admin, api, app, docs, email, landing or site.",
    ),
    ("[[hosts]]\npurpose = 'app'\n", 2, 1, "hosts[1]", 'Add a line: name = "..."'),
    ("[hosts]\nname = 'x'\n", 2, 1, "hosts", "with [[hosts]] above each of its rows"),
    ("hosts = 'x'\n", 2, 9, "hosts", "with [[hosts]] above each of its rows"),
    ("[product]\nname = 1\n", 3, 8, "product.name", "should be text in quotes"),
    ("[product]\nlaunch_date = 'May'\n", 3, 15, "product.launch_date", "a day such as 2026-11-24"),
    ("[dns]\nwildcard = 'yes'\n", 3, 12, "dns.wildcard", "true or false, without quotes"),
    ("[email]\nproviders = 'resend'\n", 3, 13, "email.providers", '["like", "this"]'),
    ("email = {selectors = ['a', 7]}\n", 2, 28, "email.selectors[2]", "should be text"),
    ("product = 3\n", 2, 11, "product", "should be a table. Here it is a number"),
    (
        '[answers."S1.C1"]\nvalue = "a"\n[answers."S4.C5"]\nnote = "x"\n[answers.R1]\nvalue = 1\n',
        *(4, 1, 'answers."S4.C5"'),
        "“value” is missing here",
    ),
    (
        '[answers.R1]\nvalue = "a"\n[[answers.R1.evidence]]\nkind = "photo"\nwhere = "x"\n',
        *(5, 8, "answers.R1.evidence[1].kind"),
        "link",
    ),
    (
        '[answers.R1]\nvalue = "a"\n[[answers.R1.evidence]]\nkind = "drill"\n'
        f'where = "{"9" * 5000}"\n',
        *(6, 9, "answers.R1.evidence[1].where"),
        "in seconds, such as 400, up to 604800",
    ),
    (
        "[findings.\"dns.apex\".\"a.example\"]\nverdict = 'good'\noutcome = 'ok'\n"
        "at = 2026-01-01T00:00:00Z\n",
        *(3, 11, 'findings."dns.apex"."a.example".verdict'),
        "pass, warn, fail, unknown or skipped",
    ),
    (
        "[findings.\"dns.apex\".\"a.example\"]\nverdict = 'pass'\noutcome = 'ok'\n"
        "at = 2026-01-01\nfacts = { ttl = 3 }\n",
        *(5, 6, 'findings."dns.apex"."a.example".at'),
        "a time such as",
    ),
    (
        "[[routes]]\nurl = 'x'\nexpect.status = '200'\n",
        *(4, 17, "routes[1].expect.status"),
        "a number, without quotes",
    ),
    (
        "[[hosts]]\nname = 'https://a.example/x'\n",
        *(3, 8, "hosts[1].name"),
        "That is a web address. Type only the name in it: a.example.",
    ),
    ("[product]\ndomain = 'localhost'\n", 3, 10, "product.domain", "has no dot"),
    ("[login]\nlands_on = '10.0.0.1'\n", 3, 12, "login.lands_on", "IP address"),
    ('[answers."S4\\u202e"]\nvalue = "x"\n', 2, 1, f'answers."S4{HIDDEN}"', "hidden character"),
    (
        "[findings.\"dns.apex\".\"a\\u001b\"]\nverdict = 'pass'\noutcome = 'ok'\n"
        "at = 2026-01-01T00:00:00Z\n",
        *(2, 1, f'findings."dns.apex"."a{HIDDEN}"'),
        "hidden character",
    ),
]


@pytest.mark.parametrize(
    ("text", "line", "column", "field", "says"), UNFIT, ids=[case[3] for case in UNFIT]
)
def test_what_does_not_fit(
    tmp_path: Path, text: str, line: int, column: int, field: str, says: str
) -> None:
    error = error_of(write(tmp_path, HEAD + text))
    assert type(error) is Unreadable
    assert says in error.message
    assert (error.line, error.column, error.field) == (line, column, field)
    assert error.message.startswith(f"launchready.toml, line {line}, column {column} ({field}): ")


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", None, "launchready.toml is empty"),
        (b" \n\r\n", None, "launchready.toml is empty"),
        (b"# only words\n", None, "holds only comments"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 3, "no text file"),
        (b"format = 1\n# caf\xe9\n", 2, "not UTF-8: line 2, column 6"),
        ("format = 1\n".encode("utf-16"), None, "saved as UTF-16"),
        (b'[build-system]\nrequires = ["x"]\n', None, "not a LaunchReady file"),
        (b"format = 0\n", 1, "“format” should be 1"),
        (b'format = "1"\n', 1, "“format” should be 1"),
        (b"format = true\n", 1, "“format” should be 1"),
        (HEAD.encode() + b"a = " + b"[" * 50_000, None, "too many brackets"),
        (HEAD.encode() + b"a = " + b"{a=" * 50_000, None, "too many brackets"),
    ],
)
def test_not_a_project_file(tmp_path: Path, content: bytes, line: int | None, says: str) -> None:
    error = error_of(write(tmp_path, content))
    assert type(error) is Unreadable
    assert says in error.message
    assert error.line == line


def test_a_newer_format(tmp_path: Path) -> None:
    error = error_of(write(tmp_path, "# new\nformat = 2\nhosts = 'something else'\n"))
    assert type(error) is NewerFormat
    assert "made by a newer LaunchReady (format 2; this one reads 1)" in error.message
    assert (error.line, error.column, error.field) == (2, 10, "format")


def test_a_file_of_50_mb_is_not_even_read(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD)
    os.truncate(path, 50_000_000)
    assert "is 50 MB. A project file stays under 5 MB" in error_of(path).message


def test_not_there(tmp_path: Path) -> None:
    assert "There is no file" in error_of(tmp_path / "none.toml").message
    below = write(tmp_path, HEAD) / "launchready.toml"
    assert "There is no file" in error_of(below).message


def test_a_folder_a_pipe_and_a_circle(tmp_path: Path) -> None:
    assert "is a folder. Name the file in it" in error_of(tmp_path).message
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    assert "no ordinary file" in error_of(pipe).message
    circle = tmp_path / "circle.toml"
    circle.symlink_to(circle)
    assert "circle" in error_of(circle).message
    assert "can't be read" in error_of(tmp_path / ("x" * 300)).message


def test_hostile_names_of_files_are_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b]0;x\x07.toml"
    path.write_text("nonsense")
    assert "\x1b" not in error_of(path).message


def test_text_is_cleaned_hosts_are_made_plain_times_are_utc(tmp_path: Path) -> None:
    text = (
        'format = 1\n[product]\nname = "Har\\u001b]0;x\\u0007bor"\ndomain = "BÜCHER.example."\n'
        "launch_date = 2026-12-01\n"
        '[[hosts]]\nname = "App.Bücher.example"\nwhy = "over\\u202egnp"\n'
        '[answers.R1]\nvalue = "yes"\nnote = "a\\u0000b"\nat = 2026-11-24T15:02:00+01:00\n'
        '[answers.R2]\nvalue = "no"\nat = 2026-11-24T15:02:00\n[ours]\nkey = "\\u0007"\n'
    )
    path = write(tmp_path, text)
    project = file.read(path).project
    assert project.product.name == f"Har{HIDDEN}]0;x{HIDDEN}bor"
    assert project.domain == "xn--bcher-kva.example"
    assert project.product.launch_date == date(2026, 12, 1)
    assert project.hosts[0].name == "app.xn--bcher-kva.example"
    assert project.hosts[0].why == f"over{HIDDEN}gnp"
    assert project.answers["R1"].note == f"a{HIDDEN}b"
    assert project.answers["R1"].at == datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
    assert project.answers["R2"].at == datetime(2026, 11, 24, 15, 2, tzinfo=UTC)
    assert path.read_text() == text


def test_a_mark_at_the_start_is_no_error(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeffformat = 1\n[product]\nname = 'H'\n[dns]\nwildcard = 1\n")
    assert error_of(path).line == 5


KEY = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        (f'[[accounts]]\nservice = "Stripe"\nkept_in = "{KEY}"\n', 4, "accounts[1].kept_in"),
        ('[answers.R1]\nvalue = "yes"\nnote = "password: xyz9"\n', 4, "answers.R1.note"),
        ('[ours]\npassword = "hunter2"\n', 3, "ours.password"),
        (f"# {KEY}\n", 2, None),
        (f'[answers."{KEY}"]\nvalue = "yes"\n', 2, "answers.[hidden: a Stripe secret key]"),
        (f'[answers.R1]\nvalue = "sk\\u005flive_{KEY[8:]}"\n', 3, "answers.R1.value"),
    ],
)
def test_a_file_with_a_secret_is_refused(
    tmp_path: Path, text: str, line: int, field: str | None
) -> None:
    error = error_of(write(tmp_path, HEAD + text))
    assert isinstance(error, SecretInText)
    assert KEY not in error.message
    assert "xyz9" not in error.message
    assert "hunter2" not in error.message
    assert "Take it out" in error.message
    assert (error.line, error.field) == (line, field)


def test_no_secret_in_any_other_error(tmp_path: Path) -> None:
    assert KEY not in error_of(write(tmp_path, HEAD + f"a = {KEY}\n")).message


def test_find_looks_upward(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    path = write(tmp_path, HEAD)
    (deep / "launchready.toml").mkdir()  # a folder of that name is no project file
    assert file.find(deep) == path
    assert file.find(tmp_path) == path
    (tmp_path / "a" / "launchready.toml").write_text(HEAD)
    assert file.find(deep) == tmp_path / "a" / "launchready.toml"
