"""The one thread that writes to the library for the window.

The curator's edits go before bulk writes (scores, scans), so that a label is durable in milliseconds while thousands of
scores arrive. Within each of the two classes the order is first in, first out.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.library.changes import Changes
from engine.errors import UserError

T = TypeVar("T")
_EDIT: Final = 0
_BULK: Final = 1
_CLOSE: Final = 2


class WriterClosedError(UserError):
    """Something was submitted after `close`."""


@dataclass(order=True)
class _Task:
    priority: int
    number: int
    call: Callable[[], Any] = field(compare=False)
    future: Future[Any] = field(compare=False)
    on_done: Callable[[Any], None] | None = field(compare=False, default=None)
    on_error: Callable[[BaseException], None] | None = field(compare=False, default=None)


class Writer(QObject):
    """Runs functions that write, one at a time, in a thread of its own.

    Signals (on the window's thread):
        changed(Changes): a write returned `Changes` that are not empty; every view decides for itself what to refresh.
        failed(object): a write raised this exception and nobody was given it by `on_error`.
    """

    changed = Signal(object)
    failed = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: queue.PriorityQueue[_Task] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._closed = False
        self._unwritten = 0
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="library writer", daemon=True)
        self._thread.start()

    def submit(
        self,
        fn: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[BaseException], None] | None = None,
        bulk: bool = False,
        **kwargs: Any,
    ) -> Future[Any]:
        """Queue `fn(*args, **kwargs)`. May be called from any thread.

        Args:
            on_done: called on the window's thread with the result, before `changed` is emitted for it: who asked
                hears that it is on the disk before every view begins to refresh.
            on_error: called on the window's thread with the exception, instead of `failed`.
            bulk: let the curator's edits overtake this.

        Returns:
            A future for other background threads; waiting for it on the window's thread would freeze the window.

        Raises:
            WriterClosedError: after `close`.
        """
        future: Future[Any] = Future()
        priority = _BULK if bulk else _EDIT
        with self._lock:
            if self._closed:
                raise WriterClosedError("The library is closing; this change was not saved.")
            call = _bound(fn, args, kwargs)
            self._unwritten += 1
            self._queue.put(_Task(priority, next(self._numbers), call, future, on_done, on_error))
        return future

    def write(self, fn: Callable[..., T], *args: Any, bulk: bool = True, **kwargs: Any) -> T:
        """Submit and wait for the result; for background threads only. What `fn` raises is raised here only."""
        future = self.submit(fn, *args, on_error=_leave_to_caller, bulk=bulk, **kwargs)
        result: T = future.result()
        return result

    def pending(self) -> int:
        """How many writes wait or are being made."""
        with self._lock:
            return self._unwritten

    def is_alive(self) -> bool:
        """Whether what is submitted will be written."""
        return self._thread.is_alive()

    def flush(self, timeout_s: float | None = None) -> bool:
        """Block until everything submitted so far is written; False when the time ran out."""
        with self._lock:
            if self._closed:
                return not self._thread.is_alive()
        future = self.submit(_nothing, bulk=True)
        try:
            future.result(timeout_s)
        except TimeoutError:
            return False
        return True

    def close(self, timeout_s: float | None = None) -> bool:
        """Write all that waits, then end the thread; False when the time ran out. Later submits are refused."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(_Task(_CLOSE, next(self._numbers), _nothing, Future()))
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (task := self._queue.get()).priority != _CLOSE:
            try:
                task.future.set_result(task.call())
            except BaseException as error:  # reported on the window's thread; the writer itself must live on
                task.future.set_exception(error)
            with self._lock:
                self._unwritten -= 1
            with contextlib.suppress(RuntimeError):  # Qt's half may be gone when the process ends
                self._posted.emit(task)

    def _deliver(self, task: _Task) -> None:
        error = task.future.exception()
        if error is None:
            result = task.future.result()
            if task.on_done is not None:
                task.on_done(result)
            if isinstance(result, Changes) and result:
                self.changed.emit(result)
        elif task.on_error is not None:
            task.on_error(error)
        else:
            self.failed.emit(error)


def _bound(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Callable[[], Any]:
    return lambda: fn(*args, **kwargs)


def _nothing() -> None:
    return None


def _leave_to_caller(_error: BaseException) -> None:
    """The future carries it to whoever waits."""
