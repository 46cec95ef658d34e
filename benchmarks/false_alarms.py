"""False alarms: every file of a common front-end stack through the rules, as a bundle and a tree.

The packages come from npm by name, their scripts not run. They are read by strangers every day:
whatever a rule for secrets finds in them is most likely no secret. The goal for secrets that are
`sure` is none. What a person would have to look at (`review`) is counted, and shown with --all.

    python benchmarks/false_alarms.py [FOLDER] [--all]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.programs import npm_packages
from launchready_tui.content import secret_rules
from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.rules.secrets.leaks import CONTEXTS, Hit, preview
from launchready_tui.rules.secrets.unpacking import views

# The last firebase whose parts npm's mirrors have all.
PACKAGES = (
    "next", "react", "react-dom", "vite", "typescript", "tailwindcss", "eslint", "prettier",
    "@supabase/supabase-js", "stripe", "firebase@11", "axios", "lodash", "express", "prisma",
)  # fmt: skip
LARGEST = 32 << 20  # bytes: as in the working tree


def alarms(engine: Engine, folder: Path, found: Counter[tuple[str, str]]) -> tuple[int, int]:
    """Count what the rules find below a folder, print what is called a secret; files and bytes."""
    files = size = 0
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
            continue
        data = path.read_bytes()
        files, size = files + 1, size + len(data)
        for _, view in views(data, lambda why: None):
            for context in CONTEXTS:
                for hit in engine.hits(view, context):
                    found[context, _kind(hit)] += 1
                    sure = _kind(hit) == "secret, sure"
                    if sure or ("--all" in sys.argv and hit.rule.kind == "secret"):
                        shown = preview(hit.rule, view[hit.start : hit.end])
                        print(f"  {context} {hit.rule.id}: {path.relative_to(folder)} {shown}")
    return files, size


def _kind(hit: Hit) -> str:
    return f"{hit.rule.kind}, {hit.rule.confidence}"


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    engine = Engine(secret_rules.builtin())
    found: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(words[0]) if words else npm_packages(Path(name), *PACKAGES)
        if folder is None:
            return
        started = time.perf_counter()
        files, size = alarms(engine, folder, found)
    seconds = time.perf_counter() - started
    print(f"{files} files, {size / 1e6:.0f} MB, all contexts in {seconds:.0f} s")
    for context in CONTEXTS:
        counts = ", ".join(f"{number} {kind}" for (where, kind), number in sorted(found.items())
                           if where == context)  # fmt: skip
        print(f"{context:<8} {counts or 'nothing'}")
    wrong = sum(number for (_, kind), number in found.items() if kind == "secret, sure")
    print(f"secrets that are sure: {wrong} (goal 0)")


if __name__ == "__main__":
    main()
