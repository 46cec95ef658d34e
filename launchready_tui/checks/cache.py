"""What may be kept, and for how long: `cache.*`."""

from __future__ import annotations
