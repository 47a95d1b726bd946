"""How well the model in use agrees with the labels that a new one is validated on."""

from __future__ import annotations

import math

from app.library.columns import Columns
from engine import manifest as manifests
from engine import metrics
from engine.errors import UserError
from engine.run import RunDirectory


def active_levels(run: RunDirectory, columns: Columns) -> dict[str, float]:
    """SRCC and PLCC of the stored scores on the run's own validation images; empty where they cannot be told.

    The same images and labels as the curves of the run, so that its dashed lines compare like with like.
    """
    try:
        val = manifests.read(run.manifest_file).where(split="val", labelled=True)
    except UserError:
        return {}
    rows = val.rows
    ids = [int(row.extra["image_id"]) for row in rows if row.extra.get("image_id", "").isdigit()]
    at = columns.rows_of(ids)
    if len(ids) != len(rows) or not len(at) or (at < 0).any():
        return {}
    scores, mos = columns.score[at], val.mos
    found = {"srcc": metrics.srcc(scores, mos), "plcc": metrics.plcc(scores, mos)}
    return {name: value for name, value in found.items() if math.isfinite(value)}
