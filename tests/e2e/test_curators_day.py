"""A curator opens the samples, sees scores, rates by key, undoes, closes, and finds everything again."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

import resources
from tests import waiting

SAMPLES = 24


@pytest.fixture
def window(launch, scored):
    return scored(launch(resources.samples()), SAMPLES)


def mos_of(window, image_id):
    return float(window.model.columns.mos[window.model.row(image_id)])


def press(qtbot, window, key):
    """A key in the gallery; waits until the act is on the disk and shown."""
    with waiting.edit(qtbot, window.desk):
        qtbot.keyClick(window.central.gallery, key)


def test_every_face_is_scored_and_clean_ones_lead(window):
    columns = window.model.columns
    assert len(columns) == SAMPLES
    assert np.isfinite(columns.score).all()
    window.model.resort()
    shown = [float(s) for s in window.model.shown("score")]
    assert shown == sorted(shown, reverse=True)


def test_rate_by_key_advance_undo_and_find_it_after_a_restart(qtbot, window, launch, scored, tmp_path):
    model = window.model
    window.central.gallery.setFocus()
    model.step(0)
    rated = []
    for key, mos in ((Qt.Key.Key_5, 1.0), (Qt.Key.Key_2, 0.25), (Qt.Key.Key_3, 0.5)):
        image = model.current
        press(qtbot, window, key)
        assert mos_of(window, image) == pytest.approx(mos)
        assert model.current != image  # auto-advance
        rated.append((image, mos))
    press_undo = window.actions_["undo"]
    assert "MOS" in press_undo.text()
    with waiting.edit(qtbot, window.desk):
        press_undo.trigger()
    last, _ = rated.pop()
    assert np.isnan(mos_of(window, last))
    assert model.current == last  # what was undone is in view
    window.close()

    again = scored(launch(), SAMPLES)
    for image, mos in rated:
        assert mos_of(again, image) == pytest.approx(mos)
    assert np.isnan(mos_of(again, last))
    # undo goes on across the restart: redo what was undone, then undo what was rated before
    with waiting.edit(qtbot, again.desk):
        again.actions_["redo"].trigger()
    assert mos_of(again, last) == pytest.approx(0.5)


def test_two_raters_in_rate_mode_make_a_mean(qtbot, window):
    model = window.model
    window.actions_["mode_rate"].trigger()
    window.rating.advance.setChecked(False)
    model.step(0)
    image = model.current
    press(qtbot, window, Qt.Key.Key_5)
    with qtbot.waitSignal(window.desk.rater_changed):
        window.desk.change_rater("Grace")
    press(qtbot, window, Qt.Key.Key_4)
    assert mos_of(window, image) == pytest.approx((1.0 + 0.75) / 2)
    assert int(model.columns.n_ratings[model.row(image)]) == 2


def test_batch_edit_is_one_undo(qtbot, window):
    model = window.model
    model.step(0)
    model.select_range(model.id_at(9))
    press(qtbot, window, Qt.Key.Key_1)
    assert int((window.model.columns.mos == 0.0).sum()) == 10
    assert "10 images" in window.central.toast.text
    with waiting.edit(qtbot, window.desk):
        window.actions_["undo"].trigger()
    assert np.isnan(window.model.columns.mos).all()


def test_keys_do_not_rate_while_typing(qtbot, window):
    window.model.step(0)
    window.actions_["find"].trigger()
    box = window.central.bar.box
    qtbot.keyClicks(box, "5")
    qtbot.waitUntil(lambda: window.model.query.text == "5")
    assert np.isnan(window.model.columns.mos).all()


def test_loupe_shows_the_current_face_and_keeps_its_zoom(qtbot, window):
    window.model.step(0)
    window.actions_["loupe"].trigger()
    loupe = window.central.loupe
    qtbot.waitUntil(lambda: loupe.shown == window.model.current)
    loupe.toggle_zoom()
    qtbot.keyClick(loupe, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: loupe.shown == window.model.current)
    assert loupe.zoom == pytest.approx(1.0)
    qtbot.keyClick(loupe, Qt.Key.Key_Escape)
    assert window.central.mode == "grid"


def test_histogram_range_filters_the_gallery(qtbot, window):
    columns = window.model.columns
    middle = round(float(np.median(columns.shown)), 2)
    window.side.histogram.set_range(middle, 1.0)
    assert 0 < len(window.model) < SAMPLES
    assert all(columns.shown_at(columns.row_of(i)) >= middle for i in window.model.shown("id"))
    window.actions_["clear_filters"].trigger()
    assert len(window.model) == SAMPLES


def test_export_and_import_of_labels(qtbot, window, launch, scored, tmp_path):
    window.model.step(0)
    press(qtbot, window, Qt.Key.Key_4)
    file = tmp_path / "labels.csv"
    with qtbot.waitSignal(window.desk.noticed):
        window.desk.export_labels(file, window.files._exported)
    labelled = str(window.model.columns.name[~np.isnan(window.model.columns.mos)][0])
    window.close()

    other = scored(launch(resources.samples(), library=tmp_path / "other"), SAMPLES)
    from app.ui.label_files.import_dialog import ImportDialog

    dialog = ImportDialog(other.desk, file, other)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.plan is not None)
    assert np.isnan(other.model.columns.mos).all()  # a dry run writes nothing
    with waiting.edit(qtbot, other.desk):
        dialog.accept()
    columns = other.model.columns
    assert [str(n) for n in columns.name[~np.isnan(columns.mos)]] == [labelled]
    with waiting.edit(qtbot, other.desk):
        other.actions_["undo"].trigger()
    assert np.isnan(other.model.columns.mos).all()
