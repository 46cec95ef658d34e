"""Who holds the domain, and until when: `dns.registration`."""

from __future__ import annotations
