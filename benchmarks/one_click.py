"""One click that curators trust, on real faces: every depth in the real window, by a curator whose taste is stated.

    python -m benchmarks.one_click FOLDER [--images 600] [--seed 0] [--steps calibrate personalise ...]
                                   [--set student.training.epochs=3 ...] [--keep PLACE] [--out FILE.md]

FOLDER holds faces (one of each person is taken, where its manifest.csv tells people apart). Each is cut square, spoilt
by 0 to 4 steps of noise and of blur, and judged by a curator who minds noise far more than blur (`tests/curator.py`).
The window runs offscreen with the bundled model on a new library; trainings are the child processes that it starts.
`--set` changes the recipe of Fine-tune, as a person may under Advanced; `--keep` leaves library and runs in a folder.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import argparse
import platform
import shlex
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from app.services.training.depths import Depth
from benchmarks.curator import Session, Stalls
from benchmarks.window_curator import SIDE, Curator, originals, wait
from engine import calibrate, manifest, metrics, recipes
from tests import curator

DRAWS: Final = 200
FEW, SOME, SHARE_LABELLED = 60, 200, 5 / 6
SHUFFLED: Final = 0.05
_GLANCE_MS: Final = 50


# -- the story ---------------------------------------------------------------------------------------------------------


def calibrating(me: Curator, options: argparse.Namespace) -> list[str]:
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
    covered = draws(me, options.seed)
    return [
        f"| {FEW} labels, Calibrate: from the click to the result | {made.spent} |",
        f"| error on {len(fresh)} faces without a label (RMSE) | {before:.3f} raw, {after:.3f} calibrated |",
        f"| their opinions inside the 90 % interval | {held:.1%}, width {np.mean(high - low):.2f} on average |",
        f"| coverage over {DRAWS} draws of {FEW} other faces | {np.mean(covered):.1%} on average, "
        f"{np.quantile(covered, 0.05):.0%} to {np.quantile(covered, 0.95):.0%} in nine of ten draws |",
    ]


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


def labels_of(me: Curator) -> int:
    """How many faces the curator labels in the end."""
    return round(SHARE_LABELLED * len(me.faces))


def personalising(me: Curator, options: argparse.Namespace) -> list[str]:
    """200 labels."""
    return improving(me, "personalise", min(SOME, labels_of(me)), None)


def fine_tuning(me: Curator, options: argparse.Namespace) -> list[str]:
    """All labels."""
    return improving(me, "finetune", labels_of(me), changed(options))


def changed(options: argparse.Namespace) -> recipes.Recipe | None:
    """The recipe of Fine-tune with `--set`, as a person may write it under Advanced; None: as it is."""
    values = dict(setting.partition("=")[::2] for setting in options.set)
    return recipes.load("finetune").with_values(values) if values else None


def improving(me: Curator, depth: Depth, count: int, recipe: recipes.Recipe | None) -> list[str]:
    """Label more, train, promote, look at the new scores, roll back, look at the old ones."""
    me.label(count)
    assert me.desk.model is not None
    base, before = me.desk.model.id, me.scores()
    glance, watched = QTimer(interval=_GLANCE_MS), Stalls()
    glance.timeout.connect(lambda: me.window.model.step(1))
    glance.start()
    watched.restart()
    made = me.train(depth, recipe)
    stall, work = watched.longest(), watched.longest_work()
    glance.stop()
    watched.deleteLater()
    said, gain = me.window.training.gate.verdict.text(), made.gain
    moved, again = me.use()
    me.back(base, before)
    name = depth.capitalize() if depth != "finetune" else "Fine-tune"
    return [
        f"| {count} labels, {name}: from the click to the gate | {made.spent} |",
        f"| SRCC on {gain['n']} test images | {_gain(gain)} |",
        f"| the gate says | {said} |",
        f"| promoted | {moved} of {len(before)} scores are new, after {again:.0f} s |",
        "| rolled back | every score as before, to the last bit |",
        f"| longest stall of the window meanwhile, a face chosen every {_GLANCE_MS} ms | {stall:.0f} ms "
        f"of the clock, {work:.0f} ms of the processor |",
    ]


def _gain(gain: Mapping[str, float]) -> str:
    return (
        f"{gain['baseline']:.3f} before, {gain['candidate']:.3f} after; "
        f"difference {gain['value']:+.3f}, 95 % interval {gain['low']:+.3f} to {gain['high']:+.3f}"
    )


def suspecting(me: Curator, options: argparse.Namespace) -> list[str]:
    """5 % of the labels change places; how many does the first tenth of the queue hold?"""
    me.label(labels_of(me))
    offered = [i for i, split in me.splits().items() if split != "test"]
    bad = np.random.default_rng(options.seed).choice(offered, round(SHUFFLED * len(offered)), replace=False).tolist()
    said = dict(zip(bad, (me.faces[i].mos for i in np.roll(bad, 1)), strict=True))
    differ = {i for i in bad if abs(said[i] - me.faces[i].mos) > 5 * curator.SLIP}
    me.correct(said)
    queue = me.ask("suspects").ids
    found = len(differ & set(queue))
    me.correct({i: me.faces[i].mos for i in bad})
    return [
        f"| {len(bad)} of {len(offered)} labels changed places, {len(differ)} of them by more than five slips of the "
        f"hand | {found} of the {len(differ)} are among the {len(queue)} (a tenth) that the queue offers |"
    ]


def spoiling(me: Curator, options: argparse.Namespace) -> list[str]:
    """A training on shuffled labels; those of the test split stay right."""
    me.label(labels_of(me))
    learned = [i for i, split in me.splits().items() if split != "test"]
    right = np.array([me.faces[i].mos for i in learned])
    wrong = np.random.default_rng(options.seed).permutation(right)
    said = dict(zip(learned, wrong.tolist(), strict=True))
    me.correct(said)
    assert me.desk.model is not None
    base = me.desk.model
    made = me.train("finetune", changed(options))
    assert (me.desk.model.id, made.run.job.baseline) == (base.id, str(base.path))
    rows = manifest.read(made.run.manifest_file).rows
    trained = {int(r.extra["image_id"]): r.mos for r in rows if r.split != "test"}
    assert trained.keys() == said.keys(), "other images were learned from"
    assert np.allclose([trained[i] or 0.0 for i in said], list(said.values()), atol=1e-6), "other labels were learned"
    gate = me.window.training.gate
    me.correct({i: me.faces[i].mos for i in learned})
    return [
        f"| all {len(learned)} labels to learn from shuffled: their SRCC with the right ones | "
        f"{metrics.srcc(wrong, right):+.3f} |",
        f"| Fine-tune on them, SRCC on {made.gain['n']} test images | {_gain(made.gain)} |",
        f"| the gate says | {gate.verdict.text()} |",
        f"| its advice | {(gate.keep if gate.keep.property('role') == 'primary' else gate.use).text()} |",
        "| the model in use | as before |",
    ]


STEPS: Final[Mapping[str, Callable[[Curator, argparse.Namespace], list[str]]]] = {
    "calibrate": calibrating,
    "personalise": personalising,
    "suspects": suspecting,
    "finetune": fine_tuning,
    "shuffled": spoiling,
}


def tell(session: Session, faces: list[curator.Face], options: argparse.Namespace) -> Iterator[list[str]]:
    """The steps that were asked for, in the order of the story; rows of a table."""
    me = Curator(session, faces, options.seed)
    for name, step in STEPS.items():
        if name in options.steps:
            yield step(me, options)


# -- the page ----------------------------------------------------------------------------------------------------------


def report(options: argparse.Namespace, rows: list[str]) -> str:
    """Markdown."""
    machine = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    taste = f"{curator.NOISE} of MOS for a step of noise, {curator.BLUR} for a step of blur"
    about = (
        f"The curator takes {taste}, with a hand that spreads by {curator.SLIP}. The model in use has never seen these "
        "opinions. Times are those of a machine that other work shared."
    )
    head = ["# One click, on real faces", "", f"`{command(options)}`, {machine}.", "", about, ""]
    return "\n".join([*head, "| what | found |", "|---|---|", *rows, ""])


def command(options: argparse.Namespace) -> str:
    """As it was typed, but for places."""
    words = ["--images", options.images, "--seed", options.seed]
    words += ["--steps", *options.steps] if len(options.steps) < len(STEPS) else []
    words += ["--set", *options.set] if options.set else []
    return f"python -m benchmarks.one_click FOLDER {shlex.join(map(str, words))}"


def stage(options: argparse.Namespace, place: Path) -> list[curator.Face]:
    """The folder of faces that the window opens."""
    people = originals(options.folder, place / "originals", options.images)
    each = -(-options.images // len(people))
    faces = curator.faces(
        place / "faces", options.images, per_person=each, originals=people, side=SIDE, seed=options.seed
    )
    lines = [f"{face.path.name},{face.person}" for face in faces]
    (place / "faces" / "manifest.csv").write_text("path,group\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return faces


def perform(options: argparse.Namespace, place: Path) -> None:
    """Open the window on new faces and print what each step finds."""
    os.environ["XDG_CACHE_HOME"] = os.environ["FIQA_HOME"] = str(place / "home")
    os.environ["XDG_CONFIG_HOME"] = str(place / "config")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(place / "settings"))
    faces = stage(options, place)
    app = QApplication([])
    session = Session(app, str(place / "faces"), "--library", str(place / "library"))
    rows: list[str] = []
    for found in tell(session, faces, options):
        print("\n".join(found), flush=True)
        rows += found
        if options.out:  # what is known so far: a training takes its time
            options.out.write_text(report(options, rows), encoding="utf-8")
    session.close()


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--images", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS), help="default: all")
    parser.add_argument("--set", nargs="+", default=[], metavar="KEY=VALUE", help="changes the recipe of Fine-tune")
    parser.add_argument("--keep", type=Path, help="leave library and runs in this new folder")
    parser.add_argument("--out", type=Path, help="write the report as Markdown")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True)
        perform(options, options.keep)
        return
    with tempfile.TemporaryDirectory() as name:
        perform(options, Path(name))


if __name__ == "__main__":
    main()
