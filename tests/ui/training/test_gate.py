"""The gate tells the verdict in words, shows where it comes from, and asks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from app.services.training.slices import slices
from app.ui.training.gate import GateView
from app.ui.training.judgement import judge, read_predictions
from tests.ui.training.conftest import simulated


@pytest.fixture
def gate(qtbot):
    view = GateView()
    qtbot.addWidget(view)
    view.resize(1100, 300)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def show(gate, tmp_path):
    def give(**options):
        file = tmp_path / "predictions.csv"
        report, text = simulated(**options)
        file.write_text(text)
        gate.show_report(tmp_path, report, read_predictions(file))
        return gate

    return give


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [(0.05, 0.3, "is better"), (0.3, 0.05, "is worse"), (0.2, 0.2, "No real difference")],
)
def test_the_verdict_in_words(show, new, old, words):
    gate = show(new=new, old=old)
    assert words in gate.verdict.text()
    assert "80 held-out images of 40 people" in gate.verdict.text()
    assert "human: 80" in gate.basis.text()
    advised = gate.use if "better" in words else gate.keep
    assert advised.property("role") == "primary"
    assert gate.caution.isHidden()


def test_numbers_with_intervals(show):
    gate = show()
    for key in ("candidate", "baseline", "difference"):
        for metric in ("srcc", "plcc", "rmse"):
            assert " to " in gate.cells[metric, key].text()
    assert "+" in gate.cells["srcc", "difference"].text()
    assert "−" in gate.cells["rmse", "difference"].text()


def test_a_small_test_split_is_said(show):
    assert "Only 20 images" in show(images=40).caution.text()
    assert not show(images=40).caution.isHidden()


def test_without_a_test_split_the_numbers_flatter(show):
    assert "no test split" in show(splits=("val",)).caution.text()


def test_real_models_on_real_images(gate, make_run, judge_run):
    run = judge_run(make_run())
    gate.show_report(run.path, run.report, read_predictions(run.predictions_file))
    found = judge(run.report)
    assert found.images == 12
    assert found.verdict == "better"
    assert "imported from gfiqa" in gate.basis.text()
    assert gate.moved.model.rowCount() == 24
    assert len(gate.scatter.points["candidate"].data) == 12


def test_without_an_active_model(gate, make_run, judge_run):
    run = judge_run(make_run(), baseline_gain=None)
    gate.show_report(run.path, run.report, read_predictions(run.predictions_file))
    assert "no active model" in gate.verdict.text()
    assert gate.keep.isHidden()
    assert gate.use.isEnabled()
    assert gate.moved.model.rowCount() == 0
    gate.show_part("moved")
    assert not gate.moved.nothing.isHidden()


def test_use_and_keep(qtbot, show, tmp_path):
    gate = show()
    with qtbot.waitSignal(gate.use_requested) as used:
        qtbot.mouseClick(gate.use, Qt.MouseButton.LeftButton)
    assert used.args == [str(tmp_path)]
    with qtbot.waitSignal(gate.keep_requested) as kept:
        qtbot.mouseClick(gate.keep, Qt.MouseButton.LeftButton)
    assert kept.args == [str(tmp_path)]
    assert not gate.keep.isEnabled()
    gate.set_active("new-id")
    assert "in use" in gate.use.text()
    assert not gate.use.isEnabled()


def first_point(gate):
    """The first point of the new model's scores, and where it lies in the canvas."""
    scatter = gate.scatter.points["candidate"]
    point = scatter.points()[0]
    at = scatter.mapToScene(point.pos())
    return point, QPoint(round(at.x()), round(at.y()))


def test_a_point_shows_its_image(qtbot, show):
    gate = show(images=8)
    canvas = gate.scatter.canvas.viewport()
    plot = gate.scatter.canvas.getPlotItem().getViewBox()
    qtbot.waitUntil(lambda: plot.sceneBoundingRect().toRect().contains(first_point(gate)[1]))  # it is laid out
    point, at = first_point(gate)
    expected = int(read_predictions_id(gate, point))
    with qtbot.waitSignal(gate.image_clicked) as clicked:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    assert clicked.args == [expected]


def read_predictions_id(gate, point):
    return gate.scatter._predictions.image_ids[int(point.data())]


def test_what_moves_is_ordered_and_opens_the_image(qtbot, show):
    gate = show(images=40)
    gate.show_part("moved")
    model = gate.moved.model
    changes = [abs(float(model.index(k, model.CHANGE).data()[2:].replace("−", "-"))) for k in range(model.rowCount())]
    assert changes == sorted(changes, reverse=True)
    index = model.index(0, 0)
    table = gate.moved.table
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    with qtbot.waitSignal(gate.image_clicked) as opened:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    assert opened.args == [model.image_id(0)]


def test_nothing_was_judged(gate, tmp_path):
    gate.show_report(tmp_path, {"splits": {}}, None)
    assert "no labelled images" in gate.verdict.text()
    assert not gate.use.isEnabled()
    assert read_predictions(tmp_path / "none.csv") is None


def test_a_worse_model_needs_a_second_click_that_says_so(qtbot, show):
    gate = show(new=0.3, old=0.05)
    asked = []
    gate.use_requested.connect(asked.append)
    qtbot.mouseClick(gate.use, Qt.MouseButton.LeftButton)
    assert asked == []
    assert "worse" in gate.use.text()
    assert "all the same?" in gate.verdict.text()
    qtbot.mouseClick(gate.keep, Qt.MouseButton.LeftButton)
    assert gate.use.text() == "Use the new model"  # asked anew next time
    qtbot.mouseClick(gate.use, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(gate.use, Qt.MouseButton.LeftButton)
    assert len(asked) == 1


def test_one_click_leads_back(qtbot, show):
    gate = show()
    assert gate.back.isHidden()
    gate.set_active("new-id")
    assert not gate.back.isHidden()
    with qtbot.waitSignal(gate.back_requested) as back:
        qtbot.mouseClick(gate.back, Qt.MouseButton.LeftButton)
    assert back.args == ["old-id"]


def test_slices_of_real_images(make_run, judge_run, gate):
    run = judge_run(make_run())
    found = read_predictions(run.predictions_file)
    parts = slices(run, found.paths, found.mos, found.candidate, found.baseline)
    by_name = {(p.kind, p.name): p for p in parts}
    assert set(by_name) == {("provenance", "human"), ("provenance", "imported:gfiqa")}  # one size, one folder
    human = by_name["provenance", "human"]
    assert human.n == 16
    assert human.candidate > 0.8 > -0.8 > human.baseline
    gate.slices.show_slices(parts)
    assert gate.slices.table.rowCount() == 2
    assert "▲" in gate.slices.table.item(0, 4).text()


def test_few_images_give_no_number(make_run, judge_run):
    run = judge_run(make_run())
    found = read_predictions(run.predictions_file)
    few = slices(run, found.paths[:6], found.mos[:6], found.candidate[:6], found.baseline[:6])
    assert {p.n for p in few} == {2, 4}
    assert all(p.candidate != p.candidate for p in few)


def test_what_moves_shows_the_faces(qtbot, gate, make_run, judge_run):
    run = judge_run(make_run())
    gate.show_report(run.path, run.report, read_predictions(run.predictions_file))
    gate.show_part("moved")
    model, face = gate.moved.model, Qt.ItemDataRole.DecorationRole
    qtbot.waitUntil(lambda: all(model.index(k, 0).data(face) for k in range(model.rowCount())))
