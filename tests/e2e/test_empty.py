"""An empty gallery says why it is empty, and its buttons lead on; what the panels say while nothing is current."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QToolButton

import resources
from app.ui import theme
from app.ui.docks import first_size

SAMPLES = 24


@pytest.fixture
def window(launch, scored):
    made = scored(launch(resources.samples()), SAMPLES)
    made.model.resort()
    return made


def test_a_new_library_offers_the_sample_faces(qtbot, launch, scored):
    window = launch()
    state = window.emptiness.state
    qtbot.waitUntil(state.isVisible)
    assert state.reason == "new"
    qtbot.mouseClick(state.samples, Qt.MouseButton.LeftButton)
    scored(window, SAMPLES)
    qtbot.waitUntil(state.isHidden)


def test_a_folder_without_images_says_so(qtbot, launch, tmp_path):
    (tmp_path / "nothing").mkdir()
    window = launch(tmp_path / "nothing")
    qtbot.waitUntil(lambda: window.emptiness.state.isVisible() and window.emptiness.state.reason == "bare")
    assert window.emptiness.state.open.isVisible()
    assert not window.emptiness.state.samples.isVisible()


def test_a_filter_without_result_is_cleared_by_the_button_and_the_box_is_empty_again(qtbot, window):
    box, state = window.central.bar.box, window.emptiness.state
    cross = box.findChild(QToolButton)
    box.setFocus()
    qtbot.keyClicks(box, "score:>5")
    qtbot.waitUntil(lambda: state.isVisible() and cross.isVisible())
    assert state.reason == "filtered"
    qtbot.mouseClick(state.clear, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.model) == SAMPLES and state.isHidden())
    assert box.text() == ""
    qtbot.waitUntil(cross.isHidden)  # what clears it is gone too
    assert window.focusWidget() is window.central.gallery


def test_all_of_a_filter_can_be_rated_though_no_face_is_current(qtbot, window):
    window.model.step(0)
    window.browsing.ask(text="score:<0.3")
    qtbot.waitUntil(lambda: 1 < len(window.model) < SAMPLES)
    shown = len(window.model)
    window.central.gallery.setFocus()
    qtbot.keyClick(window.central.gallery, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    said = [label.text() for label in window.rating.findChildren(QLabel) if label.isVisible()]
    assert f"{shown} images selected" in said
    assert "No image chosen" not in said
    qtbot.mouseClick(window.rating._buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: int((window.model.columns.mos == 1.0).sum()) == shown)


def test_a_filter_that_hides_the_current_face_begins_at_the_top(qtbot, window):
    gallery = window.central.gallery
    window.resize(700, 600)
    gallery.set_tile_side(300)
    window.model.set_current(window.model.id_at(0))
    gallery.verticalScrollBar().setValue(gallery.verticalScrollBar().maximum())
    assert gallery.first_visible() > 0
    best = float(window.model.columns.score[window.model.row(window.model.current)])
    window.browsing.ask(text=f"score:<{best - 0.001:.4f}")  # whatever the bundled model says of it
    qtbot.waitUntil(lambda: len(window.model) < SAMPLES)
    assert gallery.first_visible() == 0


def test_a_message_over_the_faces_follows_the_theme(qtbot, window):
    toast = window.central.toast
    window.settings.set_theme("dark")
    toast.show_text("Something was said.")
    for mode, colours in (("light", theme.LIGHT), ("dark", theme.DARK)):
        window.settings.set_theme(mode)
        assert toast.grab().toImage().pixelColor(toast.width() // 2, 4).name() == colours.raised


def test_a_wrong_filter_stays_marked_in_another_theme(qtbot, window):
    window.settings.set_theme("light")
    box = window.central.bar.box
    box.setFocus()
    qtbot.keyClicks(box, "mos:<abc")
    qtbot.waitUntil(window.central.bar.error.isVisible)
    box.completer_.popup().hide()
    window.settings.set_theme("dark")
    image = box.grab().toImage()
    inks = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert theme.DARK.warning in inks
    assert theme.LIGHT.warning not in inks


def test_a_new_window_leaves_room_for_its_frame_on_a_small_screen():
    assert first_size(QSize(1920, 1080)) == QSize(1440, 900)
    assert first_size(QSize(1440, 900)).height() < 900
    assert first_size(QSize(1280, 1024)).width() < 1280


def test_the_window_fits_a_small_screen_with_every_control_of_the_bar(qtbot, launch):
    window = launch()
    bar = window.central.bar
    for width, narrow in ((1024, True), (1600, False), (1024, True)):
        window.resize(width, 700)
        qtbot.waitUntil(lambda width=width: window.width() == width)
        qtbot.waitUntil(lambda narrow=narrow: (bar._modes["grid"].mapTo(bar, QPoint()).y() > 36) == narrow)
        for control in (bar.box, bar._save, bar._sort, bar._down, bar._size, *bar._modes.values(), bar.retrain):
            assert control.isVisible()
            assert bar.rect().contains(QRect(control.mapTo(bar, QPoint()), control.size()))


def test_a_new_window_has_its_bar_in_one_row(qtbot, launch, scored):
    """Fonts and styles come after the first size: what asked for two rows before them asks for one now."""
    window = scored(launch(resources.samples()), SAMPLES)
    bar = window.central.bar
    assert window.width() == 1440
    qtbot.waitUntil(lambda: bar._modes["grid"].mapTo(bar, QPoint()).y() < 36)
