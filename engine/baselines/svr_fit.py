"""Fitting of BRISQUE's support vector regression by scikit-learn, which is imported when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine import metrics
from engine.baselines.contract import NotFittedError
from engine.baselines.nss import FloatArray
from engine.manifest import Manifest

_C: Final = (1.0, 4.0, 16.0, 64.0, 256.0)
_GAMMA: Final = (2.0**-9, 2.0**-7, 2.0**-5, 2.0**-3)
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Best:
    """The winner of a search, and its mean SRCC over the folds."""

    c: float
    gamma: float
    srcc: float


def search(
    values: FloatArray,
    rows: Manifest,
    *,
    folds: int,
    most: int,
    epsilon: float,
    seed: int,
    on_step: Callable[[int, int], None],
) -> Best:
    """C and gamma of the best mean SRCC, with people kept on one side of each fold; `on_step` may raise to stop.

    Raises:
        NotFittedError: scikit-learn is missing, or there are fewer than two groups.
    """
    chosen = np.random.default_rng(seed).permutation(len(rows))[:most]
    x, mos, groups = values[chosen], rows.mos[chosen], rows.groups[chosen]
    cuts = list(_folds(groups, folds))
    grid = [(c, gamma) for c in _C for gamma in _GAMMA]
    found = []
    for done, (c, gamma) in enumerate(grid):
        on_step(done, len(grid))
        scores = [_fold(x, mos, train, held, c, gamma, epsilon) for train, held in cuts]
        found.append(Best(c, gamma, float(np.nanmean(scores)) if np.isfinite(scores).any() else -1.0))
    on_step(len(grid), len(grid))
    return max(found, key=lambda best: best.srcc)


def _folds(groups: npt.NDArray[np.str_], folds: int) -> Iterator[tuple[Rows, Rows]]:
    from sklearn.model_selection import GroupKFold

    count = min(folds, len(np.unique(groups)))
    if count < 2:
        raise NotFittedError("All training images are of one group; cross-validation needs two.")
    yield from GroupKFold(count).split(groups, groups=groups)


def _fold(x: FloatArray, mos: FloatArray, train: Rows, held: Rows, c: float, gamma: float, epsilon: float) -> float:
    scaler, svr = _learn(x[train], mos[train], c, gamma, epsilon)
    return metrics.srcc(svr.predict(scaler.transform(x[held])), mos[held])


def _learn(x: FloatArray, mos: FloatArray, c: float, gamma: float, epsilon: float) -> tuple[Any, Any]:
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVR

    scaler = StandardScaler().fit(x)
    return scaler, SVR(kernel="rbf", C=c, gamma=gamma, epsilon=epsilon).fit(scaler.transform(x), mos)


def fit(x: FloatArray, mos: FloatArray, c: float, gamma: float, epsilon: float) -> dict[str, Any]:
    """The numbers of `engine.baselines.brisque.Svr`, by name."""
    scaler, svr = _learn(x, mos, c, gamma, epsilon)
    return {
        "centre": scaler.mean_,
        "scale": scaler.scale_,
        "vectors": svr.support_vectors_,
        "dual": svr.dual_coef_[0],
        "gamma": gamma,
        "intercept": float(svr.intercept_[0]),
    }
