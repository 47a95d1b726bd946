"""The backups of a library as a person chooses from them, and the place it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import psutil

from app.library import backup_names
from app.library.library import Library

BackupKind = Literal["daily", "before restore", "before update", "other"]
_KINDS: Final[dict[str, BackupKind]] = {
    backup_names.DAILY: "daily",
    backup_names.BEFORE_RESTORE: "before restore",
}
_NETWORK: Final = frozenset(
    ("nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "davfs2", "9p", "afs",
     "fuse.sshfs", "sshfs", "fuse.davfs2", "fuse.rclone", "fuse.gvfsd-fuse", "ceph", "glusterfs", "fuse.glusterfs",
     "ncpfs", "remote")
)  # fmt: skip


@dataclass(frozen=True)
class Backup:
    """A copy of the database: when it was made, why, and how large it is."""

    path: Path
    at: datetime
    kind: BackupKind
    bytes: int


def backups(library: Library) -> list[Backup]:
    """All backups, the newest first; a file that vanishes meanwhile is left out."""
    found = []
    for path in library.backups():
        try:
            status = path.stat()
        except OSError:
            continue
        name = backup_names.reason(path)
        at = backup_names.made_at(path) or datetime.fromtimestamp(status.st_mtime, UTC)
        kind: BackupKind = "before update" if name.startswith("before-0") else _KINDS.get(name, "other")
        found.append(Backup(path, at, kind, status.st_size))
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def network_share(directory: Path) -> str:
    """The kind of network file system a folder lies on ('nfs4', 'cifs', ...); '' for a drive of this computer.

    Where the system does not tell, it counts as a drive of this computer.
    """
    text = str(directory)
    if text.startswith(("\\\\", "//")):
        return "smb"
    try:
        mounts = psutil.disk_partitions(all=True)
    except OSError:
        return ""
    inside = [m for m in mounts if directory == Path(m.mountpoint) or Path(m.mountpoint) in directory.parents]
    if not inside:
        return ""
    nearest = max(inside, key=lambda mount: len(mount.mountpoint))
    kinds = {nearest.fstype.casefold(), *nearest.opts.casefold().split(",")}  # Windows says 'remote' among the options
    known = sorted(kinds & _NETWORK)
    return known[0] if known else ""


def place_warning(library: Library) -> str:
    """A sentence where the library lies on a network share; '' where it does not."""
    kind = network_share(library.directory)
    if not kind:
        return ""
    return (
        f"The library lies on a network share ({kind}). Such drives do not keep a database safe: labels may be lost "
        "when two computers write, or the connection breaks. Keep it on this computer and exchange labels as files."
    )
