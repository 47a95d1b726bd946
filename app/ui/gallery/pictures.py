"""The thumbnails that the gallery keeps as pixmaps: what was shown last, and no more than some screens of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QPixmap

from app.services.images.thumbnail_store import SIDES
from app.ui.pixels import to_pixmap

_KEPT_PIXELS: Final = 240 * SIDES[0] ** 2


def side_for(pixels: float) -> int:
    """The thumbnails that are crisp on so many pixels of the screen; the largest ones where none is large enough."""
    return next((side for side in SIDES if side >= pixels), SIDES[-1])


class Pictures:
    """A least-recently-arrived store of pixmaps by image id."""

    def __init__(self) -> None:
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()
        self._pixels = 0
        self._coarse: set[int] = set()

    def put(self, image_id: int, pixels: npt.NDArray[np.uint8], *, on_screen: int) -> None:
        """Keep a thumbnail; the oldest go, but never those of the three screens around this one."""
        self.forget([image_id])
        self._pixmaps[image_id] = to_pixmap(pixels)
        self._pixels += _size(self._pixmaps[image_id])
        while self._pixels > _KEPT_PIXELS and len(self._pixmaps) > 3 * on_screen:
            self.forget([next(iter(self._pixmaps))])

    def get(self, image_id: int) -> QPixmap | None:
        """The pixmap, if it is here."""
        return self._pixmaps.get(image_id)

    def __contains__(self, image_id: int) -> bool:
        """Whether it is here in the size that is wanted."""
        return image_id in self._pixmaps and image_id not in self._coarse

    def want_others(self) -> None:
        """Another size is wanted: what is here is shown until it comes."""
        self._coarse = set(self._pixmaps)

    def forget(self, ids: Iterable[int]) -> None:
        """The files changed."""
        for image_id in ids:
            self._coarse.discard(image_id)
            if (old := self._pixmaps.pop(image_id, None)) is not None:
                self._pixels -= _size(old)


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height()
