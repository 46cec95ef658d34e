"""What stands in front of the site: `edge.*`."""

from __future__ import annotations
