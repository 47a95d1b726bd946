"""The result of a packed run comes back while another training runs: both are kept."""

from __future__ import annotations

import pytest

from app.library import edits
from app.services.training import packing
from engine import light_run
from engine.run import RunDirectory
from tests import curator, run_script

FACES = 60


@pytest.fixture
def labelled(qtbot, launch, scored, tmp_path):
    """A window on labelled faces, whose trainings are a script that learns nothing."""
    made = curator.faces(tmp_path / "faces", FACES, side=64)
    lines = [f"{f.path.name},{f.person}" for f in made]
    (tmp_path / "faces" / "manifest.csv").write_text("path,group\n" + "\n".join(lines) + "\n", encoding="utf-8")
    window = scored(launch(tmp_path / "faces"), FACES)
    said, columns = {str(f.path): f.mos for f in made}, window.model.columns
    for image_id, path in zip(columns.id.tolist(), columns.path, strict=True):
        edits.correct(window.desk.library, [image_id], said[path], rater_id=window.desk.rater.id, session_id=None)
    window.desk.retraining._queue._command = run_script.command(tmp_path)
    return window


def test_a_result_that_comes_back_does_not_drop_the_training_that_runs(qtbot, labelled, tmp_path):
    window, service = labelled, labelled.desk.retraining
    elsewhere = tmp_path / "elsewhere"
    packed = packing.hand_over(window.desk.library, "personalise", elsewhere, features=window.desk.features)
    light_run.execute(RunDirectory.open(elsewhere))
    run = run_script.prepared(service, wait=True)
    with qtbot.waitSignal(service.next_started):
        service.enqueue(run)

    window.training_wiring.take_back(elsewhere)
    qtbot.waitUntil(lambda: window.training._shown == str(packed.path))
    assert packed.report is not None
    assert window.training._page == "result"
    assert service.run.path == run.path
    with qtbot.waitSignal(service.ended) as ended:
        (run.path / "go").touch()
    assert ended.args[0].status == "done"
    qtbot.waitUntil(lambda: window.training.runs.info(str(run.path)).status == "done")
    info = window.training.runs.info(str(packed.path))
    assert info.status == "done"
