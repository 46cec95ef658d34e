"""Every rule of `checklists/secrets/`: its examples, its words, its pattern; and the engine."""

from __future__ import annotations

import base64
import json
import re
import re._constants as op  # the parser of `re` reads RE2's syntax as far as our patterns use it
import re._parser as parser
import time
import zlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.content import secret_rules
from launchready_tui.content.checklist import builtin, folder
from launchready_tui.content.source import ContentError
from launchready_tui.rules.secrets.engine import Engine, PatternError, loosened
from launchready_tui.rules.secrets.leaks import CONTEXTS, Context, Rule
from launchready_tui.rules.secrets.unpacking import views
from launchready_tui.rules.secrets.validators import (
    VALIDATORS,
    base62,
    entropy,
    github_crc32,
    not_placeholder,
    url_password,
)
from tests.every import every
from tests.readability import faults, forbidden_in, join, spellings, unexplained

ALL = secret_rules.builtin()
RULES = tuple(rule for rule in ALL if rule.pattern)
ENGINE = Engine(ALL)
TERMS = spellings(builtin().glossary)
BY_ID = {rule.id: rule for rule in RULES}

# Rules without a literal of three signs at their start, and why that is no harm.
NO_PREFIX = {
    "discord-bot-token": "five groups of base 64 that stand for digits are rarer than any literal",
    "asana-token": "a digit, a slash and 13 digits are as rare as a literal",
    "twilio-pair": "32 hexadecimal digits after AC are rare, and two such values are rarer",
}
OWN_SPELLING = ("npm", "xAI", "reCAPTCHA", "hCaptcha", "age ", "crates.io")
SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n\"'=:/._-"


def contexts(rule: Rule) -> Context:
    return "tree" if "tree" in rule.contexts else rule.contexts[0]


def ids(text: str, context: Context = "tree") -> list[str]:
    return [hit.rule.id for hit in ENGINE.hits(text.encode(), context)]


@every("rule", RULES, ids=lambda rule: rule.id)
def test_true_examples_are_found_by_their_rule_alone(rule: Rule) -> None:
    beside = {"aws-secret-access-key": {"aws-access-key-id"}}.get(rule.id, set())
    for example in rule.true:
        found = ids(example, contexts(rule))
        assert found.count(rule.id) == 1, example
        assert set(found) - beside == {rule.id}, example


@every("rule", [r for r in RULES if r.false], ids=lambda rule: rule.id)
def test_false_examples_are_not_found_by_their_rule(rule: Rule) -> None:
    for example in rule.false:
        for context in rule.contexts:
            assert rule.id not in ids(example, context), example


@every("rule", RULES, ids=lambda rule: rule.id)
def test_examples_are_found_in_quotes_escapes_and_addresses(rule: Rule) -> None:
    if "\n" in rule.true[0]:
        return
    for text in (f"\n{rule.true[0]}\n", f"x {rule.true[0]} y"):
        assert rule.id in ids(text, contexts(rule))
    if "(?P<value>" not in rule.pattern and rule.true[0][:1].isalnum():
        for before in ('key="', "a\\n", "q=%3D", "\\u0022", "(", "key="):
            assert rule.id in ids(before + rule.true[0], contexts(rule)), before


def test_there_are_at_least_eighty_providers_and_every_kind() -> None:
    assert len(RULES) >= 150
    assert {rule.kind for rule in RULES} == {"secret", "test", "public", "restrict"}
    assert len({rule.id for rule in RULES}) == len(RULES)
    used = {rule.validator for rule in RULES if rule.validator}
    assert used <= set(VALIDATORS)


def test_a_generic_rule_looks_at_the_working_tree_only() -> None:
    assert BY_ID["named-value"].contexts == ("tree",)
    assert BY_ID["named-value"].confidence == "review"


def test_a_value_that_its_neighbours_give_away_is_for_review() -> None:
    for rule in RULES:
        if rule.kind == "secret" and rule.pattern.startswith("(?i:"):
            assert rule.confidence == "review" or rule.validator in ("near_aws_id", "mixed"), (
                rule.id
            )


# ------------------------------------------------------------------------------- patterns


def literal(items: Sequence[tuple[object, object]]) -> tuple[int, bool]:
    """How many signs at least a parsed pattern's start is fixed to, and whether it goes on. A
    class of six signs or fewer counts as one sign, and so do both cases of a letter."""
    fixed = 0
    for kind, what in items:
        if kind is op.LITERAL or (kind is op.IN and isinstance(what, list) and size(what) <= 6):
            fixed += 1
        elif kind is op.SUBPATTERN and isinstance(what, tuple):
            inner, on = literal(what[3])
            fixed += inner
            if not on:
                return fixed, False
        elif kind is op.BRANCH and isinstance(what, tuple):
            branches = [literal(branch) for branch in what[1]]
            fixed += min(inner for inner, _ in branches)
            if not all(on for _, on in branches):
                return fixed, False
        elif kind is op.MAX_REPEAT and isinstance(what, tuple) and what[0]:
            return fixed + literal(what[2])[0], False
        elif kind is op.MAX_REPEAT and isinstance(what, tuple) and what[:2] == (0, 1):
            continue
        else:
            return fixed, False
    return fixed, True


def size(members: list[tuple[object, object]]) -> int:
    return sum(
        what[1] - what[0] + 1
        if kind is op.RANGE and isinstance(what, tuple)
        else 1
        if kind is op.LITERAL
        else 99
        for kind, what in members
    )


@every("rule", RULES, ids=lambda rule: rule.id)
def test_a_pattern_starts_at_a_literal(rule: Rule) -> None:
    fixed, _ = literal(parser.parse(rule.pattern))
    assert (fixed >= 3) != (rule.id in NO_PREFIX), f"{fixed} fixed signs"


def test_the_measure_of_literals_sees_what_is_not_fixed() -> None:
    assert literal(parser.parse("[a-z]+abc"))[0] == 0
    assert literal(parser.parse("(?:abc|d)efg"))[0] == 4
    assert literal(parser.parse("(?:abc|[0-9]x)efg"))[0] == 0
    assert literal(parser.parse("[sr]k_test_[0-9]"))[0] == 8


def test_each_pattern_compiles_alone_and_in_the_sieve() -> None:
    for rule in RULES:
        Engine([rule]).hits(b"", rule.contexts[0])
        list(Engine([rule])._rules[0].hits(b""))


def test_the_sieve_lets_all_true_examples_pass() -> None:
    for rule in RULES:
        loose = re.compile(loosened(rule.pattern))
        assert all(loose.search(example) for example in rule.true), rule.id


# ---------------------------------------------------------------------------------- words


@every("rule", ALL, ids=lambda rule: rule.id)
def test_a_founder_can_read_it(rule: Rule) -> None:
    text = join((rule.what, rule.harm, *rule.steps))
    assert faults(text, TERMS) == ()
    assert forbidden_in(join((rule.title, rule.rotate))) == ()
    assert faults(rule.rotate, TERMS) == ()
    assert unexplained(join((text, rule.rotate)), builtin().glossary) == ()
    assert 2 <= len(rule.steps) <= 4
    assert not rule.title[0].islower() or rule.title.startswith(OWN_SPELLING)
    assert not rule.title.endswith(".")
    for part in (rule.what, rule.harm, rule.rotate, *rule.steps):
        assert part.endswith((".", "?")) or "https://" in part.split()[-1], part


def test_rotating_comes_first() -> None:
    for rule in RULES:
        if rule.kind == "secret" and rule.confidence == "sure":
            assert re.search(
                r"(?i)new|roll|replace|change|end |delete|remove|switch|look up|/revoke|make",
                rule.steps[0],
            ), rule.id


def test_no_file_holds_a_whole_key() -> None:
    """The marks in the examples keep scanners, ours too, from finding keys in the files."""
    for path in sorted((folder() / "secrets").glob("*.toml")):
        found = [
            (hit.rule.id, hit.start)
            for hit in ENGINE.hits(path.read_bytes(), "history")
            if hit.rule.kind == "secret" and hit.rule.confidence == "sure"
        ]
        assert found == [], path.name


# --------------------------------------------------------------------------------- loading

GOOD = """
[[rule]]
id = "a-key"
title = "A key"
pattern = 'abc_[0-9]{8}'
what = "A key."
harm = "It opens a door."
rotate = "At the door."
steps = ["Make a new key."]
true = ["abc_{}83749261"]
"""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("id =", "ident ="), "no such key: ident"),
        (('id = "a-key"', 'id = "A key"'), "an id is"),
        (('harm = "It opens a door."', ""), "needs harm"),
        (("'abc_[0-9]{8}'", "'abc_[0-9'"), "rule a-key: "),
        (("'abc_[0-9]{8}'", "'abc_([0-9]{8})'"), "the only group"),
        (("what =", 'validator = "nothing"\nwhat ='), "no such validator: nothing"),
        (("what =", 'kind = "worse"\nwhat ='), "rule a-key: "),
        (("what =", "contexts = []\nwhat ="), "needs contexts"),
        (("[[rule]]", "[[rule]"), "rules.toml: "),
        (("[[rule]]", "[[rules]]"), "no rule"),
    ],
)
def test_a_bad_rule_is_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    (tmp_path / "rules.toml").write_text(GOOD.replace(*change))
    with pytest.raises(ContentError, match=re.escape(says)):
        secret_rules.read(tmp_path)


def test_an_id_is_used_once_across_files(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD)
    assert [rule.true for rule in secret_rules.read(tmp_path)] == [("abc_83749261",)]
    (tmp_path / "b.toml").write_text(GOOD)
    with pytest.raises(ContentError, match="a-key is used twice"):
        secret_rules.read(tmp_path)


def test_the_digest_changes_with_what_is_found_and_not_with_words() -> None:
    known = secret_rules.digest(RULES)
    assert re.fullmatch("[0-9a-f]{64}", known)
    assert secret_rules.digest((replace(RULES[0], what="Other."), *RULES[1:])) == known
    assert secret_rules.digest((replace(RULES[0], entropy=1.0), *RULES[1:])) != known
    assert secret_rules.digest(RULES[1:]) != known


def test_a_pattern_that_re2_cannot_run_is_named() -> None:
    for pattern in ("abc(?=d)", "abc\u2026"):
        with pytest.raises(PatternError, match="a-key"):
            Engine([Rule("a-key", "A key", pattern)]).hits(b"abcd", "tree")


# ----------------------------------------------------------------------------------- engine


def test_of_overlapping_hits_the_more_certain_wins_then_the_longer() -> None:
    short = Rule("short", "", "abc_[0-9]{4}", confidence="review")
    long = Rule("long", "", "abc_[0-9]{4}_[0-9]{4}", confidence="review")
    sure = Rule("sure", "", "_(?P<value>[0-9]{4})", confidence="sure")
    data = b"abc_1928_4756"
    assert [h.rule.id for h in Engine([short, long]).hits(data, "tree")] == ["long"]
    assert [h.rule.id for h in Engine([long, sure]).hits(data, "tree")] == ["sure", "sure"]
    assert [h.rule.id for h in Engine([long, replace(long, id="b")]).hits(data, "tree")] == ["long"]
    tree = replace(short, id="tree", contexts=("tree",), pattern="abc_[0-9]{4}_[0-9]")
    assert [h.rule.id for h in Engine([tree, short]).hits(data[:8] + b" abc_5647_1", "tree")] == [
        "short",
        "short",
    ]


def test_a_value_is_no_part_of_a_longer_word() -> None:
    key = BY_ID["stripe-live-secret"].true[0]
    assert ids(key) == ["stripe-live-secret"]
    assert ids("x" + key) == []
    assert ids("_" + key) == []
    assert ids(BY_ID["elevenlabs-key"].true[0] + "a") == []


def test_the_same_key_twice_is_two_places() -> None:
    key = BY_ID["groq-key"].true[0].encode()
    hits = ENGINE.hits(key + b"\n" + key, "bundle")
    assert [(hit.start, hit.end) for hit in hits] == [
        (0, len(key)),
        (len(key) + 1, 2 * len(key) + 1),
    ]


def test_hostile_repeats_take_linear_time() -> None:
    size = 1 << 20
    for piece in (
        b"eyJaaaaaaaaaaaa.eyJ",
        b"postgres://a:",
        b"https://a:b",
        b"-----BEGIN PRIVATE KEY-----",
        b"sk_live_",
        b"twilio token ",
        b'"kty":"RSA"',
        b"otpauth://a?b&",
        b"password=aaaaaaaaaaaaaaaaa1a ",
        b"AKIA",
        b"LS0tLS1CRUdJTi",
    ):
        start = time.process_time()
        for context in CONTEXTS:
            ENGINE.hits(piece * (size // len(piece)), context)
        assert time.process_time() - start < 20, piece


@given(st.binary(max_size=600))
def test_any_bytes_scan_without_an_exception(data: bytes) -> None:
    for context in CONTEXTS:
        hits = ENGINE.hits(data, context)
        assert all(0 <= a.start < a.end <= b.start for a, b in pairwise(hits))


@given(st.sampled_from(RULES), st.text(SAFE, max_size=40), st.text(SAFE, max_size=40), st.data())
def test_damaged_examples_scan_without_an_exception(
    rule: Rule, before: str, after: str, data: st.DataObject
) -> None:
    example = bytearray((before + data.draw(st.sampled_from(rule.true)) + after).encode())
    for _ in range(data.draw(st.integers(0, 3))):
        example[data.draw(st.integers(0, len(example) - 1))] = data.draw(st.integers(0, 255))
    for _, view in views(bytes(example), lambda _: None):
        for hit in ENGINE.hits(view, contexts(rule)):
            assert 0 <= hit.start < hit.end <= len(view)


# ------------------------------------------------------------------------------- validators


def test_the_check_number_of_github_tokens() -> None:
    body = b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"  # the form that GitHub describes, made up
    real = b"ghp_" + body + base62(zlib.crc32(body))
    assert github_crc32(real)
    assert not github_crc32(real[:-1] + (b"a" if real[-1:] != b"a" else b"b"))
    assert base62(0) == b"000000"
    assert base62(61) == b"00000z"
    assert base62(62) == b"000010"


def test_entropy_in_bits_a_byte() -> None:
    assert entropy(b"") == 0
    assert entropy(b"aaaa") == 0
    assert entropy(b"abcd") == 2
    assert entropy(bytes(range(256))) == 8


_STAND_INS = (
    "password <password> ${DB_PASS} xxx changeme **** user {password} $PW %s [YOUR-PASSWORD] "
    "secret postgres ... $(pass) %(pw)s your_password"
)


@pytest.mark.parametrize(
    "password",
    _STAND_INS.split(" "),
)
def test_stand_ins_for_passwords_are_no_leaks(password: str) -> None:
    assert ids(f"DATABASE_URL=postgres://user:{password}@db.harbor-data.net/app") == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:5432", "db", "db.example.com", "host"])
def test_a_weak_password_on_a_local_or_made_up_host_is_no_leak(host: str) -> None:
    assert ids(f"postgres://app:harbor12@{host}/app") == []
    assert ids("postgres://app:harbor12@db.harbor-data.net/app") == ["postgres-url"]
    assert url_password(b"q7Rz2mWx9KpT4v", b"postgres://app:", f"@{host}/app".encode())


def test_placeholders() -> None:
    for value in (b"YOUR_API_KEY", b"xxxxxxxxxxxxxxxx", b"sk_live_EXAMPLE", b"aaaaaaaaaaaaaaaa"):
        assert not not_placeholder(value)
    assert not_placeholder(b"q7Rz2mWx9KpT4v")


def jwt(claims: object) -> str:
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join((*coded, "Zm9vYmFyYmF6cXV1eDEyMzQ1Njc4OTA3ODY3"))


def test_the_role_of_a_token_decides() -> None:
    assert ids(jwt({"role": "service_role", "ref": "abc"})) == ["supabase-service-role"]
    assert ids(jwt({"role": "anon", "ref": "abc"})) == ["supabase-anon"]
    assert ids(jwt({"role": "authenticated", "sub": "9a8b7c"})) == ["sign-in-token"]
    assert ids(jwt(["no claims"])) == []
