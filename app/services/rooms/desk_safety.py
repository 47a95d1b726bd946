"""The desk's room for safety: backups, restoring one, forgetting images."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from app.library import backups, forget
from app.library.backups import Backup
from app.library.changes import Changes
from app.library.forget import Traces
from app.services.rooms.desk_core import DeskCore
from app.services.scores.feature_cache import FeatureCache
from app.services.training import retrain_plan, run_index
from engine.errors import UserError

if TYPE_CHECKING:
    from app.services.images.thumbnails import ThumbnailService


class Safekeeping(DeskCore):
    """What guards the labels, and what takes them away for good."""

    thumbnails: ThumbnailService
    features: FeatureCache | None

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

    def forget(self, traces: Traces, backups_too: bool = False, done: Callable[[Traces], None] | None = None) -> None:
        """Remove images with labels, scores, thumbnails, features and cached pixels for good; `done(traces)` then.

        `traces` is what `forget_count` gave: its reading of all manifests is not done again, labels would wait for it.
        """
        if not traces.ids:
            return
        sitting = self._sitting

        def act() -> tuple[list[str], str, Changes]:
            contents = forget.only_theirs(self.library, traces.ids)  # more may have been read since they were counted
            changes = forget.forget(self.library, traces.ids, **self._who(sitting))
            return contents, self._backups_deleted() if backups_too else "", changes

        def forgotten(result: tuple[list[str], str, Changes]) -> None:
            contents, trouble, changes = result
            self.writer.changed.emit(changes)
            told = done or (lambda _traces: None)
            self._background(self._erase, contents, trouble, done=lambda _: told(traces))

        self.writer.submit(act, on_done=forgotten)

    def _backups_deleted(self) -> str:
        """What went wrong with it, in a sentence; the rest of the forgetting goes on."""
        try:
            forget.delete_backups(self.library)
        except UserError as error:
            return str(error)
        return ""

    def _erase(self, contents: list[str], trouble: str) -> None:
        """Outside the database, on a worker: what the caches and the run folders hold of these contents.

        Raises:
            UserError: there was trouble before, or some place cannot be written; the others were emptied.
        """
        failed = [trouble] if trouble else []
        for empty in (self.thumbnails.erase, self._forget_features, self._drop_features):
            try:
                empty(contents)
            except UserError as error:
                failed.append(str(error))
        if failed:
            raise UserError(" ".join(failed))

    def _forget_features(self, contents: list[str]) -> None:
        if self.features is not None:
            self.features.forget(contents)

    def _drop_features(self, contents: list[str]) -> None:
        for past in run_index.history(self.library):  # also those that were prepared since the count
            retrain_plan.drop_features(past.run, contents)
