"""Waiting in tests: for what is to come about, as long as a busy machine may need, and never for a time."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pytestqt.qtbot import QtBot

if TYPE_CHECKING:
    from app.services.desk import Desk

LONG_S: Final = 120.0
"""Nothing that a test waits for takes so long, however many others share the machine."""
_LONG_MS: Final = int(1000 * LONG_S)
_LOOK_S: Final = 0.005


def until(
    condition: Callable[[], object],
    what: str,
    *,
    seconds: float = LONG_S,
    child: subprocess.Popen[bytes] | subprocess.Popen[str] | None = None,
) -> None:
    """Wait until `condition()` holds.

    Args:
        what: what is waited for, as the beginning of a sentence: "the journal has ten lines".
        child: the process that brings it about; when it ends before, there is nothing more to wait for.

    Raises:
        AssertionError: it did not come about; the message says what.
    """
    end = time.monotonic() + seconds
    while not condition():
        ended = child is not None and child.poll() is not None
        if ended and condition():
            return
        assert not ended, f"The process ended with status {child.returncode} before {what}."
        assert time.monotonic() < end, f"After {seconds:.0f} s it is still not so that {what}."
        time.sleep(_LOOK_S)


@contextmanager
def edit(qtbot: QtBot, desk: Desk) -> Iterator[None]:
    """An act of the curator inside; goes on when it is on the disk and its rows, read since, are shown.

    `rows_ready` alone does not tell that: it may bring rows that were read before the act.
    """
    with qtbot.waitSignal(desk.edited):
        yield
    qtbot.waitUntil(desk._reader.is_idle)


class PatientBot(QtBot):
    """pytest-qt's, but it waits two minutes where that waits five seconds, and never shorter.

    A shorter wait would be a promise about time, and a machine that others share cannot keep it.
    """

    def waitUntil(self, callback, *, timeout=_LONG_MS):  # noqa: N802
        super().waitUntil(callback, timeout=max(timeout, _LONG_MS))

    def waitSignal(self, signal, *, timeout=_LONG_MS, **options):  # noqa: N802
        wanted = options.get("raising", True)  # `assertNotEmitted` comes here too, and is glad when nothing comes
        return super().waitSignal(signal, timeout=max(timeout, _LONG_MS) if wanted else timeout, **options)

    def waitSignals(self, signals, *, timeout=_LONG_MS, **options):  # noqa: N802
        return super().waitSignals(signals, timeout=max(timeout, _LONG_MS), **options)

    def waitActive(self, widget, *, timeout=_LONG_MS):  # noqa: N802
        return super().waitActive(widget, timeout=max(timeout, _LONG_MS))

    def waitExposed(self, widget, *, timeout=_LONG_MS):  # noqa: N802
        return super().waitExposed(widget, timeout=max(timeout, _LONG_MS))
