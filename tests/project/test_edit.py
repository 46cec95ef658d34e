"""A save changes the bytes that it must, and no other: comments, order and odd spellings stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from launchready_tui.project import change, file
from launchready_tui.project.model import Account, Expect, Host, Person, Project, Proof
from tests.project import edits

AT = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
Change = Callable[[Project], Project]


def yes(id: str) -> Change:
    return lambda project: change.answer(project, id, "yes", at=AT, by="Ann")


def renamed(name: str) -> Change:
    return lambda project: edits.section(project, "product", name=name)


CASES: list[tuple[str, str, Change, str]] = [
    (
        "a value is replaced where it stands; its comments and spaces stay",
        'format = 1\n\n[product]   # ours\n  name   =   "Old"  # the name\ndomain = "h.example"\n',
        renamed("New"),
        'format = 1\n\n[product]   # ours\n  name   =   "New"  # the name\ndomain = "h.example"\n',
    ),
    (
        "a new key lands before the comment that leads the next table",
        'format = 1\n[product]\nname = "H"\n\n# Where we live\n[dns]\nwildcard = true\n',
        lambda project: edits.section(project, "product", kind="saas"),
        'format = 1\n[product]\nname = "H"\nkind = "saas"\n\n'
        "# Where we live\n[dns]\nwildcard = true\n",
    ),
    (
        "split arrays of tables are not regrouped",
        'format = 1\n[[hosts]]\nname = "a.example"\n[[routes]]\nurl = "https://a.example/"\n'
        '[[hosts]]\nname = "b.example" # second\n[product]\nname = "H"\n',
        lambda project: edits.put(
            project, "hosts", 1, Host(name="b.example", owner="Bo", purpose="app")
        ),
        'format = 1\n[[hosts]]\nname = "a.example"\n[[routes]]\nurl = "https://a.example/"\n'
        '[[hosts]]\nname = "b.example" # second\npurpose = "app"\nowner = "Bo"\n'
        '[product]\nname = "H"\n',
    ),
    (
        "a removed row takes its own comment along, and leaves the one of the next",
        "format = 1\n\n# the site\n[[hosts]]\nname = 'a.example'\n\n# the app\n[[hosts]]\n"
        "name = 'b.example'\n# its page\n\n# the api\n[[hosts]]\nname = 'c.example'\n",
        lambda project: edits.drop(project, "hosts", 1),
        "format = 1\n\n# the site\n[[hosts]]\nname = 'a.example'\n\n"
        "# the api\n[[hosts]]\nname = 'c.example'\n",
    ),
    (
        "the last row leaves no blank lines behind",
        "format = 1\n\n[[hosts]]\nname = 'a.example'\n\n[[hosts]]\nname = 'b.example'\n",
        lambda project: edits.drop(project, "hosts", 1),
        "format = 1\n\n[[hosts]]\nname = 'a.example'\n",
    ),
    (
        "a new row follows the row before it, with its blank line",
        "format = 1\n\n[[hosts]]\nname = 'a.example'\n\n[hosts.ours]\nkey = 1\n\n"
        "# people\n[[people]]\nname = 'Ann'\n",
        lambda project: edits.add(project, "hosts", Host(name="b.example")),
        "format = 1\n\n[[hosts]]\nname = 'a.example'\n\n[hosts.ours]\nkey = 1\n\n"
        "[[hosts]]\nname = \"b.example\"\n\n# people\n[[people]]\nname = 'Ann'\n",
    ),
    (
        "a new first row goes above the others and their comment",
        "format = 1\n\n# hosts\n[[hosts]]\nname = 'b.example'\n",
        lambda project: change.with_hosts(project, (Host(name="a.example"), *project.hosts)),
        "format = 1\n\n[[hosts]]\nname = \"a.example\"\n\n# hosts\n[[hosts]]\nname = 'b.example'\n",
    ),
    (
        "a renamed row keeps its comments and unknown keys",
        "format = 1\n# money\n[[accounts]]\nservice = 'Stripe' # live\ncolour = 'blue'\n",
        lambda project: change.replace_account(project, 0, Account(service="Stripe live")),
        "format = 1\n# money\n[[accounts]]\nservice = \"Stripe live\" # live\ncolour = 'blue'\n",
    ),
    (
        "a new answer follows the other answers, not the findings",
        'format = 1\n\n[answers."S1.C1"]\nvalue = "no"\n# asked twice\n\n'
        "# what we saw\n[findings.\"dns.apex\".\"h.example\"]\nverdict = 'pass'\noutcome = 'ok'\n"
        "at = 2026-11-01T00:00:00Z\n",
        yes("S4.C5"),
        'format = 1\n\n[answers."S1.C1"]\nvalue = "no"\n# asked twice\n\n'
        '[answers."S4.C5"]\nvalue = "yes"\nby = "Ann"\nat = 2026-11-24T14:02:00Z\n\n'
        "# what we saw\n[findings.\"dns.apex\".\"h.example\"]\nverdict = 'pass'\noutcome = 'ok'\n"
        "at = 2026-11-01T00:00:00Z\n",
    ),
    (
        "the first answer goes between its neighbours",
        'format = 1\n[product]\nname = "H"\n\n[[audits]]\nat = 2026-11-01T00:00:00Z\n',
        yes("S4.C5"),
        'format = 1\n[product]\nname = "H"\n\n[answers."S4.C5"]\nvalue = "yes"\nby = "Ann"\n'
        "at = 2026-11-24T14:02:00Z\n\n[[audits]]\nat = 2026-11-01T00:00:00Z\n",
    ),
    (
        "an answer changes key by key; keys that we don't know stay",
        "format = 1\n[answers.'S4.C5']\nvalue = 'no' # sadly\ncolour = 'red'\nat = 2026-11-01\t"
        "00:00:00Z # then\n".replace("\t", "T"),
        yes("S4.C5"),
        "format = 1\n[answers.'S4.C5']\nvalue = \"yes\" # sadly\ncolour = 'red'\n"
        'at = 2026-11-24T14:02:00Z # then\nby = "Ann"\n',
    ),
    (
        "evidence gets tables of its own, below its answer",
        'format = 1\n[answers."R1"]\nvalue = "no"\n\n[answers."R2"]\nvalue = "no"\n',
        lambda project: change.answer(
            project, "R1", "no", at=AT, evidence=[Proof(kind="link", where="https://h.example/")]
        ),
        'format = 1\n[answers."R1"]\nvalue = "no"\nat = 2026-11-24T14:02:00Z\n\n'
        '[[answers.R1.evidence]]\nkind = "link"\nwhere = "https://h.example/"\n\n'
        '[answers."R2"]\nvalue = "no"\n',
    ),
    (
        "a second piece of evidence follows the first",
        'format = 1\n[answers.R1]\nvalue = "no"\nat = 2026-11-24T14:02:00Z\n'
        '[[answers.R1.evidence]] # first\nkind = "text"\nwhere = "a"\n\n[ours]\nkey = 1\n',
        lambda project: change.add_proof(project, "R1", Proof(kind="text", where="b"), at=AT),
        'format = 1\n[answers.R1]\nvalue = "no"\nat = 2026-11-24T14:02:00Z\n'
        '[[answers.R1.evidence]] # first\nkind = "text"\nwhere = "a"\n\n'
        '[[answers.R1.evidence]]\nkind = "text"\nwhere = "b"\n\n[ours]\nkey = 1\n',
    ),
    (
        "a cleared answer goes with its evidence; out of order tables stay",
        'format = 1\n[answers.R1]\nvalue = "no"\n[[answers.R1.evidence]]\nkind = "text"\n'
        'where = "a"\n[product]\nname = "H"\n[answers.R2]\nvalue = "no"\n',
        lambda project: change.clear_answer(project, "R1"),
        'format = 1\n[product]\nname = "H"\n[answers.R2]\nvalue = "no"\n',
    ),
    (
        "braces keep their style",
        'format = 1\nproduct = {name="H", domain = "h.example"} # short\n',
        renamed("New"),
        'format = 1\nproduct = {name="New", domain = "h.example"} # short\n',
    ),
    (
        "a key is added inside braces",
        'format = 1\nproduct = { name = "H" }\n',
        lambda project: edits.section(project, "product", kind="saas"),
        'format = 1\nproduct = { name = "H", kind = "saas"}\n',
    ),
    (
        "rows in brackets stay in brackets",
        'format = 1\nhosts = [\n    {name = "a.example"}, # site\n'
        '    {name = "b.example"}, # app\n]\n',
        lambda project: edits.put(project, "hosts", 0, Host(name="a.example", owner="Bo")),
        'format = 1\nhosts = [\n    {name = "a.example",owner = "Bo"}, # site\n'
        '    {name = "b.example"}, # app\n]\n',
    ),
    (
        "dotted keys stay dotted",
        'format = 1\nproduct.name = "H" # here\nproduct.domain = "h.example"\n\n[dns]\n',
        lambda project: edits.section(project, "product", name="New", kind="saas"),
        'format = 1\nproduct.name = "New" # here\nproduct.domain = "h.example"\n'
        'product.kind = "saas"\n\n[dns]\n',
    ),
    (
        "an answer made of dotted keys grows by dotted keys",
        'format = 1\n[answers]\nR1.value = "no"\nR2.value = "no"\n',
        yes("R1"),
        'format = 1\n[answers]\nR1.value = "yes"\nR1.by = "Ann"\nR1.at = 2026-11-24T14:02:00Z\n'
        'R2.value = "no"\n',
    ),
    (
        "a table that is only implied gets one header, not two",
        "format = 1\n[email.ours]\nkey = 1\n",
        lambda project: change.with_email(project, from_="a@h.example", selectors=["s1"]),
        'format = 1\n[email.ours]\nkey = 1\n\n[email]\nfrom = "a@h.example"\nselectors = ["s1"]\n',
    ),
    (
        "windows line ends stay",
        'format = 1\r\n[product]\r\nname = "H" # ours\r\n',
        lambda project: yes("R1")(edits.section(project, "product", kind="saas")),
        'format = 1\r\n[product]\r\nname = "H" # ours\r\nkind = "saas"\r\n\r\n[answers.R1]\r\n'
        'value = "yes"\r\nby = "Ann"\r\nat = 2026-11-24T14:02:00Z\r\n',
    ),
    (
        "a file without a last newline gets one where we add",
        'format = 1\n[product]\nname = "H"',
        lambda project: edits.section(project, "product", kind="saas"),
        'format = 1\n[product]\nname = "H"\nkind = "saas"\n',
    ),
    (
        "the mark that Windows puts first stays first",
        '\ufeffformat = 1\n[product]\nname = "H"\n',
        renamed("New"),
        '\ufeffformat = 1\n[product]\nname = "New"\n',
    ),
    (
        "a field that goes back to its default leaves its table, and what we don't know, alone",
        'format = 1\n[dns] # ours\nprovider = "cloudflare" # since May\nours = 1\n\n[email]\n',
        lambda project: change.with_dns(project, provider=""),
        "format = 1\n[dns] # ours\nours = 1\n\n[email]\n",
    ),
    (
        "a sign-in page that goes takes its table along",
        'format = 1\n[login]\nurl = "https://h.example/in"\n[email]\n',
        lambda project: replace(project, login=None),
        "format = 1\n[email]\n",
    ),
    (
        "lists keep the comments of the items that stay",
        'format = 1\n[email]\nproviders = [\n    "postmark", # receipts\n    "resend", # news\n]\n',
        lambda project: change.with_email(project, providers=["postmark", "resend", "other"]),
        'format = 1\n[email]\nproviders = [\n    "postmark", # receipts\n    "resend", # news\n'
        '    "other",\n]\n',
    ),
    (
        "expectations stand in braces",
        'format = 1\n[[routes]]\nurl = "https://h.example/"\n',
        lambda project: replace(
            project, routes=(replace(project.routes[0], expect=Expect(status=204)),)
        ),
        'format = 1\n[[routes]]\nurl = "https://h.example/"\nexpect = { status = 204 }\n',
    ),
    (
        "expectations in a table of their own stay there",
        'format = 1\n[[routes]]\nurl = "https://h.example/"\n[routes.expect]\ntext = "Hi" # seen\n',
        lambda project: replace(
            project,
            routes=(replace(project.routes[0], expect=Expect(status=204, text="Hi")),),
        ),
        'format = 1\n[[routes]]\nurl = "https://h.example/"\n[routes.expect]\ntext = "Hi" # seen\n'
        "status = 204\n",
    ),
    (
        "expectations that go leave what we don't know behind",
        "format = 1\n[[routes]]\nurl = '/a'\nexpect = {status = 204, ours = 1}\n"
        "[[routes]]\nurl = '/b'\nexpect = {ours = 1} # b\n"
        "[[routes]]\nurl = '/c'\n[routes.expect]\nours = 1\nstatus = 204\n",
        lambda project: replace(
            project, routes=tuple(replace(route, expect=Expect()) for route in project.routes)
        ),
        "format = 1\n[[routes]]\nurl = '/a'\nexpect = { ours = 1}\n"
        "[[routes]]\nurl = '/b'\nexpect = {ours = 1} # b\n"
        "[[routes]]\nurl = '/c'\n[routes.expect]\nours = 1\n",
    ),
    (
        "several lines of text stand in three quotes",
        'format = 1\n[answers.R1]\nvalue = "no"\nnote = "old"\n',
        lambda project: change.answer(project, "R1", "no", at=AT, note='One "two"\nthree"""\\ "'),
        'format = 1\n[answers.R1]\nvalue = "no"\nnote = """\nOne "two"\nthree""\\"\\\\ \\""""\n'
        "at = 2026-11-24T14:02:00Z\n",
    ),
    (
        "text that looks like TOML in strings and comments is no TOML",
        'format = 1\n# [product]\n[product]\nname = """\n[dns]\nname = "x" # no\n"""\n'
        "kind = '[email]' # [[hosts]]\n",
        lambda project: edits.section(project, "product", kind="saas"),
        'format = 1\n# [product]\n[product]\nname = """\n[dns]\nname = "x" # no\n"""\n'
        'kind = "saas" # [[hosts]]\n',
    ),
    (
        "days and names with odd letters",
        "format = 1\n[[people]]\nname = 'Ann'\n",
        lambda project: change.add_account(
            edits.add(project, "people", Person(name='Zoë "Z" \\ Ünal')),
            Account(service="DNS", renews=date(2027, 1, 2)),
        ),
        'format = 1\n[[people]]\nname = \'Ann\'\n\n[[people]]\nname = "Zoë \\"Z\\" \\\\ Ünal"\n\n'
        '[[accounts]]\nservice = "DNS"\nrenews = 2027-01-02\n',
    ),
    (
        "two accounts at the same service are two rows",
        "format = 1\n[[accounts]]\nservice = 'Stripe'\nholder = 'Ann'\n[[accounts]]\n"
        "service = 'Stripe'\nholder = 'Bo'\n",
        lambda project: change.replace_account(
            project, 1, replace(project.accounts[1], holder="Cy")
        ),
        "format = 1\n[[accounts]]\nservice = 'Stripe'\nholder = 'Ann'\n[[accounts]]\n"
        "service = 'Stripe'\nholder = \"Cy\"\n",
    ),
]


@pytest.mark.parametrize(
    ("before", "edit", "after"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_only_what_changed_is_written(
    tmp_path: Path, before: str, edit: Change, after: str
) -> None:
    path = tmp_path / "launchready.toml"
    path.write_bytes(before.encode())
    loaded = file.read(path)
    assert file.save(loaded, loaded.project) == loaded
    assert path.read_bytes() == before.encode()

    saved = file.save(loaded, edit(loaded.project))

    assert path.read_bytes().decode() == after
    assert file.read(path) == saved
    assert saved.project == edit(loaded.project)
