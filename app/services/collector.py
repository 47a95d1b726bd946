"""Python's cyclic garbage collector on the window's terms: on the window's thread alone, in short passes.

Left to itself, Python collects on whichever thread happens to allocate. Where a background thread so comes to destroy a
Qt object while the window's thread destroys another, each waits for the other for ever (one holds Python's lock, the
other Qt's). So automatic collection is switched off, and a timer of the window's thread collects instead.

A full pass visits every object: 200 ms and more while 100,000 images are scanned. What the imports made is therefore
set aside for good, the young are collected often, and a full pass comes once a minute, when it has little to visit.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 200
_YOUNG: Final = 2_000
"""New containers since the last pass, below which there is nothing worth a pass."""
_MIDDLE_AFTER: Final = 10
"""Young passes, after which those that survived are looked at again."""
_FULL_AFTER: Final = 300
"""Ticks of the timer."""


class CalmCollector(QObject):
    """Make one when everything is imported and the window is up; `close` gives the collector back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        gc.freeze()  # without a pass before: 0.1 s for some hundred objects, just when the window is to appear
        self._ticks = 0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def tick(self) -> None:
        """Collect what is due; the oldest generation that is due takes the younger ones with it."""
        self._ticks += 1
        young, passes, _ = gc.get_count()
        if self._ticks % _FULL_AFTER == 0:
            gc.collect()
        elif passes >= _MIDDLE_AFTER:
            gc.collect(1)
        elif young >= _YOUNG:
            gc.collect(0)

    def close(self) -> None:
        """As it was before."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()
