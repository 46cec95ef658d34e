"""Repositories: how a version goes live, migrations, settings that the code reads."""
