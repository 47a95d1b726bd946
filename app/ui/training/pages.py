"""What stands at the right of the training dock: curves, result, trouble; each page is made when first needed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from app.services import worker
from app.services.model_work import Cost, cost
from app.services.training.slices import slices
from app.ui.training.calibration import CalibrationView
from app.ui.training.judgement import Predictions, judge, read_predictions, validation_levels
from app.ui.training.trouble import TroubleView
from engine.calibrate import Calibrator
from engine.errors import UserError
from engine.run import RunDirectory, read_json

if TYPE_CHECKING:
    from app.ui.training.curves import CurvesView
    from app.ui.training.gate import GateView


class RunPages(QStackedWidget):
    """The pages of one run.

    Signals:
        gate_added(object): a page that asks for something (`GatePage`) was added: connect it.
    """

    gate_added = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judged, self._active_model = "", ""
        self._references: dict[str, tuple[dict[str, float], str]] = {}
        self._referred = ""
        self._curves: CurvesView | None = None
        self._loading = False
        self._gate: GateView | None = None
        self._calibration: CalibrationView | None = None
        self.trouble = TroubleView()
        self.empty = self._empty()
        self.addWidget(self.empty)
        self.addWidget(self.trouble)

    def _empty(self) -> QLabel:
        text = self.tr("Label some faces, then retrain: the model learns from your labels and its curves appear here.")
        label = QLabel(text)
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    # -- the pages -------------------------------------------------------------------------------

    def make_ready(self) -> None:
        """A run will begin soon: load what draws curves beside the window's thread, where it would stop everything."""
        if self._curves is None and not self._loading:
            self._loading = True
            worker.start(_load_plots).returned.connect(self._build)

    def _build(self, _loaded: object) -> None:
        """One page in a turn of the event loop."""
        _ = self.curves
        QTimer.singleShot(0, self, lambda: self.gate)

    @property
    def curves(self) -> CurvesView:
        """pyqtgraph takes half a second of the window's start."""
        if self._curves is None:
            from app.ui.training.curves import CurvesView

            self._curves = CurvesView()
            self._curves.set_reference(*self._references.get(self._referred, ({}, "")))
            self.addWidget(self._curves)
        return self._curves

    @property
    def gate(self) -> GateView:
        """The new model against the one in use."""
        if self._gate is None:
            from app.ui.training.gate import GateView

            self._gate = GateView()
            self.gate_added.emit(self._gate)
            self._gate.set_active(self._active_model)
            self.addWidget(self._gate)
        return self._gate

    @property
    def calibration(self) -> CalibrationView:
        """The gate of a calibration."""
        if self._calibration is None:
            self._calibration = CalibrationView()
            self.gate_added.emit(self._calibration)
            self.addWidget(self._calibration)
        return self._calibration

    # -- showing ---------------------------------------------------------------------------------

    def show_curves(self) -> None:
        """Loss and agreement as they grow."""
        self.setCurrentWidget(self.curves)

    def show_calibration(self, directory: str) -> None:
        """What a calibration found."""
        run = RunDirectory(Path(directory))
        found = Calibrator.from_json(read_json(run.calibrator_file))
        self.calibration.show_report(directory, run.report or {}, found, read_predictions(run.predictions_file))
        self.setCurrentWidget(self.calibration)

    def show_gate(self, directory: str, part: str) -> None:
        """`result`, `slices` or `moved` of a finished training; its files are read once."""
        if self._judged != directory:
            self._fill_gate(directory)
        self.gate.show_part(part)
        self.setCurrentWidget(self.gate)

    def show_trouble(self, text: str, log: str) -> None:
        """Why there is no result."""
        self.trouble.show_trouble(text, log)
        self.setCurrentWidget(self.trouble)

    def forget_result(self) -> None:
        """The files of the result are new: read them again."""
        self._judged = ""

    def set_reference(self, directory: str, levels: Mapping[str, float], text: str) -> None:
        """Levels of a model on a run's own validation images, for the dashed lines of its curves, and their name."""
        self._references[directory] = (dict(levels), text)
        if self._referred == directory and self._curves is not None:
            self._curves.set_reference(*self._references[directory])

    def refer_to(self, directory: str) -> None:
        """The curves are this run's: its dashed lines, or none where they are not known."""
        self._referred = directory
        self.curves.set_reference(*self._references.get(directory, ({}, "")))

    def set_active_model(self, model_id: str) -> None:
        """Which model is in use."""
        self._active_model = model_id
        if self._gate is not None:
            self._gate.set_active(model_id)

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        for view in (self._curves, self._gate):
            if view is not None:
                view.retheme()
        if self._calibration is not None:
            self._calibration.update()

    # -- the gate's contents ---------------------------------------------------------------------

    def _fill_gate(self, directory: str) -> None:
        run = RunDirectory(Path(directory))
        report = run.report or {}
        predictions = read_predictions(run.predictions_file)
        self.gate.show_report(directory, report, predictions)
        self._measure(run)
        if predictions is not None:
            self._slice(run, predictions, str(judged.split) if (judged := judge(report)) else "")
        self._judged = directory
        if levels := validation_levels(report):
            self.set_reference(directory, levels, str(report.get("baseline_name") or ""))

    def _measure(self, run: RunDirectory) -> None:
        """Speed and size of both bundles, one after the other so that neither slows the other."""
        baseline = Path(run.job.baseline) if run.job.baseline else None
        job = worker.start(_costs, Path(run.model_file), baseline)
        job.returned.connect(lambda found: self._put(run, lambda gate: gate.show_costs(*found)))

    def _slice(self, run: RunDirectory, found: Predictions, split: str) -> None:
        at = np.flatnonzero(found.of(split))
        paths = [found.paths[k] for k in at]
        job = worker.start(slices, run, paths, found.mos[at], found.candidate[at], found.baseline[at])
        job.returned.connect(lambda parts: self._put(run, lambda gate: gate.slices.show_slices(parts)))

    def _put(self, run: RunDirectory, show: Callable[[GateView], None]) -> None:
        """Into the gate, unless it shows another run by now."""
        if self.gate.shown == str(run.path):
            show(self.gate)


def _load_plots() -> None:
    import app.ui.training.curves
    import app.ui.training.gate  # noqa: F401


def _costs(candidate: Path, baseline: Path | None) -> Generator[None, None, tuple[Cost | None, Cost | None]]:
    found: list[Cost | None] = []
    for file in (candidate, baseline):
        try:
            found.append((yield from cost(file)) if file is not None else None)
        except UserError:
            found.append(None)  # it was moved or deleted since; the numbers of the report stand
    return found[0], found[1]
