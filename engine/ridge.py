"""A linear head on features by ridge regression, drawn towards the scores of the present head.

What is fitted is the residual: mos = score + slope * score' + sum(weight * feature') + offset, where ' means
standardised over the training rows. With few labels or strong regularisation nothing remains but the present score,
shifted and stretched to the labels' scale; so a handful of labels cannot spoil a model. The strength is chosen by the
error on groups (people) that were not fitted to. NumPy only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.groups import folds

Floats = npt.NDArray[np.float64]

STRENGTHS: Final[tuple[float, ...]] = tuple(float(10.0 ** (k / 2)) for k in range(10, -1, -1))
"""Penalties on the weights of standardised features, the strongest first: so a tie goes to the smaller change."""
SLOPE_PRIOR: Final = 10.0
"""Labels that the present head's own slope is worth."""
FOLDS: Final = 5
LEAST: Final = 20
_TINY: Final = 1e-6


class RidgeError(UserError):
    """There is too little to fit a head to."""


@dataclass(frozen=True)
class Head:
    """score' = stretch * (present score) + features @ weight + bias, in raw (not standardised) features [F]."""

    stretch: float
    weight: Floats
    bias: float
    strength: float

    def apply(self, features: npt.ArrayLike, scores: npt.ArrayLike) -> Floats:
        """New scores [N] from features [N, F] and the present head's scores [N]."""
        x, s = np.asarray(features, dtype=np.float64), np.asarray(scores, dtype=np.float64)
        return self.stretch * s + x @ self.weight + self.bias


@dataclass(frozen=True)
class Fit:
    """A head and how it was chosen."""

    head: Head
    out_of_fold: Floats
    """[N]: what heads fitted without a row's own fold say of it."""
    spread: Floats
    """[N]: by what factor such a prediction is less certain than a label itself: sqrt(1 + leverage)."""
    errors: dict[float, float]
    """Strength -> root mean squared error out of fold."""
    fold_heads: tuple[Head, ...]
    """The heads fitted without one fold each; where they disagree, the labels do not decide."""


class _System:
    """The centred, standardised normal equations of some rows; solved for any strength."""

    def __init__(self, features: Floats, scores: Floats, residual: Floats, weight: Floats) -> None:
        share = weight / weight.sum()
        self._mean = share @ features
        deviation = np.sqrt(share @ (features - self._mean) ** 2)
        self._scale = np.where(deviation > _TINY, deviation, np.inf)  # a feature that never changes says nothing
        self._score_mean = float(share @ scores)
        self._score_scale = max(float(np.sqrt(share @ (scores - self._score_mean) ** 2)), _TINY)
        self._residual_mean = float(share @ residual)
        design = self._design(features, scores)
        weighed = design.T * weight
        self._gram, self._moment = weighed @ design, weighed @ (residual - self._residual_mean)
        self._labels = float(weight.sum())

    def _design(self, features: Floats, scores: Floats) -> Floats:
        score = (scores - self._score_mean) / self._score_scale
        return np.column_stack([score, (features - self._mean) / self._scale])

    def _penalised(self, strength: float) -> Floats:
        penalty = np.full(len(self._gram), strength)
        penalty[0] = SLOPE_PRIOR
        return self._gram + np.diag(penalty)

    def spread(self, features: Floats, scores: Floats, strength: float) -> Floats:
        """sqrt(1 + leverage) of new rows [N]."""
        design = self._design(features, scores)
        leverage = np.einsum("nf,fn->n", design, np.linalg.solve(self._penalised(strength), design.T))
        spread: Floats = np.sqrt(1.0 + 1.0 / self._labels + np.maximum(leverage, 0.0))
        return spread

    def solve(self, strength: float) -> Head:
        found = np.linalg.solve(self._penalised(strength), self._moment)
        weight, slope = found[1:] / self._scale, float(found[0]) / self._score_scale
        bias = self._residual_mean - float(self._mean @ weight) - slope * self._score_mean
        return Head(1.0 + slope, weight, bias, strength)


def fit(
    features: npt.ArrayLike,
    scores: npt.ArrayLike,
    mos: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    weight: npt.ArrayLike | None = None,
) -> Fit:
    """Fit a head to labels.

    Args:
        features: [N, F]; scores: of the present head [N]; mos: labels in [0, 1] [N]; groups: who belongs together.
        weight: how much each label counts [N]; default 1.

    Raises:
        RidgeError: fewer than `LEAST` labels, or fewer than two groups.
    """
    x, s, y = (np.asarray(part, dtype=np.float64) for part in (features, scores, mos))
    w = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=np.float64)
    part = folds(groups, FOLDS)
    if len(y) < LEAST or part.max() < 1:
        raise RidgeError(f"A new head needs {LEAST} labels of at least two people; there are {len(y)}.")
    systems = [_System(x[part != f], s[part != f], (y - s)[part != f], w[part != f]) for f in range(part.max() + 1)]
    held = {strength: np.empty(len(y)) for strength in STRENGTHS}
    for fold, system in enumerate(systems):
        out = part == fold
        for strength, values in held.items():
            values[out] = system.solve(strength).apply(x[out], s[out])
    errors = {strength: float(np.sqrt(np.average((v - y) ** 2, weights=w))) for strength, v in held.items()}
    best = min(errors, key=lambda strength: errors[strength])
    spread = np.empty(len(y))
    for fold, system in enumerate(systems):
        spread[part == fold] = system.spread(x[part == fold], s[part == fold], best)
    heads = tuple(system.solve(best) for system in systems)
    return Fit(_System(x, s, y - s, w).solve(best), held[best], spread, errors, heads)
