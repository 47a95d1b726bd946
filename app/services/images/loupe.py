"""Full-resolution images for loupe and compare: the latest wanted win, the neighbours are decoded ahead."""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.services import worker
from app.services.memory import PixelMemory, Pixels
from engine.errors import UserError
from engine.image import display_pixels, read_file

_log = logging.getLogger(__name__)
_IDLE_S: Final = 0.5
_MOST: Final = 24
"""Images kept: those around the present one, both ways; further ones are decoded while somebody goes there."""
Item = tuple[int, Path]


class ImageLoader(QObject):
    """Decodes what is looked at (one image, or two side by side), then what will be.

    Signals:
        loaded(int, object): image id, uint8 [h, w, 3] sRGB. Only for images asked for last.
        failed(int, str): image id, why it cannot be shown. Only for images asked for last.
    """

    loaded = Signal(int, object)
    failed = Signal(int, str)

    def __init__(self, *, threads: int = 2, memory_bytes: int = 192 << 20, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._memory: PixelMemory[Item] = PixelMemory(memory_bytes, _MOST)
        self._wanted: tuple[Item, ...] = ()
        self._wake = threading.Condition()
        self._urgent: list[Item] = []
        self._ahead: list[Item] = []
        self._in_flight: set[Item] = set()
        self._stale: set[Item] = set()
        self._closed = False
        self._workers = [worker.start(self._serve) for _ in range(threads)]
        for each in self._workers:
            each.yielded.connect(self._deliver)

    def cached(self, image_id: int, path: Path) -> Pixels | None:
        """The image if it is in memory."""
        return self._memory.get((image_id, path))

    def load(self, image_id: int, path: Path) -> None:
        """Show this one. `loaded` is emitted before this returns if the image is in memory, else when it is decoded."""
        self.load_all([(image_id, path)])

    def load_all(self, items: Sequence[Item]) -> None:
        """Show these, the first one first; what was wanted before no longer is."""
        self._wanted = tuple(items)
        ready = [(item[0], pixels) for item in items if (pixels := self._memory.get(item)) is not None]
        with self._wake:
            self._urgent = [item for item in items if item not in self._memory and item not in self._in_flight]
            self._ahead.clear()  # the neighbours are others now
            self._wake.notify_all()
        for image_id, pixels in ready:
            self.loaded.emit(image_id, pixels)

    def prefetch(self, items: Iterable[Item]) -> None:
        """Decode these while there is nothing to show, in this order; replaces what was to be prefetched."""
        wanted = [item for item in items if item not in self._memory]
        with self._wake:
            self._ahead = [item for item in wanted if item not in self._in_flight and item not in self._urgent]
            self._wake.notify_all()

    def forget(self, image_ids: Iterable[int]) -> None:
        """The files of these images changed."""
        gone = set(image_ids)
        self._memory.drop([item for item in self._memory if item[0] in gone])
        with self._wake:
            self._stale.update(item for item in self._in_flight if item[0] in gone)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop the threads; False when a decode did not end in time."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        return all(w.wait(timeout_s) for w in self._workers)

    def _serve(self) -> Generator[Any, None, None]:
        while not self._closed:
            item = self._next()
            if item is None:
                yield None
                continue
            try:
                yield item, display_pixels(read_file(item[1]).data, path=item[1], max_side=None)
            except UserError as error:
                yield item, error.message
            except Exception as error:  # one picture's bug must not end the service for all others
                _log.exception("image %d", item[0])
                yield item, f"It cannot be shown: {error}."

    def _next(self) -> Item | None:
        with self._wake:
            if not self._urgent and not self._ahead and not self._closed:
                self._wake.wait(_IDLE_S)
            queue = self._urgent or self._ahead
            if not queue or self._closed:
                return None
            item = queue.pop(0)
            self._in_flight.add(item)
            return item

    def _deliver(self, result: tuple[Item, Pixels | str]) -> None:
        item, found = result
        with self._wake:
            self._in_flight.discard(item)
            stale = item in self._stale
            self._stale.discard(item)
        if stale:
            if item in self._wanted:
                with self._wake:
                    self._urgent.append(item)
                    self._wake.notify()
            return
        if not isinstance(found, str):
            self._memory.put(item, found)
        if item not in self._wanted:
            return
        if isinstance(found, str):
            self.failed.emit(item[0], found)
        else:
            self.loaded.emit(item[0], found)
