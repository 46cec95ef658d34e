"""What a site can give away."""

from __future__ import annotations

from launchready_tui.lab.faults.base import Fault

FAULTS: tuple[Fault, ...] = ()
