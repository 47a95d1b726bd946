"""Quality factors measured in the background, once somebody asks for them."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QObject, Signal

from app.library import factors as stored
from app.library.library import Library
from app.services import worker
from app.services.worker import Worker
from app.services.writer import Writer
from engine import factors
from engine.errors import UserError
from engine.image import ImageError, decode, read_file

_BATCH = 32


class FactorService(QObject):
    """Measures what was scored and has no factors yet; off until `start`. Killed at any moment, it goes on.

    Signals:
        finished(): nothing is left to measure now.
        failed(str): measuring stopped; `start` tries again.
    """

    finished = Signal()
    failed = Signal(str)

    def __init__(self, library: Library, writer: Writer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library, self._writer = library, writer
        self._on = self._again = False
        self._run: Worker | None = None
        self._unusable: set[str] = set()

    def is_running(self) -> bool:
        """Whether it measures just now."""
        return self._run is not None

    def start(self) -> None:
        """Measure what there is, and from now on what comes."""
        self._on = True
        self._unusable.clear()
        self.refresh()

    def stop(self) -> None:
        """Stop after the image under way; what is measured stays. Does not wait."""
        self._on = False
        if self._run is not None:
            self._run.quit()

    def refresh(self) -> None:
        """There may be more to measure. Cheap to call often."""
        if not self._on:
            return
        if self._run is not None:
            self._again = True
            return
        self._again = False
        self._run = run = worker.start(self._measure)
        run.errored.connect(self._broke)
        run.finished.connect(self._ended)

    def _ended(self) -> None:
        self._run = None
        if self._on and self._again:
            self.refresh()
        elif self._on:
            self.finished.emit()

    def _broke(self, error: Exception) -> None:
        self._on = False
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        self.failed.emit(str(error))

    # -- on the worker's thread ----------------------------------------------------------------

    def _measure(self) -> Generator[None, None, None]:
        worker.be_polite()
        waiting = [item for item in stored.unmeasured(self._library) if item.sha256 not in self._unusable]
        batch: list[tuple[str, factors.Factors]] = []
        for number, item in enumerate(waiting, start=1):
            found = self._factors(item)
            if found is not None:
                batch.append((item.sha256, found))
            if len(batch) >= _BATCH or (batch and number == len(waiting)):
                self._writer.write(stored.record, self._library, batch)
                batch = []
            yield None

    def _factors(self, item: stored.Unmeasured) -> factors.Factors | None:
        """None where the file has changed or cannot be read any more: the next scan and score tell of it."""
        try:
            read = read_file(item.path)
            if read.sha256 == item.sha256:
                return factors.measure(decode(read.data, path=item.path))
        except ImageError:
            pass
        self._unusable.add(item.sha256)
        return None
