"""Hides what is private while somebody shares the screen: emails, names, contacts, notes."""

from __future__ import annotations

import re

from msgspec import Struct

from launchready_tui.project.model import Project

_EMAIL = re.compile(r"[^\s@<>:,;()\[\]]+@(?=[^\s@<>,;()\[\]]+\.)")
HIDDEN = "hidden while you present"


class Mask(Struct, frozen=True):
    """`on` is false outside of presenting: then every method gives back what it got."""

    on: bool = False
    names: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()  # phone numbers and other contacts, hidden whole

    @classmethod
    def of(cls, project: Project, on: bool) -> Mask:
        """Knows every person whom the file names."""
        if not on:
            return cls()
        people = {person.name for person in project.people}
        people.update(host.owner for host in project.hosts)
        for account in project.accounts:
            people.update((account.holder, account.owner, account.backup))
        for answer in project.answers.values():
            people.update((answer.by, answer.owner))
        contacts = {person.contact for person in project.people} - {""}
        contacts.update(inbox.address for inbox in project.inboxes if inbox.address)
        longest_first = sorted(people - {""}, key=lambda name: (-len(name), name))
        return cls(True, tuple(longest_first), tuple(sorted(contacts, key=len, reverse=True)))

    def person(self, name: str) -> str:
        """A name as its initials: "Dana Reyes" becomes "D. R."."""
        if not self.on or not name:
            return name
        return " ".join(f"{word[0].upper()}." for word in name.split())

    def text(self, text: str) -> str:
        """Free text with contacts hidden, emails cut to their domain and names as initials."""
        if not self.on or not text:
            return text
        for contact in self.secrets:
            text = text.replace(contact, "•••")
        text = _EMAIL.sub("•••@", text)
        for name in self.names:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", self.person(name), text)
        return text

    def note(self, note: str) -> str:
        return HIDDEN if self.on and note else note


NO_MASK = Mask()
