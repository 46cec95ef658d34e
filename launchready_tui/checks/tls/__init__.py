"""Checks of certificates and handshakes: `tls.*`."""
