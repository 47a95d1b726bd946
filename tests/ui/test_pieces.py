"""Small parts of the window: numbers that are typed, tables that Tab leaves, sentences without plurals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt

from app.library.forget import Traces
from app.ui import language, scale
from app.ui.backups.forget_dialog import ForgetDialog
from app.ui.gallery.model import GalleryModel
from app.ui.problems_panel import ProblemsPanel
from app.ui.rating.exact_value import ExactValue
from app.ui.rating.history_panel import HistoryPanel


@pytest.fixture
def german(qapp):
    """A desktop that writes numbers with a comma."""
    QLocale.setDefault(QLocale("de_DE"))
    language.install(qapp, "en")
    yield
    QLocale.setDefault(QLocale.c())


def test_a_typed_number_has_the_point_that_the_window_shows(qtbot, german):
    exact = ExactValue()
    qtbot.addWidget(exact)
    exact.show()
    exact.box.setFocus()
    exact.box.selectAll()
    qtbot.keyClicks(exact.box, "0.7")
    with qtbot.waitSignal(exact.chosen) as told:
        qtbot.keyClick(exact.box, Qt.Key.Key_Return)
    assert told.args[0] == pytest.approx(scale.current().inside(0.7))


@pytest.mark.parametrize("panel", [HistoryPanel, ProblemsPanel])
def test_tab_leaves_a_table(qtbot, panel):
    made = panel()
    qtbot.addWidget(made)
    assert not made.table.tabKeyNavigation()


def test_forget_says_what_would_go_and_what_would_still_hold_it(qtbot):
    few = Traces((1,), 1, 3, 1, (), (), (), (), (), ())
    dialog = ForgetDialog(person=False)
    qtbot.addWidget(dialog)
    dialog.show_traces(few)
    assert "images: 1, label events: 3, scores: 1." in dialog.text.text()
    assert "The image files stay." in dialog.text.text()
    assert "Backups" not in dialog.text.text()
    dialog.show_traces(replace(few, images=2, backups=(Path("a"), Path("b")), unread=(Path("list.csv"),)))
    assert "can be removed too: 2." in dialog.text.text()
    assert "nobody knows: list.csv." in dialog.text.text()
    assert dialog.forget.text() == "Forget 2 images"


def test_the_next_face_without_a_label_can_be_read(make_columns):
    model = GalleryModel()
    model.set_columns(make_columns([0.9, 0.8, 0.7], mos=[0.5, None, None], problem=["", "truncated", ""]))
    model.set_query(sort="score", descending=True)
    model.set_current(1)
    assert model.step(1, unlabelled=True)
    assert model.current == 3
    assert not model.step(1, unlabelled=True)
    assert model.current == 3
