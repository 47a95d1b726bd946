"""The training dock: button and runs at the left; curves, result or trouble of the chosen run at the right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.services import worker
from app.ui.training import sentences
from app.ui.training.curve_menu import CurveMenu
from app.ui.training.curve_saving import CurveSaving
from app.ui.training.gate_page import GatePage
from app.ui.training.history import History
from app.ui.training.pages import RunPages
from app.ui.training.progress import ProgressHead
from app.ui.training.run_info import LETTERS, WORKING, RunInfo, read_history, status_of
from app.ui.training.runs_side import RunsSide
from engine.run import RunDirectory, State

if TYPE_CHECKING:
    from app.ui.training.calibration import CalibrationView
    from app.ui.training.curves import CurvesView
    from app.ui.training.gate import GateView


class TrainingPanel(QWidget):
    """Shows one run at a time: the watched one, which the events and states speak of.

    Signals:
        retrain_requested: open the dialog.
        pause_requested(bool): the watched run shall wait, or go on.
        cancel_requested: the watched run shall stop.
        unqueue_requested(str): this run directory shall wait no more.
        resume_requested(str): go on with this run directory.
        use_requested(str), keep_requested(str): the choice at the gate, by run directory.
        back_requested(str): use this former model (its id) again.
        run_selected(str): a run was chosen; answer with `begin` and its events, or with `show_history`.
        image_clicked(int): show this image.
    """

    retrain_requested = Signal()
    pause_requested = Signal(bool)
    cancel_requested = Signal()
    unqueue_requested = Signal(str)
    resume_requested = Signal(str)
    use_requested = Signal(str)
    keep_requested = Signal(str)
    back_requested = Signal(str)
    run_selected = Signal(str)
    image_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histories: dict[str, History] = {}
        self._troubles: dict[str, tuple[str, str]] = {}
        self._watched, self._status, self._shown = "", "", ""
        self._page = ""
        self._compared: list[str] = []
        self.side, self.menu = RunsSide(), CurveMenu()
        self.runs = self.side.runs
        self.head, self.pages = ProgressHead(self.menu), RunPages()
        self.saving = CurveSaving(self)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.side)
        parts.addWidget(self._right())
        parts.setStretchFactor(1, 1)
        parts.setSizes([256, 1200])
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(parts)
        self._connect()
        self._refresh()

    # -- building --------------------------------------------------------------------------------

    def _right(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(4, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.head)
        column.addWidget(self.pages, 1)
        return side

    def _connect(self) -> None:
        self.side.retrain.clicked.connect(self.retrain_requested)
        self.side.described.connect(self._put_runs)
        self.runs.run_selected.connect(self._choose)
        self.runs.resume_requested.connect(self.resume_requested)
        self.runs.compared_changed.connect(self._compare)
        self.pages.gate_added.connect(self._connect_gate)
        self.pages.trouble.resume_requested.connect(lambda: self.resume_requested.emit(self._shown))
        self.head.pause_requested.connect(self.pause_requested)
        self.head.cancel_requested.connect(self.cancel_requested)
        self.head.unqueue_requested.connect(lambda: self.unqueue_requested.emit(self._shown))
        self.head.axis_changed.connect(lambda axis: self.curves.set_axis(axis))
        self.menu.smoothing_changed.connect(lambda weight: self.curves.set_smoothing(weight))
        self.menu.fit_requested.connect(lambda: self.curves.fit())
        self.menu.export_requested.connect(self._export)
        self.head.page_requested.connect(self._open_page)

    def _connect_gate(self, page: GatePage) -> None:
        page.use_requested.connect(self.use_requested)
        page.keep_requested.connect(self.keep_requested)
        page.back_requested.connect(self.back_requested)
        page.image_clicked.connect(self.image_clicked)

    @property
    def curves(self) -> CurvesView:
        return self.pages.curves

    @property
    def gate(self) -> GateView:
        return self.pages.gate

    @property
    def calibration(self) -> CalibrationView:
        return self.pages.calibration

    # -- what the window tells -------------------------------------------------------------------

    def _put_runs(self, rows: list[RunInfo]) -> None:
        watched = self.runs.info(self._watched)
        if watched is not None:  # what the events said is newer than what was read
            rows = [row for row in rows if row.directory != watched.directory]
            rows.append(watched)
        self.runs.set_runs(sorted(rows, key=lambda row: row.started, reverse=True))
        self._refresh()

    def set_reference(self, directory: str, levels: Mapping[str, float], text: str = "") -> None:
        """Levels (`srcc`, `plcc`) of the active model on a run's validation images, for its dashed lines."""
        self.pages.set_reference(directory, levels, text)

    def set_active_model(self, model_id: str) -> None:
        """Which model is in use."""
        self.pages.set_active_model(model_id)

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        self.pages.retheme()
        self.runs.list.viewport().update()

    def make_ready(self) -> None:
        """A run will begin soon: what shows it may be loaded."""
        self.pages.make_ready()

    # -- the watched run -------------------------------------------------------------------------

    def begin(self, run: RunDirectory) -> None:
        """From now on events and states are of this run; it is shown, and all its events come anew."""
        directory = str(run.path)
        self._watched, self._status = directory, status_of(run.state)
        self._histories[directory] = History()
        self._troubles.pop(directory, None)
        if not run.job_file.is_file():
            self._fail(self.tr("The folder of this run is gone: {0}").format(directory), "")
            return
        job = run.job
        known = self.runs.info(directory) or RunInfo.of(run, job)
        self.runs.put(replace(known, status=self._status, has_report=run.report_file.is_file()))
        self.runs.select(directory)
        self._show(directory)
        self._open_page("curves")

    def on_events(self, events: list[dict[str, Any]]) -> None:
        """New events of the watched run."""
        history = self._histories.setdefault(self._watched, History())
        history.append(events)
        info = self.runs.info(self._watched)
        if info is not None:
            self.runs.put(info.with_history(history))
        if self._shown == self._watched:
            self.curves.show_history(history)
            if not self._page:
                self._open_page("curves")
        self._refresh()

    def on_state(self, state: State) -> None:
        """The watched run's state has changed."""
        self._set_status(status_of(state))

    def on_ended(self, state: State) -> None:
        """The watched run is over: its result appears, or why there is none."""
        self._set_status(state.status)
        if state.status == "failed":
            self._fail(state.message or self.tr("The training failed."), "")
        elif state.status == "done" and self._watched:
            self.show_report(self._watched)

    def show_crash(self, text: str, log: Iterable[str] | str = ()) -> None:
        """The watched run's process is gone: how, and the last lines of its log (or all in `text`)."""
        lines = [*text.splitlines(), *(log.splitlines() if isinstance(log, str) else log)]
        self._set_status("interrupted")
        self._fail(lines[0] if lines else "", "\n".join(lines[1:]))

    def _set_status(self, status: str) -> None:
        self._status = status
        info = self.runs.info(self._watched)
        if info is not None:
            self.runs.put(replace(info, status=status))
        self._refresh()

    def _fail(self, text: str, log: str) -> None:
        self._troubles[self._watched] = (text, log)
        if self._shown == self._watched or not self._shown:
            self._shown = self._watched
            self._open_page("trouble")
        self._refresh()

    # -- other runs ------------------------------------------------------------------------------

    def show_history(self, run_dir: str | Path, history: History) -> None:
        """What a run that is not watched has told, as an answer to `run_selected`."""
        directory = str(run_dir)
        if directory == self._watched:
            return
        self._histories[directory] = history
        if history.error and directory not in self._troubles:
            self._troubles[directory] = (history.error, "")
        if directory == self._shown:
            self.curves.show_history(history)
            self._open_page(self._page or "curves")

    def _compare(self, directories: list[str]) -> None:
        """Runs to draw beside the shown one; those not read yet come when they are."""
        self._compared = directories
        for directory in directories:
            if directory not in self._histories:
                job = worker.start(read_history, RunDirectory(Path(directory)))
                job.returned.connect(lambda history, at=directory: self._compare_with(at, history))
        self._overlay()

    def _compare_with(self, directory: str, history: History) -> None:
        self._histories.setdefault(directory, history)
        self._overlay()

    def _overlay(self) -> None:
        from app.ui.training.overlay import Overlay

        known = [(letter, d) for letter, d in zip(LETTERS, self._compared, strict=False) if d in self._histories]
        self.curves.set_overlays([Overlay(letter, d, self._histories[d]) for letter, d in known if d != self._shown])

    def show_report(self, run_dir: str | Path) -> None:
        """Show the result of a finished run: report.json and predictions.csv of its directory."""
        directory = str(run_dir)
        if not RunDirectory(Path(run_dir)).report_file.is_file():
            return
        info = self.runs.info(directory)
        if info is not None:
            self.runs.put(replace(info, has_report=True))
        self.runs.select(directory)
        self._show(directory)
        self.pages.forget_result()
        self._open_page("result")

    def show_run(self, directory: str) -> None:
        """Show a run of the list, as if it were chosen there."""
        if self.runs.info(directory) is not None:
            self.runs.select(directory)
            self._choose(directory)

    def _choose(self, directory: str) -> None:
        self._show(directory)
        self._open_page(self._page if self._page in self._pages() else "curves")
        self.run_selected.emit(directory)

    def _show(self, directory: str) -> None:
        if directory != self._shown:
            self._shown = directory
            self.pages.refer_to(directory)
            self._overlay()
        self.curves.show_history(self._histories.get(directory, History()))

    def _export(self, kind: str) -> None:
        info = self.runs.info(self._shown)
        if info is not None:
            self.saving.ask(kind, self.curves, RunDirectory(Path(self._shown)), info.title)

    # -- pages -----------------------------------------------------------------------------------

    def _pages(self) -> list[str]:
        info = self.runs.info(self._shown)
        pages = ["curves"]
        if info is not None and info.has_report:
            pages += ["result"] if info.kind == "calibrate" else ["result", "slices", "moved"]
        if self._shown in self._troubles:
            pages.append("trouble")
        return pages

    def _open_page(self, page: str) -> None:
        self._page = page
        info = self.runs.info(self._shown)
        if page == "result" and info is not None and info.kind == "calibrate":
            self.pages.show_calibration(self._shown)
        elif page in ("result", "slices", "moved"):
            self.pages.show_gate(self._shown, page)
        elif page == "trouble":
            self.pages.show_trouble(*self._troubles[self._shown])
        else:
            self.pages.show_curves()
        self._refresh()

    def _refresh(self) -> None:
        """Bring the head up to date."""
        history = self._histories.get(self._shown, History())
        info = self.runs.info(self._shown)
        here = self._status in WORKING and self._shown == self._watched
        self.head.setVisible(bool(self._page))
        waits = info is not None and info.status == "queued"
        self.head.show_live(running=here, paused=self._status == "paused", waits=waits)
        self.head.show_pages(self._pages(), self._page)
        self.head.show_progress(history.step, history.steps if here else -1)
        self.head.show_warnings(history.warnings)
        self.pages.trouble.resume.setVisible(info is not None and info.can_resume)
        self.head.text.setText(self._line(history, info, works=here))

    def _line(self, history: History, info: RunInfo | None, *, works: bool) -> str:
        if works:
            text = sentences.progress(history)
            return self.tr("Paused: {0}").format(text) if self._status == "paused" else text
        parts = [info.title] if info else []
        parts.append(sentences.status_name(info.status if info else self._status))
        if history.best:
            of = self.tr("best epoch {0} of {1}")
            parts.append(of.format(history.best.epoch, info.epochs if info and info.epochs else history.best.epoch))
        return ", ".join(p for p in parts if p)
