"""The table of docs/benchmark.md, from the folder that `fiqa benchmark` wrote.

python -m benchmarks.table1_page OUT/table1
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any, Final

from engine.benchmark import kept
from engine.benchmark.words import DASH, number

COLUMNS: Final = (
    *("System", "SRCC [95 %]", "PLCC [95 %]", "Para. (M)", "GFLOPs ¹", "KRCC", "RMSE ²"),
    *("ms ³", "n", "sees", "first weights", "learned in", "min."),
)


def lines(results: Mapping[str, Any]) -> Iterator[str]:
    """The Markdown table: a row for each system, in the table's order."""
    yield "| " + " | ".join(COLUMNS) + " |"
    yield "|" + "---|" * len(COLUMNS)
    for entry in results["systems"]:
        yield "| " + " | ".join(_cells(entry)) + " |"


def _cells(entry: Mapping[str, Any]) -> list[str]:
    found = entry["numbers"]
    if not found:
        return [entry["title"], *[DASH] * (len(COLUMNS) - 1)]
    params = entry["params"]
    return [
        entry["title"] + ("" if found["converged"] else " ✗"),
        _interval(found["srcc"]),
        _interval(found["plcc"]),
        number(params and params / 1e6, 3),
        number(entry["gmacs"], 3),
        number(found["krcc"]["value"], 3),
        number(found["rmse_cal"]["value"], 3),
        number(entry["file_ms"], 0),
        str(found["n"]),
        entry["size"] or DASH,
        entry["init"] or DASH,
        entry["budget"] or DASH,
        number(entry["seconds"] / 60, 1),
    ]


def _interval(cell: Mapping[str, float]) -> str:
    value, low, high = (number(cell[name], 3) for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]" if isfinite(cell["low"]) else value


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    print("\n".join(lines(kept.read(parser.parse_args().folder).results)))


if __name__ == "__main__":
    main()
