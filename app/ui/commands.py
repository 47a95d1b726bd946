"""What the actions do: from a key or a menu to the gallery's model and the desk."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.desk import Desk
from app.ui import words
from app.ui.actions import Actions
from app.ui.gallery.model import GalleryModel
from app.ui.import_dialog import ImportDialog
from app.ui.preferences import Preferences


class Labelling(QObject):
    """Rating keys, flags, undo: from what is selected to the library.

    Signals:
        said(str): a sentence for the status bar.
    """

    said = Signal(str)

    def __init__(
        self,
        desk: Desk,
        model: GalleryModel,
        preferences: Preferences,
        parent: QObject,
        *,
        in_sight: Callable[[], bool],
    ) -> None:
        """`in_sight` tells whether the current image is what the curator sees."""
        super().__init__(parent)
        self._desk, self._model, self._preferences = desk, model, preferences
        self._in_sight = in_sight

    def connect_actions(self, actions: Actions) -> None:
        """Hang the label actions on this."""
        for category in range(1, 6):
            action = actions[f"rate_{category}"]
            action.triggered.connect(lambda _=False, k=category: self.rate(words.acr_value(k), advance=True))
        actions["accept"].triggered.connect(self.accept)
        actions["clear_label"].triggered.connect(self.clear)
        actions["undo"].triggered.connect(self._desk.undo)
        actions["redo"].triggered.connect(self._desk.redo)
        for name, flag in (("pick", "pick"), ("reject", "reject"), ("unflag", None)):
            actions[name].triggered.connect(lambda _=False, f=flag: self.flag(f))
        actions["next_unlabelled"].triggered.connect(lambda: self._model.step(1, unlabelled=True))
        actions["previous_unlabelled"].triggered.connect(lambda: self._model.step(-1, unlabelled=True))

    def rate(self, mos: float, *, advance: bool = False) -> None:
        """Give a MOS to the selection; after a key on a single image go on to the next."""
        targets = self._targets()
        if not targets:
            return
        self._desk.label(targets, mos, blind=self._model.blind)
        if advance and len(targets) == 1:
            self._advance()

    def _targets(self) -> list[int]:
        """What a key applies to now; says so where that is nothing."""
        targets = self._model.targets()
        if not targets:
            self.said.emit(self.tr("Choose an image first."))
        elif not self._in_sight():
            self.said.emit(self.tr("The image is still loading: nothing was labelled."))
            return []
        return targets

    def _advance(self) -> None:
        if not self._preferences.advance:
            return
        before = self._model.current
        self._model.step(1)
        if self._model.current == before:  # the next key must not replace this label
            self._model.select(set())
            self.said.emit(self.tr("That was the last image."))

    def flag(self, flag: str | None) -> None:
        """Set or remove the flag of the selection."""
        self._desk.flag(self._targets(), flag)

    def accept(self) -> None:
        """The model's score of the current image becomes its MOS."""
        if self._model.blind:
            self.said.emit(self.tr("The score is hidden here: give your own opinion."))
            return
        targets = self._targets()
        if len(targets) != 1:
            if targets:
                self.said.emit(self.tr("Choose one image: each has a score of its own."))
            return
        row = self._model.row(targets[0])
        if math.isnan(float(self._model.columns.score[row])):
            self.said.emit(self.tr("This image has no score yet."))
            return
        self._desk.label(targets, min(1.0, max(0.0, float(self._model.columns.shown[row]))))
        self._advance()

    def clear(self) -> None:
        """Take my label from the selection."""
        self._desk.clear(self._targets())

    def refresh_undo(self, actions: Actions) -> None:
        """Undo and redo say what they would do."""
        undo, redo = self._desk.undo_words()
        for name, title, what in (("undo", self.tr("Undo"), undo), ("redo", self.tr("Redo"), redo)):
            actions[name].setEnabled(what is not None)
            actions[name].setText(f"{title}: {what}" if what else title)


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

    def import_labels(self, file: Path | None = None) -> None:
        """Ask for a table of labels and go through its dry run."""
        if file is None:
            name, _ = QFileDialog.getOpenFileName(
                self._window, self.tr("Import labels"), "", self.tr("Tables (*.csv *.tsv *.txt)")
            )
            if not name:
                return
            file = Path(name)
        ImportDialog(self._desk, file, self._window).open()

    def export_labels(self) -> None:
        """Ask where and write all labels."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export labels"), "labels.csv", self.tr("CSV (*.csv)")
        )
        if name:
            self._desk.export_labels(Path(name), self._exported)

    def _exported(self, _result: Any) -> None:
        self._desk.noticed.emit(self.tr("The labels are exported."))

    def dropped(self, paths: list[Path]) -> None:
        """A folder opens, a table is imported, a bundle becomes the model."""
        for path in paths:
            if path.is_dir():
                self._desk.open_folder(path)
            elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
                self.import_labels(path)
            elif path.suffix.lower() == ".onnx":
                self._desk.add_model(path)
            else:
                self._desk.failed.emit(self.tr("'{0}' is no folder, table or model.").format(path.name))
