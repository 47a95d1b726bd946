"""Between the models panel and the library: what is asked there is done here, slow work on workers."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.library import models, runs
from app.library.models import ModelRow
from app.services import model_work, worker
from app.services.desk import Desk
from app.ui.models.foreign_dialog import ForeignDialog
from app.ui.models.models_panel import ModelsPanel
from engine import foreign
from engine.errors import UserError


class ModelsWiring(QObject):
    """Adds, measures, compares, exports and deletes models.

    Signals:
        run_requested(str): show this run directory.
    """

    run_requested = Signal(str)

    def __init__(self, desk: Desk, panel: ModelsPanel, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._panel, self._window = desk, panel, window
        panel.activate_requested.connect(desk.use_model)
        panel.checkpoint_requested.connect(self._choose_checkpoint)
        panel.foreign_requested.connect(self._choose_foreign)
        panel.measure_requested.connect(self.measure)
        panel.export_requested.connect(self._choose_export)
        panel.delete_requested.connect(self._ask_delete)
        panel.compare_requested.connect(self.compare)
        panel.run_requested.connect(self._show_run)

    # -- adding ------------------------------------------------------------------------------------

    def _choose_checkpoint(self, arch: str) -> None:
        kinds = self.tr("PyTorch weights (*.pt *.pth *.safetensors)")
        file, _ = QFileDialog.getOpenFileName(self._window, self.tr("Efficient-FIQA weights"), "", kinds)
        if file:
            self.add_checkpoint(Path(file), arch)

    def add_checkpoint(self, file: Path, arch: str) -> None:
        """Make a bundle of published weights in a child process and add it; the model in use stays."""
        folder = Path(tempfile.mkdtemp(prefix="fiqa-import-"))
        self._desk.noticed.emit(self.tr("{0} is being read; this takes a minute.").format(file.name))
        self._start(
            lambda made: self._desk.register_model(made, temporary=folder),
            model_work.import_checkpoint,
            file,
            arch,
            folder,
            or_else=lambda: _drop(folder),
        )

    def _choose_foreign(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("A foreign model"), "", self.tr("ONNX files (*.onnx)")
        )
        if file:
            self.add_foreign(Path(file))

    def add_foreign(self, file: Path) -> None:
        """Ask what the file does not say, then wrap and add it; the model in use stays."""
        self._start(self._ask_foreign, foreign.inspect, file)

    def _ask_foreign(self, found: foreign.Foreign) -> None:
        self.dialog = ForeignDialog(found, self._window)
        self.dialog.accepted.connect(self._wrap)
        self.dialog.open()

    def _wrap(self) -> None:
        d, folder = self.dialog, Path(tempfile.mkdtemp(prefix="fiqa-import-"))
        out = folder / f"{d.found.path.stem}.onnx"
        options = {"name": d.name(), "licence": d.licence()}
        self._start(
            lambda bundle: self._desk.register_model(bundle.path, temporary=folder),
            foreign.wrap, d.found, d.preprocessing(), d.output(), out,
            or_else=lambda: _drop(folder), **options,
        )  # fmt: skip

    # -- of one model ------------------------------------------------------------------------------

    def measure(self, model_id: str) -> None:
        """Time a model on this machine."""
        row = self._find(model_id)
        if row is not None:
            self._start(lambda found: self._panel.model.set_cost(model_id, found), model_work.cost, row.path)

    def compare(self, model_id: str) -> None:
        """Its scores against those of the model in use."""
        first, second = self._desk.model, self._find(model_id)
        if first is None or second is None:
            return
        self._start(
            lambda pairs: self._panel.show_comparison(pairs, first, second),
            model_work.pairs, self._desk.library, first, second,
        )  # fmt: skip

    def _choose_export(self, model_id: str) -> None:
        row = self._find(model_id)
        if row is None:
            return
        file, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export the bundle"), f"{row.name}.onnx", self.tr("Model bundles (*.onnx)")
        )
        if file:
            self.export(model_id, Path(file))

    def export(self, model_id: str, target: Path) -> None:
        """Copy a bundle, with its weights where it has them."""
        text = self.tr("The bundle is exported as {0}.")
        self._start(
            lambda file: self._desk.noticed.emit(text.format(file.name)),
            models.export, self._desk.library, model_id, target,
        )  # fmt: skip

    def _ask_delete(self, model_id: str) -> None:
        row = self._find(model_id)
        if row is None:
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Delete a model"))
        box.setText(self.tr("Delete '{0}' from the library?").format(row.name))
        box.setInformativeText(
            self.tr("Its file is deleted and cannot be brought back from here. Its scores and its run stay.")
        )
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        delete.clicked.connect(lambda: self._desk.remove_model(model_id))
        box.open()

    def _show_run(self, run_id: int) -> None:
        row = runs.find_run(self._desk.library, run_id)
        if row is not None:
            self.run_requested.emit(str(row.directory))

    # -- helpers -----------------------------------------------------------------------------------

    def _find(self, model_id: str) -> ModelRow | None:
        return models.find(self._desk.library, model_id)

    def _start(
        self,
        done: Callable[[Any], object],
        fn: Callable[..., Any],
        *args: Any,
        or_else: Callable[[], object] = lambda: None,
        **options: Any,
    ) -> None:
        """`done(result)` in the window, or a sentence about what could not be done."""
        job = worker.start(fn, *args, **options)
        job.returned.connect(done)
        job.errored.connect(lambda error: self._told(error, or_else))

    def _told(self, error: BaseException, or_else: Callable[[], object]) -> None:
        or_else()
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        self._desk.failed.emit(str(error))


def _drop(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
