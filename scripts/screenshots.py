"""`make screenshots`: the pictures of docs/images, from the real window on the sample faces, without a display.

    python scripts/screenshots.py [--out DIR] [--only NAME ...] [--theme light dark] [--scale 2]

Every scene has a window of its own on a new library, so that none depends on another; the story `retraining` makes
many pictures in one window, with real trainings that take some minutes. The pictures are the same at every run but for
times and measurements that the window shows.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication  # noqa: E402  # the platform is chosen before Qt starts

import resources  # noqa: E402
from app.ui.application import Program, arguments  # noqa: E402
from app.ui.main_window import MainWindow  # noqa: E402
from scripts.scenes import browsing, comparing, picture, training  # noqa: E402
from scripts.scenes.waiting import settle, wait  # noqa: E402

_SAMPLES = 24
_SALT = "0123456789abcdef"
"""Of the splits: always the same people are held out, so that a picture changes only when the program does."""
_BOTH = ("light", "dark")

SCENES: dict[str, tuple[browsing.Scene, tuple[str, ...]]] = {
    "window": (browsing.browse, _BOTH),
    "loupe": (browsing.loupe, ("light",)),
    "compare": (browsing.compare, ("dark",)),
    "filter": (browsing.filtering, ("light",)),
    "filter-error": (browsing.mistake, ("dark",)),
    "import": (browsing.import_labels, ("light",)),
    "history": (browsing.history, ("light",)),
    "blind": (browsing.blind, ("dark",)),
    "cheat-sheet": (browsing.cheat_sheet, ("light",)),
    "keys": (browsing.keys, ("dark",)),
    "restore": (browsing.restore, ("light",)),
    "forget": (browsing.forget, ("dark",)),
    "extra-score": (comparing.extra_score, ("dark",)),
    "comparison": (comparing.comparison, ("light",)),
    "nothing-found": (browsing.nothing_found, ()),
    "first-start": (browsing.first_start, ()),
}
"""Each scene, and the themes of its pictures; where there are two, the theme is in the name of the file. Those without
one are in no page: they are made by --only and --theme, to be looked at."""
STORY_THEMES = {"curves": _BOTH, "gate": _BOTH}
"""Pictures of the story that are taken in both themes; the others are taken in the light one."""


def _faces() -> Path:
    """A place whose name may be shown."""
    folder = Path(tempfile.gettempdir()) / "pictures" / "faces"
    shutil.rmtree(folder.parent, ignore_errors=True)
    return folder


@contextmanager
def _window(app: QApplication, faces: Path, count: int, mode: str) -> Iterator[MainWindow]:
    """The program on a new library with these faces, all scored."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        patch("app.library.library.secrets.token_hex", lambda _: _SALT),
    ):
        os.environ["FIQA_HOME"] = home
        library = Path(home) / "library"
        shown = [str(faces)] if count else []
        program = Program(app, arguments([*shown, "--library", str(library), "--rater", "Ada", "--theme", mode]))
        program.open(library)
        wait(lambda: program.window is not None)
        window = program.window
        assert window is not None
        window.resize(1440, 900)
        wait(lambda: len(window.model.columns) == count and (not count or window.presenter.all_scored()))
        window.model.resort()
        wait(window.all_pictured)
        yield window
        window.close()
        window.deleteLater()
        program.window = None
        settle()


def take_scene(app: QApplication, name: str, mode: str, file: Path) -> None:
    """Open a window, play a scene, save what it looks like."""
    faces = _faces()
    shutil.copytree(resources.samples(), faces)
    with _window(app, faces, 0 if name == "first-start" else _SAMPLES, mode) as window:
        shown = SCENES[name][0](window) or window
        window.presenter.settle()
        settle()
        picture.save(picture.grab(window, shown), file)


def take_story(app: QApplication, out: Path, themes: Sequence[str] | None = None) -> Iterator[Path]:
    """Tell the story of a retraining and save its pictures; in `themes`, or those of the guide."""
    faces = _faces()
    opinions = training.spoilt_samples(resources.samples(), faces)
    with _window(app, faces, training.FACES, "light") as window:
        for name, over in training.retraining(opinions)(window):
            modes = themes or STORY_THEMES.get(name, ("light",))
            for mode in modes:
                window.actions_[f"theme_{mode}"].trigger()
                window.presenter.settle()
                wait(window.all_pictured)
                settle()
                file = out / (f"{name}-{mode}.png" if len(modes) > 1 else f"{name}.png")
                picture.save(picture.grab(window, over or window), file)
                yield file
            window.actions_["theme_light"].trigger()


def main() -> int:
    """Returns the exit status."""
    known = [*SCENES, "retraining"]
    parser = argparse.ArgumentParser(description="Make the pictures of the documentation.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--only", nargs="*", choices=known, default=known)
    parser.add_argument("--theme", nargs="+", choices=_BOTH, help="for every scene, instead of its own")
    parser.add_argument("--scale", type=float, default=1, help="pixels to a point, as on a screen of that many")
    options = parser.parse_args()
    if options.theme and options.out == parser.get_default("out"):
        parser.error("Pictures in other themes than the guide's need a place of their own: --out DIR.")
    options.out.mkdir(parents=True, exist_ok=True)
    os.environ["QT_SCALE_FACTOR"] = f"{options.scale:g}"  # before Qt starts
    app = QApplication([sys.argv[0]])
    for name in options.only:
        if name == "retraining":
            for file in take_story(app, options.out, options.theme):
                print(file, flush=True)
            continue
        modes = options.theme or SCENES[name][1]
        for mode in modes:
            file = options.out / (f"{name}-{mode}.png" if len(modes) > 1 else f"{name}.png")
            take_scene(app, name, mode, file)
            print(file, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
