"""How well a model's scores agree with labels: per split, with intervals over people, and against another model.

Needs no torch. `predictions` scores the rows of a manifest, `numbers` turns scores and labels into numbers with
intervals, `slices` does so for parts of a split, `by_split` makes the report of it all, `table` prints it.
"""

from __future__ import annotations

from engine.evaluate.by_split import evaluate_manifest, report, splits_of
from engine.evaluate.numbers import SAMPLES, Calibration, Verdict, agreement, difference, verdict
from engine.evaluate.predictions import OnRow, Predictions, predict, write_predictions
from engine.evaluate.table import as_text

__all__ = [
    "SAMPLES",
    "Calibration",
    "OnRow",
    "Predictions",
    "Verdict",
    "agreement",
    "as_text",
    "difference",
    "evaluate_manifest",
    "predict",
    "report",
    "splits_of",
    "verdict",
    "write_predictions",
]
