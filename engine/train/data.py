"""Pixels for training: every image decoded once into a memory-mapped cache, random crops cut from it.

The cache holds the picture as `engine.image` decodes and resizes it (short side S), so a random crop from it is the
paper's "resize the small side, then random crop" (section 4.2) and a centre crop equals `engine.image.preprocess`.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeVar

import numpy as np
import numpy.typing as npt

from engine import image
from engine.atomic import replacing
from engine.errors import UserError
from engine.manifest import Row

Pixels = npt.NDArray[np.uint8]
RowNumbers = npt.NDArray[np.intp]
T = TypeVar("T")

_CHUNK: Final = 64
_LONG_SIDE: Final = 2
"""The long side is kept up to this many times S; of a longer strip only the middle is trained on."""
_SPARE_BYTES: Final = 256 * 2**20


class DataError(UserError):
    """The images cannot be prepared: too many are unreadable, or the disk is full."""


@dataclass(frozen=True)
class Unreadable:
    """An image that was left out."""

    path: Path
    reason: str


@dataclass(frozen=True)
class _Entry:
    offset: int
    height: int
    width: int


def _window(length: int, size: int) -> slice:
    """The part of a side that is kept; centred so that the centre crop of the part is that of the whole."""
    spare = (_LONG_SIDE - 1) * size // 2
    middle = round((length - size) / 2.0)
    return slice(0, length) if length <= _LONG_SIDE * size else slice(middle - spare, middle + spare + size)


def fingerprint(row: Row) -> str:
    """Tells an image's bytes without reading them: sha256 and size, else size and time; `missing` without a file."""
    try:
        stat = row.path.stat()
    except OSError:
        return "missing"
    return f"{row.sha256}:{stat.st_size}" if row.sha256 else f"{stat.st_size}:{stat.st_mtime_ns}"


def load_pixels(row: Row, size: int) -> Pixels:
    """uint8 [h, w, 3], short side `size`, of the picture that the label was given to.

    Raises:
        engine.image.ImageError: it cannot be decoded, or the file is another one than the label's.
    """
    file = image.read_file(row.path)
    if row.sha256 and row.sha256 != file.sha256:
        raise image.ImageError(row.path, "the file changed since it was labelled")
    pixels = np.asarray(image.resize_short_side(image.decode(file.data, path=row.path), size))
    return pixels[_window(pixels.shape[0], size), _window(pixels.shape[1], size)]


class PixelCache:
    """The pictures of a manifest at one size, in `<folder>/<size>.u8` with an index beside it.

    Rows are added in chunks, pixels before index, so a killed run goes on where it stopped. Only decoded rows are kept
    on disk: what could not be read is tried again by the next process, when the file may have been mended; a file that
    has changed since is decoded again.
    """

    def __init__(self, folder: Path, rows: Sequence[Row], size: int, *, workers: int = 0) -> None:
        self.size, self._rows = size, rows
        self._data_file, self._index_file = folder / f"{size}.u8", folder / f"{size}.csv"
        self._workers = workers or os.cpu_count() or 1
        self._entries: dict[int, _Entry] = {}
        self.unreadable: dict[int, Unreadable] = {}
        self._pixels: Pixels = np.empty(0, np.uint8)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(
                f"The folder {folder} for decoded images cannot be made: {error.strerror or error}.",
                "Remove what is in its place, a link that leads nowhere perhaps.",
            ) from error
        self._read_index()

    # -- filling ---------------------------------------------------------------------------------

    def ensure(self, wanted: Sequence[int], *, on_progress: Callable[[int, int], None] | None = None) -> None:
        """Decode those of the rows that are not here yet. `on_progress(done, total)` may raise to stop.

        Raises:
            DataError: the disk has not enough room.
        """
        missing = [i for i in dict.fromkeys(wanted) if i not in self._entries and i not in self.unreadable]
        if missing:
            self._require_room(len(missing))
        try:
            with ThreadPoolExecutor(self._workers) as pool, self._data_file.open("ab") as data:
                for start in range(0, len(missing), _CHUNK):
                    if on_progress:
                        on_progress(start, len(missing))
                    chunk = missing[start : start + _CHUNK]
                    self._append(data, zip(chunk, pool.map(self._load, chunk), strict=True))
        except OSError as error:
            raise DataError(
                f"The pixel cache {self._data_file} cannot be written: {error.strerror or error}."
            ) from error
        if on_progress:
            on_progress(len(missing), len(missing))
        self.attach()

    def attach(self) -> None:
        """Read what has been decoded so far; nothing is decoded for it."""
        end = max((e.offset + e.height * e.width * 3 for e in self._entries.values()), default=0)
        self._pixels = np.memmap(self._data_file, np.uint8, "r", shape=(end,)) if end else np.empty(0, np.uint8)

    def _load(self, row: int) -> Pixels | str:
        try:
            return load_pixels(self._rows[row], self.size)
        except image.ImageError as error:
            return " ".join(error.reason.split())

    def _append(self, data: IO[bytes], loaded: Iterator[tuple[int, Pixels | str]]) -> None:
        lines: list[list[object]] = []
        offset = os.fstat(data.fileno()).st_size
        for row, pixels in loaded:
            if isinstance(pixels, str):
                self.unreadable[row] = Unreadable(self._rows[row].path, pixels)
                continue
            data.write(pixels.tobytes())
            height, width = pixels.shape[:2]
            self._entries[row] = _Entry(offset, height, width)
            lines.append([row, offset, height, width, fingerprint(self._rows[row])])
            offset += pixels.size
        data.flush()
        os.fsync(data.fileno())
        with self._index_file.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(lines)

    def _read_index(self) -> None:
        text = self._index_file.read_text(encoding="utf-8") if self._index_file.is_file() else ""
        whole = text[: text.rfind("\n") + 1]  # a line torn by a kill is decoded again
        end = 0
        for number, offset, height, width, known in csv.reader(whole.splitlines()):
            end = max(end, int(offset) + int(height) * int(width) * 3)
            row = int(number)
            if known == fingerprint(self._rows[row]):
                self._entries[row] = _Entry(int(offset), int(height), int(width))
            else:
                self._entries.pop(row, None)
        if self._index_file.is_file():
            os.truncate(self._index_file, len(whole.encode()))
        self._data_file.touch()
        os.truncate(self._data_file, end)

    def _require_room(self, count: int) -> None:
        needed, free = int(count * self.size**2 * 3 * 1.25), shutil.disk_usage(self._data_file.parent).free
        if needed + _SPARE_BYTES > free:
            raise DataError(
                f"The decoded images need about {needed / 2**30:.1f} GiB; {free / 2**30:.1f} GiB are free.",
                "Free some space, put the run on another disk, or train at a smaller size.",
            )

    # -- reading ---------------------------------------------------------------------------------

    def decoded(self) -> list[int]:
        """All rows that are here."""
        return list(self._entries)

    def readable(self, rows: RowNumbers) -> RowNumbers:
        """Those of `rows` that were decoded, in their order."""
        return np.array([r for r in rows if int(r) in self._entries], dtype=np.intp)

    def _picture(self, row: int) -> Pixels:
        e = self._entries[row]
        return self._pixels[e.offset : e.offset + e.height * e.width * 3].reshape(e.height, e.width, 3)

    def center_crops(self, rows: RowNumbers) -> Pixels:
        """uint8 [N, S, S, 3], what scoring sees."""
        out = np.empty((len(rows), self.size, self.size, 3), np.uint8)
        for k, row in enumerate(rows):
            picture = self._picture(int(row))
            top, left = (round((side - self.size) / 2.0) for side in picture.shape[:2])
            out[k] = picture[top : top + self.size, left : left + self.size]
        return out

    def random_crops(
        self,
        rows: RowNumbers,
        rng: np.random.Generator,
        *,
        side: int = 0,
        flip: bool = False,
        wanted: slice = slice(None),
    ) -> Pixels:
        """uint8 [n, side, side, 3], windows drawn evenly; with `flip` every other one mirrored by chance.

        Args:
            side: of the windows, in pixels; 0 = S, and at most that.
            wanted: which of `rows` to cut out; windows are drawn for all, so that any part is that of the whole.
        """
        side = side or self.size
        if side > self.size:
            raise ValueError(f"crops of {side} pixels from pictures of {self.size}")
        drawn = [self._draw(int(row), rng, side, flip) for row in rows]
        out = np.empty((len(rows[wanted]), side, side, 3), np.uint8)
        for k, (row, (top, left, mirrored)) in enumerate(zip(rows[wanted], drawn[wanted], strict=True)):
            crop = self._picture(int(row))[top : top + side, left : left + side]
            out[k] = crop[:, ::-1] if mirrored else crop
        return out

    def _draw(self, row: int, rng: np.random.Generator, side: int, flip: bool) -> tuple[int, int, bool]:
        """Top, left and whether mirrored."""
        entry = self._entries[row]
        left, top = (int(rng.integers(0, length - side + 1)) for length in (entry.width, entry.height))
        return top, left, flip and bool(rng.random() < 0.5)


def write_errors(path: Path, unreadable: Sequence[Unreadable]) -> None:
    """errors.csv: every image left out, with the reason."""
    with replacing(path) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["path", "reason"])
        writer.writerows([str(u.path), u.reason] for u in unreadable)


def read_errors(path: Path) -> list[Unreadable]:
    """What `write_errors` wrote; nothing where there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [Unreadable(Path(r["path"]), r["reason"]) for r in csv.DictReader(stream)]


def prefetched(items: Iterator[T]) -> Iterator[T]:
    """The same items in the same order, each made in a thread while the one before is used."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
