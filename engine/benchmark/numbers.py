"""From scores to the numbers of the table: agreement with intervals, calibration, paired differences, convergence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine import evaluate, metrics, resample
from engine.benchmark.outcome import Outcome
from engine.benchmark.systems import System
from engine.manifest import Manifest
from engine.metrics import FloatArray, Interval

STUDENT: Final = "student"
ALPHA: Final = 0.05
_FEW_TO_CALIBRATE: Final = 20
_SEED: Final = 0
_FLOORS: Final = ("sharpness", "filesize")
"""A floor's order means something; the constant has none."""
RISING: Final = 0.02
"""Still learning: in the last fifth of its steps a system's SRCC on val rose by more than this above its best yet."""
_LAST: Final = 0.2
Mask = npt.NDArray[np.bool_]
Cell = dict[str, float]


@dataclass(frozen=True)
class Held:
    """The held-out rows as arrays."""

    mos: FloatArray
    groups: npt.NDArray[np.str_]
    split: npt.NDArray[np.str_]

    @staticmethod
    def of(rows: Manifest) -> Held:
        return Held(rows.mos, rows.groups, np.array([r.split for r in rows.rows], dtype=np.str_))


def _cell(name: str, pred: FloatArray, mos: FloatArray, groups: npt.NDArray[np.str_]) -> Cell:
    """A metric with its 95 % interval over groups; limits are NaN where there is no interval."""
    value = metrics.ALL[name](pred, mos)
    samples = resample.samples_for(name, pred.size, evaluate.SAMPLES)
    if not (samples and np.isfinite(value) and resample.enough(groups)):
        return asdict(Interval(value, float("nan"), float("nan")))
    return asdict(resample.interval(value, resample.draws(name, pred, mos, groups, samples=samples, seed=_SEED)))


def agreement(held: Held, scores: FloatArray) -> dict[str, Any]:
    """Every number of one system on split test, and its SRCC on val.

    `*_cal`: after the 4-parameter logistic fitted on split cal (on val where cal is small), which reports nothing else;
    `*_fit`: fitted on test itself, as in the literature.
    """
    scored = np.isfinite(scores)
    test = scored & (held.split == "test")
    pred, mos, groups = scores[test], held.mos[test], held.groups[test]
    out: dict[str, Any] = {"n": int(test.sum()), "groups": len(np.unique(groups))}
    out |= {name: _cell(name, pred, mos, groups) for name in ("srcc", "plcc", "krcc")}
    where, to_mos = _calibration(held, scores, scored)
    out["calibrated_on"] = where
    for suffix, mapped in (("cal", to_mos), ("fit", metrics.fit_logistic(pred, mos))):
        seen = mapped(pred) if mapped else np.full(pred.shape, np.nan)
        out |= {f"{name}_{suffix}": _cell(name, seen, mos, groups) for name in ("plcc", "rmse")}
    val = scored & (held.split == "val")
    out["val_srcc"] = metrics.srcc(scores[val], held.mos[val])
    return out


def _calibration(
    held: Held, scores: FloatArray, scored: Mask
) -> tuple[str, Callable[[npt.ArrayLike], FloatArray] | None]:
    for name in ("cal", "val"):
        rows = scored & (held.split == name)
        if rows.sum() >= _FEW_TO_CALIBRATE or (name == "val" and rows.sum() > 0):
            return name, metrics.fit_logistic(scores[rows], held.mos[rows])
    return "", None


def difference(held: Held, scores: FloatArray, student: FloatArray) -> dict[str, Any] | None:
    """SRCC of a system minus that of the student on the test images that both scored, resampled together.

    `p` is the two-sided bootstrap p-value. None where the difference or its interval does not exist.
    """
    both = np.isfinite(scores) & np.isfinite(student) & (held.split == "test")
    mos, groups = held.mos[both], held.groups[both]
    value = metrics.srcc(scores[both], mos) - metrics.srcc(student[both], mos)
    if not np.isfinite(value) or not resample.enough(groups):
        return None
    first, second = (
        resample.draws("srcc", s[both], mos, groups, samples=evaluate.SAMPLES, seed=_SEED) for s in (scores, student)
    )
    drawn = (first - second)[np.isfinite(first - second)]
    if not drawn.size:
        return None
    tail = min(np.count_nonzero(drawn <= 0), np.count_nonzero(drawn >= 0))
    p = min(1.0, 2 * (tail + 1) / (drawn.size + 1))
    return {**asdict(resample.interval(value, drawn)), "n": int(both.sum()), "p": p}


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """p-values adjusted by Holm (1979) for the number of comparisons."""
    adjusted, worst = {}, 0.0
    for rank, (key, p) in enumerate(sorted(values.items(), key=lambda item: item[1])):
        worst = max(worst, min(1.0, (len(values) - rank) * p))
        adjusted[key] = worst
    return adjusted


def all_numbers(systems: Sequence[System], outcomes: Mapping[str, Outcome], rows: Manifest) -> dict[str, Any]:
    """Numbers of every system that has an outcome, by key."""
    held = Held.of(rows)
    values = {s.key: outcomes[s.key].values() for s in systems if not outcomes[s.key].reason}
    found = {key: agreement(held, scores) for key, scores in values.items()}
    _add_differences(found, held, values)
    floors = [found[k]["val_srcc"] for k in _FLOORS if k in found]
    limit = max([0.0, *filter(np.isfinite, floors)])
    learns = {s.key: s.learns for s in systems}
    for key, numbers in found.items():
        rise = late_rise(outcomes[key].curve)
        numbers["above_floor"] = not learns[key] or bool(numbers["val_srcc"] > limit)
        numbers["late_rise"] = rise
        numbers["converged"] = numbers["above_floor"] and not (rise is not None and rise > RISING)
        numbers["floor_val_srcc"] = limit
    return found


def late_rise(curve: Sequence[tuple[int, float | None]]) -> float | None:
    """How far the SRCC on val rose in the last fifth of the steps above its best before; never below 0.

    Where no validation fell on four fifths of the steps, the line between its neighbours says what it was there:
    curves flatten, so this makes the rise rather too large. Infinite where there is nothing before to compare with;
    None where no validations are known.
    """
    if not curve:
        return None
    known = [(step, srcc) for step, srcc in curve if srcc is not None]
    late = (1 - _LAST) * curve[-1][0]
    before, after = ([(s, v) for s, v in known if (s > late) is rest] for rest in (False, True))
    if not before:
        return float("inf")
    if not after:
        return 0.0
    (start, low), (end, high) = before[-1], after[0]
    there = low + (high - low) * (late - start) / (end - start)
    return max(0.0, max(v for _, v in after) - max(there, *(v for _, v in before)))


def _add_differences(found: dict[str, Any], held: Held, values: Mapping[str, FloatArray]) -> None:
    gaps = {}
    if STUDENT in values:
        others = {key: scores for key, scores in values.items() if key != STUDENT}
        gaps = {key: gap for key, s in others.items() if (gap := difference(held, s, values[STUDENT]))}
    adjusted = holm({key: gap["p"] for key, gap in gaps.items()})
    for key, numbers in found.items():
        gap = gaps.get(key)
        numbers["difference"] = gap and {**gap, "p_holm": adjusted[key], "verdict": _verdict(gap, adjusted[key])}


def _verdict(gap: Mapping[str, Any], p: float) -> str:
    if p >= ALPHA:
        return "no real difference"
    return "better" if gap["value"] > 0 else "worse"
