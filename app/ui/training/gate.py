"""The gate: the new model beside the active one on held-out images, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.model_work import Cost
from app.ui import theme, words
from app.ui.training import sentences
from app.ui.training.gate_page import GatePage
from app.ui.training.judgement import METRICS, Judgement, Predictions, judge
from app.ui.training.moved import MovedView
from app.ui.training.scatter import ScatterView
from app.ui.training.slices_view import SlicesView

_COLUMNS: Final = ("candidate", "baseline", "difference")


class GateView(GatePage):
    """Verdict and buttons, numbers, scatter, what moves; `GatePage` says what it asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_dir = ""
        self._found: Judgement | None = None
        self._active = ""
        self._sure = False
        self.scatter, self.moved, self.slices = ScatterView(), MovedView(), SlicesView()
        self.scatter.image_clicked.connect(self.image_clicked)
        self.moved.image_clicked.connect(self.image_clicked)
        self.result = QSplitter(Qt.Orientation.Horizontal)
        self.result.setChildrenCollapsible(False)
        self.result.addWidget(self._numbers())
        self.result.addWidget(self.scatter)
        self.result.setStretchFactor(1, 1)
        self.scatter.setMinimumWidth(200)
        self.parts = QStackedWidget()
        self.parts.addWidget(self.result)
        self.parts.addWidget(self.moved)
        self.parts.addWidget(self.slices)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._head())
        column.addWidget(self.parts, 1)

    def _head(self) -> QHBoxLayout:
        self.verdict = QLabel()
        self.verdict.setProperty("role", "heading")
        self.verdict.setWordWrap(True)
        self.use = QPushButton(self.tr("Use the new model"))
        self.keep = QPushButton(self.tr("Keep the active one"))
        self.back = QPushButton(self.tr("Back to the former model"))
        self.back.setToolTip(self.tr("Its scores were kept; they are shown again at once."))
        self.use.clicked.connect(self._use)
        self.keep.clicked.connect(self._keep)
        self.back.clicked.connect(self._back)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.verdict, 1)
        row.addWidget(self.back)
        row.addWidget(self.keep)
        row.addWidget(self.use)
        return row

    def _numbers(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        column.addLayout(self._table())
        self.caution = QLabel()
        self.caution.setProperty("role", "warning")
        self.basis, self.costs = QLabel(), QLabel()
        for label in (self.basis, self.costs):
            label.setProperty("role", "muted")
        for label in (self.caution, self.costs, self.basis):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(1)
        inside.setMinimumWidth(384)
        area = QScrollArea()
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumWidth(398)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        return area

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        self.cells: dict[tuple[str, str], QLabel] = {}
        for at, title in enumerate((self.tr("New"), self.tr("Active"), self.tr("Difference")), 1):
            head = QLabel(title)
            head.setProperty("role", "muted")
            grid.addWidget(head, 0, at)
        meanings = {
            "srcc": self.tr("Does it rank the images as the labels do? 1 is best."),
            "plcc": self.tr("Do its values follow the labels in a straight line? 1 is best."),
            "rmse": self.tr("How far its values are from the labels, on the scale 0 to 1; 0 is best."),
        }
        for at, metric in enumerate(METRICS, 1):
            name = QLabel(metric.upper())
            name.setToolTip(meanings[metric])
            grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
            for column, key in enumerate(_COLUMNS, 1):
                self.cells[metric, key] = QLabel()
                self.cells[metric, key].setTextFormat(Qt.TextFormat.RichText)
                grid.addWidget(self.cells[metric, key], at, column)
        grid.setColumnStretch(4, 1)
        return grid

    # -- what is shown ---------------------------------------------------------------------------

    def show_report(self, run_dir: Path | str, report: Mapping[str, Any], predictions: Predictions | None) -> None:
        """Show the result of a run; `report` is its report.json."""
        self._run_dir, self._found, self._sure = str(run_dir), judge(report), False
        found = self._found
        self._say_verdict()
        self.caution.setText(sentences.caution(found) if found else "")
        self.caution.setVisible(bool(self.caution.text()))
        self.basis.setText(sentences.held_out(found) if found else "")
        self._fill()
        self.scatter.show_predictions(predictions, found.split if found else "")
        self.moved.show_predictions(predictions)
        self.keep.setEnabled(True)
        self.slices.show_slices([])
        self.show_costs(None, None)
        self._advise()

    def _say_verdict(self) -> None:
        found = self._found
        self.verdict.setText(sentences.verdict(found) if found else self.tr("The run has judged no labelled images."))

    def show_costs(self, candidate: Cost | None, baseline: Cost | None) -> None:
        """What both bundles cost on this machine; None: not measured yet, or not there."""
        parts = [
            self.tr("{0}: {1} ms a picture on one core, {2}").format(
                who, f"{cost.latency_ms:.1f}", words.file_size(cost.bytes)
            )
            for who, cost in ((self.tr("new"), candidate), (self.tr("active"), baseline))
            if cost is not None
        ]
        text = self.tr("On this machine: {0}.").format("; ".join(parts))
        self.costs.setText(text if parts else self.tr("Speed on this machine: being measured."))

    def show_part(self, part: str) -> None:
        """`result`: numbers and scatter; `moved`: the images whose score changes most; `slices`: parts of them."""
        self.parts.setCurrentWidget({"moved": self.moved, "slices": self.slices}.get(part, self.result))

    def set_active(self, model_id: str) -> None:
        """Which model is in use."""
        self._active = model_id
        self._advise()

    @property
    def shown(self) -> str:
        """The run directory whose result is shown."""
        return self._run_dir

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        self.scatter.retheme()
        self._fill()

    def _fill(self) -> None:
        """Value, and its interval smaller below."""
        faint = theme.current().muted
        for (metric, key), cell in self.cells.items():
            found = getattr(self._found.row(metric), key) if self._found else None
            signed = key == "difference"
            value, between = sentences.value(found, signed=signed), sentences.interval(found, signed=signed)
            cell.setText(f'<b>{value}</b><br><span style="color:{faint}">{between}</span>')
            cell.setAccessibleName(f"{metric.upper()} {key}: {value} {between}")

    def _advise(self) -> None:
        """The advised button stands out: the new model unless it is worse or no better."""
        found = self._found
        in_use = found is not None and found.candidate == self._active != ""
        better = found is not None and (found.verdict == "better" or found.baseline is None)
        self._sure = self._sure and not in_use
        self.use.setText(self.tr("The new model is in use") if in_use else self._use_words())
        self.back.setVisible(in_use and found is not None and bool(found.baseline))
        self.use.setEnabled(found is not None and not in_use)
        self.keep.setVisible(not in_use and (found is None or found.baseline is not None))
        for button, advised in ((self.use, better), (self.keep, not better)):
            button.setProperty("role", "primary" if advised and not in_use else "")
            button.style().unpolish(button)
            button.style().polish(button)

    def _use_words(self) -> str:
        return self.tr("Use the worse model all the same") if self._sure else self.tr("Use the new model")

    def _use(self) -> None:
        """A worse model is used only after a second click, on a button that says so."""
        if self._found is not None and self._found.verdict == "worse" and not self._sure:
            self._sure = True
            self.verdict.setText(sentences.verdict(self._found) + " " + self.tr("Do you want it all the same?"))
            self._advise()
            return
        self.use_requested.emit(self._run_dir)

    def _back(self) -> None:
        if self._found is not None and self._found.baseline:
            self.back_requested.emit(self._found.baseline)

    def _keep(self) -> None:
        self._sure = False
        self._advise()
        self.keep.setEnabled(False)
        self.verdict.setText(self.tr("The active model stays. The new one can still be used from here."))
        self.keep_requested.emit(self._run_dir)
