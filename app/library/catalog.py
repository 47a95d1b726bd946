"""What the machine records: folders, files found by a scan, contents read, scores, problems."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, delete, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.library.changes import Changes
from app.library.events import IMAGE, chunks, update_each
from app.library.library import Library
from app.library.schema import Content, Folder, Image, Score
from engine.run import now

BAD_NAME: Final = "The file's name is not valid Unicode, so it cannot be kept: rename the file."
_FORGET_BYTES: Final[dict[str, None]] = {"sha256": None, "width": None, "height": None, "problem": None}


@dataclass(frozen=True)
class FolderRow:
    """A folder of the library."""

    id: int
    path: Path


@dataclass(frozen=True)
class ScanEntry:
    """A file that a scan found; `rel_path` is under the folder, with `/`."""

    rel_path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class ScoredImage:
    """What reading one image gave: a raw score, or an error. `missing`: the file is no longer there."""

    image_id: int
    sha256: str | None
    width: int | None
    height: int | None
    score: float | None
    error: str | None
    size: int | None = None
    mtime_ns: int | None = None
    missing: bool = False


@dataclass(frozen=True)
class Problem:
    """An image that could not be read or scored."""

    image_id: int
    path: Path
    reason: str
    at: str


# -- folders ---------------------------------------------------------------------------------------------------------


def add_folder(library: Library, path: Path) -> int:
    """The id of a folder, added if new. Scan it by the path that `folders` gives for that id.

    A folder inside one that the library has already is that one: its images are there. A folder around others takes
    their images over, with ids and labels.
    """
    wanted = Path(path).absolute()
    with library.write() as session:
        present = {f.id: Path(f.path) for f in session.scalars(select(Folder))}
        for folder_id, known in present.items():
            if wanted == known or known in wanted.parents:
                return folder_id
        made = Folder(path=str(wanted), added_at=now())
        session.add(made)
        session.flush()
        for folder_id, known in present.items():
            if wanted in known.parents:
                _take_over(session, made.id, folder_id, known.relative_to(wanted).as_posix())
        return made.id


def _take_over(session: Session, around: int, inside: int, prefix: str) -> None:
    moved = {"folder_id": around, "rel_path": literal(prefix + "/").concat(Image.rel_path)}
    session.execute(update(Image).where(Image.folder_id == inside).values(moved), execution_options=_NO_SYNC)
    session.execute(delete(Folder).where(Folder.id == inside), execution_options=_NO_SYNC)


_NO_SYNC: Final = {"synchronize_session": False}


def folders(library: Library) -> list[FolderRow]:
    """All folders, in the order in which they were added."""
    with library.read() as session:
        return [FolderRow(f.id, Path(f.path)) for f in session.scalars(select(Folder).order_by(Folder.id))]


# -- scan ------------------------------------------------------------------------------------------------------------


def record_scan(library: Library, folder_id: int, entries: Iterable[ScanEntry]) -> Changes:
    """Note files that a scan found, any number at a time.

    New ones get an id. One whose size or time has changed keeps id and labels, but its bytes count as unread (and so
    it is scored again). One that was missing is there again. `image_ids` names those that are new or changed.
    """
    found = {_storable(e.rel_path): e for e in entries}
    with library.write() as session:
        known = _known_files(session, folder_id, found)
        changed, returned, new = [], [], []
        for rel_path, e in found.items():
            row = known.get(rel_path)
            bad = BAD_NAME if rel_path != e.rel_path else None
            if row is None:
                new.append(_new_image(folder_id, rel_path, e, bad))
            elif (row.size, row.mtime_ns) != (e.size, e.mtime_ns):
                changed.append({"key": row.id, "new_size": e.size, "new_time": e.mtime_ns, "new_problem": bad})
            elif row.missing:
                returned.append(row.id)
        ids = [*_insert(session, folder_id, new), *(c["key"] for c in changed), *returned]
        if changed:
            _files_changed(session, changed)
        _set_missing(session, returned, False)
    return Changes(0, "scan", tuple(ids), images=True)


def _known_files(session: Session, folder_id: int, rel_paths: Iterable[str]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    columns = select(Image.id, Image.rel_path, Image.size, Image.mtime_ns, Image.missing)
    for part in chunks(rel_paths):
        rows = session.execute(columns.where(Image.folder_id == folder_id, Image.rel_path.in_(part)))
        known.update((row.rel_path, row) for row in rows)
    return known


def _new_image(folder_id: int, rel_path: str, e: ScanEntry, problem: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {"folder_id": folder_id, "rel_path": rel_path, "size": e.size, "mtime_ns": e.mtime_ns}
    return row | {"problem": problem, "problem_at": now() if problem else None, "missing": False, "mos_n": 0}


def _insert(session: Session, folder_id: int, rows: list[dict[str, Any]]) -> Sequence[int]:
    if not rows:
        return ()
    last = session.scalar(select(func.max(Image.id))) or 0
    session.execute(insert(IMAGE), rows)
    session.execute(update(Folder).where(Folder.id == folder_id).values(manifest_stamp=None))
    return session.scalars(select(Image.id).where(Image.id > last).order_by(Image.id)).all()


def _files_changed(session: Session, rows: list[dict[str, Any]]) -> None:
    values: dict[str, Any] = {
        **_FORGET_BYTES,
        "missing": False,
        "size": bindparam("new_size"),
        "mtime_ns": bindparam("new_time"),
    }
    values["problem"] = bindparam("new_problem")
    update_each(session, values, rows)


def finish_scan(library: Library, folder_id: int, seen: Collection[str]) -> Changes:
    """A scan has seen the whole folder: mark images whose `rel_path` is not in `seen` as missing, the others as there.

    Labels of a missing image stay. Groups are read from a `manifest.csv` in or above the folder.
    """
    from app.library.grouping import refresh_groups

    there = {_storable(rel_path) for rel_path in seen}
    with library.write() as session:
        rows = session.execute(
            select(Image.id, Image.rel_path, Image.missing).where(Image.folder_id == folder_id)
        ).all()
        gone = [row.id for row in rows if not row.missing and row.rel_path not in there]
        back = [row.id for row in rows if row.missing and row.rel_path in there]
        _set_missing(session, gone, True)
        _set_missing(session, back, False)
        grouped = refresh_groups(session, folder_id)
    return Changes(0, "scan", tuple(dict.fromkeys([*gone, *back, *grouped])), images=True)


def mark_missing(library: Library, image_ids: Iterable[int]) -> Changes:
    """Files that vanished while the library was open; labels stay, the next scan finds them again."""
    ids = tuple(image_ids)
    with library.write() as session:
        _set_missing(session, ids, True)
    return Changes(0, "missing", ids, images=True)


def _set_missing(session: Session, ids: Iterable[int], value: bool) -> None:
    for part in chunks(ids):
        session.execute(update(Image).where(Image.id.in_(part)).values(missing=value), execution_options=_NO_SYNC)


def _storable(rel_path: str) -> str:
    """The name as the database can keep it: bytes that are no Unicode become visible escapes."""
    if rel_path.isascii():
        return rel_path
    return rel_path.encode("utf-8", "backslashreplace").decode("utf-8")


# -- scores ----------------------------------------------------------------------------------------------------------


def unscored(library: Library, model_id: str, preprocessing_id: str) -> npt.NDArray[np.int64]:
    """int64 [n]: ids of the images that are there, readable, and without a score of this model."""
    scored = exists().where(
        Score.model_id == model_id, Score.preprocessing_id == preprocessing_id, Score.sha256 == Image.sha256
    )
    query = select(Image.id).where(Image.missing.is_(False), Image.problem.is_(None), ~scored).order_by(Image.id)
    with library.read() as session:
        return np.fromiter(session.scalars(query), dtype=np.int64)


def paths(library: Library, ids: Iterable[int]) -> dict[int, Path]:
    """Absolute path per image id; ids that the library does not know are left out."""
    found: dict[int, Path] = {}
    with library.read() as session:
        for part in chunks(int(i) for i in ids):
            query = select(Image.id, Folder.path, Image.rel_path).join(Folder).where(Image.id.in_(part))
            found.update((row.id, Path(row.path, row.rel_path)) for row in session.execute(query))
    return found


def record_scores(library: Library, model_id: str, preprocessing_id: str, results: Iterable[ScoredImage]) -> Changes:
    """Store what reading and scoring a batch gave, in one transaction: contents, raw scores, problems, missing files.

    A score that the model has given to the same content before is kept. A score that is no finite number is a problem.
    """
    batch = [_finite(r) for r in results]
    with library.write() as session:
        _store_contents(session, batch)
        _store_scores(session, model_id, preprocessing_id, batch)
        read = [_read_row(r) for r in batch if r.sha256 is not None and not r.missing]
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
        _set_missing(session, [r.image_id for r in batch if r.missing], True)
    images = any(r.error or r.missing for r in batch)
    return Changes(0, "score", tuple(r.image_id for r in batch), scores=True, images=images)


def _finite(r: ScoredImage) -> ScoredImage:
    if r.score is None or math.isfinite(r.score):
        return r
    reason = "The model gave no finite number for this image."
    return ScoredImage(r.image_id, r.sha256, r.width, r.height, None, reason, r.size, r.mtime_ns)


def _problem_row(r: ScoredImage) -> dict[str, Any]:
    return {"key": r.image_id, "new_problem": r.error, "new_problem_at": now() if r.error else None}


def _read_row(r: ScoredImage) -> dict[str, Any]:
    names = ("sha256", "width", "height", "size", "mtime_ns")
    return _problem_row(r) | {f"new_{name}": getattr(r, name) for name in names}


def _store_contents(session: Session, batch: list[ScoredImage]) -> None:
    read = {r.sha256: r for r in batch if r.sha256 is not None}
    for part in chunks(read):
        wanted = dict.fromkeys(part)
        for known in session.scalars(select(Content.sha256).where(Content.sha256.in_(part))):
            wanted.pop(known, None)
        rows = [read[s] for s in wanted]
        if rows:
            at = now()
            session.execute(
                insert(Content),
                [
                    {"sha256": r.sha256, "size": r.size, "width": r.width, "height": r.height, "first_read_at": at}
                    for r in rows
                ],
            )


def _store_scores(session: Session, model_id: str, preprocessing_id: str, batch: list[ScoredImage]) -> None:
    scores = {r.sha256: r.score for r in batch if r.sha256 is not None and r.score is not None}
    key = {"model_id": model_id, "preprocessing_id": preprocessing_id}
    same = (Score.model_id == model_id, Score.preprocessing_id == preprocessing_id)
    for part in chunks(scores):
        known = set(session.scalars(select(Score.sha256).where(*same, Score.sha256.in_(part))))
        rows = [key | {"sha256": s, "value": scores[s]} for s in part if s not in known]
        if rows:
            session.execute(insert(Score), rows)


# -- problems --------------------------------------------------------------------------------------------------------


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


def native(rel_path: str) -> str:
    """A stored `rel_path` with this system's separator."""
    return rel_path if os.sep == "/" else rel_path.replace("/", os.sep)
