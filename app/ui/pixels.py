"""NumPy pixels to Qt images."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage, QPixmap


def to_pixmap(pixels: npt.NDArray[np.uint8]) -> QPixmap:
    """uint8 [h, w, 3] sRGB -> QPixmap (a copy; the array may go)."""
    rgb = np.ascontiguousarray(pixels)
    height, width, _ = rgb.shape
    return QPixmap.fromImage(QImage(rgb.data, width, height, width * 3, QImage.Format.Format_RGB888))
