"""The calibrators of a library: per model a row of versions, at most one of them in use.

Scores stay raw in the library; a calibrator is applied when columns are read, so another one costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.library.changes import Changes
from app.library.errors import LibraryError
from app.library.library import Library
from app.library.schema import Calibrator as Row
from app.library.schema import Model
from engine.calibrate import Calibrator
from engine.run import now

PERCENTILE: Final = "percentile"
"""The kind that says where a score stands among others, and not what quality it means."""


@dataclass(frozen=True)
class CalibratorRow:
    """One version for one model; `parameters` is what `Calibrator.to_json` gave."""

    id: int
    model_id: str
    version: int
    kind: str
    parameters: dict[str, Any]
    active: bool
    created_at: str

    @property
    def calibrator(self) -> Calibrator:
        """Raises CalibrationError where the parameters are damaged."""
        return Calibrator.from_json(self.parameters)


def add(library: Library, model_id: str, calibrator: Calibrator) -> CalibratorRow:
    """Store the next version for a model; it is not yet in use.

    Raises:
        LibraryError: the library has no such model.
    """
    with library.write() as session:
        if session.get(Model, model_id) is None:
            raise LibraryError(f"The library has no model {model_id[:12]}.", "Register its bundle first.")
        latest = session.scalar(select(func.max(Row.version)).where(Row.model_id == model_id)) or 0
        made = Row(
            model_id=model_id,
            version=latest + 1,
            kind=calibrator.kind,
            parameters=calibrator.to_json(),
            created_at=now(),
        )
        session.add(made)
        session.flush()
        return _row(made)


def first_in(session: Session, model_id: str, calibrator: Calibrator) -> None:
    """Inside the caller's session: what a model brings along, in use from the start unless it has versions already."""
    session.flush()
    if session.scalar(select(func.max(Row.version)).where(Row.model_id == model_id)) is None:
        parameters = calibrator.to_json()
        session.add(
            Row(
                model_id=model_id, version=1, kind=calibrator.kind, parameters=parameters, active=True, created_at=now()
            )
        )


def activate(library: Library, calibrator_id: int, *, initiator: object | None = None) -> Changes:
    """Use this version for its model; all is read again."""
    with library.write() as session:
        chosen = session.get(Row, calibrator_id)
        if chosen is None:
            raise LibraryError("That calibrator is no longer there.")
        _switch(session, chosen.model_id, chosen.id)
        text = f"calibrator {chosen.version} in use"
    return Changes(0, "calibrator", scores=True, everything=True, text=text, initiator=initiator)


def use_percentiles(library: Library, model_id: str, found: Calibrator, *, initiator: object | None = None) -> Changes:
    """Show scores as these percentiles; the same table is stored once."""
    among = (row for row in versions(library, model_id) if row.kind == PERCENTILE)
    known = next((row for row in among if row.calibrator == found), None)
    if known is None:
        known = add(library, model_id, found)
    return activate(library, known.id, initiator=initiator)


def deactivate(library: Library, model_id: str, *, initiator: object | None = None) -> Changes:
    """Show raw scores of a model again; its calibrators are kept."""
    with library.write() as session:
        _switch(session, model_id, None)
    return Changes(0, "calibrator", scores=True, everything=True, text="raw scores", initiator=initiator)


def _switch(session: Session, model_id: str, calibrator_id: int | None) -> None:
    session.execute(update(Row).where(Row.model_id == model_id).values(active=False))
    if calibrator_id is not None:
        session.execute(update(Row).where(Row.id == calibrator_id).values(active=True))


def active(library: Library, model_id: str) -> CalibratorRow | None:
    """The version in use for a model, None: raw scores."""
    with library.read() as session:
        return active_in(session, model_id)


def active_in(session: Session, model_id: str) -> CalibratorRow | None:
    """`active` inside the caller's session."""
    row = session.scalars(select(Row).where(Row.model_id == model_id, Row.active.is_(True))).first()
    return _row(row) if row else None


def versions(library: Library, model_id: str) -> list[CalibratorRow]:
    """All versions for a model, the newest first."""
    with library.read() as session:
        found = session.scalars(select(Row).where(Row.model_id == model_id).order_by(Row.version.desc()))
        return [_row(row) for row in found]


def _row(row: Row) -> CalibratorRow:
    return CalibratorRow(row.id, row.model_id, row.version, row.kind, row.parameters, bool(row.active), row.created_at)
