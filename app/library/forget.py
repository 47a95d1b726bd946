"""Forget: an image or a person is removed for good, and what still holds traces of it is named.

Not undoable. Labels, scores, factors and rows go from the database; the caller removes thumbnails, pixels and features
(its caches know the sha256), and says that backups, runs and models from before still hold what they held.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.library import sqlite
from app.library.changes import Changes
from app.library.errors import LibraryError
from app.library.events import FACTS, begin_act, chunks
from app.library.library import Library
from app.library.runs import RunRow, list_runs
from app.library.schema import Content, Factors, Folder, Image, Model, Score
from engine import manifest as manifests
from engine.errors import UserError
from engine.run import RunDirectory

_NO_SYNC: Final = {"synchronize_session": False}


@dataclass(frozen=True)
class Traces:
    """What forgetting images would remove, and what would still hold something of them."""

    ids: tuple[int, ...]
    images: int
    events: int
    """Ratings, corrections, flags, notes, imported labels."""
    scores: int
    sha256s: tuple[str, ...]
    """Contents that no other image has; their thumbnails and features are to be removed too."""
    backups: tuple[Path, ...]
    runs: tuple[RunRow, ...]
    """Trainings whose manifest names one of the images."""
    models: tuple[str, ...]
    """Names of the models that came out of these."""
    snapshots: tuple[Path, ...]
    """Stored training lists that name one of the images."""
    unread: tuple[Path, ...]
    """Lists that cannot be read, so that nobody knows."""


def traces(library: Library, image_ids: Iterable[int]) -> Traces:
    """Count first: what `forget` would do. Reads the manifests of all trainings, so for a worker thread."""
    ids = list(dict.fromkeys(int(i) for i in image_ids))
    with library.read() as session:
        rows = _rows(session, ids)
        shas = _only_here(session, ids, {row.sha256 for row in rows if row.sha256})
        events = sum(_count_in(session, fact.table.c.image_id, ids) for fact in FACTS)
        scores = _count_in(session, Score.sha256, shas)
    names = _Names({row.sha256 for row in rows if row.sha256}, {Path(row.path, row.rel_path) for row in rows})
    runs = {RunDirectory(run.directory).manifest_file: run for run in list_runs(library)}
    lists = {file: names.among(file) for file in [*runs, *sorted(library.snapshots_dir.glob("*.csv"))]}
    used = [run for file, run in runs.items() if lists[file]]
    with library.read() as session:
        made = [r.id for r in used]
        models = tuple(session.scalars(select(Model.name).where(Model.run_id.in_(made)))) if made else ()
    return Traces(
        ids=tuple(row.id for row in rows),
        images=len(rows),
        events=events,
        scores=scores,
        sha256s=tuple(shas),
        backups=tuple(library.backups()),
        runs=tuple(used),
        models=models,
        snapshots=tuple(file for file, named in lists.items() if named and file not in runs),
        unread=tuple(file for file, named in lists.items() if named is None),
    )


def forget(
    library: Library,
    image_ids: Iterable[int],
    *,
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
) -> Changes:
    """Remove images with all that is known of them. A later scan that meets the file takes it for a new one.

    It is an act, so that other windows learn of it, but not one that undo takes back. Earlier acts of which nothing is
    left stay as empty ones. SQLite overwrites what is deleted, so that it is not found in the file either.

    Raises:
        LibraryError: the library cannot be written; then nothing is removed.
    """
    ids = list(dict.fromkeys(int(i) for i in image_ids))
    with library.write() as session:
        rows = _rows(session, ids)
        text = f"forgot {_count(len(rows), 'image')}"
        seq = begin_act(session, "forget", text, rater_id=rater_id, session_id=session_id)
        shas = _only_here(session, ids, {row.sha256 for row in rows if row.sha256})
        known = [row.id for row in rows]
        for part in chunks(known):
            for fact in FACTS:
                session.execute(delete(fact.table).where(fact.table.c.image_id.in_(part)))
            session.execute(delete(Image).where(Image.id.in_(part)), execution_options=_NO_SYNC)
        for part in chunks(shas):
            for table in (Score, Factors, Content):
                session.execute(delete(table).where(table.sha256.in_(part)), execution_options=_NO_SYNC)
    sqlite.fold(library.database)
    return Changes(seq, "forget", tuple(known), images=True, everything=True, text=text, initiator=initiator)


def delete_backups(library: Library) -> None:
    """Take away the copies of the database, which still know what was forgotten.

    Raises:
        LibraryError: some cannot be deleted; the others are.
    """
    kept: list[str] = []
    for backup in library.backups():
        try:
            backup.unlink(missing_ok=True)
        except OSError as error:
            kept.append(f"{backup.name} ({error.strerror or error})")
    if kept:
        raise LibraryError(
            f"These backups still know what was forgotten, and cannot be deleted: {', '.join(kept)}.",
            f"Delete them by hand; they are in {library.backups_dir}.",
        )


def only_theirs(library: Library, image_ids: Iterable[int]) -> list[str]:
    """The contents (sha256) of these images that no other image has: what caches hold of them goes with the images."""
    ids = [int(i) for i in image_ids]
    with library.read() as session:
        return _only_here(session, ids, {row.sha256 for row in _rows(session, ids) if row.sha256})


def same_people(library: Library, image_ids: Iterable[int]) -> list[int]:
    """All images of the groups (people) of these images, themselves included."""
    ids = [int(i) for i in image_ids]
    group = func.coalesce(Image.group_name, Image.manifest_group)
    found = set(ids)
    with library.read() as session:
        names: set[str] = set()
        for part in chunks(ids):
            names.update(n for n in session.scalars(select(group).where(Image.id.in_(part))) if n)
        for names_part in chunks(sorted(names)):
            found.update(session.scalars(select(Image.id).where(group.in_(names_part))))
    return sorted(found)


def _rows(session: Session, ids: list[int]) -> list[Any]:
    columns = (Image.id, Image.sha256, Image.rel_path, Folder.path)
    return [
        row for part in chunks(ids) for row in session.execute(select(*columns).join(Folder).where(Image.id.in_(part)))
    ]


def _only_here(session: Session, ids: list[int], shas: set[str]) -> list[str]:
    """The contents that no other image has."""
    own, elsewhere = set(ids), set()
    for part in chunks(sorted(shas)):
        for row in session.execute(select(Image.id, Image.sha256).where(Image.sha256.in_(part))):
            if row.id not in own:
                elsewhere.add(row.sha256)
    return sorted(shas - elsewhere)


def _count_in(session: Session, column: Any, values: Iterable[Any]) -> int:
    return sum(
        session.scalar(select(func.count()).select_from(column.table).where(column.in_(part))) or 0
        for part in chunks(values)
    )


@dataclass(frozen=True)
class _Names:
    """By what a training list may name the images."""

    sha256s: set[str]
    paths: set[Path]

    def among(self, file: Path) -> bool | None:
        """Whether a list names one of them; None where it cannot be read."""
        try:
            rows = manifests.read(file).rows
        except (UserError, OSError):
            return None
        return any(row.sha256 in self.sha256s or row.path in self.paths for row in rows)


def _count(n: int, what: str) -> str:
    return f"1 {what}" if n == 1 else f"{n:,} {what}s"
