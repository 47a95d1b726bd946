"""The first start asks who labels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.ui.application import Program, arguments
from app.ui.dialogs import RaterDialog


@pytest.fixture
def program(qapp, tmp_path):
    left = []
    made = Program(qapp, arguments(["--library", str(tmp_path / "library")]), leave=left.append)
    made.left = left
    yield made
    if made.window is not None:
        made.window.close()


def answer(name):
    """Fill in the dialog as soon as it is there; None presses Cancel."""

    def look():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, RaterDialog):
            return
        timer.stop()
        if name is None:
            dialog.reject()
        else:
            dialog.name.setText(name)
            dialog.accept()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(10)
    return timer


def test_the_first_start_asks_for_the_rater_and_the_next_does_not(qtbot, program, qapp, tmp_path):
    timer = answer("Grace")
    program.open(tmp_path / "library")
    qtbot.waitUntil(lambda: program.window is not None)
    assert not timer.isActive()
    assert program.window.desk.rater.name == "Grace"
    program.window.close()

    again = Program(qapp, arguments(["--library", str(tmp_path / "library")]))
    again.open(tmp_path / "library")
    qtbot.waitUntil(lambda: again.window is not None)
    assert again.window.desk.rater.name == "Grace"
    again.window.close()


def test_whoever_gives_no_name_gets_no_window(qtbot, program, tmp_path):
    timer = answer(None)
    program.open(tmp_path / "library")
    qtbot.waitUntil(lambda: program.left == [0])
    assert not timer.isActive()
    assert program.window is None
