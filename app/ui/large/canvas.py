"""One image that can be zoomed and moved; the loupe is one, compare has two."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.below import told
from app.ui.pixels import to_pixmap

_LARGEST_ZOOM: Final = 16.0
_SMALLEST_ZOOM: Final = 0.02
_WHEEL_STEP: Final = 1.2
_LARGEST_FIT: Final = 4.0
MIDDLE: Final = (0.5, 0.5)


class Place(NamedTuple):
    """Where one looks: screen pixels per image pixel (None = the whole image) and the centre, relative to the image."""

    zoom: float | None = None
    x: float = 0.5
    y: float = 0.5


class Canvas(QWidget):
    """Shows one image. Zoom and relative centre are kept from image to image.

    The old image stays until the next one is ready, so there is no flash between two faces.

    Signals:
        moved(object): the `Place`, whenever the person changed it here.
        wheel_stepped(int): the wheel was turned without Ctrl; 1 = forward.
    """

    moved = Signal(object)
    wheel_stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap: QPixmap | None = None
        self._shown = -1
        self._wanted = -1
        self._message = ""
        self._zoom: float | None = None  # None = fit
        self._centre = QPointF(*MIDDLE)  # of the view, relative to the image
        self._drag: QPoint | None = None
        self.setMinimumSize(QSize(120, 120))

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

    @property
    def place(self) -> Place:
        """Where one looks."""
        return Place(self._zoom, self._centre.x(), self._centre.y())

    def go_to(self, place: Place) -> None:
        """Look at a place; not announced by `moved`."""
        self._zoom, self._centre = place.zoom, QPointF(place.x, place.y)
        self.update()

    def room(self) -> QRect:
        """The part of the widget that the image may take."""
        return self.rect().adjusted(8, 8, -8, -8)

    def _fit(self) -> float:
        if self._pixmap is None or self._pixmap.isNull():
            return 1.0
        ratio, room = self.devicePixelRatioF(), self.room()
        across = max(1, room.width()) * ratio / self._pixmap.width()
        down = max(1, room.height()) * ratio / self._pixmap.height()
        return min(across, down, _LARGEST_FIT)

    def toggle_zoom(self, at: QPointF | None = None) -> None:
        """Between the whole image and 100 % (one image pixel = one screen pixel) at a point, default: the cursor."""
        if self._zoom is None:
            here = at if at is not None else QPointF(self.mapFromGlobal(self.cursor().pos()))
            self.set_zoom(1.0, self._relative(here))
        else:
            self.fit()

    def fit(self) -> None:
        """Show the whole image."""
        self.go_to(Place())
        self.moved.emit(self.place)

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> None:
        """Zoom so that the relative image point `around` stays where it is on screen."""
        around = around or QPointF(self._centre)
        before = self._to_screen(around)
        self._zoom = min(_LARGEST_ZOOM, max(_SMALLEST_ZOOM, zoom))
        self._move_centre(self._to_screen(around) - before)
        self.moved.emit(self.place)
        self.update()

    def zoom_by(self, factor: float) -> None:
        """Step in or out around the middle of the view."""
        self.set_zoom(self.zoom * factor)

    def _target(self) -> QRectF:
        assert self._pixmap is not None
        scale = self.zoom / self.devicePixelRatioF()
        width, height = self._pixmap.width() * scale, self._pixmap.height() * scale
        middle = QRectF(self.room()).center()
        return QRectF(middle.x() - self._centre.x() * width, middle.y() - self._centre.y() * height, width, height)

    def _to_screen(self, relative: QPointF) -> QPointF:
        if self._pixmap is None:
            return QPointF()
        target = self._target()
        return QPointF(target.left() + relative.x() * target.width(), target.top() + relative.y() * target.height())

    def _relative(self, point: QPointF) -> QPointF:
        """A point of the widget in the image, the image's middle where the point is outside of it."""
        if self._pixmap is None or not self._target().contains(point):
            return QPointF(*MIDDLE)
        target = self._target()
        return QPointF((point.x() - target.left()) / target.width(), (point.y() - target.top()) / target.height())

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
        painter.setClipRect(self.room())
        if self._pixmap is not None:
            # At 100 % and above a curator judges pixels: show them as they are.
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom < 2.0)
            painter.drawPixmap(self._target(), self._pixmap, QRectF(self._pixmap.rect()))
        elif self._message:
            painter.setPen(QColor(theme.current().warning))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.room().adjusted(32, 32, -32, -32), int(flags), f"⚠ {told(self._message)}")
        if self._wanted != self._shown and self._wanted >= 0:
            self._paint_badge(painter, self.tr("Loading…"))
        elif self._pixmap is not None and not self.fitted:
            self._paint_badge(painter, f"{self.zoom:.0%}")

    def _paint_badge(self, painter: QPainter, text: str) -> None:
        corner = self.room().topLeft() + QPoint(4, 4)
        box = QRect(corner, QSize(painter.fontMetrics().horizontalAdvance(text) + 18, 24))
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
            self.set_zoom(self.zoom * _WHEEL_STEP**steps, self._relative(event.position()))
        else:
            self.wheel_stepped.emit(-1 if steps > 0 else 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self.toggle_zoom(event.position())
        elif event.button() == Qt.MouseButton.LeftButton:
            self._drag = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and not self.fitted:
            here = event.position().toPoint()
            self._move_centre(QPointF(self._drag - here))
            self._drag = here
            self.moved.emit(self.place)
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._drag = None
