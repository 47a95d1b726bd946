"""The folder of a run: what the job writes into it, what a watcher reads and asks for."""

from __future__ import annotations

import json
import os
import platform
import socket
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from filelock import FileLock

from engine import __version__, weights
from engine import manifest as manifests
from engine.errors import Cancelled
from engine.light_recipe import LightRecipe
from engine.recipes import Recipe
from engine.run.events import EventType
from engine.run.files import RunError, now, read_json, strict, write_json
from engine.run.state import State, Status, process_started

SCHEMA: Final = 1
Request = Literal["pause", "cancel", "none"]
Kind = Literal["train", "calibrate", "personalise"]
"""`train` needs torch; the others work on cached features."""
_HEARTBEAT_EVERY_S: Final = 1.0
_PAUSED_S: Final = 0.2


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
    """safetensors checkpoint that `init = "active"` starts from (see `engine.weights`); empty = none."""
    reuse: str = ""
    """Another run folder, whose stages are taken over where they were made from the same; empty = none."""
    kind: Kind = "train"


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
            raise _no_run(path)
        return run

    @property
    def job(self) -> Job:
        raw = read_json(self.job_file)
        if raw is None:
            raise _no_run(self.path)
        for key in ("baseline", "initial"):  # a packed run names files of its own folder
            if not weights.is_by_id(raw.get(key) or ""):
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
        with FileLock(self.path / "claim.lock"):  # of two at once, the second finds what the first has written
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
        line = json.dumps(strict({"type": type_, "at": now(), **fields}), ensure_ascii=False, allow_nan=False)
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


def _no_run(path: Path) -> RunError:
    return RunError(f"{path} is no run folder (it has no job.json).")


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
