"""The desk's room for labels: the curator's acts, their history, and labels as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.library import edits, people
from app.library import history as past
from app.library.exchange import registry
from app.library.exchange.applying import apply_import
from app.library.exchange.exporting import export_labels
from app.library.exchange.importing import plan_import
from app.library.exchange.plan import ImportPlan, OnConflict
from app.library.history import Entry, RaterValue, Said
from app.services.rooms.desk_core import DeskCore


class Labelling(DeskCore):
    """What a person does to images. Every act is on the disk when `edited` tells of it."""

    blind = False
    """Whether scores and earlier labels are hidden; ratings then say so."""

    # -- who and how ---------------------------------------------------------------------------------

    def change_rater(self, name: str) -> None:
        """Somebody else labels from now on."""
        self.writer.submit(people.sit_down, self.library, name, on_done=self._rater_changed)

    def _rater_changed(self, sitting: people.Sitting) -> None:
        self._sitting = sitting
        self.rater_changed.emit(self.rater.name)

    def set_blind(self, on: bool) -> None:
        """Rate without seeing scores and earlier labels; each rating records it. Only ratings are blind: `mode` becomes
        'rate', and a correction ends it."""
        if on:
            self.mode = "rate"
        if on != self.blind:
            self.blind = on
            self.blind_changed.emit(on)

    def blind_order(self, ids: Iterable[int]) -> list[int]:
        """Images in random order, the same throughout this session."""
        return past.blind_order(list(ids), self.session_id)

    # -- the curator's acts --------------------------------------------------------------------------

    def label(self, ids: Iterable[int], mos: float, *, unseen: bool = False) -> None:
        """Correct the MOS or add a rating, as the mode says; `unseen`: without having seen scores and labels."""
        if self.mode == "correct":
            self.set_blind(False)
            self._edit(edits.correct, list(ids), mos, why="blind" if unseen else "")
        else:
            self._edit(edits.rate, list(ids), mos, mode="blind" if self.blind or unseen else "open")

    def clear(self, ids: Iterable[int]) -> None:
        """Take my label away."""
        self._edit(edits.clear, list(ids))

    def flag(self, ids: Iterable[int], flag: str | None, reason: str = "") -> None:
        """Set or remove a flag; `reason` is one of `schema.REASONS`."""
        self._edit(edits.flag, list(ids), flag, reason=reason)

    def set_note(self, ids: Iterable[int], text: str) -> None:
        """Write a note; an empty text takes it away."""
        self._edit(edits.note, list(ids), text.strip() or None)

    def undo(self) -> None:
        """Undo my last act in this library."""
        self._edit(edits.undo)

    def redo(self) -> None:
        """Redo what I last undid."""
        self._edit(edits.redo)

    # -- what was done -------------------------------------------------------------------------------

    def said(
        self, image_id: int, done: Callable[[Said], None], failed: Callable[[str], None], *, note_only: bool = False
    ) -> None:
        """Note, ratings and history of an image in one read; `note_only`: nothing that tells its labels."""
        self._background(past.said, self.library, image_id, done=done, failed=failed, note_only=note_only)

    def history(self, image_id: int, done: Callable[[list[Entry]], None]) -> None:
        """Who did what to an image, the newest first."""
        self._background(past.history, self.library, image_id, done=done)

    def ratings(self, image_id: int, done: Callable[[list[RaterValue]], None]) -> None:
        """The ratings of an image in force, by rater."""
        self._background(past.ratings, self.library, image_id, done=done)

    def note(self, image_id: int, done: Callable[[str], None]) -> None:
        """The note of an image."""
        self._background(past.note, self.library, image_id, done=done)

    # -- labels as files -----------------------------------------------------------------------------

    def table_header(self, file: Path, done: Callable[[list[str]], None], failed: Callable[[str], None]) -> None:
        """The column names of a table, read on a worker thread."""
        self._background(lambda: list(registry.columns_of(file)), done=done, failed=failed)

    def plan_import(
        self, file: Path, done: Callable[[Any], None], failed: Callable[[str], None], **options: Any
    ) -> None:
        """A dry run on a worker thread; `done(plan)` or `failed(sentence)` on the window's."""
        self._background(plan_import, self.library, file, done=done, failed=failed, **options)

    def apply_import(self, plan: ImportPlan, on_conflict: OnConflict, as_rater: str = "") -> None:
        """Write a plan as one act."""
        self._edit(
            lambda library, **who: apply_import(
                library,
                plan,
                on_conflict=on_conflict,
                as_rater=as_rater,
                rater_id=who["rater_id"],
                session_id=who["session_id"],
            )
        )

    def export_labels(self, file: Path, done: Callable[[Any], None], layout: str | None = None) -> None:
        """Write all labels; `done(Written)`. Without a layout the file's suffix decides."""
        self._background(export_labels, self.library, file, layout, done=done)
