"""Names and zones: addresses, aliases, delegation, signatures, registration."""
