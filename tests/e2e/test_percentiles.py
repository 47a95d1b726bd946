"""Scores as percentiles: spread from 0 to 1, named, told apart from a quality, and gone again at once."""

from __future__ import annotations

import numpy as np
import pytest

from engine import calibrate, calibrator_file

SAMPLES = 24


def choose(qtbot, window, name):
    """A click in the menu; waits until the scores are read anew."""
    with qtbot.waitSignal(window.desk.columns_ready, timeout=60_000):
        window.actions_[name].trigger()


def test_percentiles_of_this_library_are_shown_and_never_become_a_label(qtbot, window_that_stays):
    window = window_that_stays
    window.model.set_current(window.model.id_at(0))
    raw = window.model.columns.score.copy()
    choose(qtbot, window, "percentiles")
    columns = window.model.columns
    assert np.array_equal(columns.score, raw)
    assert columns.shown.min() == pytest.approx(1 / SAMPLES)
    assert columns.shown.max() == 1.0
    assert window.actions_["percentiles"].isChecked()
    assert not window.actions_["calibrated"].isChecked()
    assert f"percentiles of library ({SAMPLES} images)" in window.status._model.text()
    window.show_image(int(columns.id[0]))
    assert window.rating._score_title.text() == "Score (percentile)"
    assert "of the reference set score no higher" in window.rating._word.text()
    assert "raw" in window.rating._word.text()

    # What stands at place 1 of 24 is no MOS of 0.04.
    assert not window.rating._accept.isEnabled()
    with qtbot.assertNotEmitted(window.desk.edited, wait=0):
        window.actions_["accept"].trigger()
    assert "A percentile is no quality" in window.status.currentMessage()
    assert np.isnan(columns.mos).all()

    choose(qtbot, window, "percentiles")
    assert np.array_equal(window.model.columns.shown, raw)
    assert "percentiles" not in window.status._model.text()


def test_a_calibrator_file_of_this_model_is_used_and_of_another_refused(qtbot, window_that_stays, tmp_path):
    window, said = window_that_stays, []
    found = calibrate.percentile(np.linspace(-1, 2, 200), "Portraits 2026 (200 images)")
    calibrator_file.write(tmp_path / "mine.json", found, window.desk.model.id)
    calibrator_file.write(tmp_path / "other.json", found, "somebody else")
    with qtbot.waitSignal(window.desk.columns_ready, timeout=60_000):
        window.desk.use_calibrator_file(tmp_path / "mine.json")
    assert "percentiles of Portraits 2026 (200 images)" in window.status._model.text()
    window.desk.failed.connect(said.append)
    window.desk.use_calibrator_file(tmp_path / "other.json")
    qtbot.waitUntil(lambda: bool(said), timeout=60_000)
    assert "each model has a scale of its own" in said[0]
    assert "percentiles of Portraits 2026 (200 images)" in window.status._model.text()
