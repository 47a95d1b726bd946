"""Off by default: after many new labels, a word that a retraining might be worth it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.library import runs
from app.library.library import Library
from app.services import worker

AFTER: Final = 200
"""Labels."""


class Suggestion(QObject):
    """Counts labels since the last training whenever labels have changed, and speaks up once per training.

    Signals:
        suggested(int): so many labels have changed.
    """

    suggested = Signal(int)

    def __init__(self, library: Library, wanted: Callable[[], bool], parent: QObject) -> None:
        """`wanted` tells whether the person has switched it on."""
        super().__init__(parent)
        self._library, self._wanted = library, wanted
        self._told_after: str | None = None
        self._counting = False

    def look(self) -> None:
        """Labels may have changed."""
        if not self._wanted() or self._counting:
            return
        self._counting = True
        job = worker.start(runs.labels_since_last, self._library)
        job.returned.connect(self._counted)
        job.finished.connect(self._done)

    def _done(self) -> None:
        self._counting = False

    def _counted(self, found: tuple[int, str]) -> None:
        count, since = found
        if count >= AFTER and self._told_after != since:
            self._told_after = since
            self.suggested.emit(count)
