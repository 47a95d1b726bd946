"""labelme on the same files: run by labelme's own Python, as a child process of `benchmarks.curation`.

    PYTHON labelme_day.py FOLDER COUNT STEPS OUT.json

Imports nothing of ours, and of labelme only its window; its Qt is whichever it came with. Written for labelme 6.3.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

GLANCE_S: Final = 0.05
PATIENCE_S: Final = 600
SCREEN: Final = (1440, 900)
_BINDINGS: Final = ("PySide6", "PyQt6", "PyQt5")
_NEXT: Final = "d"
"""labelme's key for the next image."""


def binding(window: type) -> str:
    """The Qt that a window class was made with."""
    return next(b for b in _BINDINGS for base in window.__mro__ if base.__module__.startswith(b))


class Day:
    """One window of labelme."""

    def __init__(self, folder: str, count: int) -> None:
        labelme: Any = importlib.import_module("labelme.__main__")
        qt = binding(labelme.MainWindow)
        self.widgets: Any = importlib.import_module(f"{qt}.QtWidgets")
        gui: Any = importlib.import_module("PyQt5.QtWidgets" if qt == "PyQt5" else f"{qt}.QtGui")
        self.app = self.widgets.QApplication(sys.argv[:1])
        self.began = time.perf_counter()
        self.window = labelme.MainWindow(file_or_dir=folder)
        self.window.resize(*SCREEN)
        self.window.show()
        self.wait(lambda: self.listed() == count, "the list of files")
        self.all_listed_s = time.perf_counter() - self.began
        self.wait(lambda: ".jpg" in self.window.windowTitle(), "the first image")
        self.app.processEvents()  # it is painted
        self.first_screen_s = time.perf_counter() - self.began
        actions = self.window.findChildren(gui.QAction)
        self.next = next(a for a in actions if _NEXT in [k.toString().lower() for k in a.shortcuts()])

    def listed(self) -> int:
        """Files in its list."""
        return max(each.count() for each in self.window.findChildren(self.widgets.QListWidget))

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Run its event loop until the condition holds."""
        until = time.perf_counter() + PATIENCE_S
        while not condition():
            self.app.processEvents()
            time.sleep(0.001)
            if time.perf_counter() > until:
                raise SystemExit(f"Gave up waiting for {what} in labelme.")

    def step(self) -> float:
        """To the next image; milliseconds until it is on the canvas."""
        before, began = self.window.windowTitle(), time.perf_counter()
        self.next.trigger()
        self.wait(lambda: self.window.windowTitle() != before, "the next image")
        self.app.processEvents()  # it is painted
        took = 1000 * (time.perf_counter() - began)
        until = time.perf_counter() + GLANCE_S
        self.wait(lambda: time.perf_counter() > until, "a glance")
        return took


def main() -> None:
    """See the module."""
    folder, count, steps, out = sys.argv[1:5]
    day = Day(folder, int(count))
    took = statistics.quantiles([day.step() for _ in range(int(steps))], n=20, method="inclusive")
    found = {
        "first_screen_s": day.first_screen_s,
        "all_listed_s": day.all_listed_s,
        "next_p50_ms": took[9],
        "next_p95_ms": took[18],
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10,
    }
    Path(out).write_text(json.dumps(found))
    os._exit(0)  # its windows ask whether to save; there is nothing to save


if __name__ == "__main__":
    main()
