"""On which scale scores are shown: raw, calibrated to the curators' labels, or as percentiles of a reference set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.library import calibrators
from app.library.calibrators import PERCENTILE
from app.library.changes import Changes
from app.library.columns import load
from app.library.library import Library
from app.library.models import ModelRow
from app.services.rooms.desk_core import DeskCore
from engine import calibrate, calibrator_file, reference_scale
from engine.calibrate import Calibrator


@dataclass(frozen=True)
class ShownAs:
    """The scale in use for the model in use."""

    kind: str = ""
    """Empty: raw; 'percentile'; else the kind of the map to the curators' scale."""
    reference: str = ""
    """Whose percentiles."""
    labels: int = 0
    """That the map was fitted to."""
    has_map: bool = False
    """Whether there is a map to the curators' scale, in use or not."""
    offered: str = ""
    """The reference set whose percentiles the model brings along; empty: it brings none."""

    @property
    def is_models_own(self) -> bool:
        """Whether scores are shown as the percentiles that the model brings along."""
        return self.kind == PERCENTILE and bool(self.offered) and self.reference == self.offered


class Scaling(DeskCore):
    """The part of the desk that chooses the scale. Scores stay raw in the library, so a change costs nothing."""

    model: ModelRow | None

    def shown_as(self) -> ShownAs:
        """On which scale the scores of the model in use are shown."""
        known = calibrators.versions(self.library, self.model.id) if self.model else []
        has_map = any(row.kind != PERCENTILE for row in known)
        used = next((row.calibrator for row in known if row.active), None)
        own = reference_scale.of_card(self.model.card) if self.model else None
        offered = own.reference if own else ""
        if used is None:
            return ShownAs(has_map=has_map, offered=offered)
        return ShownAs(used.kind, used.reference, used.labels, has_map, offered)

    def use_calibration(self, on: bool) -> None:
        """Show scores through the newest map to the curators' scale, or raw."""
        if self.model is None:
            return
        known = (row for row in calibrators.versions(self.library, self.model.id) if row.kind != PERCENTILE)
        if on and (newest := next(known, None)):
            self.writer.submit(calibrators.activate, self.library, newest.id)
        else:
            self.writer.submit(calibrators.deactivate, self.library, self.model.id)

    def use_reference(self, on: bool) -> None:
        """Show each score as its percentile in the reference set that the model brings along, or raw."""
        if self.model is None:
            return
        own = reference_scale.of_card(self.model.card)
        if on and own is not None:
            self.writer.submit(calibrators.use_percentiles, self.library, self.model.id, own)
        else:
            self.writer.submit(calibrators.deactivate, self.library, self.model.id)

    def use_percentiles(self, on: bool) -> None:
        """Show each score as its percentile among all that are scored in this library now, or raw.

        The reference set stays what it is now, however many images come.
        """
        if self.model is None:
            return
        model_id = self.model.id
        if not on:
            self.writer.submit(calibrators.deactivate, self.library, model_id)
            return
        self._background(
            _percentiles, self.library, self.model,
            done=lambda found: self._use_percentiles(model_id, found),
        )  # fmt: skip

    def _use_percentiles(self, model_id: str, found: Calibrator) -> None:
        self.writer.submit(calibrators.use_percentiles, self.library, model_id, found)

    def use_calibrator_file(self, file: Path) -> None:
        """Show scores through a calibrator that `fiqa calibrate` or a run has written."""
        if self.model is None:
            return
        model_id = self.model.id

        def take() -> Changes:
            row = calibrators.add(self.library, model_id, calibrator_file.read_for(file, model_id))
            return calibrators.activate(self.library, row.id)

        self.writer.submit(take)


def _percentiles(library: Library, model: ModelRow) -> Calibrator:
    scores = load(library, model_id=model.id, preprocessing_id=model.preprocessing_id).score
    known = scores[np.isfinite(scores)]
    return calibrate.percentile(known, f"{library.directory.name} ({len(known):,} images)")
