"""Python's cyclic garbage collector on the window's terms.

A full pass stops every thread, the window's included, and visits every object: 200 ms and more while 100,000 images
are scanned on a busy machine. So what the imports made is set aside for good, full passes no longer come by themselves
in the midst of work, and one is made once a minute, when it has little to visit.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_YOUNG: Final = 2_000  # passes over the young are short, because they are few
_MIDDLE: Final = 10
_NEVER: Final = 1_000_000
_EVERY_MS: Final = 60_000


class CalmCollector(QObject):
    """Make one when everything is imported and the window is up; `close` gives the collector back to Python."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = gc.get_threshold()
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(gc.collect)
        self._timer.start()

    def close(self) -> None:
        """As it was before."""
        self._timer.stop()
        gc.set_threshold(*self._before)
        gc.unfreeze()
