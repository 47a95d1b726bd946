"""Every control of the window has a name for a screen reader and can be reached by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

import resources

SAMPLES = 24
CONTROLS = (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QTabBar,
)


@pytest.fixture
def window(launch, scored):
    made = scored(launch(resources.samples()), SAMPLES)
    made.model.step(0)
    return made


def inner(widget: QWidget) -> bool:
    """A part that its control speaks for: scroll bars, the line of a spin box, buttons of a line edit, headers."""
    if isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_"):
        return True
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QAbstractSpinBox | QComboBox | QLineEdit | QKeySequenceEdit | QTabBar):
            return True
        around = around.parentWidget()
    return type(widget).__name__ in ("QHeaderView", "QTableCornerButton", "QAbstractButton")


def controls(root: QWidget) -> list[QWidget]:
    return [w for w in root.findChildren(QWidget) if isinstance(w, CONTROLS) and not inner(w)]


def told(widget: QWidget) -> str:
    """What a screen reader says of it."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.text()
    window = widget.window()
    return next((label.text() for label in window.findChildren(QLabel) if label.buddy() is widget), "")


def spoken(text: str) -> bool:
    """Whether there is a word in it: an arrow or a star says nothing."""
    return any(character.isalnum() for character in text)


def nameless(root: QWidget) -> list[str]:
    tab_areas = (QAbstractScrollArea,)
    return [
        f"{type(w).__name__} in {type(w.parentWidget()).__name__}"
        for w in controls(root)
        if not spoken(told(w)) and not (isinstance(w, tab_areas) and w.focusPolicy() == Qt.FocusPolicy.NoFocus)
    ]


def chain(start: QWidget) -> set[QWidget]:
    """What Tab goes through, hidden or not."""
    seen, at = set(), start
    while at not in seen:
        seen.add(at)
        at = at.nextInFocusChain()
    return seen


def test_every_control_of_the_window_has_a_name(window):
    assert nameless(window) == []


def test_every_control_of_the_window_is_reached_by_tab_or_has_an_action(window):
    reached = chain(window.central.gallery)
    by_toast = window.central.toast.findChildren(QAbstractButton)  # Undo is Ctrl+Z, and goes away by itself
    lost = [
        f"{type(w).__name__} '{told(w)}'"
        for w in controls(window)
        if w not in by_toast
        and not (isinstance(w, QAbstractScrollArea) and w.focusPolicy() == Qt.FocusPolicy.NoFocus)
        and not (w in reached and w.focusPolicy() & Qt.FocusPolicy.TabFocus)
    ]
    assert lost == []


def test_f6_goes_round_all_parts_of_the_window(qtbot, window):
    window.central.gallery.setFocus()
    visited = []
    for _ in range(5):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        visited.append(QApplication.focusWidget())
    assert visited[-1] is window.central.gallery
    assert len(set(visited)) == 5


DIALOGS = {
    "preferences": lambda w: w.settings.open_preferences(),
    "keys": lambda w: w.settings.open_cheat_sheet(),
    "restore": lambda w: w.safety.open_restore(),
    "forget": lambda w: w.safety.open_forget(person=False),
    "note": lambda w: w.remarks.ask_note(),
    "save view": lambda w: w.browsing.save_view(),
    "comparison": lambda w: w.comparisons.show(),
}


def test_every_dialog_names_its_controls(window):
    for open_ in DIALOGS.values():
        dialog: QDialog = open_(window)
        assert nameless(dialog) == []
        assert dialog.windowTitle()
        dialog.reject()
