"""The table as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.benchmark import words


def markdown(results: Mapping[str, Any]) -> str:
    """`table.md`."""
    lines = [
        f"# {words.TITLES[results['table']]}",
        "",
        *words.labels(results),
        "",
        _line(words.COLUMNS),
        "|" + "---|" * len(words.COLUMNS),
        *(_line(words.cells(entry)) for entry in results["systems"]),
        "",
        *(f"{note}  " for note in words.footnotes(results)),
        "",
        "## In words",
        "",
        *_points(words.order(results)),
        "",
        "## Remarks",
        "",
        *_points(words.remarks(results)),
        "",
        "## Origin",
        "",
        *_points(words.origin(results)),
    ]
    return "\n".join(lines) + "\n"


def _line(found: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in found) + " |"


def _points(lines: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in lines]
