"""A run directory: the contract between whoever starts a training and whoever watches it.

    job.json  state.json  control.json  manifest.csv  events.jsonl  log.txt
    checkpoints/  errors.csv  model.onnx  report.json  predictions.csv
    features.npz  calibrator.json                       (of a job of kind `calibrate` or `personalise`)

The job writes `state.json` and appends to `events.jsonl`; watchers write `control.json` and read. Nothing
is a pipe, so the job outlives the window and a window opened later finds it again.
"""

from __future__ import annotations

import json
import math
import os
import platform
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from pydantic_core import from_json

from engine import __version__
from engine import manifest as manifests
from engine.atomic import patiently, replacing
from engine.errors import Cancelled, UserError
from engine.light_recipe import LightRecipe
from engine.recipes import Recipe

SCHEMA: Final = 1
Status = Literal["created", "running", "paused", "cancelled", "failed", "done"]
Request = Literal["pause", "cancel", "none"]
Kind = Literal["train", "calibrate", "personalise"]
"""`train` needs torch; the others work on cached features."""
EventType = Literal["run", "stage", "step", "epoch", "artifact", "warning", "error", "done"]
_HEARTBEAT_EVERY_S: Final = 1.0
_PAUSED_S: Final = 0.2
_STALE_AFTER_S: Final = 30.0
_CLOCK_STEP_S: Final = 2.0
"""A process's start time is told from the boot time, which moves a little when the clock is set."""
_BLOCK: Final = 2**19
"""Bytes of events read at once: some two thousand events, a few milliseconds."""


class RunError(UserError):
    """The directory is no run, or it is in a state that forbids what was asked."""


def now() -> str:
    """The present in UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _strict(value: Any) -> Any:
    """JSON has no NaN: a number that does not exist becomes null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(k): _strict(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(v) for v in value]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return _strict(value.item())
    return value


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically: a reader sees the old file or the new one, never half of either."""
    with replacing(path) as partial, partial.open("w", encoding="utf-8") as stream:
        json.dump(_strict(value), stream, indent=2, ensure_ascii=False, allow_nan=False)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())


def read_json(path: Path, default: Any = None) -> Any:
    """Read JSON; `default` where the file is missing."""
    try:
        return json.loads(patiently(lambda: path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return default
    except json.JSONDecodeError as error:
        raise RunError(f"{path} is damaged: {error}.") from error


@dataclass(frozen=True)
class Job:
    """What was asked for; written once, before the start."""

    recipe: dict[str, Any]
    manifest_hash: str
    engine_version: str
    created: str
    name: str = ""
    baseline: str = ""
    """Bundle of the model that the new one is compared with; empty = none."""
    initial: str = ""
    """safetensors checkpoint that `init = "active"` starts from; empty = none."""
    reuse: str = ""
    """Another run folder, whose stages are taken over where they were made from the same; empty = none."""
    kind: Kind = "train"


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


class RunDirectory:
    """One run on disk. Cheap to construct; every property reads the file anew."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._last_beat = 0.0

    job_file = property(lambda self: self.path / "job.json")
    manifest_file = property(lambda self: self.path / "manifest.csv")
    events_file = property(lambda self: self.path / "events.jsonl")
    log_file = property(lambda self: self.path / "log.txt")
    checkpoints = property(lambda self: self.path / "checkpoints")
    pseudo = property(lambda self: self.path / "pseudo")
    errors_file = property(lambda self: self.path / "errors.csv")
    model_file = property(lambda self: self.path / "model.onnx")
    report_file = property(lambda self: self.path / "report.json")
    predictions_file = property(lambda self: self.path / "predictions.csv")
    features_file = property(lambda self: self.path / "features.npz")
    calibrator_file = property(lambda self: self.path / "calibrator.json")

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        recipe: Recipe | LightRecipe,
        manifest: manifests.Manifest,
        name: str = "",
        baseline: str = "",
        initial: str = "",
        reuse: str = "",
    ) -> RunDirectory:
        """Lay down a new run, of the kind that its recipe says; refuses a folder that already holds something.

        Raises:
            RunError: the folder is not empty or cannot be written.
        """
        run = cls(path)
        try:
            run.path.mkdir(parents=True, exist_ok=True)
            if any(run.path.iterdir()):
                raise RunError(
                    f"The folder {path} is not empty.", "Choose a new folder, or 'fiqa resume' the run in it."
                )
            run.checkpoints.mkdir()
            manifests.write(manifest, run.manifest_file)
            kind: Kind = recipe.kind if isinstance(recipe, LightRecipe) else "train"
            data, called = recipe.to_dict(), name or path.name
            job = Job(data, manifest.digest(), __version__, now(), called, baseline, initial, reuse, kind)
            write_json(run.path / "state.json", asdict(State()))
            write_json(run.job_file, asdict(job))
        except OSError as error:
            raise RunError(f"Cannot write the run folder {path}: {error.strerror or error}.") from error
        return run

    @classmethod
    def open(cls, path: Path) -> RunDirectory:
        """An existing run.

        Raises:
            RunError: there is no job in that folder.
        """
        run = cls(path)
        if not run.job_file.is_file():
            raise RunError(f"{path} is no run folder (it has no job.json).")
        return run

    @property
    def job(self) -> Job:
        raw = read_json(self.job_file)
        for key in ("baseline", "initial"):  # a packed run names files of its own folder
            raw[key] = str(self.path / raw[key]) if raw.get(key) else ""
        return Job(**{k: v for k, v in raw.items() if k in Job.__dataclass_fields__})

    @property
    def recipe(self) -> Recipe:
        return Recipe.from_dict(self.job.recipe)

    @property
    def state(self) -> State:
        raw = read_json(self.path / "state.json", {})
        return State(**{k: v for k, v in raw.items() if k in State.__dataclass_fields__})

    @property
    def report(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = read_json(self.report_file)
        return found

    # -- what the job does ---------------------------------------------------------------------

    def claim(self) -> None:
        """Mark this process as the one that works here.

        Raises:
            RunError: another living process works here.
        """
        state = self.state
        if state.is_alive() and state.pid != os.getpid():
            raise RunError(f"Process {state.pid} already works on {self.path}.", "Wait for it or cancel it first.")
        if self._asked_at() < process_started(os.getpid()):
            self.request("none")  # meant for an earlier process; a wish since this one began still holds
        self.set_status("running")
        self._mend_events()
        if not self.events_file.exists():
            self.emit("run", schema=SCHEMA, name=self.job.name, engine=__version__, host=platform.node())

    def _mend_events(self) -> None:
        """A power cut may have torn the last line; the next event must not be glued to it."""
        if self.events_file.exists():
            with self.events_file.open("rb+") as stream:
                if stream.seek(0, os.SEEK_END) and (stream.seek(-1, os.SEEK_END), stream.read(1))[1] != b"\n":
                    stream.write(b"\n")

    def set_status(self, status: Status, message: str = "") -> None:
        """Replace `state.json`."""
        pid = os.getpid()
        state = State(status, socket.gethostname(), pid, process_started(pid), time.time(), message)
        write_json(self.path / "state.json", asdict(state))
        self._last_beat = time.monotonic()

    def emit(self, type_: EventType, **fields: Any) -> None:
        """Append one event. One `write` of one line, so that a reader never sees two halves interleaved."""
        line = json.dumps(_strict({"type": type_, "at": now(), **fields}), ensure_ascii=False, allow_nan=False)
        with self.events_file.open("ab") as stream:
            stream.write(line.encode() + b"\n")

    def checkpoint(self) -> None:
        """Call often while working: keeps the heartbeat, waits while paused.

        Raises:
            Cancelled: somebody asked for it.
        """
        if time.monotonic() - self._last_beat > _HEARTBEAT_EVERY_S:
            self.set_status("running")
        paused = False
        while (wish := self.requested()) != "none":
            if wish == "cancel":
                raise Cancelled
            paused = True
            self.set_status("paused")
            time.sleep(_PAUSED_S)
        if paused:
            self.set_status("running")

    # -- what a watcher does -------------------------------------------------------------------

    def request(self, wish: Request) -> None:
        """Ask the job to pause, to cancel, or (none) to go on."""
        write_json(self.path / "control.json", {"request": wish, "at": now()})

    def _asked_at(self) -> float:
        at = (read_json(self.path / "control.json", {}) or {}).get("at")
        return datetime.fromisoformat(at).timestamp() if at else 0.0

    def requested(self) -> Request:
        wish: Request = (read_json(self.path / "control.json", {}) or {}).get("request", "none")
        return wish


class Listener(RunDirectory):
    """A run as the processes beside the first one have it: they read everything and write nothing.

    A wish to stop is the first one's matter; the launcher then ends the others.
    """

    def claim(self) -> None:
        """The first process claims the run for all."""

    def set_status(self, status: Status, message: str = "") -> None:
        """Said by the first process."""

    def emit(self, type_: EventType, **fields: Any) -> None:
        """Told by the first process."""

    def checkpoint(self) -> None:
        """Watched by the first process."""


class EventTail:
    """Reads `events.jsonl` incrementally: each `read` gives the complete lines that are new since the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.has_more = False
        """Whether the last `block` was cut short by its size, so that there is more to read at once."""

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield new events; a line still being written is left for the next call.

        A long file is read in blocks, and nothing beyond the block that is asked for is held.
        """
        while block := self.block():
            yield from block

    def block(self) -> list[dict[str, Any]]:
        """The next new events, at most some two thousand: a few milliseconds. Empty where there are none."""
        events: list[dict[str, Any]] = []
        while not events and (lines := self._lines()):
            events = _events(lines)  # none in lines that are all torn: then those after them
        return events

    def _lines(self) -> bytes:
        """The next complete lines, empty where there are none; a line longer than a block comes whole."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._offset)
                data = stream.read(_BLOCK)
                while b"\n" not in data and (more := stream.read(_BLOCK)):
                    data += more
        except FileNotFoundError:
            self.has_more = False
            return b""
        complete = data.rfind(b"\n") + 1
        self.has_more = complete > 0 and len(data) >= _BLOCK
        self._offset += complete
        return data[:complete]


def _events(block: bytes) -> list[dict[str, Any]]:
    lines = block.splitlines()
    with suppress(ValueError):  # a line torn by a power cut; the others are whole
        whole: list[dict[str, Any]] = _parsed(b"[" + b",".join(lines) + b"]")
        return whole
    found = []
    for line in lines:
        with suppress(ValueError):
            found.append(_parsed(line))
    return found


def _parsed(text: bytes) -> Any:
    """What `json.loads` gives, in half its time."""
    return from_json(text, cache_strings="keys")
