"""The desk's room for extra scores: which are there, which one is on show, and how it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from app.library import extras, models
from app.library.changes import Changes
from app.library.models import ModelRow
from app.services.reading import Reader
from app.services.rooms.desk_core import DeskCore
from app.services.scores.extra_scoring import ExtraScoring


class ExtraScores(DeskCore):
    """One extra score at most is on show; all are computed, filtered and compared."""

    extra_scoring: ExtraScoring
    _reader: Reader
    extra: ModelRow | None = None
    """The one on show beside the score of the model in use."""

    def add_extra(self, place: str) -> None:
        """Bring a baseline into the library (a name, a folder, a file) and show what it says.

        One that cannot score here is refused by `failed`, and nothing changes.
        """

        added: list[str] = []

        def add() -> Changes:
            row = extras.register(self.library, place)
            added.append(row.id)
            return Changes(0, "model", models=True, text=f"extra score {row.name} added")

        self.writer.submit(add, on_done=lambda _changes: self.show_extra(added[0]))

    def show_extra(self, model_id: str) -> None:
        """Show this extra score from now on; '' or one that the library lacks: none."""
        row = models.find(self.library, model_id) if model_id else None
        before, self.extra = self.extra, row if row is not None and row.is_extra else None
        if before != self.extra:
            self.extra_changed.emit(self.extra)
            self._reader.ask_all()

    def extra_reason(self, image_id: int) -> str:
        """Why the extra score on show says nothing of an image."""
        if self.extra is None:
            return ""
        return self.extra_scoring.reason(self.extra.id, image_id)

    def _extra_key(self) -> tuple[str, str] | None:
        return (self.extra.id, self.extra.preprocessing_id) if self.extra else None

    def not_as_mos(self) -> Callable[[str], bool]:
        """Asks of a name after `score@` whether its numbers have a scale of their own."""
        return models.not_as_mos(self.library)
