"""Whole runs on real small networks: the paper's order, kill -9, cancel, refusal of what cannot be trained."""

from __future__ import annotations

import csv
import json
import shutil
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine import image, manifest, recipes, reference_scale
from engine.bundle import read_bundle
from engine.errors import Cancelled, UserError
from engine.manifest import Manifest
from engine.run import EventTail
from engine.train import checkpoints, model_card, pipeline
from engine.train.stages import Pipeline
from engine.train.workspace import SplitError, Workspace
from tests import bundles, mortal, pictures, waiting
from tests.engine.train.conftest import make_faces, make_run

pytestmark = pytest.mark.train

PAPER = {
    "teacher__network__arch": "edgenext_xx_small",
    "teacher__network__size": "64",
    "teacher__training__epochs": "2",
    "teacher__training__batch": "8",
    "student__training__epochs": "3",
    "student__training__batch": "12",
}
STAGES = ["teacher", "pseudo1", "teacher+", "pseudo2", "student", "export", "evaluate"]
MORTAL = """
import os, signal, sys
from pathlib import Path
from engine.run import EventTail, RunDirectory
from engine.train import pipeline

class Mortal(RunDirectory):
    def checkpoint(self):
        if any(e["type"] == "epoch" and e["stage"] == "student" for e in EventTail(self.events_file).read()):
            os.kill(os.getpid(), signal.SIGKILL)
        super().checkpoint()

pipeline.execute(Mortal.open(Path(sys.argv[1])))
"""
"""A run whose process is killed at the first step after the student's first epoch."""


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
    assert set(report["splits"]["test"]["difference"]) == {"srcc", "plcc", "rmse", "pairwise"}
    assert report["verdict"] == report["splits"]["test"]["verdict"]
    with finished.predictions_file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {r["split"] for r in rows} == {"val", "test"}
    assert all(r["candidate"] and r["baseline"] for r in rows)


def test_too_few_held_out_faces_give_no_percentiles_and_the_log_says_so(finished):
    assert read_bundle(finished.model_file).card.percentiles == {}
    assert "shown by its scores: 'the faces held out of its training (12 images)'" in finished.log_file.read_text()


def test_a_trained_model_brings_the_percentiles_of_the_faces_held_out_of_it(tmp_path):
    run = make_run(tmp_path / "run", make_faces(tmp_path / "faces", 48), student__training__epochs="1")
    pipeline.execute(run)
    bundle = read_bundle(run.model_file)
    own = reference_scale.of_card(bundle.card.model_dump())
    assert own.reference == "the faces held out of its training (24 images)"
    with run.predictions_file.open(newline="") as stream:
        scores = [float(row["candidate"]) for row in csv.DictReader(stream)]
    expected = reference_scale.named(scores, reference_scale.HELD_OUT)
    assert own.raw == pytest.approx(expected.raw, abs=1e-6)
    assert own.value == pytest.approx(expected.value)
    assert own.apply(max(scores)).value == pytest.approx(1)
    assert bundle.card.metrics["test"]["n"] == 12
    assert own.reference in bundle.card.card


def test_a_finished_run_is_left_alone(finished):
    before = finished.events_file.read_bytes()
    pipeline.execute(finished)
    assert finished.events_file.read_bytes() == before
    assert not (finished.path / "cache").exists()


def test_killed_at_any_moment_it_ends_the_same(tmp_path, faces_and_pools, finished):
    """kill -9 in the middle of the student, the fifth stage; what comes out is the uninterrupted run, bit for bit."""
    run = make_run(tmp_path / "run", faces_and_pools, **PAPER)
    mortal.killed(MORTAL, str(run.path))
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


def test_cancel_takes_less_than_two_seconds_of_work_and_keeps_the_epochs(tmp_path, faces):
    run = make_run(tmp_path / "run", faces, student__training__epochs="1000")
    outcome = []

    def work():
        try:
            pipeline.execute(run)
        except Cancelled:
            outcome.append("cancelled")

    thread = threading.Thread(target=work)
    thread.start()
    waiting.until(lambda: events(run, "epoch") or not thread.is_alive(), "an epoch is over", seconds=300)
    assert thread.is_alive()
    began = time.process_time()  # of all threads: whoever shares the machine, it is the same
    run.request("cancel")
    thread.join(waiting.LONG_S)
    assert time.process_time() - began < 2
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


def test_one_picture_on_both_sides_is_refused_without_groups_too(tmp_path, faces):
    rows = [replace(r, group="") for r in faces.rows]
    learned, held = (next(r for r in rows if r.split == split) for split in ("train", "test"))
    again = replace(learned, split="test", sha256=held.sha256)
    with pytest.raises(SplitError, match="1 groups are both in train and in a held-out split"):
        Workspace(make_run(tmp_path / "run", Manifest((*rows, again))), print)


def test_a_teacher_without_pools_says_so(tmp_path, faces):
    run = make_run(tmp_path / "run", faces, **PAPER)
    space = Workspace(run, print)
    names = [s.name for s in Pipeline(space).steps]
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


def test_fine_tuning_keeps_the_size_of_the_model_in_use(tmp_path, faces, finished):
    initial = finished.checkpoints / "student-best.safetensors"
    space = Workspace(make_run(tmp_path / "run", faces, "finetune", initial=initial), print)
    assert space.network_of(space.recipe.student.network).size == 64
    larger = make_run(tmp_path / "larger", faces, "finetune", initial=initial, student__network__size="96")
    assert Workspace(larger, print).network_of(larger.recipe.student.network).size == 96
    lone = Workspace(make_run(tmp_path / "lone", faces, "finetune"), print)
    with pytest.raises(UserError, match="no model was given"):
        lone.network_of(lone.recipe.student.network)


def test_learning_from_crops_changes_what_is_learned_and_not_what_is_seen(tmp_path, faces, finished):
    whole = make_run(tmp_path / "whole", faces)
    crops = make_run(tmp_path / "crops", faces, student__training__crop="40")
    every = {"student__training__crop": "40", "student__training__whole_epochs": "2"}
    again = make_run(tmp_path / "again", faces, **every)  # both of its epochs
    for run in (whole, crops, again):
        pipeline.execute(run)
    assert read_bundle(crops.model_file).card.input_size == read_bundle(whole.model_file).card.input_size == 64
    assert any(not torch.equal(weights(crops)[name], tensor) for name, tensor in weights(whole).items())
    assert all(torch.equal(weights(again)[name], tensor) for name, tensor in weights(whole).items())
    initial = finished.checkpoints / "student-best.safetensors"
    large = make_run(tmp_path / "large", faces, "finetune", initial=initial, student__training__crop="65")
    with pytest.raises(UserError, match="crops of 65 pixels, but its network sees 64"):
        pipeline.execute(large)


def test_a_run_of_no_epoch_keeps_its_first_weights_and_judges_them(tmp_path, faces, finished):
    initial = finished.checkpoints / "student-best.safetensors"
    run = make_run(tmp_path / "run", faces, "finetune", initial=initial, student__training__epochs="0")
    pipeline.execute(run)
    before = checkpoints.read(initial)
    kept = checkpoints.read(run.checkpoints / "student-best.safetensors")
    assert all(torch.equal(kept.tensors[name], tensor) for name, tensor in before.tensors.items())
    assert not events(run, "step")
    assert [e["step"] for e in events(run, "epoch")] == [0]
    assert json.loads(run.report_file.read_text())["splits"]
    card = read_bundle(run.model_file).card
    assert card.label_provenance == before.header["card"]["label_provenance"] != ""
    assert "it keeps its first weights" in card.card
    run.set_status("cancelled")
    pipeline.execute(run)  # nothing is left to do, and nothing is done twice
    assert len(events(run, "epoch")) == 1
    with pytest.raises(UserError, match="know no quality"):
        make_run(tmp_path / "random", faces, student__training__epochs="0")


def _again(run, *gone):
    """The run as it stood before some of its results."""
    for path in gone:
        path.unlink()
    run.set_status("cancelled")
    pipeline.execute(run)


def test_a_run_from_a_checkpoint_says_so_and_goes_on_without_it(tmp_path, faces, finished):
    weights_file = tmp_path / "start.safetensors"
    shutil.copy(finished.checkpoints / "student-best.safetensors", weights_file)
    run = make_run(
        tmp_path / "mine", faces, "finetune", student__network__init=str(weights_file), student__training__epochs="1"
    )
    pipeline.execute(run)
    assert "start.safetensors is mobilenetv4_conv_small_050" in events(run, "warning")[0]["message"]
    card = read_bundle(run.model_file).card
    assert card.card.startswith("# mobilenetv4_conv_small_050 at 64 px")
    assert "first weights: those of `run`, which learned from weak:blur (12), pseudo:pseudo1 (5)" in card.card
    assert "No human opinion went into it" in card.card
    stages = json.loads((run.path / "stages.json").read_text())
    stages["student"] = {"begun": stages["student"]["inputs"]}
    (run.path / "stages.json").write_text(json.dumps(stages))
    _again(run, weights_file, run.model_file, run.report_file)
    assert run.state.status == "done"
    assert read_bundle(run.model_file).card.card == card.card


def test_pool_images_of_held_out_people_are_left_out(tmp_path, faces_and_pools):
    held = next(r.group for r in faces_and_pools.rows if r.split == "val")
    first = next(k for k, r in enumerate(faces_and_pools.rows) if r.pool == "a")
    rows = tuple(replace(r, group=held) if k == first else r for k, r in enumerate(faces_and_pools.rows))
    run = make_run(tmp_path / "run", Manifest(rows), **PAPER)
    space = Workspace(run, print)
    assert first not in space.pool("a")
    assert (len(space.pool("a")), len(space.pool("b"))) == (4, 5)
    assert [e["message"][:20] for e in events(run, "warning")] == ["1 unlabelled images "]


def test_without_a_number_to_choose_by_the_latest_epoch_is_kept(tmp_path, faces):
    rows = tuple(replace(r, mos=0.5) if r.split == "val" else r for r in faces.rows)
    run = make_run(tmp_path / "run", Manifest(rows))
    pipeline.execute(run)
    assert checkpoints.read(run.checkpoints / "student-best.safetensors").header["epoch"] == 2
    told = [e["message"] for e in events(run, "warning")]
    assert len(told) == 1
    assert "the latest epoch counts as the best" in told[0]


def test_a_source_without_readable_images_is_left_out(tmp_path):
    table = make_faces(tmp_path / "faces")
    lost = replace(table.rows[0], path=tmp_path / "lost.png", source="other")
    run = make_run(tmp_path / "run", Manifest((*table.rows, lost)), student__training__epochs="1")
    pipeline.execute(run)
    assert run.state.status == "done"
    assert ["source 'other'" in e["message"] for e in events(run, "warning")] == [True]


def test_small_quotas_are_said_and_empty_ones_refused(tmp_path, faces):
    rows = [
        replace(r, source=("labeled", "b", "c")[k % 3]) if r.split == "train" else r for k, r in enumerate(faces.rows)
    ]
    run = make_run(tmp_path / "run", Manifest(tuple(rows)), student__training__batch="6", student__training__epochs="1")
    pipeline.execute(run)
    assert "a batch of 6 holds 2 images of a source" in events(run, "warning")[0]["message"]
    with pytest.raises(UserError, match="A batch of 2 has no place for the 3 sources"):
        pipeline.execute(make_run(tmp_path / "run2", Manifest(tuple(rows)), student__training__batch="2"))


def test_a_missing_baseline_is_said_before_training(tmp_path, faces):
    run = make_run(tmp_path / "run", faces, baseline=tmp_path / "none.onnx")
    with pytest.raises(UserError, match=r"none\.onnx"):
        pipeline.execute(run)
    assert not events(run, "stage")


def test_a_baseline_that_vanishes_and_a_picture_that_changes_do_not_stop_the_evaluation(tmp_path):
    table = make_faces(tmp_path / "faces")
    baseline = bundles.write(tmp_path / "baseline.onnx").path
    run = make_run(tmp_path / "run", table, baseline=baseline, student__training__epochs="1")
    pipeline.execute(run)
    assert run.report["baseline"]
    lost = next(r.path for r in table.rows if r.split == "test")
    pictures.truncated_jpeg(lost)
    _again(run, baseline, run.report_file)
    assert run.state.status == "done"
    assert run.report["baseline"] is None
    assert "compared with no other" in events(run, "warning")[-1]["message"]
    with run.errors_file.open(newline="") as stream:
        assert [r["path"] for r in csv.DictReader(stream)] == [str(lost)]


@pytest.mark.parametrize(
    ("origin", "init", "started", "claimed"),
    [
        ("weak:blur", "random", None, True),
        ("imported:set", "random", None, False),
        ("unknown", "random", None, False),
        ("human", "random", None, False),
        ("weak:blur", "active", {"name": "m", "labels": "weak:x (9)", "init": "random", "before": None}, True),
        (
            "weak:blur",
            "active",
            {"name": "m", "labels": "weak:x (9), human (1)", "init": "random", "before": None},
            False,
        ),
        ("weak:blur", "active", {"name": "m", "labels": "weak:x (9)", "init": "active", "before": None}, False),
        ("weak:blur", "active", None, False),
    ],
)
def test_the_card_claims_no_more_than_is_known(origin, init, started, claimed):
    recipe = recipes.load("tiny").with_values({"student.network.init": init})
    text = model_card.text(recipe, {origin: 3}, None, started={"student": started})
    assert ("No human opinion" in text) == claimed
    assert "People unknown" in text
    assert "none of them is in validation or test" not in text
