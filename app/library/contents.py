"""What reading the images gave: contents, raw scores, problems, files that are gone."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.orm import Session

from app.library.changes import Changes
from app.library.events import chunks, update_each
from app.library.library import Library
from app.library.moved import adopt_read, put_right
from app.library.schema import Content, Folder, Image, Score
from engine.run import now

BAD_NAME: Final = "The file's name is not valid Unicode, so it cannot be kept: rename the file."
_NO_SYNC: Final = {"synchronize_session": False}


@dataclass(frozen=True)
class ScoredImage:
    """What reading one image gave: a raw score, or an error. `missing`: the file is no longer there.

    `read`: its bytes were read just now; else `sha256` is what was known of them, and only the score is new.
    `path`: where they were read; where the image stands elsewhere by now, this says nothing of it.
    """

    image_id: int
    sha256: str | None
    width: int | None
    height: int | None
    score: float | None
    error: str | None
    size: int | None = None
    mtime_ns: int | None = None
    missing: bool = False
    read: bool = True
    path: Path | None = None


@dataclass(frozen=True)
class Problem:
    """An image that could not be read or scored."""

    image_id: int
    path: Path
    reason: str
    at: str


def unscored(library: Library, model_id: str, preprocessing_id: str) -> npt.NDArray[np.int64]:
    """int64 [n]: ids of the images that are there, readable, and without a score of this model."""
    scored = exists().where(
        Score.model_id == model_id, Score.preprocessing_id == preprocessing_id, Score.sha256 == Image.sha256
    )
    query = select(Image.id).where(Image.missing.is_(False), Image.problem.is_(None), ~scored).order_by(Image.id)
    with library.read() as session:
        return np.fromiter(session.scalars(query), dtype=np.int64)


def unscored_contents(library: Library, model_id: str, preprocessing_id: str) -> list[ScoredImage]:
    """Those of `unscored` whose bytes were read before, with their sha256: a cache of features may know more."""
    scored = exists().where(
        Score.model_id == model_id, Score.preprocessing_id == preprocessing_id, Score.sha256 == Image.sha256
    )
    columns = (Image.id, Image.sha256, Image.width, Image.height)
    query = select(*columns).where(
        Image.missing.is_(False), Image.problem.is_(None), Image.sha256.is_not(None), ~scored
    )
    with library.read() as session:
        return [ScoredImage(*row, None, None, read=False) for row in session.execute(query.order_by(Image.id))]


def paths(library: Library, ids: Iterable[int]) -> dict[int, Path]:
    """Absolute path per image id; ids that the library does not know are left out."""
    with library.read() as session:
        return _paths(session, ids)


def _paths(session: Session, ids: Iterable[int]) -> dict[int, Path]:
    found: dict[int, Path] = {}
    for part in chunks(int(i) for i in ids):
        query = select(Image.id, Folder.path, Image.rel_path).join(Folder).where(Image.id.in_(part))
        found.update((row.id, Path(row.path, row.rel_path)) for row in session.execute(query))
    return found


def record_scores(library: Library, model_id: str, preprocessing_id: str, results: Iterable[ScoredImage]) -> Changes:
    """Store what reading and scoring a batch gave, in one transaction: contents, raw scores, problems, missing files.

    What was read of an image that was forgotten meanwhile is dropped; `Changes` names the others.
    A score that the model has given to the same content before is kept. A score that is no finite number is a problem.
    A new file that holds what an image that is gone held is that image, moved (`moved`).
    """
    batch = [_finite(r) for r in results]
    with library.write() as session:
        batch = _in_its_place(session, _not_forgotten(session, batch))
        known = _store_contents(session, batch)
        _store_scores(session, model_id, preprocessing_id, batch)
        first = _first_read(session, batch)
        read = [_read_row(r) for r in batch if _was_read(r)]
        if read:
            names = ("sha256", "width", "height", "problem", "problem_at")
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names} | {"missing": False}
            for name in ("size", "mtime_ns"):
                values[name] = func.coalesce(bindparam(f"new_{name}"), getattr(Image, name))
            update_each(session, values, read)
        failed = [_problem_row(r) for r in batch if r.sha256 is None and r.error and not r.missing]
        if failed:
            columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("problem", "problem_at")}
            update_each(session, columns, failed)
        set_missing(session, [r.image_id for r in batch if r.missing], True)
        moved = adopt_read(session, first)
        moved += put_right(session, {i: s for i, s in first.items() if s in known and i not in moved})
    images = bool(moved) or any(r.error or r.missing for r in batch)
    ids = dict.fromkeys([*(r.image_id for r in batch), *moved])
    return Changes(0, "score", tuple(ids), scores=True, images=images, everything=bool(moved))


def known_contents(library: Library, sha256s: Iterable[str]) -> set[str]:
    """Those of these contents that the library has; what was forgotten is not among them."""
    with library.read() as session:
        return {
            found
            for part in chunks(sha256s)
            for found in session.scalars(select(Content.sha256).where(Content.sha256.in_(part)))
        }


def _not_forgotten(session: Session, batch: list[ScoredImage]) -> list[ScoredImage]:
    there: set[int] = set()
    for part in chunks(r.image_id for r in batch):
        there.update(session.scalars(select(Image.id).where(Image.id.in_(part))))
    return [r for r in batch if r.image_id in there]


def _in_its_place(session: Session, batch: list[ScoredImage]) -> list[ScoredImage]:
    """Without what was read, or missed, where the image no longer stands: it was found elsewhere meanwhile."""
    present = _paths(session, [r.image_id for r in batch if r.path is not None])
    return [r for r in batch if r.path is None or present[r.image_id] == r.path]


def _first_read(session: Session, batch: list[ScoredImage]) -> dict[int, str]:
    """Image -> sha256, of those whose bytes nobody knew until now."""
    read = {r.image_id: r.sha256 for r in batch if r.sha256 is not None and _was_read(r)}
    unknown: set[int] = set()
    for part in chunks(read):
        unknown.update(session.scalars(select(Image.id).where(Image.id.in_(part), Image.sha256.is_(None))))
    return {image_id: sha256 for image_id, sha256 in read.items() if image_id in unknown}


def _was_read(r: ScoredImage) -> bool:
    return r.read and r.sha256 is not None and not r.missing


def _finite(r: ScoredImage) -> ScoredImage:
    if r.score is None or math.isfinite(r.score):
        return r
    reason = "The model gave no finite number for this image."
    return replace(r, score=None, error=reason)


def _problem_row(r: ScoredImage) -> dict[str, Any]:
    return {"key": r.image_id, "new_problem": r.error, "new_problem_at": now() if r.error else None}


def _read_row(r: ScoredImage) -> dict[str, Any]:
    names = ("sha256", "width", "height", "size", "mtime_ns")
    return _problem_row(r) | {f"new_{name}": getattr(r, name) for name in names}


def _store_contents(session: Session, batch: list[ScoredImage]) -> set[str]:
    """Returns those that the library had before."""
    read = {r.sha256: r for r in batch if r.sha256 is not None}
    known: set[str] = set()
    for part in chunks(read):
        known.update(session.scalars(select(Content.sha256).where(Content.sha256.in_(part))))
        rows = [read[s] for s in part if s not in known]
        if rows:
            at = now()
            session.execute(
                insert(Content),
                [
                    {"sha256": r.sha256, "size": r.size, "width": r.width, "height": r.height, "first_read_at": at}
                    for r in rows
                ],
            )
    return known


def _store_scores(session: Session, model_id: str, preprocessing_id: str, batch: list[ScoredImage]) -> None:
    scores = {r.sha256: r.score for r in batch if r.sha256 is not None and r.score is not None}
    key = {"model_id": model_id, "preprocessing_id": preprocessing_id}
    same = (Score.model_id == model_id, Score.preprocessing_id == preprocessing_id)
    for part in chunks(scores):
        known = set(session.scalars(select(Score.sha256).where(*same, Score.sha256.in_(part))))
        rows = [key | {"sha256": s, "value": scores[s]} for s in part if s not in known]
        if rows:
            session.execute(insert(Score), rows)


# -- problems ----------------------------------------------------------------------------------------------------------


def problems(library: Library) -> list[Problem]:
    """Images that could not be read or scored, by path."""
    query = (
        select(Image.id, Folder.path, Image.rel_path, Image.problem, Image.problem_at)
        .join(Folder)
        .where(Image.problem.is_not(None), Image.missing.is_(False))
        .order_by(Folder.path, Image.rel_path)
    )
    with library.read() as session:
        return [
            Problem(row.id, Path(row.path, row.rel_path), row.problem or "", row.problem_at or "")
            for row in session.execute(query)
        ]


def clear_problems(library: Library, ids: Iterable[int]) -> Changes:
    """Forget that these images failed, so that they are read again."""
    cleared = tuple(int(i) for i in ids)
    with library.write() as session:
        for part in chunks(cleared):
            query = update(Image).where(Image.id.in_(part), Image.problem != BAD_NAME)
            session.execute(query.values(problem=None, problem_at=None), execution_options=_NO_SYNC)
    return Changes(0, "problems", cleared, images=True)


# -- missing files -----------------------------------------------------------------------------------------------------


def mark_missing(library: Library, image_ids: Iterable[int]) -> Changes:
    """Files that vanished while the library was open; labels stay, the next scan finds them again."""
    ids = tuple(image_ids)
    with library.write() as session:
        set_missing(session, ids, True)
    return Changes(0, "missing", ids, images=True)


def set_missing(session: Session, ids: Iterable[int], value: bool) -> None:
    """Mark images as missing or as there, inside the caller's transaction."""
    for part in chunks(ids):
        session.execute(update(Image).where(Image.id.in_(part)).values(missing=value), execution_options=_NO_SYNC)
