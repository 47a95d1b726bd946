"""How well a model's scores agree with labels: per split, with intervals over people, and against another model.

Needs no torch: scores come from the bundle on ONNX Runtime, the way users will get them.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from engine import metrics, resample
from engine.bundle import Bundle
from engine.manifest import Manifest
from engine.scoring import Scorer

Scores = npt.NDArray[np.float64]
Verdict = Literal["better", "no real difference", "worse"]
OnRow = Callable[[int, int], None]

SAMPLES: Final = 2000
_PAIRED: Final = ("srcc", "plcc", "rmse")
_CHANGED: Final = "the file has changed since it was labelled"
_FEW_PEOPLE: Final = "There are too few people for an interval or a verdict: at least two are needed."


@dataclass(frozen=True)
class Predictions:
    """Scores of one model for the rows of a manifest, in their order; NaN where an image could not be scored."""

    model_id: str
    model_name: str
    scores: Scores
    errors: tuple[tuple[Path, str], ...] = ()


def predict(manifest: Manifest, model: Scorer | Bundle | Path, *, on_row: OnRow | None = None) -> Predictions:
    """Score every row. `on_row(done, total)` may raise to stop.

    A file that is not the one its label was given to (sha256 of the row) is an error and gets no score.

    Raises:
        BundleError: `model` is no usable bundle.
    """
    scorer = model if isinstance(model, Scorer) else Scorer(model)
    scores = np.full(len(manifest), np.nan)
    errors: list[tuple[Path, str]] = []
    found = scorer.score(r.path for r in manifest.rows)
    for number, (wanted, row) in enumerate(zip(manifest.rows, found, strict=True)):
        if row.score is None:
            errors.append((row.path, row.error or "no score"))
        elif wanted.sha256 and wanted.sha256 != row.sha256:
            errors.append((row.path, _CHANGED))
        else:
            scores[number] = row.score
        if on_row:
            on_row(number + 1, len(manifest))
    return Predictions(scorer.model_id, scorer.bundle.card.name, scores, tuple(errors))


def _json(interval: metrics.Interval, samples: int) -> dict[str, float]:
    return {**asdict(interval), "samples": samples}


def agreement(pred: npt.ArrayLike, mos: npt.ArrayLike, groups: npt.ArrayLike, *, seed: int = 0) -> dict[str, Any]:
    """Every metric of `engine.metrics.ALL` with its 95 % group-bootstrap interval.

    The logistic of `plcc_fit` is fitted once on all rows and held fixed while resampling. Limits are NaN and `samples`
    is 0 where there is no interval: a value that does not exist, fewer than two groups, too many images for `krcc`.
    """
    p, m = np.asarray(pred, dtype=np.float64), np.asarray(mos, dtype=np.float64)
    out: dict[str, Any] = {}
    for name, metric in metrics.ALL.items():
        value = metric(p, m)
        base = "plcc" if name == "plcc_fit" else name
        samples = resample.samples_for(base, p.size, SAMPLES) if np.isfinite(value) and resample.enough(groups) else 0
        if not samples:
            out[name] = _json(metrics.Interval(value, float("nan"), float("nan")), 0)
            continue
        used = metrics.fit_logistic(p, m)(p) if name == "plcc_fit" else p
        found = resample.draws(base, used, m, groups, samples=samples, seed=seed)
        out[name] = _json(resample.interval(value, found), samples)
    return out


def _difference(
    name: str, candidate: Scores, baseline: Scores, mos: Scores, groups: npt.ArrayLike, seed: int
) -> metrics.Interval:
    """Candidate - baseline on the same images, resampled together."""
    value = metrics.ALL[name](candidate, mos) - metrics.ALL[name](baseline, mos)
    if not np.isfinite(value) or not resample.enough(groups):
        return metrics.Interval(value, float("nan"), float("nan"))
    found = [resample.draws(name, s, mos, groups, samples=SAMPLES, seed=seed) for s in (candidate, baseline)]
    return resample.interval(value, found[0] - found[1])


def verdict(difference: metrics.Interval) -> Verdict | None:
    """What a paired difference (candidate - baseline) allows to say; None where it does not exist."""
    if not (np.isfinite(difference.low) and np.isfinite(difference.high)):
        return None
    return "better" if difference.low > 0 else "worse" if difference.high < 0 else "no real difference"


def _one_split(part: Manifest, candidate: Scores, baseline: Scores | None, *, seed: int) -> dict[str, Any]:
    scored = np.isfinite(candidate) & (np.isfinite(baseline) if baseline is not None else True)
    mos, groups = part.mos[scored], part.groups[scored]
    out: dict[str, Any] = {
        "n": int(scored.sum()),
        "left_out": int((~scored).sum()),
        "groups": len(np.unique(groups)),
        "people_known": all(r.group for r in part.rows),
        "provenance": dict(Counter(r.provenance or "unknown" for r in part.rows)),
        "hash": part.digest(),
        "candidate": agreement(candidate[scored], mos, groups, seed=seed),
        "baseline": None,
        "difference": None,
        "verdict": None,
        "note": "" if resample.enough(groups) else _FEW_PEOPLE,
    }
    if baseline is not None and scored.any():
        out["baseline"] = agreement(baseline[scored], mos, groups, seed=seed)
        found = {name: _difference(name, candidate[scored], baseline[scored], mos, groups, seed) for name in _PAIRED}
        out["difference"] = {name: _json(interval, SAMPLES) for name, interval in found.items()}
        out["verdict"] = verdict(found["srcc"])
    return out


def splits_of(manifest: Manifest) -> list[str]:
    """Names of the splits that hold labels, "" for rows of none."""
    return sorted({r.split for r in manifest.rows if r.mos is not None})


def report(
    manifest: Manifest,
    candidate: Predictions,
    baseline: Predictions | None = None,
    *,
    splits: Sequence[str] | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """The final evaluation as plain data.

    Keys: `candidate`, `baseline` (model ids), `splits` (name -> n, groups, people_known, provenance, hash, metrics of
    `candidate` and `baseline`, paired `difference`, `verdict`, `note` for people), `verdict` (of test, else of the last
    split there is), `unreadable`. Rows of no split stand under "all". Only rows with a label and of source `labeled`
    count.
    """
    parts: dict[str, Any] = {}
    for split in splits_of(manifest) if splits is None else splits:
        chosen = np.array(
            [r.split == split and r.mos is not None and r.source == "labeled" for r in manifest.rows], dtype=bool
        )
        part = Manifest(tuple(r for r, use in zip(manifest.rows, chosen, strict=True) if use))
        base = None if baseline is None else baseline.scores[chosen]
        parts[split or "all"] = _one_split(part, candidate.scores[chosen], base, seed=seed)
    deciding = parts.get("test") or next(reversed(parts.values()), None)
    return {
        "candidate": candidate.model_id,
        "candidate_name": candidate.model_name,
        "baseline": baseline.model_id if baseline else None,
        "baseline_name": baseline.model_name if baseline else None,
        "splits": parts,
        "verdict": deciding["verdict"] if deciding else None,
        "unreadable": [{"path": str(path), "reason": reason} for path, reason in candidate.errors],
        "protocol": "plcc and rmse are raw; plcc_fit is after the 4-parameter logistic; 95 % intervals resample groups",
    }


def evaluate_manifest(
    manifest: Manifest,
    model: Scorer | Bundle | Path,
    *,
    splits: Sequence[str] | None = None,
    baseline: Scorer | Bundle | Path | None = None,
    on_row: OnRow | None = None,
) -> dict[str, Any]:
    """Score the labelled rows of `splits` (default: of all) and report; see `report`."""
    chosen = manifest.where(labelled=True)
    if splits is not None:
        chosen = Manifest(tuple(r for r in chosen.rows if r.split in splits))
    found = predict(chosen, model, on_row=on_row)
    other = predict(chosen, baseline) if baseline is not None else None
    return report(chosen, found, other, splits=splits)


def write_predictions(
    path: Path, manifest: Manifest, candidate: Predictions, baseline: Predictions | None = None
) -> None:
    """predictions.csv: path, image_id (where the manifest has it), split, mos, candidate, baseline."""
    other = np.full(len(manifest), np.nan) if baseline is None else baseline.scores
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["path", "image_id", "split", "mos", "candidate", "baseline"])
        for row, new, old in zip(manifest.rows, candidate.scores, other, strict=True):
            values = ["" if v is None or not np.isfinite(v) else f"{v:.9g}" for v in (row.mos, new, old)]
            writer.writerow([row.path, row.extra.get("image_id", ""), row.split, *values])
    os.replace(partial, path)


def as_text(found: Mapping[str, Any]) -> str:
    """The report for people: one line per split and model."""
    lines = [f"{'split':<8}{'model':<12}{'n':>6}{'people':>8}  " + "".join(f"{n:<26}" for n in metrics.ALL)]
    for name, part in found["splits"].items():
        people = str(part["groups"]) if part["people_known"] else "unknown"
        for who in ("candidate", "baseline"):
            if part[who]:
                cells = "".join(f"{_cell(part[who][metric]):<26}" for metric in metrics.ALL)
                lines.append(f"{name:<8}{who:<12}{part['n']:>6}{people:>8}  {cells}")
        lines.append(f"        labels: {', '.join(f'{k} ({n})' for k, n in part['provenance'].items())}")
        if part["verdict"]:
            gap = part["difference"]["srcc"]
            lines.append(f"        SRCC difference {_cell(gap, sign='+')}: {part['verdict']}")
        if part["note"]:
            lines.append(f"        {part['note']}")
    lines += [f"left out: {u['path']}: {u['reason']}" for u in found["unreadable"]]
    return "\n".join(line.rstrip() for line in lines)


def _cell(interval: Mapping[str, float], sign: str = "") -> str:
    value, low, high = (f"{interval[k]:{sign}.4f}" for k in ("value", "low", "high"))
    return f"{value} [{low}, {high}]" if np.isfinite(interval["low"]) else value
