"""Draw the program's icon for every system from resources/icons/fiqa-desktop.svg."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

import resources

BUILDING: Final = Path(__file__).resolve().parent.parent / "building"
SIZES: Final = (16, 24, 32, 48, 64, 128, 256)


def drawn(side: int) -> Image.Image:
    """The icon at one size."""
    picture = QImage(side, side, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(resources.icons() / "fiqa-desktop.svg")).render(painter)
    painter.end()
    data = QBuffer()
    data.open(QIODevice.OpenModeFlag.ReadWrite)
    picture.save(data, "PNG")
    data.seek(0)
    return Image.open(BytesIO(bytes(data.data().data()))).convert("RGBA")


def main() -> None:
    """PNG for the window and Linux, ICO for Windows, ICNS for macOS."""
    _application = QGuiApplication([])
    pictures = [drawn(side) for side in SIZES]
    pictures[-1].save(resources.icon(), optimize=True)
    pictures[-1].save(BUILDING / "fiqa-desktop.ico", sizes=[(s, s) for s in SIZES], append_images=pictures[:-1])
    drawn(512).save(BUILDING / "fiqa-desktop.icns", append_images=[drawn(s) for s in (16, 32, 64, 128, 256)])


if __name__ == "__main__":
    main()
