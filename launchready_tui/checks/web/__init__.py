"""Checks of pages and addresses: `http.*`, `cache.*`, `speed.*`."""
