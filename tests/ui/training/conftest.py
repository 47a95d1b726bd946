"""Real runs on disk: events through `RunDirectory.emit`, reports by `engine.evaluate` with two real small models."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
import pytest

from app.library.runs import RunRow
from app.services.training.run_index import PastRun
from engine import evaluate
from engine.manifest import Manifest, Row
from engine.recipes import RECIPES
from engine.run import EventTail, RunDirectory, write_json
from tests import bundles, pictures


def emit_training(run, *, stage="student", epochs=3, per_epoch=4, first=0, last=None, bad_epoch=None):
    """The events of the training loop for the epochs after `first` up to `last`, as it writes them."""
    steps = epochs * per_epoch
    run.emit("stage", name=stage, steps=steps, epochs=epochs, step=first * per_epoch, images=64)
    for epoch in range(first + 1, (last or epochs) + 1):
        for k in range(1, per_epoch + 1):
            step = (epoch - 1) * per_epoch + k
            speed = {"images_per_s": 41.3, "eta_s": (steps - step) * 10.0}
            run.emit("step", stage=stage, epoch=epoch, step=step, steps=steps, loss=1 / step, **speed)
        found = {"srcc": 0.5 + 0.1 * epoch, "plcc": 0.4 + 0.1 * epoch, "val_loss": 1 / epoch}
        if epoch == bad_epoch:
            found |= {"srcc": float("nan"), "plcc": float("nan")}
        run.emit("epoch", stage=stage, epoch=epoch, step=epoch * per_epoch, best=epoch != bad_epoch, **found)


def events_of(run):
    return list(EventTail(run.events_file).read())


def past(run, started="2026-11-24T14:03:12.000+00:00", number=1, kind="tiny"):
    row = RunRow(number, run.path, kind, run.state.status, None, None, None, started, None)
    return PastRun(row, run, run.state)


@pytest.fixture
def manifest(tmp_path):
    """24 faces in focus by degrees, 12 people, labels that say how much."""
    rows = []
    for k in range(24):
        radius = (k % 6) * 0.8
        path = pictures.save(pictures.blurred(k, radius), tmp_path / "faces" / f"{k:02}.png")
        origin = "human" if k % 3 else "imported:gfiqa"
        person, split = f"person {k % 12}", ("val", "test")[k % 2]
        rows.append(Row(path, 1 - radius / 5, split, provenance=origin, group=person, extra={"image_id": str(k + 1)}))
    return Manifest(tuple(rows))


@pytest.fixture
def make_run(tmp_path, manifest):
    """`make_run(name)` lays down a run of recipe tiny, claimed by this process."""

    def make(name="run", title=""):
        run = RunDirectory.create(tmp_path / "runs" / name, recipe=RECIPES["tiny"], manifest=manifest, name=title)
        run.claim()
        return run

    return make


@pytest.fixture
def judge_run(tmp_path, manifest):
    """`judge_run(run)` ends it: a model, its report against a baseline that sees all upside down, predictions."""

    def end(run, *, gain=1.0, baseline_gain=-1.0):
        new = bundles.write(run.model_file, gain=gain, name="new")
        old = None if baseline_gain is None else bundles.write(tmp_path / "old.onnx", gain=baseline_gain, name="old")
        candidate = evaluate.predict(manifest, new)
        baseline = evaluate.predict(manifest, old) if old else None
        write_json(run.report_file, evaluate.report(manifest, candidate, baseline, splits=["val", "test"]))
        evaluate.write_predictions(run.predictions_file, manifest, candidate, baseline)
        run.set_status("done")
        return run

    return end


@functools.cache
def simulated(*, images=160, new=0.05, old=0.2, splits=("val", "test")):
    """Report and text of the predictions of two models with these errors, by the real evaluation."""
    rng = np.random.default_rng(0)
    mos = rng.random(images)
    rows = tuple(
        Row(
            path=Path(f"/faces/{k:03}.jpg"),
            mos=m,
            split=splits[k % len(splits)],
            provenance="human",
            group=f"p{k // 4}",
            extra={"image_id": str(k + 1)},
        )
        for k, m in enumerate(mos)
    )
    manifest = Manifest(rows)
    made = [evaluate.Predictions(n, n, mos + rng.normal(0, s, images)) for n, s in (("new-id", new), ("old-id", old))]
    with tempfile.TemporaryDirectory() as folder:
        evaluate.write_predictions(Path(folder, "p.csv"), manifest, *made)
        text = Path(folder, "p.csv").read_text()
    return evaluate.report(manifest, *made, splits=list(dict.fromkeys(splits))), text
