"""The history of one image: who did what, when, from what to what, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.library.events import ASSIGNMENT, FACTS, IMPORTED, RATING, Fact, in_force
from app.library.library import Library
from app.library.schema import Act, Image, LabelSet, Rater

Value = float | str | None


@dataclass(frozen=True)
class Entry:
    """One event. `before` and `after` are a MOS in [0, 1] or a text; None = nothing.

    `kind`: correction, rating, flag, note, split, group or imported. `act`: correct, rate, undo, redo, import, ...
    `why`: the reason of a correction or flag, the label set of an import. `mode`: open or blind, of a rating.
    """

    at: str
    who: str
    kind: str
    act: str
    before: Value
    after: Value
    why: str = ""
    mode: str = ""
    undone: bool = False
    text: str = ""


@dataclass(frozen=True)
class RaterValue:
    """One rater's rating in force."""

    rater: str
    value: float
    mode: str
    at: str


@dataclass(frozen=True)
class Said:
    """All that people said of one image; `ratings` and `history` as the functions of these names give them."""

    note: str
    ratings: list[RaterValue]
    history: list[Entry]


def said(library: Library, image_id: int, *, note_only: bool = False) -> Said:
    """What the panels beside an image show; with `note_only` nothing that tells its labels."""
    if note_only:
        return Said(note(library, image_id), [], [])
    return Said(note(library, image_id), ratings(library, image_id), history(library, image_id))


def history(library: Library, image_id: int) -> list[Entry]:
    """All events of an image, the newest first."""
    with library.read() as session:
        raters = {r.id: r.name for r in session.scalars(select(Rater))}
        sets = {s.id: s.name for s in session.scalars(select(LabelSet))}
        found = [
            (row.act_seq, row.id, entry)
            for fact in FACTS
            for row, entry in _of_fact(session, fact, image_id, raters, sets)
        ]
    found.sort(key=lambda item: item[:2], reverse=True)
    return [entry for _, _, entry in found]


def _of_fact(
    session: Session, fact: Fact, image_id: int, raters: Mapping[int, str], sets: Mapping[int, str]
) -> Iterator[tuple[Any, Entry]]:
    t = fact.table
    events = session.execute(select(t).where(t.c.image_id == image_id).order_by(t.c.id)).all()
    if not events:
        return
    known = {row.id: row for row in events}
    acts = {a.seq: a for a in session.scalars(select(Act).where(Act.seq.in_({row.act_seq for row in events})))}
    for row in events:
        act, prior = acts[row.act_seq], known.get(row.prior_id)
        yield (
            row,
            Entry(
                at=act.at,
                who=raters[row.rater_id if fact is RATING else act.rater_id],
                kind=row.field if fact is ASSIGNMENT else "imported" if fact is IMPORTED else t.name,
                act=act.kind,
                before=prior.value if prior is not None else None,
                after=row.value,
                why=_why(row, sets),
                mode=getattr(row, "mode", ""),
                undone=act.undone_by is not None,
                text=act.text,
            ),
        )


def _why(row: Any, sets: Mapping[int, str]) -> str:
    label_set = getattr(row, "label_set_id", None)
    return getattr(row, "why", "") or getattr(row, "reason", "") or (sets[label_set] if label_set else "")


def ratings(library: Library, image_id: int) -> list[RaterValue]:
    """The ratings of an image that are in force, by rater."""
    with library.read() as session:
        raters = {r.id: r.name for r in session.scalars(select(Rater))}
        rows = [row for row in in_force(session, RATING, [image_id]).values() if row.value is not None]
        at = {a.seq: a.at for a in session.scalars(select(Act).where(Act.seq.in_([row.act_seq for row in rows])))}
    found = [RaterValue(raters[row.rater_id], row.value, row.mode, at[row.act_seq]) for row in rows]
    return sorted(found, key=lambda rating: rating.rater.casefold())


def note(library: Library, image_id: int) -> str:
    """The note of an image; '' where there is none."""
    with library.read() as session:
        return session.scalar(select(Image.note).where(Image.id == image_id)) or ""


def blind_order(image_ids: list[int], seed: int) -> list[int]:
    """The images in random order, the same for the same seed whatever order they come in (ITU-R BT.500: each rater
    and session has an order of its own)."""
    import random

    order = sorted(image_ids)
    random.Random(seed).shuffle(order)
    return order
