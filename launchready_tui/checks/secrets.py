"""What the site gives away: `secrets.files`."""

from __future__ import annotations
