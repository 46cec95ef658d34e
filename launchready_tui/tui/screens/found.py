"""What we found around a new domain, for the founder to correct before the file is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, get_args

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import BindingType

from launchready_tui.content.checklist import ProviderKind
from launchready_tui.project.model import Host, Project, Purpose
from launchready_tui.tui.messages import DiscoveryStopped, Go, ProjectMade
from launchready_tui.tui.screens.base import Frame, text_keys
from launchready_tui.tui.screens.choose import Choose
from launchready_tui.tui.screens.prompt import Prompt
from launchready_tui.tui.state import State
from launchready_tui.tui.widgets.bars import Key
from launchready_tui.tui.widgets.page import Page
from launchready_tui.tui.widgets.typeset import QUIET, Row, heading, joined, styled, text_row
from launchready_tui.vocabulary.safe_text import BadHost, host_name, show_host

_PURPOSES: dict[Purpose, str] = {
    "site": "The public site",
    "app": "The app that people sign in to",
    "api": "The API that the app talks to",
    "admin": "For your own team",
    "docs": "Help or documents",
    "landing": "A campaign or landing page",
    "email": "Only for email",
}


class FoundScreen(Frame):
    """Shows a project that has no file yet. `looking` is true while discovery still runs."""

    CSS_PATH = "../styles/found.tcss"

    BINDINGS: ClassVar[list[BindingType]] = text_keys(
        ("a", "add", "Add a host"), ("k", "keep", "Looks right: begin")
    )

    def __init__(self, state: State, project: Project) -> None:
        super().__init__(state)
        self.project = project
        self.looking = True
        self.notes: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        yield Page(id="found")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Page).focus()

    def found(self, project: Project, notes: tuple[str, ...]) -> None:
        """Discovery is through. Hosts that the founder added meanwhile stay."""
        added = tuple(host for host in self.project.hosts if project.host(host.name) is None)
        self.project = replace(project, hosts=(*project.hosts, *added))
        self.notes, self.looking = notes, False
        self.refresh_body()
        self.show_keys()
        self.query_one(Page).point_at("keep")

    def refresh_body(self) -> None:
        self.query_one(Page).show(self._rows())

    def _rows(self) -> Iterator[Row]:
        product = self.project.product
        yield Row(
            joined(styled(product.name, "bold"), "  ", styled(show_host(product.domain), QUIET))
        )
        if self.looking:
            asked = self.state.checking.checked
            says = (
                f"Looking around: {asked} questions asked so far." if asked else "Looking around."
            )
            yield text_row(f"{says} Press esc to stop; what came in stays.", "$accent", gap=1)
        else:
            yield text_row("This is what we found. Change what is wrong.", gap=1)
        yield heading("Hosts", gap=1)
        for place, host in enumerate(self.project.hosts):
            yield Row(
                styled(show_host(host.name)),
                key=f"host:{place}",
                trail=styled(_PURPOSES[host.purpose], QUIET),
                mark=styled("✓", "$good"),
            )
        yield Row(styled("Add a host", "$accent"), key="add", mark=styled("a", "bold $accent"))
        yield heading("Where your DNS is managed", gap=1)
        yield Row(
            styled(self._provider_name("dns", self.project.dns.provider)), key="dns", indent=2
        )
        yield heading("Who sends email as you", gap=1)
        for place, sender in enumerate(self.project.email.providers):
            yield Row(
                styled(self._provider_name("senders", sender)),
                key=f"sender:{place}",
                trail=styled("remove", QUIET),
                mark=styled("✓", "$good"),
            )
        if not self.project.email.sends:
            yield Row(styled("Nobody: we send no email"), key="sends", mark=styled("–", QUIET))
        yield Row(styled("Add a sender", "$accent"), key="more", indent=2)
        for place, note in enumerate(self.notes):
            yield text_row(note, QUIET, gap=0 if place else 1)
        yield Row(
            styled("Looks right: begin", "bold $accent"),
            key="keep",
            mark=styled("k", "bold $accent"),
            gap=1,
        )

    def _provider_name(self, kind: ProviderKind, id: str) -> str:
        known = self.state.checklist.providers[kind].get(id)
        return known.name if known else id or "not known yet"

    def keys(self) -> tuple[Key, ...]:
        return (
            Key("enter", "change", "screen.choose"),
            Key("a", "add a host", "screen.add"),
            Key("k", "looks right", "screen.keep"),
            Key("esc", "stop" if self.looking else "back", "screen.back"),
            Key("?", "help", "screen.go('help')"),
        )

    def action_choose(self) -> None:
        self.query_one(Page).action_choose()

    def on_page_chosen(self, event: Page.Chosen) -> None:
        kind, _, value = event.key.partition(":")
        match kind:
            case "host":
                self._change_host(int(value))
            case "add":
                self.action_add()
            case "dns":
                self._choose_provider("dns", "Where is your DNS managed?")
            case "sender":
                self._drop_sender(int(value))
            case "more":
                self._choose_provider("senders", "Who sends email as you?")
            case "sends":
                self._set_sends(True)
            case "keep":
                self.action_keep()

    def action_back(self) -> None:
        if self.looking:
            self.post_message(DiscoveryStopped())
        else:
            self.post_message(Go("back"))

    def action_keep(self) -> None:
        if self.looking:
            self.post_message(DiscoveryStopped())
        self.post_message(ProjectMade(self.project))

    def _changed(self, project: Project) -> None:
        self.project = project
        self.refresh_body()

    # Hosts

    def _change_host(self, place: int) -> None:
        host = self.project.hosts[place]
        leave = () if host.name == self.project.domain else (("leave", "Leave it out"),)
        options = (*_PURPOSES.items(), *leave)
        choose = Choose(show_host(host.name), "What is it for?", options, host.purpose)

        def chosen(value: str | None) -> None:
            hosts = list(self.project.hosts)
            if value == "leave":
                del hosts[place]
            elif value in get_args(Purpose):
                hosts[place] = replace(host, purpose=value)
            self._changed(replace(self.project, hosts=tuple(hosts)))

        self.app.push_screen(choose, chosen)

    def action_add(self) -> None:
        prompt = Prompt("Add a host", "The whole name, such as app.harbor.example.")
        self.app.push_screen(prompt, self._added)

    def _added(self, typed: str | None) -> None:
        if not typed:
            return
        try:
            name = host_name(typed)
        except BadHost as error:
            self.app.notify(str(error), severity="warning", markup=False)
            return
        if self.project.host(name) is None:
            host = Host(name=name, purpose=_guess(name))
            self._changed(replace(self.project, hosts=(*self.project.hosts, host)))
            self.query_one(Page).point_at(f"host:{len(self.project.hosts) - 1}")

    # Providers

    def _choose_provider(self, kind: ProviderKind, title: str) -> None:
        known = self.state.checklist.providers[kind]
        options = [
            (id, provider.name)
            for id, provider in sorted(known.items(), key=lambda each: each[1].name.lower())
            if id != "generic"
        ]
        none = ("none", "Nobody: we send no email" if kind == "senders" else "I don't know")
        chosen = self.project.dns.provider if kind == "dns" else ""
        choose = Choose(title, "", (none, *options), chosen)
        self.app.push_screen(choose, lambda id: self._provider_chosen(kind, id))

    def _provider_chosen(self, kind: ProviderKind, id: str | None) -> None:
        project = self.project
        if id is None:
            return
        if kind == "dns":
            provider = "" if id == "none" else id
            self._changed(replace(project, dns=replace(project.dns, provider=provider)))
        elif id == "none":
            self._set_sends(False)
        else:
            providers = tuple(dict.fromkeys((*project.email.providers, id)))
            email = replace(project.email, providers=providers, sends=True)
            self._changed(replace(project, email=email))

    def _drop_sender(self, place: int) -> None:
        email = self.project.email
        left = tuple(id for at, id in enumerate(email.providers) if at != place)
        self._changed(replace(self.project, email=replace(email, providers=left)))

    def _set_sends(self, sends: bool) -> None:
        email = replace(self.project.email, sends=sends, providers=())
        self._changed(replace(self.project, email=email))


def _guess(name: str) -> Purpose:
    from launchready_tui.discovery import guess_purpose

    return guess_purpose(name)
