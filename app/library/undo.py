"""Undo and redo: a rater's own acts taken back, across restarts, by acts that append the inverse.

A rater's stack is what they did in this library and have not taken back; another's acts are not on it. What was done
outside it (Forget, the history that came along with an import) stays.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.library import events, outcome
from app.library.changes import Changes, counted
from app.library.library import Library
from app.library.schema import Act

OUTSIDE_STACK: Final = ("undo", "redo", "forget", events.HISTORY)
"""Kinds of acts that undo passes over."""


def undo_text(library: Library, rater_id: int) -> str | None:
    """What `undo` would take back, for people; None: nothing."""
    with library.read() as session:
        act = _last_act(session, rater_id)
        return act.text if act else None


def redo_text(library: Library, rater_id: int) -> str | None:
    """What `redo` would do again, for people; None: nothing."""
    with library.read() as session:
        act = _next_undone(session, rater_id)
        return act.text if act else None


def undo(library: Library, *, rater_id: int, session_id: int | None, initiator: object | None = None) -> Changes:
    """Take back this rater's last act, of whatever session, by appending its inverse.

    Images that somebody has changed since are left alone and counted in `skipped`. Nothing to undo: `seq` 0, no ids.
    """
    with library.write() as session:
        act = _last_act(session, rater_id)
        if act is None:
            return Changes(0, "undo", initiator=initiator)
        return _take_back(session, "undo", act, act.seq, rater_id, session_id, initiator)


def redo(library: Library, *, rater_id: int, session_id: int | None, initiator: object | None = None) -> Changes:
    """Do again what this rater undid, until the rater does something new. Nothing to redo: `seq` 0, no ids."""
    with library.write() as session:
        act = _next_undone(session, rater_id)
        if act is None or act.undone_by is None:
            return Changes(0, "redo", initiator=initiator)
        return _take_back(session, "redo", act, act.undone_by, rater_id, session_id, initiator)


def _last_act(session: Session, rater_id: int) -> Act | None:
    return session.scalars(_latest_own(), {"rater": rater_id}).first()


def _next_undone(session: Session, rater_id: int) -> Act | None:
    """The earliest undone act whose undoing came after the rater's last new act."""
    return session.scalars(_earliest_undone(), {"rater": rater_id}).first()


@lru_cache(maxsize=1)
def _latest_own() -> Select[Act]:
    """Made once: both are asked after every act, and to put them together takes longer than to run them."""
    query = select(Act).where(*_own(), Act.undone_by.is_(None), _something_left())
    return query.order_by(Act.seq.desc()).limit(1)


@lru_cache(maxsize=1)
def _earliest_undone() -> Select[Act]:
    newest = select(func.max(Act.seq)).where(*_own()).scalar_subquery()
    return select(Act).where(*_own(), Act.undone_by > newest, _something_left()).order_by(Act.seq).limit(1)


def _own() -> tuple[ColumnElement[bool], ...]:
    return (Act.rater_id == bindparam("rater"), Act.kind.not_in(OUTSIDE_STACK))


def _something_left() -> ColumnElement[bool]:
    """Whether an act, or one that came along with it, has an event that was not forgotten with its image."""
    along = aliased(Act)
    came_along = select(along.seq).where(along.kind == events.HISTORY, along.target == Act.seq)
    tables = [fact.table.c for fact in events.FACTS]
    return or_(
        *(exists().where(c.act_seq == Act.seq) for c in tables),
        and_(Act.kind == "import", or_(*(exists().where(c.act_seq.in_(came_along)) for c in tables))),
    )


def _take_back(
    session: Session,
    kind: Literal["undo", "redo"],
    act: Act,
    inverted: int,
    rater_id: int,
    session_id: int | None,
    initiator: object | None,
) -> Changes:
    text = f"{kind}: {act.text}"
    facts = events.FACTS_OF[act.kind]
    seq = events.begin_act(session, kind, text, rater_id=rater_id, session_id=session_id, target=act.seq)
    changed, skipped = events.invert(session, facts, seq, inverted)
    outcome.refresh(session, facts, changed)
    session.execute(update(Act).where(Act.seq == act.seq).values(undone_by=seq if kind == "undo" else None))
    if skipped:
        text += f" ({counted(len(skipped))} left alone: changed since)"
    return Changes(seq, kind, tuple(sorted(changed)), labels=True, text=text, skipped=len(skipped), initiator=initiator)
