"""The desk's room for models: which one scores, which others there are, and what they advise."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

from app.library import models
from app.library.changes import Changes
from app.library.models import ModelRow
from app.services import advice
from app.services.rooms.desk_extras import ExtraScores
from app.services.scores.feature_cache import FeatureCache
from app.services.scores.scoring import ScoringService
from engine.bundle import read_bundle


class Modelling(ExtraScores):
    """One model is in use; the others of the library wait beside it."""

    scoring: ScoringService
    features: FeatureCache | None
    model: ModelRow | None
    """The one in use."""

    def use_model(self, model_id: str) -> None:
        """Score with another model of the library."""
        self.writer.submit(models.activate, self.library, model_id)

    def add_model(self, file: Path) -> None:
        """Bring a bundle into the library and use it; a file that is no bundle is refused and nothing changes."""

        def add() -> Changes:
            return models.activate(self.library, models.register(self.library, read_bundle(file)).id)

        self.writer.submit(add)

    def advise(self, kind: Literal["suspects", "next"]) -> None:
        """Ask which labels to look at again, or which images to label next; answers by `advised` or `failed`."""
        ask = advice.suspect_labels if kind == "suspects" else advice.label_next
        self._background(ask, self.library, self.features, done=lambda found: self.advised.emit(kind, found))

    def register_model(self, file: Path, *, temporary: Path | None = None) -> None:
        """Bring a bundle into the library beside the others; the model in use stays.

        `temporary` is a folder that goes when the bundle is copied.
        """

        def register() -> Changes:
            try:
                row = models.register(self.library, read_bundle(file))
            finally:
                if temporary is not None:
                    shutil.rmtree(temporary, ignore_errors=True)
            return Changes(0, "model", models=True, text=f"model {row.name} added")

        self.writer.submit(register)

    def remove_model(self, model_id: str) -> None:
        """Take a model that is not in use out of the library."""
        self.writer.submit(models.remove, self.library, model_id)

    def _model_changed(self) -> None:
        before = self.model.id if self.model else None
        self.model = models.active(self.library)
        self._refresh_models()
        self.extra_scoring.refresh()
        if self.extra is not None:
            self.show_extra(self.extra.id)  # it may have been deleted
        if self.model is not None and self.model.id != before:
            self.scoring.set_model(self.model.path)
            self._reader.ask_all()

    def _refresh_models(self) -> None:
        self.models_ready.emit(models.all_models(self.library), self.model.id if self.model else "")
