"""A run's history is the same whether it was watched, found again or resumed."""

from __future__ import annotations

import numpy as np

from app.ui.training.history import History
from app.ui.training.series import Series, smoothed
from tests.ui.training.conftest import emit_training, events_of


def history_of(run):
    made = History()
    made.append(events_of(run))
    return made


def test_points_stages_and_best(make_run):
    run = make_run()
    emit_training(run, epochs=3, per_epoch=4)
    run.emit("warning", message="One image could not be read.")
    run.emit("stage", name="export", steps=1)
    found = history_of(run)
    assert {k: n for k, n in found.counts().items() if n} == {"loss": 12, "val_loss": 3, "srcc": 3, "plcc": 3}
    np.testing.assert_allclose(found.series["loss"].x("epoch"), np.arange(1, 13) / 4)
    np.testing.assert_allclose(found.series["srcc"].x("step"), [4, 8, 12])
    assert found.best is not None
    assert (found.best.epoch, round(found.best.srcc, 3)) == (3, 0.8)
    assert found.warnings == ["One image could not be read."]
    assert (found.stage, found.epochs, found.steps) == ("export", 0, 1)


def test_a_resumed_run_draws_no_zigzag(make_run):
    """Killed in epoch 3, it goes on from the end of epoch 2: the steps that were lost are done anew."""
    run = make_run()
    emit_training(run, epochs=4, last=2)
    for step in (9, 10):
        run.emit("step", stage="student", epoch=3, step=step, steps=16, loss=9.0)
    emit_training(run, epochs=4, first=2)
    found = history_of(run)
    assert found.counts()["loss"] == 16
    assert np.all(np.diff(found.series["loss"].x("step")) > 0)
    assert 9.0 not in found.series["loss"].y
    assert len(found.boundaries) == 1


def test_stages_follow_each_other_with_a_gap(make_run):
    run = make_run()
    emit_training(run, stage="teacher", epochs=2)
    emit_training(run, stage="student", epochs=3)
    found = history_of(run)
    assert [(b.stage, b.step, b.epoch) for b in found.boundaries] == [("teacher", 0, 0), ("student", 8, 2)]
    assert {k: n for k, n in found.counts().items() if n} == {"loss": 20, "val_loss": 5, "srcc": 5, "plcc": 5}
    assert np.isnan(found.series["srcc"].y[2])
    assert found.end("epoch") == 5


def test_no_correlation_is_a_gap_and_never_the_best(make_run):
    run = make_run()
    emit_training(run, epochs=3, bad_epoch=3)
    found = history_of(run)
    assert np.isnan(found.series["srcc"].y[-1])
    assert found.best is not None
    assert found.best.epoch == 2


def test_an_epoch_told_twice_is_one_point(make_run):
    run = make_run()
    emit_training(run, epochs=2)
    run.emit("epoch", stage="student", epoch=2, step=8, srcc=0.7, plcc=0.6, val_loss=0.5)
    assert history_of(run).counts()["srcc"] == 2


def test_series_grow_and_find_the_nearest():
    made = Series()
    assert made.nearest("step", 3.0) == -1
    for k in range(1000):
        made.extend(np.array([[k, k / 10, k / 60, k * 2.0]]))
    np.testing.assert_array_equal(made.y, np.arange(1000) * 2.0)
    assert made.nearest("step", 500.4) == 500
    assert made.nearest("step", 500.6) == 501
    assert made.nearest("epoch", -5.0) == 0
    assert made.nearest("epoch", 1e9) == 999


def at(minute, **fields):
    return {"at": f"2026-11-24T{10 + minute // 60:02}:{minute % 60:02}:00.000+00:00", **fields}


def test_time_is_that_of_the_clock_without_the_night_between_stop_and_resumption():
    def step(minute, number):
        return at(minute, type="step", stage="student", epoch=1, step=number, steps=100, loss=0.5)

    stage = {"type": "stage", "name": "student", "epochs": 1, "steps": 100}
    found = History([at(0, type="run"), at(1, **stage), step(2, 1), step(5, 2), at(500, **stage, step=2), step(503, 3)])
    np.testing.assert_allclose(found.series["loss"].x("time"), [2, 5, 8])
    assert found.boundaries[0].at("time") == 1


def test_smoothing_is_an_unbiased_mean_that_begins_anew_at_a_gap():
    values = np.r_[np.full(20, 3.0), np.nan, np.arange(20.0)]
    found = smoothed(values, 0.9)
    np.testing.assert_allclose(found[:20], 3.0)  # nothing is drawn towards 0
    assert np.isnan(found[20])
    weights = 0.9 ** np.arange(20)[::-1]
    np.testing.assert_allclose(found[21], 0.0, atol=1e-12)
    np.testing.assert_allclose(found[40], np.average(np.arange(20.0), weights=weights))


def test_few_points_are_not_smoothed():
    assert smoothed(np.r_[np.arange(9.0), np.nan], 0.9) is None
    assert smoothed(np.arange(10.0), 0.9) is not None
