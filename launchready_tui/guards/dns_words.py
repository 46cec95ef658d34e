"""A planned change in words: "www will stop pointing to Vercel". The words stand in `changes.toml`.

Whose a target is, is said by the provider's name where one is known by it, else by the target.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from launchready_tui.checks.mail import dkim_keys
from launchready_tui.content.checklist import Checklist, fill
from launchready_tui.guards.dns_diff import Difference, Leads
from launchready_tui.project.model import Project
from launchready_tui.recognise.hosting import hosting
from launchready_tui.recognise.senders import Sender, recognise
from launchready_tui.rules.dns.views import in_order
from launchready_tui.rules.dns.zone import Contents
from launchready_tui.rules.mail import mx, spf_grammar
from launchready_tui.vocabulary.facts import Unreachable
from launchready_tui.vocabulary.safe_text import clean_line, redact, show_host

SHOWN = 3  # targets that stand in one sentence
VALUE = 120  # letters of a record that stand in a sentence
_RECORD = 1000  # letters of a record in the list of changes

_ISSUER = re.compile(r'\d+ issue(?:wild)? "?([^";\s]*)')
# Where a change within one provider is told apart from a change of provider.
_BY_OWNER = ("leads", "mx", "spf")
_EACH_ALONE = ("txt", "other")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be different. `kind` and `how` are its keys in `changes.toml`.

    `before` and `after` are the records as they stand, cleaned; `line` is the place in the plan,
    0 when it is not there. `blocks` says that the plan must not be applied like this.
    """

    name: str
    kind: str
    how: str
    says: str
    breaks: str = ""
    before: str = ""
    after: str = ""
    line: int = 0
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """Makes changes of differences, by the content and what the project declares."""

    checklist: Checklist
    project: Project
    contents: Contents

    def conflicts(self) -> Iterator[Change]:
        """The CNAMEs that no name server would load (RFC 1034 3.6.2)."""
        for conflict in self.contents.conflicts():
            record = conflict.record
            yield self._change(
                record.name, "cname", conflict.kind, after=(record.text,), line=record.line
            )

    def changes(self, difference: Difference) -> Iterator[Change]:
        """The sentences for one difference: one for all records, or one for each."""
        name, kind, line = difference.name, difference.kind, self._line(difference)
        if kind == "edge":
            yield self._change(name, "leads", "edge", before=_shown(difference.was), line=line)
        elif kind == "leads":
            was, will = difference.was, difference.will
            yield self._told(
                name, kind, self._place(was), self._place(will), _shown(was), _shown(will), line
            )
        elif kind in _EACH_ALONE:
            before, after = difference.before, difference.after
            rtype = f"{difference.types[0]} " if kind == "other" else ""
            for text in before:
                if text not in after:
                    yield self._told(name, kind, value(rtype + text), "", (text,), (), 0)
            for text in after:
                if text not in before:
                    yield self._told(name, kind, "", value(rtype + text), (), (text,), line)
        else:
            before, after = difference.before, difference.after
            says = (self._says(difference, before), self._says(difference, after))
            yield self._told(name, kind, *says, before, after, line)

    def _told(
        self,
        name: str,
        kind: str,
        says_from: str,
        says_to: str,
        before: Sequence[str],
        after: Sequence[str],
        line: int,
    ) -> Change:
        how = "new" if not before else "gone" if not after else "changed"
        if how == "changed" and kind in _BY_OWNER and says_from == says_to:
            how = "same"
        return self._change(name, kind, how, says_from, says_to, before, after, line)

    def _change(
        self,
        name: str,
        kind: str,
        how: str,
        says_from: str = "",
        says_to: str = "",
        before: Sequence[str] = (),
        after: Sequence[str] = (),
        line: int = 0,
    ) -> Change:
        words = self.checklist.changes[kind][how]
        facts = {
            "host": show_host(name),
            "from": says_from,
            "to": says_to,
            "breaks": self._role(name),
        }
        return Change(
            name,
            kind,
            how,
            fill(words.says, facts),
            fill(words.breaks, facts),
            _joined(before),
            _joined(after),
            line,
            blocks=kind == "cname" or (kind == "mx" and how == "gone"),
        )

    def _line(self, difference: Difference) -> int:
        """Where the new records of this name begin in the plan; 0 when there are none."""
        sets = self.contents.at(difference.name)
        lines = [each.line for kind in difference.types for each in sets.get(kind, ())]
        return min(lines, default=0)

    def _role(self, name: str) -> str:
        """What breaks without a declared host; nothing where nobody said what it is for."""
        host, domain = self.project.host(name), self.project.domain
        return self.checklist.role(name, host.purpose, domain).breaks if host else ""

    def _place(self, leads: Leads) -> str:
        """Who serves what aliases and addresses lead to: "Vercel", or the target itself."""
        table, found = self.checklist.providers["hosting"], in_order(leads.addresses)
        page = Unreachable("not-known")
        ids = {hosting(table, page, leads.chain, each) for each in found or [""]}
        if len(ids) == 1 and (id := ids.pop()):
            return table[id].name
        return show_host(leads.chain[0]) if leads.chain else listed(found)

    def _says(self, difference: Difference, records: tuple[str, ...]) -> str:
        """Records of one kind as a part of a sentence."""
        if not records:
            return ""
        match difference.kind:
            case "mx":
                return _mail(records, self.checklist)
            case "spf":
                parts = (part for each in records for part in _spf(each, self.checklist))
                return listed(tuple(dict.fromkeys(parts)))
            case "dkim":
                return self._key(difference.name)
            case "caa":
                issuers = (m[1] for each in records if (m := _ISSUER.match(each)))
                return listed(tuple(dict.fromkeys(filter(None, issuers)))) or "nobody"
            case "ns":
                return listed([show_host(each.rstrip(".")) for each in records])
            case _:
                return listed([value(each) for each in records])

    def _key(self, name: str) -> str:
        """Whose DKIM key is at this name: the sender, or the selector where none is known."""
        selector = name.partition("._domainkey")[0]
        table = self.checklist.providers["senders"]
        declared = [Sender(id, table[id]) for id in self.project.email.providers if id in table]
        for group in dkim_keys.group(declared, (selector,)):
            if group.sender and selector in group.declared:
                return group.sender.name
        named = [each.name for each in table.values() if selector in each.selectors]
        return named[0] if len(named) == 1 else f"a sender we don't know ({value(selector)})"


def _mail(records: tuple[str, ...], content: Checklist) -> str:
    """Who takes mail at these MX records: "Google Workspace", or the names of the servers."""
    hosts = [each.host for each in mx.parse(records)]
    if known := recognise((), hosts, content):
        return listed([sender.name for sender in known])
    return listed([show_host(host) for host in hosts if host]) or "nobody"


def _spf(text: str, content: Checklist) -> Iterator[str]:
    """Who may send by this SPF record: senders by name, other parts as they stand."""
    for term in spf_grammar.parse(text).terms:
        if term.leads_on:
            known = recognise((term.value,), (), content)
            yield known[0].name if known else term.value
        elif term.name != "all":
            yield value(term.text)


def _shown(leads: Leads) -> tuple[str, ...]:
    return (*leads.chain, *in_order(leads.addresses))


def _joined(records: Sequence[str]) -> str:
    return "\n".join(clean_line(redact(each), _RECORD) for each in records[:20])


def listed(parts: Sequence[str]) -> str:
    """A few of many in one phrase: "a, b, c and 4 more"."""
    shown = ", ".join(clean_line(part, VALUE) for part in parts[:SHOWN])
    more = len(parts) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def value(text: str) -> str:
    """A record's text in a sentence: a secret is hidden before it is cut, and no ` ends it."""
    return clean_line(redact(text), VALUE).replace("`", "'")
