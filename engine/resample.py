"""The group bootstrap: how far a metric would move if other people had been drawn, for all draws at once.

Whole people are drawn, with replacement, since images of one person are not independent. That gives every image a
count, and every metric of the drawn images is a function of those counts. A matrix of counts [draws, images] therefore
stands for all draws, and a few matrix products for thousands of separate evaluations; a test holds them to those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.metrics import FloatArray, Interval

_CHUNK: Final = 4_000_000
"""Counts (draws x images) that are made and handled at once."""
_PAIRS: Final = 4_000_000
"""Pairs of images up to which Kendall's tau looks at all of them in every draw."""

_MOST_PAIRED: Final = 4_000
"""Images above which Kendall's tau gets no interval: its pairs would fill the memory."""
_FEWEST_GROUPS: Final = 2
_FEWEST_FINITE: Final = 0.5
"""Share of the draws that must have a value."""

Resampled = Callable[[FloatArray, FloatArray, FloatArray], FloatArray]


def draw(groups: npt.ArrayLike, samples: int, *, seed: int = 0) -> FloatArray:
    """How often each image is drawn: [samples, N], whole groups together, as many groups as there are."""
    return np.concatenate(list(_in_parts(groups, samples, seed=seed)))


def _in_parts(groups: npt.ArrayLike, samples: int, *, seed: int) -> Iterator[FloatArray]:
    """`draw`, a few draws at a time: those of a hundred thousand images would fill the memory."""
    _, codes = np.unique(np.asarray(groups), return_inverse=True)
    codes = codes.ravel()
    count = int(codes.max()) + 1 if codes.size else 0
    rng = np.random.default_rng(seed)
    step = max(1, _CHUNK // max(codes.size, 1))
    for begin in range(0, samples, step):
        drawn = [
            np.bincount(rng.integers(0, count, count), minlength=count)
            for _ in range(begin, min(begin + step, samples))
        ]
        yield np.asarray(np.stack(drawn)[:, codes], dtype=np.float64)


def plcc(counts: FloatArray, pred: FloatArray, mos: FloatArray) -> FloatArray:
    """Pearson's correlation of each draw [samples]; values are [N], or [samples, N] where they differ by draw."""
    total = counts.sum(1, keepdims=True)
    p = pred - (counts * pred).sum(1, keepdims=True) / total
    m = mos - (counts * mos).sum(1, keepdims=True) / total
    pp, mm, pm = ((counts * a * b).sum(1) for a, b in ((p, p), (m, m), (p, m)))
    scale = np.sqrt(pp * mm)
    # What is left of a constant is rounding, whose size follows that of the values.
    rounding = [(1e-12 * np.abs(v).max(axis=-1)) ** 2 * total[:, 0] for v in (pred, mos)]
    constant = (pp <= rounding[0]) | (mm <= rounding[1])
    return np.where(constant, np.nan, pm / np.where(constant, 1.0, scale))


def _ranks(counts: FloatArray, values: FloatArray) -> FloatArray:
    """Rank of each image among those drawn, ties given their mean rank: [samples, N]."""
    _, tied = np.unique(values, return_inverse=True)
    order = np.argsort(tied, kind="stable")
    starts = np.flatnonzero(np.diff(tied[order], prepend=-1))
    per_value = np.add.reduceat(counts[:, order], starts, axis=1)
    rank = np.cumsum(per_value, axis=1) - (per_value - 1) / 2
    return np.asarray(rank[:, tied])


def srcc(counts: FloatArray, pred: FloatArray, mos: FloatArray) -> FloatArray:
    """Spearman's correlation of each draw [samples]."""
    return plcc(counts, _ranks(counts, pred), _ranks(counts, mos))


def rmse(counts: FloatArray, pred: FloatArray, mos: FloatArray) -> FloatArray:
    """Root mean squared error of each draw [samples]."""
    return np.asarray(np.sqrt(counts @ (pred - mos) ** 2 / counts.sum(1)))


def krcc(counts: FloatArray, pred: FloatArray, mos: FloatArray) -> FloatArray:
    """Kendall's tau-b of each draw [samples]."""
    p, m = (np.sign(v[:, None] - v[None, :]).astype(np.float32) for v in (pred, mos))
    w = counts.astype(np.float32)

    def pairs(signs: npt.NDArray[np.float32]) -> FloatArray:
        return np.asarray(((w @ signs) * w).sum(1, dtype=np.float64))

    scale = np.sqrt(pairs(np.abs(p)) * pairs(np.abs(m)))
    return np.where(scale > 0, pairs(p * m) / np.where(scale > 0, scale, 1.0), np.nan)


def bias(counts: FloatArray, pred: FloatArray, mos: FloatArray) -> FloatArray:
    """Mean of `pred - mos` of each draw [samples]."""
    return np.asarray(counts @ (pred - mos) / counts.sum(1))


RESAMPLED: Final[Mapping[str, Resampled]] = {"srcc": srcc, "plcc": plcc, "krcc": krcc, "rmse": rmse, "bias": bias}


def draws(
    metric: str | Resampled, pred: FloatArray, mos: FloatArray, groups: npt.ArrayLike, *, samples: int, seed: int
) -> FloatArray:
    """A metric (of `RESAMPLED` by its name, or one's own) of each draw [samples]."""
    found = RESAMPLED[metric] if isinstance(metric, str) else metric
    return np.concatenate([found(counts, pred, mos) for counts in _in_parts(groups, samples, seed=seed)])


def samples_for(name: str, images: int, samples: int) -> int:
    """`samples`; for Kendall's tau a tenth where its pairs would take minutes, 0 where they would fill the memory.

    Reports state the number.
    """
    if name == "krcc" and images > _MOST_PAIRED:
        return 0
    return samples // 10 if name == "krcc" and images**2 > _PAIRS else samples


def enough(groups: npt.ArrayLike) -> bool:
    """Whether there are groups to draw from: drawing one person again and again says nothing about others."""
    return len(np.unique(np.asarray(groups))) >= _FEWEST_GROUPS


def interval(value: float, found: FloatArray, *, level: float = 0.95) -> Interval:
    """Percentile interval of draws around a point value; draws that are NaN are left out.

    Where half of them are, the rest are no fair sample of what might have been, and there is no interval.
    """
    finite = found[np.isfinite(found)]
    if finite.size <= _FEWEST_FINITE * found.size:
        return Interval(value, float("nan"), float("nan"), level)
    low, high = np.quantile(finite, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high), level)
