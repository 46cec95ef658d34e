"""Checks of the repository: `deploy.*`."""
