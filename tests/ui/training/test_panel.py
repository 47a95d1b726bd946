"""The training dock over real run directories: a live run, its end, its death, and runs of former days."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt

from app.services import worker
from app.services.training.run_index import PastRun
from app.ui.training.history import History
from app.ui.training.panel import TrainingPanel
from app.ui.training.run_info import describe
from engine.run import RunDirectory, write_json
from tests import waiting
from tests.ui.training.conftest import emit_training, events_of, past


@pytest.fixture(autouse=True)
def _no_thread_left(qapp):
    yield
    assert worker.stop_all(waiting.LONG_S) == []


@pytest.fixture
def panel(qtbot):
    made = TrainingPanel()
    qtbot.addWidget(made)
    made.resize(906, 236)
    with qtbot.waitExposed(made):
        made.show()
    return made


def shown(panel):
    return panel.pages.currentWidget()


def click(qtbot, button):
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("width", [420, 906])
def test_no_line_of_the_reason_is_cut_in_a_low_dock(panel, width):
    panel.side.set_plan_reason(
        "Retraining needs 16 more labelled images (there are 4) and labels on at least 6 people."
    )
    panel.resize(width, 1)
    reason = panel.side.reason
    assert reason.height() >= reason.heightForWidth(reason.width()) > reason.fontMetrics().lineSpacing()
    assert panel.rect().contains(reason.rect().translated(reason.mapTo(panel, reason.rect().topLeft())))


def test_before_the_first_run(qtbot, panel):
    assert shown(panel) is panel.pages.empty
    assert panel.head.isHidden()
    panel.side.set_plan_reason("Retraining needs 14 more labelled images (there are 6).")
    assert not panel.side.retrain.isEnabled()
    assert "14 more" in panel.side.reason.text()
    assert "14 more" in panel.side.retrain.toolTip()
    panel.side.set_plan_reason(None)
    with qtbot.waitSignal(panel.retrain_requested):
        click(qtbot, panel.side.retrain)


def test_no_pyqtgraph_before_it_is_needed():
    code = "import sys, app.ui.training.panel; sys.exit('pyqtgraph' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_live_run(qtbot, panel, make_run):
    run = make_run("2026-11-24-tiny")
    panel.begin(run)
    panel.on_state(run.state)
    assert panel.head.text.text() == "preparing the images"
    emit_training(run, epochs=4, last=2)
    panel.on_events(events_of(run))
    assert shown(panel) is panel.curves
    assert panel.curves.point_counts()["srcc"] == 2
    assert panel.head.text.text() == "student, epoch 2/4, 41 img/s, about 1 min 20 s left"
    assert (panel.head.bar.value(), panel.head.bar.maximum()) == (8, 16)
    info = panel.runs.info(str(run.path))
    assert (info.title, info.status, info.epoch, info.epochs) == ("Trial run", "running", 2, 4)
    assert info.srcc == pytest.approx(0.7)
    with qtbot.waitSignal(panel.pause_requested) as asked:
        click(qtbot, panel.head.pause)
    assert asked.args == [True]
    run.set_status("paused")
    panel.on_state(run.state)
    assert panel.head.text.text().startswith("Paused")
    with qtbot.waitSignal(panel.pause_requested) as asked:
        click(qtbot, panel.head.pause)
    assert asked.args == [False]
    with qtbot.waitSignal(panel.cancel_requested):
        click(qtbot, panel.head.cancel)
    assert not panel.head.cancel.isEnabled()
    panel.head.show_live(running=True)  # the next step was on its way
    assert not panel.head.cancel.isEnabled()
    run.set_status("cancelled")
    panel.on_ended(run.state)
    assert panel.head.cancel.isHidden()
    with qtbot.waitSignal(panel.resume_requested) as again:
        click(qtbot, panel.runs.resume)
    assert again.args == [str(run.path)]


def test_warnings_are_seen(panel, make_run):
    run = make_run()
    panel.begin(run)
    run.emit("warning", message="2 images could not be read.")
    panel.on_events(events_of(run))
    assert "2 images" in panel.head.warning.text()
    assert panel.head.warning.isVisible()


def test_the_result_appears_and_can_be_used(qtbot, panel, make_run, judge_run):
    run = make_run()
    panel.begin(run)
    emit_training(run)
    panel.on_events(events_of(run))
    judge_run(run)
    panel.on_ended(run.state)
    assert shown(panel) is panel.gate
    assert "better" in panel.gate.verdict.text()
    assert panel.curves.agreement._reference.keys() == {"srcc", "plcc"}
    with qtbot.waitSignal(panel.use_requested) as used:
        click(qtbot, panel.gate.use)
    assert used.args == [str(run.path)]
    panel.set_active_model(run.report["candidate"])
    assert not panel.gate.use.isEnabled()
    click(qtbot, panel.head.pages["moved"])
    assert panel.gate.parts.currentWidget() is panel.gate.moved
    click(qtbot, panel.head.pages["curves"])
    assert shown(panel) is panel.curves


def test_a_crash_keeps_the_log_and_offers_to_resume(qtbot, panel, make_run):
    run = make_run()
    emit_training(run, last=1)
    panel.begin(run)
    panel.on_events(events_of(run))
    panel.show_crash("The training ended with signal 9 (killed).", ["line 1", "line 2"])
    assert shown(panel) is panel.pages.trouble
    assert panel.pages.trouble.report() == "The training ended with signal 9 (killed).\n\nline 1\nline 2"
    assert panel.runs.info(str(run.path)).status == "interrupted"
    with qtbot.waitSignal(panel.resume_requested) as again:
        click(qtbot, panel.pages.trouble.resume)
    assert again.args == [str(run.path)]
    click(qtbot, panel.head.pages["curves"])
    assert panel.curves.point_counts()["srcc"] == 1
    panel.begin(run)
    assert shown(panel) is panel.curves


def test_a_failed_run_says_why(panel, make_run):
    run = make_run()
    panel.begin(run)
    run.emit("error", message="The disk is full.", remedy="Make room.")
    run.set_status("failed", "The disk is full. Make room.")
    panel.on_events(events_of(run))
    panel.on_ended(run.state)
    assert shown(panel) is panel.pages.trouble
    assert panel.pages.trouble.text.text() == "The disk is full. Make room."


def test_runs_of_former_days(qtbot, panel, make_run, judge_run):
    done, stopped, dead = make_run("done"), make_run("stopped"), make_run("dead", title="My run")
    for run in (done, stopped):
        emit_training(run)
    judge_run(done)
    stopped.set_status("cancelled")
    state = dead.path / "state.json"
    state.write_text(state.read_text().replace('"pid_started": ', '"pid_started": 1'))
    history = [past(r, f"2026-11-2{k}T00:00:00.000+00:00") for k, r in enumerate((done, stopped, dead), 1)]
    assert describe(history[1]).can_resume
    assert describe(history[2]).status == "interrupted"
    assert describe(history[2]).title == "My run"
    panel.side.set_runs(history)
    qtbot.waitUntil(lambda: len(panel.runs.model.rows) == 3)
    assert [row.status for row in panel.runs.model.rows] == ["interrupted", "cancelled", "done"]
    assert panel.runs.model.rows[2].has_report
    assert "SRCC 0.800" in panel.runs.model.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    view = panel.runs.list
    with qtbot.waitSignal(panel.run_selected) as chosen:
        qtbot.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(panel.runs.model.index(2)).center()
        )
    assert chosen.args == [str(done.path)]
    panel.show_history(done.path, History(events_of(done)))
    assert panel.curves.point_counts()["loss"] == 12
    assert panel.head.text.text() == "Trial run, done, best epoch 3 of 3"
    click(qtbot, panel.head.pages["result"])
    assert "better" in panel.gate.verdict.text()


def test_a_run_whose_folder_is_gone(panel, tmp_path, make_run):
    run = make_run("here")
    info = describe(PastRun(past(run).row, RunDirectory(tmp_path / "nowhere"), None))
    assert info.status == "gone"
    assert not info.can_resume
    panel.begin(RunDirectory(tmp_path / "nowhere"))
    assert "gone" in panel.pages.trouble.text.text()


def test_a_report_without_predictions(panel, make_run, judge_run):
    run = judge_run(make_run())
    run.predictions_file.unlink()
    panel.begin(run)
    panel.on_ended(run.state)
    assert shown(panel) is panel.gate
    assert panel.gate.moved.model.rowCount() == 0
    write_json(run.report_file, {"splits": {}})
    panel.show_report(run.path)
    assert "no labelled images" in panel.gate.verdict.text()


def test_other_runs_are_drawn_beside_the_chosen_one(qtbot, panel, make_run):
    runs = [make_run(name) for name in ("one", "two", "three")]
    for run in runs:
        emit_training(run, epochs=3)
        run.set_status("done")
    panel.side.set_runs([past(r, started=f"2026-11-2{k}T14:03:12.000+00:00", number=k) for k, r in enumerate(runs, 1)])
    qtbot.waitUntil(lambda: len(panel.runs.model.rows) == 3)
    rows = panel.runs.list
    rows.setFocus()
    with qtbot.waitSignal(panel.run_selected) as chosen:
        click_row(qtbot, rows, 1)
    first = chosen.args[0]
    panel.show_history(first, History(events_of(RunDirectory(first))))
    with qtbot.waitSignal(panel.run_selected) as chosen:
        click_row(qtbot, rows, 2, Qt.KeyboardModifier.ControlModifier)
    panel.show_history(chosen.args[0], History(events_of(RunDirectory(chosen.args[0]))))
    qtbot.waitUntil(lambda: len(panel.curves.overlays) == 1)
    assert panel.curves.overlays[0].directory == first
    assert panel.runs.model.index(1).data(Qt.ItemDataRole.ToolTipRole).endswith("B")


def click_row(qtbot, view, row, keys=Qt.KeyboardModifier.NoModifier):
    middle = view.visualRect(view.model().index(row, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, middle)


def test_the_result_says_what_both_models_cost_here(qtbot, panel, make_run, judge_run):
    run = judge_run(make_run())
    panel.side.set_runs([past(run)])
    qtbot.waitUntil(lambda: len(panel.runs.model.rows) == 1)
    panel.show_report(run.path)
    qtbot.waitUntil(lambda: "ms a picture" in panel.gate.costs.text())
    qtbot.waitUntil(lambda: panel.gate.slices.table.rowCount() == 2)


def test_each_run_has_its_own_dashed_lines(panel):
    """What a model reaches on one run's validation images says nothing of another run's."""
    pages, level = panel.pages, lambda: panel.curves.agreement._levels["srcc"]
    pages.refer_to("one")
    pages.set_reference("one", {"srcc": 0.9}, "in use")
    assert level().isVisible()
    pages.refer_to("other")
    assert not level().isVisible()
    pages.set_reference("one", {"srcc": 0.8}, "in use")  # told late: its run is not on show
    assert not level().isVisible()
    pages.refer_to("one")
    assert level().value() == 0.8
