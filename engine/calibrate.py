"""From raw score to the curators' scale: a monotone map and an interval that holds 90 % of new labels.

A calibrator is its own object, apart from the weights: it never decreases, so it changes no ranking, and it is stored
as plain JSON. Which kind of map is used is decided by the error on groups (people) that the map was not fitted to; few
labels allow a straight line only. The interval is the cross-conformal CV+ of Barber, Candes, Ramdas & Tibshirani
(2021), its folds cut by group and its rank corrected by the number of groups: images of one person are not independent.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from engine import metrics
from engine.errors import UserError
from engine.groups import folds

Floats = npt.NDArray[np.float64]
Kind = Literal["affine", "logistic", "isotonic", "percentile"]
Map = Callable[[Floats], Floats]

LEAST: Final = 20
"""Labels below which nothing is fitted."""
LEAST_GROUPS: Final = 6
FROM: Final[Mapping[Kind, int]] = {"affine": LEAST, "logistic": 50, "isotonic": 150}
"""Labels from which a kind of map is considered."""
LEVEL: Final = 0.9
_FOLDS: Final = 10
_GRID: Final = 257
_BEYOND: Final = 0.5
"""How far beyond the scores that were seen the map is tabulated, in their range; farther out it stays level."""
_CLEARLY: Final = 0.99
"""A more flexible kind must have this share of the error of a simpler one, or less."""


class CalibrationError(UserError):
    """There are too few labels or people, or what was read is no calibrator."""


@dataclass(frozen=True)
class Calibrated:
    """Quality on the curators' scale with its interval, float64 [N] each; NaN where there is no score."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Calibrator:
    """A monotone map as a table: between the points of `raw` it is straight, beyond them level.

    `low` and `high` bound the interval at `level`; None where there is none (percentiles). All values are in [0, 1].
    """

    kind: Kind
    raw: tuple[float, ...]
    """Ascending."""
    value: tuple[float, ...]
    """Never descending."""
    low: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None
    level: float = LEVEL
    labels: int = 0
    groups: int = 0
    errors: Mapping[str, float] | None = None
    """Root mean squared error of each kind that was tried, on groups it was not fitted to."""
    reference: str = ""
    """Whose scores a percentile is taken among."""
    provenance: Mapping[str, int] | None = None
    """Labels by origin."""

    def apply(self, raw: npt.ArrayLike) -> Calibrated:
        """Map raw scores [N]."""
        x = np.asarray(raw, dtype=np.float64)
        missing = np.full(x.shape, np.nan)
        value = np.interp(x, self.raw, self.value)
        low = np.interp(x, self.raw, self.low) if self.low is not None else missing
        high = np.interp(x, self.raw, self.high) if self.high is not None else missing
        known = np.isfinite(x)
        return Calibrated(*(np.where(known, part, np.nan) for part in (value, low, high)))

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` is its inverse."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Calibrator:
        """Read what `to_json` gave.

        Raises:
            CalibrationError: it is no such table, or it decreases somewhere.
        """
        try:
            tables = {k: tuple(map(float, data[k])) for k in ("raw", "value")}
            tables |= {k: tuple(map(float, data[k])) for k in ("low", "high") if data.get(k) is not None}
            rest = {k: data[k] for k in Calibrator.__dataclass_fields__ if k in data and k not in tables}
            found = Calibrator(**{**rest, **tables})
        except (KeyError, TypeError, ValueError) as error:
            raise CalibrationError(f"This is no calibrator ({error}).", "Calibrate the model anew.") from error
        if len({len(t) for t in tables.values()}) != 1 or len(found.raw) < 2:
            raise CalibrationError("The tables of this calibrator differ in length.", "Calibrate the model anew.")
        if (np.diff(found.raw) <= 0).any() or (np.diff(found.value) < 0).any():
            raise CalibrationError("This calibrator is not monotone.", "Calibrate the model anew.")
        return found


# -- the maps ----------------------------------------------------------------------------------------------------------


def fit_affine(raw: Floats, mos: Floats) -> Map:
    """The straight line of least squares that does not fall; level at the mean where the labels fall."""
    spread = float(np.var(raw))
    slope = max(0.0, float(np.mean((raw - raw.mean()) * (mos - mos.mean()))) / spread) if spread > 0 else 0.0
    offset = float(mos.mean() - slope * raw.mean())
    return lambda x: slope * x + offset


def fit_logistic(raw: Floats, mos: Floats) -> Map:
    """`engine.metrics.logistic` that does not fall, its ends not far outside the scale; a line where it fails."""
    from scipy.optimize import least_squares  # not at import: opening the window should not pay for SciPy

    spread = float(raw.std())
    if spread == 0.0:
        return fit_affine(raw, mos)
    start = np.array([mos.min(), max(np.ptp(mos), 0.05), raw.mean(), spread / 2])
    bounds = ([-0.5, 0.0, raw.min() - 3 * spread, spread / 20], [1.0, 2.0, raw.max() + 3 * spread, 20 * spread])

    def curve(p: Floats, x: Floats) -> Floats:
        return metrics.logistic(x, p[0] + p[1], p[0], p[2], p[3])

    found = least_squares(lambda p: curve(p, raw) - mos, np.clip(start, *bounds), bounds=bounds, max_nfev=500)
    return lambda x: curve(found.x, x)


def fit_isotonic(raw: Floats, mos: Floats) -> Map:
    """The best fit that does not fall: level blocks, joined by straight lines between their middles."""
    from scipy.optimize import isotonic_regression

    order = np.argsort(raw, kind="stable")
    found = isotonic_regression(mos[order])
    edges = found.blocks
    middles = np.array([raw[order][a:b].mean() for a, b in itertools.pairwise(edges)])
    levels = found.x[edges[:-1]]
    keep = np.r_[True, np.diff(middles) > 0]  # equal scores may be cut into two blocks
    return lambda x: np.interp(x, middles[keep], levels[keep])


_FITS: Final[Mapping[Kind, Callable[[Floats, Floats], Map]]] = {
    "affine": fit_affine,
    "logistic": fit_logistic,
    "isotonic": fit_isotonic,
}


# -- fitting -----------------------------------------------------------------------------------------------------------


def fit(
    raw: npt.ArrayLike,
    mos: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    level: float = LEVEL,
    kind: Kind | None = None,
    provenance: Mapping[str, int] | None = None,
) -> Calibrator:
    """Fit a calibrator to images that the model was not trained on.

    Args:
        raw: raw scores [N]; mos: labels in [0, 1]; groups: who belongs together.
        level: share of new labels that the interval shall hold.
        kind: take this map; default: the one with the least error on groups it was not fitted to.

    Raises:
        CalibrationError: fewer than `LEAST` labels or `LEAST_GROUPS` groups.
    """
    x, y = np.asarray(raw, dtype=np.float64), np.asarray(mos, dtype=np.float64)
    people = len(np.unique(np.asarray(groups)))
    if x.size < LEAST or people < LEAST_GROUPS:
        raise CalibrationError(
            f"Calibrating needs {LEAST} labels on {LEAST_GROUPS} people or source images; "
            f"there are {x.size} on {people}.",
            "Label more faces.",
        )
    part = folds(groups, _FOLDS)
    kinds = [kind] if kind else [k for k, least in FROM.items() if x.size >= least]
    maps = {k: [_FITS[k](x[part != f], y[part != f]) for f in range(part.max() + 1)] for k in kinds}
    held = {k: _held_out(maps[k], x, part) for k in kinds}
    errors = {str(k): metrics.rmse(held[k], y) for k in kinds}
    chosen = kinds[0]
    for k in kinds[1:]:
        if errors[k] < _CLEARLY * errors[chosen]:
            chosen = k
    grid = _grid(x)
    value = np.maximum.accumulate(np.clip(_FITS[chosen](x, y)(grid), 0.0, 1.0))
    low, high = _cv_plus(maps[chosen], part, np.abs(y - held[chosen]), grid, _alpha(level, people))
    return Calibrator(
        kind=chosen,
        raw=tuple(grid.tolist()),
        value=tuple(value.tolist()),
        low=tuple(np.minimum(low, value).tolist()),
        high=tuple(np.maximum(high, value).tolist()),
        level=level,
        labels=int(x.size),
        groups=people,
        errors=errors,
        provenance=dict(provenance) if provenance else None,
    )


def percentile(scores: npt.ArrayLike, reference: str) -> Calibrator:
    """The share of a named reference set that scores no higher; needs no labels and gives no interval.

    Raises:
        CalibrationError: the reference has fewer than `LEAST` different scores.
    """
    x = np.asarray(scores, dtype=np.float64)
    x = np.sort(x[np.isfinite(x)])
    if np.unique(x).size < LEAST:
        raise CalibrationError(f"'{reference}' has too few different scores for percentiles (at least {LEAST}).")
    at = np.unique(np.quantile(x, np.linspace(0, 1, _GRID)))
    share = np.searchsorted(x, at, side="right") / x.size
    return Calibrator("percentile", tuple(at.tolist()), tuple(share.tolist()), labels=0, reference=reference)


def _held_out(maps: list[Map], x: Floats, part: npt.NDArray[np.intp]) -> Floats:
    """What each row's own fold-less map says of it, within the scale."""
    out = np.empty(len(x))
    for fold, apply in enumerate(maps):
        out[part == fold] = np.clip(apply(x[part == fold]), 0.0, 1.0)
    return out


def _grid(x: Floats) -> Floats:
    reach = max(float(np.ptp(x)), 1e-6)
    return np.linspace(x.min() - _BEYOND * reach, x.max() + _BEYOND * reach, _GRID)


def _alpha(level: float, groups: int) -> float:
    """What may lie outside, less the correction of a finite number of groups; 0: nothing may."""
    return max(0.0, 1.0 - level * (1.0 + 1.0 / groups))


def _cv_plus(
    maps: list[Map], part: npt.NDArray[np.intp], residual: Floats, grid: Floats, alpha: float
) -> tuple[Floats, Floats]:
    """Limits [G] of the CV+ interval at each point of `grid`, within the scale.

    It reaches from the `alpha` quantile over all rows i of (map without the fold of i) - |residual of i| to the
    1 - `alpha` quantile of that map + |residual of i| (Barber et al., 2021, eq. for CV+).
    """
    if alpha == 0.0:
        return np.zeros_like(grid), np.ones_like(grid)
    there = np.stack([np.clip(apply(grid), 0.0, 1.0) for apply in maps])[part]
    low = np.quantile(there - residual[:, None], alpha, axis=0, method="lower")
    high = np.quantile(there + residual[:, None], 1.0 - alpha, axis=0, method="higher")
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
