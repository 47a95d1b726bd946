"""Help: about, diagnostics, and what is said when the program itself is at fault."""

from __future__ import annotations

import platform
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import onnxruntime
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid

from app.services import worker
from app.services.support import diagnostics, licences
from app.services.support.fault_log import Fault
from app.ui.help.about import AboutDialog
from app.ui.help.crash_dialog import CrashDialog
from app.ui.help.diagnostics_dialog import DiagnosticsDialog
from engine.errors import UserError

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Support(QObject):
    """One window's help."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        self._crash: CrashDialog | None = None
        self._told: set[str] = set()
        window.actions_["about"].triggered.connect(lambda: self.open_about())
        window.actions_["diagnostics"].triggered.connect(lambda: self.open_diagnostics())

    # -- about -------------------------------------------------------------------------------------

    def open_about(self) -> AboutDialog:
        """Show it; the licences are read meanwhile."""
        presenter = self._window.presenter
        offered = ", ".join(p.removesuffix("ExecutionProvider") for p in onnxruntime.get_available_providers())
        facts = [
            (self.tr("Model"), presenter.model_name),
            (self.tr("Scores on"), presenter.provider or self.tr("nothing yet")),
            (self.tr("ONNX Runtime"), self.tr("{0}, offers {1}").format(onnxruntime.__version__, offered)),
            (self.tr("Library"), str(self._desk.library.directory)),
            (self.tr("Python"), platform.python_version()),
        ]
        dialog = AboutDialog(facts, self._window)
        job = worker.start(licences.components)
        job.returned.connect(lambda parts: dialog.show_licences(parts) if isValid(dialog) else None)
        job.errored.connect(self._failed)
        dialog.open()
        return dialog

    # -- diagnostics -------------------------------------------------------------------------------

    def open_diagnostics(self) -> DiagnosticsDialog:
        """Ask what goes in."""
        dialog = DiagnosticsDialog(self._window)
        dialog.save_requested.connect(self._choose_place)
        dialog.open()
        return dialog

    def _choose_place(self, with_names: bool) -> None:
        proposed = f"fiqa-diagnostics-{date.today().isoformat()}.zip"
        title, kind = self.tr("Save diagnostics"), self.tr("Zip files (*.zip)")
        name, _ = QFileDialog.getSaveFileName(self._window, title, proposed, kind)
        if name:
            self.save_diagnostics(Path(name), with_names=with_names)

    def save_diagnostics(self, file: Path, *, with_names: bool = False) -> None:
        """Write the file in the background and say so."""
        settings = self._window.preferences.all_settings()
        job = worker.start(diagnostics.save, self._desk.library, file, settings, with_names=with_names)
        said = self.tr("Diagnostics saved: {0}")
        job.returned.connect(lambda done: self._desk.noticed.emit(said.format(done)))
        job.errored.connect(self._failed)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            raise error
        self._desk.failed.emit(str(error))

    # -- faults ------------------------------------------------------------------------------------

    def tell_fault(self, fault: Fault) -> None:
        """Show a fault; the same one again is said in passing, so that it cannot stand in the way of work."""
        if fault.from_outside:
            self._desk.failed.emit(fault.message)
            return
        heading = self.tr("The program made a mistake ({0}).").format(fault.kind)
        if fault.place in self._told and not self._is_open():
            self._desk.failed.emit(heading)
            return
        self._told.add(fault.place)
        self._tell(heading, fault.report)

    def tell_of_death(self, files: list[Path]) -> None:
        """The program died in compiled code last time: nobody could say so then."""
        report = "\n\n".join(f"{f.name}\n{f.read_text(encoding='utf-8', errors='replace')}" for f in files)
        self._tell(self.tr("The program ended by a fault the last time it ran."), report)

    def _tell(self, heading: str, report: str) -> None:
        if self._crash is None or not self._is_open():
            self._crash = CrashDialog(heading, self.what_is_safe(), self._window)
            self._crash.diagnostics_requested.connect(self.open_diagnostics)
            self._crash.show()  # not modal: whatever is broken, the rest may be gone on with
        self._crash.add(report)

    def _is_open(self) -> bool:
        return self._crash is not None and isValid(self._crash) and self._crash.isVisible()

    def what_is_safe(self) -> str:
        """What the library holds at this moment, asked and not assumed."""
        directory, waiting = self._desk.library.directory, self._desk.writer.pending()
        if not self._desk.writer.is_alive():
            text = self.tr("Labels until now are in {0}; new ones cannot be saved. Close the window and open it again.")
            return text.format(directory)
        text = self.tr("Your labels are safe: each was on the disk, in {0}, before its key was answered.")
        one, several = self.tr("1 change is being written."), self.tr("{0} changes are being written.")
        rest = "" if not waiting else one if waiting == 1 else several.format(waiting)
        return f"{text.format(directory)} {rest}".rstrip()
