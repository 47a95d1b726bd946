"""Two faces at once; a key rates the framed one only."""

from __future__ import annotations

from functools import partial
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.ui import theme
from app.ui.large.canvas import Canvas, Place
from app.ui.large.loupe import step_of

Arrangement = Literal["side", "stack", "single"]
_CAPTION: Final = 50
_EDGE: Final = 4


class Pane(Canvas):
    """One of the two: its image, a frame when keys rate it, and what is known of it below.

    Signals:
        pressed: a mouse button went down here.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.framed = False
        self.title = self.text = ""

    def set_framed(self, on: bool) -> None:
        """Draw the frame or take it away."""
        self.framed = on
        self.update()

    def set_caption(self, title: str, text: str) -> None:
        """The name, and one line about the quality."""
        self.title, self.text = title, text
        self.update()

    def room(self) -> QRect:
        return self.rect().adjusted(_EDGE + 4, _EDGE + 4, -_EDGE - 4, -_CAPTION)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        self._paint_caption(painter)

    def _paint_frame(self, painter: QPainter) -> None:
        """Thick and solid, or thin and dashed: told apart without seeing colours."""
        colours = theme.current()
        pen = QPen(QColor(colours.accent if self.framed else colours.line))
        pen.setWidthF(_EDGE if self.framed else 1)
        pen.setStyle(Qt.PenStyle.SolidLine if self.framed else Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = pen.widthF() / 2 + 1
        painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))

    def _paint_caption(self, painter: QPainter) -> None:
        colours = theme.current()
        box = QRect(_EDGE + 10, self.height() - _CAPTION + 4, self.width() - 2 * _EDGE - 20, _CAPTION - _EDGE - 8)
        top, bottom = QRect(box), QRect(box)
        top.setHeight(box.height() // 2)
        bottom.setTop(top.bottom() + 1)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if self.framed:
            self._paint_tag(painter, top)
        metrics = painter.fontMetrics()
        painter.setPen(QColor(colours.text))
        painter.drawText(top, left, metrics.elidedText(self.title, Qt.TextElideMode.ElideMiddle, top.width()))
        painter.setPen(QColor(colours.muted))
        painter.drawText(bottom, left, metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, bottom.width()))

    def _paint_tag(self, painter: QPainter, row: QRect) -> None:
        """'keys rate this one', at the right end of a row, which gets narrower by it."""
        colours = theme.current()
        words = self.tr("keys rate this one")
        width = painter.fontMetrics().horizontalAdvance(words) + 16
        if width > row.width() * 2 // 3:
            return
        tag = QRect(row.right() - width, row.top(), width, row.height() - 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(tag, 4, 4)
        painter.setPen(QColor(colours.accent_text))
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), words)
        row.setRight(tag.left() - 8)


class Compare(QWidget):
    """Two panes, one of them framed.

    Signals:
        framed(int): the image that keys rate from now on; the person moved the frame.
        step_requested(int): another image for the side without the frame.
        close_requested: back to the grid.
        arranged(str): side | stack | single.
    """

    framed = Signal(int)
    step_requested = Signal(int)
    close_requested = Signal()
    arranged = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Compare two faces"))
        self.arrangement: Arrangement = "side"
        self.linked = True
        self.ids = [-1, -1]
        self._frame = 0
        self.panes = (Pane(), Pane())
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        for side, pane in enumerate(self.panes):
            self._row.addWidget(pane, 1)
            pane.moved.connect(partial(self._follow, side))
            pane.wheel_stepped.connect(self.step_requested)
            pane.pressed.connect(partial(self.move_frame, side))
        self.panes[0].set_framed(True)

    # -- what is on show ---------------------------------------------------------------------------

    @property
    def frame(self) -> int:
        """0 = left or upper, 1 = right or lower side."""
        return self._frame

    @property
    def framed_id(self) -> int:
        """The image that keys rate, -1 for none."""
        return self.ids[self._frame]

    @property
    def other_id(self) -> int:
        """The image beside it, -1 for none."""
        return self.ids[1 - self._frame]

    def pane_of(self, image_id: int) -> Pane | None:
        """Where an image is meant to be."""
        return next((p for p, i in zip(self.panes, self.ids, strict=True) if i == image_id and i >= 0), None)

    def put(self, side: int, image_id: int) -> None:
        """This image is wanted on that side; the old one stays until it comes."""
        self.ids[side] = image_id
        self.panes[side].expect(image_id)

    def set_frame(self, side: int) -> None:
        """Move the frame; not announced."""
        self._frame = side
        for number, pane in enumerate(self.panes):
            pane.set_framed(number == side)
            pane.setVisible(self.arrangement != "single" or number == side)

    def show_image(self, image_id: int, pixels: npt.NDArray[np.uint8]) -> None:
        """uint8 [h, w, 3], for whichever side wants it."""
        for pane in self.panes:
            pane.show_image(image_id, pixels)

    def show_failure(self, image_id: int, reason: str) -> None:
        """The image cannot be shown."""
        for pane in self.panes:
            pane.show_failure(image_id, reason)

    # -- arrangement and zoom ----------------------------------------------------------------------

    def arrange(self, arrangement: Arrangement) -> None:
        """Side by side, one above the other, or the framed one alone."""
        self.arrangement = arrangement
        if arrangement != "single":
            across = arrangement == "side"
            self._row.setDirection(QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom)
        self.set_frame(self._frame)
        self.arranged.emit(arrangement)

    def link(self, on: bool) -> None:
        """Both sides look at the same relative place from now on, or each at its own."""
        self.linked = on
        if on:
            self.panes[1 - self._frame].go_to(self.panes[self._frame].place)

    def _follow(self, side: int, place: Place) -> None:
        if self.linked:
            self.panes[1 - side].go_to(place)

    def toggle_zoom(self) -> None:
        """The whole faces, or 100 % at the cursor."""
        self._under_cursor().toggle_zoom()

    def fit(self) -> None:
        """Show the whole faces."""
        self.panes[self._frame].fit()

    def zoom_by(self, factor: float) -> None:
        """Step in or out."""
        self.panes[self._frame].zoom_by(factor)

    def _under_cursor(self) -> Pane:
        here = self.mapFromGlobal(self.cursor().pos())
        return next((p for p in self.panes if p.isVisible() and p.geometry().contains(here)), self.panes[self._frame])

    # -- events ------------------------------------------------------------------------------------

    def move_frame(self, side: int) -> None:
        """What a click or Tab does."""
        self.setFocus()
        if self.ids[side] >= 0 and side != self._frame:
            self.set_frame(side)
            self.framed.emit(self.framed_id)

    def event(self, event: QEvent) -> bool:
        # Tab is a way of moving the focus, and the key that hides the panels elsewhere: here it moves the frame.
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab and not event.modifiers():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.move_frame(1 - self._frame)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if step := step_of(event):
            self.step_requested.emit(step)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)
