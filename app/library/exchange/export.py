"""Writes `labels.csv` of the native layout: one line per image that has a label or a flag."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path
from statistics import stdev
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.library import events
from app.library.errors import LibraryError
from app.library.events import CORRECTION, FACTS, IMPORTED, RATING
from app.library.library import Library
from app.library.schema import Act, Folder, Image, Model, Rater, Score

COLUMNS: Final = (
    "image_id", "rel_path", "sha256", "width", "height", "split", "mos", "mos_std", "mos_n", "ci_low", "ci_high",
    "scale", "provenance", "flag", "reason", "student", "student_model", "updated_at", "updated_by", "folder",
)  # fmt: skip


def export_labels(library: Library, file: Path) -> int:
    """Write the labels, MOS on [0, 1], whole or not at all; returns how many lines.

    `ci_low` and `ci_high` are the 95 % interval of the mean, `student` the raw score of the active model.

    Raises:
        LibraryError: the file cannot be written; one that was there stays.
    """
    with library.read() as session:
        records = _records(session)
    partial = file.with_name(file.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(records)
        os.replace(partial, file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise LibraryError(f"Cannot write {file}: {error.strerror or error}.", "Choose another place.") from error
    return len(records)


def _records(session: Session) -> list[dict[str, Any]]:
    query = (
        select(Image, Folder.path)
        .join(Folder)
        .where(or_(Image.mos.is_not(None), Image.flag.is_not(None)))
        .order_by(Folder.path, Image.rel_path)
    )
    rows = session.execute(query).all()
    ids = [row.Image.id for row in rows]
    spreads, reasons, updates = _spreads(session, ids), _reasons(session, ids), _updates(session)
    model = session.scalars(select(Model).where(Model.active.is_(True))).first()
    scores = _scores(session, model)
    return [
        _record(row.Image, row.path)
        | {"mos_std": _text(spreads.get(row.Image.id)), "reason": reasons.get(row.Image.id, "")}
        | {"student": _text(scores.get(row.Image.sha256)), "student_model": model.id if model else ""}
        | updates.get(row.Image.id, {})
        for row in rows
    ]


def _record(image: Image, folder: str) -> dict[str, Any]:
    return {
        "image_id": image.id,
        "rel_path": image.rel_path,
        "sha256": image.sha256 or "",
        "width": image.width or "",
        "height": image.height or "",
        "split": image.split or "",
        "mos": _text(image.mos),
        "mos_n": image.mos_n or "",
        "ci_low": _text(image.mos_low),
        "ci_high": _text(image.mos_high),
        "scale": "0:1",
        "provenance": image.provenance or "",
        "flag": image.flag or "",
        "folder": folder,
    }


def _text(value: float | None) -> str:
    return "" if value is None else repr(value)


def _spreads(session: Session, ids: list[int]) -> dict[int, float]:
    """Standard deviation of the opinions behind a label, where there are at least two."""
    out: dict[int, float] = {}
    for (image_id, _), row in events.in_force(session, IMPORTED, ids).items():
        if row.value is not None and row.sd is not None:
            out[image_id] = row.sd
    ratings: dict[int, list[float]] = defaultdict(list)
    for (image_id, _), row in events.in_force(session, RATING, ids).items():
        if row.value is not None:
            ratings[image_id].append(row.value)
    return out | {i: stdev(values) for i, values in ratings.items() if len(values) > 1}


def _reasons(session: Session, ids: list[int]) -> dict[int, str]:
    return {i: row.why for (i, _), row in events.in_force(session, CORRECTION, ids).items() if row.value is not None}


def _updates(session: Session) -> dict[int, dict[str, str]]:
    """When and by whom each image was last changed."""
    last: dict[int, int] = {}
    for fact in FACTS:
        t = fact.table
        for image_id, seq in session.execute(select(t.c.image_id, func.max(t.c.act_seq)).group_by(t.c.image_id)):
            last[image_id] = max(seq, last.get(image_id, 0))
    acts = {a.seq: a for a in session.execute(select(Act.seq, Act.at, Rater.name).join(Rater))}
    return {i: {"updated_at": acts[seq].at, "updated_by": acts[seq].name} for i, seq in last.items()}


def _scores(session: Session, model: Model | None) -> dict[str | None, float]:
    if model is None:
        return {}
    same = (Score.model_id == model.id, Score.preprocessing_id == model.preprocessing_id)
    return {row.sha256: row.value for row in session.execute(select(Score.sha256, Score.value).where(*same))}
