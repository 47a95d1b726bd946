"""One image, large: fit or zoom, zoom and relative centre kept from image to image."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.pixels import to_pixmap

_LARGEST_ZOOM: Final = 16.0
_WHEEL_STEP: Final = 1.2


class Loupe(QWidget):
    """Shows one image.

    The old image stays until the next one is ready, so there is no flash between two faces.

    Signals:
        step_requested(int): go that many images forward.
        close_requested: back to the grid.
        zoom_changed(float): screen pixels per image pixel.
    """

    step_requested = Signal(int)
    close_requested = Signal()
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._shown = -1
        self._wanted = -1
        self._message = ""
        self._zoom: float | None = None  # None = fit
        self._centre = QPointF(0.5, 0.5)  # of the view, relative to the image
        self._drag: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Loupe"))
        self.setMinimumSize(QSize(240, 200))

    # -- content -----------------------------------------------------------------------------------

    def expect(self, image_id: int) -> None:
        """This image is wanted next; until it comes the old one stays."""
        self._wanted = image_id
        if image_id < 0:
            self._pixmap, self._shown, self._message = None, -1, ""
        self.update()

    def show_image(self, image_id: int, pixels: npt.NDArray[np.uint8]) -> None:
        """uint8 [h, w, 3]; ignored when another image is wanted by now."""
        if image_id != self._wanted:
            return
        self._pixmap, self._shown, self._message = to_pixmap(pixels), image_id, ""
        self.update()

    def show_failure(self, image_id: int, reason: str) -> None:
        """The image cannot be shown; never leaves another image in its place."""
        if image_id != self._wanted:
            return
        self._pixmap, self._shown, self._message = None, image_id, reason
        self.update()

    @property
    def shown(self) -> int:
        """Id of the image on screen, -1 for none."""
        return self._shown

    # -- zoom --------------------------------------------------------------------------------------

    @property
    def fitted(self) -> bool:
        """Whether the whole image is fitted into the view."""
        return self._zoom is None

    @property
    def zoom(self) -> float:
        """Screen pixels per image pixel."""
        return self._zoom if self._zoom is not None else self._fit()

    def _fit(self) -> float:
        if self._pixmap is None or self._pixmap.isNull():
            return 1.0
        ratio = self.devicePixelRatioF()
        room = QSize(max(1, self.width() - 16), max(1, self.height() - 16))
        return min(room.width() * ratio / self._pixmap.width(), room.height() * ratio / self._pixmap.height(), 4.0)

    def toggle_zoom(self) -> None:
        """Between the whole image and 100 % at the cursor (one image pixel = one screen pixel)."""
        if self._zoom is None:
            self.set_zoom(1.0, self._under_cursor())
        else:
            self.fit()

    def fit(self) -> None:
        """Show the whole image."""
        self._zoom, self._centre = None, QPointF(0.5, 0.5)
        self.zoom_changed.emit(self.zoom)
        self.update()

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that the relative image point `around` stays where it is on screen."""
        around = around or self._centre
        before = self._to_screen(around)
        self._zoom = min(_LARGEST_ZOOM, max(0.02, zoom))
        shift = self._to_screen(around) - before
        self._move_centre(shift)
        self.zoom_changed.emit(self.zoom)
        self.update()

    def zoom_by(self, factor: float) -> None:
        """Step in or out around the middle of the view."""
        self.set_zoom(self.zoom * factor)

    def _target(self) -> QRectF:
        assert self._pixmap is not None
        scale = self.zoom / self.devicePixelRatioF()
        width, height = self._pixmap.width() * scale, self._pixmap.height() * scale
        left = self.width() / 2 - self._centre.x() * width
        top = self.height() / 2 - self._centre.y() * height
        return QRectF(left, top, width, height)

    def _to_screen(self, relative: QPointF) -> QPointF:
        if self._pixmap is None:
            return QPointF()
        target = self._target()
        return QPointF(target.left() + relative.x() * target.width(), target.top() + relative.y() * target.height())

    def _under_cursor(self) -> QPointF:
        if self._pixmap is None:
            return QPointF(0.5, 0.5)
        target, cursor = self._target(), QPointF(self.mapFromGlobal(self.cursor().pos()))
        if not target.contains(cursor):
            return QPointF(0.5, 0.5)
        return QPointF((cursor.x() - target.left()) / target.width(), (cursor.y() - target.top()) / target.height())

    def _move_centre(self, by: QPointF) -> None:
        if self._pixmap is None:
            return
        target = self._target()
        x = self._centre.x() + by.x() / max(1.0, target.width())
        y = self._centre.y() + by.y() / max(1.0, target.height())
        self._centre = QPointF(min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))

    # -- events ------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().canvas))
        if self._pixmap is not None:
            # At 100 % and above a curator judges pixels: show them as they are.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom < 2.0)
            painter.drawPixmap(self._target(), self._pixmap, QRectF(self._pixmap.rect()))
        elif self._message:
            painter.setPen(QColor(theme.current().warning))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(40, 40, -40, -40), int(flags), f"⚠ {self._message}")
        if self._wanted != self._shown and self._wanted >= 0:
            self._paint_badge(painter, self.tr("Loading…"))
        elif self._pixmap is not None and not self.fitted:
            self._paint_badge(painter, f"{self.zoom:.0%}")

    def _paint_badge(self, painter: QPainter, text: str) -> None:
        box = QRect(12, 12, painter.fontMetrics().horizontalAdvance(text) + 18, 24)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().panel))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(QColor(theme.current().text))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if not steps:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self.zoom * _WHEEL_STEP**steps, self._under_cursor())
        else:
            self.step_requested.emit(-1 if steps > 0 else 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self.toggle_zoom()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._drag = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and not self.fitted:
            here = event.position().toPoint()
            self._move_centre(QPointF(self._drag - here))
            self._drag = here
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.close_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Space: 1,
            Qt.Key.Key_PageDown: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Backspace: -1,
            Qt.Key.Key_PageUp: -1,
        }.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self.step_requested.emit(step)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.zoom_changed.emit(self.zoom)
