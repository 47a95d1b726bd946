"""What the events decide about an image: its effective MOS with interval and provenance, flag, note, split, group.

Stored on the image in the transaction of the act, so that the gallery reads one table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import fsum, sqrt
from typing import Any, Final

from sqlalchemy import Row, Update, bindparam, select, update
from sqlalchemy.orm import Session

from app.library.events import ASSIGNMENT, CORRECTION, FLAG, IMAGE, IMPORTED, NOTE, RATING, Fact, in_force
from app.library.schema import LabelSet


@lru_cache(maxsize=4096)
def _t_quantile(degrees: int) -> float:
    from scipy.special import stdtrit  # not at import: opening the window should not pay for SciPy

    return float(stdtrit(degrees, 0.975))


def mean_interval(values: Sequence[float]) -> tuple[float, float | None, float | None]:
    """Mean and its 95 % Student interval, mean -+ t(n-1) s / sqrt(n) (ITU-T P.910); no interval below n = 2."""
    n = len(values)
    mean = min(1.0, max(0.0, fsum(values) / n))
    if n < 2:
        return mean, None, None
    sd = sqrt(fsum((v - mean) ** 2 for v in values) / (n - 1))
    half = _t_quantile(n - 1) * sd / sqrt(n)
    return mean, mean - half, mean + half


_SETS: Final = select(LabelSet.id, LabelSet.name, LabelSet.kind)
_NO_MOS: Final[dict[str, Any]] = {"mos": None, "mos_low": None, "mos_high": None, "provenance": None, "mos_n": 0}


def _effective(correction: Any, ratings: list[float], imported: Any, set_names: Mapping[int, str]) -> dict[str, Any]:
    """Correction, else mean of ratings, else the latest imported label, else none."""
    if correction is not None:
        taken = correction.label_set_id
        source = f"imported:{set_names[taken]}" if taken else "human"
        return _NO_MOS | {"mos": correction.value, "provenance": source, "mos_n": len(ratings)}
    if ratings:
        mean, low, high = mean_interval(ratings)
        return {"mos": mean, "mos_low": low, "mos_high": high, "provenance": "human", "mos_n": len(ratings)}
    if imported is None:
        return _NO_MOS
    out = _NO_MOS | {"mos": imported.value, "mos_n": imported.n or 0}
    out["provenance"] = f"imported:{set_names[imported.label_set_id]}"
    if imported.sd is not None and (imported.n or 0) >= 2:
        half = _t_quantile(imported.n - 1) * imported.sd / sqrt(imported.n)
        out |= {"mos_low": imported.value - half, "mos_high": imported.value + half}
    return out


def refresh_mos(session: Session, image_ids: Iterable[int]) -> None:
    """Work out the effective MOS of the images anew and store it on them."""
    ids = list(image_ids)
    corrections = {i: row for (i, _), row in in_force(session, CORRECTION, ids).items() if row.value is not None}
    ratings: dict[int, list[float]] = defaultdict(list)
    for row in in_force(session, RATING, ids).values():
        if row.value is not None:
            ratings[row.image_id].append(row.value)
    imported, names = _imported(session, [i for i in ids if i not in corrections and i not in ratings])
    if any(row.label_set_id for row in corrections.values()):
        names = {s.id: s.name for s in session.execute(select(LabelSet.id, LabelSet.name))}
    rows = [{"key": i, **_effective(corrections.get(i), ratings[i], imported.get(i), names)} for i in ids]
    _store(session, list(_NO_MOS), rows)


def _imported(session: Session, image_ids: Sequence[int]) -> tuple[dict[int, Row[Any]], dict[int, str]]:
    """The latest imported label per image, of sets that may become MOS, and the names of all sets."""
    sets = session.connection().execute(_SETS).all() if image_ids else ()
    usable = {s.id for s in sets if s.kind == "mos"}
    latest: dict[int, Row[Any]] = {}
    for row in in_force(session, IMPORTED, image_ids).values() if usable else ():
        newer = row.image_id not in latest or row.id > latest[row.image_id].id
        if newer and row.value is not None and row.label_set_id in usable:
            latest[row.image_id] = row
    return latest, {s.id: s.name for s in sets}


def refresh_fact(session: Session, fact: Fact, image_ids: Iterable[int]) -> None:
    """Store the flag, note, split or group in force on the images."""
    if fact is ASSIGNMENT:
        columns = {"split": "split", "group": "group_name"}
    elif fact in (FLAG, NOTE):
        columns = {None: fact.table.name}  # type: ignore[dict-item]  # the key of a fact without a second part
    else:
        return
    reasons: list[dict[str, Any]] = []
    by_column: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (image_id, within), row in in_force(session, fact, image_ids).items():
        by_column[columns[within]].append({"key": image_id, columns[within]: row.value})
        if fact is FLAG:
            reasons.append({"key": image_id, "flag_reason": row.reason if row.value else None})
    for column, rows in by_column.items():
        _store(session, [column], rows)
    _store(session, ["flag_reason"], reasons)


def refresh(session: Session, facts: Iterable[Fact], image_ids: Iterable[int]) -> None:
    """Store on the images what the events of these facts decide."""
    ids = sorted(image_ids)
    wanted = set(facts)
    if wanted & {RATING, CORRECTION, IMPORTED}:
        refresh_mos(session, ids)
    for fact in wanted:
        refresh_fact(session, fact, ids)


def _store(session: Session, columns: Sequence[str], rows: list[dict[str, Any]]) -> None:
    if rows:
        bound = [{("key" if k == "key" else f"new_{k}"): v for k, v in row.items()} for row in rows]
        session.connection().execute(_update(tuple(columns)), bound)


@lru_cache(maxsize=16)
def _update(columns: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    return update(IMAGE).where(IMAGE.c.id == bindparam("key")).values(values)
