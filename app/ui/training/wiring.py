"""Between the training panel and the retraining service: who is told what, and in which order."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.library.columns import Columns
from app.library.pools import Place
from app.services import worker
from app.services.active_levels import active_levels
from app.services.depths import Choice
from app.services.desk import Desk
from app.services.retrain_plan import Plan
from app.services.run_index import PastRun
from app.ui import words
from app.ui.below import told
from app.ui.training import sentences
from app.ui.training.dialog import RetrainDialog
from app.ui.training.measuring import Measuring
from app.ui.training.notify import Notifier
from app.ui.training.panel import TrainingPanel
from app.ui.training.run_info import read_history
from engine import edition
from engine.errors import UserError
from engine.pack import Images
from engine.run import RunDirectory, State

_PLAN_AGAIN_MS: Final = 400
_PLAN_REST: Final = 4
"""Times as long as the last plan took, before the next one."""
_LONGEST_REST_MS: Final = 10_000


class TrainingWiring(QObject):
    """Plans, prepares, measures, starts and finds runs again.

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
        self.reason: str | None = None
        self.plan: Plan | None = None
        self._dialog: RetrainDialog | None = None
        self._measuring: Measuring | None = None
        self._planning = False
        self._notifier = Notifier(window)
        self._notifier.clicked.connect(window.activateWindow)
        self._notifier.clicked.connect(self.attention)
        self._plan_began = 0.0
        self._plan_again = QTimer(self, singleShot=True, interval=_PLAN_AGAIN_MS)
        self._plan_again.timeout.connect(self._make_plan)
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
        panel.retrain_requested.connect(self.open_dialog)
        panel.pause_requested.connect(self._pause)
        panel.cancel_requested.connect(self._cancel)
        panel.unqueue_requested.connect(self._unqueue)
        panel.resume_requested.connect(self._resume)
        panel.run_selected.connect(self._look_at)
        panel.use_requested.connect(self._use)
        panel.keep_requested.connect(self._keep)
        panel.back_requested.connect(self._desk.use_model)

    # -- the plan ----------------------------------------------------------------------------------

    def refresh_plan(self) -> None:
        """Labels or images may have changed; asks again soon, and not more than it must."""
        if not self._plan_again.isActive():
            self._plan_again.start()

    def _make_plan(self) -> None:
        if self._planning:
            self._plan_again.start()
            return
        self._planning, self._plan_began = True, time.monotonic()
        job = worker.start(self._service.plan)
        job.returned.connect(self._show_plan)
        job.errored.connect(self._told)
        job.finished.connect(self._plan_made)

    def _plan_made(self) -> None:
        self._planning = False
        # Of a large library it takes seconds, and every label asks for another one: labelling goes first.
        rest = round(1000 * _PLAN_REST * (time.monotonic() - self._plan_began))
        self._plan_again.setInterval(min(_LONGEST_REST_MS, max(_PLAN_AGAIN_MS, rest)))

    def _show_plan(self, plan: Plan) -> None:
        self.plan, self.reason = plan, plan.reason_disabled
        self._panel.set_plan_reason(told(plan.reason_disabled) if plan.reason_disabled else None)
        if self._dialog is not None:
            self._dialog.set_plan(plan)
        elif self._wanted:
            self.open_dialog()

    # -- the dialog --------------------------------------------------------------------------------

    _wanted = False
    """Whether the dialog was asked for before there was a plan."""

    def open_dialog(self) -> None:
        """Show what a retraining would do, as soon as that is known; measuring begins at once."""
        if self._dialog is not None:
            return
        self._wanted = self.plan is None
        if self.plan is None:
            self.refresh_plan()
            return
        self._panel.make_ready()
        busy = self._service.is_running() or bool(self._service.waiting())
        self._dialog = dialog = RetrainDialog(self.plan, self._window, busy=busy)
        choices = [Choice(c.depth, c.recipe) for c in self.plan.depths if c.can_start]
        self._measuring = Measuring(self._service, dialog, choices if self.plan.reason_disabled is None else [])
        dialog.choice_changed.connect(self._measuring.ask)
        dialog.start_requested.connect(self._start_choice)
        dialog.pack_requested.connect(self._pack)
        dialog.places_wanted.connect(self._find_places)
        dialog.finished.connect(self._dialog_closed)
        dialog.open()
        if (choice := dialog.choice()) is not None and dialog.start.isEnabled():
            self._measuring.ask(choice)

    def _dialog_closed(self, _result: int) -> None:
        if self._measuring is not None:
            self._measuring.close()
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = self._measuring = None

    def _find_places(self) -> None:
        job = worker.start(self._service.places)
        job.returned.connect(self._show_places)
        job.errored.connect(self._told)

    def _show_places(self, places: list[Place]) -> None:
        if self._dialog is not None:
            self._dialog.set_places(places)

    # -- the run -----------------------------------------------------------------------------------

    def _start_choice(self, choice: Choice) -> None:
        self._service.stop_measuring()
        prepared = self._measuring.take(choice) if self._measuring is not None else None
        job = worker.start(self._service.to_start, choice, prepared)
        job.returned.connect(self._service.enqueue)
        job.errored.connect(self._told)

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
        self._panel.set_runs(history)
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
        job.returned.connect(lambda levels: self._panel.set_reference(levels, name))
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
        job.returned.connect(self._panel.set_runs)
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
