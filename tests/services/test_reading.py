"""The reader: the first screen before all rows, and what undo would do without a look."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from app.library import catalog
from app.library.first_screen import ROWS
from app.library.library import Library
from app.services.reading import Reader


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "library") as made:
        folder = catalog.add_folder(made, tmp_path / "faces")
        entries = [catalog.ScanEntry(f"face_{i:05}.jpg", 1000 + i, 1) for i in range(2 * ROWS + 1)]
        catalog.record_scan(made, folder, entries)
        yield made


@pytest.fixture
def reader(qtbot, library):
    parent = QObject()
    made = Reader(library, lambda: None, lambda: None, lambda: 1, parent)
    yield made
    made.stop()
    parent.deleteLater()  # what lives as long as the reader does


def test_a_large_library_gives_its_first_screen_before_the_rest(qtbot, reader, library):
    came = []
    reader.first_ready.connect(lambda columns: came.append(columns))
    reader.columns_ready.connect(lambda columns: came.append(columns))
    reader.ask_first("size", True)
    reader.ask_all()
    qtbot.waitUntil(lambda: len(came) == 2)
    first, everything = came
    assert len(everything) == 2 * ROWS + 1
    assert sorted(first.size.tolist()) == sorted(everything.size.tolist())[-ROWS:]


def test_a_sort_that_cannot_be_asked_gives_no_first_screen(qtbot, reader):
    came = []
    reader.first_ready.connect(lambda _: came.append("first"))
    reader.columns_ready.connect(lambda _: came.append("all"))
    reader.ask_first("extra", True)
    reader.ask_all()
    qtbot.waitUntil(lambda: "all" in came and reader.is_idle())
    assert came == ["all"]


def test_what_an_act_says_of_undo_is_not_overtaken_by_an_older_look(qtbot, reader):
    told = []
    reader.undo_ready.connect(lambda undo, redo: told.append((undo, redo)))
    reader.ask_undo()  # its answer, nothing to undo, is of before the act
    reader.tell_undo("MOS 0.25 on 1 image")
    qtbot.waitUntil(reader.is_idle)
    assert told == [("MOS 0.25 on 1 image", None)]
