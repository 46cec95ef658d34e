"""Fails in three ways: at its import, by missing words, and while it looks."""
