"""Reasons, notes, several raters, blind mode and the history, in the real window on real faces."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.services.advice import Advice
from app.ui.rating.history_panel import HistoryModel
from app.ui.rating.reason_menu import ReasonMenu
from tests import waiting

SAMPLES = 24
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(window_that_stays):
    return window_that_stays


def act(qtbot, window):
    return waiting.edit(qtbot, window.desk)


def rate(qtbot, window, key):
    with act(qtbot, window):
        qtbot.keyClick(window.central.gallery, key)


def history(window):
    model = window.history.model
    return [[model.index(row, column).data() for column in range(6)] for row in range(model.rowCount())]


def test_reject_with_a_reason_by_two_keys(qtbot, window):
    face = window.model.current
    qtbot.keyClick(window.central.gallery, Qt.Key.Key_X, SHIFT)
    menu = window.findChild(ReasonMenu)
    qtbot.waitUntil(menu.isVisible)
    with act(qtbot, window):
        qtbot.keyClick(menu, Qt.Key.Key_1)
    assert np.isnan(window.model.columns.mos).all()  # the digit was a reason, no rating
    row = window.model.row(face)
    assert (window.model.columns.flag[row], window.model.columns.reason[row]) == ("reject", "not a face")
    assert "Not a face" in window.rating.opinions.flag_shown.text()
    with act(qtbot, window):
        window.actions_["undo"].trigger()
    assert window.model.columns.flag[window.model.row(face)] == ""


def ask_note(qtbot, window):
    dialog = window.remarks.ask_note()
    qtbot.waitUntil(dialog.save.isEnabled)
    return dialog


def test_a_note_cannot_be_lost_before_it_is_read(qtbot, window):
    face = window.model.current
    with act(qtbot, window):
        window.desk.set_note([face], "hair over the eyes")
    dialog = window.remarks.ask_note()
    qtbot.keyClicks(dialog.text, "quick")  # nothing has been read yet: no event has been handled
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CONTROL)
    dialog.save.click()
    assert dialog.isVisible()
    qtbot.waitUntil(dialog.save.isEnabled)
    qtbot.keyClicks(dialog.text, ", and a hat")
    with act(qtbot, window):
        qtbot.keyClick(dialog.text, Qt.Key.Key_Return, CONTROL)
    assert not dialog.isVisible()
    found = []
    window.desk.note(face, found.append)
    qtbot.waitUntil(lambda: found == ["hair over the eyes, and a hat"])


def test_a_note_on_several_can_be_written_at_once(window):
    window.model.select_all()
    dialog = window.remarks.ask_note()
    assert dialog.save.isEnabled()
    assert not dialog.text.isReadOnly()
    dialog.reject()


def test_a_note_is_written_shown_found_and_taken_away(qtbot, window):
    face = window.model.current
    dialog = ask_note(qtbot, window)
    qtbot.keyClicks(dialog.text, "hair over the eyes")
    with act(qtbot, window):
        dialog.accept()
    shown = window.rating.opinions.note_shown
    qtbot.waitUntil(lambda: "hair over the eyes" in shown.text())
    window.browsing.ask(text="note:hair")
    qtbot.waitUntil(lambda: len(window.model) == 1)
    assert window.model.id_at(0) == face
    again = ask_note(qtbot, window)
    assert again.text.toPlainText() == "hair over the eyes"
    again.text.clear()
    with act(qtbot, window):
        again.accept()
    qtbot.waitUntil(lambda: not shown.isVisible())


def test_the_history_says_who_when_from_to_and_why(qtbot, window):
    rate(qtbot, window, Qt.Key.Key_3)
    rate(qtbot, window, Qt.Key.Key_5)
    with act(qtbot, window):
        window.actions_["undo"].trigger()
    qtbot.waitUntil(lambda: len(history(window)) == 3)
    undo, second, first = history(window)
    assert first[HistoryModel.WHO] == "Ada"
    assert first[HistoryModel.BEFORE : HistoryModel.WHY] == ["–", "0.50"]
    assert second[HistoryModel.BEFORE : HistoryModel.WHY] == ["0.50", "1.00"]
    assert "undone" in second[HistoryModel.WHAT]
    assert undo[HistoryModel.BEFORE : HistoryModel.WHY] == ["1.00", "0.50"]
    assert len(first[HistoryModel.WHEN]) == len("2026-01-01 00:00:00")
    window.model.step(1)
    qtbot.waitUntil(lambda: not history(window))  # never another image's history
    qtbot.keyClick(window, Qt.Key.Key_H, CONTROL)
    assert window.docks.tabs.currentWidget() is window.history


def test_every_raters_opinion_is_listed(qtbot, window):
    window.actions_["mode_rate"].trigger()
    rate(qtbot, window, Qt.Key.Key_5)
    with qtbot.waitSignal(window.desk.rater_changed):
        window.desk.change_rater("Grace")
    rate(qtbot, window, Qt.Key.Key_2)
    shown = window.rating.opinions.ratings_shown
    qtbot.waitUntil(lambda: shown.text() == "1.00  Ada\n0.25  Grace")


def words_on(window):
    """Every number that the window could tell of the current face."""
    rating, gallery = window.rating, window.central.gallery
    texts = [rating._score.text(), rating._word.text(), rating._mos.text(), rating._mos_note.text()]
    texts += [rating.opinions.ratings_shown.text(), *gallery.caption(window.model.current)]
    texts += [str(cell) for row in history(window) for cell in row]
    return " ".join(texts)


def test_blind_mode_hides_scores_and_labels_shuffles_and_is_recorded(qtbot, window):
    face = window.model.current
    rate(qtbot, window, Qt.Key.Key_2)
    before = [window.model.id_at(i) for i in range(SAMPLES)]
    score = float(window.model.columns.score[window.model.row(face)])
    assert f"{score:.2f}" in words_on(window)
    qtbot.keyClick(window, Qt.Key.Key_B, CONTROL)
    assert window.central.banner.isVisible()
    assert window.rating.mode == "rate"
    assert window.model.current == face
    for told in (f"{score:.2f}", "0.25", "Excellent"):
        assert told not in words_on(window)
    assert not window.side.histogram.isVisible()
    assert not window.docks.tabs.isVisible()
    shuffled = [window.model.id_at(i) for i in range(SAMPLES)]
    assert sorted(shuffled) == sorted(before)
    assert shuffled != before
    assert window.rating.exact.slider.value() == 50  # where the slider stands tells nothing either
    qtbot.keyClick(window.central.gallery, Qt.Key.Key_Return)  # accepting a score that is not seen is off
    rate(qtbot, window, Qt.Key.Key_4)
    assert window.model.current == face
    assert "0.75" not in words_on(window)
    for told in ("score:>0.5", "is:rated", "rater:me"):
        window.browsing.ask(text=told)
        assert "Blind" in window.central.bar.error.text()
        assert len(window.model) == SAMPLES
    window.browsing.ask(text="name:score*")
    assert window.central.bar.error.text() == ""
    window.browsing.ask(text="")
    window.central.banner.end.click()
    assert not window.central.banner.isVisible()
    assert [window.model.id_at(i) for i in range(SAMPLES)] == before
    qtbot.waitUntil(lambda: "blind" in words_on(window))
    found = []
    window.desk.ratings(face, found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert [(r.value, r.mode) for r in found[0]] == [(0.75, "blind")]


def test_choosing_correct_mode_ends_blind_mode(qtbot, window):
    window.actions_["blind"].trigger()
    window.actions_["mode_correct"].trigger()
    assert not window.desk.blind
    assert not window.central.banner.isVisible()
    assert not window.actions_["blind"].isChecked()
    assert window.docks.tabs.isVisible()


def test_a_batch_names_its_number_before_and_after_and_is_one_undo(qtbot, window):
    window.model.select_range(window.model.id_at(6))
    assert "7" in window.rating._targets.text()
    with act(qtbot, window):
        qtbot.keyClick(window.central.gallery, Qt.Key.Key_X)
    assert "7 images" in window.central.toast.text
    assert int((window.model.columns.flag == "reject").sum()) == 7
    with act(qtbot, window):
        window.central.toast._undo.click()
    assert not np.any(window.model.columns.flag == "reject")


def rated_by_me(qtbot, window):
    found = []
    window.desk.ratings(window.model.current, found.append)
    qtbot.waitUntil(lambda: bool(found))
    return [rating.value for rating in found[0]]


def nudge(qtbot, window, key=Qt.Key.Key_Down):
    with act(qtbot, window):
        qtbot.keyClick(window.central.images.currentWidget(), key)


def open_loupe(qtbot, window):
    window.actions_["loupe"].trigger()
    qtbot.waitUntil(window.central.shows_current)


def test_a_blind_nudge_starts_from_what_was_just_said(qtbot, window):
    window.actions_["blind"].trigger()
    open_loupe(qtbot, window)
    with act(qtbot, window):
        qtbot.keyClick(window.central.loupe, Qt.Key.Key_5)
    nudge(qtbot, window)
    assert rated_by_me(qtbot, window) == [pytest.approx(0.95)]
    with act(qtbot, window):
        window.rating._buttons[3].click()  # the category 2
    nudge(qtbot, window)
    assert rated_by_me(qtbot, window) == [pytest.approx(0.2)]
    with act(qtbot, window):
        window.actions_["clear_label"].trigger()
    nudge(qtbot, window)
    assert rated_by_me(qtbot, window) == [pytest.approx(0.45)]  # from the middle again


def test_a_blind_nudge_never_starts_from_what_was_said_in_the_open_or_by_somebody_else(qtbot, window):
    open_loupe(qtbot, window)
    with act(qtbot, window):
        qtbot.keyClick(window.central.loupe, Qt.Key.Key_5)
    window.actions_["blind"].trigger()
    qtbot.waitUntil(window.central.shows_current)
    nudge(qtbot, window)
    assert rated_by_me(qtbot, window) == [pytest.approx(0.45)]
    with qtbot.waitSignal(window.desk.rater_changed):
        window.desk.change_rater("Grace")
    nudge(qtbot, window)
    assert rated_by_me(qtbot, window) == [pytest.approx(0.45)] * 2


WAYS_TO_THE_PANELS = {
    "a training that ends": lambda w: w.training_wiring.attention.emit(),
    "Ctrl+M": lambda w: w.actions_["models"].trigger(),
    "Ctrl+H": lambda w: w.actions_["history"].trigger(),
    "the link to the problems": lambda w: w.status.problems_clicked.emit(),
    "panels hidden and shown": lambda w: [w.actions_["panels"].trigger() for _ in range(2)],
    "reset of the layout": lambda w: w.actions_["reset_layout"].trigger(),
    "the whole screen and back": lambda w: [w.actions_["full_screen"].trigger() for _ in range(2)],
}


def test_nothing_uncovers_the_panels_that_tell_until_blind_mode_ends(window):
    below = window.docks.tabs
    window.actions_["blind"].trigger()
    for way, go in WAYS_TO_THE_PANELS.items():
        go(window)
        assert not below.isVisible(), way
    window.actions_["models"].trigger()
    assert "blind" in window.status.currentMessage()
    window.actions_["blind"].trigger()
    assert below.isVisible()
    assert below.currentWidget() is window.models  # as it was wished meanwhile


def test_blind_mode_and_the_whole_screen_end_in_any_order(window):
    below, full, blind = window.docks.tabs, window.actions_["full_screen"], window.actions_["blind"]
    for first, second in ((full, blind), (blind, full)):
        for third, fourth in ((full, blind), (blind, full)):
            for begin in (first, second):
                begin.trigger()
            assert not below.isVisible()
            third.trigger()
            assert not below.isVisible()
            fourth.trigger()
            assert below.isVisible()
    window.actions_["panels"].trigger()
    for action in (blind, full, full, blind):
        action.trigger()
    assert not below.isVisible()  # hidden before, hidden after


def test_the_look_at_a_suspect_never_tells_the_label_that_is_judged(qtbot, window):
    face = window.model.current
    with act(qtbot, window):
        window.rating.rated.emit(0.42)
    assert "0.42" in window.actions_["undo"].text()
    window.desk.advised.emit("suspects", Advice((face, window.model.id_at(1)), "Two labels."))
    said = []
    window.status.messageChanged.connect(said.append)
    open_loupe(qtbot, window)
    for expected in (0.45, 0.40):
        nudge(qtbot, window)
        assert float(window.model.columns.mos[window.model.row(face)]) == pytest.approx(expected)
    with act(qtbot, window):
        window.actions_["undo"].trigger()
    assert (window.actions_["undo"].text(), window.actions_["redo"].text()) == ("Undo", "Redo")
    assert "0.4" not in " ".join([*said, window.central.toast.text])
    assert "Saved" in said
    window.browsing.clear()
    assert "0.42 to 0.45" in window.actions_["undo"].text()  # what is open again may be told
    found = []
    window.desk.history(face, found.extend)
    qtbot.waitUntil(lambda: bool(found))
    assert [entry.why for entry in found if entry.act == "correct"] == ["blind", "blind", ""]


def test_undo_in_blind_mode_does_not_tell_what_it_takes_back(qtbot, window):
    rate(qtbot, window, Qt.Key.Key_2)
    window.actions_["blind"].trigger()
    assert window.actions_["undo"].text() == "Undo"
    rate(qtbot, window, Qt.Key.Key_4)
    assert window.status.currentMessage() == "Saved"
    window.actions_["blind"].trigger()
    assert "0.75" in window.actions_["undo"].text()
