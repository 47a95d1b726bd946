"""Waiting as a person waits: the program runs on until something is so."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

_WAIT_S, _REST_S = 1800.0, 1.5


def wait(condition: Callable[[], bool]) -> None:
    """Let the program run until something is so.

    Raises:
        TimeoutError: it did not come.
    """
    deadline = time.monotonic() + _WAIT_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("The window did not get there.")
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.005)  # the workers and the trainings need the processor more than this loop


def settle() -> None:
    """Count what is to be counted anew, and paint what is due."""
    rested = time.monotonic() + _REST_S
    wait(lambda: time.monotonic() > rested)
