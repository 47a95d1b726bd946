"""The manifest of the comparison in docs/benchmark.md: the part of a weakly labelled set that two cores can learn from.

    python -m benchmarks.table1 DATA/manifest.csv OUT/manifest.csv
    fiqa benchmark OUT/manifest.csv --out OUT/table1 --recipe benchmarks/table1.toml ...

Labelled people, two pools of other people (their labels hidden) and validation are drawn as in `self_training`; cal and
test are whole people too, in the order of a hash of their name.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.self_training import drawn
from engine import manifest
from engine.groups import position
from engine.manifest import Manifest, Row

DATA: Final[Mapping[str, int]] = {"labelled": 1500, "pool_a": 1000, "pool_b": 1000, "val": 240}
HELD: Final[Mapping[str, int]] = {"cal": 160, "test": 500}


def part(whole: Manifest) -> Manifest:
    """Labelled images, two pools and the held-out splits of the comparison.

    Pictures of unknown quality stay out: what a pool hides is a label, so that all pools are of one kind.
    """
    whole = Manifest(tuple(row for row in whole.rows if row.mos is not None))
    learned = [row for row in drawn(whole, DATA).rows if row.split != "test"]
    return Manifest((*learned, *(row for split, count in HELD.items() for row in _people(whole, split, count))))


def _people(whole: Manifest, split: str, count: int) -> list[Row]:
    rows = sorted((r for r in whole.rows if r.split == split), key=lambda r: position(r.group, "people"))
    last = rows[min(count, len(rows)) - 1].group
    while count < len(rows) and rows[count].group == last:
        count += 1
    return rows[:count]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    told = parser.parse_args()
    told.out.parent.mkdir(parents=True, exist_ok=True)
    manifest.write(part(manifest.read(told.data)), told.out)


if __name__ == "__main__":
    main()
