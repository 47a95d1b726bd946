"""Several windows on one library: one training at a time, one process a run, nobody's prepared run is taken away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from app.library import runs
from app.library.library import Library
from app.services.training import run_index, run_owner
from app.services.training.retraining import RetrainingService
from app.services.training.run_watch import RunWatch
from app.services.writer import Writer
from engine.run import read_json, write_json
from tests import run_script, waiting

PREPARE = """
import sys
from pathlib import Path
from app.library.library import Library
from app.services.training import retrain_plan
with Library.open(Path(sys.argv[1])) as library:
    print(retrain_plan.prepare(library, "quick").path)
"""


@pytest.fixture
def other(library, qapp, tmp_path):
    """Another window on the library, with a connection and a writer of its own."""
    with Library.open(library.directory) as opened:
        writer = Writer()
        made = RetrainingService(opened, writer, command=run_script.command(tmp_path))
        yield made
        made.close()
        assert writer.close(waiting.LONG_S)


def _at(run, kind):
    """When the run wrote its first event of this kind."""
    lines = map(json.loads, run.events_file.read_text().splitlines())
    return next(e["at"] for e in lines if e["type"] == kind)


def _begins(run):
    return run.log_file.read_text().count("the log begins")


def test_a_run_that_has_not_written_its_state_yet_counts_as_running(qtbot, service, other, writer):
    first, second = run_script.prepared(service, wait=True), run_script.prepared(service)
    with qtbot.waitSignal(service.next_started):
        service.enqueue(first)
    with qtbot.waitSignal(service.waits):
        service.enqueue(second)
    assert first.state.status == "created"
    service.close()  # the window goes, the first goes on by itself
    other.attach(first)
    other.take_up_queue()
    assert writer.flush(waiting.LONG_S)
    with qtbot.waitSignal(other.ended) as ended:
        (first.path / "go").touch()
    assert ended.args[0].status == "done"
    with qtbot.waitSignal(other.ended):
        pass
    assert _at(second, "run") >= _at(first, "done")
    assert (_begins(first), _begins(second)) == (1, 1)


def test_two_windows_that_take_up_the_queue_start_a_run_once(qtbot, service, other, writer):
    first, second = run_script.prepared(service, wait=True), run_script.prepared(service)
    service.enqueue(first)
    service.enqueue(second)
    qtbot.waitUntil(lambda: [r.path for r in other.waiting()] == [second.path])
    other.attach(first)  # both see its end, and both go on with the queue
    with qtbot.waitSignals([service.ended, other.ended]):
        (first.path / "go").touch()
    qtbot.waitUntil(lambda: second.state.status == "done")
    qtbot.waitUntil(lambda: not (service.is_running() or other.is_running()))
    assert (_begins(first), _begins(second)) == (1, 1)
    assert other.waiting() == []


def test_a_window_that_runs_nothing_waits_for_the_other_windows_run(qtbot, service, other):
    first, second = run_script.prepared(service, wait=True), run_script.prepared(service)
    with qtbot.waitSignal(service.next_started):
        service.enqueue(first)
    with qtbot.waitSignal(other.waits):
        other.enqueue(second)
    assert not other.is_running()
    service.close()  # nobody watches the first any more
    other._queue._ask_again.setInterval(50)
    with qtbot.waitSignal(other.ended):
        other._queue._ask_again.start()
        (first.path / "go").touch()
    assert _at(second, "run") >= _at(first, "done")


def test_a_run_that_another_process_works_on_has_not_crashed(qtbot, service, writer):
    run = run_script.prepared(service, wait=True, steps=20)
    with qtbot.waitSignal(service.next_started):
        service.enqueue(run)
    run.request("pause")  # it is still at work when the other one comes, however long that takes to start
    (run.path / "go").touch()
    qtbot.waitUntil(lambda: run.state.status == "paused")
    late = subprocess.Popen(
        service._command("--run-job", run.path), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    assert late.wait(waiting.LONG_S) != 0  # it may not work there
    watch = RunWatch(run, late)
    with qtbot.assertNotEmitted(watch.crashed), qtbot.waitSignal(watch.ended):
        run.request("none")


def test_what_another_window_prepares_is_left_to_it(service, other, writer):
    run = run_script.prepared(service)
    other.discard_abandoned()
    assert other._writer.flush(waiting.LONG_S)
    assert run.job_file.exists()
    owner = read_json(run.path / "prepared_by.json")
    write_json(run.path / "prepared_by.json", {**owner, "heartbeat": time.time() - 25 * 3600})
    other.discard_abandoned()
    assert other._writer.flush(waiting.LONG_S)
    assert not run.path.exists()
    assert service.history() == []


def test_what_a_window_that_is_gone_has_prepared_is_taken_away(service, library, labelled):
    child = subprocess.run(
        [sys.executable, "-c", PREPARE, str(library.directory)], capture_output=True, text=True, check=True
    )
    (past,) = service.history()
    assert os.path.samefile(past.run.path, child.stdout.strip())
    assert not run_owner.is_prepared_now(past.run)
    runs.set_status(library, past.row.id, run_index.DISMISSED)  # somebody took it from the queue: it stays
    service.discard_abandoned()
    assert service._writer.flush(waiting.LONG_S)
    assert len(service.history()) == 1
    runs.set_status(library, past.row.id, "created")
    service.discard_abandoned()
    assert service._writer.flush(waiting.LONG_S)
    assert service.history() == []


def test_a_run_that_was_fetched_by_a_closing_window_waits_again(qtbot, service, other, writer):
    run = run_script.prepared(service)
    assert run_index.enqueue(service._library, run.path)
    service.take_up_queue()
    service.close()
    assert writer.flush(waiting.LONG_S)
    assert [r.path for r in other.waiting()] == [run.path]
    with qtbot.waitSignal(other.ended):
        other.take_up_queue()
    assert _begins(run) == 1
