"""What the native layout brings from another library: images, and who said what when.

What people did there hangs on acts of the kind `history`: with their rater, time and words, in nobody's undo stack,
tied to the import by `target` and taken back with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.library.events import (
    ASSIGNMENT,
    CORRECTION,
    FACTS,
    FLAG,
    HISTORY,
    IMAGE,
    IMPORTED,
    NOTE,
    RATING,
    Fact,
    Setting,
    chunks,
    in_force,
)
from app.library.exchange.label_sets import find_or_add_set
from app.library.exchange.plan import Match, OnConflict
from app.library.exchange.records import Record, SetInfo, Statement
from app.library.people import find_or_add
from app.library.schema import Act, Content, Folder, Image, WorkSession
from engine.run import now

_FACT: Final[Mapping[str, Fact]] = {fact.table.name: fact for fact in FACTS}


def corrects(record: Record) -> bool:
    """Whether a correction is among what the record says."""
    return any(s.kind == CORRECTION.table.name for s in record.statements)


def place(session: Session, used: Sequence[Match]) -> list[Match]:
    """Record images that the library does not know (it had none); returns the matches with their new ids."""
    new = [m.record for m in used if m.image_id < 0 and m.record]
    if not new:
        return list(used)
    folders = {path: _folder(session, path) for path in dict.fromkeys(r.folder for r in new)}
    contents = {r.sha256: r for r in new if r.sha256}
    known: set[str] = set()
    for part in chunks(contents):
        known.update(session.scalars(select(Content.sha256).where(Content.sha256.in_(part))))
    at = now()
    rows = [
        {"sha256": s, "size": r.size, "width": r.width, "height": r.height, "first_read_at": at}
        for s, r in contents.items()
        if s not in known
    ]
    if rows:
        session.execute(insert(Content), rows)
    session.execute(insert(Image), [_image(r, folders[r.folder]) for r in new])
    ids = {
        (row.folder_id, row.rel_path): row.id
        for row in session.execute(select(IMAGE.c.id, IMAGE.c.folder_id, IMAGE.c.rel_path))
    }
    return [
        m if m.image_id >= 0 or m.record is None else replace(m, image_id=ids[folders[m.record.folder], m.record.name])
        for m in used
    ]


def _folder(session: Session, path: str) -> int:
    known = session.scalars(select(Folder.id).where(Folder.path == path)).first()
    if known is not None:
        return known
    made = Folder(path=path, added_at=now())
    session.add(made)
    session.flush()
    return made.id


def _image(r: Record, folder_id: int) -> dict[str, Any]:
    row: dict[str, Any] = {"folder_id": folder_id, "rel_path": r.name, "size": r.size, "mtime_ns": r.mtime_ns}
    return row | {"sha256": r.sha256 or None, "width": r.width, "height": r.height, "missing": False, "mos_n": 0}


# -- acts of other people --------------------------------------------------------------------------------------------


def begin_past(session: Session, used: Iterable[Match]) -> dict[int, int]:
    """Number of an act there -> number of its copy here, in the order in which they were done."""
    done: dict[int, Statement] = {}
    for m in used:
        for s in m.record.statements if m.record else ():
            done.setdefault(s.act, s)
    people: dict[str, int] = {}
    sittings: dict[tuple[str, str], int] = {}
    out: dict[int, int] = {}
    for number, s in sorted(done.items()):
        if s.by not in people:
            people[s.by] = find_or_add(session, s.by).id
        if s.session and (s.by, s.session) not in sittings:
            sittings[s.by, s.session] = _sitting(session, people[s.by], s.session)
        values = {"kind": HISTORY, "rater_id": people[s.by], "session_id": sittings.get((s.by, s.session))}
        made = session.connection().execute(insert(Act).values(values | {"at": s.at, "text": s.text}))
        key = made.inserted_primary_key
        assert key is not None
        out[number] = int(key[0])
    return out


def _sitting(session: Session, rater_id: int, started_at: str) -> int:
    same = (WorkSession.rater_id == rater_id, WorkSession.started_at == started_at)
    known = session.scalars(select(WorkSession.id).where(*same)).first()
    if known is not None:
        return known
    made = WorkSession(rater_id=rater_id, started_at=started_at)
    session.add(made)
    session.flush()
    return made.id


def tie(session: Session, past: Mapping[int, int], seq: int) -> None:
    """Say that these acts came with the import `seq`."""
    for part in chunks(past.values()):
        session.execute(update(Act).where(Act.seq.in_(part)).values(target=seq))


def add_statements(
    session: Session,
    used: Sequence[Match],
    on_conflict: OnConflict,
    past: Mapping[int, int],
    seq: int,
    out: Mapping[int, dict[Fact, list[Setting]]],
) -> None:
    """Add to `out` what the records say, under the acts of `past`; with `rater`, only opinions, under the import.

    With `mine`, what is said here otherwise stays: flags, notes, groups, splits, corrections and ratings.
    """
    here = _said_here(session, used) if on_conflict == "mine" else {}
    people: dict[str, int] = {}
    sets: dict[SetInfo, int] = {}
    for m in used:
        assert m.record is not None
        named = {label.of.name: label.of for label in m.record.labels}
        said = _opinions(m.record) if on_conflict == "rater" else m.record.statements
        for s in reversed(said):  # of two label sets, the one that came last must come last again
            more = dict(s.more)
            within: Any = s.within or None
            fact = _FACT[s.kind]
            if fact is RATING:
                within = people.get(s.within) or people.setdefault(s.within, find_or_add(session, s.within).id)
            elif fact is IMPORTED:
                within = _set(session, sets, named[s.within])
            elif fact is CORRECTION:
                taken = more.pop("label_set")
                more["label_set_id"] = _set(session, sets, named[taken]) if taken in named else None
            elif fact is ASSIGNMENT and on_conflict == "mine" and m.present_split and within == "split":
                continue
            if here.get((fact, m.image_id, within), s.value) != s.value:
                continue
            out[past.get(s.act, seq)][fact].append(Setting(m.image_id, within, s.value, more))


def _said_here(session: Session, used: Sequence[Match]) -> dict[tuple[Fact, int, Any], Any]:
    """What is in force here on these images, values of label sets apart: a set's new values are its update."""
    ids = dict.fromkeys(m.image_id for m in used)
    found: dict[tuple[Fact, int, Any], Any] = {}
    for fact in (RATING, CORRECTION, FLAG, NOTE, ASSIGNMENT):
        for (image_id, within), event in in_force(session, fact, ids).items():
            if event.value is not None:
                found[fact, image_id, within] = event.value
    return found


def _set(session: Session, sets: dict[SetInfo, int], wanted: SetInfo) -> int:
    if wanted not in sets:
        sets[wanted] = find_or_add_set(session, wanted)
    return sets[wanted]


def _opinions(record: Record) -> list[Statement]:
    """The ratings; a correction is the opinion of who made it, unless that person rated too."""
    said = [s for s in record.statements if s.kind == RATING.table.name]
    raters = {s.within.casefold() for s in said}
    for s in record.statements:
        if s.kind == CORRECTION.table.name and s.by.casefold() not in raters:
            said.append(replace(s, kind=RATING.table.name, within=s.by, more={"mode": "open"}))
    return said
