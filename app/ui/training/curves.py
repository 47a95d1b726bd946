"""The live curves of a run: loss, and agreement with the validation labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.training.history import Axis, History
from app.ui.training.legend import Look
from app.ui.training.plot import CurvePlot

_REDRAW_MS: Final = 100
_FIRST: Final = Look("first", width=1.6)
_FIRST_MARKED: Final = Look("first", symbol="o")
_SECOND_MARKED: Final = Look("second", "dashdot", symbol="s", filled=False)


class CurvesView(QWidget):
    """Two plots side by side. Events come as fast as they like; the plots are redrawn at most ten times a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History()
        self._axis: Axis = "epoch"
        self.redraws = 0
        self.loss = CurvePlot(
            self.tr("Loss"),
            {"loss": (self.tr("training"), _FIRST), "val_loss": (self.tr("validation"), _SECOND_MARKED)},
            stages_at=0.08,
        )
        self.agreement = CurvePlot(
            self.tr("Validation"), {"srcc": ("SRCC", _FIRST_MARKED), "plcc": ("PLCC", _SECOND_MARKED)}
        )
        self.agreement.setToolTip(
            self.tr(
                "How well the scores agree with the labels of other people: SRCC by rank, PLCC by value; 1 is best."
            )
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.loss, 1)
        row.addWidget(self.agreement, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REDRAW_MS)
        self._timer.timeout.connect(self._redraw)

    @property
    def history(self) -> History:
        """What is shown."""
        return self._history

    def append(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Take in events of the run (`engine.run`); shown within a tenth of a second."""
        self._history.append(events)
        self.refresh()

    def show_history(self, history: History) -> None:
        """Show another run."""
        self._history = history
        self.refresh()

    def clear(self) -> None:
        """Forget the points."""
        self.show_history(History())

    def refresh(self) -> None:
        """Redraw soon: the history has grown."""
        if not self._timer.isActive():
            self._timer.start()

    def set_axis(self, axis: Axis) -> None:
        """x counts epochs or steps."""
        self._axis = axis
        self.refresh()

    def set_reference(self, levels: Mapping[str, float] | None, text: str = "") -> None:
        """Levels (`srcc`, `plcc`, `val_loss`) of the model to beat, as dashed lines; None: none."""
        name = text or self.tr("active model")
        for plot in (self.loss, self.agreement):
            plot.set_reference(levels or {}, name)
        self.refresh()

    def point_counts(self) -> dict[str, int]:
        """Points by series."""
        return self._history.counts()

    def retheme(self) -> None:
        """Take the colours of the theme in force."""
        self.loss.retheme()
        self.agreement.retheme()
        self.refresh()

    def _redraw(self) -> None:
        self.redraws += 1
        self.loss.draw(self._history, self._axis)
        self.agreement.draw(self._history, self._axis)
