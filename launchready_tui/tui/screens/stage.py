"""The stage: the rail of seven, the items of one, and one item in full.

Three columns where there is room, two at medium widths, one pane at a time on a small window:
enter goes in, escape comes back. One screen shows all seven stages.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Resize

from launchready_tui.tui.messages import (
    Answered,
    AuditStopped,
    AuditWanted,
    Copied,
    Filed,
    FixWanted,
    Go,
    LinkOpened,
    ProofGiven,
    ProofRemoved,
    QuitWanted,
)
from launchready_tui.tui.screens.base import WIDE, Frame, text_keys
from launchready_tui.tui.screens.detail import ONLY_YOU_KNOW, Detail, check_to_explain, detail
from launchready_tui.tui.screens.rail import first_open, list_rows, next_open, rail_rows
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.page import Page
from launchready_tui.verdict.readiness import ItemState, risk_order
from launchready_tui.vocabulary.findings import Finding

Pane = Literal["rail", "list", "detail"]
PANES: tuple[Pane, ...] = ("rail", "list", "detail")

HELP = Key("?", "help", "screen.go('help')")


class StageScreen(Frame):
    """Shows one stage. `item` opens it at that item; otherwise at the first open one."""

    CSS_PATH = "../styles/stage.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("n", "next_open", "The next open item"),
        ("c", "copy", "Copy the value in the steps"),
        ("C,shift+c", "file", "Write that value to a file"),
        ("j", "check_page", "How we judge this"),
        ("f", "fix", "Demo: fix it for me"),
        ("right", "pane(1)", "One pane to the right"),
        ("left", "pane(-1)", "One pane to the left"),
        ("left_square_bracket", "stage(-1)", "The stage before"),
        ("right_square_bracket", "stage(1)", "The stage after"),
        *((str(digit), f"digit({digit})", "") for digit in range(1, 10)),
    )

    def __init__(self, state: State, item: str = "", stage: int | None = None) -> None:
        super().__init__(state)
        self.add_class("-on-list", update=False)
        start = state.readiness.item(item) if item else None
        begin = first_open(state, stage)
        self.number = stage or (start or begin or state.readiness.items[0]).stage.number
        self.item = item
        self.pane: Pane = "detail" if item else "list"
        self._copied = -1
        self._detail = Detail((), ())
        self._shown = ""
        self._was_compact = False

    def body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            yield Page(id="rail")
            yield Page(id="list")
            yield Page(id="detail")

    def on_mount(self) -> None:
        self.item = self.item or self._first_of_stage()
        self._was_compact = self.compact
        super().on_mount()
        self.open(self.item, self.pane)

    def _page(self, pane: Pane) -> Page:
        return self.query_one(f"#{pane}", Page)

    def _first_of_stage(self) -> str:
        items = self.state.readiness.stage(self.number)
        begin = next((each for each in items if each.answer is None and not each.findings), None)
        chosen = begin or (items[0] if items else None)
        return chosen.item.id if chosen else ""

    def open(self, item: str, pane: Pane = "detail") -> None:
        """Show this item, and put the keyboard on that pane."""
        shown = self.state.readiness.item(item)
        if shown is not None and item != self.item:
            self.number, self.item = shown.stage.number, item
            self.refresh_body()
        self._page("rail").point_at(f"stage:{self.number}")
        self._page("list").point_at(f"item:{self.item}")
        self._focus(pane)

    # Showing

    def refresh_body(self) -> None:
        self._was_compact = self.compact
        self._page("rail").show(rail_rows(self.state))
        self._page("list").show(list_rows(self.number, self.state, compact=self.compact))
        self._show_detail()
        rail = self._page("rail")
        if not rail.cursor:
            rail.point_at(f"stage:{self.number}")

    def _show_detail(self) -> None:
        shown = self.shown
        self._detail = detail(shown, self.state) if shown else Detail((), ())
        other = self._shown != self.item
        self._shown = self.item
        page = self._page("detail")
        if other:
            page.point_at("")
            self._copied = -1
        page.show(self._detail.rows, top=other)

    @property
    def shown(self) -> ItemState | None:
        return self.state.readiness.item(self.item)

    def _focus(self, pane: Pane) -> None:
        self.pane = pane
        for each in PANES:
            self.set_class(each == pane, f"-on-{each}")
        self.set_focus(self._page(pane))
        self.show_keys()

    def on_resize(self, event: Resize) -> None:
        """Other words where the rail is gone; the pages wrap by themselves."""
        if self.compact != self._was_compact:
            self.refresh_body()

    @property
    def compact(self) -> bool:
        return self.size.width < WIDE

    def keys(self) -> tuple[Key, ...]:
        check = Key("r", "check again", "screen.check")
        following = Key("n", "next open", "screen.next_open")
        if self.pane == "rail":
            walk = Key("w", "walk", "screen.go('walk')")
            today = Key("b", "fix today", "screen.go('fix-today')")
            return (Key("enter", "open", "screen.pane(1)"), check, walk, today, HELP)
        if self.pane == "list":
            documents = Key("d", "documents", "screen.go('documents')")
            return (Key("enter", "answer", "screen.pane(1)"), check, following, documents, HELP)
        back = Key("esc", "back", "screen.back")
        if self._fixable is not None:
            return (back, Key("f", "fix it for me", "screen.fix"), check, following, HELP)
        if self._detail.copyable:
            return (back, check, Key("c", "copy", "screen.copy"), following, HELP)
        return (back, check, following, Key("u", "undo", "screen.undo"), HELP)

    # Moving

    def on_page_highlighted(self, event: Page.Highlighted) -> None:
        kind, _, value = event.key.partition(":")
        if event.page.id == "rail" and kind == "stage" and int(value) != self.number:
            self.number = int(value)
            self.item = self._first_of_stage()
            self.refresh_body()
            self._page("list").point_at(f"item:{self.item}")
        elif event.page.id == "list" and kind == "item" and value != self.item:
            self.item = value
            self._show_detail()
            self.show_keys()

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        match event.page.id, kind:
            case "rail", "stage":
                self._focus("list")
            case "rail", "target":
                self.post_message(Go("ready"))
            case "rail", "place":
                self.post_message(Go(value))
            case "list", "rail":
                self._focus("rail")
            case "list", "document":
                self.post_message(Go("documents", value))
            case "list", "item":
                self._focus("detail")
            case _:
                self._choose(kind, value)

    def action_pane(self, step: int) -> None:
        place = PANES.index(self.pane) + step
        if 0 <= place < len(PANES):
            self._focus(PANES[place])

    def action_stage(self, step: int) -> None:
        number = self.number + step
        if any(stage.number == number for stage in self.state.checklist.stages):
            self._page("rail").point_at(f"stage:{number}")

    def action_back(self) -> None:
        if self.state.checking.running:
            self.post_message(AuditStopped())
        elif self.pane == "rail":
            self.post_message(QuitWanted())
        else:
            self.action_pane(-1)

    def action_next_open(self) -> None:
        following = next_open(self.state, self.item)
        if following is None:
            self.app.notify("Every item has an answer.", markup=False)
        else:
            self.open(following.item.id, self.pane if self.pane != "rail" else "list")

    # Doing

    def action_check(self) -> None:
        self.post_message(AuditWanted(stages=(self.number,)))

    def action_digit(self, digit: int) -> None:
        """In the rail a number opens a stage; in the other panes it chooses an answer."""
        shown = self.shown
        if self.pane == "rail":
            self._page("rail").point_at(f"stage:{digit}")
        elif self.pane == "detail" and shown and digit <= len(shown.item.choices):
            choice = shown.item.choices[digit - 1]
            self._page("detail").point_at(f"choice:{choice.value}")
            self._choose("choice", choice.value)

    def _choose(self, kind: str, value: str) -> None:
        shown = self.shown
        if shown is None:
            return
        item = shown.item
        match kind:
            case "choice":
                self.post_message(Answered(item.id, value=value))
            case "owner":
                self._ask_owner(shown)
            case "note":
                self._ask_note(shown)
            case "proof":
                self._ask_proof(shown)
            case "unproof":
                self.post_message(ProofRemoved(item.id, int(value)))
            case "copy":
                self._copied = int(value) - 1
                self.action_copy()
            case "link":
                self.post_message(LinkOpened(item.links[int(value)].url))
            case "look":
                self.post_message(AuditWanted(only=item.checks))
            case "check-page":
                self.post_message(Go("check-page", value))
            case "place":
                self.post_message(Go(value))

    def action_copy(self) -> None:
        values = self._detail.copyable
        if values:
            self._copied = (self._copied + 1) % len(values)
            self.post_message(Copied(values[self._copied]))

    def action_check_page(self) -> None:
        shown = self.shown
        check = check_to_explain(shown, self._page("detail").cursor) if shown else ""
        if check:
            self.post_message(Go("check-page", check))
        else:
            self.app.notify(ONLY_YOU_KNOW, markup=False)

    def action_file(self) -> None:
        """The value that was copied last, or the first one."""
        values = self._detail.copyable
        if values:
            self.post_message(Filed(values[max(self._copied, 0)]))

    def _ask_owner(self, shown: ItemState) -> None:
        from launchready_tui.tui.screens.prompt import Prompt

        item = shown.item
        prompt = Prompt(
            "Who looks after this?",
            "One name. You can change it later.",
            shown.owner,
            suggest=self.state.people(),
            masked=self.state.mask.on,
        )
        self.app.push_screen(prompt, lambda typed: self._answered(item.id, owner=typed))

    def _ask_note(self, shown: ItemState) -> None:
        from launchready_tui.tui.screens.prompt import Prompt

        item = shown.item
        hint = f"Write down {item.asks_for}. " if item.asks_for else ""
        note = shown.answer.note if shown.answer else ""
        hint += "Name the place of a password, never the password."
        prompt = Prompt("Note", hint, note, many=True, masked=self.state.mask.on)
        self.app.push_screen(prompt, lambda typed: self._answered(item.id, note=typed))

    def _answered(self, item: str, owner: str | None = None, note: str | None = None) -> None:
        if owner is not None or note is not None:
            self.post_message(Answered(item, owner=owner, note=note))

    def _ask_proof(self, shown: ItemState) -> None:
        from launchready_tui.tui.screens.prompt import Prompt

        item = shown.item.id
        prompt = Prompt(
            "Proof",
            "Paste a link, the path of a file, or text. "
            "For a file we keep its path and its fingerprint, not the file.",
            "",
            many=True,
        )
        self.app.push_screen(prompt, lambda typed: self._proved(item, typed))

    def _proved(self, item: str, typed: str | None) -> None:
        if typed and typed.strip():
            self.post_message(ProofGiven(item, typed.strip()))

    @property
    def _fixable(self) -> Finding | None:
        """The finding that the demo can fix: the worst of the item shown, which stands first."""
        shown = self.shown
        if not self.state.playing or shown is None:
            return None
        broken = (each for each in risk_order(shown.findings) if each.impact is not None)
        return next(broken, None)

    def action_fix(self) -> None:
        if (worst := self._fixable) is not None:
            self.post_message(FixWanted(worst))
