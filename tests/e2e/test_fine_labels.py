"""Half steps, nudges, exact numbers, the library's scale; what the camera wrote."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from tests import pictures, waiting

SAMPLES = 24
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def window(window_that_stays):
    return window_that_stays


def mos(window):
    return float(window.model.columns.mos[window.model.row(window.model.current)])


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    with waiting.edit(qtbot, window.desk):
        qtbot.keyClick(window.central.images.currentWidget(), key, modifier)


def open_loupe(qtbot, window):
    window.actions_["loupe"].trigger()
    qtbot.waitUntil(window.central.shows_current)


def test_half_steps(qtbot, window):
    for key, value in ((Qt.Key.Key_1, 0.125), (Qt.Key.Key_2, 0.375), (Qt.Key.Key_4, 0.875), (Qt.Key.Key_5, 1.0)):
        press(qtbot, window, key, SHIFT)
        assert mos(window) == pytest.approx(value)


def test_nudges_in_the_loupe_start_from_the_score_and_add_up_however_fast(qtbot, window):
    open_loupe(qtbot, window)
    score = float(window.model.columns.score[window.model.row(window.model.current)])
    press(qtbot, window, Qt.Key.Key_Down)
    assert mos(window) == pytest.approx(score - 0.05, abs=1e-4)
    first = mos(window)
    for _ in range(3):
        qtbot.keyClick(window.central.loupe, Qt.Key.Key_Down, ALT)  # faster than they are stored
    qtbot.waitUntil(lambda: mos(window) == pytest.approx(first - 0.03, abs=1e-4))
    qtbot.keyClick(window.central.loupe, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: mos(window) == pytest.approx(first + 0.02, abs=1e-4))


def test_a_nudge_after_an_undo_starts_from_what_is_stored(qtbot, window):
    open_loupe(qtbot, window)
    press(qtbot, window, Qt.Key.Key_3)
    press(qtbot, window, Qt.Key.Key_Up)
    with waiting.edit(qtbot, window.desk):
        window.actions_["undo"].trigger()
    press(qtbot, window, Qt.Key.Key_Up)
    assert mos(window) == pytest.approx(0.55)


def test_arrows_move_in_the_grid_and_label_nothing(qtbot, window):
    before = window.model.current
    qtbot.keyClick(window.central.gallery, Qt.Key.Key_Down)
    window.desk.writer.flush()
    assert window.model.current != before
    assert np.isnan(window.model.columns.mos).all()


def choose_scale(qtbot, window, words, name):
    dialog = window.settings.open_preferences()
    with qtbot.waitSignal(dialog.scale_chosen):
        dialog.scale.setCurrentIndex(dialog.scale.findText(words))
    qtbot.waitUntil(lambda: window.rating.exact.scale_shown.text() == name)
    dialog.reject()


def test_numbers_follow_the_scale_of_the_library_and_it_is_remembered(qtbot, window, launch, scored):
    choose_scale(qtbot, window, "1 (worst) to 5 (best)", "1–5")
    box = window.rating.exact.box
    box.setFocus()
    with waiting.edit(qtbot, window.desk):
        box.selectAll()
        qtbot.keyClicks(box, "3.5")
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert mos(window) == pytest.approx(0.625)
    assert window.rating._mos.text() == "3.50"
    assert "3.50" in window.central.gallery.caption(window.model.current)[1]
    assert window.status.currentMessage() == "MOS 3.50 on 1 image"
    assert window.actions_["undo"].text() == "Undo: MOS 3.50 on 1 image"
    history = window.history.model
    qtbot.waitUntil(lambda: history.rowCount() == 1)
    assert history.index(0, history.AFTER).data() == "3.50"
    with qtbot.waitSignal(history.modelReset):
        choose_scale(qtbot, window, "0 (worst) to 1 (best)", "0–1")
    assert history.index(0, history.AFTER).data() == "0.62"
    choose_scale(qtbot, window, "1 (worst) to 5 (best)", "1–5")
    face = window.model.current
    window.close()
    again = scored(launch(), SAMPLES)
    assert again.rating.exact.scale_shown.text() == "1–5"
    again.model.set_current(face)
    assert again.rating._mos.text() == "3.50"


def test_what_the_camera_wrote_is_in_the_panel(qtbot, launch, scored, tmp_path):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Canon", "Canon EOS 5D", "2024:05:06 07:08:09"
    photo = exif.get_ifd(0x8769)
    photo[0x829A], photo[0x829D], photo[0x8827], photo[0x920A] = 1 / 125, 2.8, 400, 50.0
    pictures.save(pictures.face(1), tmp_path / "faces" / "a.jpg", exif=exif)
    pictures.save(pictures.face(2), tmp_path / "faces" / "b.jpg")
    window = scored(launch(tmp_path / "faces"), 2)
    ids = {str(n): int(i) for n, i in zip(window.model.columns.name, window.model.columns.id, strict=True)}
    facts = window.rating.image
    window.model.set_current(ids["a.jpg"])
    qtbot.waitUntil(lambda: facts.text("camera") == "Canon EOS 5D")
    assert facts.text("exposure") == "1/125 s  f/2.8  50 mm"
    assert facts.text("iso") == "400"
    assert facts.text("taken") == "2024-05-06 07:08:09"
    window.model.set_current(ids["b.jpg"])
    assert facts.text("camera") == ""  # at once: never another image's facts


def test_a_nudge_right_after_a_key_starts_from_that_key(qtbot, window):
    open_loupe(qtbot, window)
    qtbot.keyClick(window.central.loupe, Qt.Key.Key_5)
    qtbot.keyClick(window.central.loupe, Qt.Key.Key_Down)  # before the row came back
    qtbot.waitUntil(lambda: mos(window) == pytest.approx(0.95))


def test_filters_and_saved_views_ask_for_the_same_faces_on_another_scale(qtbot, window):
    text = "score:<0.5"
    window.browsing.ask(text=text)
    faces = {int(i) for i in window.model.shown("id")}
    assert 0 < len(faces) < SAMPLES
    with qtbot.waitSignal(window.desk.views_ready):
        window.desk.save_view("Poor", text)
    choose_scale(qtbot, window, "1 (worst) to 5 (best)", "1–5")
    assert window.central.bar.box.text() == "score:<3"
    assert {int(i) for i in window.model.shown("id")} == faces
    window.browsing.clear()
    views = window.side.views
    views.choose("All")
    views.setCurrentRow(views.count() - 1)
    assert window.model.query.view == "score:<3"
    assert {int(i) for i in window.model.shown("id")} == faces
    qtbot.waitUntil(lambda: views.text_of("Poor").endswith(f" {len(faces)}"))
