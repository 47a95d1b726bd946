"""The gate: the new model beside the active one on held-out images, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
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

from app.ui import theme
from app.ui.training import sentences
from app.ui.training.judgement import METRICS, Judgement, Predictions, judge
from app.ui.training.moved import MovedView
from app.ui.training.scatter import ScatterView

_COLUMNS: Final = ("candidate", "baseline", "difference")


class GateView(QWidget):
    """Verdict and buttons, numbers, scatter, what moves.

    Signals:
        use_requested(str): use the model of this run directory.
        keep_requested(str): the active model stays.
        image_clicked(int): show this image.
    """

    use_requested = Signal(str)
    keep_requested = Signal(str)
    image_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_dir = ""
        self._found: Judgement | None = None
        self._active = ""
        self.scatter, self.moved = ScatterView(), MovedView()
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
        self.use.clicked.connect(lambda: self.use_requested.emit(self._run_dir))
        self.keep.clicked.connect(self._keep)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.verdict, 1)
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
        self.basis = QLabel()
        self.basis.setProperty("role", "muted")
        for label in (self.caution, self.basis):
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
        self._run_dir, self._found = str(run_dir), judge(report)
        found = self._found
        self.verdict.setText(sentences.verdict(found) if found else self.tr("The run has judged no labelled images."))
        self.caution.setText(sentences.caution(found) if found else "")
        self.caution.setVisible(bool(self.caution.text()))
        self.basis.setText(sentences.held_out(found) if found else "")
        self._fill()
        self.scatter.show_predictions(predictions, found.split if found else "")
        self.moved.show_predictions(predictions)
        self.keep.setEnabled(True)
        self._advise()

    def show_part(self, part: str) -> None:
        """`result`: numbers and scatter; `moved`: the images whose score changes most."""
        self.parts.setCurrentWidget(self.moved if part == "moved" else self.result)

    def set_active(self, model_id: str) -> None:
        """Which model is in use."""
        self._active = model_id
        self._advise()

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
        self.use.setText(self.tr("The new model is in use") if in_use else self.tr("Use the new model"))
        self.use.setEnabled(found is not None and not in_use)
        self.keep.setVisible(not in_use and (found is None or found.baseline is not None))
        for button, advised in ((self.use, better), (self.keep, not better)):
            button.setProperty("role", "primary" if advised and not in_use else "")
            button.style().unpolish(button)
            button.style().polish(button)

    def _keep(self) -> None:
        self.keep.setEnabled(False)
        self.verdict.setText(self.tr("The active model stays. The new one can still be used from here."))
        self.keep_requested.emit(self._run_dir)
