"""The curator's acts. Each function is one act in one transaction, on the disk when it returns.

All take image ids that the library knows, and return `Changes`. MOS values are in [0, 1], higher is better. They raise
`LabelValueError` for a value or an image that cannot be, and `LibraryError` where the library cannot be written. The
words of an act tell values on the display scale that the library has when it is done.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Literal

from sqlalchemy.orm import Session

from app.library import events, outcome
from app.library.changes import Changes, counted
from app.library.display import Scale, scale_of
from app.library.errors import LabelValueError
from app.library.events import ASSIGNMENT, CORRECTION, FLAG, NOTE, RATING, Fact, Setting
from app.library.library import Library
from app.library.schema import FLAGS, REASONS, RatingMode
from app.library.undo import OUTSIDE_STACK, redo, redo_text, undo, undo_text
from engine.groups import SPLITS

__all__ = [
    "OUTSIDE_STACK",
    "assign",
    "clear",
    "correct",
    "flag",
    "note",
    "rate",
    "redo",
    "redo_text",
    "undo",
    "undo_text",
]


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
        text = f"MOS {_before(images, scale)}{scale.number(value)} on {counted(len(ids))}"
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
        text = f"rated {scale_of(library).number(value)} on {counted(len(ids))}{_corrected(session, ids)}"
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
        text = f"label cleared on {counted(count)}"
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
        text = f"{said} {counted(len(ids))}"
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
        said = f"note on {counted(len(ids))}" if text else f"note taken from {counted(len(ids))}"
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
        text = f"{field} '{value or 'automatic'}' on {counted(len(ids))}"
        return _act(session, "assign", text, {ASSIGNMENT: settings}, rater_id, session_id, initiator)


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
