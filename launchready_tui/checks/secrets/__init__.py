"""Checks of what is given away: `secrets.*`."""
