"""A training on shuffled labels is stopped by the gate: nothing is promoted, and the window says why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.ui.training.gate import GateView
from app.ui.training.judgement import read_predictions
from engine.manifest import Manifest
from tests import bundles
from tests.engine.train.conftest import make_faces, make_run

pytestmark = pytest.mark.train


def test_shuffled_labels_are_stopped(qtbot, tmp_path):
    from engine.train import pipeline

    table = make_faces(tmp_path / "faces", 96)
    learned = [k for k, row in enumerate(table.rows) if row.split == "train"]
    shuffled = dict(zip(learned, np.random.default_rng(0).permutation(learned), strict=True))
    rows = tuple(
        replace(row, mos=table.rows[shuffled[k]].mos) if k in shuffled else row for k, row in enumerate(table.rows)
    )
    active = bundles.write(tmp_path / "active.onnx", gain=0.3)
    run = make_run(tmp_path / "run", Manifest(rows), baseline=active.path)
    pipeline.execute(run)

    assert run.report["verdict"] == "worse"
    assert run.report["splits"]["test"]["difference"]["srcc"]["high"] < 0
    gate = GateView()
    qtbot.addWidget(gate)
    gate.show_report(run.path, run.report, read_predictions(run.predictions_file))
    assert "The new model is worse" in gate.verdict.text()
    assert gate.keep.property("role") == "primary"
    asked = []
    gate.use_requested.connect(asked.append)
    qtbot.mouseClick(gate.use, Qt.MouseButton.LeftButton)
    assert asked == []
