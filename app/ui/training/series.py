"""The points of one curve, and its smoothed form. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Axis = Literal["epoch", "step", "time"]
Array = npt.NDArray[np.float64]
COLUMNS: Final = 4
"""Step, epoch, minutes, value."""
_COLUMN: Final[Mapping[Axis, int]] = {"step": 0, "epoch": 1, "time": 2}
FEWEST_TO_SMOOTH: Final = 10
_NEGLIGIBLE: Final = 1e-4
"""Weight, beside the latest point's, below which a point no longer counts in the mean."""


class Series:
    """Points (step, epoch, minutes, value) in the order of time; room grows by doubling."""

    def __init__(self) -> None:
        self._data: Array = np.empty((256, COLUMNS))
        self._count = 0
        self.gaps = 0
        """Points that only part two stages; they have no value."""

    def __len__(self) -> int:
        return self._count

    def extend(self, rows: Array) -> None:
        """Add points; a value may be NaN, a gap. What was told already (a step that is not beyond the last) is left."""
        if self._count:
            rows = rows[rows[:, 0] > self._data[self._count - 1, 0]]
        self._put(rows)

    def _put(self, rows: Array) -> None:
        wanted = self._count + len(rows)
        while wanted > len(self._data):
            self._data = np.concatenate([self._data, np.empty_like(self._data)])
        self._data[self._count : wanted] = rows
        self._count = wanted

    def x(self, axis: Axis) -> Array:
        """Positions along `axis`, ascending; a view."""
        return self._data[: self._count, _COLUMN[axis]]

    @property
    def y(self) -> Array:
        """Values; a view."""
        return self._data[: self._count, -1]

    def part(self, step: float, epoch: float, time: float) -> None:
        """Begin a new line at this place."""
        if self._count:
            self._put(np.array([[step, epoch, time, np.nan]]))
            self.gaps += 1

    def forget_after(self, step: float) -> None:
        """Drop the points beyond `step`: a resumed run does them anew from its checkpoint."""
        self._count = int(np.searchsorted(self._data[: self._count, 0], step, side="right"))

    def nearest(self, axis: Axis, at: float) -> int:
        """Index of the point nearest to `at`, -1 without points."""
        if not self._count:
            return -1
        xs = self.x(axis)
        right = int(np.clip(np.searchsorted(xs, at), 0, self._count - 1))
        return right - 1 if right and at - xs[right - 1] < xs[right] - at else right


def smoothed(values: Array, weight: float) -> Array | None:
    """The debiased exponential moving average, each point the mean of itself and those before it, older ones less.

    A gap (NaN) begins anew, so that no stage leaks into the next. Debiased: divided by the weights that are really
    there, hence the first value is itself and nothing is drawn towards 0.

    Args:
        weight: in (0, 1), what a point counts for beside the one after it.

    Returns:
        As many values; None where there are too few points (`FEWEST_TO_SMOOTH`) for a mean to say more than they do.
    """
    known = np.isfinite(values)
    if int(known.sum()) < FEWEST_TO_SMOOTH:
        return None
    out = np.full(len(values), np.nan)
    kernel = weight ** np.arange(int(np.ceil(np.log(_NEGLIGIBLE) / np.log(weight))))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2):
        part = values[first:end]
        used = kernel[: len(part)]
        there = np.cumsum(used)[np.minimum(np.arange(len(part)), len(used) - 1)]
        out[first:end] = np.convolve(part, used)[: len(part)] / there
    return out
