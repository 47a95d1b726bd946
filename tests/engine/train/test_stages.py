"""Stages: any number of rounds, skipped while their inputs hold, taken over from other runs; pseudo-labels."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine import manifest as manifests
from engine import metrics
from engine.cli import main
from engine.errors import Cancelled
from engine.manifest import Manifest, Row
from engine.recipes import Labelling
from engine.run import EventTail
from engine.train import checkpoints, pipeline, pseudo_labels
from engine.train.data import PixelCache
from engine.train.learner import predict
from engine.train.measure import measure
from engine.train.stage_record import StageRecords
from engine.train.stages import Pipeline
from engine.train.workspace import Workspace
from tests import mortal, pictures
from tests.engine.train.conftest import make_faces, make_run

pytestmark = pytest.mark.train
SMALL = {
    "teacher__network__arch": "mobilenetv4_conv_small_050",
    "teacher__network__size": "64",
    "teacher__training__epochs": "1",
    "teacher__training__batch": "12",
    "student__training__epochs": "1",
    "student__training__batch": "16",
}


def stages(run):
    return [e["name"] for e in EventTail(run.events_file).read() if e["type"] == "stage"]


def warnings(run):
    return [e["message"] for e in EventTail(run.events_file).read() if e["type"] == "warning"]


@pytest.fixture(scope="module")
def three_pools(faces_and_pools):
    return Manifest(tuple(replace(r, pool="abc"[k % 3]) if r.pool else r for k, r in enumerate(faces_and_pools.rows)))


@pytest.fixture(scope="module")
def two_rounds(tmp_path_factory, three_pools):
    run = make_run(tmp_path_factory.mktemp("runs") / "two", three_pools, **SMALL)
    pipeline.execute(run)
    return run


def test_three_rounds_have_three_teachers(tmp_path, three_pools):
    run = make_run(tmp_path / "run", three_pools, rounds="3", **SMALL)
    names = [s.name for s in Pipeline(Workspace(run, print)).steps]
    assert names == [
        *("teacher", "pseudo1", "teacher+", "pseudo2", "teacher++", "pseudo3"),
        *("student", "export", "evaluate"),
    ]


def test_an_empty_pool_is_said_and_its_round_left_out(tmp_path, faces_and_pools):
    without_b = Manifest(tuple(r for r in faces_and_pools.rows if r.pool != "b"))
    run = make_run(tmp_path / "run", without_b, **SMALL)
    names = [s.name for s in Pipeline(Workspace(run, print)).steps]
    assert names == ["teacher", "pseudo1", "student", "export", "evaluate"]
    assert warnings(run) == ["Pool 'b' holds no unlabelled images: round 2 of pseudo-labelling is left out."]


def test_what_was_made_from_the_same_is_taken_over(tmp_path, three_pools, two_rounds):
    """Table 2's second row needs nothing new of the first round; another student is trained."""
    settings = {**SMALL, "rounds": "1"}
    run = make_run(tmp_path / "run", three_pools, **settings)
    _reuse(run, two_rounds)
    pipeline.execute(run)
    assert stages(run) == ["student", "export", "evaluate"]
    assert "Stage teacher: taken over" in run.log_file.read_text()
    assert _bytes(run, "teacher") == _bytes(two_rounds, "teacher")
    assert _bytes(run, "student") != _bytes(two_rounds, "student")
    assert "pseudo:pseudo1" in _header(run)["card"]["label_provenance"]
    assert "pseudo:pseudo2" not in _header(run)["card"]["label_provenance"]


@pytest.mark.parametrize(
    ("settings", "made"),
    [
        ({"seed": "4"}, "teacher"),
        ({"teacher__training__lr": "0.1"}, "teacher"),
        ({"labelling__flip": "true"}, "pseudo1"),
        ({"student__training__ema": "0.5"}, "student"),
    ],
)
def test_nothing_is_taken_over_that_was_made_from_something_else(tmp_path, three_pools, two_rounds, settings, made):
    run = make_run(tmp_path / "run", three_pools, **{**SMALL, **settings})
    records, taken = StageRecords(run), []
    for step in Pipeline(Workspace(run, print)).steps:
        if not records.take_over(step.name, step.inputs(), step.results, two_rounds):
            break
        step.take()
        taken.append(step.name)
    names = ["teacher", "pseudo1", "teacher+", "pseudo2", "student"]
    assert taken == names[: names.index(made)]


def test_a_stage_whose_images_changed_is_made_anew_and_that_is_said(tmp_path, three_pools):
    run = make_run(tmp_path / "run", three_pools, **{**SMALL, "rounds": "1"})
    pipeline.execute(run)
    before = _bytes(run, "teacher")
    pool = next(r.path for r in three_pools.rows if r.pool == "a")
    other, at = pool.read_bytes(), pool.stat()
    try:
        os.utime(pool, ns=(at.st_atime_ns, at.st_mtime_ns + 10**9))
        run.set_status("cancelled")
        pipeline.execute(run)
    finally:
        pool.write_bytes(other)
        os.utime(pool, ns=(at.st_atime_ns, at.st_mtime_ns))
    assert _bytes(run, "teacher") == before
    assert [m for m in warnings(run) if "pseudo1" in m] == [
        "What stage 'pseudo1' was made from has changed since; it is made anew."
    ]


def _reuse(run, other):
    job = run.path / "job.json"
    job.write_text(job.read_text().replace('"reuse": ""', f'"reuse": "{other.path}"'))


def _bytes(run, stage):
    return (run.checkpoints / f"{stage}-best.safetensors").read_bytes()


def _header(run):
    return checkpoints.read_header(run.checkpoints / "student-best.safetensors")


def test_pseudo_labels_of_other_row_numbers_are_not_taken_over(tmp_path, three_pools, two_rounds):
    """They are told apart by the number of the row: one more row in front, and they would be those of a neighbour."""
    extra = replace(three_pools.rows[0], path=pictures.save(pictures.face(99), tmp_path / "one.png"), split="test")
    longer = Manifest((replace(extra, group="nobody"), *three_pools.rows))
    run = make_run(tmp_path / "run", longer, **SMALL)
    _reuse(run, two_rounds)
    pipeline.execute(run)
    assert stages(run)[0] == "pseudo1"  # the teacher depends on no number
    made = manifests.read(run.pseudo / "pseudo1.csv")
    assert [longer.rows[int(r.extra["row"])].path for r in made.rows] == [r.path for r in made.rows]


@pytest.fixture
def own_pools(tmp_path):
    """Faces of the test's own, which it may change."""
    table = make_faces(tmp_path / "faces", pools=10)
    return Manifest(tuple(replace(r, pool="a") if r.pool else r for r in table.rows))


def test_a_stage_that_began_with_other_images_begins_again_with_the_new_ones(tmp_path, own_pools):
    """Cancelled in the student, a picture of the pool replaced: labels and student are made from the new one."""
    settings = {**SMALL, "rounds": "1", "student__training__epochs": "3"}
    run = make_run(tmp_path / "run", own_pools, **settings)

    def stop_in_the_student(message):
        if message.startswith("Stage student"):
            run.request("cancel")

    with pytest.raises(Cancelled):
        pipeline.execute(run, tell=stop_in_the_student)
    shutil.copy(run.checkpoints / "teacher-best.safetensors", run.checkpoints / "student-last.safetensors")
    pool = next(r for r in own_pools.rows if r.pool)
    before = manifests.read(run.pseudo / "pseudo1.csv").rows[0].extra["raw"]
    pictures.save(pictures.blurred(7, 3.0, (96, 80)), pool.path)
    run.request("none")
    pipeline.execute(run)
    said = [m for m in warnings(run) if "made anew" in m]
    assert [m.split("'")[1] for m in said] == ["pseudo1", "student"]
    fresh = make_run(tmp_path / "fresh", own_pools, **settings)
    pipeline.execute(fresh)
    after = [manifests.read(r.pseudo / "pseudo1.csv").rows[0].extra["raw"] for r in (run, fresh)]
    assert after[0] == after[1] != before
    assert _bytes_alike(run, fresh, "student")


def _bytes_alike(one, other, stage):
    mine, theirs = (checkpoints.read(r.checkpoints / f"{stage}-best.safetensors").tensors for r in (one, other))
    return all(torch.equal(mine[k], theirs[k]) for k in theirs)


def test_a_picture_that_changed_is_decoded_again(tmp_path):
    path = pictures.save(pictures.face(1, (80, 80)), tmp_path / "a.png")
    rows = [Row(path), Row(pictures.save(pictures.face(2, (80, 80)), tmp_path / "b.png"))]
    PixelCache(tmp_path / "cache", rows, 64).ensure([0, 1])
    pictures.save(pictures.face(3, (80, 80)), path)
    again = PixelCache(tmp_path / "cache", rows, 64)
    assert again.decoded() == [1]
    again.ensure([0, 1])
    whole = PixelCache(tmp_path / "fresh", rows, 64)
    whole.ensure([0, 1])
    np.testing.assert_array_equal(again.center_crops(np.arange(2)), whole.center_crops(np.arange(2)))


# -- pseudo-labels -----------------------------------------------------------------------------------


def test_pseudo_labels_are_means_with_their_spread(tmp_path, three_pools, two_rounds):
    rows = np.arange(6)
    cache = PixelCache(tmp_path / "cache", three_pools.rows, 64)
    cache.ensure(rows.tolist())
    model = checkpoints.load_network(two_rounds.checkpoints / "teacher-best.safetensors").eval()

    def judge(pixels):
        return predict(model, iter([pixels]), torch.device("cpu"))

    how = Labelling(flip=True, crops=2)
    said = pseudo_labels.judge(cache, rows, [judge], how, seed=1)
    centre = cache.center_crops(rows)
    again = [judge(p) for p in pseudo_labels.views(cache, rows, how, 1)]
    assert len(again) == 4
    np.testing.assert_allclose(again[0], judge(centre))
    np.testing.assert_allclose(again[1], judge(centre[:, :, ::-1].copy()))
    np.testing.assert_allclose(said.raw, np.mean(again, 0))
    np.testing.assert_allclose(said.spread, np.std(again, 0))
    alone = pseudo_labels.judge(cache, rows[3:4], [judge], how, seed=1)
    np.testing.assert_allclose(alone.raw, said.raw[3:4], atol=1e-6)  # whatever the batch


def test_calibrated_labels_stand_beside_the_raw_ones(two_rounds, three_pools):
    made = manifests.read(two_rounds.pseudo / "pseudo1.csv")
    said = pseudo_labels.from_manifest(made)
    model = checkpoints.load_network(two_rounds.checkpoints / "teacher-best.safetensors").eval()
    held = [k for k, r in enumerate(three_pools.rows) if r.split == "val"]
    cache = PixelCache(two_rounds.path / "again", three_pools.rows, 64)
    cache.ensure(held)
    scores = predict(model, iter([cache.center_crops(np.array(held))]), torch.device("cpu"))
    expected = metrics.fit_logistic(scores, three_pools.mos[held])(said.raw)
    np.testing.assert_allclose(said.calibrated, expected, atol=1e-4)
    assert not said.spread.any()
    np.testing.assert_array_equal(made.mos, said.raw.clip(0, 1))


def test_disagreement_lowers_the_weight(tmp_path, three_pools):
    settings = {"labelling__flip": "true", "student__training__uncertainty": "2.0", "rounds": "1"}
    run = make_run(tmp_path / "run", three_pools, **{**SMALL, **settings})
    pipeline.execute(run)
    space = Workspace(run, print)
    pipe = Pipeline(space)
    labelling = next(s for s in pipe.steps if s.name == "pseudo1")
    labelling.take()
    weight = pipe._weights(run.recipe.student)
    pool = space.pool("a")
    spread = space.spread[pool]
    assert spread.all()
    np.testing.assert_allclose(weight[pool], np.exp(-2 * spread / spread.mean()))
    assert (weight[space.validation] == 1).all()


def test_disagreement_that_the_manifest_states_lowers_the_weight_too(tmp_path, three_pools):
    """As `fiqa pseudo-label` writes it; a column of that name beside other labels means something else."""
    stated = ["0.1", "0.3", "", "no number", "nan"]
    pool = [k for k, r in enumerate(three_pools.rows) if r.pool][: len(stated)]
    rows = [replace(r, extra={**r.extra, "spread": "0.2"}) for r in three_pools.rows]
    for k, spread in zip(pool, stated, strict=True):
        extra = {"spread": spread}
        rows[k] = replace(rows[k], mos=0.5, source="pseudo", split="train", pool="", extra=extra)
    settings = {**SMALL, "student__training__uncertainty": "1.0", "rounds": "0"}
    run = make_run(tmp_path / "run", Manifest(tuple(rows)), **settings)
    space = Workspace(run, print)
    assert space.spread.sum() == pytest.approx(0.4)
    weight = Pipeline(space)._weights(run.recipe.student)
    np.testing.assert_allclose(weight[pool], np.exp(-np.array([0.1, 0.3, 0, 0, 0]) / 0.08))
    assert (np.delete(weight, pool) == 1).all()


def test_the_command_labels_what_has_no_mos_and_goes_on_after_a_kill(tmp_path, three_pools, two_rounds):
    table = tmp_path / "table.csv"
    manifests.write(three_pools, table)
    model = two_rounds.checkpoints / "teacher-best.safetensors"
    arguments = ["pseudo-label", str(table), "--model", str(model), "--crops", "2", "--flip", "--out"]
    assert main([*arguments, str(tmp_path / "one.csv")]) == 0
    whole = manifests.read(tmp_path / "one.csv")
    wanted = [r.path for r in three_pools.rows if r.mos is None]
    assert [r.path for r in whole.rows] == wanted
    assert {r.provenance for r in whole.rows} == {"pseudo:teacher-best"}
    assert all(float(r.extra["spread"]) > 0 and r.extra["calibrated"] for r in whole.rows)
    mortal.killed_when_it_opens("two.csv.*partial", mortal.ENGINE, *arguments, str(tmp_path / "two.csv"))
    assert (tmp_path / "two.csv.work" / "journal.csv").is_file()
    assert main([*arguments, str(tmp_path / "two.csv")]) == 0
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()
    assert not (tmp_path / "two.csv.work").exists()


def test_a_bundle_labels_as_the_checkpoint_it_came_from(tmp_path, three_pools, two_rounds):
    table = tmp_path / "table.csv"
    manifests.write(three_pools, table)
    student = two_rounds.checkpoints / "student-best.safetensors"
    for model, out in ((student, "torch.csv"), (two_rounds.model_file, "onnx.csv")):
        assert (
            main(["pseudo-label", str(table), "--model", str(model), "--pool", "a", "--out", str(tmp_path / out)]) == 0
        )
    torch_said, onnx_said = (
        pseudo_labels.from_manifest(manifests.read(tmp_path / f)) for f in ("torch.csv", "onnx.csv")
    )
    np.testing.assert_allclose(torch_said.raw, onnx_said.raw, atol=1e-4)
    assert len(torch_said.rows) == sum(r.pool == "a" for r in three_pools.rows)


def test_nobody_who_is_held_out_becomes_training_data(tmp_path, three_pools, two_rounds, capsys):
    held = next(r.group for r in three_pools.rows if r.split == "test")
    hidden = replace(three_pools.rows[2], mos=None, split="val")
    pool = [replace(r, group=held) if r.pool == "b" else r for r in three_pools.rows]
    table = tmp_path / "table.csv"
    manifests.write(Manifest((hidden, *pool)), table)
    model = two_rounds.checkpoints / "teacher-best.safetensors"
    assert main(["pseudo-label", str(table), "--model", str(model), "--out", str(tmp_path / "out.csv")]) == 0
    made = manifests.read(tmp_path / "out.csv").rows
    assert {r.pool for r in made} == {"a", "c"}
    assert hidden.path not in {r.path for r in made}
    left_out = 1 + sum(r.pool == "b" for r in three_pools.rows)
    assert f"{left_out} images of held-out people or splits were left out." in capsys.readouterr().err
    assert (
        main(["pseudo-label", str(table), "--model", str(model), "--pool", "b", "--out", str(tmp_path / "o.csv")]) == 2
    )
    assert "held-out split" in capsys.readouterr().err


# -- before the start --------------------------------------------------------------------------------


def test_without_splits_people_are_split_80_to_20(tmp_path, faces, capsys):
    table = tmp_path / "table.csv"
    manifests.write(Manifest(tuple(replace(r, split="", group=f"p{k // 2}") for k, r in enumerate(faces.rows))), table)
    run = tmp_path / "run"
    status = main(["train", str(table), "--recipe", "tiny", "--out", str(run), "--set", "threads=1"])
    assert status == 0
    assert "The manifest has no splits" in capsys.readouterr().err
    rows = manifests.read(run / "manifest.csv").rows
    by_person = {}
    for row in rows:
        by_person.setdefault(row.group, set()).add(row.split)
    assert all(len(splits) == 1 for splits in by_person.values())
    assert {s for splits in by_person.values() for s in splits} == {"train", "val"}


def test_weights_that_cannot_be_had_are_random_only_if_the_recipe_allows(tmp_path, faces):
    wanted = {"student__network__arch": "starnet_s050", "student__network__init": "imagenet"}
    run = make_run(tmp_path / "run", faces, student__training__epochs="1", without_weights="random", **wanted)
    pipeline.execute(run)
    assert "starts from random weights, as the recipe allows" in warnings(run)[0]
    assert _header(run)["init"] == "random"
    (run.path / "report.json").unlink()
    run.set_status("cancelled")
    pipeline.execute(run)
    assert stages(run).count("student") == 1


def test_a_run_can_be_prepared_here_and_done_elsewhere(tmp_path, faces, monkeypatch, capsys):
    table = tmp_path / "table.csv"
    manifests.write(faces, table)
    arguments = ["train", str(table), "--recipe", "tiny", "--out", str(tmp_path / "run")]
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(arguments) == 2
    assert "--prepare" in capsys.readouterr().err
    assert main([*arguments, "--prepare"]) == 0
    assert (tmp_path / "run" / "job.json").is_file()
    assert not (tmp_path / "run" / "events.jsonl").exists()


def test_the_estimate_knows_the_stages_that_the_run_has(tmp_path, three_pools):
    settings = {"rounds": "3", "labelling__flip": "true", "labelling__crops": "2", "labelling__previous": "true"}
    run = make_run(tmp_path / "run", three_pools, **{**SMALL, **settings})
    names = [s.name for s in Pipeline(Workspace(run, print)).steps]
    found = measure(run)["stages"]
    assert list(found) == names
    assert all(seconds > 0 for seconds in found.values())
    assert found["pseudo3"] > found["pseudo1"]  # three teachers are asked instead of one
    plain = make_run(tmp_path / "plain", three_pools, **{**SMALL, "rounds": "1"})
    assert list(measure(plain)["stages"]) == ["teacher", "pseudo1", "student", "export", "evaluate"]
