"""Full from the real window: pools chosen in the dialog, the paper's stages in the curves, the gate at their end."""

from __future__ import annotations

import os

import pytest

from app.library import edits
from engine import recipes
from engine.manifest import read
from tests import bundles, curator

pytestmark = pytest.mark.train

LONG = bool(os.environ.get("FIQA_LONG_TESTS"))
LABELLED, POOL = (400, 120) if LONG else (48, 12)
SMALL = {
    "teacher.network.arch": "edgenext_xx_small",
    "student.network.arch": "mobilenetv4_conv_small_050",
    "teacher.network.size": "64",
    "student.network.size": "64",
    "teacher.network.init": "random",
    "student.network.init": "random",
    "teacher.training.epochs": "4" if LONG else "1",
    "student.training.epochs": "8" if LONG else "2",
    "teacher.training.batch": "12",
    "student.training.batch": "12",
    "threads": "1",
}
"""The paper's recipe, as small as a person may write it under Advanced."""
STAGES = ["teacher", "pseudo1", "teacher+", "pseudo2", "student", "export", "evaluate"]


@pytest.fixture
def labelled(qtbot, launch, scored, tmp_path):
    """A window on labelled faces and on two folders, of other people, that nobody has labelled."""
    root = tmp_path / "faces"
    places = {"labelled": (LABELLED, 0), "a": (POOL, 1), "b": (POOL, 2)}
    made = {name: curator.faces(root / name, count, side=64, seed=seed) for name, (count, seed) in places.items()}
    lines = [f"{name}/{f.path.name},{name}: {f.person}" for name, faces in made.items() for f in faces]
    (root / "manifest.csv").write_text("path,group\n" + "\n".join(lines) + "\n", encoding="utf-8")
    active = bundles.write(tmp_path / "active.onnx", gain=0.3)
    window = scored(launch(root, "--model", active.path), LABELLED + 2 * POOL)
    said, columns = {str(f.path): f.mos for f in made["labelled"]}, window.model.columns
    who = {"rater_id": window.desk.rater.id, "session_id": None}

    def give():
        for image_id, path in zip(columns.id.tolist(), columns.path, strict=True):
            if path in said:
                edits.correct(window.desk.library, [image_id], said[path], **who)

    with qtbot.waitSignal(window.desk.columns_ready, timeout=60_000):
        window.desk.writer.submit(give, on_done=lambda _: window.desk.reload())
    planning = window.training_wiring.planning
    qtbot.waitUntil(lambda: planning.plan is not None and planning.plan.summary.labelled == LABELLED, timeout=60_000)
    return window


def choose_full(qtbot, window):
    """Two clicks to the dialog's depth, then pools and a small recipe; gives the dialog."""
    window.training.side.retrain.click()
    dialog = window.training_wiring.planning.dialog
    dialog.depths.buttons["full"].click()
    dialog.more.click()
    dialog.advanced.text.setPlainText(recipes.load("paper").with_values(SMALL).to_toml())
    dialog.pools.choose.click()
    qtbot.waitUntil(lambda: {"a", "b"} <= {key[1] for key in dialog.pools.boxes}, timeout=60_000)
    for (_, name), box in dialog.pools.boxes.items():
        box.setCurrentIndex(max(0, box.findData(name)))
    qtbot.waitUntil(lambda: dialog.choice() is not None and dialog.choice().recipe.threads == 1, timeout=60_000)
    assert dialog.start.isEnabled(), dialog.reason.text()
    return dialog


@pytest.mark.timeout(1800 if LONG else 900)
def test_full_through_all_stages_to_the_gate(qtbot, labelled):
    window, retraining = labelled, labelled.desk.retraining
    window.desk.failed.connect(pytest.fail)
    before = window.desk.model.id
    dialog = choose_full(qtbot, window)
    with qtbot.waitSignal(retraining.ended, timeout=1_500_000 if LONG else 400_000) as ended:
        dialog.start.click()
    assert ended.args[0].status == "done", ended.args[0].message
    run, curves = retraining.run, window.training.curves

    # The pools are those that were chosen, and a teacher labelled them.
    for pool, pseudo in (("a", "pseudo1"), ("b", "pseudo2")):
        assert {r.path.parent.name for r in read(run.pseudo / f"{pseudo}.csv").rows} == {pool}

    # The curves mark every stage of the paper.
    assert [s.stage for s in curves.history.stages] == STAGES
    qtbot.waitUntil(lambda: len(curves.loss.stages.shown) > 1, timeout=60_000)
    marked = [name for mark in curves.loss.stages.shown for name in mark.text.split("\n")]
    assert marked == ["teacher", "pseudo-labels 1", "teacher+", "pseudo-labels 2", "student", "export", "gate"]
    assert curves.point_counts()["srcc"] == 2 * int(SMALL["teacher.training.epochs"]) + int(
        SMALL["student.training.epochs"]
    )

    # The gate stands before the curator, and nothing was promoted in silence.
    gate = window.training.gate
    assert window.training.pages.currentWidget() is gate
    assert f"{run.report['splits']['test']['n']} held-out images" in gate.verdict.text()
    assert gate.use.isEnabled()
    assert window.desk.model.id == before
