"""Our own faults: written to a log on this machine, handed to whoever tells the person, never swallowed.

Four things write here: exceptions that nobody caught (on any thread), what Qt complains of, warnings of libraries, and,
into a file of its own, the stack of a process that died in compiled code.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

import platformdirs
from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from engine.errors import UserError
from engine.run import process_started

_SIZE: Final = 1 << 20
_KEPT: Final = 3
_SAME: Final = 20
"""A complaint of Qt is written so often; one for every repaint would push all else out of the log."""
_STACK: Final = ".stack"
"""Ending of the file that a dying process writes its stack to; `.txt` once somebody was told of it."""
_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
log = logging.getLogger("fiqa")
"""What the window notes of itself."""


def log_folder() -> Path:
    """Where logs lie (`FIQA_HOME` moves it)."""
    home = os.environ.get("FIQA_HOME")
    return Path(home) / "log" if home else platformdirs.user_log_path("fiqa-desktop", appauthor=False)


@dataclass(frozen=True)
class Fault:
    """An exception that nobody caught."""

    kind: str
    message: str
    place: str
    """Where it was raised; the same again is the same fault."""
    report: str
    """The traceback."""
    from_outside: bool = False
    """It came by way of a fault, but what it says is for the person: a UserError that nobody caught."""

    @classmethod
    def of(cls, error: BaseException, trace: TracebackType | None) -> Fault:
        """What there is to tell of it."""
        frames = traceback.extract_tb(trace)
        place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        report = "".join(traceback.format_exception(error))
        return cls(type(error).__name__, str(error), place, report, isinstance(error, UserError))


class FaultLog(QObject):
    """Hooks into Python and Qt from `install` until `close`.

    Signals:
        caught(object): a `Fault`, emitted on the thread that it happened on.
    """

    caught = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file: Path | None = None
        self._handler: logging.Handler | None = None
        self._stack: IO[str] | None = None
        self._said: Counter[str] = Counter()
        self._before: tuple[Callable[..., Any], Callable[..., Any]] | None = None

    def install(self) -> None:
        """Begin. Where no log can be written, exceptions go to the error stream and to `caught` only."""
        folder = log_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._open(folder)
        except OSError:
            self.file = None
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._caught
        threading.excepthook = lambda a: self._caught(a.exc_type, a.exc_value or a.exc_type(), a.exc_traceback)
        qInstallMessageHandler(self._qt_said)

    def _open(self, folder: Path) -> None:
        self.file = folder / "window.log"
        self._handler = RotatingFileHandler(
            self.file, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace", delay=True
        )
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s %(message)s"))
        logging.getLogger().addHandler(self._handler)
        log.setLevel(logging.INFO)
        self._stack = (folder / f"{os.getpid()}{_STACK}").open("w", encoding="utf-8")
        faulthandler.enable(self._stack)

    def close(self) -> None:
        """Give everything back."""
        qInstallMessageHandler(None)
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None
        if self._stack is not None:
            faulthandler.disable()
            self._stack.close()
            Path(self._stack.name).unlink(missing_ok=True)
            self._stack = None

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("a fault of the program", exc_info=(kind, error, trace))
        if sys.stderr is not None:  # a windowed program on Windows has none
            sys.__excepthook__(kind, error, trace)
        self.caught.emit(Fault.of(error, trace))

    def _qt_said(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        self._said[message] += 1
        if self._said[message] <= _SAME:
            more = " (said often; no longer written)" if self._said[message] == _SAME else ""
            category = getattr(context, "category", None) or "default"
            logging.getLogger(f"qt.{category}").log(_LEVELS.get(kind, logging.WARNING), "%s%s", message, more)
            if sys.stderr is not None and kind != QtMsgType.QtDebugMsg:
                print(message, file=sys.stderr)


def last_words() -> list[Path]:
    """The stacks that processes left which died in compiled code since somebody last asked, oldest first.

    They are kept as `.txt` beside the log, for the diagnostics; empty ones (killed from outside) go.
    """
    found = []
    for file in sorted(log_folder().glob(f"*{_STACK}")):
        if file.stem.isdigit() and _is_alive(int(file.stem), file):
            continue
        try:
            if file.stat().st_size == 0:
                file.unlink()
                continue
            found.append(file.replace(file.with_name(f"died-{file.stem}.txt")))
        except OSError:  # another window was faster
            continue
    return found


def _is_alive(pid: int, file: Path) -> bool:
    """Whether the process that made the file still runs; a later one that was given its number began after it."""
    started = process_started(pid)
    return bool(started) and started <= file.stat().st_mtime + 2.0
