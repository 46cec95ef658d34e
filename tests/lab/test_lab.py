"""The lab keeps the protocols: asked with plain clients, it answers as real servers do."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from cryptography import x509

from launchready_tui.audit import collect, plan
from launchready_tui.content.checklist import builtin
from launchready_tui.lab import Lab, healthy
from launchready_tui.lab.demo import begun_tests, demo_project
from launchready_tui.lab.faults import FAULTS, broken
from launchready_tui.lab.healthy import DOMAIN, ISSUER_HOST, ISSUER_PATH
from launchready_tui.lab.scenario import Certificate, record, zone
from launchready_tui.project.change import begin_inbox_test
from launchready_tui.project.model import WEB_PURPOSES
from launchready_tui.world import open_world


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with Lab() as lab:
        yield lab


def port(lab: Lab, service: int) -> int:
    target = next(text for text in lab.options.connect if text.startswith(f":{service}="))
    return int(target.rpartition(":")[2])


async def ask(
    lab: Lab, name: str, type: str, *, recursive: bool = True, tcp: bool = False, edns: int = 1232
) -> dns.message.Message:
    query = dns.message.make_query(name, type, use_edns=0 if edns else False, payload=edns)
    if not recursive:
        query.flags &= ~dns.flags.RD
    where = dns.asyncquery.tcp if tcp else dns.asyncquery.udp
    return await where(query, "127.0.0.1", port=port(lab, 53), timeout=0.5)


def texts(message: dns.message.Message) -> list[str]:
    return [str(data) for found in message.answer for data in found]


async def test_a_name_gone_and_a_type_missing_are_told_apart_and_carry_the_soa(lab: Lab) -> None:
    gone = await ask(lab, f"nope.{DOMAIN}", "A")
    empty = await ask(lab, f"app.{DOMAIN}", "AAAA")
    between = await ask(lab, f"_domainkey.{DOMAIN}", "TXT")
    assert gone.rcode() == dns.rcode.NXDOMAIN
    assert (empty.rcode(), empty.answer) == (dns.rcode.NOERROR, [])
    assert (between.rcode(), between.answer) == (dns.rcode.NOERROR, [])
    for message in (gone, empty, between):
        assert [found.rdtype for found in message.authority] == [dns.rdatatype.SOA]


async def test_a_resolver_chases_aliases_into_other_zones_an_authority_does_not(lab: Lab) -> None:
    name = f"pm-bounces.{DOMAIN}"
    resolved = await ask(lab, name, "TXT")
    asked = await ask(lab, name, "TXT", recursive=False)
    assert texts(resolved) == ["pm.mtasv.net.", '"v=spf1 include:spf.mtasv.net ~all"']
    assert resolved.flags & dns.flags.RA
    assert not resolved.flags & dns.flags.AA
    assert texts(asked) == ["pm.mtasv.net."]
    assert asked.flags & dns.flags.AA


async def test_an_authority_chases_aliases_inside_its_zone(lab: Lab) -> None:
    asked = await ask(lab, f"www.{DOMAIN}", "A", recursive=False)
    assert texts(asked) == [f"edge.{DOMAIN}.", "192.0.2.11"]


async def test_an_alias_to_a_name_gone_ends_in_nxdomain(lab: Lab) -> None:
    lab.play(healthy().with_records(f"old.{DOMAIN}", "CNAME", ["gone.mtasv.net."]))
    message = await ask(lab, f"old.{DOMAIN}", "A")
    assert (message.rcode(), texts(message)) == (dns.rcode.NXDOMAIN, ["gone.mtasv.net."])


async def test_an_alias_loop_ends_in_servfail(lab: Lab) -> None:
    looped = healthy().with_records(f"a.{DOMAIN}", "CNAME", [f"b.{DOMAIN}."])
    lab.play(looped.with_records(f"b.{DOMAIN}", "CNAME", [f"a.{DOMAIN}."]))
    assert (await ask(lab, f"a.{DOMAIN}", "A")).rcode() == dns.rcode.SERVFAIL


async def test_a_wildcard_answers_for_names_that_do_not_exist_and_no_others(lab: Lab) -> None:
    lab.play(healthy().with_records(f"*.{DOMAIN}", "A", ["192.0.2.99"]))
    assert texts(await ask(lab, f"x.y.{DOMAIN}", "A")) == ["192.0.2.99"]
    assert texts(await ask(lab, f"app.{DOMAIN}", "A")) == ["192.0.2.20"]
    assert texts(await ask(lab, f"_domainkey.{DOMAIN}", "A")) == []


async def test_a_long_answer_is_cut_over_udp_and_whole_over_tcp(lab: Lab) -> None:
    name = f"google._domainkey.{DOMAIN}"
    lab.play(healthy().with_records(name, "TXT", ["k" * 600]))
    cut = await ask(lab, name, "TXT", edns=0)
    roomy = await ask(lab, name, "TXT")
    whole = await ask(lab, name, "TXT", tcp=True, edns=0)
    assert cut.flags & dns.flags.TC
    assert cut.answer == []
    assert not roomy.flags & dns.flags.TC
    assert texts(whole) == texts(roomy) != []


async def test_troubles_cover_a_name_and_what_is_below_it(lab: Lab) -> None:
    lab.play(
        healthy()
        .with_trouble(f"api.{DOMAIN}", "servfail")
        .with_trouble("mtasv.net", "refused")
        .with_trouble(f"docs.{DOMAIN}", "timeout")
    )
    assert (await ask(lab, f"x.api.{DOMAIN}", "A")).rcode() == dns.rcode.SERVFAIL
    assert (await ask(lab, f"pm-bounces.{DOMAIN}", "TXT")).rcode() == dns.rcode.REFUSED
    assert (await ask(lab, f"app.{DOMAIN}", "A")).rcode() == dns.rcode.NOERROR
    with pytest.raises(dns.exception.Timeout):
        await ask(lab, f"docs.{DOMAIN}", "A")


async def test_noise_is_not_answered_and_does_not_stop_the_name_server(lab: Lab) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as noise:
        noise.sendto(b"\x00" * 5, ("127.0.0.1", port(lab, 53)))
    assert texts(await ask(lab, DOMAIN, "A")) == ["192.0.2.10"]


def test_long_text_is_split_and_quoted() -> None:
    assert record("a.example", 60, "TXT", "x" * 300).text == f'"{"x" * 255}" "{"x" * 45}"'
    assert record("a.example", 60, "TXT", 'say "\\"').text == '"say \\"\\\\\\""'
    assert zone("example", "@ 60 TXT a  b").records[0].name == "example"


async def fetch(
    lab: Lab, url: str, context: ssl.SSLContext | None = None
) -> tuple[int, str, bytes]:
    """One GET over the lab's own ports: status, Location or Content-Type, body."""
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("/")
    secure = scheme == "https"
    reader, writer = await asyncio.open_connection(
        "127.0.0.1",
        port(lab, 443 if secure else 80),
        ssl=(context or trusting(lab)) if secure else None,
        server_hostname=host if secure else None,
    )
    writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    first, *lines = head.decode().split("\r\n")
    headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers.get("location", headers.get("content-type", "")), body


def trusting(lab: Lab) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(lab.options.ca))


async def test_pages_follow_the_host_header_and_redirects_keep_the_path(lab: Lab) -> None:
    status, _, body = await fetch(lab, f"https://{DOMAIN}/")
    assert (status, b'rel="canonical"' in body) == (200, True)
    assert await fetch(lab, f"https://www.{DOMAIN}/a?b=1") == (301, f"https://{DOMAIN}/a?b=1", b"")
    assert await fetch(lab, f"http://app.{DOMAIN}/x") == (301, f"https://app.{DOMAIN}/x", b"")
    assert (await fetch(lab, f"https://admin.{DOMAIN}/"))[0] == 401
    assert (await fetch(lab, f"https://api.{DOMAIN}/nope"))[0] == 404


async def test_a_connection_is_kept_for_the_next_request_and_head_has_no_body(lab: Lab) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port(lab, 80))
    for _ in range(2):
        writer.write(f"HEAD / HTTP/1.1\r\nHost: {DOMAIN}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 301")
    writer.write(b"no http at all\r\n\r\n")
    assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize(
    ("fault", "host", "code"),
    [
        ("cert-expired", f"api.{DOMAIN}", 10),
        ("cert-self-signed", f"admin.{DOMAIN}", 18),
        ("chain-incomplete", f"app.{DOMAIN}", 20),
        ("cert-wrong-host", f"app.{DOMAIN}", 62),
    ],
)
async def test_a_bad_certificate_is_refused_for_its_own_reason(
    lab: Lab, fault: str, host: str, code: int
) -> None:
    lab.play(broken([fault]))
    with pytest.raises(ssl.SSLCertVerificationError) as refusal:
        await fetch(lab, f"https://{host}/")
    assert refusal.value.verify_code == code


async def test_a_certificate_keeps_to_its_names_and_dates(lab: Lab) -> None:
    now = datetime.now(UTC)
    day = timedelta(days=1)
    wanted = Certificate((f"app.{DOMAIN}", f"b.{DOMAIN}"), -80 * day, 10 * day)
    lab.play(healthy().with_site(replace(healthy().site(f"app.{DOMAIN}"), certificate=wanted)))
    _, writer = await asyncio.open_connection(
        "127.0.0.1", port(lab, 443), ssl=trusting(lab), server_hostname=f"app.{DOMAIN}"
    )
    leaf = x509.load_der_x509_certificate(
        writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    )
    writer.close()
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert tuple(names.get_values_for_type(x509.DNSName)) == wanted.names
    assert abs(leaf.not_valid_after_utc - now - 10 * day) < timedelta(minutes=1)


async def test_the_missing_intermediate_is_where_the_leaf_says(lab: Lab) -> None:
    status, kind, body = await fetch(lab, f"http://{ISSUER_HOST}{ISSUER_PATH}")
    assert (status, kind) == (200, "application/pkix-cert")
    context = trusting(lab)
    context.load_verify_locations(cadata=body)
    lab.play(broken(["chain-incomplete"]))
    assert (await fetch(lab, f"https://app.{DOMAIN}/", context))[0] == 200


async def test_a_host_that_nobody_serves_is_refused_at_the_handshake(lab: Lab) -> None:
    # asyncio resets where nginx sends an alert; both mean that nobody is at home
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await fetch(lab, "https://stranger.example/")


async def test_the_lab_is_up_in_half_a_second() -> None:
    took = []
    for _ in range(3):  # the best of three: the machine may be busy with something else
        started = time.perf_counter()
        async with Lab():
            took.append(time.perf_counter() - started)
    assert min(took) < 0.5


async def test_the_lab_leaves_nothing_behind() -> None:
    async with Lab() as lab:
        folder = Path(str(lab.options.ca)).parent
        held = port(lab, 80)
        _, writer = await asyncio.open_connection("127.0.0.1", held)
    writer.close()
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", held)


async def test_distance_costs_one_delay_a_round_trip() -> None:
    async with Lab(delay=0.05) as lab:
        started = time.perf_counter()
        await ask(lab, DOMAIN, "A")
        question = time.perf_counter()
        await fetch(lab, f"http://{DOMAIN}/")
        plain = time.perf_counter()
        await fetch(lab, f"https://{DOMAIN}/")
        secure = time.perf_counter()
    assert 0.05 <= question - started < 0.5
    assert 0.1 <= plain - question < 0.5
    assert 0.15 <= secure - plain < 0.5


def test_the_demo_answers_what_the_checklist_asks() -> None:
    project, checklist = demo_project(datetime(2026, 11, 24, 9, tzinfo=UTC)), builtin()
    for id, answer in project.answers.items():
        item = checklist.item(id)
        assert item is not None, id
        assert item.choice(answer.value) is not None, (id, answer.value)


def test_the_demo_declares_the_hosts_that_the_lab_serves() -> None:
    project = demo_project(datetime(2026, 11, 24, 9, tzinfo=UTC))
    own = {site.host for site in healthy().sites if f".{site.host}".endswith(f".{DOMAIN}")}
    served = own - {f"mta-sts.{DOMAIN}"}  # which mail servers alone open
    assert {host.name for host in project.hosts if host.purpose in WEB_PURPOSES} == served
    assert {fault.subject for fault in FAULTS.values()} >= {DOMAIN, f"api.{DOMAIN}"}


async def test_a_test_of_an_earlier_lab_is_still_in_its_inboxes() -> None:
    """The demo is opened again after a new inbox test: nothing of it is missing now."""
    now = datetime.now(UTC)
    begun = begin_inbox_test(demo_project(now), "lr7f3a", now - timedelta(hours=2))
    async with Lab(tests=begun_tests(begun)) as lab, open_world(lab.options, now) as world:
        jobs = plan(begun, builtin(), only=("email.inbox", "email.alignment"))
        found = await collect(jobs, begun, world, builtin())
    assert {finding.outcome for finding in found} == {"ok"}
    assert len(found) == 24
