"""Child processes that train: started detached, so that they outlive the window; never a pipe, never a QProcess."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

from engine import edition
from engine.errors import UserError

RUN_JOB: Final = "--run-job"
MEASURE_RUN: Final = "--measure-run"
ENGINE: Final = "--engine"
_NICE: Final = 10
_POLL_S: Final = 0.2
_CREATE_NEW_PROCESS_GROUP: Final = 0x00000200
_DETACHED_PROCESS: Final = 0x00000008
_BELOW_NORMAL_PRIORITY_CLASS: Final = 0x00004000

Command = Callable[[str, Path], list[str]]


class JobError(UserError):
    """A child process could not be started, or ended badly."""


def own_command(switch: str, directory: Path) -> list[str]:
    """This program, entered anew as a job (`app/__main__.py` looks at the switch before Qt is imported)."""
    program = [sys.executable] if edition.is_frozen() else [sys.executable, "-m", "app"]
    return [*program, switch, str(directory)]


def engine_command(*arguments: str) -> list[str]:
    """A command of the terminal as a child process; a frozen program enters itself anew."""
    program = [sys.executable, ENGINE] if edition.is_frozen() else [sys.executable, "-m", "engine"]
    return [*program, *arguments]


def start_detached(command: list[str], log_file: Path) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, at low priority, its output appended to `log_file`.

    Raises:
        JobError: it cannot be started.
    """
    try:
        with log_file.open("ab") as log:
            return _start(command, log, polite=True)
    except OSError as error:
        raise JobError(f"The training cannot be started: {error.strerror or error}.") from error


def run_to_end(command: list[str], *, polite: bool = True, ok: tuple[int, ...] = (0,)) -> Generator[None, None, str]:
    """Run a process and wait for it; for a `Worker`. Stopped with its generator.

    Args:
        polite: at low priority; a person who waits for a second's work need not be polite.
        ok: exit statuses that are no failure.

    Returns:
        What it printed.

    Raises:
        JobError: it ended with another status; the message is the end of what it printed.
    """
    with tempfile.TemporaryFile() as output:
        try:
            process = _start(command, output, polite=polite)
        except OSError as error:
            raise JobError(f"The process cannot be started: {error.strerror or error}.") from error
        try:
            while process.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_S)
                yield
        finally:
            if process.poll() is None:
                kill(process)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode not in ok:
        lines = [line for line in text.splitlines() if line.strip()]
        raise JobError(lines[-1] if lines else f"It ended with {exit_words(process.returncode)}.")
    return text


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process that `start_detached` or `run_to_end` started, with its children, at once."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def exit_words(returncode: int | None) -> str:
    """How a process ended, for people."""
    if returncode is None:
        return "an unknown exit status"
    if returncode >= 0:
        return f"exit status {returncode}"
    try:
        return f"signal {signal.Signals(-returncode).name}"
    except ValueError:
        return f"signal {-returncode}"


def last_lines(file: Path, count: int = 50) -> list[str]:
    """The end of a text file; nothing where there is none."""
    try:
        with file.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - count * 400))
            return stream.read().decode(errors="replace").splitlines()[-count:]
    except OSError:
        return []


def _start(command: list[str], output: Any, *, polite: bool) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    environment.setdefault("OMP_NUM_THREADS", str(_cores()))
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = _CREATE_NEW_PROCESS_GROUP | _DETACHED_PROCESS
        options = {"creationflags": flags | (_BELOW_NORMAL_PRIORITY_CLASS if polite else 0)}
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment, **options
    )
    if sys.platform != "win32" and polite:
        # Not by preexec_fn, which is unsafe in a program with threads; the session's leader is its own group.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PGRP, process.pid, _NICE)
    return process


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows, macOS
        return os.cpu_count() or 1
