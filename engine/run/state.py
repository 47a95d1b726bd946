"""Where a run stands, and whether a process still works on it."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from typing import Final, Literal

Status = Literal["created", "running", "paused", "cancelled", "failed", "done"]
_STALE_AFTER_S: Final = 30.0
_CLOCK_STEP_S: Final = 2.0
"""A process's start time is told from the boot time, which moves a little when the clock is set."""


@dataclass(frozen=True)
class State:
    """Where the job stands. `pid` and `pid_started` together name one process, so a reused pid is not taken for it."""

    status: Status = "created"
    host: str = ""
    pid: int = 0
    pid_started: float = 0.0
    heartbeat: float = 0.0
    message: str = ""

    def is_alive(self) -> bool:
        """Whether a process still works on it (same host: asked of the system; elsewhere: by its heartbeat)."""
        if self.status not in ("running", "paused"):
            return False
        if self.host == socket.gethostname():
            started = process_started(self.pid)
            return bool(started) and abs(started - self.pid_started) < _CLOCK_STEP_S
        return time.time() - self.heartbeat < _STALE_AFTER_S


def process_started(pid: int) -> float:
    """When a process of this machine began (epoch seconds), 0.0 if it is gone."""
    import psutil

    try:
        process = psutil.Process(pid)
        return 0.0 if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0
