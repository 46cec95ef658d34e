"""What makes people wait: `speed.*`."""

from __future__ import annotations
