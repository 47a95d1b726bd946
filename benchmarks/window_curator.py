"""Somebody at the real window: labels faces by a stated taste, chooses depths, presses its buttons, and waits."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image, ImageOps
from PySide6.QtCore import QEventLoop, QTimer

from app.library import edits, snapshot
from app.services.advice import Advice
from app.services.training.depths import Depth
from benchmarks.curator import Session
from engine import recipes
from engine.image import list_images
from engine.run import RunDirectory
from tests import curator

PATIENCE_S: Final = 3600
SIDE: Final = 384
_LOOK_MS: Final = 20


def wait(condition: Callable[[], bool], what: str) -> None:
    """Run the event loop until the condition holds."""
    loop, look, late = QEventLoop(), QTimer(interval=_LOOK_MS), QTimer(singleShot=True, interval=1000 * PATIENCE_S)
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    late.timeout.connect(lambda: loop.exit(1))
    look.start()
    late.start()
    if loop.exec() != 0:
        raise SystemExit(f"Gave up waiting for {what}.")


# -- the faces ---------------------------------------------------------------------------------------------------------


def originals(folder: Path, into: Path, count: int) -> list[Path]:
    """One picture of each person, cut square; at most `count`."""
    table = folder / "manifest.csv"
    people: dict[str, Path] = {}
    if table.is_file():
        with table.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                people.setdefault(row.get("group") or row["path"], folder / row["path"])
    files = list(people.values()) or list_images(folder)
    chosen = np.random.default_rng(0).permutation(len(files))[:count]
    into.mkdir()
    return [_square(files[k], into / f"{number:04}.png") for number, k in enumerate(chosen)]


def _square(file: Path, target: Path) -> Path:
    image = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    ImageOps.fit(image, (SIDE, SIDE), Image.Resampling.LANCZOS).save(target)
    return target


# -- the curator -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spent:
    """What something took: seconds of the clock, of this process's processor time, of that of ended child processes."""

    seconds: float
    own: float
    children: float

    @staticmethod
    def until_now() -> Spent:
        """Since this process began; children count when they have ended. Windows does not tell of children: 0."""
        times = os.times()
        return Spent(time.perf_counter(), times.user + times.system, times.children_user + times.children_system)

    def since(self, before: Spent) -> Spent:
        """From `before` to this."""
        return Spent(self.seconds - before.seconds, self.own - before.own, self.children - before.children)

    def __str__(self) -> str:
        return (
            f"{self.seconds:.1f} s of the clock; of the processor {self.own:.1f} s in the window, "
            f"{self.children:.1f} s in its child processes"
        )


@dataclass(frozen=True)
class Trained:
    """A training from the window."""

    run: RunDirectory
    spent: Spent

    @property
    def gain(self) -> Mapping[str, Any]:
        """SRCC of both models on the test split, and the paired difference."""
        test = (self.run.report or {})["splits"]["test"]
        values = {who: test[who]["srcc"]["value"] for who in ("candidate", "baseline")}
        return {**values, **test["difference"]["srcc"], "verdict": test["verdict"], "n": test["n"]}


class Curator:
    """Somebody at the window: labels faces, chooses depths, presses its buttons."""

    def __init__(self, session: Session, faces: list[curator.Face], seed: int) -> None:
        self.window, self.desk = session.window, session.window.desk
        self.desk.failed.connect(_stop)
        wait(lambda: len(self.columns) == len(faces) and self.window.presenter.all_scored(), "all scores")
        ids = dict(zip(self.columns.path.tolist(), self.columns.id.tolist(), strict=True))
        self.faces = {ids[str(face.path)]: face for face in faces}
        self.order = np.random.default_rng(seed).permutation(list(self.faces)).tolist()
        self.labelled = 0

    @property
    def columns(self) -> Any:
        """What the gallery shows."""
        return self.window.model.columns

    def scores(self) -> dict[int, float]:
        """Raw, by image."""
        return dict(zip(self.columns.id.tolist(), self.columns.score.tolist(), strict=True))

    def label(self, count: int) -> None:
        """Say what one thinks of faces until so many have a label."""
        self.correct({i: self.faces[i].mos for i in self.order[self.labelled : count]})
        self.labelled = count

    def correct(self, said: Mapping[int, float]) -> None:
        """Set these MOS, one act each, and wait until the window has taken them in."""
        rater_id, done, shown = self.desk.rater.id, list[object](), list[object]()

        def give() -> None:
            for image_id, mos in said.items():
                edits.correct(self.desk.library, [image_id], mos, rater_id=rater_id, session_id=None)

        self.desk.writer.submit(give, on_done=done.append)
        wait(lambda: bool(done), "the labels on the disk")  # only then: what is still being read may be older
        slot = self.desk.columns_ready.connect(lambda *_: shown.append(None))
        self.desk.reload()
        wait(lambda: bool(shown), "the labels in the window")
        self.desk.columns_ready.disconnect(slot)
        told = self.columns.mos[self.columns.rows_of(list(said))]
        assert np.allclose(told, list(said.values()), atol=1e-6), "the window shows other labels"
        self.window.training_wiring.planning.plan = None
        self.window.training_wiring.planning.refresh()
        wait(lambda: self.window.training_wiring.planning.plan is not None, "the plan")

    def train(self, depth: Depth, recipe: recipes.Recipe | None = None) -> Trained:
        """Two clicks (and Advanced, where there is a recipe), then wait for the end."""
        self.window.training.side.retrain.click()
        dialog = self.window.training_wiring.planning.dialog
        assert dialog is not None
        dialog.depths.buttons[depth].click()
        if recipe is not None:
            dialog.advanced.text.setPlainText(recipe.to_toml())
            dialog.advanced.read()
        assert dialog.start.isEnabled(), dialog.reason.text()
        ended: list[Any] = []
        slot = self.desk.retraining.ended.connect(ended.append)
        began = Spent.until_now()
        dialog.start.click()
        wait(lambda: bool(ended), f"the end of {depth}")
        took = Spent.until_now().since(began)
        self.desk.retraining.ended.disconnect(slot)
        run = self.desk.retraining.run
        assert run is not None
        assert ended[0].status == "done", ended[0].message
        return Trained(run, took)

    def use(self) -> tuple[int, float]:
        """Promote what the gate shows; how many scores are new, and the seconds until all are."""
        before, began = self.scores(), time.perf_counter()
        self.window.training.gate.use.click()
        wait(lambda: self._all_scored() and self.scores() != before, "the new scores")
        after = self.scores()
        return sum(after[i] != before[i] for i in before), time.perf_counter() - began

    def back(self, model_id: str, before: Mapping[int, float]) -> None:
        """Roll back, until the scores are what they were."""
        self.desk.use_model(model_id)
        wait(lambda: self._all_scored() and self.scores() == before, "the scores of before")

    def _all_scored(self) -> bool:
        return self.window.presenter.all_scored() and bool(np.isfinite(self.columns.score).all())

    def ask(self, action: str) -> Advice:
        """Which labels to look at again."""
        told: list[Advice] = []
        slot = self.desk.advised.connect(lambda _kind, advice: told.append(advice))
        self.window.actions_[action].trigger()
        wait(lambda: bool(told), action)
        self.desk.advised.disconnect(slot)
        self.window.actions_["clear_filters"].trigger()
        return told[0]

    def splits(self) -> dict[int, str]:
        """Split of every labelled image."""
        return {int(r.extra["image_id"]): str(r.split) for r in snapshot.take(self.desk.library).rows}


def _stop(text: str) -> None:
    raise SystemExit(f"The window says: {text}")
