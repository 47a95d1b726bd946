"""A comparison of systems in the real window: opened, sorted, its points lead to faces; a quick one made of labels."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.services import worker
from app.ui.comparison.table import SystemsModel
from engine.benchmark import comparison, kept, systems
from engine.benchmark.context import Context
from engine.manifest import Manifest, Row
from engine.recipes import RECIPES
from tests import pictures

WAIT_MS = 60_000
CHILD_MS = 300_000
"""Four seconds of work, at low priority on a machine that may have much to do."""
SIDE = (200, 200)
FACES = 24


def labelled(folder, count=FACES):
    """Faces out of focus by degrees, four images of a person; a person is wholly in one split."""
    rows = []
    for k in range(count):
        radius = (k % 4) * 0.9
        path = pictures.save(pictures.blurred(k, radius, SIDE), folder / f"{k:02}.png", compress_level=1)
        split = ("train", "val", "test")[k // 4 % 3]
        rows.append(Row(path, 1 - radius / 3, split, provenance="weak:blur", group=f"person {k // 4}"))
    return Manifest(tuple(rows))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A real comparison: floors, NIQE, and a teacher that the recipe does not have."""
    home = tmp_path_factory.mktemp("made")
    recipe = RECIPES["tiny"]
    rows = systems.choose(systems.rows(1, recipe), ["niqe", "teacher"])
    context = Context(home / "out", labelled(home / "faces"), recipe, 1, 42, lambda *_: None, lambda _: None)
    comparison.compare(rows, context, number=1)
    return home


@pytest.fixture
def opened(qtbot, launch, scored, made):
    """The window with the same faces, and the comparison open over it."""
    window = scored(launch(made / "faces"), FACES)
    window.comparisons.open(made / "out")
    view = window.comparisons.view
    qtbot.waitUntil(lambda: view.page.model.rowCount() == 5 and view.isVisible(), timeout=WAIT_MS)
    return window, view


def cell(view, key, column, role=Qt.ItemDataRole.DisplayRole):
    model = view.page.model
    return model.index(model.row_of(key), column).data(role)


def column(view, number):
    model = view.page.model
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_the_table_says_numbers_and_why_there_are_none(opened):
    _, view = opened
    assert re.fullmatch(r"-?0\.\d{4} \[-?[01]\.\d{4}, -?[01]\.\d{4}\]", cell(view, "niqe", SystemsModel.SRCC))
    assert cell(view, "niqe", SystemsModel.PARAMS) == "—"
    assert "no parameters" in cell(view, "niqe", SystemsModel.PARAMS, Qt.ItemDataRole.ToolTipRole)
    assert "lower is better" in cell(view, "niqe", SystemsModel.REMARKS)
    assert cell(view, "constant", SystemsModel.SRCC) == "—"
    assert "no order" in cell(view, "constant", SystemsModel.SRCC, Qt.ItemDataRole.ToolTipRole)
    assert cell(view, "teacher", SystemsModel.SRCC) == "—"
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
        assert "has no teacher" in cell(view, "teacher", SystemsModel.SRCC, role)
    assert "has no teacher" in cell(view, "teacher", SystemsModel.REMARKS)
    view.page.choose("teacher")
    assert "has no teacher" in view.page.words.toPlainText()
    assert "computed, not opinions of people" in view.page.words.toPlainText()


def test_a_row_that_has_not_converged_is_marked(qapp, made):
    found = kept.read(made / "out")
    (niqe,) = [e for e in found.systems if e["key"] == "niqe"]
    model = SystemsModel()
    model.set_entries([niqe, {**niqe, "key": "other", "numbers": {**niqe["numbers"], "converged": False}}])
    assert [model.index(row, SystemsModel.TITLE).data() for row in (0, 1)] == ["NIQE", "NIQE ✗"]
    assert "not converged" in model.index(1, SystemsModel.REMARKS).data()
    assert "not converged" not in model.index(0, SystemsModel.REMARKS).data()


def test_sorted_by_any_column_what_has_no_number_comes_last(opened):
    _, view = opened
    header = view.page.table.horizontalHeader()
    for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
        header.setSortIndicator(SystemsModel.SRCC, order)
        texts = column(view, SystemsModel.SRCC)
        numbers = [float(text.split()[0]) for text in texts[:3]]
        assert numbers == sorted(numbers, reverse=order == Qt.SortOrder.DescendingOrder)
        assert texts[3:] == ["—", "—"]
    chosen = view.page.table.currentIndex()
    header.setSortIndicator(SystemsModel.TITLE, Qt.SortOrder.AscendingOrder)
    assert view.page.table.currentIndex().data() == chosen.data()  # the choice follows its row


def test_a_point_leads_to_its_face_in_the_gallery_by_mouse_and_keys(qtbot, opened):
    window, view = opened
    page = view.page
    page.choose("niqe")
    x, _ = page.scatter.points.getData()
    assert len(x) == 8
    point = page.scatter.points.points()[3]
    page.scatter.points.sigClicked.emit(page.scatter.points, [point], None)
    number = int(point.data())
    expected = page._shown.test[number].path
    row = window.model.row(window.model.current)
    assert str(window.model.columns.path[row]) == str(expected)
    assert "In the library" in page.said.text()
    qtbot.waitUntil(lambda: page.face.shown == number, timeout=WAIT_MS)
    qtbot.keyClick(page.scatter, Qt.Key.Key_Right)
    assert page.scatter.current != number
    qtbot.waitUntil(lambda: page.face.shown == page.scatter.current, timeout=WAIT_MS)
    ring = page.scatter.ring.getData()
    page.choose("sharpness")  # the same image, as another system sees it
    assert page.scatter.ring.getData()[0][0] == ring[0][0]
    assert page.scatter.ring.getData()[1][0] != ring[1][0]


def test_a_face_that_the_library_lacks_is_shown_from_its_file(qtbot, launch, made):
    window = launch()
    window.comparisons.open(made / "out" / "results.json")
    view = window.comparisons.view
    qtbot.waitUntil(lambda: view.page.model.rowCount() == 5, timeout=WAIT_MS)
    view.page.choose("niqe")
    view.page.scatter.choose(0)
    assert "Not in this library" in view.page.said.text()
    qtbot.waitUntil(lambda: view.page.face.shown == 0, timeout=WAIT_MS)
    assert window.model.current == -1


def test_what_is_no_comparison_is_told_and_what_was_shown_stays(qtbot, opened, tmp_path):
    window, view = opened
    for text in (None, "{", '{"systems": [{"key": "a"}]}'):
        if text is not None:
            (tmp_path / "results.json").write_text(text)
        view.fault.hide()
        window.comparisons.open(tmp_path)
        qtbot.waitUntil(lambda: not view.fault.isHidden(), timeout=WAIT_MS)
        assert "results.json" in view.fault.text()
        assert view.page.model.rowCount() == 5


def test_blind_mode_takes_it_away(qtbot, opened):
    window, view = opened
    window.desk.set_blind(True)
    assert not view.isVisible()
    assert not window.actions_["comparison"].isEnabled()
    window.desk.set_blind(False)
    window.actions_["comparison"].trigger()
    assert view.isVisible()


def test_a_quick_comparison_of_the_librarys_own_labels(qtbot, launch, scored, tmp_path):
    table = labelled(tmp_path / "faces", 40)
    window = scored(launch(tmp_path / "faces"), 40)
    view = window.comparisons.view
    view.start.click()
    qtbot.waitUntil(lambda: not view.fault.isHidden(), timeout=WAIT_MS)  # nobody has labelled anything
    assert view.page.model.rowCount() == 0
    mos = {str(row.path): row.mos for row in table.rows}
    columns = window.model.columns
    for image_id, path in zip(columns.id.tolist(), columns.path.tolist(), strict=True):
        window.desk.label([image_id], mos[path])
    qtbot.waitUntil(lambda: bool(np.isfinite(window.model.columns.mos).all()), timeout=WAIT_MS)
    view.start.click()
    assert view.start.text() == "Stop"
    qtbot.waitUntil(lambda: view.page.model.rowCount() == 5, timeout=CHILD_MS)
    qtbot.waitUntil(lambda: view.start.text() != "Stop", timeout=WAIT_MS)
    assert not math.isnan(view.page._shown.results["systems"][3]["numbers"]["srcc"]["value"])  # NIQE
    assert str(window.desk.library.directory) in view.command.text()
    view.start.click()
    view.start.click()  # stopped at once: nothing is left behind
    qtbot.waitUntil(lambda: window.comparisons._making is None, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not [w for w in worker.running() if "compare" in w.name], timeout=WAIT_MS)
