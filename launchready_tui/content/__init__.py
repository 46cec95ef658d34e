"""Loads and checks `checklists/` and `docs/checks/`: stages, words, providers, rules, pages."""
