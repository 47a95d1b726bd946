"""Retraining from the window's side: measure, start, watch, promote. The work is a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.library import snapshot
from app.library.changes import Changes
from app.library.library import Library
from app.library.pools import Place, Pools
from app.services import jobs, packing, retrain_plan, worker
from app.services.depths import Choice
from app.services.feature_cache import FeatureCache
from app.services.retrain_plan import PastRun, Plan, RetrainingError
from app.services.run_watch import RunWatch
from app.services.worker import Worker
from app.services.writer import Writer
from engine import light_run
from engine.errors import UserError
from engine.light_recipe import LightRecipe
from engine.pack import Images
from engine.recipes import Recipe
from engine.run import Request, RunDirectory, State, read_json

_ESTIMATE: Final = "estimate.json"
"""What `engine.train.measure` leaves in the run folder."""


class RetrainingService(QObject):
    """Starts trainings and watches one at a time. A crash of a training never harms the window.

    Signals:
        measured(dict): seconds_total, images_per_s, memory_mb, disk_mb, stages (name -> seconds), device.
        measure_failed(str): why it found nothing.
        events(object): list of new events (dicts) of the watched run; the first brings all there are.
        state_changed(object): `engine.run.State` of the watched run.
        ended(object): its last `State`: done, cancelled or failed. Nothing of this run comes after it.
        crashed(str, object): its process is gone without having said so: how it ended, the last lines of its log.
            `resume` goes on from the last checkpoint.
        failed(str): one sentence; what was asked for could not be done.
        queue_changed(int): how many runs wait.
        next_started(object): `RunDirectory` that waited and begins now; its events follow.
    """

    measured = Signal(dict)
    measure_failed = Signal(str)
    events = Signal(object)
    state_changed = Signal(object)
    ended = Signal(object)
    crashed = Signal(str, object)
    failed = Signal(str)
    queue_changed = Signal(int)
    next_started = Signal(object)

    def __init__(
        self,
        library: Library,
        writer: Writer,
        *,
        command: jobs.Command = jobs.own_command,
        features: FeatureCache | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`command(switch, directory)` gives the command line of a job; by default this program, entered anew."""
        super().__init__(parent)
        self._library, self._writer, self._command, self._features = library, writer, command, features
        self._waiting: list[RunDirectory] = []
        self._watch: RunWatch | None = None
        self._measuring: Worker | None = None
        self._measure_number = 0
        self._processes: dict[Path, subprocess.Popen[bytes]] = {}

    @property
    def run(self) -> RunDirectory | None:
        """The run that is watched, or was until it ended."""
        return self._watch.run if self._watch is not None else None

    def is_running(self) -> bool:
        """Whether the watched run has not ended yet."""
        return self._watch is not None and self._watch.is_watching()

    # -- before the start; slow, call these on a worker ----------------------------------------

    def plan(self) -> Plan:
        """What a retraining would do now; see `retrain_plan`."""
        return retrain_plan.make_plan(self._library)

    def places(self) -> list[Place]:
        """Where images without a label lie, which may be pools A and B."""
        return snapshot.unlabelled_places(self._library)

    def prepare(
        self,
        recipe: str | Recipe | LightRecipe,
        *,
        name: str = "",
        settings: Mapping[str, str] | None = None,
        pools: Pools | None = None,
    ) -> RunDirectory:
        """Take a snapshot and lay down a run that can be measured and started; see `retrain_plan`."""
        return retrain_plan.prepare(
            self._library, recipe, name=name, settings=settings, pools=pools, features=self._features
        )

    # -- measure -------------------------------------------------------------------------------

    def measure(self, run: RunDirectory) -> None:
        """Time a few steps of a prepared run in a child process; answers by `measured` or `measure_failed`."""
        self.stop_measuring()
        command = self._command(jobs.MEASURE_RUN, run.path)
        self._measuring = job = worker.start(
            _measure, command, run.path / _ESTIMATE, polite=not light_run.is_light(run)
        )
        self._measure_number += 1
        number = self._measure_number
        job.returned.connect(lambda found: self._answer(number, self.measured.emit, found))
        job.errored.connect(lambda error: self._measure_broke(number, error))

    def stop_measuring(self) -> None:
        """Forget the measuring that runs; its process is ended."""
        if self._measuring is not None:
            self._measuring.quit()
            self._measuring = None

    def _answer(self, number: int, tell: Callable[[Any], None], value: object) -> None:
        if number == self._measure_number and self._measuring is not None:
            self._measuring = None
            tell(value)

    def _measure_broke(self, number: int, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        self._answer(number, self.measure_failed.emit, str(error))

    def discard(self, run: RunDirectory) -> None:
        """Take away a run that was measured but is not wanted."""
        self._writer.submit(retrain_plan.discard, self._library, run, on_error=self._index_failed)

    # -- the run -------------------------------------------------------------------------------

    def hand_over(self, choice: Choice, out: Path, images: Images) -> RunDirectory:
        """Prepare a run and pack it for another machine; see `packing`. For a worker."""
        return packing.hand_over(
            self._library, choice.recipe, out, images=images, pools=choice.pools, features=self._features
        )

    def take_back(self, source: Path) -> RunDirectory:
        """Put the result of a packed run into the one that waits for it; see `packing`. For a worker."""
        return packing.take_back(self._library, source)

    def start(self, run: RunDirectory) -> None:
        """Start (or resume) a run in a detached process and watch it; a failure to start is told by `failed`."""
        if run.state.is_alive() or self._own_process(run) is not None:
            self.attach(run)
            return
        try:
            # What was asked of an earlier process must not stop the new one before it begins.
            run.request("none")
            watch_from = run.state
            process = jobs.start_detached(self._command(jobs.RUN_JOB, run.path), run.log_file)
        except (UserError, OSError) as error:
            self.failed.emit(str(error))
            return
        self._processes[run.path] = process
        self._writer.submit(retrain_plan.note_start, self._library, run.path, on_error=self._index_failed)
        self._follow(RunWatch(run, process, before=watch_from, parent=self))

    def enqueue(self, run: RunDirectory) -> None:
        """Start a run now, or after the ones that run and wait; the queue outlives the window."""
        if not self.is_running() and not self._waiting:
            self.start(run)
            return
        self._waiting.append(run)
        self._note(run, retrain_plan.QUEUED)
        self.queue_changed.emit(len(self._waiting))

    def take_up_queue(self) -> None:
        """On opening: go on with what waited when the window was closed."""
        self._waiting = retrain_plan.queued(self._library)
        self.queue_changed.emit(len(self._waiting))
        self._start_next()

    def waiting(self) -> list[RunDirectory]:
        """The runs that wait, in their order."""
        return list(self._waiting)

    def unqueue(self, run: RunDirectory) -> None:
        """Let a run wait no more; it stays in the history and can be started from there."""
        self._waiting = [w for w in self._waiting if w.path != run.path]
        self._note(run, retrain_plan.DISMISSED)
        self.queue_changed.emit(len(self._waiting))

    def _start_next(self) -> None:
        if self._waiting and not self.is_running():
            run = self._waiting.pop(0)
            self.queue_changed.emit(len(self._waiting))
            self.next_started.emit(run)
            self.start(run)

    def resume(self, run: RunDirectory) -> None:
        """Go on with a run that was cancelled, crashed or interrupted."""
        self.start(run)

    def attach(self, run: RunDirectory) -> None:
        """Watch a run, whoever started it; all its events so far come first."""
        self._follow(RunWatch(run, self._own_process(run), parent=self))

    def _own_process(self, run: RunDirectory) -> subprocess.Popen[bytes] | None:
        """The living process that this window started for it; it may not have written its state yet."""
        process = self._processes.get(run.path)
        return process if process is not None and process.poll() is None else None

    def detach(self) -> None:
        """Watch no more; the run goes on."""
        if self._watch is not None:
            self._watch.stop()
            self._watch.deleteLater()
            self._watch = None

    def pause(self, run: RunDirectory) -> None:
        """Ask a run to wait."""
        self._request(run, "pause")

    def go_on(self, run: RunDirectory) -> None:
        """Ask a paused run to go on."""
        self._request(run, "none")

    def cancel(self, run: RunDirectory) -> None:
        """Ask a run to stop after the present step; it can be resumed."""
        self._request(run, "cancel")

    def _request(self, run: RunDirectory, wish: Request) -> None:
        try:
            run.request(wish)
        except OSError as error:
            self.failed.emit(f"The training cannot be told: {error.strerror or error}.")

    def _follow(self, watch: RunWatch) -> None:
        self.detach()
        self._watch = watch
        watch.events.connect(self.events)
        watch.state_changed.connect(self.state_changed)
        watch.ended.connect(self._ended)
        watch.crashed.connect(self._crashed)

    def _ended(self, state: State) -> None:
        if self._watch is not None:
            self._note_end(self._watch.run, state.status)
            self._keep_features(self._watch.run)
        self.ended.emit(state)
        self._start_next()

    def _crashed(self, how: str, lines: list[str]) -> None:
        self.crashed.emit(how, lines)
        self._start_next()

    def _keep_features(self, run: RunDirectory) -> None:
        if self._features is not None and run.features_file.is_file():
            job = worker.start(retrain_plan.take_features, run, self._features)
            job.errored.connect(self._index_failed)

    def _note(self, run: RunDirectory, status: str) -> None:
        self._writer.submit(retrain_plan.note_status, self._library, run.path, status, on_error=self._index_failed)

    def _note_end(self, run: RunDirectory, status: str) -> None:
        self._writer.submit(retrain_plan.finish, self._library, run.path, status, None, on_error=self._index_failed)

    def _index_failed(self, error: BaseException) -> None:
        self.failed.emit(str(error))

    # -- what there was ------------------------------------------------------------------------

    def find_unfinished(self) -> list[RunDirectory]:
        """Runs whose end nobody has seen, the newest first: running, interrupted, never begun, or done meanwhile."""
        return [past.run for past in self.history() if past.is_open]

    def history(self) -> list[PastRun]:
        """All runs of the library, the newest first."""
        return retrain_plan.history(self._library)

    def dismiss(self, run: RunDirectory) -> None:
        """Speak no more of an unfinished run on opening; it stays in the history and can be resumed from there."""
        self._note_end(run, retrain_plan.DISMISSED)

    # -- the result ----------------------------------------------------------------------------

    def promote(
        self, run: RunDirectory, *, on_done: Callable[[Changes], None] | None = None, initiator: object | None = None
    ) -> Future[Changes]:
        """Copy the run's model into the library and use it; the former one stays selectable.

        Told by the writer's `changed`, or by `failed`.
        """
        return self._writer.submit(
            retrain_plan.promote, self._library, run, initiator=initiator, on_done=on_done, on_error=self._index_failed
        )

    def close(self) -> None:
        """Watch and measure no more; a training goes on without the window."""
        self.detach()
        self.stop_measuring()


def _measure(command: list[str], result: Path, *, polite: bool) -> Generator[None, None, dict[str, Any]]:
    result.unlink(missing_ok=True)
    yield from jobs.run_to_end(command, polite=polite)
    found: dict[str, Any] | None = read_json(result)
    if found is None:
        raise RetrainingError("The measuring gave no result.")
    return found
