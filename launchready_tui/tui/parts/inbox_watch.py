"""The inbox test: its tasks, its inboxes and their passwords, and the watch beside the screens."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from msgspec.structs import replace
from textual.app import App
from textual.worker import Worker, get_current_worker

from launchready_tui.tui.parts import workers
from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.notes import tell


class InboxWatch:
    """Watches the test inboxes while the founder goes on with whatever they do."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current
        self._worker: Worker[None] | None = None

    # The test and its tasks

    def begin_test(self) -> None:
        """Begin a new inbox test, with an address that nobody has used."""
        from launchready_tui.project import change
        from launchready_tui.tui.session.inbox_watch import new_tag

        current = self._current
        if current.state.loaded is not None:
            current.change(change.begin_inbox_test(current.project, new_tag(), current.clock()))
            self._start()

    def task_done(self, task: str) -> None:
        from launchready_tui.project import change

        current = self._current
        if current.state.loaded is None:
            return
        current.change(change.inbox_task_done(current.project, task, current.clock()))
        if not current.state.watching:
            self._start()

    def task_undone(self, task: str) -> None:
        from launchready_tui.project import change

        self._current.change(change.inbox_task_undone(self._current.project, task))

    # The inboxes

    def add_inbox(self, address: str, imap: str) -> None:
        from launchready_tui.project import change
        from launchready_tui.rules.mail.message import Mailbox
        from launchready_tui.tui.session.inbox_watch import known_inbox

        address = address.strip().lower()
        if not Mailbox("", address).domain:
            says = "That is no email address. It looks like name@gmail.com."
            tell(self._app, says, "warning")
            return
        inbox = known_inbox(address, imap.strip().lower())
        self._current.change(change.with_inbox(self._current.project, inbox))
        self._restart()

    def remove_inbox(self, address: str) -> None:
        from launchready_tui.project import change

        self._current.change(change.without_inbox(self._current.project, address))
        tell(self._app, "Removed. Press u to take that back.")
        self._restart()

    def store_password(self, address: str, password: str) -> None:
        workers.work(self._app, self._store_password(address, password), "password")

    async def _store_password(self, address: str, password: str) -> None:
        """Into the system's password store, in a thread: it may ask the founder something."""
        from launchready_tui.world.credentials import (
            INBOX_PASSWORD,
            CredentialError,
            SystemKeyring,
            fits,
        )

        if self._current.state.playing:
            tell(self._app, "The demo has its own inboxes. Nothing was kept.")
            return
        if not fits(INBOX_PASSWORD, password):
            says = "That is not the form of a password. Nothing was kept."
            tell(self._app, says, "warning")
            return
        today = self._current.clock().date()
        try:
            await asyncio.to_thread(SystemKeyring().write, INBOX_PASSWORD, address, password, today)
        except CredentialError as error:
            tell(self._app, str(error), "error")
            return
        tell(self._app, "Kept in the password store of this computer.")
        self.watch()

    # The watch

    def watch(self) -> None:
        """Look into the test inboxes again, and go on until all is known."""
        state = self._current.state
        if state.loaded is not None and state.project.email.test_tag:
            self._start()

    def stop(self) -> None:
        """Stop watching; what came in stays."""
        workers.stop(self._worker)

    def _restart(self) -> None:
        """A watch that is under way goes on with the inboxes as they are now."""
        if self._current.state.watching:
            self._start()

    def _start(self) -> None:
        self._current.show(replace(self._current.state, watching=True))
        self._worker = workers.work(self._app, self._watch(), "inboxes", exclusive=True)

    async def _watch(self) -> None:
        """Record what the checks say of each message as it comes, until all is known."""
        from launchready_tui.project import change
        from launchready_tui.tui.session.inbox_watch import watch
        from launchready_tui.world import BadOption

        current = self._current
        looks = watch(
            lambda: current.project, current.state.checklist, current.open_world, current.clock
        )
        try:
            async with aclosing(looks):
                async for findings in looks:
                    project = change.with_findings(current.project, findings)
                    current.store(current.state.with_project(project))
        except BadOption as error:
            tell(self._app, str(error), "error")
        finally:
            # A newer watch has begun where this one was put aside.
            if self._worker is get_current_worker():
                current.show(replace(current.state, watching=False))
