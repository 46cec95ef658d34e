"""For any project, any way to write it, any changes: the file reads as meant, the rest stays."""

from __future__ import annotations

import re
import tempfile
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from launchready_tui.project import file
from launchready_tui.project.model import (
    Account,
    Answer,
    AuditRecord,
    Counts,
    Dns,
    Email,
    Expect,
    Host,
    Login,
    Person,
    Product,
    Project,
    Proof,
    RecordedFinding,
    Route,
    Saw,
)
from launchready_tui.project.nodes import merge, to_nodes
from launchready_tui.project.tidy import to_tree
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.vocabulary.toml_layout import scan

from .spellings import spelled

SLOW = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))

words = st.text(st.sampled_from('abé日 ."\\#=[]{},\n'), max_size=12)
names = st.text("abc", min_size=1, max_size=3)
times = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC, fold=0)
)
days = st.dates(date(2026, 1, 1), date(2027, 1, 1))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def tuples(strategy: st.SearchStrategy[Any], size: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=size).map(tuple)


answers = st.builds(
    Answer,
    value=words,
    by=words,
    at=maybe(times),
    note=words,
    owner=words,
    evidence=tuples(
        st.builds(Proof, kind=st.sampled_from(["link", "text"]), where=words, at=maybe(times)), 2
    ),
)
found = st.builds(
    RecordedFinding,
    verdict=st.sampled_from(Verdict),
    outcome=names,
    at=times,
    facts=st.dictionaries(names, words, max_size=2),
    evidence=tuples(st.builds(Saw, label=words, value=words, at=maybe(times)), 2),
)
projects = st.builds(
    Project,
    product=st.builds(Product, name=words, kind=words, launch_date=maybe(days)),
    hosts=tuples(
        st.builds(
            Host,
            name=names.map("{}.example".format),
            purpose=st.sampled_from(["site", "app"]),
            why=words,
        )
    ),
    routes=tuples(
        st.builds(
            Route,
            url=words,
            monitor=st.booleans(),
            expect=st.builds(Expect, status=st.sampled_from([200, 204]), text=words),
        )
    ),
    dns=st.builds(Dns, wildcard=st.booleans(), provider=words),
    login=maybe(st.builds(Login, url=names)),
    email=st.builds(Email, from_=words, providers=tuples(names), selectors=tuples(names)),
    people=tuples(st.builds(Person, name=names, role=words)),
    accounts=tuples(st.builds(Account, service=names, holder=words, renews=maybe(days))),
    answers=st.dictionaries(st.sampled_from(["S1.C1", "S4.C5", "R1", "é"]), answers),
    findings=st.dictionaries(
        st.sampled_from(["dns.apex", "tls.valid"]),
        st.dictionaries(st.sampled_from(["a.example", "b.example"]), found, min_size=1),
    ),
    audits=tuples(
        st.builds(
            AuditRecord,
            at=times,
            by=words,
            counts=st.builds(Counts, passed=st.integers(0, 3), fail=st.integers(0, 1)),
            open=tuples(names),
        )
    ).map(lambda audits: tuple(sorted(audits, key=lambda audit: audit.at))),
)
SECTIONS = Project.__struct_fields__


@st.composite
def changed(draw: st.DrawFn, project: Project) -> Project:
    """The project with some sections of another one, wholly or in part."""
    other = draw(projects)
    fields: dict[str, Any] = {}
    for section in draw(st.sets(st.sampled_from(SECTIONS[1:]), max_size=3)):
        mine, theirs = getattr(project, section), getattr(other, section)
        if isinstance(mine, dict) and draw(st.booleans()):
            theirs = {**mine, **theirs}
        if isinstance(mine, tuple) and draw(st.booleans()):
            cut = draw(st.integers(0, len(mine)))
            theirs = mine[:cut] + theirs[:1] + mine[cut + draw(st.integers(0, 1)) :]
        if section == "audits":
            theirs = tuple(sorted(theirs, key=lambda audit: audit.at))
        fields[section] = theirs
    return msgspec.structs.replace(project, **fields)


@st.composite
def written(draw: st.DrawFn) -> tuple[Project, str]:
    project = draw(projects)
    return project, draw(spelled(to_tree(project)))


def same(one: Project, other: Project) -> bool:
    """Equal apart from the order of rows."""
    return to_nodes(to_tree(one)) == to_nodes(to_tree(other))


def unknown(tree: Any) -> set[str]:
    """The names of all keys that are none of ours."""
    if isinstance(tree, dict):
        own = {key for key in tree if key.startswith("zz_")}
        return own.union(*(unknown(value) for value in tree.values()))
    if isinstance(tree, list):
        return set().union(*(unknown(value) for value in tree))
    return set()


def something_removed(old: Project, new: Project) -> bool:
    """Whether a node is gone, or a piece of evidence: then its comments go along."""
    before, after = to_nodes(to_tree(old)), to_nodes(to_tree(new))
    for node, value in before.items():
        if node not in after:
            return True
        proofs = value.get("evidence", []) if isinstance(value, dict) else []
        if proofs != (after[node].get("evidence", []) if proofs else [])[: len(proofs)]:
            return True
    return False


@SLOW
@given(written())
def test_every_spelling_reads_as_meant_and_is_left_alone(case: tuple[Project, str]) -> None:
    project, text = case
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "launchready.toml"
        path.write_bytes(text.encode())
        loaded = file.read(path)
        assert loaded.project == project
        assert file.save(loaded, project) == loaded
        assert path.read_bytes() == text.encode()


@SLOW
@given(written())
def test_places_hold_the_values(case: tuple[Project, str]) -> None:
    _, text = case
    layout = scan(text)
    raw = tomllib.loads(text)
    for statement in layout.statements:
        value: Any = raw
        for step in statement.path:
            value = value[step]
        alone = tomllib.loads("it = " + text[statement.value : statement.value_end])
        assert alone["it"] == value
    inside = "".join(text[block.lead : block.tail] for block in layout.blocks)
    assert re.sub(r"\s|#[^\n]*", "", inside) in re.sub(r"\s|#[^\n]*", "", text)


@SLOW
@given(st.data())
def test_changes_land_and_nothing_else_moves(data: st.DataObject) -> None:
    _, text = data.draw(written())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "launchready.toml"
        path.write_bytes(text.encode())
        loaded = file.read(path)
        for _ in range(data.draw(st.integers(1, 3))):
            wanted = data.draw(changed(loaded.project))
            before, old = path.read_bytes().decode(), loaded.project
            loaded = file.save(loaded, wanted)
            after = path.read_bytes().decode()
            assert same(loaded.project, wanted)
            assert file.read(path) == loaded
            if not something_removed(old, wanted):
                assert unknown(tomllib.loads(before)) <= unknown(tomllib.loads(after))
                assert set(re.findall(r"# above \d+", before)) <= set(
                    re.findall(r"# above \d+", after)
                )
            assert ("\r\n" in before) == ("\r\n" in after)
            assert after.count("\n\n\n") <= before.count("\n\n\n") + 2


@SLOW
@given(st.data())
def test_two_writers_who_touch_different_things_both_get_in(data: st.DataObject) -> None:
    base, text = data.draw(written())
    mine, theirs = data.draw(changed(base)), data.draw(changed(base))
    before, ours, others = (to_nodes(to_tree(each)) for each in (base, mine, theirs))
    # Twins (two rows alike) are told apart by counting. One side may drop a twin while the other
    # adds one: one is left, as it should be, and nobody can say which of them it is.
    assume(not any("\0" in node[-1] for each in (before, ours, others) for node in each))
    merged, clashes = merge(base, mine, theirs)
    swapped, _ = merge(base, theirs, mine)
    result = to_nodes(to_tree(merged))
    for node in before.keys() | ours.keys() | others.keys():
        values = [each.get(node) for each in (before, ours, others)]
        if values[1] == values[0]:
            assert result.get(node) == values[2]
        elif values[2] in (values[0], values[1]):
            assert result.get(node) == values[1]
    if clashes:
        return
    assert same(merged, swapped)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "launchready.toml"
        path.write_bytes(text.encode())
        first = second = file.read(path)
        file.save(first, theirs)
        saved = file.save(second, mine)
        assert same(saved.project, merged)


@given(projects, projects, projects)
@settings(max_examples=60, deadline=None)
def test_merging_with_a_choice_never_asks(base: Project, mine: Project, theirs: Project) -> None:
    assert merge(base, mine, theirs, "mine")[1] == ()
    assert merge(base, mine, theirs, "theirs")[1] == ()
    assert same(merge(base, mine, base)[0], mine)
    assert same(merge(base, base, theirs)[0], theirs)
    assert same(merge(base, mine, mine)[0], mine)
