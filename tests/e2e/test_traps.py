"""Ways to label the wrong face or to lose what one was doing, each closed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

import resources
from app.ui import theme
from app.ui.training.dialog import RetrainDialog
from tests import pictures, waiting

SAMPLES = 24


@pytest.fixture
def window(launch, scored):
    made = scored(launch(resources.samples()), SAMPLES)
    made.model.resort()
    return made


def click(qtbot, window, position, modifier=Qt.KeyboardModifier.NoModifier):
    gallery = window.central.gallery
    where = gallery.tile_rect(position).center()
    qtbot.mouseClick(gallery.viewport(), Qt.MouseButton.LeftButton, modifier, where)


def rate(qtbot, window, key=Qt.Key.Key_3):
    with waiting.edit(qtbot, window.desk):
        qtbot.keyClick(window.central.images.currentWidget(), key)


def labelled(window):
    return {int(i) for i in window.model.columns.id[~np.isnan(window.model.columns.mos)]}


def test_after_control_click_a_key_rates_what_the_panel_shows(qtbot, window):
    control = Qt.KeyboardModifier.ControlModifier
    click(qtbot, window, 0)
    click(qtbot, window, 1, control)
    click(qtbot, window, 1, control)
    shown = window.model.current
    assert window.model.selection == {shown}
    rate(qtbot, window)
    assert labelled(window) == {shown}


def test_what_a_filter_hides_is_not_rated(qtbot, window):
    window.model.select_all()
    window.model.set_query(text="face-01")
    assert len(window.model) == 1
    rate(qtbot, window)
    assert labelled(window) == {window.model.id_at(0)}


def test_the_loupe_rates_one_face_only_and_only_when_it_is_seen(qtbot, window):
    window.model.select_all()
    window.model.set_current(window.model.id_at(0), select=False)
    window.actions_["loupe"].trigger()
    assert window.model.selection == {window.model.current}
    window.central.loupe.expect(-1)  # nothing is shown yet
    with qtbot.waitSignal(window.labelling.said) as told:
        qtbot.keyClick(window.central.loupe, Qt.Key.Key_1)
    assert "loading" in told.args[0]
    assert labelled(window) == set()
    window.central.show_mode("loupe")
    qtbot.waitUntil(lambda: window.central.shows_current())
    face = window.model.current
    rate(qtbot, window, Qt.Key.Key_1)
    assert labelled(window) == {face}


def test_the_label_of_the_last_image_is_not_overwritten_by_the_next_key(qtbot, window):
    window.model.set_current(window.model.id_at(SAMPLES - 1))
    last = window.model.current
    rate(qtbot, window, Qt.Key.Key_5)
    with qtbot.waitSignal(window.labelling.said):
        qtbot.keyClick(window.central.gallery, Qt.Key.Key_1)
    assert float(window.model.columns.mos[window.model.row(last)]) == 1.0


def test_a_key_held_down_labels_one_image(qtbot, window):
    window.model.step(0)
    rate(qtbot, window)
    for _ in range(5):
        repeat = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_3, Qt.KeyboardModifier.NoModifier, "3", True)
        QApplication.sendEvent(window.central.gallery, repeat)
    window.desk.writer.flush()
    assert len(labelled(window)) == 1


def test_wheel_and_a_mere_click_in_the_panel_are_no_opinion(qtbot, window):
    window.model.step(0)
    for widget in (window.rating.exact.slider, window.rating.exact.box):
        centre = QPointF(widget.rect().center())
        wheel = QWheelEvent(
            centre,
            QPointF(widget.mapToGlobal(widget.rect().center())),
            QPoint(0, 120),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        before = widget.value()
        QApplication.sendEvent(widget, wheel)
        assert widget.value() == before
    window.rating.exact.slider.sliderPressed.emit()
    window.rating.exact.slider.sliderReleased.emit()
    window.desk.writer.flush()
    assert labelled(window) == set()


def test_typing_in_the_search_survives_what_arrives(qtbot, window):
    box = window.central.bar.box
    window.actions_["find"].trigger()
    qtbot.keyClicks(box, "face-1")
    window.presenter.show_counts()  # as every batch of scores does
    assert box.text() == "face-1"
    qtbot.waitUntil(lambda: window.model.query.text == "face-1")


def test_undo_brings_a_filtered_image_back_into_view_without_losing_the_filter(qtbot, window):
    window.model.set_query(view="is:unlabelled")
    window.model.step(0)
    face = window.model.current
    rate(qtbot, window)
    window.model.resort()
    assert window.model.position(face) == -1
    with waiting.edit(qtbot, window.desk):
        window.actions_["undo"].trigger()
    assert window.model.current == face
    assert window.model.query.view == "is:unlabelled"


def test_retrain_asked_for_before_there_is_a_plan_opens_when_there_is_one(qtbot, window):
    window.training_wiring.planning.plan = None  # as right after the start, however fast this machine is
    window.central.bar.retrain.click()
    assert window.findChild(RetrainDialog) is None
    qtbot.waitUntil(lambda: window.findChild(RetrainDialog) is not None)
    dialog = window.findChild(RetrainDialog)
    assert dialog.isVisible()
    dialog.reject()
    made = window.training_wiring.planning.plan
    window.training_wiring.planning.refresh()
    qtbot.waitUntil(lambda: window.training_wiring.planning.plan is not made)
    assert not any(d.isVisible() for d in window.findChildren(RetrainDialog))  # a wish is granted once


def test_another_library_has_its_own_living_services(qtbot, qapp, tmp_path, scored):
    from app.ui.application import Program, arguments

    pictures.folder(tmp_path / "faces", 3)
    options = arguments([str(tmp_path / "faces"), "--library", str(tmp_path / "one"), "--rater", "Ada"])
    program = Program(qapp, options)
    program.open(tmp_path / "one")
    qtbot.waitUntil(lambda: program.window is not None)
    first = scored(program.window, 3)
    program.open(tmp_path / "two")
    qtbot.waitUntil(lambda: program.window not in (None, first))
    second = scored(program.window, 3)
    qtbot.waitUntil(second.all_pictured)
    second.model.step(0)
    second.actions_["loupe"].trigger()
    qtbot.waitUntil(lambda: second.central.loupe.shown == second.model.current)
    second.close()


def test_select_all_means_the_grid_only(qtbot, window):
    window.actions_["loupe"].trigger()
    qtbot.waitUntil(lambda: window.central.shows_current())
    face = window.model.current
    qtbot.keyClick(window.central.loupe, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    rate(qtbot, window)
    assert labelled(window) == {face}
    window.central.show_mode("grid")
    qtbot.keyClick(window.central.gallery, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(window.model.selection) == SAMPLES


def test_the_slider_keeps_the_keys_until_the_person_leaves_it(qtbot, window):
    window.model.step(0)
    face, slider = window.model.current, window.rating.exact.slider
    slider.setFocus()
    before = slider.value()
    for _ in range(3):
        with waiting.edit(qtbot, window.desk):
            qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.hasFocus()
    assert (window.model.current, slider.value()) == (face, before + 3)
    assert labelled(window) == {face}


def test_the_menu_key_keeps_the_selection(qtbot, window):
    click(qtbot, window, 0)
    click(qtbot, window, 1, Qt.KeyboardModifier.ControlModifier)
    chosen, gallery = set(window.model.selection), window.central.gallery
    middle = gallery.rect().center()
    with qtbot.waitSignal(gallery.menu_requested) as told:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, middle, gallery.mapToGlobal(middle))
        QApplication.sendEvent(gallery.viewport(), event)
    assert window.model.selection == chosen
    here = gallery.tile_rect(window.model.position(window.model.current))
    assert here.contains(gallery.viewport().mapFromGlobal(told.args[0]))
    QApplication.activePopupWidget().close()


def test_full_screen_that_the_system_ends_brings_everything_back(qtbot, window):
    window.actions_["full_screen"].trigger()
    assert not window.menuBar().isVisible()
    window.showNormal()
    qtbot.waitUntil(lambda: window.menuBar().isVisible() and window.central.bar.isVisible())
    window.actions_["full_screen"].trigger()
    assert window.large_views.is_full()
    window.actions_["full_screen"].trigger()
    assert window.menuBar().isVisible()


def test_a_view_that_was_refused_can_be_chosen_again(qtbot, window):
    views = window.side.views
    window.desk.set_blind(True)
    suspect = next(i for i in views._items() if i.data(Qt.ItemDataRole.UserRole).name == "Suspect")
    where = views.visualItemRect(suspect).center()
    qtbot.mouseClick(views.viewport(), Qt.MouseButton.LeftButton, pos=where)
    window.desk.set_blind(False)
    assert window.model.query.view == ""
    qtbot.mouseClick(views.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.waitUntil(lambda: window.model.query.view != "")


def test_a_renamed_folder_is_offered_under_its_new_name(qtbot, launch, scored, tmp_path):
    pictures.folder(tmp_path / "faces" / "old", 3)
    window = scored(launch(tmp_path / "faces"), 3)
    (tmp_path / "faces" / "old").rename(tmp_path / "faces" / "new")
    window.desk.rescan()
    titles = lambda: {item.text(0) for item in window.side.folders._items()}  # noqa: E731
    qtbot.waitUntil(lambda: "new" in titles() and "old" not in titles(), timeout=60_000)


def test_plots_follow_a_desktop_that_turns_dark(qtbot, window, qapp):
    theme.apply(qapp, "light")
    window.retheme()
    window.training.pages.show_curves()
    ground = lambda: window.training.curves.loss.canvas.backgroundBrush().color().name()  # noqa: E731
    assert ground() == theme.LIGHT.canvas
    theme.apply(qapp, "dark")
    window.retheme()
    assert ground() == theme.DARK.canvas


@pytest.mark.parametrize("button", [False, True])
def test_a_long_message_stays_inside_the_faces_part(window, button):
    toast, long = window.central.toast, "The model in use learned from these labels, every one of them. " * 8
    if button:
        toast.show_action(long, "Retrain…")
    else:
        toast.show_text(long, warning=True)
    parent = toast.parentWidget()
    assert parent.rect().contains(toast.geometry())
    assert toast._text.heightForWidth(toast._text.width()) <= toast._text.height()
    toast.show_text("Short.")
    assert toast.height() < 60
