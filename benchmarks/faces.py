"""Many distinct files out of a few faces: copies whose serial number stands in a JPEG comment."""

from __future__ import annotations

import struct
from pathlib import Path

from engine.image import list_images

_SOI = b"\xff\xd8"
_COMMENT = b"\xff\xfe"
_PER_FOLDER = 1000


def small_jpegs(folder: Path, count: int = 50) -> list[bytes]:
    """The smallest JPEG files of a folder, as bytes.

    Raises:
        SystemExit: it holds none.
    """
    files = [p for p in list_images(folder) if p.suffix.lower() in (".jpg", ".jpeg")]
    found = sorted((data for p in files if (data := p.read_bytes()).startswith(_SOI)), key=len)[:count]
    if not found:
        raise SystemExit(f"{folder} holds no JPEG file: give a folder with small faces.")
    return found


def numbered(data: bytes, serial: int) -> bytes:
    """The same picture as another file: a comment with its number follows the start of image."""
    text = f"serial {serial:09d}".encode()
    return _SOI + _COMMENT + struct.pack(">H", len(text) + 2) + text + data[len(_SOI) :]


def fill(target: Path, faces: list[bytes], count: int) -> None:
    """Write `count` distinct files, a thousand to a folder."""
    for serial in range(count):
        folder = target / f"{serial // _PER_FOLDER:04d}"
        if serial % _PER_FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"face_{serial:07d}.jpg").write_bytes(numbered(faces[serial % len(faces)], serial))
