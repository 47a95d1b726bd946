"""`make screenshots`: the pictures of docs/images, from the real window on the sample faces, without a display.

    python scripts/screenshots.py [--out DIR] [--only NAME ...]

Every scene has a window of its own on a new library, so that none depends on another. The pictures are the same at
every run but for the times that the window shows.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QPoint, Qt  # noqa: E402  # the platform is chosen before Qt starts
from PySide6.QtGui import QPixmap  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

import resources  # noqa: E402
from app.ui.application import Program, arguments  # noqa: E402
from app.ui.main_window import MainWindow  # noqa: E402

_WAIT_S = 120.0
_SAMPLES = 24
Scene = Callable[[MainWindow], QWidget | None]


def wait(condition: Callable[[], bool]) -> None:
    """Let the program run until something is so.

    Raises:
        TimeoutError: it did not come.
    """
    deadline = time.monotonic() + _WAIT_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("The window did not get there.")
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settle() -> None:
    """Paint what is due."""
    for _ in range(5):
        QApplication.processEvents()


# -- scenes ------------------------------------------------------------------------------------------------------------


def _label(window: MainWindow, position: int, key: Qt.Key) -> None:
    """Rate one face by key, as a curator does."""
    done: list[object] = []
    slot = window.desk.rows_ready.connect(done.append)
    window.model.set_current(window.model.id_at(position))
    QTest.keyClick(window.central.gallery, key)
    wait(lambda: bool(done))
    window.desk.rows_ready.disconnect(slot)


def browse(window: MainWindow) -> None:
    """The gallery with some labels."""
    window.rating.advance.setChecked(False)
    for position, key in ((0, Qt.Key.Key_5), (2, Qt.Key.Key_4), (5, Qt.Key.Key_2), (9, Qt.Key.Key_3)):
        _label(window, position, key)
    window.model.set_current(window.model.id_at(2))


def compare(window: MainWindow) -> None:
    """Two faces at 100 %."""
    browse(window)
    window.model.select([window.model.id_at(0), window.model.id_at(13)])
    window.actions_["compare"].trigger()
    view = window.central.compare
    wait(lambda: [p.shown for p in view.panes] == view.ids)
    view.panes[0].set_zoom(1.0)


SCENES: dict[str, Scene] = {
    "browse": browse,
    "compare": compare,
}


# -- taking ------------------------------------------------------------------------------------------------------------


def take(name: str, scene: Scene, mode: str, out: Path) -> Path:
    """Open a window, play a scene, save what it looks like as `NAME-MODE.png`."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as home:
        os.environ["FIQA_HOME"] = home
        library = Path(home) / "library"
        options = arguments([str(resources.samples()), "--library", str(library), "--rater", "Ada", "--theme", mode])
        program = Program(app, options)
        program.open(library)
        wait(lambda: program.window is not None)
        window = program.window
        assert window is not None
        window.resize(1440, 900)
        wait(lambda: len(window.model.columns) == _SAMPLES and window.presenter.all_scored())
        window.model.resort()
        wait(window.all_pictured)
        shown = scene(window) or window
        window.presenter.settle()
        settle()
        picture = _grab(window, shown)
        window.close()
        window.deleteLater()
        program.window = None
        settle()
    file = out / f"{name}-{mode}.png"
    if not picture.save(str(file)):
        raise OSError(f"Cannot write {file}.")
    return file


def _grab(window: MainWindow, shown: QWidget) -> QPixmap:
    """The window; a dialog or popup is painted over it where it stands, since each is a window of its own."""
    picture = window.grab()
    if shown is not window:
        over = shown.grab()
        room = window.size() - shown.size()
        corner = shown.mapToGlobal(QPoint(0, 0)) - window.mapToGlobal(QPoint(0, 0))
        if not shown.windowFlags() & Qt.WindowType.Popup:
            corner = QPoint(room.width() // 2, room.height() // 2)
        _paint_over(picture, over, corner)
    return picture


def _paint_over(picture: QPixmap, over: QPixmap, corner: QPoint) -> None:
    from PySide6.QtGui import QColor, QPainter

    painter = QPainter(picture)
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 60))
    painter.drawPixmap(corner, over)
    painter.setPen(QColor(128, 128, 128))
    painter.drawRect(corner.x(), corner.y(), over.deviceIndependentSize().toSize().width(), over.height())
    painter.end()


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="Make the pictures of the documentation.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--only", nargs="*", choices=sorted(SCENES), default=sorted(SCENES))
    parser.add_argument("--modes", nargs="*", choices=("light", "dark"), default=("light", "dark"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([sys.argv[0]])  # noqa: F841  # lives as long as the pictures are taken
    for name in options.only:
        for mode in options.modes:
            print(take(name, SCENES[name], mode, options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
