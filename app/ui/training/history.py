"""What a run has told so far, as arrays that curves are drawn from. No Qt.

The events of one run go in, in the order of its file; a run found again or resumed gives the same history as one that
was watched from its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

Axis = Literal["epoch", "step"]
Array = npt.NDArray[np.float64]
SERIES: Final = ("loss", "val_loss", "srcc", "plcc")
_EPOCH_SERIES: Final = ("val_loss", "srcc", "plcc")
_COLUMN: Final[Mapping[Axis, int]] = {"step": 0, "epoch": 1}


class Series:
    """Points (step, epoch, value) in the order of time; room grows by doubling."""

    def __init__(self) -> None:
        self._data: Array = np.empty((256, 3))
        self._count = 0
        self.gaps = 0
        """Points that only part two stages; they have no value."""

    def __len__(self) -> int:
        return self._count

    def append(self, step: float, epoch: float, value: float) -> None:
        """Add a point; `value` may be NaN, a gap."""
        if self._count == len(self._data):
            self._data = np.concatenate([self._data, np.empty_like(self._data)])
        self._data[self._count] = step, epoch, value
        self._count += 1

    def x(self, axis: Axis) -> Array:
        """Positions along `axis`, ascending; a view."""
        return self._data[: self._count, _COLUMN[axis]]

    @property
    def y(self) -> Array:
        """Values; a view."""
        return self._data[: self._count, 2]

    def part(self, step: float, epoch: float) -> None:
        """Begin a new line at this place."""
        if self._count:
            self.append(step, epoch, float("nan"))
            self.gaps += 1

    def forget_after(self, step: float) -> None:
        """Drop the points beyond `step`: a resumed run does them anew from its checkpoint."""
        self._count = int(np.searchsorted(self._data[: self._count, 0], step, side="right"))

    def nearest(self, axis: Axis, at: float) -> int:
        """Index of the point nearest to `at`, -1 without points."""
        if not self._count:
            return -1
        xs = self.x(axis)
        right = int(np.clip(np.searchsorted(xs, at), 0, self._count - 1))
        return right - 1 if right and at - xs[right - 1] < xs[right] - at else right


@dataclass(frozen=True)
class Boundary:
    """Where a network's training begins, along both axes."""

    stage: str
    step: float
    epoch: float

    def at(self, axis: Axis) -> float:
        return self.step if axis == "step" else self.epoch


@dataclass(frozen=True)
class Best:
    """The epoch whose weights are kept so far."""

    epoch: int
    srcc: float
    plcc: float


class History:
    """One run's series, its stages, and where it stands."""

    def __init__(self) -> None:
        self.series: Final = {name: Series() for name in SERIES}
        self.boundaries: list[Boundary] = []
        self.stage = ""
        self.epoch, self.epochs = 0, 0
        self.step, self.steps = 0, 0
        self.images_per_s = self.eta_s = float("nan")
        self.best: Best | None = None
        self.warnings: list[str] = []
        self.error = ""
        self._epoch_began, self._steps_per_epoch = 0.0, 1.0

    def append(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Take in events; types that say nothing about progress are passed over."""
        for event in events:
            match event.get("type"):
                case "stage":
                    self._begin(event)
                case "step":
                    self._learn(event)
                case "epoch":
                    self._judge(event)
                case "warning":
                    self.warnings.append(str(event.get("message", "")))
                case "error":
                    self.error = f"{event.get('message', '')} {event.get('remedy', '')}".strip()

    def counts(self) -> dict[str, int]:
        """Points by series."""
        return {name: len(series) - series.gaps for name, series in self.series.items()}

    def end(self, axis: Axis) -> float:
        """How far the points reach."""
        ends = [s.x(axis)[-1] for s in self.series.values() if len(s)]
        return float(max(ends, default=0.0))

    def _begin(self, event: Mapping[str, Any]) -> None:
        self.stage, self.error = str(event.get("name", "")), ""
        self.epoch, self.epochs = 0, int(event.get("epochs") or 0)
        self.step, self.steps = int(event.get("step") or 0), int(event.get("steps") or 0)
        self.images_per_s = self.eta_s = float("nan")
        if not self.epochs:  # labelling, export, evaluation: nothing is learned
            return
        if not self.boundaries or self.boundaries[-1].stage != self.stage:
            self._part()
        for series in self.series.values():
            series.forget_after(self.boundaries[-1].step + self.step)
        self._epoch_began = float(self.step)
        self.epoch = round(self.step / self._steps_per_epoch)

    def _part(self) -> None:
        """Another network begins to learn."""
        begin = Boundary(self.stage, self.end("step"), float(np.ceil(self.end("epoch"))))
        for series in self.series.values():
            series.part(begin.step, begin.epoch)
        self.boundaries.append(begin)
        self.best = None
        self._steps_per_epoch = max(1.0, self.steps / self.epochs)

    def _learn(self, event: Mapping[str, Any]) -> None:
        self.stage = str(event.get("stage", self.stage))
        self.epoch = int(event.get("epoch") or max(1, self.epoch))
        self.step = int(event.get("step") or 0)
        self.steps = int(event.get("steps") or self.steps)
        self.images_per_s, self.eta_s = number(event.get("images_per_s")), number(event.get("eta_s"))
        part = min(1.0, (self.step - self._epoch_began) / self._steps_per_epoch)
        self._add("loss", self.step, self.epoch - 1 + part, number(event.get("loss")))

    def _judge(self, event: Mapping[str, Any]) -> None:
        self.epoch = int(event.get("epoch") or self.epoch + 1)
        self.step = int(event.get("step") or self.step)
        self._epoch_began, self._steps_per_epoch = float(self.step), max(1.0, self.step / max(1, self.epoch))
        for name in _EPOCH_SERIES:
            self._add(name, self.step, self.epoch, number(event.get(name)))
        if event.get("best") or self.best is None:
            self.best = Best(self.epoch, number(event.get("srcc")), number(event.get("plcc")))

    def _add(self, name: str, step: float, epoch: float, value: float) -> None:
        base = self.boundaries[-1] if self.boundaries else Boundary("", 0.0, 0.0)
        series, at = self.series[name], base.step + step
        if len(series) and at <= series.x("step")[-1]:
            return  # told twice
        series.append(at, base.epoch + epoch, value)


def number(value: Any) -> float:
    """A JSON number; null, which stands for one that does not exist, is NaN."""
    return float("nan") if value is None else float(value)
