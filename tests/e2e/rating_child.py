"""A window that rates by key without end and says each acknowledged act; killed by test_kill.py at any moment."""

from __future__ import annotations

import faulthandler
import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.collector import CalmCollector
from app.ui.application import Program, arguments

HANGS_AFTER_S = 240
KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


def main(library: Path) -> None:
    # A child that hangs says where, and ends: the test that waits for its lines then fails with a reason.
    faulthandler.dump_traceback_later(HANGS_AFTER_S, exit=True)
    app = QApplication([])
    collector = CalmCollector(app)
    program = Program(app, arguments(["--library", str(library), "--rater", "Ada"]))
    presses = 0

    def press() -> None:
        nonlocal presses
        window = program.window
        presses += 1
        if window.model.position(window.model.current) in (-1, len(window.model) - 1):
            window.model.set_current(window.model.id_at(0))
        QTest.keyClick(window.central.gallery, KEYS[(presses * 7) % 5])

    def acknowledged(changes) -> None:
        # The act is on the disk: what is said here must survive everything that follows.
        value = {"1": 0.0, "2": 0.25, "3": 0.5, "4": 0.75, "5": 1.0}[str((presses * 7) % 5 + 1)]
        print(changes.seq, changes.image_ids[0], value, flush=True)
        press()

    def begin_when_shown() -> None:
        # The rows, not the signal that brought them: they may have arrived before anybody could listen. And an active
        # window, since Qt gives its keys to no other.
        window = program.window
        if window is None or not len(window.model):
            return
        window.central.gallery.setFocus()
        if not (window.isActiveWindow() and window.central.gallery.hasFocus()):
            return
        poll.stop()
        window.desk.edited.connect(acknowledged)
        window.labelling.said.connect(lambda _why: QTimer.singleShot(0, press))  # the key was refused
        press()

    poll = QTimer(interval=0)
    poll.timeout.connect(begin_when_shown)
    poll.start()
    program.open(library)
    app.exec()
    collector.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
