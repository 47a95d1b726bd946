"""Folders, labels and models in and out: from a menu or a drop to the desk."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app.library.exchange.layout import Written
from app.library.exchange.registry import LABEL_SUFFIXES
from app.services.desk import Desk
from app.ui.label_files.export_dialog import ExportDialog
from app.ui.label_files.import_dialog import ImportDialog


class Files(QObject):
    """Folders in, labels in and out, models in."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._window = desk, parent

    def choose_folder(self) -> None:
        """Ask for a folder and open it."""
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("Open a folder of face images"))
        if folder:
            self._desk.open_folder(Path(folder))

    def choose_model(self) -> None:
        """Ask for a bundle and use it."""
        file, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Add a model"), "", self.tr("Model bundles (*.onnx)")
        )
        if file:
            self._desk.add_model(Path(file))

    def choose_calibrator(self) -> None:
        """Ask for a calibrator of the model in use, and show scores through it."""
        title, kinds = self.tr("Use a calibrator file"), self.tr("Calibrators (*.json)")
        file, _ = QFileDialog.getOpenFileName(self._window, title, "", kinds)
        if file:
            self._desk.use_calibrator_file(Path(file))

    def import_labels(self, file: Path | None = None) -> None:
        """Ask for a table of labels and go through its dry run."""
        if file is None:
            name, _ = QFileDialog.getOpenFileName(
                self._window,
                self.tr("Import labels"),
                "",
                self.tr("Label files ({0});;All files (*)").format(" ".join(f"*{s}" for s in LABEL_SUFFIXES)),
            )
            if not name:
                return
            file = Path(name)
        ImportDialog(self._desk, file, self._window).open()

    def export_labels(self) -> None:
        """Ask in which layout and where, and write all labels."""
        ExportDialog(self._desk, self._exported, self._window).open()

    def _exported(self, written: Written) -> None:
        one, some = self.tr("The labels of 1 image are exported."), self.tr("The labels of {0} images are exported.")
        self._desk.noticed.emit(one if written.images == 1 else some.format(f"{written.images:,}"))

    def dropped(self, paths: list[Path]) -> None:
        """A folder opens, a table is imported, a bundle becomes the model."""
        for path in paths:
            if path.is_dir():
                self._desk.open_folder(path)
            elif path.suffix.lower() in LABEL_SUFFIXES:
                self.import_labels(path)
            elif path.suffix.lower() == ".onnx":
                self._desk.add_model(path)
            else:
                self._desk.failed.emit(self.tr("'{0}' is no folder, table or model.").format(path.name))
