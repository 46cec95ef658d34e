"""Reading plans: what each tool writes, and what is refused with its place and what to do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from launchready_tui.guards.plans import FORMATS, LIMIT_BYTES, Format, PlanError, read, read_file
from launchready_tui.guards.plans import recognise as recognised
from launchready_tui.rules.dns.zone import PlannedRecord, PlannedZone
from tests.guards.formats import WRITERS
from tests.guards.prepared import PLANS, plan

# ------------------------------------------------------------------ what is read


def records(zone: PlannedZone) -> dict[tuple[str, str], list[str]]:
    """What the plan holds besides what the DNS host writes itself."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in zone.records:
        if each.rtype not in ("SOA", "NS"):
            found.setdefault((each.name, each.rtype), []).append(each.text)
    return {key: sorted(texts) for key, texts in found.items()}


@pytest.mark.parametrize("file", sorted(path.name for path in PLANS.iterdir()))
def test_every_prepared_plan_is_recognised_and_read(file: str) -> None:
    zone = plan(file)
    assert zone.name == "harbor.example"
    assert len(zone.records) > 10
    assert zone.file == file
    expected = {"good.export.txt": "cloudflare", "harbor.example.yaml": "octodns",
                "good.ir.json": "dnscontrol"}  # fmt: skip
    assert zone.format == expected.get(file, "bind")


def test_the_four_good_files_hold_the_same_but_for_what_stands_behind_cloudflare() -> None:
    zones = [records(plan(file)) for file in ("good.export.txt", "harbor.example.yaml")]
    zones.append(records(plan("good.ir.json")))
    assert zones[0] == zones[1] == zones[2]
    bind = records(plan("good.zone"))
    app = ("app.harbor.example", "A")
    assert {**bind, app: ["198.51.100.20"]} == zones[0]


@pytest.mark.parametrize("form", FORMATS)
def test_a_zone_comes_through_each_format_unchanged(form: Format) -> None:
    zone = plan("caa-excludes.zone")
    again = read(WRITERS[form](zone).encode(), "plan", zone.name, form)
    assert records(again) == records(zone)


BIND = b"""\
$ORIGIN Harbor.Example.
$TTL 1h
@   SOA ns hostmaster ( 1 ; serial
      7200 3600 1209600
      60 )
    IN 300 A 192.0.2.10
    300 IN AAAA 2001:DB8::10
*.shop CNAME @
www IN CNAME edge.other.example.
_dmarc TXT ( "v=DMARC1; "
             "p=reject" ) ; a comment ; with "signs"
$ORIGIN sub.harbor.example.
a 60 A 192.0.2.11
@ ALIAS target.other.example.
$ORIGIN deep
a A 192.0.2.12
"""


def test_a_zone_file_is_read_as_rfc_1035_has_it() -> None:
    zone = read(BIND, "db.something")
    rows = {(r.name, r.rtype): (r.text, r.ttl, r.line) for r in zone.records if r.rtype != "SOA"}
    assert rows == {
        ("harbor.example", "A"): ("192.0.2.10", 300, 6),
        ("harbor.example", "AAAA"): ("2001:db8::10", 300, 7),
        ("*.shop.harbor.example", "CNAME"): ("harbor.example.", 3600, 8),
        ("www.harbor.example", "CNAME"): ("edge.other.example.", 3600, 9),
        ("_dmarc.harbor.example", "TXT"): ("v=DMARC1; p=reject", 3600, 10),
        ("a.sub.harbor.example", "A"): ("192.0.2.11", 60, 13),
        ("sub.harbor.example", "ALIAS"): ("target.other.example.", 3600, 14),
        ("a.deep.sub.harbor.example", "A"): ("192.0.2.12", 3600, 16),
    }


def test_cloudflares_export_says_what_its_edge_stands_before() -> None:
    zone = plan("good.export.txt")
    assert [r.name for r in zone.records if r.proxied] == ["app.harbor.example"]
    assert {r.ttl for r in zone.records if r.rtype == "A"} == {300}  # 1 means "automatic"
    flat = read(b";;\n;; Domain: a.example.\na.example. 1 IN CNAME b.example.\n", "x.txt")
    assert flat.records == (PlannedRecord("a.example", "ALIAS", "b.example.", 300, 3),)


# Shapes from octodns/octodns, tests/config/unit.tests.yaml, and the README of
# octodns/octodns-cloudflare.
OCTODNS = b"""\
? ''
: - type: CAA
    values:
    - flags: 0
      tag: issue
      value: ca.unit.tests
_srv._tcp:
  ttl: 600
  type: SRV
  values:
  - port: 30
    priority: 12
    target: foo-2.unit.tests.
    weight: 20
ignored:
  octodns:
    ignored: true
  type: A
  value: 9.9.9.9
mx:
  ttl: 300
  type: MX
  values:
  - exchange: smtp-1.unit.tests.
    preference: 40
  - priority: 10
    value: smtp-4.unit.tests.
"no": &same
  octodns:
    cloudflare:
      proxied: true
      auto-ttl: true
  ttl: 120
  type: A
  value: 1.2.3.4
again: *same
txt:
  type: TXT
  values:
    - 'v=DKIM1\\;k=rsa'
"""


def test_octodns_shapes_are_read() -> None:
    zone = read(OCTODNS, "unit.tests.yaml", "unit.tests")
    rows = {(r.name, r.rtype, r.text) for r in zone.records}
    assert rows == {
        ("unit.tests", "CAA", '0 issue "ca.unit.tests"'),
        ("_srv._tcp.unit.tests", "SRV", "12 20 30 foo-2.unit.tests."),
        ("mx.unit.tests", "MX", "40 smtp-1.unit.tests."),
        ("mx.unit.tests", "MX", "10 smtp-4.unit.tests."),
        ("no.unit.tests", "A", "1.2.3.4"),
        ("again.unit.tests", "A", "1.2.3.4"),
        ("txt.unit.tests", "TXT", "v=DKIM1;k=rsa"),
    }
    behind = [(r.name, r.ttl) for r in zone.records if r.proxied]
    assert behind == [("no.unit.tests", 300), ("again.unit.tests", 300)]


# Field names from StackExchange/dnscontrol: models/record.go and the outputs in
# pkg/js/parse_tests (013-mx, 014-caa, 017-txt, 021-srv, 036-dextendcf).
DNSCONTROL = b"""\
{"registrars": [], "dns_providers": [], "domains": [
 {"name": "foo.com", "registrar": "none", "dnsProviders": {}, "uniquename": "foo.com",
  "meta": {"dnscontrol_uniquename": "foo.com"}, "records": [
  {"filepos": "[line:2:5]", "mxpreference": 15, "name": "@", "target": "foo.com.", "ttl": 300,
   "type": "MX"},
  {"caaflag": 128, "caatag": "iodef", "name": "@", "target": "mailto:test@example.com",
   "ttl": 300, "type": "CAA"},
  {"type": "TXT", "name": "@", "target": "bonieclyde", "txtstrings": ["bonie", "clyde"]},
  {"name": "_ntp._udp", "srvport": 123, "srvpriority": 1, "srvweight": 100,
   "target": "one.foo.com.", "ttl": 300, "type": "SRV"},
  {"type": "A", "name": "test1.foo.com.sub", "subdomain": "sub", "target": "10.2.3.1",
   "meta": {"cloudflare_proxy": "full"}},
  {"type": "CNAME", "name": "www", "target": "@"},
  {"type": "CF_REDIRECT", "name": "@", "target": "test1.foo.com,https://goo.com/$1"}]},
 {"name": "bar.com", "records": [{"type": "A", "name": "@", "target": "192.0.2.1"}]}]}
"""


def test_what_dnscontrol_prints_is_read() -> None:
    zone = read(DNSCONTROL, "-", "foo.com")
    rows = {(r.name, r.rtype, r.text, r.ttl, r.line, r.proxied) for r in zone.records}
    assert rows == {
        ("foo.com", "MX", "15 foo.com.", 300, 2, False),
        ("foo.com", "CAA", '128 iodef "mailto:test@example.com"', 300, 0, False),
        ("foo.com", "TXT", "bonieclyde", 300, 0, False),
        ("_ntp._udp.foo.com", "SRV", "1 100 123 one.foo.com.", 300, 0, False),
        ("test1.foo.com.sub.foo.com", "A", "10.2.3.1", 300, 0, True),
        ("www.foo.com", "CNAME", "foo.com.", 300, 0, False),
    }
    assert zone.notes == ("We left out 1 of the kind CF_REDIRECT, which we can't judge.",)
    assert read(DNSCONTROL, "-", known=("bar.com",)).name == "bar.com"


def test_the_zones_name_comes_from_the_file_or_from_its_name() -> None:
    row = b"www IN A 192.0.2.1\n"
    assert read(row, "harbor.example.zone").name == "harbor.example"
    assert read(row, "plan.new", known=("harbor.example",)).name == "harbor.example"
    assert read(row, "plan", "Harbor.Example").name == "harbor.example"
    rows = b"www: {type: A, value: 192.0.2.1}\n"
    assert read(rows, "shop.example.yaml", known=("harbor.example",)).name == "shop.example"
    with pytest.raises(PlanError, match="--zone"):
        read(row, "plan")
    with pytest.raises(PlanError, match="no domain"):
        read(row, "plan", "https://x")


def test_formats_are_recognised_by_what_stands_in_them() -> None:
    assert recognised('\n {"domains": []}') == "dnscontrol"
    assert recognised("# a comment\n---\nwww:\n  type: A\n") == "octodns"
    assert recognised("www:\n  type: A\n") == "octodns"
    assert recognised("a. 1 IN A 1.2.3.4 ; cf_tags=cf-proxied:true") == "cloudflare"
    assert recognised("; octodns: no\n$ORIGIN a.example.\n") == "bind"
    assert recognised("www: {type: A}", "a.example.yaml") == "octodns"


# ------------------------------------------------------------------ what is refused

BOMB = b"a: &a [x, x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter, letter, b", ".join([b"*%c" % (letter - 1)] * 10))
    for letter in range(98, 110)
)
MERGES = b"a: &a {k: {type: A, value: 1.2.3.4}}\n" + b"".join(
    b"%c: &%c {<<: [%s]}\n" % (letter, letter, b", ".join([b"*%c" % (letter - 1)] * 10))
    for letter in range(98, 110)
)
REFUSED: dict[str, tuple[bytes, str, int, int, str]] = {
    "include": (b"\n$INCLUDE /etc/passwd\n", "x.zone", 2, 1, "one file"),
    "generate": (b"$GENERATE 1-9999999 a$ A 1.1.1.1\n", "x.zone", 1, 1, "one file"),
    "address": (b"@ A 192.0.2.300\n", "x.zone", 1, 3, "A record"),
    "type": (b"@ 60 IN AA 192.0.2.3\n", "x.zone", 1, 9, "“AA”"),
    "no value": (b"@ A 192.0.2.1\nwww IN CNAME\n", "x.zone", 2, 8, "CNAME"),
    "open bracket": (b"@ SOA a b ( 1 2\n", "x.zone", 1, 3, "SOA"),
    "open quote": (b'@ TXT "v=spf1\n', "x.zone", 1, 3, "TXT"),
    "no name": (b"  A 192.0.2.1\n", "x.zone", 1, 1, "no name"),
    "outside": (b"x.other.example. A 192.0.2.1\n", "x.zone", 1, 0, "outside"),
    "other class": (b"@ CH TXT x\n", "x.zone", 1, 3, "internet"),
    "no text": (b"@ A \xff\n", "x.zone", 1, 0, "UTF-8"),
    "empty": (b" \n", "x.zone", 0, 0, "empty"),
    "nothing in it": (b"; only a comment\n", "x.zone", 0, 0, "no record"),
    "yaml": (b"www: [\n", "x.yaml", 2, 1, "no YAML"),
    "yaml list": (b"- a\n", "x.yaml", 1, 0, "list of names"),
    "yaml code": (b"www: !!python/object:os.system {}\n", "x.yaml", 1, 6, "no YAML"),
    "yaml twice": (b"a: {type: A, value: 1.2.3.4}\na: {type: A}\n", "x.yaml", 2, 0, "twice"),
    "yaml no dot": (b"www: {type: CNAME, value: a.example}\n", "x.yaml", 1, 0, "dot"),
    "yaml no type": (b"www: {value: 1.2.3.4}\n", "x.yaml", 1, 0, "needs a type"),
    "yaml no value": (b"www: {type: A}\n", "x.yaml", 1, 0, "no value"),
    "yaml mx": (b"x: {type: MX, value: {exchange: a.}}\n", "x.yaml", 1, 0, "is missing"),
    "yaml bomb": (BOMB, "x.yaml", 6, 36, "far too much"),
    "yaml merges": (MERGES, "x.yaml", 7, 13, "far too much"),
    "yaml in itself": (b"a: &a [*a]\n", "x.yaml", 1, 8, "far too much"),
    "yaml deep": (b"a: " + b"[" * 100_000, "x.yaml", 1, 23, "nested too deep"),
    "json": (b'{"domains": [{"name": "a.b",\n"records": [}]}', "x.json", 2, 13, "no JSON"),
    "json deep": (b'{"a":' * 100_000, "x.json", 1, 1, "no JSON"),
    "json shape": (b'{"domains": [{"name": 5}]}', "x.json", 0, 0, "$.domains[0].name"),
    "json none": (b'{"domains": []}', "x.json", 0, 0, "no domain"),
    "json other": (b'{"domains": [{"name": "a.b"}, {"name": "c.d"}]}', "x.json", 0, 0, "a.b, c.d"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_is_refused_with_its_place_and_what_to_do(case: str) -> None:
    data, file, line, column, says = REFUSED[case]
    start = time.monotonic()
    with pytest.raises(PlanError) as caught:
        read(data, file, "harbor.example")
    assert time.monotonic() - start < 2
    assert (caught.value.line, caught.value.column) == (line, column)
    assert says in caught.value.message
    assert caught.value.message.endswith((".", "print-ir"))
    assert str(caught.value).startswith(file)


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="can't open"):
        read_file(tmp_path / "none.zone")
    with pytest.raises(PlanError, match="folder"):
        read_file(tmp_path)


def test_size_and_number_of_records_are_bounded() -> None:
    with pytest.raises(PlanError, match="larger than 5 MB"):
        read(b"x" * (LIMIT_BYTES + 1), "x.zone")
    rows = b"".join(b"a%d A 192.0.2.1\n" % number for number in range(50_001))
    with pytest.raises(PlanError, match="50,000 records"):
        read(rows, "x.zone", "harbor.example")


def test_hostile_text_in_an_error_is_shown_clean() -> None:
    with pytest.raises(PlanError) as caught:
        read(b"@ IN \x1b]0;owned\x07\xe2\x80\xae 1.2.3.4\n", "\x1b[31mx.zone", "harbor.example")
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
