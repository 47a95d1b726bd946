"""The frame of a job: what it leaves behind however it ends."""

from __future__ import annotations

import pytest

from engine import job, recipes
from engine.errors import Cancelled, UserError
from engine.manifest import Manifest, Row
from engine.run import RunDirectory


@pytest.fixture
def run(tmp_path):
    table = Manifest((Row(tmp_path / "a.jpg", 0.5, "train"), Row(tmp_path / "b.jpg", 0.25, "val")))
    return RunDirectory.create(tmp_path / "run", recipe=recipes.load("tiny"), manifest=table)


def test_a_log_that_cannot_be_written_fails_the_run_in_a_sentence(run):
    run.log_file.mkdir()
    with pytest.raises(UserError, match="cannot be read or written"), job.working(run):
        pytest.fail("it has no log")
    assert run.state.status == "failed"


def test_a_state_that_cannot_be_written_does_not_hide_that_somebody_cancelled(run):
    def cancelled_on_a_full_disk():
        with job.working(run):
            (run.path / "state.json").unlink()
            (run.path / "state.json").mkdir()
            raise Cancelled

    with pytest.raises(Cancelled):
        cancelled_on_a_full_disk()


def test_a_bug_is_told_in_the_state_and_stays_itself(run):
    def faulty():
        with job.working(run) as say:
            say("working")
            raise ZeroDivisionError("no such number")

    with pytest.raises(ZeroDivisionError):
        faulty()
    assert run.state.status == "failed"
    assert "fault of the program" in run.state.message
    assert "working" in run.log_file.read_text()
