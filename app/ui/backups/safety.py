"""Backups, Forget and the warning about network shares: from the menu to the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.library.backup_contents import look_into
from app.library.forget import Traces
from app.services import worker
from app.ui.backups.forget_dialog import ForgetDialog
from app.ui.backups.restore_dialog import RestoreDialog
from engine.errors import UserError

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Safety(QObject):
    """One window's safety."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        window.actions_["backups"].triggered.connect(lambda: self.open_restore())
        window.actions_["forget"].triggered.connect(lambda: self.open_forget(person=False))
        window.actions_["forget_person"].triggered.connect(lambda: self.open_forget(person=True))

    def warn_of_place(self) -> None:
        """Say once, at the opening, that the library lies where it is not safe."""
        if text := self._desk.place_warning():
            self._desk.failed.emit(text)

    # -- restore -----------------------------------------------------------------------------------

    def open_restore(self) -> RestoreDialog:
        """Show the backups; what they hold is counted meanwhile."""
        backups = self._desk.backups()
        dialog = RestoreDialog(backups, self._window)
        dialog.restore_requested.connect(self._desk.restore)
        for backup in backups:
            self._look_into(backup.path, dialog)
        dialog.open()
        return dialog

    def _look_into(self, file: Path, dialog: RestoreDialog) -> None:
        def fail(error: BaseException) -> None:
            if not isinstance(error, UserError):
                raise error
            if isValid(dialog):
                dialog.show_damage(file, error.message)

        job = worker.start(look_into, file)
        job.returned.connect(lambda contents: dialog.show_contents(file, contents) if isValid(dialog) else None)
        job.errored.connect(fail)

    # -- forget ------------------------------------------------------------------------------------

    def open_forget(self, *, person: bool) -> ForgetDialog | None:
        """Count what would go and ask; None where no image is chosen."""
        chosen = self._window.model.targets()
        if not chosen:
            self._window.status.say(self.tr("Choose an image first."))
            return None
        dialog = ForgetDialog(person, self._window)
        if person:
            self._desk.people_of(chosen, lambda ids: self._count(ids, dialog))
        else:
            self._count(chosen, dialog)
        dialog.open()
        return dialog

    def _count(self, ids: list[int], dialog: ForgetDialog) -> None:
        def counted(traces: Traces) -> None:
            if not isValid(dialog):  # the window was closed meanwhile
                return
            dialog.show_traces(traces)
            dialog.confirmed.connect(lambda backups_too: self._desk.forget(traces, backups_too, self._forgotten))

        self._desk.forget_count(ids, counted)

    def _forgotten(self, traces: Traces) -> None:
        one, several = self.tr("1 image is forgotten."), self.tr("{0} images are forgotten.")
        said = one if traces.images == 1 else several.format(f"{traces.images:,}")
        self._desk.noticed.emit(f"{said} {self.tr('The files themselves are where they were.')}")
