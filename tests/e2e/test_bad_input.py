"""Broken files in a real folder: each gets the answer of the design, none gets a score or another one's picture."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from tests import bundles, pictures, waiting


@pytest.fixture
def folder(tmp_path):
    """Four good faces and eight files that are not."""
    path = tmp_path / "mixed"
    pictures.folder(path, 4)
    pictures.truncated_jpeg(path / "cut.jpg")
    pictures.empty(path / "empty.jpg")
    pictures.text_named_jpg(path / "text.jpg")
    pictures.bomb_png(path / "bomb.png")
    (path / "folder.jpg").mkdir()
    os.symlink(path / "nowhere", path / "dangling.jpg")
    good = {
        "cmyk.jpg": pictures.face(5).convert("CMYK"),
        "grey16.png": Image.fromarray((np.arange(96 * 96, dtype=np.uint16) * 7).reshape(96, 96)),
        "palette.gif": pictures.face(6).convert("P"),
        "alpha.png": pictures.face(7).convert("RGBA"),
    }
    for name, image in good.items():
        image.save(path / name)
    frames = [pictures.face(8), pictures.face(9)]
    frames[0].save(path / "moving.webp", save_all=True, append_images=frames[1:])
    return path


BROKEN = {"cut.jpg", "empty.jpg", "text.jpg", "bomb.png"}


def names(window, mask):
    return {str(name) for name in window.model.columns.name[mask]}


def test_a_mixed_folder(qtbot, launch, scored, folder):
    window = scored(launch(folder), 13)
    columns = window.model.columns
    broken = np.array([bool(p) for p in columns.problem])
    assert names(window, broken) >= BROKEN
    assert np.isnan(columns.score[broken]).all()
    assert np.isfinite(columns.score[~broken & ~columns.missing]).all()
    assert "folder.jpg" not in names(window, np.ones(len(columns), bool))
    qtbot.waitUntil(lambda: window.problems.table.model().rowCount() >= len(BROKEN))
    reasons = [str(p) for p in columns.problem[broken]]
    assert all(len(reason) > 10 for reason in reasons)


def test_a_mended_file_is_scored_on_retry(qtbot, launch, scored, folder):
    window = scored(launch(folder), 13)
    pictures.save(pictures.face(11), folder / "cut.jpg")
    window.desk.rescan()

    def mended():
        columns = window.model.columns
        row = next(i for i, name in enumerate(columns.name) if name == "cut.jpg")
        return not columns.problem[row] and np.isfinite(columns.score[row])

    qtbot.waitUntil(mended)


def test_a_file_that_vanishes_is_marked_and_keeps_its_label(qtbot, launch, scored, folder):
    window = scored(launch(folder), 13)
    row = next(i for i, name in enumerate(window.model.columns.name) if name == "face_000.jpg")
    image = int(window.model.columns.id[row])
    with waiting.edit(qtbot, window.desk):
        window.desk.label([image], 0.75)
    (folder / "face_000.jpg").unlink()
    window.desk.rescan()
    qtbot.waitUntil(lambda: bool(window.model.columns.missing[window.model.row(image)]))
    assert float(window.model.columns.mos[window.model.row(image)]) == pytest.approx(0.75)


def test_a_file_that_is_no_bundle_is_refused_and_the_model_stays(qtbot, launch, scored, folder, tmp_path):
    window = scored(launch(folder), 13)
    before = window.desk.model.id
    fake = tmp_path / "fake.onnx"
    fake.write_bytes(b"no model")
    with qtbot.waitSignal(window.desk.failed) as told:
        window.desk.add_model(fake)
    assert "fake.onnx" in told.args[0]
    assert window.desk.model.id == before


def test_another_bundle_scores_anew_and_the_old_scores_stay(qtbot, launch, scored, folder, tmp_path):
    window = scored(launch(folder), 13)
    before, old = window.desk.model.id, window.model.columns.score.copy()
    bundles.write(tmp_path / "other.onnx", gain=0.5, name="other model")
    window.desk.add_model(tmp_path / "other.onnx")

    def scored_anew():
        scores = window.model.columns.score
        known = np.isfinite(old)
        return window.desk.model.id != before and np.isfinite(scores[known]).all() and (scores != old)[known].all()

    qtbot.waitUntil(scored_anew)
    window.desk.use_model(before)

    def back():
        return window.desk.model.id == before and np.array_equal(old, window.model.columns.score, equal_nan=True)

    qtbot.waitUntil(back)


def test_a_wrong_table_is_told_in_the_dialog_and_writes_nothing(qtbot, launch, scored, folder, tmp_path):
    from app.ui.label_files.import_dialog import ImportDialog

    window = scored(launch(folder), 13)
    table = tmp_path / "wrong.csv"
    table.write_text("a,b\nx,y\n", encoding="utf-8")
    dialog = ImportDialog(window.desk, table, window)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.report.startswith("⚠"))
    dialog.accept()
    assert np.isnan(window.model.columns.mos).all()


def test_a_missing_folder_is_wrong_use(capsys, tmp_path):
    from app.ui.application import run

    assert run([str(tmp_path / "nowhere")]) == 2
    assert "no folder" in capsys.readouterr().err
