"""The desk's room for safety: backups, restoring one, forgetting images."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from app.library import backups, forget
from app.library.backups import Backup
from app.library.changes import Changes
from app.library.forget import Traces
from app.services.desk_core import DeskCore

if TYPE_CHECKING:
    from app.services.thumbnails import ThumbnailService


class Safekeeping(DeskCore):
    """What guards the labels, and what takes them away for good."""

    thumbnails: ThumbnailService

    def backups(self) -> list[Backup]:
        """The copies of the library that there are, the newest first."""
        return backups.backups(self.library)

    def restore(self, file: Path) -> None:
        """Put a backup in place of the present state, which is itself backed up first; `noticed` or `failed` tell."""
        self.writer.submit(self.library.restore, file, on_done=self._restored)

    def _restored(self, changes: Changes) -> None:
        self.noticed.emit(
            self.tr("{what}. The state from before is the newest backup.").format(what=changes.text.capitalize())
        )

    def place_warning(self) -> str:
        """A sentence where the library lies on a network share; '' where it does not."""
        return backups.place_warning(self.library)

    # -- forget --------------------------------------------------------------------------------------

    def people_of(self, ids: Iterable[int], done: Callable[[list[int]], None]) -> None:
        """All images of the people on these images."""
        self._background(forget.same_people, self.library, list(ids), done=done)

    def forget_count(self, ids: Iterable[int], done: Callable[[Traces], None]) -> None:
        """What forgetting would remove and what would keep traces; ask before `forget`, which cannot be undone."""
        self._background(forget.traces, self.library, list(ids), done=done)

    def forget(
        self, ids: Iterable[int], backups_too: bool = False, done: Callable[[Traces], None] | None = None
    ) -> None:
        """Remove images with labels, scores, thumbnails and cached pixels for good; `done(traces)` when it is so."""
        wanted = list(ids)
        if not wanted:
            return

        def act() -> tuple[Traces, Changes]:
            traces = forget.traces(self.library, wanted)
            who = {"rater_id": self.rater.id, "session_id": self.session_id, "initiator": self}
            changes = forget.forget(self.library, traces.ids, backups_too=backups_too, **who)  # type: ignore[arg-type]
            self.thumbnails.erase(traces.sha256s)
            return traces, changes

        def forgotten(result: tuple[Traces, Changes]) -> None:
            self.writer.changed.emit(result[1])
            if done is not None:
                done(result[0])

        self.writer.submit(act, on_done=forgotten)
