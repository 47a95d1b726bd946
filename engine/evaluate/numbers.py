"""Scores and labels of some images -> every metric with its interval, and what two models differ by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from engine import metrics, resample
from engine.metrics import FloatArray, Interval
from engine.pairs import Pairs

Verdict = Literal["better", "no real difference", "worse"]

SAMPLES: Final = 2000
COMPARED: Final = ("srcc", "plcc", "rmse", "pairwise")
"""Metrics of which the difference of two models is taken."""
_ITSELF: Final = "these same images"
LOWER_IS_BETTER: Final = frozenset({"rmse", "rmse_cal", "rmse_fit"})


@dataclass(frozen=True)
class Calibration:
    """The 4-parameter logistic from scores to MOS, fitted on images that nothing is reported of."""

    split: str
    images: int
    to_mos: Callable[[npt.ArrayLike], FloatArray]


def as_json(interval: Interval, samples: int) -> dict[str, float]:
    """An interval as it stands in a report."""
    return {**asdict(interval), "samples": samples}


def _with_interval(
    name: str, value: float, draw: Callable[[int], FloatArray], groups: npt.ArrayLike, images: int
) -> dict[str, float]:
    usable = np.isfinite(value) and resample.enough(groups)
    samples = resample.samples_for(name, images, SAMPLES) if usable else 0
    if not samples:
        return as_json(Interval(value, float("nan"), float("nan")), 0)
    return as_json(resample.interval(value, draw(samples)), samples)


def measured(
    name: str, pred: FloatArray, mos: FloatArray, groups: npt.ArrayLike, *, seed: int = 0, pairs: Pairs | None = None
) -> dict[str, float]:
    """One metric with its 95 % group-bootstrap interval, as it stands in a report: `srcc`, `bias`, `pairwise`, ...

    Limits are NaN and `samples` is 0 where there is no interval: a value that does not exist, fewer than two groups,
    too many images for `krcc`.
    """
    value, metric = _metric(name, pairs)

    def draw(samples: int) -> FloatArray:
        return resample.draws(metric, pred, mos, groups, samples=samples, seed=seed)

    return _with_interval(name, value(pred, mos), draw, groups, pred.size)


def _metric(name: str, pairs: Pairs | None) -> tuple[metrics.Metric, resample.Resampled]:
    """A metric of one set of images, and of many draws of them."""
    if name != "pairwise":
        return metrics.BY_NAME[name], resample.RESAMPLED[name]
    assert pairs is not None
    return lambda pred, _: pairs.accuracy(pred), pairs.resampled


def _protocols(
    pred: FloatArray, mos: FloatArray, calibration: Calibration | None, pairs: Pairs | None
) -> Iterator[tuple[str, str, FloatArray, str]]:
    """(name in the report, metric, scores that it is taken of, where their logistic was fitted)."""
    fitted = metrics.fit_logistic(pred, mos)(pred) if metrics.varies(pred, mos) else np.full(pred.shape, np.nan)
    for name in ("srcc", "plcc", "krcc", "rmse"):
        yield name, name, pred, ""
        if name in ("plcc", "rmse"):
            if calibration:
                yield f"{name}_cal", name, calibration.to_mos(pred), calibration.split
            yield f"{name}_fit", name, fitted, _ITSELF
    if pairs is not None:
        yield "pairwise", "pairwise", pred, ""


def agreement(
    pred: npt.ArrayLike,
    mos: npt.ArrayLike,
    groups: npt.ArrayLike,
    *,
    calibration: Calibration | None = None,
    pairs: Pairs | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Every metric with its 95 % group-bootstrap interval; see `measured`.

    `plcc` and `rmse` are raw; `_cal` is after the logistic of `calibration` (left out where there is none); `_fit` is
    after a logistic fitted once on these very rows and held fixed while resampling: literature practice, which
    flatters. Both say where in `fitted_on`. `pairwise` is left out where `pairs` are not given.
    """
    p, m = np.asarray(pred, dtype=np.float64), np.asarray(mos, dtype=np.float64)
    out: dict[str, Any] = {}
    for name, metric, scores, fitted_on in _protocols(p, m, calibration, pairs):
        out[name] = measured(metric, scores, m, groups, seed=seed, pairs=pairs)
        if fitted_on:
            out[name]["fitted_on"] = fitted_on
    return out


def difference(
    name: str,
    candidate: FloatArray,
    baseline: FloatArray,
    mos: FloatArray,
    groups: npt.ArrayLike,
    *,
    seed: int = 0,
    pairs: Pairs | None = None,
) -> dict[str, float]:
    """Candidate - baseline in one metric on the same images, resampled together."""
    value, metric = _metric(name, pairs)

    def draw(samples: int) -> FloatArray:
        new, old = (resample.draws(metric, s, mos, groups, samples=samples, seed=seed) for s in (candidate, baseline))
        return new - old

    return _with_interval(name, value(candidate, mos) - value(baseline, mos), draw, groups, mos.size)


def verdict(found: Mapping[str, float], metric: str = "srcc") -> Verdict | None:
    """What the paired difference (candidate - baseline) in a metric allows to say; None where it does not exist."""
    low, high = found["low"], found["high"]
    if not (np.isfinite(low) and np.isfinite(high)):
        return None
    if metric in LOWER_IS_BETTER:
        low, high = -high, -low
    return "better" if low > 0 else "worse" if high < 0 else "no real difference"
