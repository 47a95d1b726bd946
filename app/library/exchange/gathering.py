"""Gathers the records of an export from the events in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.library.events import CORRECTION, FACTS, IMPORTED, RATING, Fact, in_force
from app.library.exchange.records import Label, Record, SetInfo, Statement
from app.library.schema import Act, Folder, Image, LabelSet, Model, Rater, Score, WorkSession


def gather(session: Session) -> list[Record]:
    """Every image of which something is said: a label, a flag, a note, a split or a group; by folder and path."""
    said: dict[int, list[Statement]] = defaultdict(list)
    labels: dict[int, list[Label]] = defaultdict(list)
    names = _Names(session)
    for fact in FACTS:
        touched = session.scalars(select(fact.table.c.image_id).distinct()).all()
        rows = in_force(session, fact, touched).values()
        for row in sorted(rows, key=lambda row: -row.id):
            if row.value is not None:
                said[row.image_id].append(names.statement(fact, row))
                if fact is IMPORTED:
                    labels[row.image_id].append(names.label(row))
    model = session.scalars(select(Model).where(Model.active.is_(True))).first()
    scores = _scores(session, model)
    return [
        _record(image, folder, scores.get(image.sha256), model, said[image.id], labels[image.id])
        for image, folder in _images(session, said)
    ]


def _images(session: Session, wanted: Iterable[int]) -> Iterator[tuple[Image, str]]:
    known = set(wanted)
    query = select(Image, Folder.path).join(Folder).order_by(Folder.path, Image.rel_path)
    for row in session.execute(query.execution_options(yield_per=1000)):
        if row.Image.id in known:
            yield row.Image, row.path


def _record(
    image: Image, folder: str, score: float | None, model: Model | None, said: list[Statement], labels: list[Label]
) -> Record:
    return Record(
        id=image.id,
        folder=folder,
        name=image.rel_path,
        sha256=image.sha256 or "",
        width=image.width,
        height=image.height,
        size=image.size,
        mtime_ns=image.mtime_ns,
        split=image.split or "",
        group=image.group_name or "",
        mos=image.mos,
        n=image.mos_n,
        low=image.mos_low,
        high=image.mos_high,
        provenance=image.provenance or "",
        flag=image.flag or "",
        note=image.note or "",
        score=score,
        model=model.id if model else "",
        statements=tuple(said),
        labels=tuple(labels),
    )


class _Names:
    """Who and what the numbers in the events are."""

    def __init__(self, session: Session) -> None:
        self._raters = {r.id: r.name for r in session.scalars(select(Rater))}
        self._sittings = {s.id: s.started_at for s in session.scalars(select(WorkSession))}
        self._acts = {a.seq: a for a in session.execute(select(*Act.__table__.c))}
        self._sets = {
            s.id: SetInfo(s.name, s.kind, s.scale_low, s.scale_high, s.mapping, s.source, s.created_at)
            for s in session.scalars(select(LabelSet))
        }

    def statement(self, fact: Fact, row: Row[Any]) -> Statement:
        act = self._acts[row.act_seq]
        more = {name: getattr(row, name) for name in fact.carries}
        if fact is CORRECTION:
            taken = more.pop("label_set_id")
            more["label_set"] = self._sets[taken].name if taken else None
        return Statement(
            kind=fact.table.name,
            within=self._within(fact, row),
            value=row.value,
            more=more,
            act=act.seq,
            text=act.text,
            at=act.at,
            by=self._raters[act.rater_id],
            session=self._sittings.get(act.session_id, ""),
        )

    def label(self, row: Row[Any]) -> Label:
        return Label(self._sets[row.label_set_id], row.value, row.sd, row.n, row.extra or {})

    def _within(self, fact: Fact, row: Row[Any]) -> str:
        if fact is RATING:
            return self._raters[row.rater_id]
        if fact is IMPORTED:
            return self._sets[row.label_set_id].name
        return str(getattr(row, fact.within)) if fact.within else ""


def _scores(session: Session, model: Model | None) -> dict[str | None, float]:
    if model is None:
        return {}
    same = (Score.model_id == model.id, Score.preprocessing_id == model.preprocessing_id)
    return {row.sha256: row.value for row in session.execute(select(Score.sha256, Score.value).where(*same))}
