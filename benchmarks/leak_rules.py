"""Secret rules: MB/s of `Engine.hits` over generated bundle text, and what each rule costs.

The text is made like a bundler's output: short names, property chains, strings, hex colours,
hashes, addresses, base 64 (a twentieth of all bytes), a service's name now and then. The goal is
200 MB/s of one core's time for history and bundles, the building of states included. When it is
missed, or with `--each`, every rule is left out in turn and the rules that cost most are printed.

    python benchmarks/leak_rules.py [MEGABYTES] [--each]
"""

from __future__ import annotations

import base64
import random
import resource
import string
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from launchready_tui.content import secret_rules
from launchready_tui.rules.secrets.engine import Engine
from launchready_tui.rules.secrets.leaks import CONTEXTS, Context, Rule

GOAL = 200  # MB/s
CHUNK = 1 << 20  # bytes: the size of a large chunk of a bundle

_WORDS = (
    "function return const let var this new typeof void null true false async await export import "
    "default class extends super static get set if else for while switch case break throw try "
    "catch prototype constructor length push slice map filter reduce forEach Object Array String "
    "Promise resolve reject then document window addEventListener querySelector className style "
    "children props state useState useEffect useMemo createElement memo ref key value onChange "
    "onClick disabled loading error message data fetch headers method POST GET token password "
    "secret apiKey session user email name id type label title description href src https http "
    "checkout price login signup reset verify hover focus active dark light"
    "client server auth"
)
_SERVICES = "stripe discord twitter facebook github aws google sentry vercel redis algolia"
WORDS = _WORDS.split()
SERVICES = _SERVICES.split()


def bundle(size: int, seed: int = 7) -> bytes:
    """About `size` bytes of text like a minified bundle, the same for the same seed."""
    rng = random.Random(seed)
    hexes, letters = "0123456789abcdef", string.ascii_letters

    def name() -> str:
        return rng.choice(letters) + rng.choice(("", "", rng.choice(letters + "0123456789_$")))

    def piece() -> str:
        kind = rng.random()
        word = rng.choice(WORDS if rng.random() < 0.99 else SERVICES)
        if kind < 0.30:
            return f"{name()}.{word}({name()},{rng.randrange(999)})"
        if kind < 0.50:
            return f"function {name()}({name()},{name()}){{return {name()}.{word}&&{name()}}}"
        if kind < 0.65:
            return f'{word}:"{rng.choice(WORDS)}-{rng.choice(WORDS)}"'
        if kind < 0.75:
            return f'"{" ".join(rng.choice(WORDS) for _ in range(rng.randrange(2, 14)))}"'
        if kind < 0.82:
            return f'color:"#{"".join(rng.choice(hexes) for _ in range(6))}"'
        if kind < 0.88:
            names = " ".join(f"{rng.choice(WORDS)}-{rng.randrange(12)}" for _ in "abc")
            return f'className:"{names}"'
        if kind < 0.92:
            return f'"https://{rng.choice(WORDS)}.example.com/{word}/{rng.choice(WORDS)}.js"'
        if kind < 0.95:
            return f'"{"".join(rng.choice(hexes) for _ in range(rng.choice((8, 20, 32, 40, 64))))}"'
        if kind < 0.951:
            raw = rng.randbytes(rng.randrange(60, 3000))
            return f'"data:font/woff2;base64,{base64.b64encode(raw).decode()}"'
        return f"var {name()}=({name()}=>{{{name()}[{rng.randrange(99)}]={name()}.{word}}})"

    parts: list[str] = []
    total = 0
    while total < size:
        parts.append(piece())
        total += len(parts[-1]) + 1
    return rng.choice((";", ",")).join(parts).encode()


def speed(rules: Sequence[Rule], texts: Sequence[bytes], context: Context) -> tuple[float, int]:
    """MB/s of one pass over all texts, and how many hits there were."""
    engine = Engine(rules)
    engine.hits(b"", context)
    start = time.process_time()
    found = sum(len(engine.hits(text, context)) for text in texts)
    return sum(map(len, texts)) / 1e6 / (time.process_time() - start), found


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    texts = [bundle(CHUNK, seed) for seed in range(max(numbers[0] if numbers else 100, 1))]
    rules = secret_rules.builtin()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    Engine(rules).hits(b"", "tree")
    print(f"{len(rules)} rules, compiled in {(time.process_time() - start) * 1000:.0f} ms")
    slowest = float("inf")
    for context in CONTEXTS:
        rate, found = speed(rules, texts, context)
        if context != "tree":  # the generic rule runs there: few files, and only on this machine
            slowest = min(slowest, rate)
        print(f"{context:<8} {rate:6.0f} MB/s over {len(texts)} MB, {found} hits (goal {GOAL})")
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory grew by {(after - before) / 1024:.0f} MB")
    if slowest < GOAL or "--each" in sys.argv:
        few = texts[:20]
        base, _ = speed(rules, few, "history")
        costs = sorted(
            (1 / base - 1 / speed([r for r in rules if r is not rule], few, "history")[0], rule.id)
            for rule in rules
        )
        for cost, name in costs[-15:][::-1]:
            print(f"  {name:<36} {cost * base:6.1%} of the time")


if __name__ == "__main__":
    main()
