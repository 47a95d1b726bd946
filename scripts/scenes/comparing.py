"""Other scores beside the model in use, and the comparison of systems."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

import resources
from app.ui.main_window import MainWindow
from scripts.scenes.browsing import browse
from scripts.scenes.waiting import wait

_SAMPLES = 24


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
    wait(lambda: view.page.model.rowCount() == 5)
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
