"""Certificates, keys and handshakes."""
