"""A long run in the training panel: how soon it is open, and how long the window's event loop stands still.

    python -m benchmarks.curves [--events 100000]

The events go through the real `EventTail`, `RunWatch` and `TrainingPanel`. A timer of 0 ms notes the longest gap
between two turns of the event loop, while the file is read and while further events are appended and drawn at 10 Hz.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine import recipes
from engine.manifest import Manifest
from engine.run import RunDirectory

_EPOCH: Final = 100
_LIVE_S: Final = 2.0


@dataclass(frozen=True)
class Found:
    """What was measured."""

    points: int
    opened_s: float
    """From `begin` to the last event in the plot's history and a redraw after it."""
    longest_stall_ms: float
    live_stall_ms: float
    """While 20 events a second come in."""
    live_redraws: float
    """Per second."""
    opened_cpu_s: float
    """Processor time of the same: what an idle machine would take, however busy this one is."""
    longest_work_ms: float
    """The most processor time between two turns of the event loop."""


def lay_down(path: Path, events: int) -> RunDirectory:
    """A run with so many step events, and an epoch after every hundredth of them."""
    run = RunDirectory.create(path, recipe=recipes.load("tiny"), manifest=Manifest(()))
    run.claim()
    run.emit("stage", name="student", steps=events, epochs=_EPOCH, step=0, images=64)
    each = events // _EPOCH
    with run.events_file.open("a", encoding="utf-8") as stream:
        for step in range(1, events + 1):
            stream.write(json.dumps(_step(step, events, each)) + "\n")
            if step % each == 0:
                values = dict.fromkeys(("srcc", "plcc", "krcc"), 0.9 - 1 / (1 + step / each))
                epoch = {"type": "epoch", "at": _at(step), "stage": "student", "epoch": step // each, "step": step}
                stream.write(json.dumps({**epoch, **values, "rmse": 0.1, "val_loss": 0.1, "best": True}) + "\n")
    return run


def _at(step: int) -> str:
    return f"2026-11-24T{step // 36000 % 24:02}:{step // 600 % 60:02}:{step // 10 % 60:02}.{step % 10}00+00:00"


def _step(step: int, events: int, each: int) -> dict[str, object]:
    loss = 0.1 + math.exp(-step / events * 5) + 0.05 * math.sin(step * 12.9898)
    parts = {"loss": loss, "mse": loss / 3, "plcc_loss": loss / 2, "lr": 1e-3, "images_per_s": 41.0, "eta_s": 60.0}
    place = {"epoch": (step - 1) // each + 1, "step": step, "steps": events}
    return {"type": "step", "at": _at(step), "stage": "student", **place, **parts}


def measure(path: Path, *, events: int) -> Found:
    """Needs a QApplication."""
    from PySide6.QtCore import QEventLoop, QTimer

    from app.services.training.run_watch import RunWatch
    from app.ui.training.panel import TrainingPanel

    run = lay_down(path, events)
    panel = TrainingPanel()
    panel.resize(1200, 360)
    panel.show()
    panel.curves.set_smoothing(0.9)
    loop = QEventLoop()
    beat, gaps, works, last = QTimer(), [0.0], [0.0], [time.perf_counter(), time.thread_time()]

    def tick() -> None:
        now = [time.perf_counter(), time.thread_time()]
        gaps.append(1000 * (now[0] - last[0]))
        works.append(1000 * (now[1] - last[1]))
        last[:] = now

    beat.timeout.connect(tick)
    beat.start(0)
    QTimer.singleShot(300, loop.quit)
    loop.exec()  # the window is painted
    gaps.clear()
    works.clear()
    began, worked = last[:] = time.perf_counter(), time.thread_time()
    panel.begin(run)
    watch = RunWatch(run)
    watch.events.connect(panel.on_events)
    while panel.curves.point_counts()["loss"] < events:
        loop.processEvents()
    seen = panel.curves.redraws
    panel.curves.refresh()
    while panel.curves.redraws == seen:
        loop.processEvents()
    opened, cpu, longest = time.perf_counter() - began, time.thread_time() - worked, max(gaps)
    gaps.clear()
    extra, redraws = QTimer(), panel.curves.redraws
    number = [events]

    def more() -> None:
        number[0] += 1
        with run.events_file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(_step(number[0], events, events // _EPOCH)) + "\n")
        panel.curves.refresh()

    extra.timeout.connect(more)
    extra.start(50)
    QTimer.singleShot(int(1000 * _LIVE_S), loop.quit)
    loop.exec()
    extra.stop()
    beat.stop()
    watch.stop()
    redrawn = (panel.curves.redraws - redraws) / _LIVE_S
    points = panel.curves.point_counts()["loss"]
    panel.close()
    panel.deleteLater()
    return Found(points, opened, longest, max(gaps), redrawn, cpu, max(works))


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    options = parser.parse_args()

    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder, "run"), events=options.events)
    print(f"{found.points:,} events: open in {found.opened_s:.2f} s, longest stall {found.longest_stall_ms:.0f} ms")
    print(f"(processor time: {found.opened_cpu_s:.2f} s, at most {found.longest_work_ms:.0f} ms in one turn)")
    print(f"live: {found.live_redraws:.1f} redraws a second, longest stall {found.live_stall_ms:.0f} ms")
    application.quit()


if __name__ == "__main__":
    main()
