"""Retraining from the window's side: measure, start, watch, promote. The work is a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.library import snapshot
from app.library.changes import Changes
from app.library.library import Library
from app.library.pools import Place, Pools
from app.services import worker
from app.services.scores.feature_cache import FeatureCache
from app.services.training import jobs, packing, retrain_plan, run_index
from app.services.training.depths import Choice
from app.services.training.retrain_plan import Plan
from app.services.training.run_index import PastRun
from app.services.training.run_measuring import RunMeasuring
from app.services.training.run_queue import RunQueue
from app.services.training.run_watch import RunWatch
from app.services.writer import Writer, WriterClosedError
from engine import light_run
from engine.light_recipe import LightRecipe
from engine.pack import Images
from engine.recipes import Recipe
from engine.run import Request, RunDirectory, State


class RetrainingService(QObject):
    """Starts trainings and watches one at a time. A crash of a training never harms the window.

    Signals:
        measured(dict): seconds_total, images_per_s, memory_mb, disk_mb, stages (name -> seconds), device.
        measure_failed(str): why it found nothing.
        events(object): list of new events (dicts) of the watched run; the first brings all there are.
        state_changed(object): `engine.run.State` of the watched run.
        ended(object): its last `State`: done, cancelled or failed. Nothing of this run comes after it.
        crashed(str, object): its process is gone without having said so: how it ended, the last lines of its log.
            `enqueue` goes on from the last checkpoint.
        failed(str): one sentence; what was asked for could not be done.
        next_started(object): `RunDirectory` that was asked for and begins now; its events follow.
        waits(object): `RunDirectory` that was asked for and begins when another one has ended.
    """

    measured = Signal(dict)
    measure_failed = Signal(str)
    events = Signal(object)
    state_changed = Signal(object)
    ended = Signal(object)
    crashed = Signal(str, object)
    failed = Signal(str)
    next_started = Signal(object)
    waits = Signal(object)

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
        self._closed = False
        self._watch: RunWatch | None = None
        self._queue = RunQueue(library, writer, command, self.is_running, self)
        self._queue.launched.connect(self._launched)
        self._queue.has_process.connect(self._already_runs)
        self._queue.waits.connect(self.waits)
        self._queue.failed.connect(self.failed)
        self._measuring = RunMeasuring(self)
        self._measuring.measured.connect(self.measured)
        self._measuring.failed.connect(self.measure_failed)

    @property
    def run(self) -> RunDirectory | None:
        """The run that is watched, or was until it ended."""
        return self._watch.run if self._watch is not None else None

    def is_running(self) -> bool:
        """Whether the watched run has not ended yet."""
        return self._watch is not None and self._watch.is_watching()

    def is_closed(self) -> bool:
        """Whether the window has let go of its trainings; they go on without it."""
        return self._closed

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
        """Take a snapshot and lay down a run that can be measured and started; see `retrain_plan`.

        What was submitted to the writer before is in the snapshot.
        """
        self._await_labels()
        return retrain_plan.prepare(
            self._library, recipe, name=name, settings=settings, pools=pools, features=self._features
        )

    def to_start(self, choice: Choice, prepared: RunDirectory | None) -> RunDirectory:
        """What Start means: `choice` with the labels and the model of this moment.

        That is `prepared` (measured while the dialog was open) where nothing has changed since; else it is discarded.
        """
        if prepared is not None:
            self._await_labels()
            if retrain_plan.is_current(self._library, prepared, choice.recipe, choice.pools):
                return prepared
            self.discard(prepared)
        return self.prepare(choice.recipe, pools=choice.pools)

    def _await_labels(self) -> None:
        """What a person said before they pressed Start is learned from, also where it is not on the disk yet."""
        with suppress(WriterClosedError):  # everything is on the disk
            self._writer.write(_nothing, bulk=False)

    # -- measure -------------------------------------------------------------------------------

    def measure(self, run: RunDirectory) -> None:
        """Time a few steps of a prepared run in a child process; answers by `measured` or `measure_failed`."""
        command = self._command(jobs.MEASURE_RUN, run.path)
        self._measuring.start(command, run.path, polite=not light_run.is_light(run))

    def stop_measuring(self) -> None:
        """Forget the measuring that runs; its process is ended."""
        self._measuring.stop()

    def discard(self, run: RunDirectory) -> None:
        """Take away a run that was measured but is not wanted."""
        self._writer.submit(run_index.discard, self._library, run, on_error=self._index_failed)

    def discard_abandoned(self) -> None:
        """Take away what windows that are gone have measured and never started."""
        self._writer.submit(run_index.discard_abandoned, self._library, on_error=self._index_failed)

    # -- the run -------------------------------------------------------------------------------

    def hand_over(self, choice: Choice, out: Path, images: Images) -> RunDirectory:
        """Prepare a run and pack it for another machine; see `packing`. For a worker."""
        self._await_labels()
        return packing.hand_over(
            self._library, choice.recipe, out, images=images, pools=choice.pools, features=self._features
        )

    def take_back(self, source: Path) -> RunDirectory:
        """Put the result of a packed run into the one that waits for it; see `packing`. For a worker."""
        return packing.take_back(self._library, source)

    def enqueue(self, run: RunDirectory) -> None:
        """Start (or resume) a run in a detached process, now or after those that run and wait.

        The queue outlives the window. Answers by `next_started` or `waits`.
        """
        self._queue.enqueue(run)

    def take_up_queue(self) -> None:
        """On opening: go on with what waited when the window was closed."""
        self._queue.start_next()

    def waiting(self) -> list[RunDirectory]:
        """The runs of the library that wait, in their order."""
        return self._queue.waiting()

    def unqueue(self, run: RunDirectory) -> None:
        """Let a run wait no more; it stays in the history and can be started from there."""
        self._queue.remove(run)

    def _launched(self, run: RunDirectory, process: subprocess.Popen[bytes], before: State) -> None:
        self.next_started.emit(run)
        self._follow(RunWatch(run, process, before=before, parent=self))

    def _already_runs(self, run: RunDirectory) -> None:
        if self.run is None or self.run.path != run.path:
            self.next_started.emit(run)
            self.attach(run)

    def attach(self, run: RunDirectory) -> None:
        """Watch a run, whoever started it; all its events so far come first."""
        self._follow(RunWatch(run, self._queue.process_of(run), parent=self))

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
        self._queue.start_next()

    def _crashed(self, how: str, lines: list[str]) -> None:
        self.crashed.emit(how, lines)
        self._queue.start_next()

    def _keep_features(self, run: RunDirectory) -> None:
        if self._features is not None and run.features_file.is_file():
            job = worker.start(retrain_plan.take_features, self._library, run, self._features)
            job.errored.connect(self._index_failed)

    def _note_end(self, run: RunDirectory, status: str) -> None:
        self._writer.submit(run_index.finish, self._library, run.path, status, None, on_error=self._index_failed)

    def _index_failed(self, error: BaseException) -> None:
        self.failed.emit(str(error))

    # -- what there was ------------------------------------------------------------------------

    def history(self) -> list[PastRun]:
        """All runs of the library, the newest first."""
        return run_index.history(self._library)

    def dismiss(self, run: RunDirectory) -> None:
        """Speak no more of an unfinished run on opening; it stays in the history and can be resumed from there."""
        self._note_end(run, run_index.DISMISSED)

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
        self._closed = True
        self._queue.close()
        self.detach()
        self.stop_measuring()


def _nothing() -> None:
    return None
