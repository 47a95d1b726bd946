"""The box for the filter language: proposes how to go on, and marks the characters that it does not understand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QRect, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QStandardItem,
    QStandardItemModel,
    QTextCharFormat,
)
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from app.library.query import Candidate
from app.ui import theme
from app.ui.below import told

_CANDIDATE: Final = Qt.ItemDataRole.UserRole
_POPUP_WIDTH: Final = 560
Complete = Callable[[str, int], list[Candidate]]


class FilterBox(QLineEdit):
    """Text of a filter.

    Signals:
        asked(str): the person wants this filter now.
        left: Esc in an empty box.
    """

    asked = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self._wrong: tuple[int, int] | None = None
        self.complete: Complete = lambda _text, _cursor: []
        self.setPlaceholderText(self.tr("Filter, e.g. mos:<0.3"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(130)
        self.setAccessibleName(self.tr("Filter"))
        self._typing = QTimer(self, singleShot=True, interval=150)
        self._typing.timeout.connect(lambda: self.asked.emit(self.text().strip()))
        self.textChanged.connect(lambda _: None if self._quiet else self._typing.start())
        self.textEdited.connect(lambda _: self._propose())
        self._proposals = QStandardItemModel(self)
        self.completer_ = QCompleter(self._proposals, self)
        self.completer_.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.completer_.setWidget(self)
        self._popup = QListView()
        self._popup.setAccessibleName(self.tr("How the filter may go on"))
        self._popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # a long hint ends in dots
        self._popup.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.completer_.setPopup(self._popup)
        self.completer_.activated[QModelIndex].connect(self._accept)  # type: ignore[index]  # one of two overloads

    # -- completion --------------------------------------------------------------------------------

    def _propose(self) -> None:
        """What may stand at the cursor, in a list below it."""
        candidates = self.complete(self.text(), self.cursorPosition())
        typed = self.text()[: self.cursorPosition()]
        if not candidates or typed.endswith(tuple(c.text for c in candidates if len(candidates) == 1)):
            self._popup.hide()
            return
        self._proposals.clear()
        for candidate in candidates:
            hint = f"    {told(candidate.hint)}" if candidate.hint else ""
            item = QStandardItem(f"{candidate.text}{hint}")
            item.setData(candidate, _CANDIDATE)
            self._proposals.appendRow(item)
        place = QRect(self.cursorRect().left(), 0, _POPUP_WIDTH, self.height())
        self.completer_.complete(place)
        self._popup.setCurrentIndex(QModelIndex())  # Enter runs what is typed until a proposal is chosen

    def _accept(self, index: QModelIndex) -> None:
        candidate: Candidate = self.completer_.completionModel().data(index, _CANDIDATE)
        text = self.text()
        tail = "" if candidate.text.endswith(":") or text[candidate.end :].startswith(" ") else " "
        self._set(text[: candidate.start] + candidate.text + tail + text[candidate.end :])
        self.setCursorPosition(candidate.start + len(candidate.text) + len(tail))
        if candidate.text.endswith(":"):
            self._propose()
        else:
            self._popup.hide()
        self._typing.start()

    def proposals(self) -> list[str]:
        """What the list offers now; empty while it is not shown."""
        if not self._popup.isVisible():
            return []
        return [self._proposals.item(row).data(_CANDIDATE).text for row in range(self._proposals.rowCount())]

    # -- errors ------------------------------------------------------------------------------------

    def mark(self, start: int, length: int) -> None:
        """Underline the characters that are wrong."""
        self._wrong = (start, length)
        wave = QTextCharFormat()
        wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wave.setUnderlineColor(QColor(theme.current().warning))
        wave.setForeground(QColor(theme.current().warning))
        self._format([QInputMethodEvent.Attribute(_FORMAT, start - self.cursorPosition(), length, wave)])

    def unmark(self) -> None:
        """Nothing is wrong."""
        self._wrong = None
        self._format([])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._wrong is not None:
            self.mark(*self._wrong)  # in the colour of the theme that came

    def _format(self, attributes: list[QInputMethodEvent.Attribute]) -> None:
        # The one way in which a line edit takes formats: as an input method's preedit, here an empty one.
        with QSignalBlocker(self):
            QCoreApplication.sendEvent(self, QInputMethodEvent("", attributes))

    # -- text from elsewhere, keys -----------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether somebody is typing: then nothing may replace the text."""
        return self._typing.isActive() or self.hasFocus()

    def _set(self, text: str) -> None:
        """Not announced; signals are not blocked, for the button that clears the box comes and goes with them."""
        self._quiet = True
        self.setText(text)
        self._quiet = False

    def show_text(self, text: str) -> None:
        """A filter that was made elsewhere; not announced."""
        self._typing.stop()
        self._set(text)
        self.unmark()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._popup.isVisible() and self._belongs_to_list(event.key()):
            event.ignore()  # the list sends its keys here first
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._popup.hide()
            self._typing.stop()
            self.asked.emit(self.text().strip())
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self._propose()
        else:
            super().keyPressEvent(event)

    def _belongs_to_list(self, key: int) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            return self._popup.currentIndex().isValid()
        return key in (Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Up)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._popup.hide()


_FORMAT: Final = QInputMethodEvent.AttributeType.TextFormat
