"""Welcome: a new project, one that is already here, or the demo; then what we found, to correct."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from launchready_tui.project.model import Host, Product, Project
from launchready_tui.tui.messages import DemoWanted, DiscoveryWanted, ProjectOpened, QuitWanted
from launchready_tui.tui.screens.base import Frame, text_keys
from launchready_tui.tui.screens.choose import Choose
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, styled, text_row
from launchready_tui.vocabulary.safe_text import BadHost, clean_line, host_name

Step = Literal["start", "form"]

KINDS = (
    ("marketplace", "A marketplace: people buy from each other"),
    ("saas", "A tool that people sign in to"),
    ("shop", "A shop"),
    ("content", "A site to read"),
    ("other", "Something else"),
)

HELP = Key("?", "help", "screen.go('help')")


class WelcomeScreen(Frame):
    """`nearby` are the project files that can be opened: (path, what to show)."""

    CSS_PATH = "../styles/welcome.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("n", "new", "A new project"), ("d", "demo", "The demo")
    )

    def __init__(self, state: State, nearby: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(state)
        self.nearby = nearby
        self.step: Step = "start"
        self.kind = KINDS[0][0]

    def body(self) -> ComposeResult:
        with Vertical(id="welcome"):
            yield Page(id="start")
            with Vertical(id="form"):
                yield Static(styled("A new project", "bold"))
                yield Static(
                    "We look at your domain from outside. Nothing is changed.",
                    markup=False,
                    classes="quiet",
                )
                yield Horizontal(
                    Static("Product name", markup=False),
                    Input(id="name", placeholder="Harbor Market", max_length=80),
                    classes="field",
                )
                yield Horizontal(
                    Static("Domain", markup=False),
                    Input(id="domain", placeholder="harbor.example", max_length=253),
                    classes="field",
                )
                yield Page(id="form-more")
                yield Static("", id="problem", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._turn_to("start")

    def refresh_body(self) -> None:
        self.query_one("#start", Page).show(self._start())
        self.query_one("#form-more", Page).show(self._more())

    def _start(self) -> Iterator[Row]:
        yield text_row("Ready for your first customers?", "bold")
        yield text_row(
            "LaunchReady looks at your domain, certificates, site and email. It asks about what "
            "it can't see. It keeps your answers in one file, and writes your documents from it.",
            QUIET,
            gap=1,
        )
        yield Row(styled("Start a new project", "bold"), key="new", mark=_letter("n"), gap=2)
        for place, (_, says) in enumerate(self.nearby):
            yield Row(
                styled(f"Open {says}"),
                key=f"open:{place}",
                mark=_letter(" "),
                gap=1 - min(place, 1),
            )
        yield Row(styled("Look around in the demo"), key="demo", mark=_letter("d"), gap=1)
        yield text_row(
            "A made-up marketplace, broken on purpose. It needs no account and no network.",
            QUIET,
            indent=5,
        )
        yield Row(styled("Leave"), key="quit", mark=_letter("q"), gap=1)

    def _more(self) -> Iterator[Row]:
        label = dict(KINDS)[self.kind]
        yield Row(styled(label), key="kind", mark=styled("Kind         ", QUIET), indent=1)
        yield Row(styled("Look around the domain", "bold $accent"), key="look", gap=1, indent=15)
        yield Row(styled("Back", QUIET), key="back", indent=15)

    def keys(self) -> tuple[Key, ...]:
        if self.step == "form":
            return (
                Key("enter", "next", "screen.submit"),
                Key("tab", "next line", "app.focus_next"),
                Key("esc", "back", "screen.back"),
            )
        return (
            Key("enter", "choose", "screen.choose"),
            Key("n", "new", "screen.new"),
            Key("d", "demo", "screen.demo"),
            Key("q", "quit", "screen.quit"),
            HELP,
        )

    def _turn_to(self, step: Step) -> None:
        self.step = step
        self.set_class(step == "start", "-on-start")
        self.set_class(step == "form", "-on-form")
        self.show_keys()
        if step == "form":
            self.query_one("#name", Input).focus()
        else:
            page = self.query_one("#start", Page)
            page.focus()
            page.point_at(page.cursor or "new")

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        match kind:
            case "new":
                self.action_new()
            case "demo":
                self.action_demo()
            case "open":
                self.post_message(ProjectOpened(self.nearby[int(value)][0]))
            case "quit":
                self.action_quit()
            case "kind":
                self._ask_kind()
            case "look":
                self.action_submit()
            case "back":
                self.action_back()

    def action_choose(self) -> None:
        self.query_one("#start", Page).action_choose()

    def action_new(self) -> None:
        self._turn_to("form")

    def action_demo(self) -> None:
        if self.step == "start":
            self.post_message(DemoWanted())

    def action_back(self) -> None:
        if self.step == "form":
            self._turn_to("start")
        else:
            self.post_message(QuitWanted())

    def _ask_kind(self) -> None:
        choose = Choose("What kind of product is it?", "", KINDS, self.kind)
        self.app.push_screen(choose, self._kind_chosen)

    def _kind_chosen(self, kind: str | None) -> None:
        if kind is not None:
            self.kind = kind
            self.refresh_body()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "name":
            self.query_one("#domain", Input).focus()
        elif self._domain() is not None:
            page = self.query_one("#form-more", Page)
            page.focus()
            page.point_at("look")

    def _domain(self) -> str | None:
        """The domain as typed, or None with the reason on the screen."""
        problem = self.query_one("#problem", Static)
        try:
            name = host_name(self.query_one("#domain", Input).value)
        except BadHost as error:
            problem.update(styled(str(error), "$today"))
            self.query_one("#domain", Input).focus()
            return None
        problem.update("")
        return name

    def action_submit(self) -> None:
        if self.step != "form":
            return
        domain = self._domain()
        if domain is None:
            return
        name = clean_line(self.query_one("#name", Input).value, 80).strip()
        product = Product(
            name=name or domain.partition(".")[0].title(), domain=domain, kind=self.kind
        )
        hosts = (Host(name=domain), Host(name=f"www.{domain}"))
        self.post_message(DiscoveryWanted(Project(product=product, hosts=hosts)))


def _letter(name: str) -> Content:
    return Content.styled(name.ljust(3), "bold $accent")
