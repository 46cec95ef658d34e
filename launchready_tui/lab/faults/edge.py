"""What can be wrong at the edge, in front of the site."""

from __future__ import annotations

from launchready_tui.lab.faults.base import Fault

FAULTS: tuple[Fault, ...] = ()
