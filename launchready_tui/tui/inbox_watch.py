"""The app's part in the inbox test: its tasks, its passwords, and the watch as a worker."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from msgspec.structs import replace
from textual.worker import Worker, get_current_worker

from launchready_tui.tui import messages
from launchready_tui.tui.workbench import Workbench


class InboxWatch(Workbench):
    """Watches the test inboxes while the founder goes on with whatever they do."""

    _watching: Worker[None] | None = None

    def on_inbox_test_begun(self) -> None:
        from launchready_tui.project import change
        from launchready_tui.tui.session.inbox_watch import new_tag

        if self.state.loaded is None:
            return
        self.change(change.begin_inbox_test(self.state.project, new_tag(), self.clock()))
        self._watch_inboxes()

    def on_inbox_task_done(self, message: messages.InboxTaskDone) -> None:
        from launchready_tui.project import change

        if self.state.loaded is None:
            return
        self.change(change.inbox_task_done(self.state.project, message.task, self.clock()))
        if not self.state.watching:
            self._watch_inboxes()

    def on_inbox_task_undone(self, message: messages.InboxTaskUndone) -> None:
        from launchready_tui.project import change

        self.change(change.inbox_task_undone(self.state.project, message.task))

    def on_inbox_watch_wanted(self) -> None:
        if self.state.loaded is not None and self.state.project.email.test_tag:
            self._watch_inboxes()

    def on_inbox_added(self, message: messages.InboxAdded) -> None:
        from launchready_tui.project import change
        from launchready_tui.rules.mail.message import Mailbox
        from launchready_tui.tui.session.inbox_watch import known_inbox

        address = message.address.strip().lower()
        if not Mailbox("", address).domain:
            self.tell("That is no email address. It looks like name@gmail.com.", "warning")
            return
        inbox = known_inbox(address, message.imap.strip().lower())
        self.change(change.with_inbox(self.state.project, inbox))
        self._watch_anew()

    def on_inbox_removed(self, message: messages.InboxRemoved) -> None:
        from launchready_tui.project import change

        self.change(change.without_inbox(self.state.project, message.address))
        self.tell("Removed. Press u to take that back.")
        self._watch_anew()

    def _watch_anew(self) -> None:
        """A watch that is under way goes on with the inboxes as they are now."""
        if self.state.watching:
            self._watch_inboxes()

    def on_inbox_password_given(self, message: messages.InboxPasswordGiven) -> None:
        self.work(self._keep_password(message.address, message.password), "password")

    async def _keep_password(self, address: str, password: str) -> None:
        """Into the system's password store, in a thread: it may ask the founder something."""
        from launchready_tui.world.credentials import (
            INBOX_PASSWORD,
            CredentialError,
            SystemKeyring,
            fits,
        )

        if self.lab is not None:
            self.tell("The demo has its own inboxes. Nothing was kept.")
            return
        if not fits(INBOX_PASSWORD, password):
            self.tell("That is not the form of a password. Nothing was kept.", "warning")
            return
        today = self.clock().date()
        try:
            await asyncio.to_thread(SystemKeyring().write, INBOX_PASSWORD, address, password, today)
        except CredentialError as error:
            self.tell(str(error), "error")
            return
        self.tell("Kept in the password store of this computer.")
        self.on_inbox_watch_wanted()

    def on_inbox_test_stopped(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    def _watch_inboxes(self) -> None:
        self.show(replace(self.state, watching=True))
        self._watching = self.run_worker(
            self._watch(), group="inboxes", exclusive=True, exit_on_error=False
        )

    # Messages that were given

    def on_mail_given(self, message: messages.MailGiven) -> None:
        if self.state.loaded is not None:
            self.work(self._judge_mail(message.text, message.landed), "mail")

    def on_mail_forgotten(self, message: messages.MailForgotten) -> None:
        from launchready_tui.project import change

        self.change(change.without_message(self.state.project, message.name))
        self.tell("Forgotten. Press u to take that back.")

    async def _judge_mail(self, text: str, landed: str) -> None:
        """What the messages say is checked; where they landed stays what somebody told."""
        from launchready_tui.project import change
        from launchready_tui.tui.session.given_mail import (
            ITEM,
            MailNotRead,
            judge,
            landing_proof,
            read_given,
        )
        from launchready_tui.world import BadOption

        state, now = self.state, self.clock()
        if state.loaded is None:
            return
        try:
            folder = state.loaded.path.parent
            given = await asyncio.to_thread(read_given, text, folder, now)
            findings = await judge(given, state.project, state.checklist, self.open_world)
        except (MailNotRead, BadOption) as error:
            self.tell(str(error), "error", seconds=10)
            return
        before = self.state.project.audits
        project = change.record(self.state.project, findings, at=now, partial=True)
        project = replace(project, audits=before)
        for each in given if landed else ():
            proof = landing_proof(each.source, landed, now)
            project = change.add_proof(project, ITEM, proof, at=now, by=state.user)
        self.change(project)
        self.tell("Judged. It stands under: Messages that you gave us.")

    async def _watch(self) -> None:
        """Record what the checks say of each message as it comes, until all is known."""
        from launchready_tui.project import change
        from launchready_tui.tui.session.inbox_watch import watch
        from launchready_tui.world import BadOption

        checklist = self.state.checklist
        try:
            async with aclosing(
                watch(lambda: self.state.project, checklist, self.open_world, self.clock)
            ) as looks:
                async for findings in looks:
                    before = self.state.project.audits
                    project = change.record(
                        self.state.project, findings, at=self.clock(), partial=True
                    )
                    self.show(self.state.with_project(replace(project, audits=before)))
                    self.save()
        except BadOption as error:
            self.tell(str(error), "error")
        finally:
            # A newer watch has begun where this one was put aside.
            if self._watching is get_current_worker():
                self.show(replace(self.state, watching=False))
