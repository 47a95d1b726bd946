"""Fine-tune in the real window: better by the gate, promoted, scored anew, rolled back to the scores of before."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from app.library import edits
from engine import recipes
from engine.manifest import Manifest, Row
from tests import curator
from tests.engine.train.conftest import make_run
from tests.long import LONG

pytestmark = [pytest.mark.train, LONG]

FACES = 160
SMALL = {"student.training.epochs": "12", "student.training.lr": "0.003", "threads": "1", "seed": "3"}
"""What a person writes under Advanced: a network this small learns in seconds."""


@pytest.fixture(scope="module")
def active(tmp_path_factory):
    """A small model with its weights, taught by somebody who minds blur alone."""
    from engine.train import pipeline

    root = tmp_path_factory.mktemp("active")
    made = curator.faces(root / "faces", 80, side=64, seed=7)
    splits = ("train", "train", "train", "val", "test")
    rows = [
        Row(f.path, 1 - f.blur / 4, splits[k // 2 % 5], provenance="weak:blur", group=f.person)
        for k, f in enumerate(made)
    ]
    run = make_run(root / "run", Manifest(tuple(rows)), student__training__epochs="4")
    pipeline.execute(run)
    shutil.copy(run.model_file, root / "active.onnx")
    shutil.copy(run.checkpoints / "student-best.safetensors", root / "active.safetensors")
    return root / "active.onnx"


@pytest.fixture
def labelled(qtbot, launch, scored, tmp_path, active):
    """A window on drawn people, with the opinions of a curator who minds noise far more than blur."""
    made = curator.faces(tmp_path / "faces", FACES, side=64)
    lines = [f"{f.path.name},{f.person}" for f in made]
    (tmp_path / "faces" / "manifest.csv").write_text("path,group\n" + "\n".join(lines) + "\n", encoding="utf-8")
    window = scored(launch(tmp_path / "faces", "--model", active), FACES)
    said, columns = {str(f.path): f.mos for f in made}, window.model.columns
    rater = window.desk.rater.id

    def give():
        for image_id, path in zip(columns.id.tolist(), columns.path, strict=True):
            edits.correct(window.desk.library, [image_id], said[path], rater_id=rater, session_id=None)

    with qtbot.waitSignal(window.desk.columns_ready, timeout=60_000):
        window.desk.writer.submit(give, on_done=lambda _: window.desk.reload())
    planning = window.training_wiring.planning
    qtbot.waitUntil(lambda: planning.plan is not None and planning.plan.summary.labelled == FACES, timeout=60_000)
    return window


def scores(window):
    return dict(zip(window.model.columns.id.tolist(), window.model.columns.score.tolist(), strict=True))


@pytest.mark.timeout(1800)  # a minute on an idle machine; a training at low priority beside twenty others takes ten
def test_finetune_promote_and_roll_back(qtbot, labelled):
    window = labelled
    window.desk.failed.connect(pytest.fail)
    base, before = window.desk.model.id, scores(window)
    window.training.side.retrain.click()
    dialog = window.training_wiring.planning.dialog
    dialog.depths.buttons["finetune"].click()
    dialog.more.click()
    dialog.advanced.text.setPlainText(recipes.load("finetune").with_values(SMALL).to_toml())
    qtbot.waitUntil(lambda: dialog.choice() is not None and dialog.choice().recipe.threads == 1, timeout=60_000)
    with qtbot.waitSignal(window.desk.retraining.ended, timeout=1_200_000) as ended:
        dialog.start.click()
    assert ended.args[0].status == "done", ended.args[0].message

    # The gate says that it is better, with an interval that leaves chance out, and waits.
    run, gate = window.desk.retraining.run, window.training.gate
    gain = run.report["splits"]["test"]["difference"]["srcc"]
    assert gain["low"] > 0, gain
    assert "The new model is better" in gate.verdict.text()
    assert gate.use.property("role") == "primary"
    assert (window.desk.model.id, scores(window)) == (base, before)

    gate.use.click()
    qtbot.waitUntil(lambda: window.desk.model.id != base and window.presenter.all_scored(), timeout=60_000)
    qtbot.waitUntil(
        lambda: all(np.isfinite(new) and new != before[i] for i, new in scores(window).items()), timeout=60_000
    )

    window.desk.use_model(base)
    qtbot.waitUntil(lambda: window.desk.model.id == base and scores(window) == before, timeout=60_000)
