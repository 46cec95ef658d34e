"""A DNS change, before it is applied: which file, what would change, what would break."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from launchready_tui.tui.messages import AuditStopped, Go, PlanStopped, PlanWanted
from launchready_tui.tui.screens.base import Frame, text_keys
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.look import STATE_TONE, glyph
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, coded, heading, joined, styled, text_row
from launchready_tui.verdict.readiness import State as Standing
from launchready_tui.verdict.readiness import state_of_finding
from launchready_tui.vocabulary.findings import Verdict
from launchready_tui.vocabulary.safe_text import clean_line, show_host

if TYPE_CHECKING:
    from launchready_tui.guards.dns_change import Consequence, Judgement
    from launchready_tui.guards.dns_words import Change

Step = Literal["ask", "judging", "judged"]

HELP = Key("?", "help", "screen.go('help')")
WE_READ = (
    ("BIND", "a zone file"),
    ("Cloudflare", "DNS, then Records, then Import and Export, then Export"),
    ("octoDNS", "the YAML file of the zone"),
    ("dnscontrol", "what `dnscontrol print-ir` prints"),
)
_TONES = {"safe": "$good", "nothing": "$good", "stop": "$today", "cannot-tell": "$soon"}
_MARKS = {"breaks": Standing.TODAY, "look": Standing.SOON, "fine": Standing.OK}
_CAUSES = {"new": "by this change", "already": "today too", "not-known": "today not known"}


class DnsChangeScreen(Frame):
    """Asks for a plan, and shows what the app found. `nearby` are files that may hold one."""

    CSS_PATH = "../styles/dns_change.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("i", "type", "Type the name of another file"),
        ("e", "example", "Demo: try a prepared plan"),
    )

    def __init__(self, state: State, nearby: tuple[str, ...] = ()) -> None:
        super().__init__(state)
        self.nearby = nearby
        self.step: Step = "ask"
        self.judgement: Judgement | None = None
        self._opened = ""

    def body(self) -> ComposeResult:
        with Vertical(id="dns-change"):
            yield Static(styled("A DNS change, before you apply it", "bold"))
            yield Static(
                "Give the whole zone as it should be. We look at it, and change nothing.",
                markup=False,
                classes="quiet",
            )
            yield Horizontal(
                Static("File", markup=False),
                Input(id="plan", placeholder="harbor.example.zone", max_length=1000),
                classes="field",
            )
            yield Static("", id="plan-problem", markup=False)
            yield Page(id="plan-page")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Input).focus()

    def refresh_body(self) -> None:
        self.query_one(Page).show(self._rows())

    def on_resize(self) -> None:
        self.call_after_refresh(self.refresh_body)

    def keys(self) -> tuple[Key, ...]:
        if self.step == "judging":
            return (Key("esc", "stop", "screen.back"), HELP)
        other = Key("i", "another file", "screen.type")
        example = (Key("e", "try one", "screen.example"),) if self.state.playing else ()
        if self.step == "judged":
            opened = Key("enter", "how to fix", "screen.open")
            return (opened, other, *example, Key("esc", "back", "screen.back"), HELP)
        check = Key("enter", "check it", "screen.submit")
        return (check, *example, Key("esc", "back", "screen.back"), HELP)

    # What the app says

    def show_judgement(self, judgement: Judgement) -> None:
        """The plan is judged: show it, from the top."""
        self.judgement, self._opened = judgement, ""
        self._go_to("judged")
        page = self.query_one(Page)
        page.show(self._rows(), top=True)
        page.focus()
        if page.selectable:
            page.point_at(page.selectable[0])
            page.scroll_to(y=0, animate=False)

    def show_refusal(self, says: str) -> None:
        """The file cannot be used: say why beneath its name, and let it be typed again."""
        self._go_to("ask")
        self._problem(says)
        self.query_one(Input).focus()

    def show_stopped(self) -> None:
        """Somebody stopped it: nothing is shown by halves."""
        if self.step == "judging":
            self._go_to("ask")
            self.query_one(Input).focus()

    def _go_to(self, step: Step) -> None:
        self.step = step
        self._problem("")
        self.refresh_body()
        self.show_keys()

    def _problem(self, says: str) -> None:
        problem = self.query_one("#plan-problem", Static)
        problem.update(styled(says, "bold $today"))
        problem.set_class(bool(says), "-shown")

    # What the founder does

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        typed = self.query_one(Input).value.strip()
        if typed:
            self._ask_for(typed)
        else:
            self._problem("Type the name of a file first, such as harbor.example.zone.")

    def action_example(self) -> None:
        if self.state.playing:
            self.query_one(Input).value = ""
            self._ask_for("")

    def _ask_for(self, path: str) -> None:
        self.judgement = None
        self._go_to("judging")
        self.query_one(Page).focus()
        self.post_message(PlanWanted(path))

    def action_type(self) -> None:
        self.query_one(Input).focus()

    def action_open(self) -> None:
        self.query_one(Page).action_choose()

    def action_check(self) -> None:
        if self.step != "judging":
            self.action_submit()

    def action_back(self) -> None:
        if self.step == "judging":
            self.post_message(PlanStopped())
        elif self.state.checking.running:
            self.post_message(AuditStopped())
        else:
            self.post_message(Go("back"))

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        match kind:
            case "file":
                self.query_one(Input).value = value
                self._ask_for(value)
            case "example":
                self.action_example()
            case "finding":
                self._opened = "" if self._opened == value else value
                self.refresh_body()
            case "check-page":
                self.post_message(Go("check-page", value))

    # The page

    def _rows(self) -> Iterator[Row]:
        if self.step == "judging":
            yield text_row("Looking at your DNS as it is, and as it would be.", "$accent", gap=1)
            yield text_row("Press esc to stop.", QUIET)
        elif self.judgement is not None and self.step == "judged":
            yield from self._judged(self.judgement)
        else:
            yield from self._choices()

    def _choices(self) -> Iterator[Row]:
        if self.state.playing:
            yield Row(
                joined(("Try it with a prepared plan", "bold $accent"), ("  e", QUIET)),
                key="example",
                gap=1,
            )
        if self.nearby:
            yield heading("Beside your project file", gap=1)
        for name in self.nearby:
            yield Row(styled(clean_line(name, 100)), key=f"file:{name}", mark=styled("≡", QUIET))
        yield heading("What we read", gap=1)
        for name, where in WE_READ:
            yield Row(joined(styled(name.ljust(12)), coded(where, QUIET)), hang=12)

    def _judged(self, judgement: Judgement) -> Iterator[Row]:
        plan = judgement.plan
        yield Row(
            styled(f"{judgement.headline}.", f"bold {_TONES[judgement.standing]}"),
            trail=styled(f"{show_host(plan.name)}, {clean_line(plan.file, 40)}", QUIET),
            gap=1,
        )
        if judgement.changes:
            yield heading("What would change", gap=1)
        for change in judgement.changes:
            yield from self._change(change, _MARKS[judgement.weight(change)])
        problems = [
            (place, each)
            for place, each in enumerate(judgement.consequences)
            if each.finding.verdict in (Verdict.FAIL, Verdict.WARN)
        ]
        for title, blocks in (
            ("What would be broken, once applied", True),
            ("Look at these", False),
        ):
            shown = [one for one in problems if one[1].blocks is blocks]
            if shown:
                yield heading(title, gap=1)
            for place, each in shown:
                yield from self._finding(place, each)
        yield from self._lines("What we could not see", judgement.doubts, Standing.UNKNOWN)
        repaired = [finding.says for finding in judgement.fixed]
        yield from self._lines("Broken today, and fixed by this", repaired, Standing.OK)
        yield from self._lines("Good to know", judgement.notes, Standing.LATER)

    def _change(self, change: Change, mark: Standing) -> Iterator[Row]:
        line = styled(f"line {change.line}" if change.line else "", QUIET)
        yield Row(coded(self.state.mask.text(change.says)), mark=glyph(mark), trail=line)
        if change.breaks:
            yield text_row(change.breaks, QUIET, indent=2)

    def _finding(self, place: int, each: Consequence) -> Iterator[Row]:
        finding, mask = each.finding, self.state.mask
        standing = Standing.TODAY if each.blocks else state_of_finding(finding)
        yield Row(
            coded(mask.text(finding.says)),
            key=f"finding:{place}",
            mark=glyph(standing),
            trail=styled(_CAUSES[each.cause], STATE_TONE[standing]),
        )
        if self._opened == str(place):
            yield text_row(finding.why, QUIET, indent=2)
            for number, step in enumerate(finding.fix, 1):
                yield Row(coded(mask.text(step)), mark=styled(f"{number}.", QUIET), indent=2)
            judged = styled("How we judge this", "bold $accent")
            yield Row(judged, key=f"check-page:{finding.check}", indent=2)

    def _lines(
        self, title: str, lines: tuple[str, ...] | list[str], mark: Standing
    ) -> Iterator[Row]:
        if lines:
            yield heading(title, gap=1)
        for line in lines:
            yield Row(coded(self.state.mask.text(line)), mark=glyph(mark))
