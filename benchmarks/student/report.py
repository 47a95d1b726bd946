"""The measurements as Markdown: a goals table, then a table for each part with a column for each system."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchmarks.student.goals import goals


def as_markdown(found: Mapping[str, Any]) -> str:
    """The whole report."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{found['test images']} test images of {found['people']} people that no training saw. {found['machine']}"
    yield "In brackets: 95 % intervals, drawn over people."
    yield ""
    yield f"| {found['judged']} | to reach | found | |"
    yield "|---|---|---|---|"
    for goal in goals(found):
        yield f"| {goal.what} | {goal.wanted} | {goal.found:.4f} | {'reached' if goal.reached else 'not reached'} |"
    systems = {**found["models"], **found["baselines"]}
    yield from _part("test", systems)
    yield from _margins(found)
    yield from _part("by family", systems, "SRCC by family (with the clean pictures), of chains, by collection")
    for part in ("proxy", "stability"):
        yield from _part(part, found["models"])
    yield from _ladders(found["models"])
    yield from _slices(found)
    yield from _table("latency", found["latency"], "one image, a batch of one")
    yield from (f"- {name}: {note}" for name, one in found["baselines"].items() for note in one["notes"])


def _part(part: str, systems: Mapping[str, Any], title: str = "") -> Iterator[str]:
    yield from _table(part, {name: one[part] for name, one in systems.items() if part in one}, title)


def _table(part: str, columns: Mapping[str, Mapping[str, Any]], title: str = "") -> Iterator[str]:
    yield ""
    yield f"| {title or part} | {' | '.join(columns)} |"
    yield "|---|" + "---|" * len(columns)
    rows: Iterable[str] = dict.fromkeys(row for column in columns.values() for row in column)
    for row in rows:
        yield f"| {row} | {' | '.join(_cell(column.get(row)) for column in columns.values())} |"


def _margins(found: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    for name, value in found["margins"].items():
        yield f"- SRCC of {found['judged']} less {name}, on the same draws of people: {_cell(value)}"
    if "srcc with the teacher" in found:
        said = f"- SRCC of {found['judged']} with its teacher, of several their mean: "
        yield said + f"{found['srcc with the teacher']:.4f}"


def _ladders(models: Mapping[str, Any]) -> Iterator[str]:
    counts = next(iter(models.values()))["ladders"]
    flat = {
        name: {
            f"{row} ({counts[row]['ladders']})": f"{one['five in order']:.0%} · {one['neighbours in order']:.0%}"
            for row, one in model["ladders"].items()
        }
        for name, model in models.items()
    }
    yield from _table("ladders", flat, "ladders (how many): all five severities in order · neighbours in order")


def _slices(found: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield found["slices"]["about"]
    for name, by_slice in found["slices"]["models"].items():
        yield from _table("slices", by_slice, f"{name}: London portraits by lightness of skin")


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return f"{value[0]:.4f} [{value[1]:.4f}, {value[2]:.4f}]"
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else str(value)
