"""Between the training panel and the retraining service: who is told what, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.library.columns import Columns
from app.services import worker
from app.services.desk import Desk
from app.services.training.active_levels import active_levels
from app.services.training.depths import Choice
from app.services.training.run_index import PastRun
from app.ui import words
from app.ui.training import sentences
from app.ui.training.notify import Notifier
from app.ui.training.panel import TrainingPanel
from app.ui.training.planning import Planning
from app.ui.training.run_info import read_history
from engine import edition
from engine.errors import UserError
from engine.pack import Images
from engine.run import RunDirectory, State


class TrainingWiring(QObject):
    """Starts, packs and finds runs again; what comes before is `planning`.

    Signals:
        said(str): where the training stands, for the status bar; empty = nothing runs.
        attention: something in the panel wants to be seen.
    """

    said = Signal(str)
    attention = Signal()

    def __init__(self, desk: Desk, panel: TrainingPanel, window: QWidget, *, columns: Callable[[], Columns]) -> None:
        """`columns` gives what the gallery shows now."""
        super().__init__(window)
        self._columns = columns
        self._desk, self._service, self._panel, self._window = desk, desk.retraining, panel, window
        self.planning = Planning(self._service, panel, window, self)
        self.planning.pack_requested.connect(self._pack)
        self.planning.errored.connect(self._told)
        self._notifier = Notifier(window)
        self._notifier.clicked.connect(window.activateWindow)
        self._notifier.clicked.connect(self.attention)
        self._connect_service()
        self._connect_panel()

    def _connect_service(self) -> None:
        service = self._service
        service.events.connect(self._events)
        service.state_changed.connect(self._state)
        service.ended.connect(self._ended)
        service.crashed.connect(self._crashed)
        service.failed.connect(self._desk.failed)
        service.next_started.connect(self._show_run)
        service.waits.connect(self._waits)

    def _connect_panel(self) -> None:
        panel = self._panel
        panel.retrain_requested.connect(self.planning.open_dialog)
        panel.pause_requested.connect(self._pause)
        panel.cancel_requested.connect(self._cancel)
        panel.unqueue_requested.connect(self._unqueue)
        panel.resume_requested.connect(self._resume)
        panel.run_selected.connect(self._look_at)
        panel.use_requested.connect(self._use)
        panel.keep_requested.connect(self._keep)
        panel.back_requested.connect(self._desk.use_model)

    # -- the run -----------------------------------------------------------------------------------

    def _pack(self, choice: Choice, images: Images) -> None:
        title, kinds = self.tr("Pack for another machine"), self.tr("Folder or zip (*)")
        name, _ = QFileDialog.getSaveFileName(self._window, title, f"run-{choice.depth}", kinds)
        if name:
            self.pack(choice, Path(name), images)

    def pack(self, choice: Choice, out: Path, images: Images) -> None:
        """Prepare a run and write it to a folder or zip for another machine."""
        job = worker.start(self._service.hand_over, choice, out, images)
        job.returned.connect(lambda _run: self._packed(out.name))
        job.errored.connect(self._told)

    def _packed(self, name: str) -> None:
        text = self.tr("Packed: {0}. Run it there with '{1} run FOLDER'.")
        self._desk.noticed.emit(text.format(name, edition.terminal()))
        self._refresh_runs()

    def choose_result(self) -> None:
        """Ask for a run that was done elsewhere, and take its result back."""
        title, kinds = self.tr("Take a result back"), self.tr("Runs (job.json *.zip)")
        name, _ = QFileDialog.getOpenFileName(self._window, title, "", kinds)
        if name:
            self.take_back(Path(name).parent if Path(name).name == "job.json" else Path(name))

    def take_back(self, source: Path) -> None:
        """Put the result of a packed run into the library and open its gate."""
        job = worker.start(self._service.take_back, source)
        job.returned.connect(self._taken_back)
        job.errored.connect(self._told)

    def _taken_back(self, run: RunDirectory) -> None:
        """Look at the result; a training that runs here stays the watched one."""
        if not self._service.is_running():
            self._follow(run)
            return
        self._refresh_runs()
        self._panel.show_report(run.path)
        self._look_at(str(run.path))
        self.attention.emit()

    def _waits(self, _run: RunDirectory) -> None:
        self._desk.noticed.emit(self.tr("It begins when the training that runs has ended."))
        self._refresh_runs()

    def _unqueue(self, path: str) -> None:
        self._service.unqueue(RunDirectory(Path(path)))
        self._refresh_runs()

    def _resume(self, path: str) -> None:
        if not self._is_busy():
            self._service.enqueue(RunDirectory(Path(path)))

    def _is_busy(self) -> bool:
        """One training at a time: a second one would take its processor and nobody would watch the first."""
        if not self._service.is_running():
            return False
        self._desk.failed.emit(self.tr("A training runs already. Wait for its end, or cancel it first."))
        self.attention.emit()
        return True

    def find_again(self) -> None:
        """On opening: runs whose end nobody has seen."""
        job = worker.start(self._service.history)
        job.returned.connect(self._found)
        job.errored.connect(self._told)

    def _found(self, history: list[PastRun]) -> None:
        if self._service.is_closed():
            return  # the window was closed while the history was read
        self._panel.side.set_runs(history)
        self._service.discard_abandoned()
        unfinished = [past.run for past in history if past.is_open and past.run.events_file.exists()]
        if unfinished and not self._service.is_running():
            self._follow(unfinished[0])
        self._service.take_up_queue()

    def _follow(self, run: RunDirectory) -> None:
        self._show_run(run)
        self._service.attach(run)

    def _show_run(self, run: RunDirectory) -> None:
        """The panel's events and states are of this run from now on."""
        self._panel.begin(run)
        self._compare_with_active(run)
        self.attention.emit()

    def _compare_with_active(self, run: RunDirectory) -> None:
        """The dashed lines: what the model in use reaches on this run's validation images."""
        name = self._desk.model.name if self._desk.model else ""
        job = worker.start(active_levels, run, self._columns())
        job.returned.connect(lambda levels: self._panel.set_reference(str(run.path), levels, name))
        job.errored.connect(self._told)

    def _pause(self, on: bool) -> None:
        run = self._service.run
        if run is not None:
            (self._service.pause if on else self._service.go_on)(run)

    def _cancel(self) -> None:
        if self._service.run is not None:
            self._service.cancel(self._service.run)

    def _look_at(self, path: str) -> None:
        """Another run was chosen from the list; the watched one stays watched."""
        run = RunDirectory(Path(path))
        if self._service.run is not None and self._service.run.path == run.path:
            return
        job = worker.start(read_history, run)
        job.returned.connect(lambda history: self._panel.show_history(path, history))
        job.errored.connect(self._told)
        self._compare_with_active(run)

    # -- what the run says -------------------------------------------------------------------------

    def _events(self, events: list[dict[str, Any]]) -> None:
        self._panel.on_events(events)
        for event in reversed(events):
            if event["type"] == "step":
                self.said.emit(self._step_words(event))
                break

    def _step_words(self, event: dict[str, Any]) -> str:
        left = words.duration(float(event.get("eta_s") or 0.0))
        stage = sentences.stage_name(str(event.get("stage", "")))
        if "epoch" not in event:
            return self.tr("{0}, {1} left").format(stage, left)
        return self.tr("training: {0}, epoch {1}, {2} left").format(stage, event["epoch"], left)

    def _state(self, state: State) -> None:
        self._panel.on_state(state)
        if state.status == "paused":
            self.said.emit(self.tr("training paused"))

    def _ended(self, state: State) -> None:
        self.said.emit("")
        self._notify(sentences.status_name(state.status), state.message)
        self._panel.on_ended(state)
        self.attention.emit()
        self._refresh_runs()

    def _notify(self, how: str, message: str = "") -> None:
        run = self._service.run
        name = sentences.run_title(str(run.job.recipe.get("name", "")), "") if run is not None else ""
        self._notifier.tell(self.tr("Training: {0}").format(how), " ".join(filter(None, (name, message))))

    def _crashed(self, how: str, lines: list[str]) -> None:
        self.said.emit("")
        self._notify(self.tr("interrupted"), how)
        self._panel.show_crash(how, lines)
        if self._service.run is not None:
            self._service.dismiss(self._service.run)  # told once; it can be resumed from the list
        self.attention.emit()
        self._refresh_runs()

    def _refresh_runs(self) -> None:
        job = worker.start(self._service.history)
        job.returned.connect(self._panel.side.set_runs)
        job.errored.connect(self._told)

    # -- the decision ------------------------------------------------------------------------------

    def _use(self, path: str) -> None:
        self._service.promote(RunDirectory(Path(path)), initiator=self)

    def _keep(self, path: str) -> None:
        self._service.dismiss(RunDirectory(Path(path)))
        self._desk.noticed.emit(self.tr("The active model stays."))

    def _told(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        self._desk.failed.emit(str(error))
