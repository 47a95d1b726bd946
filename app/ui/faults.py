"""Our own faults: written to a log, told to the person, never swallowed and never fatal to their labels."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Final

import platformdirs
from PySide6.QtCore import QCoreApplication

_SIZE: Final = 1 << 20
_KEPT: Final = 3
_log = logging.getLogger("fiqa.window")


def log_folder() -> Path:
    """Where the log lies (`FIQA_HOME` moves it)."""
    home = os.environ.get("FIQA_HOME")
    return Path(home) / "log" if home else platformdirs.user_log_path("fiqa-desktop", appauthor=False)


def install(tell: Callable[[str], None]) -> Path | None:
    """Log every exception that nobody caught and tell it in one sentence; returns the log file.

    None where no log can be written: exceptions then go to the error stream only.
    """
    file = log_folder() / "window.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_SIZE, backupCount=_KEPT, encoding="utf-8", delay=True)
    except OSError:
        return None
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    faulthandler.enable()

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.error("a fault of the program", exc_info=(kind, error, trace))
        sys.__excepthook__(kind, error, trace)
        text = QCoreApplication.translate(
            "faults", "A fault of the program ({0}). Your labels are safe. The details are in {1}."
        )
        tell(text.format(kind.__name__, file))

    sys.excepthook = caught
    threading.excepthook = lambda a: caught(a.exc_type, a.exc_value or a.exc_type(), a.exc_traceback)
    return file
