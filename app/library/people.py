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


def start_session(library: Library, rater_id: int) -> int:
    """Note that a rater sits down; returns the session's id."""
    with library.write() as session:
        made = WorkSession(rater_id=rater_id, started_at=now(), host=socket.gethostname())
        session.add(made)
        session.flush()
        return made.id
