"""Pairwise accuracy: of two images of which people say that one is better, how often the model says the same.

That is what culling asks of a score (Krasula et al., 2016, "better or worse"): not how far apart two faces are, but
which of them to keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.metrics import FloatArray

Rows = npt.NDArray[np.intp]

MIN_GAP: Final = 0.1
"""MOS difference above which one image counts as better, where the spread of the opinions is not known."""
ALPHA: Final = 0.05
"""Level of the test where it is known."""
ALL_UP_TO: Final = 2_000
"""Images up to which every pair is looked at; of more, `MOST` pairs are drawn at random."""
MOST: Final = 500_000
_FEWEST_RATERS: Final = 2


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows of which `better` has the clearly higher MOS.

    `rule` says in words what "clearly" means, `sampled` whether these are some of more pairs.
    """

    better: Rows
    worse: Rows
    images: int
    rule: str
    sampled: bool

    def __len__(self) -> int:
        return len(self.better)

    def _right(self, pred: FloatArray) -> FloatArray:
        """1 for a pair in the right order, 0 in the wrong one, 0.5 where the model sees no difference."""
        return np.asarray((np.sign(pred[self.better] - pred[self.worse]) + 1) / 2)

    def accuracy(self, pred: npt.ArrayLike) -> float:
        """Share of the pairs that `pred` [N] orders rightly, in [0, 1]; chance is 0.5; NaN where there is no pair."""
        found = self._right(np.asarray(pred, dtype=np.float64))
        return float(found.mean()) if len(self) else float("nan")

    def resampled(self, counts: FloatArray, pred: FloatArray, _mos: FloatArray) -> FloatArray:
        """The accuracy of each draw [samples] of `engine.resample`: a pair counts as often as both its images meet."""
        total = self._meetings(counts, np.ones(len(self)))
        right = self._meetings(counts, self._right(pred))
        return np.where(total > 0, right / np.where(total > 0, total, 1.0), np.nan)

    def _meetings(self, counts: FloatArray, values: FloatArray) -> FloatArray:
        from scipy import sparse  # not at import: opening the window should not pay for SciPy

        matrix: Any = sparse.coo_array((values, (self.better, self.worse)), shape=(self.images, self.images))
        matrix = matrix.toarray() if self.images <= ALL_UP_TO else matrix.tocsr()
        return np.asarray(((counts @ matrix) * counts).sum(1))


@dataclass(frozen=True)
class Spread:
    """How far opinions on each image differ: standard deviation in the scale of the MOS, and number of raters [N]."""

    sd: FloatArray
    n: FloatArray

    @staticmethod
    def of(sd: Sequence[str], n: Sequence[str]) -> Spread | None:
        """From the columns `mos_sd` and `mos_n`; None unless every row has both, and at least two raters."""
        try:
            found = Spread(np.array(sd, dtype=np.float64), np.array(n, dtype=np.float64))
        except ValueError:  # an empty cell, or words
            return None
        usable = np.isfinite(found.sd) & (found.sd >= 0) & np.isfinite(found.n) & (found.n >= _FEWEST_RATERS)
        return found if usable.size and usable.all() else None

    def significant(self, gap: FloatArray, a: Rows, b: Rows) -> npt.NDArray[np.bool_]:
        """Welch's test at `ALPHA` for each pair: the MOS of `a` and `b` differ by more than raters explain."""
        from scipy.special import stdtrit

        squared = self.sd**2 / self.n
        both = squared[a] + squared[b]
        with np.errstate(divide="ignore", invalid="ignore"):
            freedom = both**2 / (squared[a] ** 2 / (self.n[a] - 1) + squared[b] ** 2 / (self.n[b] - 1))
        limit = stdtrit(np.where(both > 0, freedom, 1.0), 1 - ALPHA / 2)
        return np.asarray(np.abs(gap) > limit * np.sqrt(both))


def choose(mos: npt.ArrayLike, spread: Spread | None = None, *, seed: int = 0) -> Pairs:
    """The pairs of which one image is clearly better, by `mos` [N] and, where known, the `spread` of its opinions."""
    m = np.asarray(mos, dtype=np.float64)
    sampled = m.size > ALL_UP_TO
    a, b = _sample(m.size, seed) if sampled else np.triu_indices(m.size, 1)
    gap = m[a] - m[b]
    if spread is None:
        clear, rule = np.abs(gap) > MIN_GAP, f"MOS differs by more than {MIN_GAP:g}"
    else:
        clear, rule = spread.significant(gap, a, b), f"MOS differs significantly (Welch, {ALPHA:.0%})"
    kept = np.flatnonzero(clear & (gap != 0))[: MOST if sampled else None]
    a, b, up = a[kept], b[kept], gap[kept] > 0
    return Pairs(np.where(up, a, b), np.where(up, b, a), m.size, rule, sampled)


def _sample(images: int, seed: int) -> tuple[Rows, Rows]:
    """Distinct pairs in random order, twice `MOST` of them as not every one will be clear."""
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, images, (2, 2 * MOST))
    keys = np.unique((np.minimum(a, b) * images + np.maximum(a, b))[a != b])
    rng.shuffle(keys)
    return keys // images, keys % images
