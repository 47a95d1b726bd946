"""Curves as a picture, as numbers, or as TensorBoard event files."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, QPoint, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services import worker
from app.ui.training.history import History
from engine import tensorboard
from engine.errors import UserError
from engine.run import EventTail, RunDirectory

if TYPE_CHECKING:
    from app.ui.training.curves import CurvesView

_HEADER: Final = ("run", "series", "step", "epoch", "minutes", "value")


class CurveSaving(QObject):
    """Asks where, and writes.

    Signals:
        saved(str): one sentence, what lies where.
        failed(str): one sentence, why not.
    """

    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent

    def ask(self, kind: str, curves: CurvesView, run: RunDirectory, title: str) -> None:
        """Ask for a file (for TensorBoard: a folder) and write what `curves` show of `run`."""
        if kind == "tensorboard":
            folder = QFileDialog.getExistingDirectory(self._window, self.tr("Folder for TensorBoard files"))
            if folder:
                self.write_tensorboard(run, Path(folder))
            return
        kinds = {"png": "PNG (*.png)", "svg": "SVG (*.svg)", "csv": "CSV (*.csv)"}
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the curves"), f"{run.path.name}.{kind}", kinds[kind]
        )
        if name:
            self.write(Path(name), kind, curves, title)

    def write(self, file: Path, kind: str, curves: CurvesView, title: str) -> None:
        """Write a picture or a table."""
        try:
            if kind == "csv":
                others = {f"{o.letter} {Path(o.directory).name}": o.history for o in curves.overlays}
                write_csv(file, {title: curves.history, **others})
            elif kind == "svg":
                write_svg(file, curves)
            elif not curves.grab().save(str(file), "PNG"):
                raise OSError(self.tr("the picture cannot be written there"))
        except OSError as error:
            self.failed.emit(self.tr("Cannot write {0}: {1}.").format(file.name, error.strerror or error))
            return
        self.saved.emit(self.tr("The curves are saved as {0}.").format(file.name))

    def write_tensorboard(self, run: RunDirectory, folder: Path) -> None:
        """Write event files on a worker."""
        job = worker.start(lambda: tensorboard.write(EventTail(run.events_file).read(), folder / run.path.name))
        job.returned.connect(lambda _: self.saved.emit(self.tr("TensorBoard files lie in {0}.").format(folder)))
        job.errored.connect(self._told)

    def _told(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        self.failed.emit(str(error))


def write_csv(file: Path, histories: Mapping[str, History]) -> None:
    """One row per point: run, series, step, epoch, minutes of work, value (empty: a number that does not exist)."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_HEADER)
        for run, history in histories.items():
            for name, series in history.series.items():
                columns = (series.x("step"), series.x("epoch"), series.x("time"), series.y)
                for step, epoch, minutes, value in zip(*(c.tolist() for c in columns), strict=True):
                    shown = f"{value:.9g}" if np.isfinite(value) else ""
                    writer.writerow([run, name, f"{step:g}", f"{epoch:.6g}", f"{minutes:.6g}", shown])


def write_svg(file: Path, widget: QWidget) -> None:
    """The widget as vectors.

    Raises:
        OSError: the file cannot be written.
    """
    from PySide6.QtSvg import QSvgGenerator

    with file.open("wb"):
        pass  # the generator does not tell whether it could write
    generator = QSvgGenerator()
    generator.setFileName(str(file))
    generator.setSize(QSize(widget.width(), widget.height()))
    generator.setViewBox(widget.rect())
    generator.setResolution(widget.logicalDpiX())
    painter = QPainter(generator)
    widget.render(painter, QPoint())
    painter.end()
