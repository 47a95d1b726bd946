"""Models in the real window: import, compare, measure, export, delete."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from PySide6.QtWidgets import QMessageBox

import resources
from app.library import models
from app.ui.models.foreign_dialog import ForeignDialog
from app.ui.models.models_table import ModelsModel
from engine.bundle import read_bundle
from tests import bundles, pictures
from tests.engine import test_foreign


@pytest.fixture
def window(launch, scored, tmp_path, qtbot):
    """Six faces, scored by two small models of which the second is in use."""
    pictures.folder(tmp_path / "faces", 6)
    made = scored(launch(tmp_path / "faces"), 6)
    for k, gain in enumerate((1.0, 2.0)):
        file = bundles.write(tmp_path / f"{k}.onnx", size=32, gain=gain, name=f"small {k}").path
        before = sorted(
            made.model.columns.score.tolist()
        )  # of the model before; they stay on show until the new ones come
        made.desk.add_model(file)
        qtbot.waitUntil(lambda before=before: is_scored(made) and sorted(made.model.columns.score.tolist()) != before)
    return made


def is_scored(window):
    return window.presenter.all_scored() and np.isfinite(window.model.columns.score).all()


def named(window, name):
    return next(m for m in models.all_models(window.desk.library) if m.name == name)


def choose(window, name):
    window.models.table.selectRow(window.models.model.row_of(named(window, name).id))


def test_two_models_scores_in_a_scatter_that_leads_to_the_face(qtbot, window):
    choose(window, "small 0")
    window.models.acts["compare"].trigger()
    qtbot.waitUntil(lambda: window.models.side.currentIndex() == 1)
    x, y = window.models.comparison.points["candidate"].getData()
    assert len(x) == 6
    np.testing.assert_allclose(x - 0.2, 2 * (y - 0.2), atol=1e-5)  # the gain of the one in use is twice the other's
    point = window.models.comparison.points["candidate"].points()[3]
    window.models.comparison.points["candidate"].sigClicked.emit(None, [point], None)
    assert window.model.current == window.models.comparison._predictions.image_ids[3]


def test_speed_export_and_deletion(qtbot, window, tmp_path, monkeypatch):
    choose(window, "small 0")
    row = window.models.model.row_of(named(window, "small 0").id)
    window.models.acts["measure"].trigger()
    cell = window.models.model.index(row, ModelsModel.SPEED)
    qtbot.waitUntil(lambda: cell.data().endswith(" ms"))
    gone = named(window, "small 0")
    window.models_wiring.export(gone.id, tmp_path / "copy.onnx")
    qtbot.waitUntil(lambda: (tmp_path / "copy.onnx").is_file())
    assert read_bundle(tmp_path / "copy.onnx").id == gone.id
    window.models.acts["delete"].trigger()
    box = window.findChild(QMessageBox)
    assert gone.path.exists()  # nothing before the confirmation
    next(b for b in box.buttons() if b.text() == "Delete").click()
    qtbot.waitUntil(lambda: models.find(window.desk.library, gone.id) is None)
    assert not gone.path.exists()
    assert window.desk.model.name == "small 1"


def test_the_fast_model_waits_beside_the_student_and_scores_anew_when_it_is_used(qtbot, launch, scored, tmp_path):
    pictures.folder(tmp_path / "faces", 4)
    window = scored(launch(tmp_path / "faces"), 4)
    names = {name: read_bundle(found.bundle) for name, found in resources.BUNDLED.items()}
    assert window.desk.model.id == names["student"].id
    before = window.model.columns.score.copy()
    window.models.table.selectRow(window.models.model.row_of(names["fast"].id))
    assert names["fast"].card.arch in window.models.card.toPlainText()
    window.models.use.click()
    qtbot.waitUntil(lambda: window.desk.model.id == names["fast"].id, timeout=60_000)
    qtbot.waitUntil(
        lambda: is_scored(window) and not np.isclose(window.model.columns.score, before, atol=1e-6).any(),
        timeout=60_000,
    )
    assert names["fast"].card.name in window.status._model.text()
    assert not np.isnan(window.model.columns.percentile).any()

    window.desk.use_model(names["student"].id)
    qtbot.waitUntil(lambda: np.array_equal(window.model.columns.score, before), timeout=60_000)


def test_the_model_in_use_cannot_be_deleted(window, qtbot):
    choose(window, "small 1")
    assert not window.models.acts["delete"].isEnabled()
    with qtbot.waitSignal(window.desk.failed) as told:
        window.desk.remove_model(window.desk.model.id)
    assert "in use" in told.args[0]


def test_a_foreign_model_is_declared_and_added_but_not_put_to_use(qtbot, window, tmp_path):
    onnx.save(test_foreign.graph(), tmp_path / "theirs.onnx")
    before = window.desk.model.id
    window.models_wiring.add_foreign(tmp_path / "theirs.onnx")
    qtbot.waitUntil(lambda: window.findChild(ForeignDialog) is not None)
    dialog = window.findChild(ForeignDialog)
    assert dialog.side.value() == 32
    dialog.best.setValue(0.0)
    assert not dialog.add.isEnabled()
    assert "the same" in dialog.fault.text()
    dialog.best.setValue(5.0)
    dialog.add.click()
    qtbot.waitUntil(lambda: any(m.name == "theirs" for m in models.all_models(window.desk.library)))
    assert window.desk.model.id == before
    assert "5 the best" in named(window, "theirs").card["card"]


def test_what_is_no_model_is_refused_in_one_line(qtbot, window, tmp_path):
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"no weights")
    with qtbot.waitSignal(window.desk.failed) as told:
        window.models_wiring.add_checkpoint(broken, "student")
    assert "\n" not in told.args[0].strip()
    with qtbot.waitSignal(window.desk.failed) as told:
        window.models_wiring.add_foreign(broken)
    assert "no ONNX file" in told.args[0]
