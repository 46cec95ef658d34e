"""Messages that a founder gives, pasted or as files: they are judged as any other."""

from __future__ import annotations

import asyncio

from textual.app import App

from launchready_tui.tui.parts.current_project import CurrentProject
from launchready_tui.tui.parts.notes import tell
from launchready_tui.tui.parts.workers import work


class GivenMail:
    """Judges a message that a person gives, and can forget it again."""

    def __init__(self, app: App[None], current: CurrentProject) -> None:
        self._app, self._current = app, current

    def judge(self, text: str, landed: str) -> None:
        if self._current.state.loaded is not None:
            work(self._app, self._judge(text, landed), "mail")

    def forget(self, name: str) -> None:
        """Take what a message says out of the file."""
        from launchready_tui.project import change

        self._current.change(change.without_message(self._current.project, name))
        tell(self._app, "Forgotten. Press u to take that back.")

    async def _judge(self, text: str, landed: str) -> None:
        """What the messages say is checked; where they landed stays the founder's word."""
        from launchready_tui.project import change
        from launchready_tui.tui.session import given_mail
        from launchready_tui.world import BadOption

        state, now = self._current.state, self._current.clock()
        if state.loaded is None:
            return
        try:
            folder = state.loaded.path.parent
            given = await asyncio.to_thread(given_mail.read_given, text, folder, now)
            findings = await given_mail.judge(
                given, state.project, state.checklist, self._current.open_world
            )
        except (given_mail.MailNotRead, BadOption) as error:
            tell(self._app, str(error), "error", seconds=10)
            return
        project = change.with_findings(self._current.project, findings)
        for message in given if landed else ():
            proof = given_mail.landing_proof(message.source, landed, now)
            project = change.add_proof(project, given_mail.ITEM, proof, at=now, by=state.user)
        self._current.change(project)
        tell(self._app, "Judged. It is listed under: Messages that you gave us.")
