"""`make screenshots`: the pictures of docs/images, from the real window on the sample faces, without a display.

    python scripts/screenshots.py [--out DIR] [--only NAME ...]

Every scene has a window of its own on a new library, so that none depends on another. The pictures are the same at
every run but for the times that the window shows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np  # noqa: E402
from PIL import Image, ImageFilter  # noqa: E402
from PySide6.QtCore import QEvent, QPoint, Qt  # noqa: E402  # the platform is chosen before Qt starts
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPixmap  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QListView, QWidget  # noqa: E402

import resources  # noqa: E402
from app.ui.application import Program, arguments  # noqa: E402
from app.ui.main_window import MainWindow  # noqa: E402

_WAIT_S = 120.0
_SAMPLES = 24
Scene = Callable[[MainWindow], QWidget | None]


def wait(condition: Callable[[], bool], limit_s: float = _WAIT_S) -> None:
    """Let the program run until something is so.

    Raises:
        TimeoutError: it did not come.
    """
    deadline = time.monotonic() + limit_s
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


def filtering(window: MainWindow) -> QWidget:
    """Completion below the filter box."""
    browse(window)
    box = window.central.bar.box
    box.setFocus()
    QTest.keyClicks(box, "score:<0.6 ")
    wait(lambda: window.model.query.text != "")
    QTest.keyClicks(box, "s")
    popup = box.completer_.popup()
    wait(popup.isVisible)
    return popup


def mistake(window: MainWindow) -> None:
    """A filter that is wrong at one place."""
    browse(window)
    box = window.central.bar.box
    QTest.keyClicks(box, "score:<0.6 mos:<abc")
    box.completer_.popup().hide()
    wait(window.central.bar.error.isVisible)


def history(window: MainWindow) -> None:
    """One face with a history of two raters, a reason and a note."""
    window.rating.advance.setChecked(False)
    window.actions_["mode_rate"].trigger()
    for rater, key in (("Ada", Qt.Key.Key_4), ("Grace", Qt.Key.Key_5)):
        window.desk.change_rater(rater)
        wait(lambda rater=rater: window.desk.rater.name == rater)
        _label(window, 1, key)
    face = [window.model.id_at(1)]
    window.desk.set_note(face, "Reference portrait: neutral light, sharp.")
    window.desk.flag([window.model.id_at(11)], "reject", "unusable")
    window.desk.label(face, 0.75)
    window.desk.undo()
    window.docks.make_room(window.history)
    wait(lambda: window.history.model.rowCount() == 5)


def blind(window: MainWindow) -> None:
    """Faces without scores and labels."""
    browse(window)
    window.actions_["blind"].trigger()
    wait(window.all_pictured)


def cheat_sheet(window: MainWindow) -> QWidget:
    """All keys."""
    return window.settings.open_cheat_sheet()


def keys(window: MainWindow) -> QWidget:
    """A key that is taken."""
    dialog = window.settings.open_preferences(keys=True)
    dialog.keys.choose("rate_5")
    dialog.keys.edit.setKeySequence(QKeySequence("X"))
    return dialog


def restore(window: MainWindow) -> QWidget:
    """The backups with what they hold."""
    window.desk.writer.flush()
    wait(lambda: bool(window.desk.backups()))
    browse(window)
    for old in window.desk.backups():
        old.path.unlink()
    window.desk.library.backup_if_due()
    _label(window, 7, Qt.Key.Key_4)
    window.desk.restore(window.desk.backups()[0].path)
    wait(lambda: len(window.desk.backups()) == 2 and int(np.isfinite(window.model.columns.mos).sum()) == 4)
    dialog = window.safety.open_restore()
    items = list(dialog._items.values())
    wait(lambda: all("…" not in item.text(2) for item in items))
    return dialog


def forget(window: MainWindow) -> QWidget:
    """What would go."""
    browse(window)
    dialog = window.safety.open_forget(person=True)
    assert dialog is not None
    wait(dialog.forget.isEnabled)
    return dialog


def extra_score(window: MainWindow) -> None:
    """NIQE beside the scores, sorted by it; at the lower right what it says against the model in use."""
    browse(window)
    window.models.extras.actions()[0].trigger()
    wait(lambda: bool(np.isfinite(window.model.columns.extra).all()))
    window.browsing.ask(sort="extra")
    window.docks.make_room(window.models)
    window.models.table.selectRow(window.models.model.row_of(window.desk.extra.id if window.desk.extra else ""))
    window.models.acts["compare"].trigger()
    wait(lambda: window.models.side.currentIndex() == 1)
    wait(window.all_pictured)


def comparison(window: MainWindow) -> QWidget:
    """A quick comparison of labels that follow a blur of the sample faces, and a point with its face."""
    folder = _blurred(Path(tempfile.gettempdir()) / "pictures" / "blurred")
    window.desk.open_folder(folder)
    wait(lambda: len(window.model.columns) == 4 * _SAMPLES and window.presenter.all_scored())
    for image_id, path in zip(window.model.columns.id.tolist(), window.model.columns.path.tolist(), strict=True):
        level = int(Path(path).stem[-1]) if "blurred" in path else 0
        window.desk.label([image_id], 0.95 - 0.28 * level)
    wait(lambda: bool(np.isfinite(window.model.columns.mos).all()))
    window.comparisons.start()
    view = window.comparisons.view
    wait(lambda: view.page.model.rowCount() == 5, limit_s=5 * _WAIT_S)  # a child process at low priority
    view.page.table.horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    view.page.choose("niqe")
    view.page.scatter.setFocus()
    for _ in range(3):
        QTest.keyClick(view.page.scatter, Qt.Key.Key_Right)
    wait(lambda: view.page.face.shown >= 0)
    return view


def _blurred(folder: Path) -> Path:
    """The sample faces at three strengths of blur."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(resources.samples().rglob("*.jpg")):
        with Image.open(source) as image:
            for level in (1, 2, 3):
                image.filter(ImageFilter.GaussianBlur(1.2 * level)).save(folder / f"{source.stem}-{level}.jpg")
    return folder


SCENES: dict[str, tuple[Scene, str]] = {
    "browse": (browse, "light"),
    "compare": (compare, "dark"),
    "filter": (filtering, "light"),
    "filter-error": (mistake, "dark"),
    "history": (history, "light"),
    "blind": (blind, "dark"),
    "cheat-sheet": (cheat_sheet, "light"),
    "keys": (keys, "dark"),
    "restore": (restore, "light"),
    "forget": (forget, "dark"),
    "extra-score": (extra_score, "dark"),
    "comparison": (comparison, "light"),
}
"""Each scene, and the theme of its picture in the documentation."""


def _faces() -> Path:
    """A copy of the samples at a place whose name may be shown."""
    folder = Path(tempfile.gettempdir()) / "pictures" / "faces"
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(resources.samples(), folder)
    return folder


# -- taking ------------------------------------------------------------------------------------------------------------


def take(name: str, scene: Scene, mode: str, out: Path) -> Path:
    """Open a window, play a scene, save what it looks like as `NAME.png`."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as home:
        os.environ["FIQA_HOME"] = home
        library = Path(home) / "library"
        options = arguments([str(_faces()), "--library", str(library), "--rater", "Ada", "--theme", mode])
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
    file = out / f"{name}.png"
    if not picture.save(str(file)):
        raise OSError(f"Cannot write {file}.")
    return file


def _grab(window: MainWindow, shown: QWidget) -> QPixmap:
    """The window; a dialog or popup is painted over it where it stands, since each is a window of its own."""
    picture = window.grab()
    if isinstance(shown, QListView):  # a popup stands where it was put
        box = window.central.bar.box
        _paint(picture, shown.grab(), box.mapTo(window, QPoint(0, box.height())))
    elif shown is not window:
        over = shown.grab()
        room = window.size() - shown.size()
        corner = QPoint(room.width() // 2, room.height() // 2)
        _darken(picture)
        _paint(picture, over, corner)
    return picture


def _darken(picture: QPixmap) -> None:
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 60))
    painter.end()


def _paint(picture: QPixmap, over: QPixmap, corner: QPoint) -> None:
    painter = QPainter(picture)
    painter.drawPixmap(corner, over)
    painter.setPen(QColor(128, 128, 128))
    painter.drawRect(corner.x(), corner.y(), over.deviceIndependentSize().toSize().width(), over.height())
    painter.end()


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="Make the pictures of the documentation.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--only", nargs="*", choices=sorted(SCENES), default=sorted(SCENES))
    parser.add_argument("--theme", choices=("light", "dark"), help="for every picture, instead of its own")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([sys.argv[0]])  # noqa: F841  # lives as long as the pictures are taken
    for name in options.only:
        scene, mode = SCENES[name]
        print(take(name, scene, options.theme or mode, options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
