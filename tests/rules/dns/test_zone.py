"""What a planned zone would answer: RFC 1034 4.3.2, RFC 4592 for wildcards, RFC 2308 for no."""

from __future__ import annotations

from launchready_tui.guards.plans import read
from launchready_tui.rules.dns.zone import Contents
from tests.every import every

# The zone of RFC 4592 2.2.1, with what our own needs add.
ZONE = b"""\
$ORIGIN example.
$TTL 3600
@ SOA a b 1 2 3 4 5
@ NS ns.example.com.
* TXT "this is a wildcard"
* MX 10 host1
sub.* TXT "this is not a wildcard"
host1 A 192.0.2.1
_ssh._tcp.host1 SRV 1 2 3 host1
_ssh._tcp.host2 SRV 1 2 3 host1
subdel NS ns.example.com.
subdel A 192.0.2.9
alias CNAME host1
old DNAME new.other.
flat ALIAS target.other.
edge A 192.0.2.2 ; cf_tags=cf-proxied:true
*.shop CNAME alias
"""
CONTENTS = Contents(read(ZONE, "z", format="bind", known=("example",)))

ANSWERS = {
    ("host3.example", "MX"): ("records", "10 host1.example."),
    ("host3.example", "A"): ("no-data", ""),
    ("foo.bar.example", "TXT"): ("records", "this is a wildcard"),
    ("host1.example", "MX"): ("no-data", ""),  # it exists, so no wildcard
    ("sub.*.example", "MX"): ("no-data", ""),
    ("_telnet._tcp.host1.example", "SRV"): ("no-name", ""),  # the closest encloser has none
    ("host2.example", "A"): ("no-data", ""),  # an empty non-terminal
    ("_tcp.host1.example", "A"): ("no-data", ""),
    ("host.subdel.example", "A"): ("below", ""),
    ("subdel.example", "A"): ("below", ""),
    ("subdel.example", "DS"): ("no-data", ""),
    ("subdel.example", "NS"): ("records", "ns.example.com."),
    ("alias.example", "A"): ("alias", "host1.example"),
    ("alias.example", "CNAME"): ("records", "host1.example."),
    ("x.old.example", "A"): ("alias", "x.new.other"),
    ("old.example", "A"): ("no-data", ""),
    ("flat.example", "AAAA"): ("flattened", "target.other"),
    ("flat.example", "MX"): ("no-data", ""),
    ("edge.example", "A"): ("proxied", ""),
    ("edge.example", "AAAA"): ("proxied", ""),
    ("edge.example", "TXT"): ("no-data", ""),
    ("any.shop.example", "A"): ("alias", "alias.example"),
    ("shop.example", "A"): ("no-data", ""),
    ("example", "NS"): ("records", "ns.example.com."),
}


@every("question", ANSWERS, ids=" ".join)
def test_a_question_is_answered_as_its_servers_would(question: tuple[str, str]) -> None:
    kind, holds = ANSWERS[question]
    found = CONTENTS.find(*question)
    assert found.kind == kind
    if holds:
        assert holds in (found.target, *(record.text for record in found.records))


def test_aliases_that_no_server_would_load_are_found() -> None:
    rows = (
        b"@ CNAME x.\n@ A 192.0.2.1\nwww CNAME a.\nwww CNAME b.\n"
        b"app CNAME a.\napp TXT x\nok CNAME a.\n"
    )
    contents = Contents(read(rows, "z", format="bind", known=("example",)))
    found = {(each.record.name, each.kind) for each in contents.conflicts()}
    assert found == {
        ("example", "at-the-top"),
        ("www.example", "several"),
        ("app.example", "beside-others"),
    }
