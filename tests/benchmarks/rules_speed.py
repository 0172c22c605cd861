"""How the time of the rules grows with the size of cells and plans, as ratios. Not a test: nothing here fails.

python tests/benchmarks/rules_speed.py

A ratio of 1 for ten times as much text means that a page is cut; 2 for twice as many rows that all are looked at once;
4 would mean that every row is held against every other.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rules.ruling import check, row

from sheets_sync.core.model import Action
from sheets_sync.rules.similarity import repeated

PAGES = ("[", "a", " ", "a, ", "- ", "1.", "(")
FULL = 32_000
"""Characters that fill a cell."""
SYLLABLES = [f"{chr(97 + n % 26)}x{chr(97 + n // 26)}" for n in range(208)]
SHARE = 0.85


def seconds(work: Callable[[], object]) -> float:
    """Processor time, the best of three."""
    costs = []
    for _ in range(3):
        begun = time.process_time()
        work()
        costs.append(time.process_time() - begun)
    return min(costs)


def pasted(page: str, length: int) -> Callable[[], object]:
    """A check of three rows whose cells are full of the same characters."""
    text = (page * length)[:length]
    rows = (row(2, action=text, owner=text), row(3, action=text + "b", owner=text), row(4, action=text, done_when=text))
    return lambda: check(*rows)


def template(count: int) -> list[Action]:
    """Rows of one owner that differ in two words."""
    pairs = ((SYLLABLES[n % 197], SYLLABLES[n // 197]) for n in range(count))
    return [row(n, action=f"Inspect pump {a} {b} in the hall and sign it") for n, (a, b) in enumerate(pairs, 2)]


def main() -> None:
    """Print one line for each kind of page, and one for each doubling of rows."""
    print(f"three rows with {FULL:,} characters in a cell, against {FULL // 10:,}")
    for page in PAGES:
        full, tenth = seconds(pasted(page, FULL)), seconds(pasted(page, FULL // 10))
        print(f"  {page!r:<6} {full * 1000:8.1f} ms   {full / tenth:5.2f} times as long")
    print("rows of one owner made from one template")
    before = 0.0
    for count in (5_000, 10_000, 20_000):
        rows = template(count)
        now = seconds(lambda rows=rows: repeated(rows, SHARE, many=20))
        print(f"  {count:>6,} {now:7.2f} s   {f'{now / before:5.2f} times as long' if before else ''}")
        before = now


if __name__ == "__main__":
    main()
