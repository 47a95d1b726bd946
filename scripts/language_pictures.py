"""Pictures of the window in a language, for the documentation and for the eye of the translator; needs no display.

    python scripts/language_pictures.py zh_CN [--theme dark] [--out DIR]

The window, the preferences and the retraining dialog on the sample faces, as `NAME-LANGUAGE.png`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap  # noqa: E402  # the platform is chosen before Qt starts
from PySide6.QtWidgets import QApplication, QDialog  # noqa: E402

import resources  # noqa: E402
from app.ui import language  # noqa: E402
from app.ui.application import Program, arguments  # noqa: E402
from app.ui.main_window import MainWindow  # noqa: E402

_WAIT_S = 120.0
_SAMPLES = 24


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


def pictures(window: MainWindow) -> Iterator[tuple[str, QPixmap]]:
    """The name of each picture, and the picture."""
    window.rating.advance.setChecked(False)
    for number in range(_SAMPLES):
        window.desk.label([window.model.id_at(number)], (number % 5) / 4)
    wait(lambda: not np.isnan(window.model.columns.mos).any())
    window.model.step(2)
    yield "window", _over(window, None)
    preferences = window.settings.open_preferences()
    yield "preferences", _over(window, preferences)
    preferences.reject()
    window.actions_["retrain"].trigger()
    wait(lambda: window.training_wiring._dialog is not None)
    dialog = window.training_wiring._dialog
    assert dialog is not None
    wait(lambda: all(cost.text() != dialog.depths.tr("measuring…") for cost in dialog.depths.costs.values()))
    yield "retrain", _over(window, dialog)
    dialog.reject()


def _over(window: MainWindow, dialog: QDialog | None) -> QPixmap:
    """The window, with a dialog painted over it: it is a window of its own."""
    window.presenter.settle()
    for _ in range(5):
        QApplication.processEvents()
    picture = window.grab()
    if dialog is not None:
        over = dialog.grab()
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), QColor(0, 0, 0, 60))
        x, y = (window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2
        painter.drawPixmap(x, y, over)
        painter.setPen(QColor(128, 128, 128))
        painter.drawRect(x, y, dialog.width(), dialog.height())
        painter.end()
    return picture


def save(picture: QPixmap, file: Path) -> None:
    """With 256 colours: a third of the bytes."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB888)
    size = (image.width(), image.height())
    pixels = Image.frombuffer("RGB", size, bytes(image.constBits()), "raw", "RGB", image.bytesPerLine(), 1)
    pixels.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description="Make pictures of the window in a language.")
    parser.add_argument("language", choices=language.available())
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    app = QApplication([sys.argv[0]])
    if not language.can_be_read(options.language):
        print(f"No font here has the characters of {options.language}: install one, e.g. Noto Sans CJK.")
        return 2
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        os.environ["FIQA_HOME"] = home
        faces = Path(tempfile.gettempdir()) / "pictures" / "faces"  # a place whose name may be shown
        shutil.rmtree(faces, ignore_errors=True)
        shutil.copytree(resources.samples(), faces)
        words = ["--library", f"{home}/library", "--rater", "Ada", "--theme", options.theme]
        program = Program(app, arguments([str(faces), *words, "--language", options.language]))
        program.open(Path(home) / "library")
        wait(lambda: program.window is not None)
        window = program.window
        assert window is not None
        window.resize(1440, 900)
        wait(lambda: len(window.model.columns) == _SAMPLES and window.presenter.all_scored())
        window.model.resort()
        wait(window.all_pictured)
        for name, picture in pictures(window):
            file = options.out / f"{name}-{options.language}.png"
            save(picture, file)
            print(file)
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
