"""Looks for a sign on the front page that says "coming soon"."""
