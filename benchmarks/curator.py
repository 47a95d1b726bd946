"""One program, one library, one scripted curator: the numbers of a day, as a child process of `benchmarks.curation`.

    python -m benchmarks.curator PLACE COUNT --ratings 1000 --steps 200 --out FILE.json [--first]

PLACE holds `faces` (COUNT files); library, caches and settings are made beside them. `--first` opens the folder in a
new library and leaves; without it the library is opened again and the whole day is worked through.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import psutil
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.library import columns as stored
from app.library.query import compile_query, load_context
from app.services import worker
from app.services.collector import CalmCollector
from app.services.memory import share_heaps
from app.ui.application import Program, arguments
from app.ui.main_window import MainWindow
from benchmarks.disk import bare_commits

Found = dict[str, float]
KEYS: Final = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)
FILTER: Final = "mos:none AND student:>0.3 AND NOT flag:reject"
SCREEN: Final = (1440, 900)
PAGES: Final = 30
ALONE: Final = 200
GLANCE_S: Final = 0.05
PATIENCE_S: Final = 600
_AS_THE_PROGRAM: Final = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
"""A loop that did not sleep between events would keep Python's lock from every other thread."""


class Stalls(QObject):
    """How long the window's thread was away from its event loop."""

    def __init__(self) -> None:
        super().__init__()
        self._beats: list[float] = []
        self._worked: list[float] = []
        self.restart()
        self._timer = QTimer(self, interval=2)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.thread_time()
        self._beats.append(1000 * (now - self._last))
        self._worked.append(1000 * (worked - self._last_worked))
        self._last, self._last_worked = now, worked

    def restart(self) -> None:
        """Count from now."""
        self._beats, self._last = [], time.perf_counter()
        self._worked, self._last_worked = [], time.thread_time()

    def longest(self) -> float:
        """Milliseconds."""
        return max(self._beats, default=0.0)

    def longest_work(self) -> float:
        """Milliseconds of the processor: what it would be on an idle machine."""
        return max(self._worked, default=0.0)

    def beyond(self, ms: float) -> float:
        """How many were longer."""
        return float(sum(beat > ms for beat in self._beats))


def wait(condition: Callable[[], bool], what: str) -> float:
    """Run the event loop until the condition holds; seconds it took."""
    began = time.perf_counter()
    while not condition():
        QApplication.processEvents(_AS_THE_PROGRAM)
        if time.perf_counter() - began > PATIENCE_S:
            raise SystemExit(f"Gave up waiting for {what}.")
    return time.perf_counter() - began


def glance() -> None:
    """A curator looks for a moment."""
    until = time.perf_counter() + GLANCE_S
    wait(lambda: time.perf_counter() > until, "a curator's glance")


class Session:
    """The program on one library, as `fiqa-desktop --library DIR [FOLDER]` starts it."""

    def __init__(self, app: QApplication, *options: str) -> None:
        parsed = arguments([*options, "--rater", "Ada"])
        self.program = Program(app, parsed)
        self.began = time.perf_counter()
        self.program.open(parsed.library.absolute())
        wait(lambda: self.program.window is not None, "the window")
        self.window.resize(*SCREEN)

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


def opening(session: Session, count: int, name: str) -> Found:
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


def ordering(window: MainWindow) -> Found:
    """Sorts as the gallery makes them, filters as the desk does; a name is looked at for the first time only once."""
    model, library = window.model, window.desk.library

    def sort(key: str) -> None:
        model.set_query(sort=key, descending=not model.query.descending)

    found = {"sort by name the first time, ms": timed_ms(lambda: sort("name"), 1)}
    found |= {f"sort by {key}, ms": timed_ms(lambda key=key: sort(key)) for key in ("score", "name")}  # type: ignore[misc]
    plain, mine = compile_query(FILTER), compile_query("is:mine OR split:test")
    found["filter, ms"] = timed_ms(lambda: plain(model.columns))
    found["reading a filter's facts (beside the window), ms"] = timed_ms(
        lambda: load_context(library, mine.needs, "Ada"), 3
    )
    context = load_context(library, mine.needs, "Ada")
    found["filter with the raters' facts, ms"] = timed_ms(lambda: mine(model.columns, context))
    in_use = window.desk.model
    assert in_use is not None
    found["reading all columns (beside the window), ms"] = timed_ms(
        lambda: stored.load(library, model_id=in_use.id, preprocessing_id=in_use.preprocessing_id), 3
    )
    return found


def paging(window: MainWindow) -> Found:
    """Through the grid, screen by screen: thumbnails come, and memory fills as it does in use."""
    bar, took = window.central.gallery.verticalScrollBar(), []
    for _ in range(PAGES):
        bar.setValue(bar.value() + bar.pageStep())
        took.append(1000 * wait(window.all_pictured, "thumbnails"))
    bar.setValue(0)
    return {"next screen with all its thumbnails p50, ms": float(np.percentile(took, 50))}


def stepping(window: MainWindow, steps: int) -> Found:
    """From the key to the next image on the canvas, one after the other."""
    model, loupe = window.model, window.central.loupe
    to_first_image(window)
    took = []
    for _ in range(steps):
        began = time.perf_counter()
        QTest.keyClick(loupe, Qt.Key.Key_Right)
        wait(lambda: loupe.shown == model.current, "the next image")
        took.append(1000 * (time.perf_counter() - began))
        glance()
    return {"next image p50, ms": float(np.percentile(took, 50)), "next image p95, ms": float(np.percentile(took, 95))}


def to_first_image(window: MainWindow) -> None:
    """Into the loupe, at the beginning."""
    window.model.set_current(window.model.id_at(0))
    window.central.show_mode("loupe")
    wait(lambda: window.central.loupe.shown == window.model.current, "the first image")


def rating(window: MainWindow, count: int, stalls: Stalls, name: str) -> Found:
    """As fast as the window lets: a key, its label on the disk, the next image. Each image once."""
    model, loupe, desk = window.model, window.central.loupe, window.desk
    durable: list[float] = []
    following: list[float] = []
    acks: list[float] = []
    note = desk.edited.connect(lambda _changes: acks.append(time.perf_counter()))
    stalls.restart()
    for number in range(count):
        before, known = model.current, len(acks)
        began = time.perf_counter()
        QTest.keyClick(loupe, KEYS[number * 7 % 5])
        wait(lambda: len(acks) > known, "a label")  # noqa: B023
        durable.append(1000 * (acks[-1] - began))
        wait(lambda: model.current != before and loupe.shown == model.current, "the next image")  # noqa: B023
        following.append(1000 * (time.perf_counter() - began))
    desk.edited.disconnect(note)
    return {
        f"{name}: durable p50, ms": float(np.percentile(durable, 50)),
        f"{name}: durable p95, ms": float(np.percentile(durable, 95)),
        f"{name}: next image p95, ms": float(np.percentile(following, 95)),
        f"{name}: longest stall, ms": stalls.longest(),
        f"{name}: most work between two events, ms of the processor": stalls.longest_work(),
        f"{name}: stalls over 100 ms": stalls.beyond(100),
    }


def the_first_day(app: QApplication, place: Path, count: int, stalls: Stalls) -> Found:
    """A folder that no library knows yet; scoring begins while it is listed."""
    session = Session(app, str(place / "faces"), "--library", str(place / "library"))
    stalls.restart()  # the window is up
    found = opening(session, count, "new library")
    found["new library: longest stall while listing, ms"] = stalls.longest()
    session.close()
    return found


def the_next_day(app: QApplication, options: argparse.Namespace, stalls: Stalls) -> Found:
    """The library again: look through it, then label."""
    session = Session(app, "--library", str(options.place / "library"))
    found = opening(session, options.count, "reopen")
    window = session.window
    window.desk.scoring.pause()
    found |= ordering(window)
    found |= paging(window)
    found |= stepping(window, options.steps)
    to_first_image(window)
    found |= bare_commits(options.place, "rating alone")
    found |= rating(window, min(ALONE, options.ratings), stalls, "rating alone")
    window.desk.scoring.resume()
    found |= bare_commits(options.place, "rating while scoring")
    found |= rating(window, options.ratings, stalls, "rating while scoring")
    found["scored meanwhile, images"] = float(np.isfinite(window.model.columns.score).sum())
    found["memory, MB"] = float(psutil.Process().memory_info().rss / 2**20)
    session.close()
    return found


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--ratings", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--first", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "FIQA_HOME"):
        os.environ[name] = str(options.place / name.lower())
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(options.place / "settings"))
    share_heaps()  # this and the next lines: as `app.ui.application.run` begins
    app = QApplication([])
    worker.favour_the_window()
    collector, stalls = CalmCollector(app), Stalls()
    day = the_first_day(app, options.place, options.count, stalls) if options.first else None
    options.out.write_text(json.dumps(day if day is not None else the_next_day(app, options, stalls)))
    collector.close()


if __name__ == "__main__":
    main()
