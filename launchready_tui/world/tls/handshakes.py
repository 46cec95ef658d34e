"""TLS handshakes with every address of a host: does the platform's verifier say yes, and to what?

OpenSSL judges, through `ssl`; `cryptography` reads. A refusal comes without the certificate, so
an address whose certificate was refused is asked once more, to read what it serves.
"""

from __future__ import annotations

import _ssl
import asyncio
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard

from launchready_tui.rules.tls.certificates import (
    Accepted,
    Certificate,
    Handshake,
    Refused,
    cause_of,
    issued,
    issuers_in,
    read,
)
from launchready_tui.rules.tls.versions import Spoken
from launchready_tui.vocabulary.facts import Response, Unreachable
from launchready_tui.vocabulary.safe_text import clean_line
from launchready_tui.world import limits
from launchready_tui.world.asked import Asked
from launchready_tui.world.flight import Flight, close_all
from launchready_tui.world.options import BadOption, Place
from launchready_tui.world.route import Route, Routes
from launchready_tui.world.tls.versions import spoken
from launchready_tui.world.web.pages import Web

Refusal = ssl.SSLCertVerificationError

# X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, ..._LOCALLY, ..._UNABLE_TO_VERIFY_LEAF_SIGNATURE
_NO_ISSUER = (2, 20, 21)


class Tls:
    """Shakes hands. Raises `BadOption` when the file of `--ca` holds no certificates."""

    def __init__(self, routes: Routes, web: Web, asked: Asked, ca: Path | None) -> None:
        self._routes = routes
        self._web = web
        self._asked = asked
        self._ca = ca
        if ca is not None:
            _trust_file(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ca)
        self._reading = _context(verify=False)
        self._flight: Flight[str, tuple[Handshake, ...]] = Flight()
        self._contexts: Flight[str, ssl.SSLContext] = Flight()
        self._versions: Flight[str, tuple[Spoken, ...]] = Flight()

    async def handshakes(self, host: str) -> tuple[Handshake, ...]:
        """One handshake on port 443 with each address of the host, IPv4 first.

        Certificates are read by RFC 5280; the platform's roots judge them, and those of `--ca`.
        An IPv6 address that this machine cannot reach gives `Unreachable("no-ipv6")`. When the
        host has no address to ask, the only entry has an empty address and says why.
        """
        return await self._flight.share(host, lambda: self._all(host))

    async def versions(self, host: str) -> tuple[Spoken, ...]:
        """What each address of the host answers to a hello for each TLS version, IPv4 first.

        One hello each for 1.0 to 1.3 (RFC 8446 4.1.2, RFC 8996), built by hand. A version without
        an answer has its own `Unreachable`; the only entry has an empty address where there is
        none to ask.
        """
        return await self._versions.share(host, lambda: spoken(host, self._routes, self._asked))

    async def close(self) -> None:
        """End the handshakes under way."""
        await close_all(self._flight, self._versions, self._contexts)

    async def _all(self, host: str) -> tuple[Handshake, ...]:
        routes, _ = await asyncio.gather(self._routes.to(host, 443), self.judge())
        if isinstance(routes, Unreachable):
            return (Handshake("", routes),)
        return tuple(await asyncio.gather(*(self._one(host, route) for route in routes)))

    async def _one(self, host: str, route: Route) -> Handshake:
        if route.place is None:
            return Handshake(route.address, Unreachable("no-ipv6", route.address))
        verified = await self._shake(host, route.place, await self.judge())
        served = verified
        if isinstance(verified, Refusal):
            served = await self._shake(host, route.place, self._reading)
        if isinstance(verified, Unreachable):
            return Handshake(route.address, verified)
        if isinstance(served, Unreachable):
            return Handshake(route.address, served)
        if isinstance(served, Refusal) or not served:
            return Handshake(route.address, Unreachable("garbled", f"{host}: no certificate"))
        if _misses_issuer(verified):
            return await self._complete(host, route.address, route.place, served, verified)
        return Handshake(route.address, _result(verified, served))

    async def _complete(
        self, host: str, address: str, place: Place, served: list[Certificate], refusal: Refusal
    ) -> Handshake:
        """Look again with the issuers that the chain's end names (RFC 5280 4.2.2.1)."""
        roots = await self.judge()
        found: list[Certificate] = []
        end = _last_link(served)
        for _ in range(limits.FETCHED_ISSUERS):
            issuer = await self._issuer(end)
            if isinstance(issuer, Unreachable):
                return Handshake(address, _result(refusal, served), fetch=issuer)
            if issuer is None or issuer.subject == issuer.issuer:
                break
            found.append(issuer)
            verified = await self._shake(host, place, _knowing(found, roots))
            if isinstance(verified, Unreachable):
                return Handshake(address, verified)
            if not _misses_issuer(verified):
                return Handshake(address, _result(verified, served), incomplete=True)
            end = issuer
        return Handshake(address, _result(refusal, served))

    async def _issuer(self, certificate: Certificate) -> Certificate | Unreachable | None:
        """The certificate that signed this one, from the first place it names that has it."""
        failure: Unreachable | None = None
        for url in certificate.summary.aia[:2]:
            reply = await self._web.get(url)
            if isinstance(reply, Response) and reply.status == 200:
                for issuer in issuers_in(reply.body):
                    if issued(certificate, issuer):
                        return issuer
            elif isinstance(reply, Unreachable):
                failure = failure or reply
            else:
                failure = failure or Unreachable("not-known", f"{url}: {reply.status}")
        return failure

    async def judge(self) -> ssl.SSLContext:
        """The verifying context, for whoever must trust the other side.

        Building it reads every root of the system and takes 30 ms and more: a thread does it,
        once, while the first DNS questions are out.
        """
        return await self._contexts.share("", lambda: asyncio.to_thread(_judging, self._ca))

    async def _shake(
        self, host: str, place: Place, context: ssl.SSLContext
    ) -> list[Certificate] | Refusal | Unreachable:
        """The served chain, or OpenSSL's refusal, or why there was no handshake."""
        self._asked.tls += 1
        try:
            async with asyncio.timeout(limits.HANDSHAKE):
                async with asyncio.timeout(limits.CONNECT):
                    _, writer = await asyncio.open_connection(*place)
                try:
                    await writer.start_tls(context, server_hostname=host)
                    return _chain(writer.get_extra_info("ssl_object"))
                finally:
                    writer.transport.abort()
        except ssl.SSLCertVerificationError as refusal:
            return refusal
        except TimeoutError:
            return Unreachable("timeout", host)
        except ConnectionRefusedError:
            return Unreachable("refused", host)
        except (ConnectionError, ssl.SSLEOFError, EOFError):
            return Unreachable("reset", host)
        except ssl.SSLError as error:
            # OpenSSL reads certificates up to 100 KB, as browsers do.
            reason = "too-large" if error.reason == "EXCESSIVE_MESSAGE_SIZE" else "garbled"
            return Unreachable(reason, f"{host}: {error.reason or 'no handshake'}")
        except OSError as error:
            return Unreachable("unreachable", f"{host}: {error.strerror or error}")


def _result(verified: list[Certificate] | Refusal, served: list[Certificate]) -> Accepted | Refused:
    chain = tuple(certificate.summary for certificate in served)
    if isinstance(verified, ssl.SSLCertVerificationError):
        words = clean_line(verified.verify_message)
        return Refused(cause_of(verified.verify_code), chain[0], chain, words)
    return Accepted(chain[0], chain)


def _misses_issuer(verified: list[Certificate] | Refusal) -> TypeGuard[Refusal]:
    return isinstance(verified, Refusal) and verified.verify_code in _NO_ISSUER


def _last_link(served: Sequence[Certificate]) -> Certificate:
    """Where the served chain stops, following issuers from the leaf in whatever order they came."""
    end, left = served[0], list(served[1:])
    while nxt := next((one for one in left if one.subject == end.issuer), None):
        left.remove(nxt)
        end = nxt
    return end


def _chain(tls: ssl.SSLObject) -> list[Certificate]:
    """The certificates that the server sent, leaf first; what cannot be read ends the list."""
    if sys.version_info >= (3, 13):
        served = tls.get_unverified_chain()
    else:
        # Public only from Python 3.13 on; the object below had it since 3.10.
        inner = tls._sslobj.get_unverified_chain() or ()  # type: ignore[attr-defined]
        served = [one.public_bytes(_ssl.ENCODING_DER) for one in inner]
    chain = []
    for der in served[: limits.CERTIFICATES]:
        certificate = read(der)
        if certificate is None:
            break
        chain.append(certificate)
    return chain


def _judging(ca: Path | None) -> ssl.SSLContext:
    context = _context(verify=True)
    if ca is not None:
        _trust_file(context, ca)
    return context


def _knowing(found: Sequence[Certificate], judge: ssl.SSLContext) -> ssl.SSLContext:
    """A verifying context that knows these intermediates and the roots that may stand above them.

    Only those roots: reading all of them again would take as long as the handshake. The folder
    of roots, where a system keeps one, is looked into by OpenSSL when it needs to.
    """
    context = _context(verify=True, roots=False)
    names = [certificate.issuer for certificate in found]
    above = [der for der in judge.get_ca_certs(True) if any(name in der for name in names)]
    for der in (*above, *(certificate.der for certificate in found)):
        context.load_verify_locations(cadata=der)
    folder = ssl.get_default_verify_paths().capath
    if folder is not None:
        context.load_verify_locations(capath=folder)
    return context


def _context(*, verify: bool, roots: bool = True) -> ssl.SSLContext:
    """A client context whose verdict depends on no build's or interpreter's policy.

    The name must stand in the certificate's list of names, as browsers ask (RFC 9525). Strength
    is not judged here, so the security level is low. Python 3.13 makes `create_default_context`
    strict and lets a chain end at an intermediate: both are cleared.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    context.hostname_checks_common_name = False
    context.verify_flags &= ~(ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN)
    if not roots:
        return context
    context.load_default_certs()
    paths = ssl.get_default_verify_paths()
    if not (context.cert_store_stats()["x509"] or paths.cafile or paths.capath):
        import certifi  # a Python without roots of its own, as some installers leave it

        context.load_verify_locations(cafile=certifi.where())
    return context


def _trust_file(context: ssl.SSLContext, path: Path) -> None:
    try:
        context.load_verify_locations(cafile=path)
    except (ssl.SSLError, OSError) as error:
        raise BadOption(f"--ca {path}", f"It holds no certificates in PEM form: {error}") from None
