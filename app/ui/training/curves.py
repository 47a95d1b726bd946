"""The live curves of a run: loss, its parts and learning rate, and agreement with the validation labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.training.history import History
from app.ui.training.legend import Look
from app.ui.training.overlay import Overlay
from app.ui.training.plot import CurvePlot, Group
from app.ui.training.series import Axis

_REDRAW_MS: Final = 100
_REST: Final = 4
"""Times as long as the last redraw took, before the next one: on a busy machine the window comes first."""
_LONGEST_REST_MS: Final = 500
_FIRST: Final = Look("first", width=1.6)
_SECOND: Final = Look("second", "dashdot", width=1.6)
_FIRST_MARKED: Final = Look("first", symbol="o")
_SECOND_MARKED: Final = Look("second", "dashdot", symbol="s", filled=False)


class CurvesView(QWidget):
    """Two plots side by side. Events come as fast as they like; they are redrawn at most ten times a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = History()
        self._axis: Axis = "epoch"
        self.redraws = 0
        self.overlays: tuple[Overlay, ...] = ()
        self.loss = CurvePlot(self._learning(), rising=False)
        self.agreement = CurvePlot(self._judging())
        self.agreement.setToolTip(
            self.tr(
                "How well the scores agree with the labels of other people: SRCC and KRCC by rank, PLCC by value; 1 is "
                "best. RMSE is how far they are from the labels, on the scale 0 to 1; 0 is best."
            )
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.loss, 1)
        row.addWidget(self.agreement, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._since = QElapsedTimer()
        self._pause_ms = _REDRAW_MS
        self._timer.timeout.connect(self._redraw)

    def _learning(self) -> dict[str, Group]:
        return {
            "loss": Group(
                self.tr("Loss"),
                {"loss": (self.tr("train"), _FIRST), "val_loss": (self.tr("valid."), _SECOND_MARKED)},
            ),
            "parts": Group(self.tr("Parts"), {"mse": ("MSE", _FIRST), "plcc_loss": (self.tr("PLCC loss"), _SECOND)}),
            "rate": Group(self.tr("Rate"), {"lr": (self.tr("learning rate"), _FIRST)}),
        }

    def _judging(self) -> dict[str, Group]:
        return {
            "agreement": Group(self.tr("Valid."), {"srcc": ("SRCC", _FIRST_MARKED), "plcc": ("PLCC", _SECOND_MARKED)}),
            "more": Group(self.tr("More"), {"krcc": ("KRCC", _FIRST_MARKED), "rmse": ("RMSE", _SECOND_MARKED)}),
        }

    @property
    def plots(self) -> tuple[CurvePlot, CurvePlot]:
        """Left and right."""
        return self.loss, self.agreement

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
            passed = self._since.elapsed() if self._since.isValid() else self._pause_ms
            self._timer.start(max(0, self._pause_ms - passed))

    def set_axis(self, axis: Axis) -> None:
        """x counts epochs, steps or minutes of work."""
        self._axis = axis
        self.refresh()

    @property
    def axis(self) -> Axis:
        """What x counts."""
        return self._axis

    def set_smoothing(self, weight: float) -> None:
        """Draw a mean before the raw values (`series.smoothed`); 0: the raw values alone."""
        for plot in self.plots:
            plot.set_smoothing(weight)

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Other runs in the same plots."""
        self.overlays = tuple(overlays)
        for plot in self.plots:
            plot.set_overlays(overlays)
        self.refresh()

    def fit(self) -> None:
        """Show all of every plot."""
        for plot in self.plots:
            plot.fit()

    def set_reference(self, levels: Mapping[str, float] | None, text: str = "") -> None:
        """Levels (`srcc`, `plcc`, `val_loss`) of the model to beat, as dashed lines; None: none."""
        name = text or self.tr("active model")
        for plot in self.plots:
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
        self._since.start()
        self.loss.draw(self._history, self._axis)
        self.agreement.draw(self._history, self._axis)
        QTimer.singleShot(0, self, self._drawn)  # after the painting, which is the greater part

    def _drawn(self) -> None:
        self._pause_ms = min(_LONGEST_REST_MS, max(_REDRAW_MS, _REST * self._since.elapsed()))
