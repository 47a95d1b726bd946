"""The thumbnails that the gallery keeps as pixmaps: what was shown last, and no more than some screens of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPixmap

from app.ui.pixels import to_pixmap

_KEPT: Final = 240


class Pictures:
    """A least-recently-arrived store of pixmaps by image id."""

    def __init__(self) -> None:
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()

    def put(self, image_id: int, pixels: npt.NDArray[np.uint8], *, on_screen: int) -> None:
        """Keep a thumbnail; the oldest go, but never those of the three screens around this one."""
        self._pixmaps[image_id] = to_pixmap(pixels)
        self._pixmaps.move_to_end(image_id)
        while len(self._pixmaps) > max(_KEPT, 3 * on_screen):
            self._pixmaps.popitem(last=False)

    def get(self, image_id: int) -> QPixmap | None:
        """The pixmap, if it is here."""
        return self._pixmaps.get(image_id)

    def __contains__(self, image_id: int) -> bool:
        return image_id in self._pixmaps

    def forget(self, ids: Iterable[int]) -> None:
        """The files changed."""
        for image_id in ids:
            self._pixmaps.pop(image_id, None)
