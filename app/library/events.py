"""The append-only events of the acts, and what takes them back.

A *fact* is what an event sets: the correction, flag or note of an image, one rater's rating of it, one label set's
value for it. The latest event of a fact is in force. Every function here works inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple, TypeVar, cast

from sqlalchemy import (
    Insert,
    Row,
    Select,
    Table,
    bindparam,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from app.library import schema
from app.library.errors import LabelValueError
from engine.run import now

T = TypeVar("T")
CHUNK: Final = 500
"""Ids in one `IN (...)`; every database takes that many."""


@dataclass(frozen=True)
class Fact:
    """One event table. `within` is the column that, with the image, makes the key; None: the image alone."""

    table: Table
    within: str | None
    carries: tuple[str, ...]
    """What an inverse event copies from the event that is in force again (its value apart)."""

    def key(self, row: Any) -> tuple[int, Any]:
        return (row.image_id, getattr(row, self.within) if self.within else None)


def _table(model: type[schema.Base]) -> Table:
    return cast(Table, model.__table__)


RATING: Final = Fact(_table(schema.Rating), "rater_id", ("mode",))
CORRECTION: Final = Fact(_table(schema.Correction), None, ("why", "label_set_id"))
FLAG: Final = Fact(_table(schema.FlagEvent), None, ("reason",))
NOTE: Final = Fact(_table(schema.NoteEvent), None, ())
ASSIGNMENT: Final = Fact(_table(schema.Assignment), "field", ())
IMPORTED: Final = Fact(_table(schema.ImportedLabel), "label_set_id", ("sd", "n", "extra"))
FACTS: Final = (RATING, CORRECTION, FLAG, NOTE, ASSIGNMENT, IMPORTED)
FACTS_OF: Final[Mapping[str, tuple[Fact, ...]]] = {
    "correct": (CORRECTION,),
    "rate": (RATING,),
    "clear": (CORRECTION, RATING),
    "flag": (FLAG,),
    "note": (NOTE,),
    "assign": (ASSIGNMENT,),
    "import": FACTS,
}
"""Which events an act of each kind may have."""
HISTORY: Final = "history"
"""Kind of an act that was done in another library; it came with the import that is its `target`."""
IMAGE: Final = _table(schema.Image)
_ACT: Final = _table(schema.Act)
_INSERT_ACT: Final = insert(_ACT)
_SEEN: Final = select(IMAGE.c.id, IMAGE.c.sha256, IMAGE.c.mos).where(IMAGE.c.id.in_(bindparam("ids", expanding=True)))


class Setting(NamedTuple):
    """What an event is to set: the image, the rest of the key, the value and the fact's other columns."""

    image_id: int
    within: Any
    value: Any
    more: Mapping[str, Any]


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Cut ids or names into portions that fit one statement."""
    source = iter(values)
    while part := list(islice(source, CHUNK)):
        yield part


def in_force(
    session: Session, fact: Fact, image_ids: Iterable[int], within: Any = None
) -> dict[tuple[int, Any], Row[Any]]:
    """The latest event per key (null values included) for the images; only of key part `within` if it is given."""
    found: dict[tuple[int, Any], Row[Any]] = {}
    narrow = within is not None and fact.within is not None
    query, more = _of_images(fact, narrow), {"within": within} if narrow else {}
    for part in chunks(image_ids):
        for row in session.connection().execute(query, {"ids": part, **more}):
            found[fact.key(row)] = row
    return found


@lru_cache(maxsize=2 * 6)
def _of_images(fact: Fact, narrow: bool) -> Select[Any]:
    """The events of a fact on `ids`. Made once, as all here: to put a statement together takes longer than to run it,
    and every key of a curator runs some."""
    t = fact.table
    query = select(t).where(t.c.image_id.in_(bindparam("ids", expanding=True))).order_by(t.c.id)
    return query.where(t.c[fact.within] == bindparam("within")) if narrow and fact.within else query


def begin_act(
    session: Session, kind: str, text: str, *, rater_id: int, session_id: int | None, target: int | None = None
) -> int:
    """Append an act; returns its seq."""
    values = {"kind": kind, "rater_id": rater_id, "session_id": session_id, "at": now(), "text": text, "target": target}
    key = session.connection().execute(_INSERT_ACT, values).inserted_primary_key
    assert key is not None
    return int(key[0])


def append(session: Session, act_seq: int, fact: Fact, settings: Sequence[Setting], images: Mapping[int, Seen]) -> None:
    """Append one event per setting; `images` holds what `seen` gives for them."""
    within = settings[0].within if settings and len({s.within for s in settings}) == 1 else None
    prior = in_force(session, fact, (s.image_id for s in settings), within)
    rows = []
    for s in settings:
        before = prior.get((s.image_id, s.within))
        row = {
            "act_seq": act_seq,
            "image_id": s.image_id,
            "value": s.value,
            "sha256": images[s.image_id].sha256,
            **s.more,
        }
        row |= {"prior_id": before.id if before else None, "origin_id": None}
        rows.append(row | ({fact.within: s.within} if fact.within else {}))
    if rows:
        session.connection().execute(_insert(fact), rows)


@lru_cache(maxsize=6)
def _insert(fact: Fact) -> Insert:
    return insert(fact.table)


def invert(session: Session, facts: Iterable[Fact], act_seq: int, target: int) -> tuple[set[int], set[int]]:
    """Append to `act_seq` what takes the events that act `target` (and what it brought) has of these facts back.

    A fact that is no longer as `target` left it is left alone. Returns the images changed and the images skipped.
    """
    changed: set[int] = set()
    skipped: set[int] = set()
    came_along = select(_ACT.c.seq).where(_ACT.c.kind == HISTORY, _ACT.c.target == target)
    acts = union_all(select(literal(target)), came_along)
    for fact in facts:
        events = session.execute(select(fact.table).where(fact.table.c.act_seq.in_(acts))).all()
        if not events:
            continue
        latest = in_force(session, fact, dict.fromkeys(e.image_id for e in events))
        priors = _by_id(session, fact, [e.prior_id for e in events if e.prior_id])
        rows = []
        for e in events:
            present = latest[fact.key(e)]
            if _origin(present) != _origin(e):
                skipped.add(e.image_id)
                continue
            rows.append(_inverse(fact, act_seq, e, present, priors.get(e.prior_id)))
            changed.add(e.image_id)
        if rows:
            session.connection().execute(_insert(fact), rows)
    return changed, skipped - changed


def _origin(event: Any) -> int:
    return int(event.id if event.origin_id is None else event.origin_id)


def _inverse(fact: Fact, act_seq: int, e: Any, present: Any, prior: Any) -> dict[str, Any]:
    source = prior if prior is not None else e
    row = {name: getattr(source, name) for name in (*fact.carries, "image_id", "sha256")}
    if fact.within:
        row[fact.within] = getattr(e, fact.within)
    row |= {"act_seq": act_seq, "prior_id": present.id}
    if prior is None:
        return row | {"value": None, "origin_id": 0}
    return row | {"value": prior.value, "origin_id": _origin(prior)}


def _by_id(session: Session, fact: Fact, ids: Iterable[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for part in chunks(ids):
        found.update((row.id, row) for row in session.execute(select(fact.table).where(fact.table.c.id.in_(part))))
    return found


class Seen(NamedTuple):
    """What an act finds: the hash of the image's bytes (None: not read yet) and its MOS so far."""

    sha256: str | None
    mos: float | None


def seen(session: Session, image_ids: Iterable[int]) -> dict[int, Seen]:
    """The images of an act as they are.

    Raises:
        LabelValueError: the library knows no such image.
    """
    wanted = list(dict.fromkeys(int(i) for i in image_ids))
    found: dict[int, Seen] = {}
    for part in chunks(wanted):
        rows = session.connection().execute(_SEEN, {"ids": part})
        found.update((row.id, Seen(row.sha256, row.mos)) for row in rows)
    if len(found) != len(wanted):
        strange = next(i for i in wanted if i not in found)
        raise LabelValueError(f"The library knows no image {strange}.", "Read the gallery again.")
    return found


def update_each(session: Session, values: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
    """Set columns of one image per row; `key` in the row is its id, the other entries are the bound parameters."""
    if rows:
        session.connection().execute(update(IMAGE).where(IMAGE.c.id == bindparam("key")).values(values), rows)
