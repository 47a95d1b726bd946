"""Labels become models: one window on the samples, spoilt in many ways, and real (small) trainings in it.

The labels are those of a stated taste, made by this script: they show how the window looks, not what the models are
worth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter
from PySide6.QtWidgets import QWidget

from app.library import edits
from app.ui.main_window import MainWindow
from engine.image import list_images
from scripts.scenes.waiting import settle, wait

Story = Callable[[MainWindow], Iterator[tuple[str, QWidget | None]]]
"""Yields each picture: its name, and what is over the window."""

_SIDE, _VERSIONS = 352, 6
FACES = 24 * _VERSIONS
_EPOCHS = 3


def spoilt_samples(samples: Path, folder: Path) -> dict[str, float]:
    """Each sample several times, with noise and blur by steps; returns what the labeller says, by file name.

    The labeller minds noise much and blur little, which is not what the bundled student has learned.
    """
    rng = np.random.default_rng(5)
    folder.mkdir(parents=True)
    opinions, people = {}, ["path,group"]
    for person, source in enumerate(list_images(samples)):
        picture = Image.open(source).convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
        for version in range(_VERSIONS):
            noise, blur = int(rng.integers(0, 5)), int(rng.integers(0, 5))
            name = f"{source.stem}{chr(ord('a') + version)}.png"
            soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6 * blur)), dtype=np.float64)
            pixels = np.clip(soft + rng.normal(0.0, 4.0 * noise, soft.shape), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name)
            opinions[name] = float(np.clip(0.95 - 0.19 * noise - 0.04 * blur + rng.normal(0, 0.04), 0, 1))
            people.append(f"{name},person {person + 1:02}")
    (folder / "manifest.csv").write_text("\n".join(people) + "\n", encoding="utf-8")
    return opinions


def retraining(opinions: dict[str, float]) -> Story:
    """The dialog, Calibrate, Personalise, Fine-tune with its curves, the gate, models, second looks."""

    def story(window: MainWindow) -> Iterator[tuple[str, QWidget | None]]:
        _give(window, opinions)
        yield from _advice(window)
        yield "retrain-dialog", _dialog(window)
        _close_dialog(window)
        _run_depth(window, "calibrate")
        yield "calibrate", None
        window.training.calibration.use.click()
        wait(lambda: bool(np.isfinite(window.model.columns.calibrated).any()))
        _best_first(window)
        _run_depth(window, "personalise")
        for page, name in (("result", "gate"), ("moved", "moved")):
            window.training.head.pages[page].click()
            wait(lambda: "measured" not in window.training.gate.costs.text())
            _quiet(window)
            yield name, None
        yield from _fine_tune(window)
        yield "models", _models(window)

    return story


def _give(window: MainWindow, opinions: dict[str, float]) -> None:
    """The labels of all but every sixth face, as one person's corrections."""
    columns = window.model.columns
    named = list(zip(columns.id.tolist(), columns.name, strict=True))
    wanted = {image_id: opinions[name] for k, (image_id, name) in enumerate(named) if k % 6}

    def write() -> None:
        for image_id, mos in wanted.items():
            edits.correct(window.desk.library, [image_id], mos, rater_id=window.desk.rater.id, session_id=None)

    window.desk.writer.submit(write, on_done=lambda _: window.desk.reload())
    wiring = window.training_wiring
    wait(lambda: int(np.isfinite(window.model.columns.mos).sum()) == len(wanted))
    wait(lambda: wiring.planning.plan is not None and wiring.planning.plan.summary.labelled == len(wanted))


def _advice(window: MainWindow) -> Iterator[tuple[str, QWidget | None]]:
    for action in ("suspects", "label_next"):
        found: list[object] = []
        slot = window.desk.advised.connect(lambda _kind, advice, found=found: found.append(advice))
        window.actions_[action].trigger()
        wait(lambda found=found: bool(found))
        window.desk.advised.disconnect(slot)
        _best_first(window)
        yield action.replace("_", "-"), None
    window.actions_["clear_filters"].trigger()
    wait(lambda: len(window.model) == FACES)
    _best_first(window)


def _dialog(window: MainWindow) -> QWidget:
    """With the cost of three depths measured."""
    window.training_wiring.planning.open_dialog()
    dialog = window.training_wiring.planning.dialog
    assert dialog is not None
    for depth in ("finetune", "personalise", "calibrate"):
        dialog.depths.buttons[depth].click()
        cost = dialog.depths.costs[depth]
        wait(lambda cost=cost: "about" in cost.text() or "could not" in cost.text())
    return dialog


def _close_dialog(window: MainWindow) -> None:
    dialog = window.training_wiring.planning.dialog
    assert dialog is not None
    dialog.reject()
    wait(lambda: window.training_wiring.planning.dialog is None)


def _run_depth(window: MainWindow, depth: str) -> None:
    window.training_wiring.planning.open_dialog()
    dialog = window.training_wiring.planning.dialog
    assert dialog is not None
    dialog.depths.buttons[depth].click()
    _until_ended(window, dialog.start.click)


def _until_ended(window: MainWindow, start: Callable[[], object]) -> None:
    ended: list[object] = []
    slot = window.desk.retraining.ended.connect(ended.append)
    start()
    wait(lambda: bool(ended))
    window.desk.retraining.ended.disconnect(slot)
    window.docks.make_room(window.training)
    _quiet(window)


def _fine_tune(window: MainWindow) -> Iterator[tuple[str, QWidget | None]]:
    """The curves while they are drawn, and at the end."""
    service = window.desk.retraining
    ended: list[object] = []
    slot = service.ended.connect(ended.append)
    service.enqueue(service.prepare("finetune", settings={"student.training.epochs": str(_EPOCHS)}))
    curves = window.training.curves
    wait(lambda: bool(ended) or curves.point_counts()["srcc"] >= _EPOCHS - 1)
    _quiet(window)
    yield "curves", None
    wait(lambda: bool(ended))
    service.ended.disconnect(slot)
    _quiet(window)


def _models(window: MainWindow) -> None:
    """The new head beside the bundled models, with what each costs here."""
    run = next(row for row in window.training.runs.model.rows if row.kind == "personalise")
    table = window.models.model
    known = table.rowCount()
    window.training.use_requested.emit(str(run.directory))
    wait(lambda: table.rowCount() == known + 1 and window.presenter.all_scored())
    window.actions_["models"].trigger()
    for k in range(table.rowCount()):
        row = table.row(k)
        assert row is not None
        window.models_wiring.measure(row.id)
    wait(lambda: all(table.index(k, table.SPEED).data() != "–" for k in range(table.rowCount())))
    window.models.table.selectRow(0)
    _best_first(window)


def _best_first(window: MainWindow) -> None:
    """The gallery at its beginning."""
    window.model.resort()
    window.show_image(window.model.id_at(0))
    wait(window.all_pictured)


def _quiet(window: MainWindow) -> None:
    """Pictures of faces and plots have come."""
    wait(window.all_pictured)
    settle()
