"""A report as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np

LABELS: Final[Mapping[str, str]] = {
    "srcc": "SRCC",
    "plcc": "PLCC",
    "plcc_cal": "PLCC calibrated",
    "plcc_fit": "PLCC self-fitted*",
    "krcc": "KRCC",
    "rmse": "RMSE",
    "rmse_cal": "RMSE calibrated",
    "rmse_fit": "RMSE self-fitted*",
    "pairwise": "pairs in right order",
    "bias": "bias",
}
_FITTED: Final = "* its logistic is fitted on these very images (on test, as in the literature), which flatters"
_WIDTH: Final = 28
_NAME: Final = 22


def as_text(report: Mapping[str, Any]) -> str:
    """The report: a block per split, then its slices, then what was left out."""
    lines = []
    for name, part in report["splits"].items():
        lines += [*_split(name, part), ""]
        for found in part["slices"]:
            lines += [*_slices(name, part, found), ""]
    lines += [f"left out: {u['path']}: {u['reason']}" for u in report["unreadable"]]
    return "\n".join(line.rstrip() for line in lines).rstrip()


def _origin(part: Mapping[str, Any]) -> str:
    return "labels: " + ", ".join(f"{name} ({count})" for name, count in part["provenance"].items())


def _split(name: str, part: Mapping[str, Any]) -> Iterator[str]:
    people = f"{part['groups']} people or groups" if part["people_known"] else "people unknown"
    left_out = f", {part['left_out']} left out" if part["left_out"] else ""
    yield f"{name}: {part['n']} images, {people}{left_out}; {_origin(part)}"
    models = [who for who in ("candidate", "baseline") if part[who]]
    compared = part["difference"] or {}
    yield _row("", [*models, *(["difference" if compared else ""])])
    for metric in part["candidate"] or ():
        cells = [_cell(part[who].get(metric)) for who in models]
        if metric in compared:
            cells.append(f"{_cell(compared[metric], sign='+')}  {part['verdicts'][metric] or ''}")
        yield _row(LABELS[metric], cells)
    yield from _notes(part)


def _notes(part: Mapping[str, Any]) -> Iterator[str]:
    pairs, calibration = part["pairs"], part["calibration"]
    kind = f"{pairs['count']:,} random pairs of those" if pairs["sampled"] else f"the {pairs['count']:,} pairs"
    yield f"  order: {kind} whose {pairs['rule']}; ties of the score count half"
    if calibration["split"]:
        yield f"  calibrated: the logistic is fitted on '{calibration['split']}' ({calibration['images']} images)"
    if calibration["note"]:
        yield f"  {calibration['note']}"
    yield f"  {_FITTED}"
    if part["note"]:
        yield f"  {part['note']}"


def _slices(name: str, part: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    yield f"{name} by {found['column']}; {_origin(part)}"
    for who in (w for w in ("candidate", "baseline") if part[w] and found["values"]):
        metrics = list(found["values"][0][who])
        first, *others = (LABELS[m] for m in metrics)
        yield _row(who, [f"{'n':>5}  {first}", *others])
        for value in found["values"]:
            first, *others = (_cell(value[who][m]) for m in metrics)
            yield _row(value["value"], [f"{value['n']:>5}  {first}", *others])
        gaps = [f"{LABELS[m]} {gap:.4f}" for m, gap in found["gap"][who].items() if gap is not None]
        if gaps:
            yield f"  largest - smallest: {', '.join(gaps)}"
    if found["note"]:
        yield f"  {found['note']}"


def _row(name: str, cells: Iterable[str]) -> str:
    return f"  {name[:_NAME]:<{_NAME}}  " + "".join(f"{cell:<{_WIDTH}}" for cell in cells)


def _cell(interval: Mapping[str, float] | None, sign: str = "") -> str:
    if interval is None or not np.isfinite(interval["value"]):
        return "-"
    value, low, high = (f"{interval[k]:{sign}.4f}" for k in ("value", "low", "high"))
    return f"{value} [{low}, {high}]" if np.isfinite(interval["low"]) else value
