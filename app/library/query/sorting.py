"""The numbers that a sort goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.library.columns import FACTORS, Columns

Floats = npt.NDArray[np.float64]
SORT_KEYS: Final = (
    "score", "mos", "difference", "suspect", "ratings", "spread", "date", "size", "pixels", "width", "height",
    "extra", *FACTORS,
)  # fmt: skip
"""What `values` knows. The gallery adds `name`, whose ranks it keeps."""
SUSPECT: Final = 3.0
"""Robust z-score from which a label counts as suspect: about 1 in 370 where differences are normal."""
_LEAST: Final = 20
"""Labels with a score below which no z-score is told: their spread is not known well enough."""
_MAD_TO_SD: Final = 1.4826


def values(columns: Columns, key: str, by: Usual | None = None) -> Floats:
    """float64 [N]: what rows are sorted by; NaN where a row has no such value (it comes last either way).

    Args:
        by: what is usual among all rows, where `columns` are only some of them and the sort is by suspicion.

    Raises:
        KeyError: there is no such sort.
    """
    if key in FACTORS:
        return np.asarray(getattr(columns, key), dtype=np.float64)
    return suspicion(columns, by=by) if key == "suspect" else _VALUES[key](columns)


@dataclass(frozen=True)
class Usual:
    """How labels differ from scores: the median of MOS - score, and its robust standard deviation. NaN: not known."""

    middle: float
    spread: float


def usual(columns: Columns, held_out: npt.NDArray[np.bool_] | None = None) -> Usual:
    """What `suspicion` measures by."""
    residual = _residual(columns, held_out)
    known = residual[~np.isnan(residual)]
    if len(known) < _LEAST:
        return Usual(np.nan, np.nan)
    middle = float(np.median(known))
    return Usual(middle, max(_MAD_TO_SD * float(np.median(np.abs(known - middle))), 1e-6))


def suspicion(columns: Columns, held_out: npt.NDArray[np.bool_] | None = None, by: Usual | None = None) -> Floats:
    """Robust z-score of MOS - score, |r - median| / (1.4826 MAD); NaN where either is missing or rows are `held_out`.

    The score should not have been trained on these labels (it then follows their errors); the number does not know.
    Test labels are to be given as `held_out`: they are never chosen by a model's disagreement. `by` is what is usual
    among all rows, where `columns` are only some of them.
    """
    by = by or usual(columns, held_out)
    distance: Floats = np.abs(_residual(columns, held_out) - by.middle) / by.spread
    return distance


def _residual(columns: Columns, held_out: npt.NDArray[np.bool_] | None) -> Floats:
    residual: Floats = columns.mos.astype(np.float64) - columns.comparable
    if held_out is not None:
        residual[held_out] = np.nan
    return residual


def unknown_as_nan(pixels: npt.NDArray[np.integer]) -> Floats:
    """Pixels that were not read yet, 0, as NaN."""
    out = pixels.astype(np.float64)
    out[pixels == 0] = np.nan
    return out


_VALUES: dict[str, Callable[[Columns], Floats]] = {
    "score": lambda c: c.comparable.astype(np.float64),  # the order of percentiles, without their ties at both ends
    "mos": lambda c: c.mos.astype(np.float64),
    "difference": lambda c: np.abs(c.mos.astype(np.float64) - c.comparable),
    "ratings": lambda c: c.n_ratings.astype(np.float64),
    "spread": lambda c: (c.mos_high - c.mos_low).astype(np.float64),
    "date": lambda c: c.mtime_ns.astype(np.float64),
    "size": lambda c: c.size.astype(np.float64),
    "pixels": lambda c: unknown_as_nan(c.width.astype(np.int64) * c.height),
    "width": lambda c: unknown_as_nan(c.width),
    "height": lambda c: unknown_as_nan(c.height),
    "extra": lambda c: c.extra.astype(np.float64),
}
