"""Agreement between predicted quality and MOS, as pure functions.

Every function takes two float sequences of equal length N (`pred`: predicted quality, `mos`: mean
opinion score, higher is better in both) and returns a float. Constant or too short input gives NaN:
a correlation that does not exist is never reported as 0.

The protocol is part of the name: `plcc` and `rmse` are raw, `plcc_fit` and `rmse_fit` are taken after
the four-parameter logistic of VQEG (2003), as the literature does.

SciPy is loaded by the functions that need it: the window knows this module from its start, and SciPy would be a third
of what opening the window costs.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Metric = Callable[[npt.ArrayLike, npt.ArrayLike], float]
_PARAMETERS = 4  # of the logistic


def _pair(pred: npt.ArrayLike, mos: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    p, m = np.asarray(pred, dtype=np.float64), np.asarray(mos, dtype=np.float64)
    if p.ndim != 1 or p.shape != m.shape:
        raise ValueError(f"pred and mos must be 1-D and of equal length, got {p.shape} and {m.shape}")
    return p, m


def _degenerate(p: FloatArray, m: FloatArray) -> bool:
    if p.size < 2 or not (np.isfinite(p).all() and np.isfinite(m).all()):
        return True
    return bool(np.ptp(p) == 0.0 or np.ptp(m) == 0.0)


def varies(pred: npt.ArrayLike, mos: npt.ArrayLike) -> bool:
    """Whether both are finite and not constant, so that there is something to correlate or to fit."""
    return not _degenerate(*_pair(pred, mos))


def srcc(pred: npt.ArrayLike, mos: npt.ArrayLike) -> float:
    """Spearman's rank correlation, ties given their mean rank. Range [-1, 1]."""
    from scipy.stats import rankdata

    p, m = _pair(pred, mos)
    return float("nan") if _degenerate(p, m) else plcc(rankdata(p), rankdata(m))


def plcc(pred: npt.ArrayLike, mos: npt.ArrayLike) -> float:
    """Pearson's linear correlation of the raw values. Range [-1, 1]."""
    p, m = _pair(pred, mos)
    if _degenerate(p, m):
        return float("nan")
    p, m = p - p.mean(), m - m.mean()
    # Scaled before the product so that tiny or huge scores do not under- or overflow.
    p, m = p / np.abs(p).max(), m / np.abs(m).max()
    return float(np.clip(p @ m / np.sqrt((p @ p) * (m @ m)), -1.0, 1.0))


def krcc(pred: npt.ArrayLike, mos: npt.ArrayLike) -> float:
    """Kendall's tau-b. Range [-1, 1]."""
    from scipy.stats import kendalltau

    p, m = _pair(pred, mos)
    return float("nan") if _degenerate(p, m) else float(kendalltau(p, m).statistic)


def rmse(pred: npt.ArrayLike, mos: npt.ArrayLike) -> float:
    """Root mean squared error of the raw values, in the scale of `mos`."""
    p, m = _pair(pred, mos)
    return float(np.sqrt(np.mean((p - m) ** 2))) if p.size else float("nan")


def bias(pred: npt.ArrayLike, mos: npt.ArrayLike) -> float:
    """Mean of `pred - mos`: positive where the model praises more than people do."""
    p, m = _pair(pred, mos)
    return float(np.mean(p - m)) if p.size else float("nan")


def logistic(x: npt.ArrayLike, high: float, low: float, centre: float, width: float) -> FloatArray:
    """The four-parameter logistic of VQEG (2003): `low + (high - low) / (1 + exp(-(x - centre) / |width|))`."""
    z = (np.asarray(x, dtype=np.float64) - centre) / max(abs(width), 1e-12)
    return low + (high - low) / (1.0 + np.exp(-np.clip(z, -60.0, 60.0)))


def fit_logistic(pred: npt.ArrayLike, mos: npt.ArrayLike) -> Callable[[npt.ArrayLike], FloatArray]:
    """Fit `logistic` from `pred` to `mos`; a straight line where it does not converge or has fewer than four points.

    The returned function maps predictions to the scale of `mos`. The number of evaluations is bounded,
    so degenerate predictions cannot hang it.
    """
    from scipy.optimize import OptimizeWarning, curve_fit

    p, m = _pair(pred, mos)
    if _degenerate(p, m):
        constant = float(m.mean()) if m.size else float("nan")
        return lambda x: np.full(np.shape(x), constant, dtype=np.float64)
    # Centred and scaled: the fit is the same whatever scale the scores have.
    centre, spread = float(p.mean()), float(p.std()) or float(np.ptp(p))
    z = (p - centre) / spread
    slope, offset = np.polyfit(z, m, 1)
    start = (m.max(), m.min()) if slope >= 0 else (m.min(), m.max())
    try:
        if p.size < _PARAMETERS:
            raise ValueError("too few points")
        with np.errstate(all="ignore"), warnings.catch_warnings():
            # Few points: no covariance, which nobody asks for; whether the fit is good is judged below.
            warnings.simplefilter("ignore", OptimizeWarning)
            beta, _ = curve_fit(logistic, z, m, p0=(*start, 0.0, 0.25), maxfev=20_000)
        fitted = logistic(z, *beta)
        if np.isfinite(fitted).all() and rmse(fitted, m) <= rmse(slope * z + offset, m) + 1e-12:
            return lambda x: logistic((np.asarray(x, dtype=np.float64) - centre) / spread, *beta)
    except (RuntimeError, ValueError):
        pass  # too few points or not converged: the line below is the documented fallback
    return lambda x: slope * (np.asarray(x, dtype=np.float64) - centre) / spread + offset


def plcc_fit(pred: npt.ArrayLike, mos: npt.ArrayLike) -> float:
    """PLCC after the four-parameter logistic fitted on these same values (literature practice)."""
    p, m = _pair(pred, mos)
    return float("nan") if _degenerate(p, m) else plcc(fit_logistic(p, m)(p), m)


def rmse_fit(pred: npt.ArrayLike, mos: npt.ArrayLike) -> float:
    """RMSE after the four-parameter logistic fitted on these same values (literature practice)."""
    p, m = _pair(pred, mos)
    return float("nan") if _degenerate(p, m) else rmse(fit_logistic(p, m)(p), m)


BY_NAME: Mapping[str, Metric] = {"srcc": srcc, "plcc": plcc, "krcc": krcc, "rmse": rmse, "bias": bias}
ALL: Mapping[str, Metric] = {"srcc": srcc, "plcc": plcc, "plcc_fit": plcc_fit, "krcc": krcc, "rmse": rmse}


def summary(pred: npt.ArrayLike, mos: npt.ArrayLike) -> dict[str, float]:
    """All metrics of `ALL` by name."""
    return {name: metric(pred, mos) for name, metric in ALL.items()}


@dataclass(frozen=True)
class Interval:
    """A point estimate with its bootstrap interval (`low`, `high`) at `level`."""

    value: float
    low: float
    high: float
    level: float = 0.95
