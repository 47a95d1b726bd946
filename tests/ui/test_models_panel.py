"""The models panel over real models of a real library."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.library import models
from app.library.library import Library
from app.ui.models.models_panel import ModelsPanel
from app.ui.models.models_table import ModelsModel
from engine.bundle import Card, write_bundle
from tests import bundles


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "library") as made:
        plain = bundles.write(tmp_path / "plain.onnx", size=32, name="plain")
        card = Card(
            name="judged",
            arch="gradients",
            input_size=64,
            label_provenance="head: human (180); backbone: weak:five-measures-v2 (5376)",
            metrics={"test": {"srcc": 0.9123, "n": 54, "hash": "x"}},
            licence="CC0-1.0",
            card="# Judged\n\nIt saw [faces](https://example.org/).\n",
        )
        judged = write_bundle(bundles.model(64, gain=2.0), card, tmp_path / "judged.onnx")
        models.activate(made, models.register(made, plain).id)
        models.register(made, judged)
        yield made


@pytest.fixture
def panel(qtbot, library):
    made = ModelsPanel()
    qtbot.addWidget(made)
    made.resize(906, 236)
    with qtbot.waitExposed(made):
        made.show()
    made.set_models(models.all_models(library), models.active(library).id)
    return made


def cells(panel, name):
    model = panel.model
    row = next(k for k in range(model.rowCount()) if model.index(k, ModelsModel.NAME).data() == name)
    return row, [model.index(row, k).data() for k in range(model.columnCount())]


def click(qtbot, panel, row):
    table = panel.table
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(panel.model.index(row, 0)).center()
    )


def test_what_the_list_says(panel):
    _, plain = cells(panel, "plain")
    _, judged = cells(panel, "judged")
    assert plain[ModelsModel.IN_USE] == "✓ in use"
    assert plain[ModelsModel.SRCC] == "–"
    assert judged[ModelsModel.IN_USE] == ""
    assert judged[ModelsModel.SIZE].startswith("64 px, ")
    assert judged[ModelsModel.SIZE].endswith(" kB")
    assert judged[ModelsModel.LABELS] == "people, weak labels"
    row, _ = cells(panel, "judged")
    tip = panel.model.index(row, ModelsModel.LABELS).data(Qt.ItemDataRole.ToolTipRole)
    assert "weak:five-measures-v2 (5376)" in tip
    assert judged[ModelsModel.SRCC] == "0.912 (n = 54)"


def test_the_active_model_is_chosen_and_cannot_be_used_again(panel, library):
    assert panel.chosen() == models.active(library).id
    assert not panel.use.isEnabled()
    assert "without a card" in panel.card.toPlainText()


def test_use_another(qtbot, panel, library):
    row, _ = cells(panel, "judged")
    click(qtbot, panel, row)
    assert "Judged" in panel.card.toPlainText()
    assert "CC0-1.0" in panel.card.toPlainText()
    assert not panel.card.openLinks()
    with qtbot.waitSignal(panel.activate_requested) as asked:
        qtbot.mouseClick(panel.use, Qt.MouseButton.LeftButton)
    models.activate(library, asked.args[0])
    panel.set_models(models.all_models(library), asked.args[0])
    assert cells(panel, "judged")[1][ModelsModel.IN_USE] == "✓ in use"
    assert panel.chosen() == asked.args[0]
    assert not panel.use.isEnabled()


def test_add(qtbot, panel):
    with qtbot.waitSignal(panel.add_requested):
        qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)


def test_no_model(qtbot):
    panel = ModelsPanel()
    qtbot.addWidget(panel)
    assert "No model yet" in panel.title.text()
    assert not panel.use.isEnabled()
    assert panel.chosen() == ""
