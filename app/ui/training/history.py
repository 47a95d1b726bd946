"""What a run has told so far, as arrays that curves are drawn from. No Qt.

The events of one run go in, in the order of its file; a run found again or resumed gives the same history as one that
was watched from its start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np

from app.ui.training.series import COLUMNS, Array, Axis, Series

STEP_SERIES: Final = ("loss", "mse", "plcc_loss", "lr")
EPOCH_SERIES: Final = ("val_loss", "srcc", "plcc", "krcc", "rmse")
SERIES: Final = (*STEP_SERIES, *EPOCH_SERIES)
_AT: Final = itemgetter("at")
_UTC: Final = np.frombuffer(b"+00:00", np.uint8)


@dataclass(frozen=True)
class Boundary:
    """Where a stage begins, along every axis."""

    stage: str
    step: float
    epoch: float
    time: float

    def at(self, axis: Axis) -> float:
        return float(getattr(self, axis))


@dataclass(frozen=True)
class Best:
    """The epoch whose weights are kept so far."""

    epoch: int
    srcc: float
    plcc: float


class History:
    """One run's series, its stages, and where it stands."""

    def __init__(self, events: Iterable[Mapping[str, Any]] = ()) -> None:
        self.series: Final = {name: Series() for name in SERIES}
        self.boundaries: list[Boundary] = []
        """Where each network's training begins."""
        self.stages: list[Boundary] = []
        """Where each stage begins: those that learn nothing (pseudo-labels, export, evaluation) too."""
        self.stage = ""
        self.epoch, self.epochs = 0, 0
        self.step, self.steps = 0, 0
        self.images_per_s = self.eta_s = float("nan")
        self.best: Best | None = None
        self.warnings: list[str] = []
        self.error = ""
        self._epoch_began, self._steps_per_epoch = 0.0, 1.0
        self._clock = _Clock()
        self.append(events)

    def append(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Take in events; types that say nothing about progress are passed over."""
        for are_steps, group in groupby(events, key=_is_step):
            if are_steps:
                self._learn(list(group))
                continue
            for event in group:
                self._take(event)

    def _take(self, event: Mapping[str, Any]) -> None:
        """An event that is no step."""
        match event.get("type"):
            case "stage":
                self._begin(event)
            case "epoch":
                self._judge(event)
            case "warning":
                self.warnings.append(str(event.get("message", "")))
            case "error":
                self.error = f"{event.get('message', '')} {event.get('remedy', '')}".strip()
        self._clock.read(event)

    def counts(self) -> dict[str, int]:
        """Points by series."""
        return {name: len(series) - series.gaps for name, series in self.series.items()}

    def end(self, axis: Axis) -> float:
        """How far the points and the stages reach."""
        ends = [s.x(axis)[-1] for s in self.series.values() if len(s)] + [b.at(axis) for b in self.stages[-1:]]
        return float(max(ends, default=0.0))

    def _begin(self, event: Mapping[str, Any]) -> None:
        if event.get("name") == self.stage:
            self._clock.stand_still(event)  # resumed: nothing worked since the event before
        self.stage, self.error = str(event.get("name", "")), ""
        self.epoch, self.epochs = 0, int(event.get("epochs") or 0)
        self.step, self.steps = int(event.get("step") or 0), int(event.get("steps") or 0)
        self.images_per_s = self.eta_s = float("nan")
        time = self._clock.read(event)
        if not self.epochs:  # labelling, export, evaluation: nothing is learned
            self._mark(self._here(time))
            return
        if not self.boundaries or self.boundaries[-1].stage != self.stage:
            self._part(time)
        for series in self.series.values():
            series.forget_after(self.boundaries[-1].step + self.step)
        self._epoch_began = float(self.step)
        self.epoch = round(self.step / self._steps_per_epoch)

    def _part(self, time: float) -> None:
        """Another network begins to learn."""
        begin = self._here(time)
        for series in self.series.values():
            series.part(begin.step, begin.epoch, begin.time)
        self.boundaries.append(begin)
        self._mark(begin)
        self.best = None
        self._steps_per_epoch = max(1.0, self.steps / self.epochs)

    def _here(self, time: float) -> Boundary:
        return Boundary(self.stage, self.end("step"), float(np.ceil(self.end("epoch"))), time)

    def _mark(self, begin: Boundary) -> None:
        """A stage that goes on after a stop has its mark already."""
        if not self.stages or self.stages[-1].stage != begin.stage:
            self.stages.append(begin)

    def _learn(self, events: list[Mapping[str, Any]]) -> None:
        """Steps that follow each other, in one go: a long run found again has a hundred thousand."""
        last = events[-1]
        self.stage = str(last.get("stage", self.stage))
        step, epoch = np.nan_to_num(_column(events, "step")), np.nan_to_num(_column(events, "epoch"))
        epoch[epoch == 0] = max(1, self.epoch)
        self.epoch, self.step = int(epoch[-1]), int(step[-1])
        self.steps = int(last.get("steps") or self.steps)
        self.images_per_s, self.eta_s = number(last.get("images_per_s")), number(last.get("eta_s"))
        part = np.minimum(1.0, (step - self._epoch_began) / self._steps_per_epoch)
        base = self.boundaries[-1] if self.boundaries else Boundary("", 0.0, 0.0, 0.0)
        places = np.empty((len(events), COLUMNS))
        places[:, 0], places[:, 1] = base.step + step, base.epoch + epoch - 1 + part
        places[:, 2] = self._clock.read_all(events)
        for name in STEP_SERIES:
            if name in last:
                places[:, -1] = _column(events, name)
                self.series[name].extend(places)

    def _judge(self, event: Mapping[str, Any]) -> None:
        self.epoch = int(event.get("epoch") or self.epoch + 1)
        self.step = int(event.get("step") or self.step)
        self._epoch_began, self._steps_per_epoch = float(self.step), max(1.0, self.step / max(1, self.epoch))
        base = self.boundaries[-1] if self.boundaries else Boundary("", 0.0, 0.0, 0.0)
        place = (base.step + self.step, base.epoch + self.epoch, self._clock.read(event))
        for name in EPOCH_SERIES:
            if name in event:
                self.series[name].extend(np.array([[*place, number(event[name])]]))
        if event.get("best") or self.best is None:
            self.best = Best(self.epoch, number(event.get("srcc")), number(event.get("plcc")))


class _Clock:
    """Minutes of work so far. A pause counts; the time between a crash or cancel and the resumption does not."""

    def __init__(self) -> None:
        self._zero = self._last = float("nan")

    def read(self, event: Mapping[str, Any]) -> float:
        """Minutes of work up to this event; an event without a time stands where the one before stood."""
        at = _seconds(event)
        if not np.isfinite(self._zero):
            self._zero = at
        if np.isfinite(at):
            self._last = at
        return (self._last - self._zero) / 60.0 if np.isfinite(self._last) else 0.0

    def read_all(self, events: Sequence[Mapping[str, Any]]) -> Array:
        """`read` of each, in their order."""
        at = _all_seconds(events)
        known = np.flatnonzero(np.isfinite(at))
        if len(known) and not np.isfinite(self._zero):
            self._zero = at[known[0]]
        latest = np.maximum.accumulate(np.where(np.isfinite(at), np.arange(len(at)), -1))
        at = np.where(latest >= 0, at[latest], self._last)
        self._last = float(at[-1])
        return np.where(np.isfinite(at), (at - self._zero) / 60.0, 0.0)

    def stand_still(self, event: Mapping[str, Any]) -> None:
        """Leave out the time from the event before to this one."""
        apart = _seconds(event) - self._last
        if np.isfinite(apart):
            self._zero += apart
            self._last += apart


def _seconds(event: Mapping[str, Any]) -> float:
    try:
        return datetime.fromisoformat(event["at"]).timestamp()
    except (KeyError, TypeError, ValueError):
        return float("nan")


def _all_seconds(events: Sequence[Mapping[str, Any]]) -> Array:
    """`_seconds` of each; times in UTC, as a run writes them, in one go."""
    try:
        letters = np.frombuffer("".join(map(_AT, events)).encode("ascii"), np.uint8).reshape(len(events), -1)
        if (letters[:, -len(_UTC) :] == _UTC).all():
            texts = np.ascontiguousarray(letters[:, : -len(_UTC)])
            stamps = texts.view(f"S{texts.shape[1]}").ravel().astype("datetime64[ms]")
            return stamps.astype(np.int64) / 1000.0
    except (KeyError, TypeError, ValueError):
        pass
    return np.array([_seconds(e) for e in events], dtype=np.float64)


def _column(events: Sequence[Mapping[str, Any]], name: str) -> Array:
    """The numbers of one key [N]; NaN for null and for a key that is not there."""
    try:
        return np.fromiter(map(itemgetter(name), events), np.float64, len(events))
    except (KeyError, TypeError):
        return np.array([e.get(name) for e in events], dtype=np.float64)


def _is_step(event: Mapping[str, Any]) -> bool:
    return event.get("type") == "step"


def number(value: Any) -> float:
    """A JSON number; null, which stands for one that does not exist, is NaN."""
    return float("nan") if value is None else float(value)
