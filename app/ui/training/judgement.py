"""A run's report and predictions as plain values for the views. No Qt."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from app.ui.training.history import number

METRICS: Final = ("srcc", "plcc", "rmse")
FEW: Final = 30
"""Held-out images below which the numbers say little."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; NaN where it does not exist."""

    value: float
    low: float
    high: float

    @staticmethod
    def of(found: Mapping[str, Any] | None) -> Estimate | None:
        """From a report; None where there is none."""
        return Estimate(*(number(found.get(k)) for k in ("value", "low", "high"))) if found else None


@dataclass(frozen=True)
class MetricRow:
    """One metric of both models, and by how much they differ on the same images."""

    metric: str
    candidate: Estimate | None
    baseline: Estimate | None
    difference: Estimate | None


@dataclass(frozen=True)
class Judgement:
    """What the held-out images say about a new model."""

    split: str
    images: int
    groups: int
    people_known: bool
    left_out: int
    provenance: Mapping[str, int]
    rows: tuple[MetricRow, ...]
    verdict: str | None
    """better, no real difference, worse; None: nothing to compare with, or too few images."""
    candidate: str
    baseline: str | None
    """Ids of the models."""
    baseline_name: str

    def row(self, metric: str) -> MetricRow:
        return next(row for row in self.rows if row.metric == metric)


def judge(report: Mapping[str, Any]) -> Judgement | None:
    """The deciding split of a report of `engine.evaluate`: test, else the last there is; None: no split has labels."""
    splits = report.get("splits") or {}
    if not splits:
        return None
    name = "test" if "test" in splits else list(splits)[-1]
    part = splits[name]
    rows = tuple(
        MetricRow(m, *(Estimate.of((part.get(who) or {}).get(m)) for who in ("candidate", "baseline", "difference")))
        for m in METRICS
    )
    return Judgement(
        split=name,
        images=int(part["n"]),
        groups=int(part["groups"]),
        people_known=bool(part["people_known"]),
        left_out=int(part.get("left_out", 0)),
        provenance=part["provenance"],
        rows=rows,
        verdict=part["verdict"],
        candidate=str(report.get("candidate") or ""),
        baseline=report.get("baseline"),
        baseline_name=str(report.get("baseline_name") or ""),
    )


def validation_levels(report: Mapping[str, Any]) -> dict[str, float]:
    """What the active model reaches on the images that the curves are drawn on."""
    found = ((report.get("splits") or {}).get("val") or {}).get("baseline") or {}
    return {m: number(found[m]["value"]) for m in ("srcc", "plcc") if m in found}


@dataclass(frozen=True)
class Predictions:
    """The held-out images with both models' scores; NaN where there is none."""

    paths: list[str]
    image_ids: npt.NDArray[np.int64]
    """-1 where the run came from no library."""
    splits: list[str]
    mos: Floats
    candidate: Floats
    baseline: Floats

    def of(self, split: str) -> npt.NDArray[np.bool_]:
        """Which rows are of a split."""
        return np.array([s == split for s in self.splits], dtype=bool)

    def moved(self, most: int = 100) -> npt.NDArray[np.intp]:
        """Row numbers by how far the score moves from the active to the new model, farthest first."""
        change = np.abs(self.candidate - self.baseline)
        known = np.flatnonzero(np.isfinite(change))
        return known[np.argsort(-change[known], kind="stable")][:most]


def read_predictions(path: Path) -> Predictions | None:
    """predictions.csv of a run; None where it is not there."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except FileNotFoundError:
        return None
    return Predictions(
        paths=[row["path"] for row in rows],
        image_ids=np.array([int(row["image_id"] or -1) for row in rows], dtype=np.int64),
        splits=[row["split"] for row in rows],
        mos=_floats(rows, "mos"),
        candidate=_floats(rows, "candidate"),
        baseline=_floats(rows, "baseline"),
    )


def _floats(rows: list[dict[str, str]], column: str) -> Floats:
    return np.array([float(row[column] or "nan") for row in rows], dtype=np.float64)
