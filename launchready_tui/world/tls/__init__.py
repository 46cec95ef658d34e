"""TLS handshakes, and which versions an address speaks."""
