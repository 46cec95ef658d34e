"""Secrets: the scanner, what it unpacks, and files that a site must not give away."""
