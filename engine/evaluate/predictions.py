"""Scores of a model for the rows of a manifest, from the bundle on ONNX Runtime, the way users will get them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.atomic import replacing
from engine.bundle import Bundle
from engine.manifest import Manifest
from engine.metrics import FloatArray
from engine.scoring import Scorer

OnRow = Callable[[int, int], None]
_CHANGED: Final = "the file has changed since it was labelled"


@dataclass(frozen=True)
class Predictions:
    """Scores of one model for the rows of a manifest, in their order; NaN where an image could not be scored."""

    model_id: str
    model_name: str
    scores: FloatArray
    errors: tuple[tuple[Path, str], ...] = ()


def predict(manifest: Manifest, model: Scorer | Bundle | Path, *, on_row: OnRow | None = None) -> Predictions:
    """Score every row. `on_row(done, total)` may raise to stop.

    A file that is not the one its label was given to (sha256 of the row) is an error and gets no score.

    Raises:
        BundleError: `model` is no usable bundle.
    """
    scorer = model if isinstance(model, Scorer) else Scorer(model)
    scores = np.full(len(manifest), np.nan)
    errors: list[tuple[Path, str]] = []
    found = scorer.score(r.path for r in manifest.rows)
    for number, (wanted, row) in enumerate(zip(manifest.rows, found, strict=True)):
        if row.score is None:
            errors.append((row.path, row.error or "no score"))
        elif wanted.sha256 and wanted.sha256 != row.sha256:
            errors.append((row.path, _CHANGED))
        else:
            scores[number] = row.score
        if on_row:
            on_row(number + 1, len(manifest))
    return Predictions(scorer.model_id, scorer.bundle.card.name, scores, tuple(errors))


def write_predictions(
    path: Path, manifest: Manifest, candidate: Predictions, baseline: Predictions | None = None
) -> None:
    """predictions.csv, whole or not at all: path, image_id (where the manifest has it), split, mos, both scores."""
    other = np.full(len(manifest), np.nan) if baseline is None else baseline.scores
    with replacing(path) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["path", "image_id", "split", "mos", "candidate", "baseline"])
        for row, new, old in zip(manifest.rows, candidate.scores, other, strict=True):
            values = ["" if v is None or not np.isfinite(v) else f"{v:.9g}" for v in (row.mos, new, old)]
            writer.writerow([row.path, row.extra.get("image_id", ""), row.split, *values])
