"""Our rules over another author's examples: how many we find, by provider that we cover or not.

The examples are those that kingfisher prints (`kingfisher rules list --format json`, Apache-2),
asked of its release 1.112.0, the last that prints them; it is installed into an environment that
goes away. Or name a folder of such JSON files. A rule's own author always passes: what counts is
how others' examples fare. Many of theirs are stand-ins (1234567890, abcdefghij), which we leave
out on purpose, or names, hosts and ids that open nothing: both stand in columns of their own.

    python benchmarks/leak_vectors.py [FOLDER] [--misses]
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.programs import installed
from launchready_tui.content import secret_rules
from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.rules.secrets.unpacking import views
from launchready_tui.rules.secrets.validators import not_placeholder

PACKAGE = "kingfisher-bin==1.112.0"
# Rules of theirs for the half that is no secret.
_NO_SECRET = re.compile(
    r"(?i)\b(?:client|app|application|account|user|site|project|org\w*|tenant|key) ?-?(?:id|ids)\b"
    r"|\bids?$|\burls?\b|\bhosts?\b|domain|endpoint|region|e-?mail|user ?name|public|publishable"
    r"|instance|uri\b|site\b|cloud name"
)
KINDS = ("sure", "review", "by name only", "stand-in", "no secret", "missed")


def examples(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Provider, the rule's name and an example, from all JSON files of a folder."""
    for path in sorted(folder.glob("*.json")):
        for rule in json.loads(path.read_text("utf-8")):
            for example in rule["examples"]:
                yield rule["id"].split(".")[1], rule["name"], example


def verdict(engine: Engine, name: str, example: str) -> str:
    hits = [
        hit.rule
        for _, view in views(example.encode(), lambda why: None)
        for hit in engine.hits(view, "tree")
    ]
    if any(rule.confidence == "sure" for rule in hits):
        return "sure"
    if any(rule.id != "named-value" for rule in hits):
        return "review"
    if hits:
        return "by name only"
    if _NO_SECRET.search(name):
        return "no secret"
    return "missed" if not_placeholder(example.encode()) else "stand-in"


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    rules = secret_rules.builtin()
    engine = Engine(rules)
    ours = {part for rule in rules for part in rule.id.split("-")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(words[0]) if words else Path(name)
        if not words:
            programs = installed(folder, PACKAGE)
            if programs is None:
                return
            told = [str(programs / "kingfisher"), "rules", "list", "--format", "json"]
            (folder / "rules.json").write_bytes(subprocess.check_output(told))
        counts: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
        missed: dict[tuple[bool, str], list[str]] = defaultdict(list)
        for provider, title, example in examples(folder):
            covered = any(provider == part or (len(part) > 4 and provider.startswith(part))
                          for part in ours)  # fmt: skip
            what = verdict(engine, title, example)
            counts[covered][what] += 1
            if what == "missed":
                missed[covered, provider].append(example)
    for covered, count in counts.items():
        total = sum(count.values())
        told_of = ", ".join(f"{count[kind]} {kind}" for kind in KINDS)
        print(f"providers {'covered' if covered else 'not covered'}: {total} examples: {told_of}")
    for (covered, provider), left in sorted(missed.items()):
        if covered or "--misses" in sys.argv:
            print(f"  {'' if covered else '(not covered) '}{provider}: {len(left)} missed")
            if "--misses" in sys.argv:
                for example in left[:5]:
                    print(f"      {example[:160]!r}")


if __name__ == "__main__":
    main()
