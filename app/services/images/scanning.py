"""Finding the images of a folder: a stream of small batches into the library, never in the window's way."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.library import catalog, moved
from app.library.catalog import ScanEntry
from app.library.changes import Changes
from app.library.columns import load
from app.library.library import Library
from app.services import worker
from app.services.images.walk import FolderError, Unreadable, walk
from app.services.worker import Worker
from app.services.writer import Writer
from engine.errors import UserError
from engine.image import ImageError, read_file

_BATCH: Final = 1000
_FIRST_BATCH: Final = 100  # a screenful, so that the gallery has something at once
_BATCH_AGE_S: Final = 0.25
_AHEAD: Final = 2


@dataclass(frozen=True)
class ScanSummary:
    """How a scan ended. What a cancelled one had found is kept; nothing is marked missing by it."""

    folder_id: int
    found: int
    unreadable: tuple[Unreadable, ...] = ()
    cancelled: bool = False
    seconds: float = 0.0
    quiet: bool = False
    """Nobody asked for it."""


@dataclass(frozen=True)
class _Present:
    """The scan that runs."""

    number: int
    folder_id: int
    running: Worker
    quiet: bool


class Scanner(QObject):
    """Scans folders of the library, one after the other.

    Signals:
        found(int): images found so far in the present scan.
        batch(Changes): new or changed images are in the library (also announced by the writer).
        done(ScanSummary): a scan ended or was cancelled; folders that could not be listed are in it.
        failed(str): a scan could not be done or finished; nothing was marked missing by it.
    """

    found = Signal(int)
    batch = Signal(object)
    done = Signal(object)
    failed = Signal(str)

    def __init__(self, library: Library, writer: Writer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library, self._writer = library, writer
        self._waiting: deque[int] = deque()
        self._quiet: set[int] = set()
        self._present: _Present | None = None
        self._found = self._number = 0

    def is_scanning(self) -> bool:
        """Whether a scan runs or waits."""
        return self._present is not None or bool(self._waiting)

    def scan(self, folder_id: int, *, quietly: bool = False) -> None:
        """Scan a folder of the library, after those asked for before; `quietly`: `found` and `failed` say nothing."""
        if quietly and folder_id not in self._waiting:
            self._waiting.append(folder_id)
            self._quiet.add(folder_id)
        elif not quietly and (folder_id not in self._waiting or folder_id in self._quiet):
            asked = [i for i in self._waiting if i not in self._quiet and i != folder_id]
            unasked = [i for i in self._waiting if i in self._quiet and i != folder_id]
            self._waiting = deque([*asked, folder_id, *unasked])
            self._quiet.discard(folder_id)
        self._next()

    def cancel(self) -> None:
        """Stop the scan that runs and drop those that wait."""
        self._waiting.clear()
        self._quiet.clear()
        if self._present is not None:
            folder_id = self._present.folder_id
            quiet = self._present.quiet
            self._present.running.quit()
            # A network drive may keep the thread for long; nobody waits for it, and what it still says is not heard.
            self._present = None
            self.done.emit(ScanSummary(folder_id, self._found, cancelled=True, quiet=quiet))

    def _next(self) -> None:
        if self._present is not None or not self._waiting:
            return
        folder_id, self._found = self._waiting.popleft(), 0
        self._number += 1
        number, running = self._number, worker.start(self._scan, folder_id)
        quiet = folder_id in self._quiet
        self._quiet.discard(folder_id)
        self._present = _Present(number, folder_id, running, quiet)
        # These hold a number and not the worker: a slot that holds its own sender keeps it alive for ever.
        running.yielded.connect(lambda count: self._progress(number, count))
        running.returned.connect(lambda summary: self._ended(number, summary))
        running.errored.connect(lambda error: self._broke(number, error, quiet))

    def _is_present(self, number: int) -> bool:
        return self._present is not None and self._present.number == number

    def _progress(self, number: int, count: int) -> None:
        if self._present is not None and self._is_present(number):
            self._found = count
            if not self._present.quiet:
                self.found.emit(count)

    def _ended(self, number: int, summary: ScanSummary) -> None:
        if self._present is not None and self._is_present(number):
            quiet, self._present = self._present.quiet, None
            if not quiet:
                self.found.emit(summary.found)
            self.done.emit(replace(summary, quiet=quiet))
            self._next()

    def _broke(self, number: int, error: Exception, quiet: bool) -> None:
        if self._is_present(number):
            self._present = None
            self._next()
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        if not quiet:
            self.failed.emit(str(error))

    # -- on the worker's thread ----------------------------------------------------------------

    def _scan(self, folder_id: int) -> Generator[int | None, None, ScanSummary]:
        began = time.monotonic()
        root = self._root(folder_id)
        seen: list[str] = []
        unreadable: list[Unreadable] = []
        batch: list[ScanEntry] = []
        writing: deque[Future[Any]] = deque()
        last = began
        for entry in walk(root):
            if entry is None:
                yield None
                continue
            if isinstance(entry, Unreadable):
                unreadable.append(entry)
                continue
            seen.append(entry.rel_path)
            batch.append(entry)
            full = len(batch) >= (_BATCH if len(seen) > _FIRST_BATCH else _FIRST_BATCH)
            if full or time.monotonic() - last > _BATCH_AGE_S:
                self._record(folder_id, batch, writing)
                batch, last = [], time.monotonic()
                yield len(seen)
        self._record(folder_id, batch, writing)
        for written in writing:
            written.result()
        kept = self._kept(folder_id, root, unreadable)
        found = catalog.compare_scan(self._library, folder_id, [*seen, *kept])
        self._writer.write(catalog.settle_scan, self._library, found)
        yield from self._find_moved()
        return ScanSummary(folder_id, len(seen), tuple(unreadable), seconds=time.monotonic() - began)

    def _root(self, folder_id: int) -> Path:
        for folder in catalog.folders(self._library):
            if folder.id == folder_id:
                return folder.path
        raise FolderError("The folder is no longer in the library.", "Open it again.")

    def _find_moved(self) -> Generator[None, None, None]:
        """New files that look like lost ones are read, and are these where they hold the same bytes."""
        pairs: list[tuple[int, int]] = []
        for suspect in moved.suspects(self._library):
            yield None
            try:
                if read_file(suspect.path).sha256 == suspect.sha256:
                    pairs.append((suspect.lost, suspect.found))
            except ImageError:
                continue  # scoring reads it too, and says what is wrong
        if pairs:
            self._writer.write(moved.adopt, self._library, pairs)

    def _record(self, folder_id: int, batch: list[ScanEntry], writing: deque[Future[Any]]) -> None:
        if not batch:
            return
        while len(writing) >= _AHEAD:
            writing.popleft().result()
        tell, ignore = self._batch_written, _leave_to_scan
        writing.append(
            self._writer.submit(
                catalog.record_scan, self._library, folder_id, batch, on_done=tell, on_error=ignore, bulk=True
            )
        )

    def _batch_written(self, changes: Changes) -> None:
        if changes:
            self.batch.emit(changes)

    def _kept(self, folder_id: int, root: Path, unreadable: list[Unreadable]) -> list[str]:
        """The known images under folders that could not be listed: nobody knows whether they are missing."""
        if not unreadable:
            return []
        columns = load(self._library, model_id="", preprocessing_id="")
        known = [Path(p).relative_to(root).as_posix() for p in columns.path[columns.folder == folder_id]]
        prefixes = tuple(f"{u.rel_path}/" for u in unreadable)
        return [rel_path for rel_path in known if rel_path.startswith(prefixes)]


def _leave_to_scan(_error: BaseException) -> None:
    """The scan waits for the future and fails by it."""
