"""Whether mail to a domain must come encrypted: MTA-STS (RFC 8461), and reports (RFC 8460)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from launchready_tui.rules.mail.tag_list import parse

POLICY_LIMIT = 64 * 1024  # bytes, RFC 8461 3.2
LONGEST = 31_557_600  # seconds that a policy may hold: RFC 8461 3.2


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy file. `mode` is "enforce", "testing" or "none"; `max_age` is in seconds."""

    mode: str
    max_age: int
    mx: tuple[str, ...]


def announces(texts: Sequence[str]) -> bool:
    """Whether exactly one TXT record at `_mta-sts` announces a policy: RFC 8461 3.1."""
    return sum(_is(text, "STSv1") and bool(parse(text).get("id")) for text in texts) == 1


def asks_for_reports(texts: Sequence[str]) -> bool:
    """Whether exactly one TXT record at `_smtp._tls` names a place for reports: RFC 8460 3."""
    return sum(_is(text, "TLSRPTv1") and bool(parse(text).get("rua")) for text in texts) == 1


def read_policy(body: bytes) -> Policy | None:
    """Read a policy file, RFC 8461 3.2; None where a receiver could not use it."""
    fields: dict[str, list[str]] = {}
    for line in body[:POLICY_LIMIT].decode("utf-8", "replace").splitlines():
        key, colon, value = line.partition(":")
        if colon:
            fields.setdefault(key.strip(), []).append(value.strip())
    mode, age = fields.get("mode", [""])[0], fields.get("max_age", [""])[0]
    mx = tuple(each.lower().rstrip(".") for each in fields.get("mx", ())[:100])
    plain = fields.get("version", [""])[0] == "STSv1" and age.isascii() and age.isdigit()
    if not plain or len(age) > 10 or mode not in ("enforce", "testing", "none"):
        return None
    if mode != "none" and not mx:
        return None
    return Policy(mode, min(int(age), LONGEST), mx)


def covers(policy: Policy, host: str) -> bool:
    """Whether a mail server is one of those in the policy; `*.` stands for one label (4.1)."""
    return any(
        host == each or (each.startswith("*.") and host.partition(".")[2] == each[2:])
        for each in policy.mx
    )


def _is(text: str, version: str) -> bool:
    return text.replace(" ", "").startswith(f"v={version};")
