"""Checks of mail: `email.*` and `dns.mail`."""
