"""Every control of the window has a name for a screen reader and can be reached by keyboard."""

from __future__ import annotations

from pathlib import Path

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
from app.ui import dialogs
from app.ui.label_files.export_dialog import ExportDialog
from app.ui.label_files.import_dialog import ImportDialog
from app.ui.models.foreign_dialog import ForeignDialog
from engine import foreign

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


def unreachable(dialog: QDialog) -> list[str]:
    """Controls that Tab leaves out; of radio buttons in a group, and of tabs, the arrows reach the others."""
    reached = chain(dialog)
    return [
        f"{type(w).__name__} '{told(w)}'"
        for w in controls(dialog)
        if not (isinstance(w, QAbstractScrollArea) and w.focusPolicy() == Qt.FocusPolicy.NoFocus)
        and not (w in reached and w.focusPolicy() & Qt.FocusPolicy.TabFocus)
    ]


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
    "rater": lambda w: dialogs.RaterDialog("Ada", w),
    "export": lambda w: ExportDialog(w.desk, lambda _: None, w),
    "foreign model": lambda w: ForeignDialog(foreign.Foreign(Path("theirs.onnx"), 64, ("mos",), None), w),
    "comparison": lambda w: w.comparisons.show(),
}


def test_every_dialog_names_its_controls_and_reaches_them_by_tab(window):
    for name, open_ in DIALOGS.items():
        dialog: QDialog = open_(window)
        assert nameless(dialog) == [], name
        assert unreachable(dialog) == [], name
        assert dialog.windowTitle(), name
        dialog.reject()


def test_the_dialogs_of_import_and_retraining_name_their_controls_and_reach_them(qtbot, window, tmp_path):
    table = tmp_path / "labels.csv"
    table.write_text("name,mos\nface-01.jpg,0.5\nnobody.jpg,0.5\n", encoding="utf-8")
    imported = ImportDialog(window.desk, table, window)
    qtbot.waitUntil(lambda: imported.plan is not None, timeout=60_000)
    window.actions_["retrain"].trigger()
    qtbot.waitUntil(lambda: window.training_wiring.planning.dialog is not None, timeout=60_000)
    retrain = window.training_wiring.planning.dialog
    retrain.more.setChecked(True)
    for dialog in (imported, retrain):
        assert nameless(dialog) == []
        assert unreachable(dialog) == []
        dialog.reject()
