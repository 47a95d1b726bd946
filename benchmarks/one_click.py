"""One click that curators trust, on real faces: every depth in the real window, by a curator whose taste is stated.

    python -m benchmarks.one_click FOLDER [--images 600] [--seed 0] [--epochs N] [--out docs/benchmarks/one_click.md]

FOLDER holds faces (one of each person is taken, where its manifest.csv tells people apart). Each is cut square, spoilt
by 0 to 4 steps of noise and of blur, and judged by a curator who minds noise far more than blur (`tests/curator.py`).
The window runs offscreen with the bundled model on a new library; trainings are the child processes that it starts.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import csv
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image, ImageOps
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from app.library import edits, snapshot
from app.services.advice import Advice
from app.services.depths import Depth
from benchmarks.curator import Session, Stalls
from engine import calibrate, metrics, recipes
from engine.image import list_images
from engine.run import RunDirectory
from tests import curator

PATIENCE_S: Final = 3600
DRAWS: Final = 200
SIDE: Final = 384
FEW, SOME, SHARE_LABELLED = 60, 200, 5 / 6
SHUFFLED: Final = 0.05
_GLANCE_MS: Final = 50
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
class Trained:
    """A training from the window."""

    run: RunDirectory
    seconds: float

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
        self.window.training_wiring.plan = None
        self.window.training_wiring.refresh_plan()
        wait(lambda: self.window.training_wiring.plan is not None, "the plan")

    def train(self, depth: Depth, recipe: recipes.Recipe | None = None) -> Trained:
        """Two clicks (and Advanced, where there is a recipe), then wait for the end."""
        self.window.training.retrain.click()
        dialog = self.window.training_wiring._dialog
        assert dialog is not None
        dialog.depths.buttons[depth].click()
        if recipe is not None:
            dialog.advanced.text.setPlainText(recipe.to_toml())
            dialog.advanced.read()
        assert dialog.start.isEnabled(), dialog.reason.text()
        ended: list[Any] = []
        slot = self.desk.retraining.ended.connect(ended.append)
        began = time.perf_counter()
        dialog.start.click()
        wait(lambda: bool(ended), f"the end of {depth}")
        took = time.perf_counter() - began
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


# -- the story ---------------------------------------------------------------------------------------------------------


def calibrating(me: Curator, seed: int) -> list[str]:
    """60 labels, Calibrate, intervals; their coverage on faces that nobody has labelled, and over simulated draws."""
    me.label(FEW)
    made = me.train("calibrate")
    me.window.training.calibration.use.click()
    wait(lambda: bool(np.isfinite(me.columns.calibrated_low).all()), "intervals")
    fresh = [i for i in me.order if i not in set(me.order[:FEW])]
    rows = me.columns.rows_of(fresh)
    mos = np.array([me.faces[i].mos for i in fresh])
    low, high = me.columns.calibrated_low[rows], me.columns.calibrated_high[rows]
    held = np.mean((mos >= low) & (mos <= high))
    before, after = (metrics.rmse(values[rows], mos) for values in (me.columns.score, me.columns.calibrated))
    covered = draws(me, seed)
    return [
        f"| {FEW} labels, Calibrate | {made.seconds:.1f} s from the click to the result |",
        f"| error on {len(fresh)} faces without a label (RMSE) | {before:.3f} raw, {after:.3f} calibrated |",
        f"| their opinions inside the 90 % interval | {held:.1%}, width {np.mean(high - low):.2f} on average |",
        f"| coverage over {DRAWS} draws of {FEW} other faces | {np.mean(covered):.1%} on average, "
        f"{np.quantile(covered, 0.05):.0%} to {np.quantile(covered, 0.95):.0%} in nine of ten draws |",
    ]


def shortened(epochs: int) -> recipes.Recipe | None:
    """The recipe of Fine-tune with so many epochs, as a person may write it under Advanced; None: as it is."""
    return recipes.load("finetune").with_values({"student.training.epochs": str(epochs)}) if epochs else None


def draws(me: Curator, seed: int) -> list[float]:
    """Share of opinions inside the interval, for each draw of other faces and of the curator's hand."""
    rng, covered = np.random.default_rng(seed), []
    faces, scores = [me.faces[i] for i in me.order], me.scores()
    raw = np.array([scores[i] for i in me.order])
    people = np.array([face.person for face in faces])
    for _ in range(DRAWS):
        mos = np.array([curator.opinion(face.noise, face.blur, rng) for face in faces])
        part = rng.permutation(len(faces))
        learned, others = part[:FEW], part[FEW:]
        at = calibrate.fit(raw[learned], mos[learned], people[learned]).apply(raw[others])
        covered.append(float(np.mean((mos[others] >= at.low) & (mos[others] <= at.high))))
    return covered


def improving(me: Curator, depth: Depth, count: int, watched: Stalls, epochs: int = 0) -> list[str]:
    """Label more, train, promote, look at the new scores, roll back, look at the old ones."""
    me.label(count)
    assert me.desk.model is not None
    base, before = me.desk.model.id, me.scores()
    glance = QTimer(interval=_GLANCE_MS)
    glance.timeout.connect(lambda: me.window.model.step(1))
    glance.start()
    watched.restart()
    made = me.train(depth, shortened(epochs))
    stall, work = watched.longest(), watched.longest_work()
    glance.stop()
    said, gain = me.window.training.gate.verdict.text(), made.gain
    moved, again = me.use()
    me.back(base, before)
    name = depth.capitalize() if depth != "finetune" else "Fine-tune"
    return [
        f"| {count} labels, {name} | {made.seconds:.0f} s from the click to the gate |",
        f"| SRCC on {gain['n']} test images | {gain['baseline']:.3f} before, {gain['candidate']:.3f} after; "
        f"difference {gain['value']:+.3f}, 95 % interval {gain['low']:+.3f} to {gain['high']:+.3f} |",
        f"| the gate says | {said} |",
        f"| promoted | {moved} of {len(before)} scores are new, after {again:.0f} s |",
        "| rolled back | every score as before, to the last bit |",
        f"| longest stall of the window meanwhile, a face chosen every {_GLANCE_MS} ms | {stall:.0f} ms "
        f"of the clock, {work:.0f} ms of the processor |",
    ]


def suspecting(me: Curator, count: int, seed: int) -> list[str]:
    """5 % of the labels change places; how many does the first tenth of the queue hold?"""
    me.label(count)
    offered = [i for i, split in me.splits().items() if split != "test"]
    bad = np.random.default_rng(seed).choice(offered, round(SHUFFLED * len(offered)), replace=False).tolist()
    said = dict(zip(bad, (me.faces[i].mos for i in np.roll(bad, 1)), strict=True))
    changed = {i for i in bad if abs(said[i] - me.faces[i].mos) > 5 * curator.SLIP}
    me.correct(said)
    queue = me.ask("suspects").ids
    found = len(changed & set(queue))
    me.correct({i: me.faces[i].mos for i in bad})
    return [
        f"| {len(bad)} of {len(offered)} labels changed places, {len(changed)} of them by more than five slips of the "
        f"hand | {found} of the {len(changed)} are among the {len(queue)} (a tenth) that the queue offers |"
    ]


def spoiling(me: Curator, seed: int, epochs: int) -> list[str]:
    """A training on shuffled labels; those of the test split stay right."""
    learned = [i for i, split in me.splits().items() if split != "test"]
    wrong = np.random.default_rng(seed).permutation(learned).tolist()
    me.correct(dict(zip(learned, (me.faces[i].mos for i in wrong), strict=True)))
    assert me.desk.model is not None
    base = me.desk.model.id
    made = me.train("finetune", shortened(epochs))
    gate, gain = me.window.training.gate, made.gain
    assert me.desk.model.id == base
    return [
        f"| all {len(learned)} labels to learn from shuffled, Fine-tune | SRCC {gain['baseline']:.3f} before, "
        f"{gain['candidate']:.3f} after; {gain['low']:+.3f} to {gain['high']:+.3f} |",
        f"| the gate says | {gate.verdict.text()} |",
        f"| its advice | {(gate.keep if gate.keep.property('role') == 'primary' else gate.use).text()} |",
        "| the model in use | as before |",
    ]


def tell(session: Session, faces: list[curator.Face], options: argparse.Namespace) -> Iterator[list[str]]:
    """All of it, step by step; rows of a table."""
    stalls, me = Stalls(), Curator(session, faces, options.seed)
    labels = round(SHARE_LABELLED * len(faces))
    yield calibrating(me, options.seed)
    yield improving(me, "personalise", min(SOME, labels), stalls)
    yield suspecting(me, labels, options.seed)
    yield improving(me, "finetune", labels, stalls, options.epochs)
    yield spoiling(me, options.seed, options.epochs)


def report(options: argparse.Namespace, rows: list[str]) -> str:
    """Markdown."""
    epochs = f" --epochs {options.epochs}" if options.epochs else ""
    machine = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    command = f"python -m benchmarks.one_click FOLDER --images {options.images} --seed {options.seed}{epochs}"
    taste = f"{curator.NOISE} of MOS for a step of noise, {curator.BLUR} for a step of blur"
    about = (
        f"The curator takes {taste}, with a hand that spreads by {curator.SLIP}. The model in use has never seen these "
        "opinions. Times are those of a machine that other work shared."
    )
    head = [
        "# One click, on real faces",
        "",
        f"`{command}`, {machine}.",
        "",
        about,
        "",
        "| what | found |",
        "|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=0, help="of Fine-tune; default: as its recipe says")
    parser.add_argument("--out", type=Path, help="write the report as Markdown")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        os.environ["XDG_CACHE_HOME"] = os.environ["FIQA_HOME"] = str(place / "home")
        os.environ["XDG_CONFIG_HOME"] = str(place / "config")
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place / "settings"))
        people = originals(options.folder, place / "originals", options.images)
        each = -(-options.images // len(people))
        faces = curator.faces(
            place / "faces", options.images, per_person=each, originals=people, side=SIDE, seed=options.seed
        )
        lines = [f"{face.path.name},{face.person}" for face in faces]
        (place / "faces" / "manifest.csv").write_text("path,group\n" + "\n".join(lines) + "\n", encoding="utf-8")
        app = QApplication([])
        session = Session(app, str(place / "faces"), "--library", str(place / "library"))
        rows: list[str] = []
        for found in tell(session, faces, options):
            print("\n".join(found), flush=True)
            rows += found
            if options.out:  # what is known so far: a training takes its time
                options.out.write_text(report(options, rows), encoding="utf-8")
        session.close()


if __name__ == "__main__":
    main()
