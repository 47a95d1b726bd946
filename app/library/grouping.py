"""Which images show one person: what a `manifest.csv` in or above their folder says."""

from __future__ import annotations

import csv
import json
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.library.events import update_each
from app.library.schema import Folder, Image
from engine.errors import UserError

NAME = "manifest.csv"


class ManifestUnreadableError(UserError):
    """A manifest is there and cannot be read: the groups that are known stay, for nobody may cross splits unnoticed."""


_Stamp = tuple[str, int, int]
"""A manifest's path, size and time."""


def groups_are_fresh(folder: Folder) -> bool:
    """Whether the groups stored on a folder's images are those of its manifests as they are now.

    A manifest that is quite new is found by the next scan. A folder that is not there, on a drive that is not
    connected perhaps, says nothing new: its groups stay.

    Raises:
        ManifestUnreadableError: its drive does not answer.
    """
    if folder.manifest_stamp is None:
        return False
    known = json.loads(folder.manifest_stamp)
    now = {path: stamp for path, size, time in known if (stamp := _stamp(Path(path))) != (path, size, time)}
    return not now or (not any(now.values()) and not is_there(Path(folder.path)))


def is_there(folder: Path) -> bool:
    """Whether a folder is there and holds anything: the place of an unplugged drive is often an empty one."""
    try:
        return any(True for _ in folder.iterdir())
    except OSError:
        return False


@dataclass(frozen=True)
class Regrouping:
    """What the manifests of a folder say otherwise than its images; `newest` is the newest image that was looked at."""

    folder_id: int
    stamp: str | None
    """None: the folder is not there, and what is known of its manifests stays."""
    newest: int
    changed: list[dict[str, Any]]


def regrouping(session: Session, folder_id: int) -> Regrouping:
    """Compare a folder's images with its manifests. Only reads, for it takes long and labels would wait.

    Raises:
        ManifestUnreadableError: one of them is there and cannot be read.
    """
    folder = session.get_one(Folder, folder_id)
    query = select(Image.id, Image.rel_path, Image.manifest_group).where(Image.folder_id == folder_id)
    rows = session.execute(query).all()
    found = _manifests(Path(folder.path), {_directory(row.rel_path) for row in rows})
    changed: list[dict[str, Any]] = []
    there = is_there(Path(folder.path))
    for row in rows:
        stamp = found.get(_directory(row.rel_path))
        if stamp is None and not there:
            continue
        group = _group(Path(folder.path, row.rel_path), stamp) if stamp else None
        if group != row.manifest_group:
            changed.append({"key": row.id, "new_group": group})
    newest = max((row.id for row in rows), default=0)
    said = json.dumps(sorted(set(found.values()))) if there or found else None
    return Regrouping(folder_id, said, newest, changed)


def store_groups(session: Session, found: Regrouping) -> list[int]:
    """Store on a folder's images the groups that manifests name; returns the images whose group has changed."""
    update_each(session, {"manifest_group": bindparam("new_group")}, found.changed)
    newest = session.scalar(select(func.max(Image.id)).where(Image.folder_id == found.folder_id)) or 0
    if newest == found.newest and found.stamp is not None:  # else images came meanwhile: the folder is looked at again
        session.get_one(Folder, found.folder_id).manifest_stamp = found.stamp
    return [row["key"] for row in found.changed]


def _manifests(root: Path, directories: set[str]) -> dict[str, _Stamp]:
    """Per directory under `root`, the nearest manifest in or above it."""
    cache: dict[Path, _Stamp | None] = {}

    def nearest(directory: Path) -> _Stamp | None:
        if directory not in cache:
            parent = directory.parent
            cache[directory] = _usable(directory / NAME) or (nearest(parent) if parent != directory else None)
        return cache[directory]

    found = {d: nearest(root / d) for d in directories}
    return {d: stamp for d, stamp in found.items() if stamp}


def _usable(path: Path) -> _Stamp | None:
    stamp = _stamp(path)
    return stamp if stamp and _groups(stamp) else None


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    return (str(path), status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


@lru_cache(maxsize=32)
def _groups(stamp: _Stamp) -> dict[str, str]:
    """Path under the manifest's folder -> group; empty where the file is no such table."""
    try:
        with open(stamp[0], encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if not {"path", "group"} <= set(reader.fieldnames or ()):
                return {}
            return {r["path"].replace("\\", "/"): r["group"] for r in reader if r["path"] and r["group"]}
    except (UnicodeDecodeError, csv.Error):
        return {}  # a file of that name that is no manifest: images are then grouped by their own name
    except OSError as error:  # not remembered: the next call tries again
        raise _unreadable(Path(stamp[0]), error) from error


def _unreadable(path: Path, error: OSError) -> ManifestUnreadableError:
    return ManifestUnreadableError(
        f"{path} cannot be read ({error.strerror or error}), so it is not known who is on the images below it.",
        "Make the file readable, or move it away, and try again.",
    )


def _directory(rel_path: str) -> str:
    return rel_path.rpartition("/")[0]


def _group(image: Path, stamp: _Stamp) -> str | None:
    groups = _groups(stamp)
    return groups.get(image.relative_to(Path(stamp[0]).parent).as_posix()) or groups.get(str(image))
