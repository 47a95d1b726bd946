"""What a window looks like, as a small file."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QListView, QWidget

from app.ui.main_window import MainWindow

_COLOURS, _FLAT = 256, 64
"""Of the palette: a third of the bytes, and a face still looks like itself. The `_FLAT` most frequent colours stay as
they are: those of the window."""


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
    pixels.quantize(palette=_palette(pixels), dither=Image.Dither.FLOYDSTEINBERG).save(file, optimize=True)


def _palette(pixels: Image.Image) -> Image.Image:
    """The window's own colours, and what represents all others."""
    counted = sorted(pixels.getcolors(pixels.width * pixels.height) or [], reverse=True)
    flat = [channel for _, colour in counted[:_FLAT] for channel in colour]  # type: ignore[union-attr]
    others = pixels.quantize(_COLOURS - _FLAT, method=Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat + others)
    return palette


def _darken(picture: QPixmap) -> None:
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), QColor(0, 0, 0, 60))
    painter.end()


def _paint(picture: QPixmap, over: QPixmap, corner: QPoint) -> None:
    painter = QPainter(picture)
    painter.drawPixmap(corner, over)
    painter.setPen(QColor(128, 128, 128))
    painter.drawRect(corner.x(), corner.y(), over.deviceIndependentSize().toSize().width(), over.height())
    painter.end()
