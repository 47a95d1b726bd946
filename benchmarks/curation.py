"""A curator's day in numbers: open, browse, sort, filter and rate thousands of files in the real window.

    python -m benchmarks.curation FOLDER [--count 10000] [--ratings 1000] [--steps 200] [--json FILE]
                                  [--labelme COMMAND]

FOLDER gives small JPEG faces; they are copied to `--count` distinct files in a temporary folder. The window runs
offscreen unless QT_QPA_PLATFORM says otherwise, on a new library, with the bundled model scoring all the while.

The peer: `COMMAND FOLDER` is run on the same files where it is given, and prints one JSON object with the seconds
`first_screen_s`, `all_listed_s` and the milliseconds `next_p50_ms`, `next_p95_ms` of its own program, which is no
dependency of ours. Without it its column says "not measured". The goals are those of design section 5.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import json
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from rich.console import Console
from rich.table import Table

from app.library import columns as stored
from app.library.query import compile_query, load_context
from app.ui.application import Program, arguments
from app.ui.main_window import MainWindow
from benchmarks.faces import fill, small_jpegs

KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)
FILTER = "mos:none AND student:>0.3 AND NOT flag:reject"
GLANCE_S = 0.05
_AS_THE_PROGRAM = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
"""A loop that did not sleep between events would keep Python's lock from every other thread."""
PATIENCE_S = 120
GOALS = {
    "reopen: first screen, s": 0.5,
    "reopen: all listed, s": 5.0,
    "next image p95, ms": 30.0,
    "sort by score, ms": 100.0,
    "sort by name, ms": 100.0,
    "filter, ms": 100.0,
    "filter with the raters' facts, ms": 100.0,
    "rating: durable p95, ms": 10.0,
    "longest stall while rating and scoring, ms": 100.0,
    "memory, MB": 600.0,
}
PEER = {
    "new library: first rows, s": "first_screen_s",
    "new library: all listed, s": "all_listed_s",
    "next image p50, ms": "next_p50_ms",
    "next image p95, ms": "next_p95_ms",
}


class Stalls(QObject):
    """How long the window's thread was away from its event loop."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=2)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def restart(self) -> None:
        """Count from now."""
        self.longest, self._last = 0.0, time.perf_counter()


def wait(condition: Callable[[], bool], what: str) -> float:
    """Run the event loop until the condition holds; seconds it took."""
    began = time.perf_counter()
    while not condition():
        QApplication.processEvents(_AS_THE_PROGRAM)
        if time.perf_counter() - began > PATIENCE_S:
            raise SystemExit(f"Gave up waiting for {what}.")
    return time.perf_counter() - began


class Session:
    """The program on one library, as `fiqa-desktop --library DIR [FOLDER]` starts it."""

    def __init__(self, app: QApplication, *options: str) -> None:
        parsed = arguments([*options, "--rater", "Ada"])
        self.program = Program(app, parsed)
        self.began = time.perf_counter()
        self.program.open(parsed.library.absolute())
        wait(lambda: self.program.window is not None, "the window")

    @property
    def window(self) -> MainWindow:
        assert self.program.window is not None
        return self.program.window

    def since_start(self, condition: Callable[[], bool], what: str) -> float:
        wait(condition, what)
        return time.perf_counter() - self.began

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        self.program.window = None
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def memory_mb() -> float:
    return float(psutil.Process().memory_info().rss / 2**20)


def opening(session: Session, count: int, name: str) -> dict[str, float]:
    """Until rows are there, until the screen has pictures, until everything is listed."""
    window = session.window
    found = {f"{name}: first rows, s": session.since_start(lambda: len(window.model) > 0, "rows")}
    found[f"{name}: first screen, s"] = session.since_start(window.all_pictured, "pictures")
    listed = session.since_start(
        lambda: len(window.model.columns) == count and not window.desk.scanner.is_scanning(), "the scan"
    )
    return found | {f"{name}: all listed, s": listed}


def timed_ms(work: Callable[[], object], repeats: int = 5) -> float:
    """Median milliseconds."""
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return 1000 * float(np.median(took))


def ordering(window: MainWindow) -> dict[str, float]:
    """Sorts as the gallery makes them, filters as the desk does."""
    model, library = window.model, window.desk.library
    flip = {"on": False}

    def sort(key: str) -> None:
        flip["on"] = not flip["on"]
        model.set_query(sort=key, descending=flip["on"])

    found = {f"sort by {key}, ms": timed_ms(lambda key=key: sort(key)) for key in ("score", "name")}  # type: ignore[misc]
    plain, mine = compile_query(FILTER), compile_query("is:mine OR split:test")
    found["filter, ms"] = timed_ms(lambda: plain(model.columns))
    found["reading a filter's facts (in the background), ms"] = timed_ms(
        lambda: load_context(library, mine.needs, "Ada"), 3
    )
    context = load_context(library, mine.needs, "Ada")
    found["filter with the raters' facts, ms"] = timed_ms(lambda: mine(model.columns, context))
    desk = window.desk
    assert desk.model is not None
    model_id, preprocessing_id = desk.model.id, desk.model.preprocessing_id
    found["reading all columns (in the background), ms"] = timed_ms(
        lambda: stored.load(library, model_id=model_id, preprocessing_id=preprocessing_id), 3
    )
    return found


def stepping(window: MainWindow, steps: int) -> dict[str, float]:
    """From the key to the next image on the canvas, one after the other."""
    model, loupe = window.model, window.central.loupe
    model.set_current(model.id_at(0))
    window.central.show_mode("loupe")
    wait(lambda: loupe.shown == model.current, "the first image")
    took = []
    for _ in range(steps):
        began = time.perf_counter()
        model.step(1)
        wait(lambda: loupe.shown == model.current, "the next image")
        took.append(1000 * (time.perf_counter() - began))
        until = time.perf_counter() + GLANCE_S
        wait(lambda: time.perf_counter() > until, "a curator's glance")  # noqa: B023
    return {"next image p50, ms": float(np.percentile(took, 50)), "next image p95, ms": float(np.percentile(took, 95))}


def rating(window: MainWindow, count: int, stalls: Stalls) -> dict[str, float]:
    """A scripted curator: a key, its label on the disk, the next image; scoring runs all the while."""
    model, loupe, desk = window.model, window.central.loupe, window.desk
    model.set_current(model.id_at(0))
    wait(lambda: loupe.shown == model.current, "the first image")
    durable: list[float] = []
    following: list[float] = []
    acks: list[float] = []
    desk.edited.connect(lambda _changes: acks.append(time.perf_counter()))
    stalls.restart()
    for number in range(count):
        before, known = model.current, len(acks)
        began = time.perf_counter()
        QTest.keyClick(loupe, KEYS[number * 7 % 5])
        wait(lambda: len(acks) > known, "a label")  # noqa: B023
        durable.append(1000 * (acks[-1] - began))
        wait(lambda: model.current != before and loupe.shown == model.current, "the next image")  # noqa: B023
        following.append(1000 * (time.perf_counter() - began))
    return {
        "rating: durable p50, ms": float(np.percentile(durable, 50)),
        "rating: durable p95, ms": float(np.percentile(durable, 95)),
        "rating: next image p95, ms": float(np.percentile(following, 95)),
        "longest stall while rating and scoring, ms": 1000 * stalls.longest,
    }


def peer(command: str | None, folder: Path) -> dict[str, float]:
    """What the peer says of itself on the same files; empty where it was not asked."""
    if not command:
        return {}
    told = subprocess.run([*shlex.split(command), str(folder)], capture_output=True, text=True, check=True).stdout
    said = json.loads(told.strip().splitlines()[-1])
    return {ours: float(said[theirs]) for ours, theirs in PEER.items() if theirs in said}


def measure(options: argparse.Namespace) -> dict[str, float]:
    """All of it, on one set of files."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(options.place / "settings"))
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    library, faces = str(options.place / "library"), options.place / "faces"
    fill(faces, small_jpegs(options.folder), options.count)
    stalls = Stalls()
    session = Session(app, str(faces), "--library", library)
    found = opening(session, options.count, "new library")
    found["longest stall while scanning and scoring, ms"] = 1000 * stalls.longest
    session.close()
    session = Session(app, "--library", library)
    found |= opening(session, options.count, "reopen")
    session.window.desk.scoring.pause()
    found |= ordering(session.window)
    found |= stepping(session.window, options.steps)
    session.window.desk.scoring.resume()
    found |= rating(session.window, options.ratings, stalls)
    found["memory, MB"] = memory_mb()
    session.close()
    return found


def show(found: dict[str, float], other: dict[str, float], count: int) -> None:
    """A table for people."""
    table = Table("", "ours", "goal", "labelme", title=f"{count:,} files")
    for name, value in found.items():
        goal = GOALS.get(name)
        mark = "" if goal is None else f"{goal:g} {'reached' if value <= goal else 'missed'}"
        theirs = f"{other[name]:.1f}" if name in other else "not measured" if name in PEER else ""
        table.add_row(name, f"{value:.2f}" if value < 10 else f"{value:.0f}", mark, theirs)
    Console().print(table)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--ratings", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--labelme", help="a command that measures the peer on a folder and prints JSON")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        options.place = Path(place)
        os.environ["XDG_CACHE_HOME"] = os.environ["FIQA_HOME"] = str(options.place / "home")
        os.environ["XDG_CONFIG_HOME"] = str(options.place / "config")
        found = measure(options)
        other = peer(options.labelme, options.place / "faces")
    show(found, other, options.count)
    if options.json:
        options.json.write_text(json.dumps({"count": options.count, "ours": found, "labelme": other}, indent=1))


if __name__ == "__main__":
    main()
