"""Scores as percentiles: spread from 0 to 100, named, told apart from a quality, and gone again at once."""

from __future__ import annotations

import numpy as np
import pytest

import resources
from app.ui.gallery import tiles
from engine import calibrate, calibrator_file, reference_scale
from tests import bundles

SAMPLES = 24


def choose(qtbot, window, name):
    """A click in the menu; waits until the scores are read anew."""
    with qtbot.waitSignal(window.desk.columns_ready, timeout=60_000):
        window.actions_[name].trigger()


@pytest.fixture
def with_reference(launch, scored, tmp_path):
    """The samples, scored by a model that brings percentiles of a reference set along."""
    bundle = bundles.write(tmp_path / "m.onnx", name="with a scale")
    reference_scale.keep(bundle.path, reference_scale.named(np.linspace(0, 0.6, 500), "Held-out portraits"))
    window = scored(launch(resources.samples(), "--model", bundle.path), SAMPLES)
    window.rating.advance.setChecked(False)
    return window


def test_percentiles_of_this_library_are_shown_and_never_become_a_label(qtbot, window_that_stays):
    window = window_that_stays
    window.model.set_current(window.model.id_at(0))
    raw = window.model.columns.score.copy()
    before = [window.model.id_at(k) for k in range(SAMPLES)]
    choose(qtbot, window, "percentiles")
    columns = window.model.columns
    assert np.array_equal(columns.score, raw)
    assert columns.shown.min() == pytest.approx(1 / SAMPLES)
    assert columns.shown.max() == 1.0
    assert window.actions_["percentiles"].isChecked()
    assert not window.actions_["calibrated"].isChecked()
    assert f"percentiles of library ({SAMPLES} images)" in window.status._model.text()
    window.model.resort()
    assert [window.model.id_at(k) for k in range(SAMPLES)] == before
    row = 0
    window.show_image(int(columns.id[row]))
    assert window.rating._score_title.text() == "Score (percentile)"
    assert window.rating._score.text() == f"{100 * columns.shown[row]:.0f}"
    assert "raw" in window.rating._word.text()
    assert f"of library ({SAMPLES} images) score no higher" in window.rating._score.toolTip()

    # What stands at place 1 of 24 is no MOS of 0.04: the button names the score that becomes the label.
    assert window.rating._accept.text() == f"{raw[row]:.2f} is right"
    with qtbot.waitSignal(window.desk.edited, timeout=60_000):
        window.actions_["accept"].trigger()
    qtbot.waitUntil(lambda: not np.isnan(window.model.columns.mos[row]), timeout=60_000)
    assert window.model.columns.mos[row] == pytest.approx(min(1.0, max(0.0, float(raw[row]))))

    choose(qtbot, window, "percentiles")
    assert np.array_equal(window.model.columns.shown, raw)
    assert "percentiles" not in window.status._model.text()


def test_a_model_with_a_reference_set_is_shown_by_it_from_the_start_until_somebody_chooses_otherwise(
    qtbot, with_reference, launch, scored
):
    window = with_reference
    columns = window.model.columns
    expected = np.clip(columns.score / 0.6, 0, 1)
    assert columns.shown == pytest.approx(expected, abs=0.01)
    assert window.actions_["reference"].isChecked()
    assert not window.actions_["percentiles"].isChecked()
    assert "percentiles of Held-out portraits (500 images)" in window.status._model.text()
    assert "how many of every hundred of Held-out portraits (500 images)" in window.status._model.toolTip()
    choose(qtbot, window, "reference")
    assert np.array_equal(window.model.columns.shown, columns.score)
    assert not window.actions_["reference"].isChecked()
    assert window.actions_["reference"].isEnabled()
    assert window.status._model.toolTip() == ""
    window.close()
    again = scored(launch(), SAMPLES)
    assert not again.actions_["reference"].isChecked()  # what was chosen stays chosen
    choose(qtbot, again, "reference")
    assert again.model.columns.shown == pytest.approx(expected, abs=0.01)


def test_tiles_tell_the_percentile_from_0_to_100_and_what_it_is(with_reference):
    window = with_reference
    image_id = window.model.id_at(0)
    share = float(window.model.columns.shown[window.model.row(image_id)])
    tile = tiles.tile_of(window.model, image_id, blind=False)
    assert tile.number == f"{100 * share:.0f}"
    assert tile.word == "of 100"
    told = "\n".join(tiles.lines_of(tile, blind=False))
    assert f"{100 * share:.0f} % of Held-out portraits (500 images) score no higher" in told
    assert f"The model itself says {tile.raw:.2f}." in told
    hidden = "\n".join(tiles.lines_of(tiles.tile_of(window.model, image_id, blind=True), blind=True))
    assert "score no higher" not in hidden


def test_a_filter_by_score_asks_the_score_and_one_by_percentile_what_is_shown(qtbot, with_reference):
    window = with_reference
    columns = window.model.columns
    middle = float(np.median(columns.score))
    window.browsing.ask(text=f"score:>{middle:.4f}")
    above = int((columns.score > float(f"{middle:.4f}")).sum())
    assert 0 < above < SAMPLES
    qtbot.waitUntil(lambda: len(window.model) == above, timeout=60_000)
    window.browsing.ask(text="percentile:>50")
    above = int((columns.shown > 0.5).sum())
    qtbot.waitUntil(lambda: len(window.model) == above, timeout=60_000)
    window.browsing.ask(text="")
    window.side.histogram.set_range(0.25, 1.0)
    assert window.browsing.present_filter() == "percentile:>=25"


def test_a_model_without_a_reference_set_shows_its_scores(qtbot, window_that_stays, tmp_path):
    window = window_that_stays
    assert not np.isnan(window.model.columns.percentile).any()  # the bundled model brings one along
    before = window.desk.model.id
    window.desk.add_model(bundles.write(tmp_path / "plain.onnx", size=32, name="plain").path)
    qtbot.waitUntil(lambda: window.desk.model.id != before, timeout=60_000)
    qtbot.waitUntil(lambda: bool(np.isnan(window.model.columns.percentile).all()), timeout=60_000)
    assert not window.actions_["reference"].isEnabled()
    assert np.isnan(window.model.columns.percentile).all()


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
