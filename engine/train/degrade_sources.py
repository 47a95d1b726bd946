"""Where a degraded set comes from: the good images of a folder or manifest, who is on them, and where the face is."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from engine import groups, image, manifest
from engine.errors import UserError

Frames = tuple[float, float]
"""The least and the largest height of a crop, in heights of the face."""
HEAD: Final[Frames] = (1.35, 2.3)


class DegradeError(UserError):
    """Nothing can be made from this input, or the output folder is unusable."""


@dataclass(frozen=True)
class FaceBox:
    """A face in pixels of the upright image."""

    x: float
    y: float
    w: float
    h: float

    @classmethod
    def of(cls, columns: Mapping[str, str]) -> FaceBox | None:
        """From the columns face_x, face_y, face_w, face_h; None where one is missing or unusable."""
        try:
            box = cls(*(float(columns[f"face_{name}"]) for name in "xywh"))
        except (KeyError, ValueError):
            return None
        return box if box.w > 0 and box.h > 0 else None


@dataclass(frozen=True)
class Source:
    """One good image, and who is on it."""

    path: Path
    name: str  # relative to the folder or manifest, with forward slashes
    group: str
    face: FaceBox | None
    rank: int  # its turn in the quotas

    @property
    def key(self) -> str:
        """A file name for it: readable, unique, the same on every machine."""
        return f"{Path(self.name).stem[:40]}-{hashlib.sha256(self.name.encode()).hexdigest()[:8]}"


def find_sources(path: Path, *, exclude: Sequence[str], note: Callable[[str], None]) -> list[Source]:
    """The images of a folder or manifest, sorted by name, `rank` 0; see `build`."""
    table = path if path.is_file() else None
    if table is None:
        if not path.is_dir():
            raise DegradeError(f"{path} does not exist.", "Give a folder of images or a manifest.")
        files = {f.resolve(): f for f in image.list_images(path)}
        table = _manifest_over(path, files)
    rows = {r.path.resolve(): r for r in manifest.read(table).rows} if table else {}
    if path.is_file():
        files = {r: r for r in rows}
    base = path.resolve().parent if path.is_file() else path.resolve()
    found = [_source(resolved, base, rows.get(resolved)) for resolved in files]
    if strange := [s for s in found if not manifest.is_unicode(s.name)]:
        note(f"{len(strange)} images are left out, since their names are no valid Unicode, e.g. {strange[0].name!a}.")
    wanted = [s for s in found if manifest.is_unicode(s.name)]
    kept = [s for s in wanted if not any(fnmatch.fnmatch(s.name, pattern) for pattern in exclude)]
    alone = sum(s.group == s.name for s in kept)
    if alone:
        note(
            f"No group is known for {alone} of {len(kept)} images: each is its own group, "
            "so one person may be in two splits."
        )
    worn = sum(bool(rows[s.path].extra.get("steps")) for s in kept if s.path in rows)
    if worn:
        note(f"{worn} of {len(kept)} images are already degraded by their manifest: labels count only what is added.")
    return sorted(kept, key=lambda s: s.name)


def in_turn(sources: Sequence[Source], seed: int) -> list[Source]:
    """Shuffled by seed and name, then numbered, so that quotas are not tied to folders."""
    order = sorted(sources, key=lambda s: (groups.position(s.name, f"turn-{seed}"), s.name))
    return [replace(s, rank=rank) for rank, s in enumerate(order)]


def crop_around(
    face: FaceBox | None, size: tuple[int, int], rng: np.random.Generator, frames: Frames = HEAD
) -> tuple[int, int, int, int]:
    """A crop (left, top, right, bottom) of an image of `size` (w, h): the face with random context; all without a face.

    Height in faces drawn from `frames` (small frames as likely as large ones, on a logarithmic scale), width 0.8 to 1
    of that, moved by up to a tenth of a face, kept inside the image.
    """
    width, height = size
    if face is None:
        return 0, 0, width, height
    low, high = frames
    tall = min(face.h * float(np.exp(rng.uniform(np.log(low), np.log(high)))), float(height))
    wide = min(tall * rng.uniform(0.8, 1.0), float(width))
    cx, cy = face.x + face.w * (0.5 + rng.uniform(-0.1, 0.1)), face.y + face.h * (0.5 + rng.uniform(-0.1, 0.1))
    left = round(min(max(cx - wide / 2, 0), width - wide))
    top = round(min(max(cy - tall / 2, 0), height - tall))
    return left, top, min(left + round(wide), width), min(top + round(tall), height)


def to_size(picture: Image.Image, size: int) -> Image.Image:
    """Scaled down so that the longest side is at most `size`; never up."""
    factor = size / max(picture.size)
    if factor >= 1:
        return picture
    new = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    return picture.resize(new, Image.Resampling.LANCZOS)


def _manifest_over(folder: Path, files: Mapping[Path, Path]) -> Path | None:
    """The nearest manifest.csv in the folder or above it that knows at least one of the files."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        candidate = parent / "manifest.csv"
        if not candidate.is_file():
            continue
        try:
            rows = manifest.read(candidate).rows
        except manifest.ManifestError:
            if parent == folder.resolve():
                raise
            continue  # some other program's file, further up
        if any(r.path.resolve() in files for r in rows):
            return candidate
    return None


def _source(path: Path, base: Path, row: manifest.Row | None) -> Source:
    name = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()
    group = row.group if row and row.group else name
    return Source(path, name, group, FaceBox.of(row.extra) if row else None, 0)
