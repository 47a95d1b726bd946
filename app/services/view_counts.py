"""How many images each view holds, counted beside the window; the latest rows win."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.library.columns import Columns
from app.library.library import Library
from app.library.query import compile_query, load_context
from app.library.views import NamedView
from app.services import worker
from engine.errors import UserError


class ViewCounter(QObject):
    """Counts one set of views at a time; what is asked meanwhile is counted next, and only the last of it.

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

    def count(self, columns: Columns, views: Sequence[NamedView], me: str) -> None:
        """`me`: who asks, for 'rated by me'."""
        self._wanted = (columns, views, me)
        self._next()

    def _next(self) -> None:
        if self._busy or self._wanted is None:
            return
        wanted, self._wanted = self._wanted, None
        self._busy = True
        job = worker.start(self._count, *wanted)
        job.returned.connect(self.counted)
        job.finished.connect(self._finished)

    def _count(self, columns: Columns, views: Sequence[NamedView], me: str) -> Generator[None, None, dict[str, int]]:
        counts: dict[str, int] = {}
        for view in views:
            yield None
            try:
                predicate = compile_query(view.query, self._library.display_scale)
                context: Any = load_context(self._library, predicate.needs, me)
            except UserError:
                continue  # choosing the view says what is wrong with it
            counts[view.name] = predicate.of(columns, context)
        return counts

    def is_busy(self) -> bool:
        """Whether something is being counted."""
        return self._busy

    def _finished(self) -> None:
        self._busy = False
        self._next()
        if not self._busy:
            self.idle.emit()
