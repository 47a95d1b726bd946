"""A run directory: claimed by one living process, watched from files, never half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine import recipes
from engine.errors import Cancelled
from engine.manifest import Manifest, Row
from engine.run import EventTail, RunDirectory, RunError, read_json, write_json
from tests import waiting
from tests.at_once import at_once

CHILD = """
import sys, time
from pathlib import Path
from engine.run import RunDirectory
run = RunDirectory.open(Path(sys.argv[1]))
run.claim()
print("claimed", flush=True)
while True:
    run.checkpoint()
    time.sleep(0.01)
"""


ONE_OF_MANY = """
import sys
from pathlib import Path
from engine.run import RunDirectory, RunError
run = RunDirectory.open(Path(sys.argv[1]))
print("ready", flush=True)
for _ in sys.stdin:
    try:
        run.claim()
        print("claimed", flush=True)
    except RunError:
        print("refused", flush=True)
"""
ROUNDS = 10


@pytest.fixture
def run(tmp_path):
    table = Manifest((Row(tmp_path / "a.jpg", 0.5, "train"), Row(tmp_path / "b.jpg", 0.25, "val")))
    return RunDirectory.create(tmp_path / "run", recipe=recipes.load("tiny"), manifest=table, name="first")


@pytest.fixture
def child(run):
    process = subprocess.Popen([sys.executable, "-c", CHILD, str(run.path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "claimed\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_holds_what_was_asked_for(run):
    again = RunDirectory.open(run.path)
    assert again.recipe == recipes.load("tiny")
    assert again.job.name == "first"
    assert again.state.status == "created"
    assert not again.state.is_alive()
    assert again.report is None


def test_refuses_a_used_folder_and_a_foreign_one(run, tmp_path):
    with pytest.raises(RunError, match="not empty"):
        RunDirectory.create(run.path, recipe=recipes.load("tiny"), manifest=Manifest(()))
    with pytest.raises(RunError, match="no run folder"):
        _ = RunDirectory(tmp_path / "gone").job
    with pytest.raises(RunError, match="no run folder"):
        RunDirectory.open(tmp_path)


def test_one_living_process_holds_it(run, child):
    assert run.state.is_alive()
    assert run.state.pid == child.pid
    with pytest.raises(RunError, match=f"Process {child.pid} already works"):
        run.claim()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert not run.state.is_alive()
    run.claim()
    assert run.state.pid == os.getpid()


def test_of_many_that_claim_at_once_one_gets_it(run):
    command = [sys.executable, "-c", ONE_OF_MANY, str(run.path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "bufsize": 1}
    crowd = [subprocess.Popen(command, **pipes) for _ in range(4)]
    try:
        assert [process.stdout.readline() for process in crowd] == ["ready\n"] * 4
        for _ in range(ROUNDS):
            run.set_status("created")
            for process in crowd:
                process.stdin.write("go\n")
            said = [process.stdout.readline().strip() for process in crowd]
            assert sorted(said) == ["claimed", "refused", "refused", "refused"]
    finally:
        for process in crowd:
            process.kill()
            process.communicate()


def test_a_reused_process_number_is_not_taken_for_the_job(run):
    run.claim()
    state = read_json(run.path / "state.json")
    write_json(run.path / "state.json", {**state, "pid_started": state["pid_started"] - 100})
    assert not run.state.is_alive()


def test_cancel_and_pause_reach_the_work(run):
    run.claim()
    run.checkpoint()
    run.request("pause")
    work = threading.Thread(target=run.checkpoint)
    work.start()
    waiting.until(lambda: run.state.status == "paused", "the run is paused")
    run.request("none")
    work.join(waiting.LONG_S)
    assert not work.is_alive()
    assert run.state.status == "running"
    run.request("cancel")
    with pytest.raises(Cancelled):
        run.checkpoint()


def test_a_cancel_for_this_process_survives_the_claim_an_old_one_does_not(run):
    run.request("cancel")  # asked while this process was still importing
    run.claim()
    with pytest.raises(Cancelled):
        run.checkpoint()
    write_json(run.path / "control.json", {"request": "cancel", "at": "2020-01-01T00:00:00+00:00"})
    run.claim()
    run.checkpoint()


def test_events_are_read_incrementally_and_torn_lines_wait(run):
    tail = EventTail(run.events_file)
    assert list(tail.read()) == []
    run.emit("run", schema=1)
    run.emit("epoch", srcc=float("nan"), note="ü")
    first = list(tail.read())
    assert [e["type"] for e in first] == ["run", "epoch"]
    assert first[1]["srcc"] is None
    with run.events_file.open("ab") as stream:
        stream.write(b'{"type": "do')
        stream.flush()
        assert list(tail.read()) == []
        stream.write(b'ne"}\n')
    assert [e["type"] for e in tail.read()] == ["done"]


def test_json_is_strict_and_whole(tmp_path: Path):
    file = tmp_path / "x.json"
    write_json(file, {"a": float("inf"), "b": (1, 2)})
    assert json.loads(file.read_text()) == {"a": None, "b": [1, 2]}
    file.write_text("{")
    with pytest.raises(RunError, match="damaged"):
        read_json(file)
    file.write_bytes(b"\xff\xfe{}")
    with pytest.raises(RunError, match="damaged"):
        read_json(file)
    assert read_json(tmp_path / "none.json", 7) == 7


def test_two_that_write_the_same_file_at_once_do_not_meet(run):
    """A wish of one window and a wish of another, or of the job that forgets an old one."""

    def ask():
        for _ in range(50):
            run.request("none")

    assert at_once(ask) == []
    assert run.requested() == "none"
    assert not list(run.path.glob("*.partial"))
