"""Why an image is rejected: a small menu with a key for each reason."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.library.schema import REASONS


def reason_title(code: str) -> str:
    """A stored reason in the person's language."""
    titles = {
        "not a face": QCoreApplication.translate("reasons", "Not a face"),
        "unusable": QCoreApplication.translate("reasons", "Unusable"),
        "several faces": QCoreApplication.translate("reasons", "Several faces"),
        "face hidden": QCoreApplication.translate("reasons", "Face hidden"),
        "duplicate": QCoreApplication.translate("reasons", "Duplicate"),
        "no consent": QCoreApplication.translate("reasons", "No consent"),
        "other": QCoreApplication.translate("reasons", "Another reason"),
    }
    return titles.get(code, code)


class ReasonMenu(QMenu):
    """Opens at the faces; a digit, the arrows or the mouse choose.

    Signals:
        chosen(str): a stored reason.
    """

    chosen = Signal(str)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        one, several = self.tr("Reject this image because …"), self.tr("Reject {0} images because …")
        self.addAction(one if count == 1 else several.format(count)).setEnabled(False)
        self._reasons: dict[str, QAction] = {}
        for number, code in enumerate(REASONS, start=1):
            action = self.addAction(f"{number}  {reason_title(code)}")
            action.triggered.connect(lambda _=False, code=code: self.chosen.emit(code))
            self._reasons[str(number)] = action

    def event(self, event: QEvent) -> bool:
        # The digits rate where the faces have the focus, which a menu does not take: here they choose.
        if isinstance(event, QKeyEvent) and event.text() in self._reasons:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.close()
                self._reasons[event.text()].trigger()
                return True
        return super().event(event)
