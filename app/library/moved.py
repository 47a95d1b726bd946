"""Moved and renamed files, found again by their content: the image keeps its id, labels and scores.

A file is *moved* when it is new here, and an image with the same bytes is gone from its place. Where that one is still
there, the new file is a copy: two images of one group. An image that somebody has labelled already stays itself.

Files that were renamed onto names of other images (2.jpg became 3.jpg, 3.jpg became 4.jpg) are told by what people saw
when they labelled: each label goes with the bytes that it was given to.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from app.library.changes import Changes
from app.library.events import FACTS, chunks
from app.library.grouping import is_there
from app.library.library import Library
from app.library.schema import Folder, Image

_NO_SYNC: Final = {"synchronize_session": False}


@dataclass(frozen=True)
class Suspect:
    """A new file of the size and time that a lost image had; `sha256` is what it must hold to be that image."""

    lost: int
    found: int
    path: Path
    sha256: str


def suspects(library: Library) -> list[Suspect]:
    """The new files, bytes not read yet, that look like an image that is missing. Reads no file."""
    lost = select(Image.id, Image.size, Image.mtime_ns, Image.sha256).where(
        Image.missing.is_(True), Image.sha256.is_not(None)
    )
    fresh = select(Image.id, Image.size, Image.mtime_ns, Image.rel_path, Folder.path).join(Folder)
    fresh = fresh.where(Image.missing.is_(False), Image.sha256.is_(None), Image.problem.is_(None), ~_labelled())
    with library.read() as session:
        wanted = {(row.size, row.mtime_ns): row for row in session.execute(lost.order_by(Image.id.desc()))}
        rows = session.execute(fresh.order_by(Image.id)).all() if wanted else ()
    found = [(wanted.get((row.size, row.mtime_ns)), row) for row in rows]
    return [Suspect(a.id, b.id, Path(b.path, b.rel_path), a.sha256) for a, b in found if a is not None]


def adopt(library: Library, pairs: Iterable[tuple[int, int]]) -> Changes:
    """Let lost images live on where new ones were found: pairs of (lost id, new id), whose bytes are the same.

    Pairs in which the lost image has come back, or the new one has a label by now, are left alone.
    """
    with library.write() as session:
        ids = _adopt(session, pairs)
    return Changes(0, "moved", tuple(ids), images=True, everything=True, text="moved files") if ids else _NOTHING


_NOTHING: Final = Changes(0, "moved")


def adopt_read(session: Session, read: Mapping[int, str]) -> list[int]:
    """The same, for images whose bytes were read for the first time just now (id -> sha256). Returns the ids concerned.

    Also an image that is not known to be missing is asked for on the disk: its folder may not have been scanned since.
    """
    holders: dict[str, list[Any]] = {}
    columns = select(Image.id, Image.sha256, Image.missing, Image.mos, Image.rel_path, Folder.path).join(Folder)
    for part in chunks(dict.fromkeys(read.values())):
        for row in session.execute(columns.where(Image.sha256.in_(part)).order_by(Image.mos.is_(None), Image.id)):
            holders.setdefault(row.sha256, []).append(row)
    pairs = []
    for new_id, sha256 in read.items():
        others = [row for row in holders.get(sha256, ()) if row.id not in read]
        gone = [row for row in others if row.missing or _is_gone(row)]
        if gone:
            holders[sha256].remove(gone[0])
            pairs.append((gone[0].id, new_id))
    for part in chunks(lost for lost, _ in pairs):
        session.execute(update(Image).where(Image.id.in_(part)).values(missing=True), execution_options=_NO_SYNC)
    return _adopt(session, pairs)


def put_right(session: Session, read: Mapping[int, str]) -> list[int]:
    """Images whose bytes were read for the first time since their file changed (id -> sha256), and hold what another
    image was labelled on: these two exchange their places, and each label is with its bytes again.

    Left alone: where that other image still holds these bytes (a copy was laid over another file); where somebody has
    labelled the image since its file changed; and a new file with the bytes that an image had before it was edited, for
    a label stays with a file that is edited in place. Returns the ids concerned.
    """
    seen = _seen_last(session, read)
    strange = {i: sha256 for i, sha256 in read.items() if seen.get(i, "") not in (None, sha256)}
    owners = _labelled_on(session, set(strange.values()))
    moved: list[int] = []
    for image_id in strange:
        here = session.get_one(Image, image_id)
        # An owner that is brought home stays there, so this comes to an end; what `here` gets instead is looked at too.
        while here.sha256 is not None and (owner := owners.get(here.sha256)) is not None and owner != here.id:
            there = session.get_one(Image, owner)
            now = _content_of(session, there)
            if now in (None, here.sha256) or (image_id not in seen and now and not _labelled_on(session, {now})):
                break
            there.missing = there.missing or not now
            if now != there.sha256:
                there.sha256 = None  # another file by now, which no scan has told yet
            _exchange(session, here, there)
            moved += [image_id, owner]
    return moved


def _content_of(session: Session, image: Image) -> str | None:
    """sha256 of what an image's file holds now; '' where it is gone, None where that cannot be told."""
    folder = Path(session.get_one(Folder, image.folder_id).path)
    path = folder / image.rel_path
    if image.missing:
        return ""
    try:
        status = path.stat()
        if image.sha256 is not None and (image.size, image.mtime_ns) == (status.st_size, status.st_mtime_ns):
            return image.sha256
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return "" if is_there(folder) else None  # a drive that is not connected has lost nothing
    except OSError:
        return None


def _labelled_on(session: Session, contents: set[str]) -> dict[str, int]:
    """Content -> the image whose latest label, flag or note was given to it; not where several images share it."""
    owners: dict[str, set[int]] = {}
    for part in chunks(contents):
        candidates: set[int] = set()
        for fact in FACTS:
            t = fact.table.c
            candidates.update(session.scalars(select(t.image_id).where(t.sha256.in_(part)).distinct()))
        for image_id, sha256 in _seen_last(session, candidates).items():
            if sha256 is not None:
                owners.setdefault(sha256, set()).add(image_id)
    return {sha256: next(iter(ids)) for sha256, ids in owners.items() if len(ids) == 1}


def _seen_last(session: Session, ids: Iterable[int]) -> dict[int, str | None]:
    """Image -> the content that its latest event was given to; None where the bytes had not been read."""
    latest: dict[int, tuple[int, str | None]] = {}
    for part in chunks(ids):
        for fact in FACTS:
            t = fact.table.c
            query = select(t.image_id, t.act_seq, t.sha256).where(t.image_id.in_(part))
            for image_id, seq, sha256 in session.execute(query):
                if seq >= latest.get(image_id, (0, None))[0]:
                    latest[image_id] = seq, sha256
    return {image_id: sha256 for image_id, (_, sha256) in latest.items()}


_PLACE: Final = (
    "folder_id",
    "rel_path",
    "size",
    "mtime_ns",
    "sha256",
    "width",
    "height",
    "manifest_group",
    "missing",
    "problem",
    "problem_at",
)


def _exchange(session: Session, one: Image, other: Image) -> None:
    """The images stand in each other's place: file, bytes, and what is known of them."""
    ones, others = ({name: getattr(image, name) for name in _PLACE} for image in (one, other))
    one.rel_path = f"{ones['rel_path']}//{one.id}"  # a name that no file has, since two images cannot share one
    session.flush()
    for image, values in ((other, ones), (one, others)):
        for name, value in values.items():
            setattr(image, name, value)
        session.flush()
    for image in (one, other):
        if image.missing:  # it was never this image's: should the file come back, it is read
            image.sha256 = image.width = image.height = None
            session.flush()


def _is_gone(row: Any) -> bool:
    """Whether the file is not there though its folder is: a drive that is not connected has lost nothing."""
    return not os.path.lexists(os.path.join(row.path, row.rel_path)) and os.path.isdir(row.path)


def _adopt(session: Session, pairs: Iterable[tuple[int, int]]) -> list[int]:
    place = ("folder_id", "rel_path", "size", "mtime_ns", "sha256", "width", "height", "manifest_group")
    taken: list[int] = []
    for lost, found in pairs:
        new = session.execute(select(Image).where(Image.id == found, ~_labelled())).scalar_one_or_none()
        old = session.execute(select(Image).where(Image.id == lost, Image.missing.is_(True))).scalar_one_or_none()
        if new is None or old is None:
            continue
        values = {name: getattr(new, name) for name in place if getattr(new, name) is not None}
        session.execute(delete(Image).where(Image.id == found), execution_options=_NO_SYNC)
        session.execute(
            update(Image)
            .where(Image.id == lost)
            .values(values | {"missing": False, "problem": None, "problem_at": None}),
            execution_options=_NO_SYNC,
        )
        session.expunge_all()
        taken += [lost, found]
    return taken


def _labelled() -> Any:
    """Whether a person has done anything to the image."""
    return or_(*(exists().where(fact.table.c.image_id == Image.id) for fact in FACTS))
