"""One click from labels to a new model, in a real child process, on real faces."""

from __future__ import annotations

import csv

import numpy as np
import pytest

import resources
from tests import waiting

pytestmark = pytest.mark.train
SAMPLES = 24


@pytest.fixture
def labelled(qtbot, launch, scored, tmp_path):
    """A window on the samples with a label on every face: the severity that is written in their manifest."""
    window = scored(launch(resources.samples()), SAMPLES)
    with (resources.samples() / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        records = list(csv.DictReader(stream))
    table = tmp_path / "opinions.csv"
    lines = [
        f"{r['path']},{5 - max(map(int, r['severity'].split(',')), default=0) if r['severity'] else 5}" for r in records
    ]
    table.write_text("image,score\n" + "\n".join(lines) + "\n", encoding="utf-8")
    plans = []
    window.desk.plan_import(table, plans.append, pytest.fail, scale=(0.0, 5.0))
    qtbot.waitUntil(lambda: bool(plans))
    assert len(plans[0].matched) == SAMPLES
    with waiting.edit(qtbot, window.desk):
        window.desk.apply_import(plans[0], "theirs")
    return window


def train(window, recipe, settings=None):
    """A run of a recipe that is too small for the dialog."""
    retraining = window.desk.retraining
    retraining.enqueue(retraining.prepare(recipe, settings=settings))


def test_too_few_labels_disable_the_button_and_say_why(qtbot, launch, scored):
    window = scored(launch(resources.samples()), SAMPLES)
    qtbot.waitUntil(lambda: bool(window.training_wiring.planning.reason))
    assert "20" in window.training_wiring.planning.reason
    assert not window.training.side.retrain.isEnabled()


def test_retrain_watch_compare_and_use(qtbot, labelled):
    window = labelled
    before_model = window.desk.model.id
    before = {int(i): float(s) for i, s in zip(window.model.columns.id, window.model.columns.score, strict=True)}
    qtbot.waitUntil(lambda: window.training_wiring.planning.reason is None)

    with qtbot.waitSignal(window.desk.retraining.ended, timeout=240_000) as ended:
        train(window, "tiny")
    assert ended.args[0].status == "done", ended.args[0].message
    points = window.training.curves.point_counts()
    assert points["loss"] > 0
    assert points["srcc"] > 0
    run = window.desk.retraining.run
    assert run.report["splits"]["test"]["n"] > 0
    assert window.desk.model.id == before_model  # nothing is promoted in silence

    scored_again = []
    window.desk.scoring.finished.connect(lambda: scored_again.append(True))
    with qtbot.waitSignal(window.desk.models_ready):
        window.training.use_requested.emit(str(run.path))
    qtbot.waitUntil(lambda: window.desk.model.id != before_model)

    def all_new():
        columns = window.model.columns
        return bool(scored_again) and window.presenter.all_scored() and len(columns) == SAMPLES

    qtbot.waitUntil(all_new)
    after = {int(i): float(s) for i, s in zip(window.model.columns.id, window.model.columns.score, strict=True)}
    assert sum(abs(after[i] - before[i]) > 1e-4 for i in before) == SAMPLES

    window.desk.use_model(before_model)  # the old one is kept, and its scores with it
    qtbot.waitUntil(lambda: window.desk.model.id == before_model and window.presenter.all_scored())

    def old_scores_are_back():
        columns = window.model.columns
        return np.allclose([before[int(i)] for i in columns.id], columns.score, atol=1e-6)

    qtbot.waitUntil(old_scores_are_back)


def test_cancel_answers_at_once_and_the_run_can_be_resumed(qtbot, labelled):
    window = labelled
    retraining = window.desk.retraining
    qtbot.waitUntil(lambda: window.training_wiring.planning.reason is None)
    train(window, "tiny", {"student.training.epochs": "200"})
    qtbot.waitUntil(lambda: window.training.curves.point_counts()["srcc"] > 0, timeout=120_000)
    with qtbot.waitSignal(retraining.ended) as ended:
        window.training.cancel_requested.emit()
    assert ended.args[0].status == "cancelled"
    run = retraining.run
    assert list(run.checkpoints.iterdir())


def test_closing_the_window_does_not_lose_the_run(qtbot, labelled, launch, tmp_path):
    window = labelled
    qtbot.waitUntil(lambda: window.training_wiring.planning.reason is None)
    train(window, "tiny", {"student.training.epochs": "6"})
    qtbot.waitUntil(lambda: window.desk.retraining.run is not None)
    run = window.desk.retraining.run
    qtbot.waitUntil(lambda: run.state.is_alive())
    window.close()
    assert run.state.is_alive() or run.state.status == "done"

    again = launch()
    qtbot.waitUntil(lambda: again.desk.retraining.run is not None)
    assert again.desk.retraining.run.path == run.path
    qtbot.waitUntil(lambda: run.state.status == "done", timeout=240_000)
    qtbot.waitUntil(lambda: again.training.curves.point_counts()["srcc"] > 0)
