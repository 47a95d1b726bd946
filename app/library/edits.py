"""The curator's acts. Each function is one act in one transaction, on the disk when it returns.

All take image ids that the library knows, and return `Changes`. MOS values are in [0, 1], higher is better. They raise
`LabelValueError` for a value or an image that cannot be, and `LibraryError` where the library cannot be written. The
words of an act tell values on the display scale that the library has when it is done.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.library import events, outcome
from app.library.changes import Changes
from app.library.display import Scale, scale_of
from app.library.errors import LabelValueError
from app.library.events import ASSIGNMENT, CORRECTION, FLAG, NOTE, RATING, Fact, Setting
from app.library.library import Library
from app.library.schema import FLAGS, REASONS, Act, RatingMode
from engine.groups import SPLITS

_OUTSIDE_STACK = ("undo", "redo", "forget", events.HISTORY)


def correct(
    library: Library,
    image_ids: Iterable[int],
    mos: float,
    *,
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
    why: str = "",
) -> Changes:
    """Set the MOS outright; it goes before every rating and imported label."""
    value = _checked(mos)
    ids = _ids(image_ids)
    with library.write() as session:
        images = events.seen(session, ids)
        scale = scale_of(library)
        text = f"MOS {_before(images, scale)}{scale.number(value)} on {_images(len(ids))}"
        settings = [Setting(i, None, value, {"why": why, "label_set_id": None}) for i in ids]
        return _act(session, "correct", text, {CORRECTION: settings}, rater_id, session_id, initiator, images)


def rate(
    library: Library,
    image_ids: Iterable[int],
    value: float,
    *,
    mode: RatingMode = "open",
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
) -> Changes:
    """Give one opinion; it replaces the rater's earlier one. Where no correction stands, the mean becomes the MOS.

    One opinion, open or blind, does not displace what somebody decided: `clear` does. The words say where that is so.
    """
    value = _checked(value)
    if mode not in ("open", "blind"):
        raise ValueError(f"unknown rating mode {mode!r}")
    ids = _ids(image_ids)
    with library.write() as session:
        settings = [Setting(i, rater_id, value, {"mode": mode}) for i in ids]
        text = f"rated {scale_of(library).number(value)} on {_images(len(ids))}{_corrected(session, ids)}"
        return _act(session, "rate", text, {RATING: settings}, rater_id, session_id, initiator)


def clear(
    library: Library,
    image_ids: Iterable[int],
    *,
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
) -> Changes:
    """Take back the correction and this rater's own rating; others' ratings or an imported label come to the fore.

    Images with neither are left alone; if all are, there is no act (`seq` 0, no ids).
    """
    ids = _ids(image_ids)
    with library.write() as session:
        corrections = events.in_force(session, CORRECTION, ids)
        ratings = events.in_force(session, RATING, ids, rater_id)
        facts: dict[Fact, list[Setting]] = {
            CORRECTION: [
                Setting(i, None, None, {"why": "", "label_set_id": None})
                for (i, _), row in corrections.items()
                if row.value is not None
            ],
            RATING: [
                Setting(i, rater_id, None, {"mode": row.mode})
                for (i, _), row in ratings.items()
                if row.value is not None
            ],
        }
        count = len({s.image_id for settings in facts.values() for s in settings})
        if not count:
            return Changes(0, "clear", initiator=initiator)
        text = f"label cleared on {_images(count)}"
        return _act(session, "clear", text, facts, rater_id, session_id, initiator)


def flag(
    library: Library,
    image_ids: Iterable[int],
    flag: Literal["pick", "unsure", "reject"] | None,
    *,
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
    reason: str = "",
) -> Changes:
    """Set or take away the flag; `unsure` and `reject` keep an image out of training. `reason`: one of `REASONS`."""
    if flag is not None and flag not in FLAGS:
        raise LabelValueError(f"There is no flag '{flag}'.", f"Use one of {', '.join(FLAGS)}.")
    if reason and (flag is None or reason not in REASONS):
        raise LabelValueError(f"'{reason}' is no reason for a flag.", f"Use one of {', '.join(REASONS)}.")
    ids = _ids(image_ids)
    with library.write() as session:
        said = f"flag '{flag}'{f' ({reason})' if reason else ''} on" if flag else "flag taken from"
        text = f"{said} {_images(len(ids))}"
        settings = [Setting(i, None, flag, {"reason": reason or None}) for i in ids]
        return _act(session, "flag", text, {FLAG: settings}, rater_id, session_id, initiator)


def note(
    library: Library,
    image_ids: Iterable[int],
    text: str | None,
    *,
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
) -> Changes:
    """Set the note of images; None or an empty text takes it away."""
    ids = _ids(image_ids)
    with library.write() as session:
        settings = [Setting(i, None, text or None, {}) for i in ids]
        said = f"note on {_images(len(ids))}" if text else f"note taken from {_images(len(ids))}"
        return _act(session, "note", said, {NOTE: settings}, rater_id, session_id, initiator)


def assign(
    library: Library,
    image_ids: Iterable[int],
    field: Literal["split", "group"],
    value: str | None,
    *,
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
) -> Changes:
    """Put images into a split or a group by hand; None leaves it to the program again."""
    if field == "split" and value is not None and value not in SPLITS:
        raise LabelValueError(f"There is no split '{value}'.", f"Use one of {', '.join(SPLITS)}.")
    ids = _ids(image_ids)
    with library.write() as session:
        settings = [Setting(i, field, value or None, {}) for i in ids]
        text = f"{field} '{value or 'automatic'}' on {_images(len(ids))}"
        return _act(session, "assign", text, {ASSIGNMENT: settings}, rater_id, session_id, initiator)


# -- undo ------------------------------------------------------------------------------------------------------------


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
    return (Act.rater_id == bindparam("rater"), Act.kind.not_in(_OUTSIDE_STACK))


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
        text += f" ({_images(len(skipped))} left alone: changed since)"
    return Changes(seq, kind, tuple(sorted(changed)), labels=True, text=text, skipped=len(skipped), initiator=initiator)


# -- helpers ---------------------------------------------------------------------------------------------------------


def _act(
    session: Session,
    kind: str,
    text: str,
    facts: dict[Fact, list[Setting]],
    rater_id: int,
    session_id: int | None,
    initiator: object | None,
    images: Mapping[int, events.Seen] | None = None,
) -> Changes:
    ids = sorted({s.image_id for settings in facts.values() for s in settings})
    known = images if images is not None else events.seen(session, ids)
    seq = events.begin_act(session, kind, text, rater_id=rater_id, session_id=session_id)
    for fact, settings in facts.items():
        events.append(session, seq, fact, settings, known)
    outcome.refresh(session, (fact for fact, settings in facts.items() if settings), ids)
    return Changes(seq, kind, tuple(ids), labels=True, text=text, initiator=initiator)


def _checked(value: float) -> float:
    if not (math.isfinite(value) and 0.0 <= value <= 1.0):
        raise LabelValueError(f"{value:g} is no MOS.", "A MOS lies between 0 and 1.")
    return float(value)


def _ids(image_ids: Iterable[int]) -> list[int]:
    ids = list(dict.fromkeys(int(i) for i in image_ids))
    if not ids:
        raise LabelValueError("No image is selected.", "Select at least one.")
    return ids


def _images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"


def _corrected(session: Session, ids: list[int]) -> str:
    """Where a rating is kept and the MOS stays what a correction says; else nothing."""
    count = sum(row.value is not None for row in events.in_force(session, CORRECTION, ids).values())
    if not count:
        return ""
    return "; its correction stays the MOS" if len(ids) == 1 else f"; on {count:,} a correction stays the MOS"


def _before(images: Mapping[int, events.Seen], scale: Scale) -> str:
    """'0.42 to ' where all images had one MOS, else nothing."""
    present = {image.mos for image in images.values()}
    only = present.pop()
    return "" if only is None or present else f"{scale.number(only)} to "
