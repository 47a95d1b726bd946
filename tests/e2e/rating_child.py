"""A window that rates by key without end and says each acknowledged act; killed by test_kill.py at any moment."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.application import Program, arguments

KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


def main(library: Path) -> None:
    app = QApplication([])
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

    def begin(_columns) -> None:
        program.window.desk.columns_ready.disconnect(begin)
        program.window.desk.edited.connect(acknowledged)
        program.window.central.gallery.setFocus()
        press()

    def opened() -> None:
        if program.window is not None:
            poll.stop()
            program.window.desk.columns_ready.connect(begin)

    from PySide6.QtCore import QTimer

    poll = QTimer()
    poll.timeout.connect(opened)
    poll.start(0)
    program.open(library)
    app.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
