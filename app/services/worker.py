"""The one background primitive: a plain function or generator on a thread, its life told by signals.

Nothing subclasses a thread. A generator's `yield` is at once its progress report and the point where it can be
cancelled. Every signal is emitted on the thread that started the worker (the window's), so that a slot, a lambda or
a bound method of any kind may touch widgets.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal

_POLITENESS: Final = 5
_running: set[Worker] = set()
_running_lock = threading.Lock()


class Worker(QObject):
    """One run of one function. Make it with `start`; connect to it in the same turn of the event loop.

    What is connected must not hold the worker itself (a lambda over it): PySide would never free it, and crashes where
    Qt deletes such an object.

    Signals:
        started(): the function is about to be called.
        yielded(object): a value the generator yielded; None is a cancel point only and is not reported.
        returned(object): the value it returned; not after `quit` took effect.
        errored(object): the exception it raised.
        finished(): always the last one, whatever happened.
    """

    started = Signal()
    yielded = Signal(object)
    returned = Signal(object)
    errored = Signal(object)
    finished = Signal()
    _posted = Signal(str, object)

    def __init__(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        super().__init__()
        self._call = (fn, args, kwargs)
        self._stop = threading.Event()
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        name = getattr(fn, "__qualname__", type(fn).__name__)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def name(self) -> str:
        """What it runs, for logs and for the list of what did not stop."""
        return self._thread.name

    @property
    def should_stop(self) -> bool:
        """Whether `quit` was called."""
        return self._stop.is_set()

    def is_running(self) -> bool:
        """Whether its thread lives."""
        return self._thread.is_alive()

    def quit(self) -> None:
        """Ask it to stop at its next yield. Returns at once; a plain function runs to its end."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until the thread has ended; False when the time ran out. Its signals still arrive by the event loop."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _begin(self) -> None:
        with _running_lock:
            _running.add(self)
        self._thread.start()

    def _run(self) -> None:
        fn, args, kwargs = self._call
        self._post("started")
        try:
            result = fn(*args, **kwargs)
            if isinstance(result, GeneratorType):
                result = self._exhaust(result)
            if not self.should_stop:
                self._post("returned", result)
        except BaseException as error:  # an exception that ends a thread unseen is a lost bug report
            self._post("errored", error)
        finally:
            # The bound arguments may hold the window; they must not outlive the run.
            self._call = (_nothing, (), {})
            with _running_lock:
                _running.discard(self)
            self._post("finished", self)  # the message keeps the worker alive until it has been delivered

    def _exhaust(self, generator: Generator[Any, None, Any]) -> Any:
        with contextlib.closing(generator):
            while not self.should_stop:
                try:
                    value = next(generator)
                except StopIteration as end:
                    return end.value
                if value is not None:
                    self._post("yielded", value)
        return None

    def _post(self, kind: str, value: object = None) -> None:
        # At interpreter exit Qt's half of the object may be gone before the thread is.
        with contextlib.suppress(RuntimeError):
            self._posted.emit(kind, value)

    def _deliver(self, kind: str, value: object) -> None:
        if kind in ("started", "finished"):
            getattr(self, kind).emit()
        else:
            getattr(self, kind).emit(value)


def _nothing() -> None:
    return None


def start(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Worker:
    """Run `fn(*args, **kwargs)` on a thread of its own; if that gives a generator, exhaust it there.

    Its signals arrive through the caller's event loop, so what is connected right after this call misses nothing.
    """
    worker = Worker(fn, args, kwargs)
    worker._begin()
    return worker


def running() -> list[Worker]:
    """The workers whose function has not ended."""
    with _running_lock:
        return list(_running)


def stop_all(timeout_s: float) -> list[Worker]:
    """Ask every worker to stop and wait, `timeout_s` in all.

    Returns:
        Those still running; the caller says so to the person.
    """
    deadline = time.monotonic() + timeout_s
    workers = running()
    for worker in workers:
        worker.quit()
    return [w for w in workers if not w.wait(max(0.0, deadline - time.monotonic()))]


def be_polite() -> None:
    """Lower the priority of the calling thread (and on Linux of the threads it will start), where that is possible.

    So heavy work leaves the processor to the window when both want it.
    """
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "linux":
            # Linux keeps a nice value per thread; a new thread inherits it.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _POLITENESS)
        elif sys.platform == "win32":
            import ctypes

            below_normal = -1
            kernel = ctypes.windll.kernel32
            kernel.SetThreadPriority(kernel.GetCurrentThread(), below_normal)
