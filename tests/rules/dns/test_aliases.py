"""Where a CNAME may not stand, and chains that never end."""

from __future__ import annotations

import pytest

from launchready_tui.rules.dns.aliases import LONGEST, AliasAnswer, Flaw, Walk, judge, walk
from launchready_tui.vocabulary.facts import Answer, DnsReply, NoData, NoSuchName, Unreachable

NONE = AliasAnswer("ns1.d.example", "", ("A", "MX"))
ALIAS = AliasAnswer("ns1.d.example", "t.example", (), ("A", "MX", "TXT"))
MIXED = AliasAnswer("ns2.d.example", "t.example", ("TXT",), ("A",))
FLAT = AliasAnswer("ns1.d.example", "t.example", ("A", "MX"))
END = Walk(())


@pytest.mark.parametrize(("answers", "apex", "expected"), [
    ((NONE,), True, None),
    ((NONE,), False, None),
    ((ALIAS,), False, None),
    ((ALIAS,), True, Flaw("apex", "t.example")),
    ((MIXED,), True, Flaw("apex", "t.example", ("TXT",))),
    ((ALIAS, MIXED), False, Flaw("beside", "t.example", ("TXT",))),
    ((FLAT,), True, Flaw("flattened", "t.example", ("A", "MX"))),
    ((FLAT,), False, Flaw("beside", "t.example", ("A", "MX"))),
    ((FLAT, ALIAS), True, Flaw("apex", "t.example")),
    ((), True, None),
])  # fmt: skip
def test_where_an_alias_may_stand(
    answers: tuple[AliasAnswer, ...], apex: bool, expected: Flaw | None
) -> None:
    assert judge(answers, END, apex=apex) == expected


def test_a_chain_without_an_end_is_a_flaw() -> None:
    assert judge((ALIAS,), Walk(("b", "a"), "loop"), apex=False) == Flaw("loop", "a")
    assert judge((ALIAS,), Walk(("b", "c"), "long"), apex=False) == Flaw("long", "c")


class Names:
    """A resolver that holds aliases alone, and gives up on long chains as real ones do."""

    def __init__(self, aliases: dict[str, str], end: DnsReply | None = None) -> None:
        self.aliases, self.end, self.asked = aliases, end, 0

    async def __call__(self, name: str, rtype: str) -> DnsReply:
        self.asked += 1
        if rtype == "A":
            return Unreachable("servfail")
        if name in self.aliases:
            return Answer(name, rtype, (f"{self.aliases[name]}.",), 60)
        return self.end or NoData(name, rtype)


async def test_a_loop_is_found_step_by_step() -> None:
    assert await walk("a", Names({"a": "b", "b": "c", "c": "b"})) == Walk(("b", "c", "b"), "loop")
    assert await walk("a", Names({"a": "a"})) == Walk(("a",), "loop")


async def test_a_chain_of_forty_is_left_after_a_few_steps() -> None:
    names = Names({f"n{step}": f"n{step + 1}" for step in range(40)})
    found = await walk("n0", names)
    assert (found.ending, len(found.chain)) == ("long", LONGEST + 1)
    assert names.asked == LONGEST + 2


@pytest.mark.parametrize("end", [None, NoSuchName("c")])
async def test_a_chain_whose_end_does_not_answer_is_unknown(end: DnsReply | None) -> None:
    found = await walk("a", Names({"a": "b", "b": "c"}, end))
    assert found == Walk(("b", "c"), Unreachable("servfail"))


@pytest.mark.parametrize("reason", ["timeout", "servfail", "refused"])
async def test_a_step_without_an_answer_is_unknown(reason: str) -> None:
    found = await walk("a", Names({}, Unreachable(reason)))
    assert found == Walk((), Unreachable(reason))


async def test_a_resolver_that_answers_is_believed() -> None:
    async def answers(name: str, rtype: str) -> DnsReply:
        return Answer(name, rtype, ("192.0.2.1",), 60, ("b", "c"))

    assert await walk("a", answers) == Walk(("b", "c"))
