"""Checks of names and zones: `dns.*`, but for mail servers."""
