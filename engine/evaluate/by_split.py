"""The report of an evaluation as plain data: split by split, candidate beside baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine import metrics, pairs, resample
from engine.bundle import Bundle
from engine.evaluate import slices as by_column
from engine.evaluate.numbers import COMPARED, Calibration, agreement, difference, verdict
from engine.evaluate.predictions import OnRow, Predictions, predict
from engine.manifest import Manifest
from engine.metrics import FloatArray
from engine.pairs import Pairs, Spread
from engine.scoring import Scorer

Mask = npt.NDArray[np.bool_]

FEWEST_TO_CALIBRATE: Final = 30
_CALIBRATE_ON: Final = ("cal", "val")
_FEW_PEOPLE: Final = "There are too few people for an interval or a verdict: at least two are needed."
_PROTOCOL: Final = (
    "srcc, plcc, krcc, rmse and pairwise are of the raw score; _cal: after the 4-parameter logistic fitted on the "
    "calibration split; _fit: after the logistic fitted on these same images, as in the literature (flatters); "
    "95 % intervals resample groups"
)


def splits_of(manifest: Manifest) -> list[str]:
    """Names of the splits that hold labels, "" for rows of none."""
    return sorted({r.split for r in manifest.rows if r.mos is not None})


def _counted(manifest: Manifest, split: str) -> Mask:
    """The rows of a split that an evaluation counts."""
    return np.array([r.split == split and r.mos is not None and r.source == "labeled" for r in manifest.rows], bool)


def _kept(manifest: Manifest, rows: Mask) -> Manifest:
    return Manifest(tuple(r for r, keep in zip(manifest.rows, rows, strict=True) if keep))


def calibration_split(manifest: Manifest) -> str | None:
    """`cal`, else `val`: where the logistic of `_cal` is fitted; None where neither has enough labelled images."""
    return next((s for s in _CALIBRATE_ON if _counted(manifest, s).sum() >= FEWEST_TO_CALIBRATE), None)


class _Calibrations:
    """The logistic of each model, and in words what stands against one for a split."""

    def __init__(self, manifest: Manifest, models: dict[str, Predictions]) -> None:
        self.split = calibration_split(manifest)
        rows = _counted(manifest, self.split) if self.split else np.zeros(len(manifest), bool)
        self._groups = {r.group for r, use in zip(manifest.rows, rows, strict=True) if use and r.group}
        self.by_model: dict[str, Calibration] = {}
        for who, found in models.items():
            usable = rows & np.isfinite(found.scores)
            if self.split and usable.sum() >= FEWEST_TO_CALIBRATE:
                fitted = metrics.fit_logistic(found.scores[usable], manifest.mos[usable])
                self.by_model[who] = Calibration(self.split, int(usable.sum()), fitted)

    def of(self, who: str, split: str) -> Calibration | None:
        return None if split == self.split else self.by_model.get(who)

    def as_json(self, split: str, part: Manifest) -> dict[str, Any]:
        found = self.of("candidate", split)
        return {
            "split": found.split if found else None,
            "images": found.images if found else 0,
            "note": self._overlap(part) if found else self._why_not(split),
        }

    def _overlap(self, part: Manifest) -> str:
        shared = len(self._groups.intersection(r.group for r in part.rows))
        return f"Groups in both '{self.split}' and this split: {shared}; calibrated numbers flatter." if shared else ""

    def _why_not(self, split: str) -> str:
        if self.split == split:
            return f"Nothing is calibrated: '{split}' is itself the calibration split."
        return f"Nothing is calibrated: neither 'cal' nor 'val' has {FEWEST_TO_CALIBRATE} images for the logistic."


def _pairs(part: Manifest, seed: int) -> Pairs:
    columns = ([r.extra.get(name, "") for r in part.rows] for name in ("mos_sd", "mos_n"))
    return pairs.choose(part.mos, Spread.of(*columns), seed=seed)


def _one_split(
    name: str,
    part: Manifest,
    scores: dict[str, FloatArray],
    calibrations: _Calibrations,
    columns: Sequence[str],
    seed: int,
) -> dict[str, Any]:
    """One split; `scores` of `candidate` and perhaps `baseline`, NaN where there is none."""
    scored = np.logical_and.reduce([np.isfinite(s) for s in scores.values()])
    used, scores = _kept(part, scored), {who: s[scored] for who, s in scores.items()}
    mos, groups, chosen = used.mos, used.groups, _pairs(used, seed)
    out: dict[str, Any] = {
        "n": len(used),
        "left_out": len(part) - len(used),
        "groups": len(np.unique(groups)),
        "people_known": all(r.person_is_known for r in part.rows),
        "provenance": dict(Counter(r.provenance or "unknown" for r in part.rows)),
        "hash": part.digest(),
        "calibration": calibrations.as_json(name, used),
        "pairs": {"rule": chosen.rule, "count": len(chosen), "sampled": chosen.sampled},
        "candidate": None,
        "baseline": None,
        "difference": None,
        "verdict": None,
        "verdicts": None,
        "slices": [by_column.one_column(used, column, scores, seed=seed) for column in columns],
        "note": "" if resample.enough(groups) else _FEW_PEOPLE,
    }
    for who, found in scores.items():
        out[who] = agreement(found, mos, groups, calibration=calibrations.of(who, name), pairs=chosen, seed=seed)
    if "baseline" in scores and len(used):
        both = scores["candidate"], scores["baseline"]
        out["difference"] = {m: difference(m, *both, mos, groups, seed=seed, pairs=chosen) for m in COMPARED}
        out["verdicts"] = {m: verdict(found, m) for m, found in out["difference"].items()}
        out["verdict"] = out["verdicts"]["srcc"]
    return out


def report(
    manifest: Manifest,
    candidate: Predictions,
    baseline: Predictions | None = None,
    *,
    splits: Sequence[str] | None = None,
    slices: Sequence[str] = (),
    seed: int = 0,
) -> dict[str, Any]:
    """The final evaluation as plain data.

    Args:
        slices: columns of the manifest by which each split is cut; see `engine.evaluate.slices`.

    Returns:
        `candidate`, `baseline` (model ids), `splits` (name -> n, groups, people_known, provenance, hash, calibration,
        pairs, metrics of `candidate` and `baseline`, paired `difference`, `verdict` (of SRCC), `verdicts`, `slices`,
        `note` for people), `verdict` (of test, else of the last split there is), `unreadable`, `protocol`. Rows of no
        split stand under "all". Only rows with a label and of source `labeled` count. The logistic of `_cal` is fitted
        on the rows of `cal`, else `val`, of `manifest`, whether or not `splits` names them. Where every row has the
        columns `mos_sd` (in the scale of `mos`) and `mos_n`, they decide which pairs count.

    Raises:
        UserError: `slices` names a column that the manifest has not.
    """
    by_column.require(manifest, slices)
    models = {"candidate": candidate} | ({"baseline": baseline} if baseline else {})
    calibrations = _Calibrations(manifest, models)
    parts: dict[str, Any] = {}
    for split in splits_of(manifest) if splits is None else splits:
        rows = _counted(manifest, split)
        scores = {who: found.scores[rows] for who, found in models.items()}
        parts[split or "all"] = _one_split(split, _kept(manifest, rows), scores, calibrations, slices, seed)
    deciding = parts.get("test") or next(reversed(parts.values()), None)
    return {
        "candidate": candidate.model_id,
        "candidate_name": candidate.model_name,
        "baseline": baseline.model_id if baseline else None,
        "baseline_name": baseline.model_name if baseline else None,
        "splits": parts,
        "verdict": deciding["verdict"] if deciding else None,
        "unreadable": [{"path": str(path), "reason": reason} for path, reason in _left_out(candidate, baseline)],
        "protocol": _PROTOCOL,
    }


def _left_out(candidate: Predictions, baseline: Predictions | None) -> Iterator[tuple[Path, str]]:
    """What either model could not score; a reason that holds for the baseline alone says so."""
    yield from candidate.errors
    known = {path for path, _ in candidate.errors}
    if baseline is not None:
        yield from ((path, f"baseline: {reason}") for path, reason in baseline.errors if path not in known)


def evaluate_manifest(
    manifest: Manifest,
    model: Scorer | Bundle | Path,
    *,
    splits: Sequence[str] | None = None,
    baseline: Scorer | Bundle | Path | None = None,
    slices: Sequence[str] = (),
    on_row: OnRow | None = None,
) -> dict[str, Any]:
    """Score the labelled rows of `splits` (default: of all) and of the calibration split, and report; see `report`."""
    by_column.require(manifest, slices)
    chosen = manifest.where(labelled=True, source="labeled")
    if splits is not None:
        wanted = {*splits, calibration_split(chosen)}
        chosen = Manifest(tuple(r for r in chosen.rows if r.split in wanted))
    found = predict(chosen, model, on_row=on_row)
    other = predict(chosen, baseline) if baseline is not None else None
    return report(chosen, found, other, splits=splits, slices=slices)
