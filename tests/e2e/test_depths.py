"""A curator who minds noise far more than blur: calibrate, personalise, use, look again, roll back. Real window."""

from __future__ import annotations

import os

import numpy as np
import pytest

import resources
from app.library import calibrators, edits, snapshot
from engine import metrics
from engine.image import list_images
from tests import curator

FACES = int(os.environ.get("FIQA_CURATOR_FACES", "120"))
"""Some hundreds by hand."""


@pytest.fixture
def labelled(qtbot, launch, scored, tmp_path):
    """A window on real and drawn people, each face spoilt its own way, and the curator's opinion of all but every
    sixth."""
    made = curator.faces(
        tmp_path / "faces", FACES, originals=list_images(resources.samples()), side=128 if FACES <= 120 else 352
    )
    lines = [f"{f.path.name},{f.person}" for f in made]
    (tmp_path / "faces" / "manifest.csv").write_text("path,group\n" + "\n".join(lines) + "\n", encoding="utf-8")
    window = scored(launch(tmp_path / "faces"), FACES)
    window.opinions = {f.path.name: f.mos for f in made}
    wanted = {str(f.path): f.mos for k, f in enumerate(made) if k % 6}
    columns = window.model.columns

    def give():
        for image_id, path in zip(columns.id.tolist(), columns.path, strict=True):
            if path in wanted:
                edits.correct(
                    window.desk.library, [image_id], wanted[path], rater_id=window.desk.rater.id, session_id=None
                )

    with qtbot.waitSignal(window.desk.columns_ready, timeout=240_000):
        window.desk.writer.submit(give, on_done=lambda _: window.desk.reload())
    qtbot.waitUntil(lambda: window.training_wiring.planning.plan is not None, timeout=240_000)
    qtbot.waitUntil(lambda: window.training_wiring.planning.plan.summary.labelled == len(wanted), timeout=240_000)
    return window


def run_depth(qtbot, window, depth):
    """Through the dialog: choose a depth, start, wait for the end."""
    window.training_wiring.planning.open_dialog()
    dialog = window.training_wiring.planning.dialog
    dialog.depths.buttons[depth].click()
    assert dialog.start.isEnabled(), dialog.reason.text()
    with qtbot.waitSignal(window.desk.retraining.ended, timeout=240_000) as ended:
        dialog.start.click()
    assert ended.args[0].status == "done", ended.args[0].message
    return window.desk.retraining.run


def is_calibrated(window):
    return bool(np.isfinite(window.model.columns.calibrated).all())


def rows_of_test(window):
    return [r for r in snapshot.take(window.desk.library).rows if r.split == "test"]


def not_learned(window):
    """Ids of the faces that no head has learned: without a label, or of the test split."""
    columns = window.model.columns
    return [*columns.id[np.isnan(columns.mos)].tolist(), *(int(r.extra["image_id"]) for r in rows_of_test(window))]


def agreement(window, ids):
    """SRCC of the scores on show with what the curator would say."""
    columns = window.model.columns
    rows = columns.rows_of(ids)
    return metrics.srcc(columns.score[rows], [window.opinions[name] for name in columns.name[rows]])


def test_calibrate_then_personalise_then_back(qtbot, labelled):
    window = labelled
    base = window.desk.model.id
    before = dict(zip(window.model.columns.id.tolist(), window.model.columns.score.tolist(), strict=True))
    assert np.isnan(window.model.columns.calibrated).all()

    # Calibrate: the raw scores stay, every face gets a value on the curator's scale with an interval.
    run = run_depth(qtbot, window, "calibrate")
    assert window.training.pages.currentWidget() is window.training.calibration
    assert "held-out" in window.training.calibration.verdict.text()
    window.training.calibration.use.click()
    qtbot.waitUntil(lambda: is_calibrated(window))
    columns = window.model.columns
    assert (columns.calibrated_low <= columns.calibrated).all()
    assert np.array_equal(columns.score, [before[i] for i in columns.id.tolist()])
    window.show_image(int(columns.id[0]))
    assert window.rating._score_title.text() == "Score (calibrated)"
    assert "raw" in window.rating._word.text()
    assert calibrators.active(window.desk.library, base).version == 2  # 1: the percentiles that the model came with
    assert run.report["calibration"]["rmse"] < run.report["calibration"]["rmse_raw"]

    # Raw again, and back, from the menu.
    window.actions_["calibrated"].trigger()
    qtbot.waitUntil(lambda: bool(np.isnan(window.model.columns.calibrated).all()))
    window.actions_["calibrated"].trigger()
    qtbot.waitUntil(lambda: is_calibrated(window))

    # Personalise: better on faces that nobody labelled, and the gate says so.
    apart = not_learned(window)
    plain = agreement(window, apart)
    run = run_depth(qtbot, window, "personalise")
    assert run.report["splits"]["test"]["n"] > 0
    with qtbot.waitSignal(window.desk.models_ready, timeout=240_000):
        window.training.use_requested.emit(str(run.path))
    qtbot.waitUntil(lambda: window.desk.model.id != base and window.presenter.all_scored(), timeout=240_000)
    qtbot.waitUntil(lambda: agreement(window, apart) > plain + 0.02, timeout=240_000)
    qtbot.waitUntil(lambda: is_calibrated(window))  # it brings its own calibration

    # Back: the scores are those of before, to the last bit.
    window.desk.use_model(base)
    qtbot.waitUntil(lambda: window.desk.model.id == base and window.presenter.all_scored(), timeout=240_000)

    def as_before():
        now = window.model.columns
        return np.array_equal(now.score, [before[i] for i in now.id.tolist()])

    qtbot.waitUntil(as_before, timeout=240_000)


def test_suspect_labels_and_what_to_label_next(qtbot, labelled):
    window = labelled
    window.desk.failed.connect(pytest.fail)
    columns = window.model.columns
    with qtbot.waitSignal(window.desk.advised, timeout=240_000):
        window.actions_["suspects"].trigger()
    shown = window.model.ids_between(0, len(window.model))
    assert 10 <= len(shown) < 20
    assert window.model.blind
    assert window.rating._score.text() == "–"
    assert not window.rating._accept.isEnabled()
    held = {int(r.extra["image_id"]) for r in rows_of_test(window)}
    assert held
    assert not held & set(shown)

    with qtbot.waitSignal(window.desk.advised, timeout=240_000):
        window.actions_["label_next"].trigger()
    following = window.model.ids_between(0, len(window.model))
    unlabelled = set(columns.id[np.isnan(columns.mos)].tolist())
    assert set(following) == unlabelled
    assert not window.model.blind
    window.actions_["clear_filters"].trigger()
    assert len(window.model) == FACES
