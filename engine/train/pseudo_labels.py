"""Pseudo-labels: what teachers say of images that nobody has labelled (paper, Eq. 2).

The paper takes the raw output of one teacher on one crop. Several crops, mirror images and teachers may be averaged;
the spread (standard deviation) of what they said is kept beside the mean. Beside the raw score stands the calibrated
one, after the four-parameter logistic from score to MOS fitted on split `val`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from engine import metrics
from engine.manifest import Manifest, Row
from engine.recipes import Labelling
from engine.train.data import PixelCache, Pixels, RowNumbers, prefetched

Scores = npt.NDArray[np.float64]
Judge = Callable[[Pixels], Scores]
"""Pixels uint8 [N, S, S, 3] to scores [N]: a network, or a bundle on ONNX Runtime."""
OnBatch = Callable[[int], None]

_BATCH: Final = 64


@dataclass(frozen=True)
class Said:
    """What was said of images, in the order of `rows`."""

    rows: RowNumbers
    raw: Scores
    """Mean over teachers and views."""
    spread: Scores
    """Standard deviation over them; 0 where there is one only."""
    calibrated: Scores
    """`raw` after the logistic; NaN where there was nothing to fit it on."""


def views(cache: PixelCache, rows: RowNumbers, how: Labelling, seed: int) -> Iterator[Pixels]:
    """The pictures that are averaged, uint8 [N, S, S, 3] each: the centre, random crops, each with its mirror image.

    A random crop follows from the seed, the row and the number of the crop, whatever the batch.
    """
    for number in range(how.crops):
        if number == 0:
            pixels = cache.center_crops(rows)
        else:
            singly = (rows[k : k + 1] for k in range(len(rows)))
            pixels = np.concatenate(
                [cache.random_crops(row, np.random.default_rng([seed, int(row[0]), number])) for row in singly]
            )
        yield pixels
        if how.flip:
            yield np.ascontiguousarray(pixels[:, :, ::-1])


def judge(
    cache: PixelCache,
    rows: RowNumbers,
    judges: Sequence[Judge],
    how: Labelling,
    *,
    seed: int,
    journal: Path | None = None,
    on_batch: OnBatch | None = None,
) -> Said:
    """Raw scores and spreads of `rows`, which must be decoded; `calibrated` is left NaN.

    Args:
        journal: finished batches are noted there, so that a killed job goes on where it was.
        on_batch: called with the number of images done; may raise to stop.
    """
    done = _read_journal(journal)
    parts = [rows[k : k + _BATCH] for k in range(0, len(rows), _BATCH)]
    left = [part for part in parts if not all(int(row) in done for row in part)]
    ready = ((part, list(views(cache, part, how, seed))) for part in left)
    for part, pictures in prefetched(ready):
        said = np.stack([one(pixels) for one in judges for pixels in pictures])
        fresh = dict(zip(part.tolist(), zip(said.mean(0).tolist(), said.std(0).tolist(), strict=True), strict=True))
        _append(journal, fresh)
        done |= fresh
        if on_batch:
            on_batch(len(done))
    raw, spread = (np.array([done[int(row)][k] for row in rows], dtype=np.float64) for k in (0, 1))
    return Said(rows, raw, spread, np.full(len(rows), np.nan))


def calibrated(said: Said, pred: Scores, mos: Scores) -> Said:
    """With the logistic fitted from teacher scores `pred` to labels `mos` of images that it did not learn from."""
    return replace(said, calibrated=metrics.fit_logistic(pred, mos)(said.raw)) if len(mos) else said


def as_manifest(said: Said, rows: Sequence[Row], *, source: str, provenance: str) -> Manifest:
    """Rows with pseudo-labels: `mos` within the scale, as the manifest's contract asks; the rest in further columns."""
    found = []
    for k, number in enumerate(said.rows.tolist()):
        beside = {"row": str(number), "raw": repr(float(said.raw[k])), "spread": repr(float(said.spread[k]))}
        beside["calibrated"] = repr(float(said.calibrated[k])) if np.isfinite(said.calibrated[k]) else ""
        row = rows[number]
        mos = float(np.clip(said.raw[k], 0.0, 1.0))
        extra = {**row.extra, **beside}
        found.append(replace(row, mos=mos, source=source, provenance=provenance, split="train", extra=extra))
    return Manifest(tuple(found))


def from_manifest(made: Manifest) -> Said:
    """The inverse of `as_manifest`."""
    column = {name: [r.extra[name] for r in made.rows] for name in ("row", "raw", "spread", "calibrated")}
    return Said(
        np.array(column["row"], dtype=np.intp),
        np.array(column["raw"], dtype=np.float64),
        np.array(column["spread"], dtype=np.float64),
        np.array([x or "nan" for x in column["calibrated"]], dtype=np.float64),
    )


def _read_journal(path: Path | None) -> dict[int, tuple[float, float]]:
    if path is None or not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]  # a line torn by a kill is judged again
    os.truncate(path, len(whole.encode()))
    return {int(row): (float(raw), float(spread)) for row, raw, spread in csv.reader(whole.splitlines())}


def _append(path: Path | None, fresh: dict[int, tuple[float, float]]) -> None:
    if path is None:
        return
    with path.open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([row, repr(r), repr(s)] for row, (r, s) in fresh.items())
        stream.flush()
        os.fsync(stream.fileno())
