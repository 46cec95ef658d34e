"""Small repositories for the tests of how a change gets to the live site."""

from __future__ import annotations

from launchready_tui.rules.code.delivery import Remotes

ORIGIN = Remotes(("origin",), ("github.com",), ("main",), "main", "main")
GITHUB = ".github/workflows/deploy.yml"


def workflow(step: str, on: str = "{push: {branches: [main]}}", job: str = "") -> str:
    return (
        f"name: Release\non: {on}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n{job}"
        f"    steps:\n      - uses: actions/checkout@v4\n      - {step}\n"
    )
