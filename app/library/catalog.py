"""What the machine records: folders and the files that a scan finds. `contents` (same names here) has the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from app.library.changes import Changes
from app.library.contents import (
    BAD_NAME,
    Problem,
    ScoredImage,
    clear_problems,
    known_contents,
    mark_missing,
    paths,
    problems,
    record_scores,
    set_missing,
    unscored,
    unscored_contents,
)
from app.library.events import IMAGE, chunks, update_each
from app.library.grouping import ManifestUnreadableError, Regrouping, regrouping, store_groups
from app.library.library import Library
from app.library.schema import Folder, Image
from engine.run import now

__all__ = [
    "BAD_NAME",
    "FolderRow",
    "Problem",
    "ScanEntry",
    "ScoredImage",
    "add_folder",
    "clear_problems",
    "compare_scan",
    "finish_scan",
    "folders",
    "known_contents",
    "mark_missing",
    "paths",
    "problems",
    "record_scan",
    "record_scores",
    "settle_scan",
    "unscored",
    "unscored_contents",
]

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
    Of a folder that left the library meanwhile (into one around it, or by a restored backup) nothing is noted.
    """
    found = {_storable(e.rel_path): e for e in entries}
    with library.write() as session:
        if session.get(Folder, folder_id) is None:
            return Changes(0, "scan")
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
        set_missing(session, returned, False)
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
    return settle_scan(library, compare_scan(library, folder_id, seen))


@dataclass(frozen=True)
class Comparison:
    """What a scan that saw a whole folder means: images to be marked as missing, and as there again, and groups."""

    gone: list[int]
    back: list[int]
    groups: Regrouping | None
    """None: a manifest could not be read, and the groups stay as they were; a retraining says so and does not start."""


def compare_scan(library: Library, folder_id: int, seen: Collection[str]) -> Comparison:
    """The first half of `finish_scan`, which takes long and only reads."""
    there = {_storable(rel_path) for rel_path in seen}
    columns = select(Image.id, Image.rel_path, Image.missing)
    with library.read() as session:
        if session.get(Folder, folder_id) is None:
            return Comparison([], [], None)
        rows = session.execute(columns.where(Image.folder_id == folder_id)).all()
        groups = _regrouping(session, folder_id)
    gone = [row.id for row in rows if not row.missing and row.rel_path not in there]
    back = [row.id for row in rows if row.missing and row.rel_path in there]
    return Comparison(gone, back, groups)


def _regrouping(session: Session, folder_id: int) -> Regrouping | None:
    try:
        return regrouping(session, folder_id)
    except ManifestUnreadableError:
        return None


def settle_scan(library: Library, found: Comparison) -> Changes:
    """The second half, which writes: labels wait for it."""
    with library.write() as session:
        set_missing(session, found.gone, True)
        set_missing(session, found.back, False)
        known = found.groups is not None and session.get(Folder, found.groups.folder_id) is not None
        grouped = store_groups(session, found.groups) if found.groups and known else []
    return Changes(0, "scan", tuple(dict.fromkeys([*found.gone, *found.back, *grouped])), images=True)


def _storable(rel_path: str) -> str:
    """The name as the database can keep it: bytes that are no Unicode become visible escapes."""
    if rel_path.isascii():
        return rel_path
    return rel_path.encode("utf-8", "backslashreplace").decode("utf-8")
