"""What the four answers of an address come to: a no, a yes, or nothing that would count."""

from __future__ import annotations

from launchready_tui.rules.tls.client_hello import Alert, ServerHello
from launchready_tui.rules.tls.versions import VERSIONS, Said, Spoken, judge, why_not
from launchready_tui.vocabulary.facts import Unreachable
from tests.every import every

YES = {version: ServerHello(version) for version in VERSIONS}
RESET, LATE = Unreachable("reset"), Unreachable("timeout")
JUNK, CLOSED = Unreachable("garbled"), Unreachable("refused")
NOT_THIS, NO_SUITE, NO_NAME = Alert(70), Alert(40), Alert(112)


def spoken(*said: Said | None) -> Spoken:
    """One address; None stands for the version that was asked for."""
    pairs = zip(VERSIONS, said, strict=True)
    return Spoken("192.0.2.1", {version: each or YES[version] for version, each in pairs})


CASES: dict[str, tuple[tuple[Said | None, ...], str]] = {
    "alerts as nginx sends them": ((NOT_THIS, NOT_THIS, None, None), "good"),
    "resets as asyncio sends them": ((RESET, RESET, None, None), "good"),
    "other alerts beside a version that works": ((NO_SUITE, Alert(80), None, None), "good"),
    "1.2 alone": ((NOT_THIS, NOT_THIS, None, NOT_THIS), "good"),
    "1.3 alone": ((NOT_THIS, NOT_THIS, NO_SUITE, None), "good"),
    "1.2 in answer to 1.3": ((NOT_THIS, NOT_THIS, None, ServerHello("1.2")), "good"),
    "everything": ((None, None, None, None), "old"),
    "1.1": ((RESET, None, None, None), "old"),
    "1.0, and the rest did not come": ((None, LATE, LATE, LATE), "old"),
    "1.0 alone": ((None, NOT_THIS, NOT_THIS, NOT_THIS), "none"),
    "1.0 alone, falling back": ((None, YES["1.0"], YES["1.0"], NOT_THIS), "none"),
    "1.0 alone, and cut connections": ((None, RESET, RESET, RESET), "none"),
    "SSL 3.0 alone": ((ServerHello("3.0"), ServerHello("3.0"), RESET, RESET), "none"),
    "it says no to each version": ((NOT_THIS, NOT_THIS, NOT_THIS, NOT_THIS), "none"),
    "no suite in common anywhere": ((NO_SUITE, NO_SUITE, NO_SUITE, NO_SUITE), "silent"),
    "one suite that we lack": ((NOT_THIS, NOT_THIS, NO_SUITE, NOT_THIS), "silent"),
    "a name that is not served": ((NOT_THIS, NOT_THIS, NO_NAME, NO_NAME), "silent"),
    "all cut": ((RESET, RESET, RESET, RESET), "silent"),
    "all late": ((LATE, LATE, LATE, LATE), "silent"),
    "all closed": ((CLOSED, CLOSED, CLOSED, CLOSED), "silent"),
    "no TLS at all": ((JUNK, JUNK, JUNK, JUNK), "silent"),
    "1.0 did not come": ((LATE, NOT_THIS, None, None), "unclear"),
    "1.0 made no sense": ((JUNK, RESET, None, None), "unclear"),
    "1.2 did not come": ((NOT_THIS, NOT_THIS, LATE, None), "unclear"),
    "1.3 closed": ((NOT_THIS, NOT_THIS, None, CLOSED), "unclear"),
}


@every("name", CASES)
def test_what_an_address_comes_to(name: str) -> None:
    said, judgement = CASES[name]
    assert judge(spoken(*said)) == judgement


def test_the_versions_offered_are_those_that_the_server_chose() -> None:
    assert spoken(None, YES["1.0"], YES["1.0"], NOT_THIS).offered == ("1.0",)
    assert spoken(None, None, RESET, LATE).offered == ("1.0", "1.1")
    assert Spoken("", failure=CLOSED).offered == ()


def test_the_reason_is_not_our_own_lack_of_ipv6_where_there_is_another() -> None:
    six = Spoken("2001:db8::1", failure=Unreachable("no-ipv6"))
    assert why_not([six, spoken(LATE, LATE, LATE, LATE)]).reason == "timeout"
    assert why_not([six]).reason == "no-ipv6"
    assert why_not([spoken(LATE, NOT_THIS, None, None)]).reason == "timeout"
    alert = why_not([spoken(NO_SUITE, NO_SUITE, NO_SUITE, NO_SUITE)])
    assert (alert.reason, alert.detail) == ("garbled", "TLS alert 40")
