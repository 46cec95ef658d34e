"""What can be wrong with caching, compression and speed."""

from __future__ import annotations

from launchready_tui.lab.faults.base import Fault

FAULTS: tuple[Fault, ...] = ()
