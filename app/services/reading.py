"""What the window shows of the library, read on a worker thread: rows, and what undo and redo would do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.library import edits
from app.library.columns import Columns, load
from app.library.first_screen import first_ids
from app.library.library import Library
from app.library.models import ModelRow
from app.services import worker
from app.services.worker import Worker

_GAP_S: Final = 0.25
"""Between two reads for what the machine found."""
UndoWords = tuple[str | None, str | None]


@dataclass
class _Wanted:
    everything: bool = False
    undo: bool = False
    ids: set[int] = field(default_factory=set)
    first: tuple[str, bool] | None = None
    """A sort, and whether it descends."""

    def __bool__(self) -> bool:
        return self.everything or self.undo or bool(self.ids) or self.first is not None


@dataclass(frozen=True)
class _Found:
    wanted: _Wanted
    columns: Columns | None
    undo: UndoWords | None


class Reader(QObject):
    """One read at a time; what comes in meanwhile is read in one go afterwards.

    What a person did is read at once. What the machine found waits for more of its kind: each read costs every view a
    refresh, and a folder of 100,000 images comes in hundreds of batches.

    Signals:
        first_ready(Columns): the rows of the first screen, of a library that takes long to read.
        columns_ready(Columns): everything.
        rows_ready(Columns): the rows that were asked for.
        undo_ready(str | None, str | None): what undo and redo would do, in words; before the rows of the same read.
        failed(Exception): the library cannot be read.
        ended(): a read is over, whatever became of it.
    """

    first_ready = Signal(object)
    columns_ready = Signal(object)
    rows_ready = Signal(object)
    undo_ready = Signal(object, object)
    failed = Signal(object)
    ended = Signal()

    def __init__(
        self,
        library: Library,
        model: Callable[[], ModelRow | None],
        extra: Callable[[], tuple[str, str] | None],
        rater_id: Callable[[], int],
        parent: QObject,
    ) -> None:
        """`model` and `extra` give the scores, `rater_id` the acts to undo: as they are when a read begins."""
        super().__init__(parent)
        self._library, self._model, self._extra, self._rater_id = library, model, extra, rater_id
        self._wanted = _Wanted()
        self._reading: Worker | None = None
        self._ended = 0.0
        self._undo_is_known = False
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._read)

    def ask_first(self, sort: str, descending: bool) -> None:
        """Read the rows that stand first in this sort; nothing where the library is read as fast as a whole."""
        self._wanted.first = (sort, descending)
        self._read()

    def ask_all(self) -> None:
        """Read everything."""
        self._wanted.everything = self._wanted.undo = True
        self._read()

    def ask_undo(self) -> None:
        """Another rater, another undo."""
        self._wanted.undo = True
        self._read()

    def tell_undo(self, undo: str) -> None:
        """This rater has just done something: that is what undo takes back, and redo has nothing. Spares a read."""
        self._wanted.undo = False
        self._undo_is_known = True  # what is being read may be of before
        self.undo_ready.emit(undo, None)

    def ask(self, ids: Iterable[int], *, urgent: bool = False, undo: bool = False) -> None:
        """Read rows, `urgent` where somebody waits for them; with `undo` also what it would do."""
        self._wanted.ids.update(ids)
        self._wanted.undo = self._wanted.undo or undo
        if urgent or undo:
            self._read()
        elif self._wanted and not self._soon.isActive():
            self._soon.start(max(0, round(1000 * (self._ended + _GAP_S - time.monotonic()))))

    def is_idle(self) -> bool:
        """Whether all that was asked for is delivered."""
        return self._reading is None and not self._wanted

    def stop(self) -> None:
        """Nothing more is read."""
        self._soon.stop()
        self._wanted = _Wanted()

    def _read(self) -> None:
        if self._reading is not None or not self._wanted:
            return
        self._soon.stop()
        wanted, self._wanted = self._wanted, _Wanted()
        self._undo_is_known = False
        self._reading = worker.start(self._gather, wanted, self._model(), self._extra(), self._rater_id())
        self._reading.returned.connect(self._deliver)
        self._reading.errored.connect(self.failed)
        self._reading.finished.connect(self._read_again)

    def _gather(self, wanted: _Wanted, model: ModelRow | None, extra: tuple[str, str] | None, rater_id: int) -> _Found:
        """On the worker's thread."""
        undo, columns, ids = None, None, wanted.ids
        by = model.id if model else ""
        prepared = model.preprocessing_id if model else ""
        if wanted.first is not None:
            sort, descending = wanted.first
            first = first_ids(self._library, model_id=by, preprocessing_id=prepared, sort=sort, descending=descending)
            ids = set(first or ())
        if wanted.undo:
            undo = edits.undo_text(self._library, rater_id), edits.redo_text(self._library, rater_id)
        if wanted.everything or ids:
            only = None if wanted.everything else ids
            columns = load(self._library, model_id=by, preprocessing_id=prepared, extra=extra, ids=only)
        return _Found(wanted, columns, undo)

    def _deliver(self, found: _Found) -> None:
        if found.undo is not None and not self._undo_is_known:
            self.undo_ready.emit(*found.undo)
        if found.columns is None:
            return
        if found.wanted.everything:
            self.columns_ready.emit(found.columns)
        elif found.wanted.first is not None:
            self.first_ready.emit(found.columns)
        else:
            self.rows_ready.emit(found.columns)

    def _read_again(self) -> None:
        self._reading, self._ended = None, time.monotonic()
        self.ended.emit()
        if self._wanted.everything or self._wanted.undo:
            self._read()
        else:
            self.ask(())
