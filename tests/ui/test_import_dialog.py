"""The import dialog on a real library, as a curator drives it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.library import people
from app.library.columns import load
from app.library.library import Library
from app.services.desk import Desk
from app.ui.label_files.export_dialog import ExportDialog
from app.ui.label_files.import_dialog import ImportDialog
from tests.library.conftest import open_desk

NAMES = [f"face_{i}.jpg" for i in range(6)]


@pytest.fixture
def desk(qapp, tmp_path):
    open_desk(tmp_path / "library", tmp_path / "faces", NAMES).library.close()
    made = Desk(Library.open(tmp_path / "library"), "Ada")
    yield made
    assert made.close() == []


@pytest.fixture
def ask(qtbot, desk, tmp_path):
    """Open the dialog on a file and wait for its dry run."""

    def show(content: str, name: str = "labels.csv") -> ImportDialog:
        file = tmp_path / name
        file.write_text(content, encoding="utf-8")
        dialog = ImportDialog(desk, file)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.plan is not None or dialog.report.startswith("⚠"))
        return dialog

    return show


def mos(desk) -> list[float | None]:
    values = load(desk.library, model_id="m", preprocessing_id="p").mos
    return [None if np.isnan(v) else round(float(v), 4) for v in values]


def choose(qtbot, dialog, box, data):
    """Pick an entry, and wait for the dry run that follows."""
    box.setCurrentIndex(box.findData(data))
    assert dialog.plan is None, "nothing can be accepted that was not shown"
    qtbot.waitUntil(lambda: dialog.plan is not None or dialog.report.startswith("⚠"))


def accept(qtbot, desk, dialog):
    with qtbot.waitSignal(desk.edited):
        dialog.accept()


def branches(dialog) -> list[str]:
    return [dialog.lines.topLevelItem(i).text(0) for i in range(dialog.lines.topLevelItemCount())]


MESSY = "path;mos\nface_0.jpg;4,5\nface_1.jpg;9\nface_2.jpg;good\nstranger.jpg;2\nface_0.jpg;3\nface_3.jpg;1\n"


def test_the_scale_is_declared_beside_the_values_and_every_doubtful_line_is_listed(qtbot, desk, ask):
    dialog = ask(MESSY)
    choose(qtbot, dialog, dialog.form.scale_box, "1:5")
    assert dialog.histogram.text == "5 values from 1 to 9, 1 outside the scale"
    assert branches(dialog) == ["No such image (1)", "Image named twice (1)", "No number (1)", "Outside the scale (1)"]
    assert "decimal commas" in dialog.report
    assert mos(desk) == [None] * 6, "a dry run writes nothing"
    accept(qtbot, desk, dialog)
    assert mos(desk) == [0.875, None, None, 0.0, None, None]
    with qtbot.waitSignal(desk.edited):
        desk.undo()
    assert mos(desk) == [None] * 6


def test_another_scale_is_typed(qtbot, desk, ask):
    dialog = ask("path,mos\nface_0.jpg,2\nface_1.jpg,10\n")
    assert not dialog.form.low.isVisible()
    dialog.form.low.setValue(10)
    choose(qtbot, dialog, dialog.form.scale_box, "other")
    assert dialog.form.low.isVisible()
    dialog.form.high.setValue(0)
    qtbot.waitUntil(lambda: dialog.plan is not None and dialog.plan.scale.high == 0)
    accept(qtbot, desk, dialog)
    assert mos(desk)[:2] == [0.8, 0.0]


def test_columns_are_mapped_and_remembered_for_the_next_file_of_that_kind(qtbot, desk, ask):
    dialog = ask("who,red,blue\nface_0.jpg,0.1,0.9\n")
    assert "several columns of numbers" in dialog.report
    choose(qtbot, dialog, dialog.form.score_column, "blue")
    accept(qtbot, desk, dialog)
    again = ask("who,red,blue\nface_1.jpg,0.1,0.8\n", "next.csv")
    assert again.form.score_column.currentData() == "blue"
    accept(qtbot, desk, again)
    assert mos(desk)[:2] == [0.9, 0.8]


def test_a_conflict_is_listed_and_can_become_the_opinion_of_a_named_rater(qtbot, desk, ask):
    first = ask("path,mos\nface_0.jpg,1\n")
    accept(qtbot, desk, first)
    dialog = ask("path,mos\nface_0.jpg,0.5\n", "other.csv")
    assert branches(dialog) == ["Another label is there (1)"]
    accept_button = dialog._accept
    assert not accept_button.isEnabled(), "keep mine leaves nothing to import"
    assert not dialog.form.rater.isVisible()
    box = dialog.form.conflict
    box.setCurrentIndex(box.findData("rater"))
    qtbot.keyClicks(dialog.form.rater, "Bea")
    assert accept_button.isEnabled()
    with qtbot.waitSignal(desk.edited):
        qtbot.mouseClick(accept_button, Qt.MouseButton.LeftButton)
    assert mos(desk)[0] == 0.5
    assert "Bea" in [rater.name for rater in people.raters(desk.library)]


def test_a_known_layout_is_recognised_and_named(ask):
    dialog = ask("Image,raw_score,mapped_score\nface_0.jpg,0.7,0.6\n")
    assert "Efficient-FIQA pseudo-labels" in dialog._notes.text()
    assert dialog.plan.kind == "pseudo"


def test_a_file_that_cannot_be_read_is_told_and_nothing_can_be_accepted(desk, ask):
    dialog = ask("\x80", "evil.pkl")
    assert "can run code" in dialog.report
    dialog.accept()
    assert mos(desk) == [None] * 6


def test_an_export_says_before_what_its_layout_cannot_take_along(qtbot, desk, ask, tmp_path):
    accept(qtbot, desk, ask("path,mos\nface_0.jpg,0.25\n"))
    written = []
    dialog = ExportDialog(desk, written.append)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "without loss" in dialog.about
    dialog.layouts.setCurrentIndex(dialog.layouts.findData("vquala"))
    assert "Not taken along: spread" in dialog.about
    dialog.save(tmp_path / "train.csv")
    qtbot.waitUntil(lambda: bool(written))
    assert written[0].images == 1
    assert (tmp_path / "train.csv").read_text() == "face_0.jpg,0.25\n"
