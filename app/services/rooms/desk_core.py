"""What the rooms of the desk share: the library, the writer, who labels, and how work is sent off and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal

from app.library import people
from app.library.changes import Changes
from app.library.library import Library
from app.library.people import RaterRow, Sitting
from app.services import worker
from app.services.writer import Writer
from engine.errors import UserError

LabelMode = Literal["correct", "rate"]


class DeskCore(QObject):
    """The base of `Desk`, which lists the signals."""

    first_ready = Signal(object)
    columns_ready = Signal(object)
    rows_ready = Signal(object)
    undo_ready = Signal(object, object)
    changed = Signal(object)
    edited = Signal(object)
    failed = Signal(str)
    models_ready = Signal(object, str)
    problems_ready = Signal(object)
    folders_ready = Signal(object)
    folder_opened = Signal(int)
    pictures_changed = Signal(object)
    noticed = Signal(str)
    rater_changed = Signal(str)
    blind_changed = Signal(bool)
    views_ready = Signal(object)
    advised = Signal(str, object)
    extra_changed = Signal(object)

    def __init__(self, library: Library, rater: str, parent: QObject | None = None) -> None:
        """Raises LibraryError where the rater cannot be recorded."""
        super().__init__(parent)
        self.library = library
        self.writer = Writer(self)
        self.mode: LabelMode = "correct"
        self._sitting = people.sit_down(library, rater)
        self._renewed: dict[Sitting, Sitting] = {}

    @property
    def rater(self) -> RaterRow:
        """Who labels."""
        return self._sitting.rater

    @property
    def session_id(self) -> int:
        """The number of this sitting."""
        return self._sitting.session_id

    def _edit(self, act: Callable[..., Changes], *args: Any, **kwargs: Any) -> None:
        """One act of the present rater, in the writer's thread."""
        if args and args[0] == []:
            return
        sitting = self._sitting

        def done_by() -> Changes:
            return act(self.library, *args, **self._who(sitting), **kwargs)

        self.writer.submit(done_by, on_done=self.edited.emit)

    def _who(self, sitting: Sitting) -> dict[str, Any]:
        """Who signs an act, in the writer's thread: after a backup was restored, here or in another window, the rater
        of that name sits down anew."""
        sitting = self._renewed.get(sitting, sitting)
        if not people.is_recorded(self.library, sitting):
            again = people.sit_down(self.library, sitting.rater.name)
            former = [old for old, renewed in self._renewed.items() if renewed == sitting]
            self._renewed |= dict.fromkeys([*former, sitting], again)
            self._sitting = self._renewed.get(self._sitting, self._sitting)
            sitting = again
        return {"rater_id": sitting.rater.id, "session_id": sitting.session_id, "initiator": self}

    def _background(
        self,
        fn: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], None],
        failed: Callable[[str], None] | None = None,
        **kwargs: Any,
    ) -> None:
        """A read that takes long, on a worker thread; `done` or `failed` are called on the window's."""
        job = worker.start(fn, *args, **kwargs)
        job.returned.connect(done)
        job.errored.connect(lambda error: self._told(error, failed))

    def _told(self, error: BaseException, tell: Callable[[str], None] | None = None) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        (tell or self.failed.emit)(str(error))
