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
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402  # the platform is chosen before Qt starts

import resources  # noqa: E402
from app.ui import language  # noqa: E402
from app.ui.application import Program, arguments  # noqa: E402
from app.ui.main_window import MainWindow  # noqa: E402
from scripts.scenes import picture  # noqa: E402
from scripts.scenes.waiting import settle, wait  # noqa: E402

_SAMPLES = 24


def pictures(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """The name of each picture, and what stands in front."""
    window.rating.advance.setChecked(False)
    for number in range(_SAMPLES):
        window.desk.label([window.model.id_at(number)], (number % 5) / 4)
    wait(lambda: not np.isnan(window.model.columns.mos).any())
    window.model.step(2)
    yield "window", window
    preferences = window.settings.open_preferences()
    yield "preferences", preferences
    preferences.reject()
    window.actions_["retrain"].trigger()
    wait(lambda: window.training_wiring.planning.dialog is not None)
    dialog = window.training_wiring.planning.dialog
    assert dialog is not None
    wait(lambda: all(cost.text() != dialog.depths.tr("measuring…") for cost in dialog.depths.costs.values()))
    yield "retrain", dialog
    dialog.reject()


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
        for name, shown in pictures(window):
            window.presenter.settle()
            settle()
            file = options.out / f"{name}-{options.language}.png"
            picture.save(picture.grab(window, shown), file)
            print(file)
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
