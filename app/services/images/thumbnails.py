"""Thumbnails: what is on screen first, last asked first served, kept in memory and in one file on disk."""

from __future__ import annotations

import contextlib
import io
import logging
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, Signal

from app.services import worker
from app.services.images import cache_file
from app.services.images.thumbnail_store import SIDES, CacheError, ThumbnailStore, default_file, share, siblings
from app.services.memory import PixelMemory, Pixels
from engine.errors import UserError
from engine.image import display_pixels, read_file

_log = logging.getLogger(__name__)
_JPEG_QUALITY: Final = 88
_RESOLVE: Final = 64
_IDLE_S: Final = 0.5


@dataclass(frozen=True)
class Source:
    """Where an image's pixels are; `sha256` where the library knows it."""

    path: Path
    sha256: str | None = None


Resolver = Callable[[Sequence[int]], Mapping[int, Source]]


class ThumbnailService(QObject):
    """Decodes on a few polite threads; nothing here blocks the window.

    Signals:
        ready(int, object): image id, uint8 [h, w, 3] sRGB with the long side at most `side`.
        failed(int, str): image id, why there is no picture. Not tried again until `forget`.
        warned(str): the cache on disk cannot be used; thumbnails are kept in memory only.
    """

    ready = Signal(int, object)
    failed = Signal(int, str)
    warned = Signal(str)

    def __init__(
        self,
        resolve: Resolver,
        *,
        cache_file: Path | None = None,
        side: int = SIDES[0],
        threads: int = 2,
        memory_bytes: int = 48 << 20,
        disk_bytes: int = 1 << 30,
        parent: QObject | None = None,
    ) -> None:
        """Begin to serve.

        Args:
            resolve: image ids -> sources; called on a decode thread, for many ids at once. Ids it leaves out fail.
            cache_file: the SQLite file, for every size; by default one per size in the user's cache folder.
            side: the long side in pixels of the screen; `set_side` changes it.
            disk_bytes: about what all sizes together may take.
        """
        super().__init__(parent)
        self._resolve, self.side, self._disk_bytes = resolve, side, disk_bytes
        self._given_file = cache_file
        self._store: ThumbnailStore | None = None
        self._store_lock = threading.Lock()
        self._memory: PixelMemory[int] = PixelMemory(memory_bytes)
        self._broken: dict[int, str] = {}
        self._wake = threading.Condition()
        self._queue: deque[int] = deque()
        self._sources: dict[int, Source] = {}
        self._in_flight: set[int] = set()
        self._stale: set[int] = set()
        self._closed = False
        self._workers = [worker.start(self._serve) for _ in range(threads)]
        for each in self._workers:
            each.yielded.connect(self._deliver)

    # -- what the window asks ------------------------------------------------------------------

    def cached(self, image_id: int) -> Pixels | None:
        """The thumbnail if it is in memory; cheap enough for a paint event."""
        return self._memory.get(image_id)

    def set_side(self, side: int) -> None:
        """Make thumbnails of another size from now on, e.g. for a finer screen; those so far are to be asked anew."""
        if side == self.side:
            return
        with self._store_lock:
            self.side, old, self._store = side, self._store, None
        self._memory.clear()
        if old is not None:
            old.close()  # a thread that still uses it finds it empty, and what it makes is of the old size

    @property
    def _cache_file(self) -> Path:
        return self._given_file or default_file(self.side)

    def want(self, visible: Iterable[int], near: Iterable[int] = ()) -> None:
        """Replace the queue: what is on screen in its order, then what is near. Skips what is in memory or broken."""
        wanted = [i for i in dict.fromkeys([*visible, *near]) if i not in self._memory and i not in self._broken]
        with self._wake:
            self._queue = deque(i for i in wanted if i not in self._in_flight)
            self._sources = {i: s for i in wanted if (s := self._sources.get(i)) is not None}
            self._wake.notify_all()

    def request(self, image_id: int, path: Path | None = None, sha256: str | None = None) -> None:
        """Ask for one image before all others (`path` spares the look-up in the library)."""
        if image_id in self._memory or image_id in self._broken:
            return
        with self._wake:
            if path is not None:
                self._sources[image_id] = Source(path, sha256)
            if image_id not in self._in_flight:
                self._queue.appendleft(image_id)
                self._wake.notify()

    def forget(self, image_ids: Iterable[int]) -> None:
        """The files of these images changed, or may be readable now: decode them anew when next wanted."""
        ids = list(image_ids)
        self._memory.drop(ids)
        for image_id in ids:
            self._broken.pop(image_id, None)
        with self._wake:
            for image_id in ids:
                self._sources.pop(image_id, None)
            self._stale.update(self._in_flight.intersection(ids))

    def erase(self, sha256s: Iterable[str]) -> None:
        """Remove contents from the cache on disk for good (Forget), in every size.

        Raises:
            CacheError: they are still in the file of one size; those of the others are gone.
        """
        gone = list(sha256s)
        with contextlib.ExitStack() as last:  # a file that fails does not keep the others from it
            if (store := self._opened()) is not None:
                last.callback(store.forget, gone)
            for file in self._other_sizes():
                other = ThumbnailStore(file)
                last.callback(other.close)
                last.callback(other.forget, gone)

    def clear(self) -> None:
        """Empty the cache, in memory and on disk."""
        self._memory.clear()
        self._broken.clear()
        if (store := self._opened()) is not None:
            store.clear()
        for file in self._other_sizes():
            cache_file.remove(file)

    def _other_sizes(self) -> list[Path]:
        return [] if self._given_file is not None else siblings(self._cache_file)

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop the threads and commit the cache; False when a decode did not end in time."""
        with self._wake:
            self._closed = True
            self._queue.clear()
            self._wake.notify_all()
        ended = all(w.wait(timeout_s) for w in self._workers)
        if ended and self._store is not None:
            self._store.close()
            self._store = None
        return ended

    # -- on the decode threads -----------------------------------------------------------------

    def _serve(self) -> Generator[Any, None, None]:
        worker.be_polite()
        try:
            self._opened()
        except CacheError as error:
            yield None, str(error), self.side
        while not self._closed:
            image_id = self._next()
            if image_id is None:
                if self._store is not None:
                    self._store.tidy()
                yield None
                continue
            side = self.side
            try:
                yield image_id, self._thumbnail(image_id, side), side
            except UserError as error:
                yield image_id, error.message, side
            except Exception as error:  # one picture's bug must not end the service for all others
                _log.exception("thumbnail of image %d", image_id)
                yield image_id, f"It cannot be shown: {error}.", side

    def _next(self) -> int | None:
        with self._wake:
            if not self._queue and not self._closed:
                self._wake.wait(_IDLE_S)
            while self._queue and not self._closed:
                image_id = self._queue.popleft()
                if image_id not in self._in_flight:
                    self._in_flight.add(image_id)
                    return image_id
        return None

    def _opened(self) -> ThumbnailStore | None:
        """The store, opened by whoever comes first; raises `CacheError` to that one only."""
        with self._store_lock:
            if self._store is None and not self._closed and self._disk_bytes > 0:
                try:
                    file, bound = self._cache_file, self._disk_bytes
                    bound = bound if self._given_file is not None else share(file, bound)
                    self._store = ThumbnailStore(file, cap_bytes=bound)
                except CacheError:
                    self._disk_bytes = 0
                    raise
            return self._store

    def _source(self, image_id: int) -> Source:
        with self._wake:
            found = self._sources.get(image_id)
            ahead = [i for i in list(self._queue)[:_RESOLVE] if i not in self._sources]
        if found is None:
            resolved = self._resolve([image_id, *ahead])
            with self._wake:
                self._sources.update(resolved)
            found = resolved.get(image_id)
        if found is None:
            raise UserError("The image is no longer in the library.")
        return found

    def _store_of(self, side: int) -> ThumbnailStore | None:
        """None where it cannot be used, or where another size is wanted by now: nothing goes into the wrong file."""
        with contextlib.suppress(CacheError):  # told once, when the first file was opened
            store = self._opened()
            with self._store_lock:
                return store if self.side == side else None
        return None

    def _thumbnail(self, image_id: int, side: int) -> Pixels:
        source, store = self._source(image_id), self._store_of(side)
        if store is None:
            return display_pixels(read_file(source.path).data, path=source.path, max_side=side)
        sha256 = source.sha256 or _known(store, source.path)
        if sha256 is not None and (jpeg := store.get(sha256)) is not None:
            return _unpack(jpeg)
        file = read_file(source.path)
        if (jpeg := store.get(file.sha256)) is not None:  # a copy, or a moved file
            store.remember(source.path, file.size, file.mtime_ns, file.sha256)
            return _unpack(jpeg)
        pixels = display_pixels(file.data, path=source.path, max_side=side)
        store.put(file.sha256, _pack(pixels))
        store.remember(source.path, file.size, file.mtime_ns, file.sha256)
        return pixels

    # -- back on the window's thread -----------------------------------------------------------

    def _deliver(self, result: tuple[int | None, Pixels | str, int]) -> None:
        image_id, found, side = result
        if image_id is None:
            self.warned.emit(found)
            return
        with self._wake:
            self._in_flight.discard(image_id)
            stale = image_id in self._stale or side != self.side
            self._stale.discard(image_id)
            if stale:
                self._queue.appendleft(image_id)
                self._wake.notify()
        if stale:
            return
        if isinstance(found, str):
            self._broken[image_id] = found
            self.failed.emit(image_id, found)
        else:
            self._memory.put(image_id, found)
            self.ready.emit(image_id, found)


def _known(store: ThumbnailStore, path: Path) -> str | None:
    try:
        status = path.stat()
    except OSError:
        return None  # reading it will say why
    return store.sha256_of(path, status.st_size, status.st_mtime_ns)


def _pack(pixels: Pixels) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=_JPEG_QUALITY)
    return stream.getvalue()


def _unpack(jpeg: bytes) -> Pixels:
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.asarray(image.convert("RGB"))
