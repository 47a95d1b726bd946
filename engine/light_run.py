"""The work of a run that needs no torch: look at the images once, then calibrate or personalise the active model.

Same folder, events, report and gate as a training, so whoever watches need not know the difference. Features that are
in `features.npz` already are not computed again; a cancelled or killed run goes on from those it has.
"""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil

from engine import calibrate, calibrator_file, evaluate, metrics, personalise, reference_scale
from engine import manifest as manifests
from engine.atomic import replacing
from engine.bundle import Bundle, read_bundle
from engine.calibrate import Calibrator
from engine.errors import UserError
from engine.evaluate import Predictions
from engine.features import Seen, Table, look, read_for
from engine.job import Say, working
from engine.light_recipe import LightRecipe
from engine.manifest import Manifest
from engine.run import RunDirectory, now, write_json
from engine.scoring import Scorer

LEARNED: Final = {"calibrate": ("train", "val", "cal"), "personalise": ("train", "val")}
"""The splits that each depth fits to. Strength and map are chosen by cross-validation, so `val` may teach too."""
ESTIMATE: Final = "estimate.json"
_TIMED: Final = 6
_FIT_S: Final = 2.0
_TOLD_EVERY_S: Final = 0.3
_KEPT_EVERY_S: Final = 60.0


def is_light(run: RunDirectory) -> bool:
    """Whether a run's work is done here, and not by `engine.train`."""
    return run.job.kind != "train"


def execute(run: RunDirectory, *, tell: Say | None = None) -> None:
    """Do all that is left of such a run, in this process. A finished run returns at once.

    Raises:
        RunError, Cancelled, UserError: see `engine.job.working`.
    """
    if run.state.status == "done":
        return
    with working(run, tell) as say:
        _Light(run, say).work()


def measure(run: RunDirectory) -> dict[str, Any]:
    """Time a few images and extrapolate; leaves the run as it was but for estimate.json.

    Returns:
        seconds_total, images_per_s, memory_mb, disk_mb, stages (name -> seconds), device.
    """
    scorer = Scorer(_base(run))
    table = read_for(run.features_file, scorer.bundle)
    rows = manifests.read(run.manifest_file)
    missing = [r for r in rows.rows if r.mos is not None and r.sha256 not in table.rows]
    few = Manifest(tuple(missing[:: max(1, len(missing) // _TIMED)][:_TIMED]))
    began = time.perf_counter()
    look(few, scorer, Table(table.key))
    speed = len(few) / max(time.perf_counter() - began, 1e-6)
    stages = {"features": len(missing) / speed if missing else 0.0, "fit": _FIT_S}
    found = {
        "seconds_total": sum(stages.values()),
        "images_per_s": speed if missing else None,
        "memory_mb": psutil.Process().memory_info().rss / 2**20,
        "disk_mb": (scorer.bundle.path.stat().st_size + len(rows) * 1024) / 2**20,
        "stages": stages,
        "device": scorer.provider,
        "measured": now(),
    }
    write_json(run.path / ESTIMATE, found)
    return found


def _base(run: RunDirectory) -> Bundle:
    if not run.job.baseline:
        raise UserError("This run names no model to start from.", "Prepare it with an active model.")
    return read_bundle(Path(run.job.baseline))


def divided(table: Manifest, kind: str) -> tuple[Manifest, Manifest]:
    """The rows that a run of this kind fits to, and those that it is judged on."""
    labelled = table.where(labelled=True, source="labeled")
    learned = tuple(r for r in labelled.rows if r.split in LEARNED[kind] and r.weight > 0)
    return Manifest(learned), labelled.where(split="test")


class _Light:
    def __init__(self, run: RunDirectory, say: Say) -> None:
        self._run, self._say = run, say
        self._recipe = LightRecipe.from_dict(run.job.recipe)
        self._base = _base(run)
        self._learned, self._held = divided(manifests.read(run.manifest_file), self._recipe.kind)

    def work(self) -> None:
        learned, held = self._look()
        calibrator = self._calibrate(learned) if self._recipe.kind == "calibrate" else None
        report = self._judge_map(calibrator, held) if calibrator else self._personalise(learned, held)
        write_json(self._run.report_file, report)
        self._run.emit("artifact", name="report", path=self._run.report_file.name)
        self._say(evaluate.as_text(report))
        self._run.emit("done", model=self._run.model_file.name, report=self._run.report_file.name)
        self._run.set_status("done")
        self._say("Done.")

    # -- looking -------------------------------------------------------------------------------

    def _look(self) -> tuple[Seen, Seen]:
        run, both = self._run, Manifest((*self._learned.rows, *self._held.rows))
        table = read_for(run.features_file, self._base)
        known = len(table)
        run.emit("stage", name="features", steps=sum(r.sha256 not in table.rows for r in both.rows), images=len(both))
        try:
            seen = look(both, Scorer(self._base), table, on_row=_Told(run, table))
        finally:
            if len(table) > known:
                table.write(run.features_file)
        self._note_errors(seen, len(both))
        at = len(self._learned)
        parts = (seen.features[:at], seen.scores[:at]), (seen.features[at:], seen.scores[at:])
        first, second = (Seen(f, s, ()) for f, s in parts)
        return first, second

    def _note_errors(self, seen: Seen, total: int) -> None:
        """List what could not be read; too much of it ends the run."""
        with replacing(self._run.errors_file) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["path", "reason"])
            writer.writerows((str(path), reason) for path, reason in seen.errors)
        if len(seen.errors) > max(1, int(self._recipe.max_unreadable * total)):
            path, reason = seen.errors[0]
            raise UserError(
                f"{len(seen.errors)} of {total} images cannot be read, e.g. {path}: {reason}.",
                "Mend or remove them (errors.csv lists all), or allow more with max_unreadable in the recipe.",
            )

    # -- calibrating ---------------------------------------------------------------------------

    def _kind(self) -> Any:
        return None if self._recipe.map == "auto" else self._recipe.map

    def _calibrate(self, seen: Seen) -> Calibrator:
        self._run.emit("stage", name="fit", steps=1)
        use, rows = seen.usable, self._learned
        counts: dict[str, int] = {}
        for row, used in zip(rows.rows, use, strict=True):
            if used:
                counts[row.provenance or "unknown"] = counts.get(row.provenance or "unknown", 0) + 1
        found = calibrate.fit(
            seen.scores[use],
            rows.mos[use],
            rows.groups[use],
            level=self._recipe.level,
            kind=self._kind(),
            provenance=counts,
        )
        self._keep(found, self._base.id)
        return found

    def _keep(self, found: Calibrator, model_id: str) -> None:
        calibrator_file.write(self._run.calibrator_file, found, model_id)
        self._run.emit("artifact", name="calibrator", path=self._run.calibrator_file.name)
        self._say(f"Calibrated by a map of kind '{found.kind}' on {found.labels} labels in {found.groups} groups.")

    def _judge_map(self, found: Calibrator, held: Seen) -> dict[str, Any]:
        base = self._base
        raw = Predictions(base.id, base.card.name, held.scores)
        mapped = replace(raw, scores=found.apply(held.scores).value)
        return self._report(mapped, raw) | {"calibration": _coverage(found, held.scores, self._held.mos)}

    # -- personalising -------------------------------------------------------------------------

    def _personalise(self, learned: Seen, held: Seen) -> dict[str, Any]:
        run, base = self._run, self._base
        run.emit("stage", name="fit", steps=1)
        found = personalise.learn(self._learned, learned, level=self._recipe.level, kind=self._kind())
        name, file = run.job.name, Path(run.model_file)
        bundle = personalise.write(found, base, learned, file, name=name, recipe_hash=self._recipe.digest())
        run.emit("artifact", name="model", path=file.name, id=bundle.id)
        self._say(f"Fitted to {found.labels} labels in {found.groups} groups, strength {found.fit.head.strength:g}.")
        new = Predictions(bundle.id, name, found.fit.head.apply(held.features, held.scores))
        report = self._report(new, Predictions(base.id, base.card.name, held.scores))
        if found.calibrator is not None:
            self._keep(found.calibrator, bundle.id)
            report["calibration"] = _coverage(found.calibrator, new.scores, self._held.mos)
        personalise.with_results(bundle, found, base.card, report)
        taught = found.fit.head.apply(learned.features, learned.scores)
        scores = np.concatenate([taught, new.scores])
        reference_scale.keep_own(file, scores, reference_scale.OF_TRAINING, self._say)
        read_bundle(file)
        return report

    def _report(self, candidate: Predictions, baseline: Predictions) -> dict[str, Any]:
        self._run.emit("stage", name="evaluate", steps=1)
        evaluate.write_predictions(self._run.predictions_file, self._held, candidate, baseline)
        report = evaluate.report(self._held, candidate, baseline, splits=["test"])
        hashes = {"manifest_hash": self._run.job.manifest_hash, "created": now()}
        return report | hashes | {"recipe": self._recipe.name, "kind": self._recipe.kind}


class _Told:
    """Progress as events, a few a second, and what is known so far to the disk now and then; also where the run may be
    paused or cancelled."""

    def __init__(self, run: RunDirectory, table: Table) -> None:
        self._run, self._table = run, table
        self._began = self._kept = time.monotonic()
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        self._run.checkpoint()
        at = time.monotonic()
        if at - self._kept > _KEPT_EVERY_S:
            self._table.write(self._run.features_file)
            self._kept = at
        if at - self._told > _TOLD_EVERY_S or done == total:
            self._told = at
            speed = done / max(at - self._began, 1e-6)
            self._run.emit(
                "step", stage="features", step=done, steps=total, images_per_s=speed, eta_s=(total - done) / speed
            )


def _coverage(found: Calibrator, raw: Any, mos: Any) -> dict[str, Any]:
    """How well the map does on labels that it has not seen."""
    use = np.isfinite(raw)
    at, labels = found.apply(raw[use]), mos[use]
    inside = (labels >= at.low) & (labels <= at.high)
    return {
        "kind": found.kind,
        "level": found.level,
        "labels": found.labels,
        "groups": found.groups,
        "errors": dict(found.errors or {}),
        "n": int(use.sum()),
        "rmse_raw": metrics.rmse(raw[use], labels),
        "rmse": metrics.rmse(at.value, labels),
        "coverage": float(inside.mean()) if use.any() else float("nan"),
        "width": float(np.mean(at.high - at.low)) if use.any() else float("nan"),
    }
