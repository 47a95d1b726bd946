"""Rejecting with a reason, and notes: the small menus and dialogs that ask for words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint

from app.ui.rating.note_dialog import NoteDialog
from app.ui.rating.reason_menu import ReasonMenu

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Remarks(QObject):
    """One window's reasons and notes. What was selected when they were asked for is what they go to."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk = window, window.desk
        opinions = window.rating.opinions
        for source in (window.actions_["flag_reason"].triggered, opinions.flag_requested):
            source.connect(lambda *_: self.ask_reason())
        for source in (window.actions_["note"].triggered, opinions.note_requested):
            source.connect(lambda *_: self.ask_note())

    def ask_reason(self) -> ReasonMenu | None:
        """Open the menu of reasons over the faces; None where nothing can be labelled now."""
        targets = self._window.labelling.targets()
        if not targets:
            return None
        menu = ReasonMenu(len(targets), self._window)
        menu.chosen.connect(lambda reason: self._desk.flag(targets, "reject", reason))
        menu.aboutToHide.connect(self._window.central.focus_images)
        images = self._window.central.images
        size = menu.sizeHint()
        middle = QPoint((images.width() - size.width()) // 2, (images.height() - size.height()) // 2)
        menu.popup(images.mapToGlobal(middle))
        return menu

    def ask_note(self) -> NoteDialog | None:
        """Open the note of the selection; None where nothing can be labelled now."""
        targets = self._window.labelling.targets()
        if not targets:
            return None
        dialog = NoteDialog(len(targets), self._window)
        if len(targets) == 1:
            self._desk.note(targets[0], dialog.show_note)
        dialog.accepted.connect(lambda: self._desk.set_note(targets, dialog.chosen()))
        dialog.finished.connect(lambda _: self._window.central.focus_images())
        dialog.open()
        return dialog
