"""`--smoke-test DIR`: the program goes through a curator's day by itself, with real keys, and writes how it went.

This is how a build is tried where there is no Python (`make build-test`). On a new library: score, rate every face,
undo, export, retrain as deep as the build can, use the result. On one that it has labelled before: find all again.
"""

from __future__ import annotations

import csv
import json
import time
import traceback
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from PySide6.QtCore import QObject, Qt, QTimer

from app.services import worker
from app.services.training.depths import Choice, Depth, recipe_of
from app.ui.label_files.export_dialog import ExportDialog
from app.ui.main_window import MainWindow
from app.ui.training.dialog import RetrainDialog
from engine import edition
from engine.run import State

REPORT: Final = "report.json"
_PATIENCE_S: Final = 900
_LOOK_MS: Final = 20
_LIGHTLY: Final[Depth] = "personalise"
Condition = Callable[[], bool]
Script = Generator[tuple[str, Condition], None, None]


class Rehearsal(QObject):
    """Runs the script: each step names what it waits for; a condition that does not come in time ends it."""

    def __init__(self, window: MainWindow, faces: Path, folder: Path, leave: Callable[[int], object]) -> None:
        """`faces` is opened and has a manifest.csv (path, severity 0 to 4); the report goes to `folder`."""
        super().__init__(window)
        self._faces = faces
        self._window, self._desk, self._folder, self._leave = window, window.desk, folder, leave
        self._born = psutil.Process().create_time()
        self._steps: list[dict[str, Any]] = []
        self._ended: list[State] = []
        self._trouble: list[str] = []
        self._desk.failed.connect(self._trouble.append)
        self._desk.retraining.ended.connect(self._ended.append)
        self._desk.retraining.crashed.connect(lambda how, lines: self._trouble.append("\n".join([how, *lines])))
        folder.mkdir(parents=True, exist_ok=True)
        self._script = self._play()
        self._since, self._now = time.monotonic(), next(self._script)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    # -- running it --------------------------------------------------------------------------------

    def _look(self) -> None:
        try:
            name, comes = self._now
            if not comes():
                if self._trouble or time.monotonic() - self._since > _PATIENCE_S:
                    self._finish(f"waited for: {name}; told: {self._trouble}")
                return
            self._note(name)
            self._since, self._now = time.monotonic(), next(self._script)
        except StopIteration:
            self._finish("")
        except Exception:
            self._finish(traceback.format_exc())

    def _note(self, step: str) -> None:
        self._steps.append(
            {
                "step": step,
                "took_s": round(time.monotonic() - self._since, 3),
                "at_s": round(time.time() - self._born, 3),
                "cpu_s": round(
                    time.process_time(), 3
                ),  # of all threads: on a busy machine this is what can be compared
            }
        )

    def _finish(self, failure: str) -> None:
        self._timer.stop()
        report = {
            "edition": edition.edition(),
            "failure": failure,
            "memory_mb": psutil.Process().memory_info().rss >> 20,
            "steps": self._steps,
        }
        (self._folder / REPORT).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        self._window.grab().save(str(self._folder / "window.png"))
        self._window.close()
        self._leave(1 if failure else 0)

    # -- the script --------------------------------------------------------------------------------

    def _play(self) -> Script:
        window, model = self._window, self._window.model
        samples = _severities(self._faces)
        yield "the window is on screen", lambda: window.isVisible() and not window.visibleRegion().isEmpty()
        yield "the faces are listed", lambda: len(model.columns) >= len(samples)
        yield "every face is scored", window.presenter.all_scored
        if not np.isnan(model.columns.mos).any():
            self._folder.joinpath("found again.txt").write_text(f"{len(model.columns)} labels\n", encoding="utf-8")
            return
        window.activateWindow()
        yield "the window takes keys", window.isActiveWindow
        yield from self._rate(samples)
        yield from self._export(len(samples))
        if edition.edition() == "light":
            yield from self._pack()
            yield from self._retrain(self._by_dialog)
        else:
            yield from self._retrain(self._tiny)

    def _rate(self, samples: dict[str, int]) -> Script:
        """One key a face; the last one is undone and redone."""
        window, model = self._window, self._window.model
        window.central.gallery.setFocus()
        model.step(0)
        image = model.current
        for number in range(len(samples)):
            image = model.current
            grade = 5 - samples[str(model.columns.name[model.row(image)])]
            self._press(Qt.Key(Qt.Key.Key_0 + grade))
            wanted = (grade - 1) / 4
            yield f"face {number + 1} is rated by key", lambda i=image, w=wanted: self._mos(i) == w  # type: ignore[misc]
        self._press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        yield "the last rating is undone", lambda: np.isnan(self._mos(image))
        self._press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        yield "and redone", lambda: not np.isnan(self._mos(image))

    def _export(self, count: int) -> Script:
        file = self._folder / "labels.csv"
        dialog = ExportDialog(self._desk, self._window.files._exported, self._window)
        dialog.layouts.setCurrentIndex(dialog.layouts.findData("csv"))
        dialog.save(file)
        yield "the labels are exported", lambda: file.is_file() and len(_rows(file)) == count

    def _pack(self) -> Script:
        """What the light build cannot do is explained, and packed for the one that can."""
        dialog = yield from self._dialog("finetune")
        if dialog.start.isEnabled() or "full build" not in dialog.reason.text():
            raise AssertionError(f"the light build does not explain itself: {dialog.reason.text()!r}")
        dialog.reject()
        out = self._folder / "packed"
        self._window.training_wiring.pack(Choice("finetune", recipe_of("finetune")), out, "include")
        yield "a fine-tune is packed for the full build", (out / "job.json").is_file

    def _dialog(self, depth: Depth) -> Generator[tuple[str, Condition], None, RetrainDialog]:
        wiring = self._window.training_wiring
        yield "labels suffice to retrain", lambda: wiring.planning.plan is not None and wiring.planning.reason is None
        self._window.actions_["retrain"].trigger()
        yield f"the retraining dialog is open for {depth}", lambda: wiring.planning.dialog is not None
        dialog = wiring.planning.dialog
        assert dialog is not None
        dialog.depths.buttons[depth].click()
        return dialog

    def _by_dialog(self) -> Script:
        dialog = yield from self._dialog(_LIGHTLY)
        dialog.start.click()

    def _tiny(self) -> Script:
        """A fine-tune of the model in use, shorter than the dialog offers."""
        wiring, retraining = self._window.training_wiring, self._desk.retraining
        yield "labels suffice to retrain", lambda: wiring.planning.plan is not None and wiring.planning.reason is None
        job = worker.start(retraining.prepare, "finetune", settings={"student.training.epochs": "1"})
        job.returned.connect(retraining.enqueue)
        job.errored.connect(lambda error: self._trouble.append(str(error)))

    def _retrain(self, begin: Callable[[], Script]) -> Script:
        desk, model_before = self._desk, self._desk.model
        assert model_before is not None
        yield from begin()
        yield "the training has ended", lambda: bool(self._ended)
        run = desk.retraining.run
        if self._ended[0].status != "done" or run is None:
            raise AssertionError(f"the training failed: {self._ended[0]}")
        self._window.training.use_requested.emit(str(run.path))
        yield "its model is in use", lambda: desk.model is not None and desk.model.id != model_before.id
        yield "every face is scored by it", self._window.presenter.all_scored

    # -- hands and eyes ----------------------------------------------------------------------------

    def _press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        from PySide6.QtTest import QTest

        QTest.keyClick(self._window.central.gallery, key, modifier)

    def _mos(self, image_id: int) -> float:
        columns = self._window.model.columns
        return float(columns.mos[self._window.model.row(image_id)])


def _severities(faces: Path) -> dict[str, int]:
    """How much each face was degraded, 0 to 4, by name."""
    found = {}
    for record in _rows(faces / "manifest.csv"):
        steps = [int(n) for n in record["severity"].split(",") if n]
        found[Path(record["path"]).name] = min(4, max(steps, default=0))
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
