"""Baselines as extra scores in the real window: picked, computed, shown, sorted, filtered, compared, deleted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

import resources
from app.library import extras, models
from app.ui.models.models_table import ModelsModel
from app.ui.scale import CHOICES
from engine.baselines import registry
from engine.baselines.contract import BaselineConfig
from engine.manifest import Manifest, Row
from tests import pictures

WAIT_MS = 60_000
PROCESS_MS = 600_000
"""A process that loads torch takes seconds, on a machine with much else to do minutes."""


@pytest.fixture
def window(launch, scored, tmp_path):
    """Three drawn faces, a sharper one at each step, and one that is too small for NIQE."""
    for k, radius in enumerate((4.0, 1.5, 0.0)):
        pictures.save(pictures.blurred(k, radius, (208, 208)), tmp_path / "faces" / f"{k}.png")
    small = pictures.blurred(7, 0.0, (208, 208)).resize((100, 120), Image.Resampling.BICUBIC)
    pictures.save(small, tmp_path / "faces" / "small.png")
    return scored(launch(tmp_path / "faces"), 4)


def add(window, name):
    """As from the menu of the models panel."""
    next(a for a in window.models.extras.actions() if a.text().startswith(name)).trigger()


def files(window):
    return [Path(path) for path in window.model.columns.path]


def shown(window, qtbot, count, timeout=WAIT_MS):
    qtbot.waitUntil(lambda: int(np.isfinite(window.model.columns.extra).sum()) == count, timeout=timeout)


def by_name(window):
    return dict(zip(window.model.columns.name.tolist(), window.model.columns.extra.tolist(), strict=True))


def names(window):
    return [str(name) for name in window.model.shown("name")]


def choose(window, name):
    row = next(m for m in models.all_models(window.desk.library) if m.name == name)
    window.models.table.selectRow(window.models.model.row_of(row.id))
    return row


def image(window, name):
    return int(window.model.columns.id[window.model.columns.name.tolist().index(name)])


def test_niqe_stands_beside_the_score_and_refuses_what_is_too_small(qtbot, window):
    in_use = window.desk.model.id
    add(window, "NIQE")
    shown(window, qtbot, 3)
    qtbot.waitUntil(lambda: window.desk.extra_reason(image(window, "small.png")) != "", timeout=WAIT_MS)
    found = by_name(window)
    expected = {r.path.name: r.score for r in registry.make("niqe").score(files(window))}
    assert {name: value for name, value in found.items() if np.isfinite(value)} == pytest.approx(
        {name: value for name, value in expected.items() if value is not None}, rel=1e-6
    )
    assert window.desk.model.id == in_use
    assert window.presenter.all_scored()  # what NIQE refuses is no problem of the image
    window.model.set_current(image(window, "small.png"))
    assert "too few for NIQE" in window.rating.image.text("extra")
    window.model.set_current(image(window, "2.png"))
    assert window.rating.image.text("extra") == f"NIQE {found['2.png']:.2f}"
    assert f"NIQE {found['2.png']:.2f}" in window.central.gallery.caption(image(window, "2.png"))[1]


def test_sorted_and_filtered_on_its_own_scale(qtbot, window):
    add(window, "NIQE")
    shown(window, qtbot, 3)
    window.browsing.ask(sort="extra", descending=True)
    ranked = sorted((v, n) for n, v in by_name(window).items() if np.isfinite(v))
    assert names(window) == [n for _, n in reversed(ranked)] + ["small.png"]
    bound = ranked[1][0]  # negative: NIQE is a distance with its sign turned
    window.settings.set_scale(CHOICES[1].low, CHOICES[1].high)
    qtbot.waitUntil(lambda: window.model.display_scale == (1.0, 5.0), timeout=WAIT_MS)
    window.browsing.ask(text=f"score@niqe:>{bound - 1e-4:.4f}")
    qtbot.waitUntil(lambda: set(names(window)) == {n for _, n in ranked[1:]}, timeout=WAIT_MS)
    window.settings.set_scale(0.0, 1.0)
    qtbot.waitUntil(lambda: window.model.display_scale == (0.0, 1.0), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: set(names(window)) == {n for _, n in ranked[1:]}, timeout=WAIT_MS)
    assert window.model.query.text == f"score@niqe:>{bound - 1e-4:.4f}"  # no MOS: the scale does not touch it
    window.browsing.ask(text="score@niqe:none")
    qtbot.waitUntil(lambda: names(window) == ["small.png"], timeout=WAIT_MS)


def test_blind_mode_hides_it(qtbot, window):
    add(window, "Laplacian")
    shown(window, qtbot, 4)
    window.model.set_current(image(window, "2.png"))
    assert window.rating.image.text("extra").startswith("Laplacian sharpness ")
    window.desk.set_blind(True)
    assert window.rating.image.text("extra") == ""
    assert "sharpness" not in window.central.gallery.caption(image(window, "2.png"))[1].lower()


def test_compared_with_the_model_in_use_hidden_and_deleted(qtbot, window):
    add(window, "Laplacian")
    shown(window, qtbot, 4)
    row = choose(window, "Laplacian sharpness")
    cell = window.models.model.index(window.models.model.row_of(row.id), ModelsModel.IN_USE)
    assert cell.data() == "✓ extra"
    assert "Hash" in window.models.card.toPlainText()
    assert "Apache-2.0" in window.models.card.toPlainText()
    assert not window.models.acts["export"].isEnabled()
    window.models.acts["compare"].trigger()
    qtbot.waitUntil(lambda: window.models.side.currentIndex() == 1, timeout=WAIT_MS)
    x, y = window.models.comparison.points["candidate"].getData()
    assert len(x) == 4
    assert y.max() > 1.5  # raw, not pressed into [0, 1]
    window.browsing.ask(sort="extra")
    qtbot.mouseClick(window.models.use, Qt.MouseButton.LeftButton)  # hide
    assert cell.data() == "extra"
    assert window.model.query.sort == "score"
    assert window.desk.extra is None
    window.models.acts["delete"].trigger()
    next(b for b in window.findChild(QMessageBox).buttons() if b.text() == "Delete").click()
    qtbot.waitUntil(lambda: not extras.all_extras(window.desk.library), timeout=WAIT_MS)
    assert not row.path.exists()


def test_a_fitted_brisque_joins_from_its_file(qtbot, window, tmp_path):
    rows = []
    for k in range(24):
        radius = (k % 4) * 0.9
        path = pictures.save(pictures.blurred(k, radius, (128, 128)), tmp_path / "train" / f"{k}.png")
        rows.append(Row(path, 1 - radius / 3, "train", group=f"person {k}"))
    fitted = registry.make("brisque")
    fitted.fit(Manifest(tuple(rows)), BaselineConfig(workers=1, options={"folds": 2}), lambda *_: None)
    registry.save(fitted, tmp_path / "brisque")
    window.desk.add_extra(str(tmp_path / "brisque" / "brisque.npz"))
    shown(window, qtbot, 4)
    assert window.desk.extra.as_mos
    assert "no labels" not in window.desk.extra.card["label_provenance"]
    assert [m.name for m in extras.all_extras(window.desk.library)] == ["BRISQUE"]


@pytest.mark.train
def test_a_trained_network_scores_in_a_process_of_its_own(qtbot, window, tmp_path):
    """A tiny MobileNetV2, kept as a comparison keeps it; a torn one is told of, and its scores are never made up."""
    rows = []
    for k in range(12):
        path = pictures.save(pictures.blurred(k, (k % 4) * 0.9, (48, 48)), tmp_path / "train" / f"{k}.png")
        rows.append(Row(path, 1 - (k % 4) * 0.3, "train" if k < 8 else "val", group=f"person {k}"))
    fitted = registry.make("mobilenetv2")
    options = {"size": 32, "epochs": 1, "batch": 4, "precision": "float32", "device": "cpu"}
    fitted.fit(Manifest(tuple(rows)), BaselineConfig(workers=1, options=options), lambda *_: None)
    registry.save(fitted, tmp_path / "mobilenetv2")
    window.desk.add_extra(str(tmp_path / "mobilenetv2" / "baseline.json"))
    shown(window, qtbot, 4, PROCESS_MS)
    expected = {r.path.name: r.score for r in fitted.score(files(window))}
    assert by_name(window) == pytest.approx(expected, rel=1e-5)
    assert window.desk.extra.name == "MobileNetV2"
    assert "2,387,969" in window.desk.extra.card["card"]

    (tmp_path / "mobilenetv2" / "network.safetensors").write_bytes(b"torn")
    with qtbot.waitSignal(window.desk.extra_scoring.failed, timeout=PROCESS_MS) as told:
        window.desk.add_extra(str(tmp_path / "mobilenetv2"))
    assert "cannot be used" in told.args[0]
    assert "no safetensors checkpoint" in told.args[0]
    assert not np.isfinite(window.model.columns.extra).any()


def test_it_goes_on_after_a_restart_and_is_shown_again(qtbot, launch, scored, tmp_path):
    first = scored(launch(resources.samples()), 24)
    add(first, "NIQE")
    qtbot.waitUntil(lambda: int(np.isfinite(first.model.columns.extra).sum()) >= 1, timeout=WAIT_MS)
    first.close()
    again = launch(library=tmp_path / "library")
    shown(again, qtbot, 24)
    assert again.desk.extra.name == "NIQE"
