"""Which process prepares a run, or has just started it: the run itself has written nothing of that yet.

Another window that opens meanwhile must neither take a run away that is being prepared, nor start one beside it.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from engine.run import RunDirectory, RunError, State, process_started, read_json, write_json

_PREPARED: Final = "prepared_by.json"
_STARTED: Final = "started_by.json"
_ABANDONED_S: Final = 24 * 3600.0


def note_prepared(run: RunDirectory) -> None:
    """This process prepares the run, and starts it or takes it away."""
    _write(run.path / _PREPARED, os.getpid())


def is_prepared_now(run: RunDirectory) -> bool:
    """Whether the process that prepared it lives and may still want it; after a day it no longer does."""
    owner = _read(run.path / _PREPARED)
    return owner.is_alive() and time.time() - owner.heartbeat < _ABANDONED_S


def note_start(run: RunDirectory, pid: int | None = None) -> None:
    """A process is about to work on the run: `pid`, or one that this process starts at once."""
    _write(run.path / _STARTED, os.getpid() if pid is None else pid)


def forget_start(run: RunDirectory) -> None:
    """The process that was to work on the run could not be started."""
    with suppress(OSError):
        (run.path / _STARTED).unlink(missing_ok=True)


def is_starting(run: RunDirectory, state: State) -> bool:
    """Whether a process was started for it and has not written its state since; `state` is the run's."""
    owner = _read(run.path / _STARTED)
    return owner.heartbeat > state.heartbeat and owner.is_alive()


def is_busy(run: RunDirectory) -> bool:
    """Whether a process works on the run, or is about to."""
    try:
        state = run.state
    except (OSError, RunError):
        return False
    return state.is_alive() or is_starting(run, state)


def _write(file: Path, pid: int) -> None:
    began = process_started(pid)
    write_json(file, asdict(State("running", socket.gethostname(), pid, began, time.time())))


def _read(file: Path) -> State:
    """The process that is named there; one that does not live where there is none."""
    try:
        raw = read_json(file, {})
    except (OSError, RunError):
        return State()
    return replace(State(), **{k: v for k, v in raw.items() if k in State.__dataclass_fields__})
