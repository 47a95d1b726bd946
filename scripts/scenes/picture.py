"""What a window looks like, as a small file."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QListView, QWidget

from app.ui.main_window import MainWindow

_COLOURS = 256
"""Of the palette: a third of the bytes, and a face still looks like itself."""


def grab(window: MainWindow, shown: QWidget) -> QPixmap:
    """The window; a dialog or popup is painted over it where it stands, since each is a window of its own."""
    picture = window.grab()
    if isinstance(shown, QListView):  # a popup stands where it was put
        box = window.central.bar.box
        _paint(picture, shown.grab(), box.mapTo(window, QPoint(0, box.height())))
    elif shown is not window:
        over = shown.grab()
        room = window.size() - shown.size()
        corner = QPoint(room.width() // 2, room.height() // 2)
        _darken(picture)
        _paint(picture, over, corner)
    return picture


def save(picture: QPixmap, file: Path) -> None:
    """Write it with a palette of its own."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB888)
    size = (image.width(), image.height())
    pixels = Image.frombuffer("RGB", size, bytes(image.constBits()), "raw", "RGB", image.bytesPerLine(), 1)
    few = pixels.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG)
    few.save(file, optimize=True)


def _darken(picture: QPixmap) -> None:
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 60))
    painter.end()


def _paint(picture: QPixmap, over: QPixmap, corner: QPoint) -> None:
    painter = QPainter(picture)
    painter.drawPixmap(corner, over)
    painter.setPen(QColor(128, 128, 128))
    size = over.deviceIndependentSize().toSize()
    painter.drawRect(corner.x(), corner.y(), size.width(), size.height())
    painter.end()
