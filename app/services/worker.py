"""The one background primitive: a plain function or generator on a thread, its life told by signals.

Nothing subclasses a thread. A generator's `yield` is at once its progress report and the point where it can be
cancelled. Every signal is emitted on the thread that started the worker (the window's), so that a slot, a lambda or
a bound method of any kind may touch widgets.

Threads are used again: starting a new one waits until it runs, and on a busy machine the window would be seen to.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from queue import SimpleQueue
from types import GeneratorType
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal

_POLITENESS: Final = 5
_SWITCH_S: Final = 0.001
_MOST_IDLE: Final = 8
_running: set[Worker] = set()
_idle: list[SimpleQueue[Worker]] = []
"""Where threads without work wait for it, those that were used last at the end."""
_spent: deque[Worker] = deque()
"""What ended on a background thread, to be let go of on the window's, for Qt's sake."""
_lock = threading.Lock()
_thread = threading.local()


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
        self._ended = threading.Event()
        self.name: Final[str] = getattr(fn, "__qualname__", type(fn).__name__)
        """What it runs, for logs and for the list of what did not stop."""

    @property
    def should_stop(self) -> bool:
        """Whether `quit` was called."""
        return self._stop.is_set()

    def is_running(self) -> bool:
        """Whether its function has not ended."""
        return not self._ended.is_set()

    def quit(self) -> None:
        """Ask it to stop at its next yield. Returns at once; a plain function runs to its end."""
        self._stop.set()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Block until it has ended; False when the time ran out. Its signals still arrive by the event loop."""
        return self._ended.wait(timeout_s)

    def _begin(self) -> None:
        with _lock:
            _running.add(self)
            inbox = _idle.pop() if _idle else None
        (inbox or _new_thread()).put(self)

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
            with _lock:
                _running.discard(self)
            self._post("finished", self)  # the message keeps the worker alive until it has been delivered
            self._ended.set()

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
            _spent.clear()
            getattr(self, kind).emit()
        else:
            getattr(self, kind).emit(value)


def _new_thread() -> SimpleQueue[Worker]:
    inbox: SimpleQueue[Worker] = SimpleQueue()
    threading.Thread(target=_work, args=(inbox,), daemon=True).start()
    return inbox


def _work(inbox: SimpleQueue[Worker]) -> None:
    """The life of a thread: one job after the other, unless others enough wait for some too."""
    while True:
        worker = inbox.get()
        threading.current_thread().name = worker.name
        worker._run()
        _spent.append(worker)
        del worker
        with _lock:
            if getattr(_thread, "polite", False) or len(_idle) >= _MOST_IDLE:
                return
            _idle.append(inbox)


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
    with _lock:
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


def favour_the_window() -> None:
    """Let a thread that waits for Python's lock have it soon: the window asks for it hundreds of times for one key."""
    sys.setswitchinterval(_SWITCH_S)


def be_polite() -> None:
    """Lower the priority of the calling thread (and on Linux of the threads it will start), where that is possible.

    So heavy work leaves the processor to the window when both want it. The thread ends with its worker.
    """
    _thread.polite = True
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "linux":
            # Linux keeps a nice value per thread; a new thread inherits it. The program itself may be nice already.
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _POLITENESS)
        elif sys.platform == "win32":
            import ctypes

            below_normal = -1
            kernel = ctypes.windll.kernel32
            kernel.SetThreadPriority(kernel.GetCurrentThread(), below_normal)
