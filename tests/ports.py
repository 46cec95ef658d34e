"""Ports of loopback for servers of the tests, and for places where nobody listens."""

from __future__ import annotations

import random
import socket

_PORTS = range(10_000, 32_000)  # below those that systems give to outgoing connections
_given: set[int] = set()


def free_port() -> int:
    """A port that nothing uses just now, for UDP and TCP; never the same twice.

    Until its server listens, the system could give a port of its own choice to somebody else.
    """
    while True:
        port = random.SystemRandom().choice(_PORTS)  # workers side by side must differ
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            try:
                stream.bind(("127.0.0.1", port))
                datagrams.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _given:
            _given.add(port)
            return port
