"""Whole runs on real small networks: the paper's order, kill -9, cancel, refusal of what cannot be trained."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine import image, manifest
from engine.bundle import read_bundle
from engine.errors import Cancelled, UserError
from engine.manifest import Manifest
from engine.run import EventTail
from engine.train import checkpoints, pipeline
from engine.train.workspace import SplitError, Workspace
from tests import bundles, pictures
from tests.engine.train.conftest import make_faces, make_run

pytestmark = pytest.mark.train

PAPER = {
    "teacher__network__arch": "edgenext_xx_small",
    "teacher__network__size": "64",
    "teacher__training__epochs": "2",
    "teacher__training__batch": "6",
    "student__training__epochs": "3",
    "student__training__batch": "6",
}
STAGES = ["teacher", "pseudo1", "teacher+", "pseudo2", "student", "export", "evaluate"]
EXECUTE = """
import sys
from pathlib import Path
from engine.run import RunDirectory
from engine.train import pipeline
pipeline.execute(RunDirectory.open(Path(sys.argv[1])))
"""


def events(run, *types):
    return [e for e in EventTail(run.events_file).read() if e["type"] in types]


def weights(run, name="student-best"):
    return checkpoints.read(run.checkpoints / f"{name}.safetensors").tensors


@pytest.fixture(scope="module")
def finished(tmp_path_factory, faces_and_pools):
    """The paper in small, uninterrupted, with a baseline to compare with."""
    folder = tmp_path_factory.mktemp("finished")
    baseline = bundles.write(folder / "baseline.onnx")
    run = make_run(folder / "run", faces_and_pools, baseline=baseline.path, **PAPER)
    pipeline.execute(run)
    return run


def test_the_stages_follow_the_paper(finished):
    assert [e["name"] for e in events(finished, "stage")] == STAGES
    assert finished.state.status == "done"
    assert events(finished, "run", "done")[0]["schema"] == 1
    assert events(finished, "run", "done")[-1]["type"] == "done"
    assert not events(finished, "error", "warning")


def test_events_carry_what_watchers_draw(finished):
    steps = [e for e in events(finished, "step") if e["stage"] == "student"]
    assert {"epoch", "step", "loss", "mse", "plcc_loss", "lr", "images_per_s", "eta_s"} <= set(steps[0])
    planned = next(e for e in events(finished, "stage") if e["name"] == "student")["steps"]
    assert (steps[0]["step"], steps[-1]["step"]) == (1, planned)
    epochs = [e for e in events(finished, "epoch") if e["stage"] == "student"]
    assert [e["epoch"] for e in epochs] == [1, 2, 3]
    assert {"srcc", "plcc", "plcc_fit", "krcc", "rmse", "val_loss"} <= set(epochs[0])


def test_pseudo_labels_are_the_teachers_raw_output(finished, faces_and_pools):
    for name, pool, teacher in (("pseudo1", "a", "teacher"), ("pseudo2", "b", "teacher+")):
        made = manifest.read(finished.pseudo / f"{name}.csv")
        wanted = [r.path for r in faces_and_pools.rows if r.pool == pool]
        assert [r.path for r in made.rows] == wanted
        assert {(r.source, r.provenance) for r in made.rows} == {(name, f"pseudo:{teacher}")}
        model = checkpoints.load_network(finished.checkpoints / f"{teacher}-best.safetensors").eval()
        pixels = np.stack([image.preprocess(image.decode(p.read_bytes(), path=p), model.size) for p in wanted])
        with torch.no_grad():
            scores = model(torch.from_numpy(pixels)).numpy()
        np.testing.assert_allclose([float(r.extra["raw"]) for r in made.rows], scores, atol=1e-5)


def test_the_bundle_says_what_it_is(finished):
    bundle = read_bundle(finished.model_file)
    card = bundle.card
    assert (card.arch, card.input_size) == ("mobilenetv4_conv_small_050", 64)
    assert card.params == sum(t.numel() for n, t in weights(finished).items() if not _is_buffer(n))
    assert card.gmacs > 0
    assert card.recipe_hash == finished.recipe.digest()
    assert "weak:blur (12), pseudo:pseudo1 (5), pseudo:pseudo2 (5)" in card.label_provenance
    assert "not human opinion" in card.card
    assert "No human opinion went into it" in card.card
    assert card.split_hash == card.metrics["test"]["hash"]
    assert set(card.metrics) == {"val", "test"}


def _is_buffer(name):
    return name.endswith(("running_mean", "running_var", "num_batches_tracked"))


def test_the_report_judges_against_the_baseline(finished):
    report = finished.report
    assert report["candidate"] == read_bundle(finished.model_file).id
    assert report["baseline"]
    assert set(report["splits"]) == {"val", "test"}
    assert report["splits"]["test"]["n"] == 6
    assert report["verdict"] in ("better", "no real difference", "worse", None)
    with finished.predictions_file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {r["split"] for r in rows} == {"val", "test"}
    assert all(r["candidate"] and r["baseline"] for r in rows)


def test_a_finished_run_is_left_alone(finished):
    before = finished.events_file.read_bytes()
    pipeline.execute(finished)
    assert finished.events_file.read_bytes() == before
    assert not (finished.path / "cache").exists()


def test_killed_at_any_moment_it_ends_the_same(tmp_path, faces_and_pools, finished):
    """kill -9 in the middle of the student, the fifth stage; what comes out is the uninterrupted run, bit for bit."""
    run = make_run(tmp_path / "run", faces_and_pools, **PAPER)
    child = subprocess.Popen([sys.executable, "-c", EXECUTE, str(run.path)])
    _wait(lambda: any(e["stage"] == "student" for e in events(run, "epoch")), child)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert not run.state.is_alive()
    assert run.state.status == "running"
    pipeline.execute(run)
    assert run.state.status == "done"
    for name in ("teacher-best", "teacher+-best", "student-best", "student-last"):
        mine, theirs = weights(run, name), weights(finished, name)
        assert all(torch.equal(mine[k], theirs[k]) for k in theirs), name
    assert read_bundle(run.model_file).id == read_bundle(finished.model_file).id
    told = [(e["stage"], e["epoch"]) for e in events(run, "epoch")]
    assert len(told) == len(set(told)) == 7


def _wait(condition, child, seconds=90):
    end = time.monotonic() + seconds
    while not condition():
        assert child.poll() is None, "the child ended by itself"
        assert time.monotonic() < end
        time.sleep(0.01)


def test_cancel_takes_less_than_two_seconds_and_keeps_the_epochs(tmp_path, faces):
    run = make_run(tmp_path / "run", faces, student__training__epochs="1000")
    outcome = []

    def work():
        try:
            pipeline.execute(run)
        except Cancelled:
            outcome.append("cancelled")

    thread = threading.Thread(target=work)
    thread.start()
    while not events(run, "epoch"):
        assert thread.is_alive()
        time.sleep(0.01)
    began = time.monotonic()
    run.request("cancel")
    thread.join(30)
    assert time.monotonic() - began < 2
    assert outcome == ["cancelled"]
    assert run.state.status == "cancelled"
    header = checkpoints.read(run.checkpoints / "student-last.safetensors").header
    assert header["epoch"] == len(events(run, "epoch"))
    assert "Cancelled" in run.log_file.read_text()


@pytest.mark.parametrize("missing", ["train", "val"])
def test_without_labels_to_learn_from_or_to_choose_by_it_refuses(tmp_path, faces, missing):
    rows = tuple(r for r in faces.rows if r.split != missing)
    run = make_run(tmp_path / "run", Manifest(rows))
    with pytest.raises(SplitError, match=f"Split '{missing}' has 0 labelled images"):
        pipeline.execute(run)
    assert run.state.status == "failed"
    told = events(run, "error")[0]
    assert missing in told["message"]
    assert "split" in told["remedy"]


def test_people_on_both_sides_are_refused(tmp_path, faces):
    rows = tuple(replace(r, group="Ada") if k < 3 else r for k, r in enumerate(faces.rows))
    with pytest.raises(SplitError, match=r"1 groups are both in train and in a held-out split \('Ada'\)"):
        pipeline.execute(make_run(tmp_path / "run", Manifest(rows)))


def test_a_teacher_without_pools_says_so(tmp_path, faces):
    run = make_run(tmp_path / "run", faces, **PAPER)
    space = Workspace(run, print)
    names = [s.name for s in pipeline._Pipeline(space).steps()]
    assert names == ["teacher", "student", "export", "evaluate"]
    assert ["Pool 'a'" in e["message"] or "Pool 'b'" in e["message"] for e in events(run, "warning")] == [True, True]


def test_one_unreadable_picture_is_listed_many_stop_the_run(tmp_path):
    table = make_faces(tmp_path / "faces")
    pictures.truncated_jpeg(table.rows[0].path)
    run = make_run(tmp_path / "run", table)
    space = Workspace(run, print)
    numbers = np.arange(len(table.rows))
    cache = space.pixels(64, numbers)
    assert 0 not in cache.readable(numbers)
    with run.errors_file.open(newline="") as stream:
        assert [r["reason"] for r in csv.DictReader(stream)] == ["the file is truncated"]
    pictures.empty(table.rows[1].path)
    with pytest.raises(UserError, match="2 of 18 images cannot be read"):
        pipeline.execute(make_run(tmp_path / "run2", table))


def test_weights_that_cannot_be_had_are_said_before_training(tmp_path, faces):
    run = make_run(tmp_path / "run", faces, student__network__arch="starnet_s050", student__network__init="imagenet")
    with pytest.raises(UserError, match="ImageNet weights of starnet_s050 cannot be fetched"):
        pipeline.execute(run)
    assert not list(run.checkpoints.iterdir())
    assert not events(run, "stage")


def test_fine_tuning_trains_the_network_of_the_model_in_use(tmp_path, faces, finished):
    run = make_run(tmp_path / "run", faces, student__network__arch="lcnet_050", student__network__init="active")
    space = Workspace(run, print)
    space.initial = finished.checkpoints / "student-best.safetensors"
    network = space.network_of(run.recipe.student.network)
    assert network.arch == "mobilenetv4_conv_small_050"
    assert "mobilenetv4_conv_small_050" in events(run, "warning")[0]["message"]
