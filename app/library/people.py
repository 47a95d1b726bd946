"""Raters and their sessions."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.library.errors import LibraryError
from app.library.library import Library
from app.library.schema import Rater, WorkSession
from engine.run import now


@dataclass(frozen=True)
class RaterRow:
    """Somebody who labels."""

    id: int
    name: str


def ensure_rater(library: Library, name: str) -> RaterRow:
    """The rater of that name, made if new; case and spaces around it do not count.

    Raises:
        LibraryError: the name is empty.
    """
    with library.write() as session:
        return find_or_add(session, name)


def find_or_add(session: Session, name: str) -> RaterRow:
    """`ensure_rater` inside the caller's transaction."""
    wanted = " ".join(name.split())
    if not wanted:
        raise LibraryError("A rater needs a name.", "Type any name or initials.")
    for rater in session.scalars(select(Rater)):
        if rater.name.casefold() == wanted.casefold():
            return RaterRow(rater.id, rater.name)
    made = Rater(name=wanted, created_at=now())
    session.add(made)
    session.flush()
    return RaterRow(made.id, made.name)


def raters(library: Library) -> list[RaterRow]:
    """All raters, by name."""
    with library.read() as session:
        return [RaterRow(r.id, r.name) for r in session.scalars(select(Rater).order_by(Rater.name))]


@dataclass(frozen=True)
class Sitting:
    """One sitting of one rater."""

    rater: RaterRow
    session_id: int
    started_at: str


def sit_down(library: Library, name: str) -> Sitting:
    """Note that the rater of that name, made if new, sits down.

    Raises:
        LibraryError: the name is empty.
    """
    with library.write() as session:
        rater = find_or_add(session, name)
        made = _begin(session, rater.id)
        return Sitting(rater, made.id, made.started_at)


def start_session(library: Library, rater_id: int) -> int:
    """The same for a rater that the library has; returns the sitting's number."""
    with library.write() as session:
        return _begin(session, rater_id).id


def _begin(session: Session, rater_id: int) -> WorkSession:
    made = WorkSession(rater_id=rater_id, started_at=now(), host=socket.gethostname())
    session.add(made)
    session.flush()
    return made


def is_recorded(library: Library, sitting: Sitting) -> bool:
    """Whether the library knows this sitting: a restored backup may be older, and have given its numbers to others."""
    query = (
        select(WorkSession.id)
        .join(Rater)
        .where(
            WorkSession.id == sitting.session_id,
            WorkSession.started_at == sitting.started_at,
            Rater.id == sitting.rater.id,
            Rater.name == sitting.rater.name,
        )
    )
    with library.read() as session:
        return session.scalar(query) is not None
