"""Retraining seen from the window: real child processes, detached, paused, cancelled, killed, found again, promoted."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest
from sqlalchemy import event

from app.library import calibrators, edits, models, people, runs
from app.library.columns import load
from app.services.training import depths, jobs, retrain_plan
from app.services.training.depths import Choice
from app.services.training.retraining import RetrainingService
from app.services.training.run_given import RetrainingError
from engine import calibrate, reference_scale
from engine import manifest as manifests
from engine.manifest import Manifest
from engine.run import RunDirectory, write_json
from tests import bundles, run_script, waiting


def _open(service):
    """Runs whose end nobody has seen."""
    return [past.run for past in service.history() if past.is_open]


def _collect(service):
    events, states = [], []
    service.events.connect(events.extend)
    service.state_changed.connect(lambda s: states.append(s.status))
    return events, states


def test_own_command_enters_this_program_anew(tmp_path, monkeypatch):
    assert jobs.own_command(jobs.RUN_JOB, tmp_path) == [sys.executable, "-m", "app", "--run-job", str(tmp_path)]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert jobs.own_command(jobs.MEASURE_RUN, tmp_path) == [sys.executable, "--measure-run", str(tmp_path)]


def test_the_plan_names_depths_and_what_they_start_from(service, library, labelled):
    plan = service.plan()
    assert plan.summary.labelled == 30
    assert plan.reason_disabled is None
    assert plan.baseline.id == labelled.id
    assert plan.initial == library.models_dir / plan.initial.name
    assert next(c for c in plan.depths if c.depth == "finetune").reason is None
    assert {name for depth in depths.DEPTHS for name in depths.recipes_of(depth)}.isdisjoint({"tiny"})


def test_a_plan_reads_the_images_once_and_each_ancestors_list_once_for_all(service, library, labelled, tmp_path):
    """It is made anew after every label."""
    run = run_script.prepared(service)
    (row,) = runs.list_runs(library)
    child = models.register(library, bundles.write(tmp_path / "child.onnx", size=32, gain=3.0), run_id=row.id)
    models.activate(library, child.id)
    reads, lists = [], []

    def note(_connection, _cursor, statement, *_):
        reads.append(" ".join(statement.lower().split()))

    event.listen(library._engine, "before_cursor_execute", note)
    real = manifests.read
    with pytest.MonkeyPatch.context() as spy:
        spy.setattr(manifests, "read", lambda file: (lists.append(file), real(file))[1])
        first = service.plan()
        assert [file for file in lists if file == run.manifest_file] == [run.manifest_file]
        assert sum("from image join folder" in statement for statement in reads) == 1
        again = service.plan()
        assert len(lists) == 1
        manifests.write(Manifest(()), run.manifest_file)  # another list: what was remembered no longer holds
        other = service.plan()
    event.remove(library._engine, "before_cursor_execute", note)
    reasons = [plan.depths[0].reason for plan in (first, again, other)]
    assert reasons[0] == reasons[1]
    assert "learned from these labels" in reasons[0]
    assert reasons[2] != reasons[0]


def test_without_weights_nothing_starts_from_the_active_model(service, library):
    models.active(library).checkpoint.unlink()
    plan = service.plan()
    assert plan.initial is None
    assert "weights" in next(c for c in plan.depths if c.depth == "finetune").reason
    with pytest.raises(RetrainingError, match="weights"):
        service.prepare("finetune")
    assert service.history() == []


def test_too_few_labels_are_refused(library, writer):
    service = RetrainingService(library, writer)
    assert "20 more labelled images" in service.plan().reason_disabled
    with pytest.raises(RetrainingError, match="20 more"):
        service.prepare("quick")


def test_prepare_writes_a_run_with_baseline_and_weights(service, library, labelled):
    run = service.prepare("finetune", settings={"student.training.epochs": "2"})
    job = run.job
    active = models.active(library)
    assert (job.baseline, job.initial) == (str(active.path), str(active.checkpoint))
    assert run.recipe.student.training.epochs == 2
    assert run.path.parent == library.runs_dir
    (row,) = runs.list_runs(library)
    assert (row.directory, row.kind, row.model_before, row.status) == (run.path, "finetune", labelled.id, "created")
    again = service.prepare("finetune")  # in the same second
    assert again.path != run.path


def test_what_was_said_before_the_start_is_learned_from(service, library, writer):
    """Also where it still waits to be written: 30 acts, one after the other, and a training asked for meanwhile."""
    ids = load(library, model_id="", preprocessing_id="").id.tolist()
    rater = people.ensure_rater(library, "Ada")

    def give():
        for image_id in ids:
            edits.correct(library, [image_id], 0.25, rater_id=rater.id, session_id=None)

    writer.submit(give)
    run = service.prepare("finetune")
    assert set(manifests.read(run.manifest_file).mos.tolist()) == {0.25}


def test_what_the_dialog_prepared_is_started_only_while_it_still_holds(service, library, tmp_path):
    """It was laid down when the dialog was opened; labels and the model in use may have changed since."""
    choice = Choice("finetune", depths.named("finetune"))
    prepared = service.prepare(choice.recipe)
    assert service.to_start(choice, prepared) is prepared

    ids = load(library, model_id="", preprocessing_id="").id.tolist()
    edits.correct(library, ids[:1], 0.33, rater_id=people.ensure_rater(library, "Bo").id, session_id=None)
    assert 0.33 not in manifests.read(prepared.manifest_file).mos
    other = service.to_start(choice, prepared)
    assert 0.33 in manifests.read(other.manifest_file).mos
    waiting.until(lambda: sorted(library.runs_dir.iterdir()) == [other.path], "the run of the former labels is gone")

    former = other.job.baseline
    models.activate(library, models.register(library, bundles.write(tmp_path / "next.onnx", size=32, gain=2.0)).id)
    choice = Choice("full", depths.named("quick"))  # needs no weights, which this model has not
    prepared = service.prepare(choice.recipe)
    assert service.to_start(choice, prepared) is prepared
    assert prepared.job.baseline != former
    models.activate(library, next(m.id for m in models.all_models(library) if str(m.path) == former))
    assert service.to_start(choice, prepared).job.baseline == former


def test_what_is_measured_and_what_is_started_at_the_same_moment_are_two_runs(service):
    """Start clicked before the dialog's own run is laid down."""
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: service.prepare("quick").path, range(4)))
    assert len(set(made)) == 4
    assert len(service.history()) == 4


def test_a_run_is_watched_to_its_end_and_promoted(qtbot, service, library, writer):
    run = run_script.prepared(service, steps=20)
    events, states = _collect(service)
    with qtbot.waitSignal(service.ended) as ended:
        service.enqueue(run)
        qtbot.waitUntil(service.is_running)
    assert ended.args[0].status == "done"
    assert [e["type"] for e in events] == ["run", *["step"] * 20, "done"]
    assert states[-1] == "done"
    assert set(states) <= {"running", "done"}
    assert not service.is_running()
    assert jobs.last_lines(run.log_file) == ["the log begins"]

    before = models.active(library)
    with qtbot.waitSignal(writer.changed) as changed:
        service.promote(run)
    assert changed.args[0].models
    active = models.active(library)
    assert active.id != before.id
    assert {m.id for m in models.all_models(library)} == {before.id, active.id}
    (past,) = service.history()
    assert (past.row.status, past.row.model_after) == ("done", active.id)
    assert active.run_id == past.row.id
    assert _open(service) == []


@pytest.mark.parametrize(("before", "after"), [("percentiles", True), ("raw, by choice", False), ("raw", True)])
def test_a_promoted_model_is_shown_on_the_scale_of_the_one_before(service, library, labelled, before, after):
    scores = np.linspace(0, 1, 100)
    if before != "raw":
        calibrators.use_percentiles(library, labelled.id, calibrate.percentile(scores, "all faces"))
    if before == "raw, by choice":
        calibrators.deactivate(library, labelled.id)
    run = service.prepare("quick")
    bundles.write(run.model_file, size=32, gain=3.0)
    own = reference_scale.named(scores, reference_scale.HELD_OUT)
    reference_scale.keep(run.model_file, own)
    retrain_plan.promote(library, run)
    promoted = models.active(library)
    assert promoted.run_id is not None
    found = calibrators.active(library, promoted.id)
    assert (found is not None and found.calibrator == own) == after
    assert reference_scale.of_card(promoted.card) == own  # either way it can be chosen in the menu


def test_the_process_is_detached_and_polite(qtbot, service):
    run = run_script.prepared(service, steps=2000)
    with qtbot.waitSignal(service.events):
        service.enqueue(run)
    pid = run.state.pid
    assert os.getsid(pid) == pid != os.getsid(0)
    assert psutil.Process(pid).nice() > psutil.Process().nice()
    with qtbot.waitSignal(service.ended):
        service.cancel(run)


def test_pause_go_on_cancel_and_resume(qtbot, service, writer):
    run = run_script.prepared(service, steps=100_000)
    with qtbot.waitSignal(service.events):
        service.enqueue(run)
    with qtbot.waitSignal(service.state_changed, check_params_cb=lambda s: s.status == "paused"):
        service.pause(run)
    with qtbot.waitSignal(service.state_changed, check_params_cb=lambda s: s.status == "running"):
        service.go_on(run)
    with qtbot.waitSignal(service.ended) as ended:
        service.cancel(run)
    assert ended.args[0].status == "cancelled"
    assert writer.flush(waiting.LONG_S)
    assert _open(service) == []
    write_json(run.path / "plan.json", {"steps": 3})
    with qtbot.waitSignal(service.events):
        service.enqueue(run)
    assert writer.flush(waiting.LONG_S)
    assert [r.path for r in _open(service)] == [run.path]  # resumed: its end has not been seen
    with qtbot.waitSignal(service.ended) as ended:
        service.attach(run)
    assert ended.args[0].status == "done"
    assert writer.flush(waiting.LONG_S)
    (first,) = service.history()
    with qtbot.waitSignal(service.ended):
        service.attach(run)  # looked at again
    assert writer.flush(waiting.LONG_S)
    assert service.history()[0].row == first.row


@pytest.mark.parametrize("plan", [{"crash_at": 2}, {"refuse": True}])
def test_a_crash_tells_how_and_the_end_of_the_log(qtbot, service, writer, plan):
    run = run_script.prepared(service, **plan)
    with qtbot.waitSignal(service.crashed) as crashed:
        service.enqueue(run)
    how, log = crashed.args
    assert "exit status 1" in how
    assert log[0] == "the log begins"
    assert "RuntimeError" in log[-1]
    assert [r.path for r in _open(service)] == [run.path]
    service.dismiss(run)
    assert writer.flush(waiting.LONG_S)
    assert _open(service) == []
    write_json(run.path / "plan.json", {"steps": 3})
    with qtbot.waitSignal(service.ended) as ended:
        service.enqueue(run)
    assert ended.args[0].status == "done"


def test_a_resume_that_dies_at_once_is_no_old_cancellation(qtbot, service):
    run = run_script.prepared(service, steps=100_000)
    with qtbot.waitSignal(service.events):
        service.enqueue(run)
    with qtbot.waitSignal(service.ended):
        service.cancel(run)
    write_json(run.path / "plan.json", {"refuse": True})
    with qtbot.waitSignal(service.crashed):
        service.enqueue(run)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX's")
def test_killed_while_a_second_window_watches(qtbot, service, library, writer):
    run = run_script.prepared(service, steps=100_000)
    with qtbot.waitSignal(service.events):
        service.enqueue(run)
    other = RetrainingService(library, writer)
    (found,) = _open(other)
    events, _ = _collect(other)
    with qtbot.waitSignal(other.events):
        other.attach(found)
    assert events[0]["type"] == "run"
    with qtbot.waitSignals([service.crashed, other.crashed]):
        os.kill(run.state.pid, signal.SIGKILL)
    other.close()


def test_a_run_that_ended_while_no_window_was_open_is_found(qtbot, service, library, writer):
    run = run_script.prepared(service, steps=3)
    with qtbot.waitSignal(service.events):
        service.enqueue(run)
    service.detach()  # the window closes
    qtbot.waitUntil(lambda: run.state.status == "done")
    later = RetrainingService(library, writer)
    (found,) = _open(later)
    events, _ = _collect(later)
    with qtbot.waitSignal(later.ended) as ended:
        later.attach(found)
    assert ended.args[0].status == "done"
    assert [e["type"] for e in events] == ["run", "step", "step", "step", "done"]
    assert writer.flush(waiting.LONG_S)
    assert _open(later) == []


def test_measure_answers_or_says_why_not(qtbot, service):
    run = run_script.prepared(service)
    with qtbot.waitSignal(service.measured) as measured:
        service.measure(run)
    assert measured.args[0] == {"seconds_total": 0.5}
    write_json(run.path / "plan.json", {"measure": "fail"})
    with qtbot.waitSignal(service.measure_failed) as failed:
        service.measure(run)
    assert failed.args[0] == "There is no memory for it."


def test_measuring_that_is_not_wanted_any_more_is_ended(qtbot, service):
    run = run_script.prepared(service, measure="hang")
    service.measure(run)
    qtbot.waitUntil(lambda: (run.path / "pid").is_file() and (run.path / "pid").read_text() != "")
    process = psutil.Process(int((run.path / "pid").read_text()))
    with qtbot.assertNotEmitted(service.measure_failed):
        service.stop_measuring()
        qtbot.waitUntil(lambda: not process.is_running())


def test_starting_twice_starts_one_process(qtbot, service):
    run = run_script.prepared(service, steps=20)
    with qtbot.waitSignal(service.ended) as ended:
        service.enqueue(run)
        service.enqueue(run)
    assert ended.args[0].status == "done"
    assert jobs.last_lines(run.log_file) == ["the log begins"]


def test_what_gave_no_model_is_not_promoted(qtbot, service, library):
    run = run_script.prepared(service)
    before = models.active(library).id
    with qtbot.waitSignal(service.failed) as failed:
        service.promote(run)
    assert "no model" in failed.args[0]
    run.model_file.write_bytes(b"nothing")
    with qtbot.waitSignal(service.failed):
        service.promote(run)
    assert models.active(library).id == before


def test_a_run_folder_that_is_gone_stays_in_the_history(service):
    run = run_script.prepared(service)
    shutil.rmtree(run.path)
    (past,) = service.history()
    assert past.state is None
    assert _open(service) == []
    assert isinstance(past.run, RunDirectory)


@pytest.mark.train
def test_a_real_training_from_labels_to_a_model_in_use(qtbot, library, writer, labelled, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    service = RetrainingService(library, writer)
    run = service.prepare("tiny", settings={"student.training.epochs": "2"})
    with qtbot.waitSignal(service.measured, timeout=200_000) as measured:
        service.measure(run)
    assert measured.args[0]["seconds_total"] > 0
    events, _ = _collect(service)
    with qtbot.waitSignal(service.ended, timeout=300_000) as ended:
        service.enqueue(run)
    assert ended.args[0].status == "done", ended.args[0].message
    kinds = [e["type"] for e in events]
    assert kinds[0] == "run"
    assert kinds[-1] == "done"
    assert kinds.count("epoch") == 2
    assert "step" in kinds
    assert run.report
    with qtbot.waitSignal(writer.changed):
        service.promote(run)
    active = models.active(library)
    assert active.id != labelled.id
    assert active.checkpoint.is_file()
    assert service.plan().initial == active.checkpoint
    service.close()
