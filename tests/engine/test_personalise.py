"""A personal head on real bundles and real pictures: better for the curator, same backbone, same scores as NumPy."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from engine import evaluate, light_run, metrics, reference_scale, ridge
from engine.bundle import Card, read_bundle, write_bundle
from engine.calibrate import Calibrator
from engine.errors import Cancelled, UserError
from engine.features import Key, Table, look
from engine.head import HeadError, HeadRunner, require_parity, with_head
from engine.light_recipe import LightRecipe
from engine.manifest import Manifest, Row
from engine.run import EventTail, RunDirectory, read_json
from engine.scoring import Scorer
from tests import bundles, curator

IMAGES = 120


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """120 spoilt faces of 60 people, three quarters to learn from, with the labels of the stated curator."""
    made = curator.faces(tmp_path_factory.mktemp("faces"), IMAGES)
    split = lambda k: "test" if k // 2 % 4 == 3 else "train"  # noqa: E731
    return Manifest(tuple(Row(f.path, f.mos, split(k), provenance="human", group=f.person) for k, f in enumerate(made)))


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return bundles.write(tmp_path_factory.mktemp("model") / "base.onnx", size=64, name="base")


@pytest.fixture(scope="module")
def seen(rows, base):
    return look(rows, Scorer(base), Table(Key.of(base)))


@pytest.fixture
def make_run(tmp_path, rows, base):
    def make(kind, name="run"):
        recipe = LightRecipe(kind)
        return RunDirectory.create(tmp_path / name, recipe=recipe, manifest=rows, baseline=str(base.path))

    return make


def crooked(path):
    """A bundle whose head is not linear."""
    model = bundles.model(64)
    for node in model.graph.node:
        if node.output[0] == "column":
            node.output[0] = "straight"
    at = next(k for k, node in enumerate(model.graph.node) if node.op_type == "Squeeze")
    model.graph.node.insert(at, helper.make_node("Sigmoid", ["straight"], ["column"]))
    return write_bundle(model, Card(name="bent", arch="gradients", input_size=64), path)


def test_look_gives_what_the_network_gives(rows, base, seen):
    expected = evaluate.predict(rows, Scorer(base)).scores
    assert np.abs(seen.scores - expected).max() < 1e-5
    assert seen.features.shape == (IMAGES, bundles.FEATURES)


def test_known_contents_are_not_read_again(tmp_path, rows, base, seen):
    table = Table(Key.of(base))
    look(rows, Scorer(base), table)
    table.write(tmp_path / "features.npz")
    again = Table.read(tmp_path / "features.npz")
    named = dict(zip((r.path for r in rows.rows), again.rows, strict=False))
    gone = Manifest(tuple(Row(tmp_path / "gone.png", 0.5, sha256=sha) for sha in named.values()))
    found = look(gone, Scorer(base), again)
    assert not found.errors
    assert sorted(found.scores) == pytest.approx(sorted(seen.scores), abs=1e-6)


def test_a_changed_file_is_an_error_and_teaches_nothing(tmp_path, base, rows):
    other = Manifest((Row(rows.rows[0].path, 0.5, sha256="0" * 64), *rows.rows[1:3]))
    found = look(other, Scorer(base), Table(Key.of(base)))
    assert "changed" in found.errors[0][1]
    assert found.usable.tolist() == [False, True, True]


@pytest.mark.parametrize("make", [lambda p: bundles.write(p, size=64), crooked], ids=["linear", "bent"])
def test_a_new_head_gives_the_scores_of_numpy_through_the_whole_network(tmp_path, rows, make):
    old = make(tmp_path / "old.onnx")
    view = look(rows, Scorer(old), Table(Key.of(old)))
    fit = ridge.fit(view.features, view.scores, rows.mos, rows.groups)
    card = Card(name="new", arch="gradients", input_size=64)
    new = with_head(old, fit.head, card, tmp_path / "new.onnx")
    expected = fit.head.apply(view.features, view.scores)
    assert np.abs(evaluate.predict(rows, new).scores - expected).max() < 1e-4
    assert require_parity(new, view.features, expected) < 1e-4
    assert read_bundle(new.path).card.backbone_id == old.card.backbone_id
    assert new.id != old.id
    with pytest.raises(HeadError, match="differ"):
        require_parity(new, view.features, expected + 0.01)
    # and once more on top of that
    twice = with_head(new, fit.head, card, tmp_path / "twice.onnx")
    again = fit.head.apply(view.features, expected)
    assert np.abs(HeadRunner(twice).score(view.features) - again).max() < 1e-4


def test_a_score_that_needs_more_than_the_features_is_refused(tmp_path):
    model = bundles.model(64)
    model.graph.initializer.append(numpy_helper.from_array(np.array([1], np.int64), "axes"))
    model.graph.node.insert(-1, helper.make_node("ReduceMean", ["maps", "all"], ["other"], keepdims=0))
    model.graph.initializer.append(numpy_helper.from_array(np.array([1, 2, 3], np.int64), "all"))
    model.graph.node[-1].output[0] = "first"
    model.graph.node.append(helper.make_node("Add", ["first", "other"], ["score"]))
    onnx.checker.check_model(model)
    other = write_bundle(model, Card(name="odd", arch="x", input_size=64), tmp_path / "odd.onnx")
    with pytest.raises(HeadError, match="features alone"):
        HeadRunner(other)


def test_few_labels_change_little_and_many_teach_the_taste(rows, seen):
    test = np.array([r.split == "test" for r in rows.rows])
    order = np.flatnonzero(~test)
    before = metrics.srcc(seen.scores[test], rows.mos[test])
    found = []
    for count in (20, len(order)):
        some = order[:count]
        fit = ridge.fit(seen.features[some], seen.scores[some], rows.mos[some], rows.groups[some])
        found.append(metrics.srcc(fit.head.apply(seen.features[test], seen.scores[test]), rows.mos[test]))
    assert found[0] > before - 0.05
    assert found[1] > before + 0.1


def test_shuffled_labels_are_stopped_by_the_gate(tmp_path, rows, base):
    learned = rows.where(split="train")
    mos = np.random.default_rng(0).permutation(learned.mos)
    wrong = Manifest(
        (
            *(dataclasses.replace(r, mos=float(m)) for r, m in zip(learned.rows, mos, strict=True)),
            *rows.where(split="test").rows,
        )
    )
    run = RunDirectory.create(
        tmp_path / "bad", recipe=LightRecipe("personalise"), manifest=wrong, baseline=str(base.path)
    )
    light_run.execute(run)
    assert run.report["splits"]["test"]["verdict"] != "better"


def test_too_few_labels(seen, rows):
    with pytest.raises(ridge.RidgeError, match="needs 20 labels"):
        ridge.fit(seen.features[:10], seen.scores[:10], rows.mos[:10], rows.groups[:10])


def test_a_personalise_run_ends_with_a_better_model_a_card_and_intervals(make_run, rows, base):
    run = make_run("personalise")
    light_run.execute(run)
    assert run.state.status == "done"
    part = run.report["splits"]["test"]
    assert part["verdict"] == "better"
    assert part["difference"]["srcc"]["low"] > 0
    bundle = read_bundle(run.model_file)
    assert bundle.card.backbone_id == base.card.backbone_id
    assert "human (90)" in bundle.card.label_provenance
    assert bundle.card.metrics["test"]["n"] == 30
    own = reference_scale.of_card(bundle.card.model_dump())
    again = reference_scale.named(evaluate.predict(rows, bundle).scores, reference_scale.OF_TRAINING)
    assert own.reference == again.reference == "the faces of its training (120 images)"
    assert own.raw == pytest.approx(again.raw, abs=1e-4)
    assert own.reference in bundle.card.card
    predicted = evaluate.predict(rows.where(split="test"), bundle)
    assert metrics.srcc(predicted.scores, rows.where(split="test").mos) == pytest.approx(
        part["candidate"]["srcc"]["value"]
    )
    found = Calibrator.from_json(read_json(run.calibrator_file))
    inside = found.apply(predicted.scores)
    assert np.mean((inside.low <= rows.where(split="test").mos) & (rows.where(split="test").mos <= inside.high)) > 0.7
    types = [e["type"] for e in EventTail(run.events_file).read()]
    assert types[0] == "run"
    assert types[-1] == "done"


def test_a_calibrate_run_maps_scores_onto_the_labels(make_run):
    run = make_run("calibrate")
    light_run.execute(run)
    found = run.report["calibration"]
    assert found["labels"] == 90
    assert found["rmse"] < found["rmse_raw"]
    assert run.report["splits"]["test"]["difference"]["rmse"]["value"] < 0
    assert not run.model_file.exists()
    assert Calibrator.from_json(read_json(run.calibrator_file)).level == 0.9


def test_cancelled_while_looking_and_resumed_from_what_it_saw(make_run, monkeypatch):
    run = make_run("personalise")
    calls = []

    def stop_at_the_tenth(self):
        calls.append(1)
        if len(calls) == 10:
            raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr(RunDirectory, "checkpoint", stop_at_the_tenth)
        with pytest.raises(Cancelled):
            light_run.execute(run)
    assert run.state.status == "cancelled"
    assert len(Table.read(run.features_file)) == 10
    light_run.execute(run)
    assert run.state.status == "done"


def test_what_was_seen_is_kept_while_it_looks(make_run, monkeypatch):
    """A process that is killed leaves no time to write."""
    run = make_run("personalise")
    kept = []

    def look_at_the_file(self):
        if self.features_file.is_file():
            kept.append(len(Table.read(self.features_file)))

    monkeypatch.setattr(light_run, "_KEPT_EVERY_S", 0.0)
    monkeypatch.setattr(RunDirectory, "checkpoint", look_at_the_file)
    light_run.execute(run)
    assert kept[:3] == [1, 2, 3]


def test_measuring_tells_time_and_leaves_no_trace(make_run):
    run = make_run("personalise")
    found = light_run.measure(run)
    assert 0 < found["seconds_total"] < 60
    assert found["images_per_s"] > 0
    assert run.state.status == "created"
    assert not run.events_file.exists()


def test_an_unreadable_image_is_listed_and_many_stop_the_run(tmp_path, rows, base):
    bad = [Row(tmp_path / f"gone{k}.png", 0.5, "train", group=f"gone {k}") for k in range(3)]

    def start(name, more):
        manifest = Manifest((*rows.rows, *more))
        run = RunDirectory.create(
            tmp_path / name, recipe=LightRecipe("calibrate"), manifest=manifest, baseline=str(base.path)
        )
        light_run.execute(run)
        return run

    assert "gone0.png" in start("one", bad[:1]).errors_file.read_text()
    with pytest.raises(UserError, match="3 of 123 images cannot be read"):
        start("many", bad)
    assert RunDirectory(tmp_path / "many").state.status == "failed"


def test_personalise_imports_no_torch():
    code = "import sys; from engine import light_run; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
