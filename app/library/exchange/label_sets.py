"""Label sets: one name, one declared scale."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.library.exchange.records import SetInfo
from app.library.schema import LabelSet


def find_or_add_set(session: Session, wanted: SetInfo) -> int:
    """The id of the label set of that name, mapping and kind; another of that name gets company under 'name (2)'."""
    known = {s.name: s for s in session.scalars(select(LabelSet))}
    name, count = wanted.name, 1
    while name in known:
        s = known[name]
        if (s.scale_low, s.scale_high, s.mapping, s.kind) == (wanted.low, wanted.high, wanted.mapping, wanted.kind):
            return s.id
        count += 1
        name = f"{wanted.name} ({count})"
    row = {"name": name, "kind": wanted.kind, "scale_low": wanted.low, "scale_high": wanted.high}
    row |= {"mapping": wanted.mapping, "source": wanted.source, "created_at": wanted.created_at}
    session.execute(insert(LabelSet).values(row))
    return session.scalars(select(LabelSet.id).where(LabelSet.name == name)).one()
