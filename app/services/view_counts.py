"""How many images each view holds, counted beside the window; the latest rows win."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.library.columns import Columns
from app.library.library import Library
from app.library.query import Context, compile_query, load_context
from app.library.views import NamedView
from app.services import worker
from engine.errors import UserError

_REST: Final = 9
"""Times as long as the last count took, so that counting costs at most a tenth of the time while scores arrive."""


class ViewCounter(QObject):
    """Counts one set of views at a time; what is asked meanwhile is counted later, and only the last of it.

    Signals:
        counted(object): dict from the name of a view to its number of images; a view whose filter fails has none.
        idle(): everything that was asked is counted.
    """

    counted = Signal(object)
    idle = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._wanted: tuple[Columns, Sequence[NamedView], str] | None = None
        self._busy = False
        self._began = 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._next)

    def count(self, columns: Columns, views: Sequence[NamedView], me: str) -> None:
        """`me`: who asks, for 'rated by me'."""
        self._wanted = (columns, views, me)
        self._next()

    def _next(self) -> None:
        if self._busy or self._rest.isActive() or self._wanted is None:
            return
        wanted, self._wanted = self._wanted, None
        self._busy, self._began = True, time.monotonic()
        job = worker.start(self._count, *wanted)
        job.returned.connect(self.counted)
        job.finished.connect(self._finished)

    def _count(self, columns: Columns, views: Sequence[NamedView], me: str) -> Generator[None, None, dict[str, int]]:
        counts: dict[str, int] = {}
        contexts: dict[tuple[frozenset[str], bool], Context] = {}
        labelled = columns.taken(np.flatnonzero(~np.isnan(columns.mos)))
        for view in views:
            yield None
            try:
                predicate = compile_query(view.query, self._library.display_scale)
                few = predicate.only_labelled  # of 100,000 images some thousand: what they need is read in no time
                asked = (predicate.needs, few)
                if asked not in contexts:
                    contexts[asked] = load_context(self._library, predicate.needs, me, only_labelled=few)
            except UserError:
                continue  # choosing the view says what is wrong with it
            counts[view.name] = predicate.of(labelled if few else columns, contexts[asked])
        return counts

    def is_busy(self) -> bool:
        """Whether something is being counted."""
        return self._busy or self._wanted is not None

    def _finished(self) -> None:
        self._busy = False
        self._rest.start(round(1000 * _REST * (time.monotonic() - self._began)))
        if not self.is_busy():
            self.idle.emit()
