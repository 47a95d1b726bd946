"""What a filter may ask that the gallery's columns do not hold: who labelled, when, notes, splits, other models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.library import calibrators, models
from app.library.errors import LibraryError
from app.library.library import Library
from app.library.models import ModelRow
from app.library.query.sorting import Usual
from app.library.snapshot import splits

Ids = npt.NDArray[np.int64]
_IN_FORCE: Final = """
select e.image_id, r.name, a.at from {table} e join act a on a.seq = e.act_seq join rater r on r.id = {rater}
where e.value is not null and e.id in (select max(id) from {table} group by {key})
"""
_LABELS: Final = (
    _IN_FORCE.format(table="correction", rater="a.rater_id", key="image_id"),
    _IN_FORCE.format(table="rating", rater="e.rater_id", key="image_id, rater_id"),
)
_SCORES: Final = """
select image.id, score.value from score join image on image.sha256 = score.sha256
where score.model_id = :model and score.preprocessing_id = :preprocessing
"""


@dataclass(frozen=True)
class Context:
    """Facts by image id. Empty where a filter needs none of them."""

    me: str = ""
    raters: Mapping[str, Ids] = field(default_factory=dict)
    """Casefolded name -> ids of the images that the rater has labelled, sorted."""
    rated: Mapping[int, float] = field(default_factory=dict)
    """Image -> nanoseconds since 1970 of its latest label in force."""
    notes: Mapping[int, str] = field(default_factory=dict)
    splits: Mapping[int, str] = field(default_factory=dict)
    """As a snapshot would divide the images."""
    scores: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    """Model as it was written -> image -> its score: calibrated where it has a calibrator in use, else raw."""
    usual: Usual | None = None
    """What suspicion is measured by; None: by the rows that are asked."""


def load_context(library: Library, needs: Iterable[str], me: str = "", *, only_labelled: bool = False) -> Context:
    """Read what a filter needs (`Predicate.needs`). For a worker thread.

    Args:
        only_labelled: the filter will be asked about rows with a MOS only (see `Predicate.only_labelled`).

    Raises:
        LibraryError: a model that was asked for is not there, or the library cannot be read.
    """
    wanted = set(needs)
    values: dict[str, Any] = {"me": me}
    with library.read() as session:
        connection = session.connection()
        if wanted & {"rater", "rated"}:
            rows = [row for query in _LABELS for row in connection.execute(text(query))]
            values["raters"], values["rated"] = _raters(rows), _latest(rows)
        if "note" in wanted:
            found = connection.execute(text("select id, note from image where note is not null"))
            values["notes"] = {row[0]: row[1] for row in found}
        names = [need.removeprefix("score@") for need in wanted if need.startswith("score@")]
        known = models.all_models(library) if names else []
        values["scores"] = {name: _scores(session, _model(known, name), library.display_scale) for name in names}
    if "split" in wanted:
        values["splits"] = splits(library, only_labelled=only_labelled)
    return Context(**values)


def _scores(session: Session, model: ModelRow, display_scale: tuple[float, float]) -> dict[int, float]:
    """Image -> score as `score` alone would be, to the precision of the columns: no percentile."""
    asked = {"model": model.id, "preprocessing": model.preprocessing_id}
    rows = session.connection().execute(text(_SCORES), asked).all()
    values = np.array([row[1] for row in rows], dtype=np.float32)
    found = calibrators.active_in(session, model.id)
    if found is not None and found.kind != calibrators.PERCENTILE:
        values = found.calibrator.apply(values).value.astype(np.float32)
    if not model.as_mos:  # a filter's numbers are taken from the display scale to [0, 1]; these are asked for as is
        low, high = display_scale
        values = (values - low) / (high - low)
    return dict(zip((row[0] for row in rows), values.tolist(), strict=True))


def _raters(rows: Iterable[Any]) -> dict[str, Ids]:
    ids: dict[str, set[int]] = {}
    for image_id, name, _at in rows:
        ids.setdefault(name.casefold(), set()).add(image_id)
    return {name: np.array(sorted(found), dtype=np.int64) for name, found in ids.items()}


def _latest(rows: Iterable[Any]) -> dict[int, float]:
    latest: dict[int, str] = {}
    for image_id, _name, at in rows:
        latest[image_id] = max(at, latest.get(image_id, ""))
    return {image_id: datetime.fromisoformat(at).timestamp() * 1e9 for image_id, at in latest.items()}


def _model(known: Sequence[ModelRow], name: str) -> ModelRow:
    found = models.best_match([(m.id, m.name) for m in known], name)
    if found is None:
        listed = ", ".join(f"'{m.name}'" for m in known) or "none yet"
        raise LibraryError(f"The library has no model '{name}'.", f"It has {listed}.")
    return known[found]
