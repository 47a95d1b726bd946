"""Calibrators belong to a model, have versions, and are applied when columns are read."""

from __future__ import annotations

import numpy as np
import pytest

from app.library import calibrators, edits, lineage, models, pools, runs, snapshot
from app.library.catalog import ScoredImage, record_scores
from app.library.errors import LibraryError
from app.library.pools import Pools
from app.library.query import compile_query, load_context
from engine import calibrate
from engine.bundle import read_bundle
from engine.manifest import Manifest, Row
from engine.recipes import RECIPES
from engine.run import RunDirectory
from tests import bundles

LINE = calibrate.Calibrator("affine", (0.0, 1.0), (0.2, 0.6), (0.1, 0.5), (0.3, 0.7), labels=30, groups=30)


@pytest.fixture
def model(desk, tmp_path):
    """A model in use that has scored all but the last image."""
    row = models.register(desk.library, bundles.write(tmp_path / "m.onnx", size=32))
    models.activate(desk.library, row.id)
    found = [ScoredImage(i, f"{i:064}", 64, 64, 0.25 * n, None) for n, i in enumerate(desk.ids[:-1])]
    record_scores(desk.library, row.id, row.preprocessing_id, found)
    return row


def read(desk, model):
    return desk.columns(model.id, model.preprocessing_id)


def test_scores_stay_raw_and_calibrated_ones_stand_beside_them(desk, model):
    before = read(desk, model)
    assert np.isnan(before.calibrated).all()
    assert np.array_equal(before.shown, before.score, equal_nan=True)
    changes = calibrators.activate(desk.library, calibrators.add(desk.library, model.id, LINE).id)
    assert changes.everything
    after = read(desk, model)
    assert np.array_equal(after.score, before.score, equal_nan=True)
    assert after.calibrated[:5] == pytest.approx([0.2, 0.3, 0.4, 0.5, 0.6])
    assert after.calibrated_high[:5] - after.calibrated_low[:5] == pytest.approx(np.full(5, 0.2))
    assert np.array_equal(after.shown[:5], after.calibrated[:5])
    assert np.isnan(after.shown[5])


def test_a_filter_by_the_name_of_the_model_in_use_is_one_by_its_score(desk, model):
    def found(query):
        predicate = compile_query(query)
        rows = read(desk, model)
        return rows.id[predicate(rows, load_context(desk.library, predicate.needs))].tolist()

    bounds = (">0.3", ">=0.3", "<=0.3", "0.5..0.6", "0.4", "none")
    raw = [found(f"score:{bound}") for bound in bounds]
    assert [found(f'score@"{model.name}":{bound}') for bound in bounds] == raw
    calibrators.activate(desk.library, calibrators.add(desk.library, model.id, LINE).id)
    calibrated = [found(f"score:{bound}") for bound in bounds]
    assert calibrated != raw
    assert [found(f'score@"{model.name}":{bound}') for bound in bounds] == calibrated


def test_versions_count_per_model_and_one_is_in_use(desk, model, tmp_path):
    first, second = (calibrators.add(desk.library, model.id, LINE) for _ in range(2))
    other = models.register(desk.library, bundles.write(tmp_path / "o.onnx", size=32, gain=2.0))
    elsewhere = calibrators.add(desk.library, other.id, LINE)
    assert (first.version, second.version, elsewhere.version) == (1, 2, 1)
    for row in (first, second, elsewhere):
        calibrators.activate(desk.library, row.id)
    assert calibrators.active(desk.library, model.id).version == 2
    assert calibrators.active(desk.library, other.id).version == 1
    assert [row.version for row in calibrators.versions(desk.library, model.id)] == [2, 1]
    assert calibrators.active(desk.library, model.id).calibrator == LINE
    calibrators.deactivate(desk.library, model.id)
    assert calibrators.active(desk.library, model.id) is None
    assert np.isnan(read(desk, model).calibrated).all()


def test_no_calibrator_for_a_model_that_is_not_there(desk):
    with pytest.raises(LibraryError, match="no model"):
        calibrators.add(desk.library, "unknown", LINE)


def test_a_model_that_was_trained_here_knows_its_labels_and_its_ancestor_does_not(desk, model, tmp_path):
    rows = tuple(
        Row(tmp_path / f"{k}.png", 0.5, split, group=f"g{k}", sha256=f"{k:064}")
        for k, split in enumerate(("train", "val", "test"))
    )
    run = RunDirectory.create(desk.library.runs_dir / "run", recipe=RECIPES["tiny"], manifest=Manifest(rows))
    run_id = runs.add_run(desk.library, run.path, "finetune", model.id)
    child = models.register(desk.library, bundles.write(tmp_path / "c.onnx", size=32, gain=3.0), run_id=run_id)
    known = lineage.learned(desk.library, child)
    assert [known.has(r) for r in rows] == [True, True, False]
    assert known.has(Row(tmp_path / "copy.png", 0.5, sha256=f"{0:064}"))
    assert not lineage.learned(desk.library, model).has(rows[0])
    assert lineage.untaught(desk.library, child).id == model.id
    run.manifest_file.unlink()
    assert lineage.learned(desk.library, child).has(rows[2])  # nobody can say


def test_a_deleted_model_does_not_hide_what_its_child_has_learned(desk, model, tmp_path):
    line = [model]
    for k in range(2):
        rows = (Row(tmp_path / f"{k}.png", 0.5, "train", group=f"g{k}", sha256=f"{k:064}"),)
        run = RunDirectory.create(desk.library.runs_dir / f"run{k}", recipe=RECIPES["tiny"], manifest=Manifest(rows))
        run_id = runs.add_run(desk.library, run.path, "finetune", line[-1].id)
        file = bundles.write(tmp_path / f"m{k}.onnx", size=32, gain=3.0 + k)
        line.append(models.register(desk.library, file, run_id=run_id))
    first = Row(tmp_path / "0.png", 0.5, group="g0")
    stranger = Row(tmp_path / "x.png", 0.5, group="x")
    assert lineage.learned(desk.library, line[2]).has(first)
    assert not lineage.learned(desk.library, line[2]).has(stranger)
    models.remove(desk.library, line[1].id)
    assert lineage.learned(desk.library, line[2]).has(first)
    assert lineage.learned(desk.library, line[2]).unknown
    again = models.register(desk.library, read_bundle(tmp_path / "m0.onnx"), run_id=line[1].run_id)  # brought back
    assert again.id == line[1].id
    assert not lineage.learned(desk.library, line[2]).has(stranger)


def test_scores_of_a_deleted_model_are_there_again_when_it_comes_back(desk, model, tmp_path):
    other = models.register(desk.library, bundles.write(tmp_path / "o.onnx", size=32, gain=5.0), name="other")
    read_one = ScoredImage(desk.ids[0], "a" * 64, 5, 5, 0.75, None)
    record_scores(desk.library, other.id, other.preprocessing_id, [read_one])
    models.remove(desk.library, other.id)
    with pytest.raises(LibraryError, match="no model 'other'"):
        load_context(desk.library, ["score@other"])
    models.register(desk.library, read_bundle(tmp_path / "o.onnx"), name="other")
    assert load_context(desk.library, ["score@other"]).scores["other"] == {desk.ids[0]: 0.75}


def test_pools_hold_nobody_of_a_held_out_split(desk, tmp_path):
    library = desk.library
    names = [f"{place}/p{k:02}-{n}.jpg" for place in ("a", "b") for k in range(30) for n in range(2)]
    ids = dict(zip(names, desk.add(*names), strict=True))
    for k in range(30):
        theirs = [ids[f"{place}/p{k:02}-{n}.jpg"] for place in ("a", "b") for n in range(2)]
        edits.assign(library, theirs, "group", f"p{k:02}", **desk.who)
        if k < 24:
            edits.correct(library, [ids[f"a/p{k:02}-0.jpg"]], k / 30, **desk.who)
    rows = snapshot.take(library, Pools(by_group=True)).rows
    held = {r.group for r in rows if r.split in ("val", "cal", "test")}
    free = [r for r in rows if r.mos is None]
    assert held
    assert not held & {r.group for r in free}
    by_pool = {pool: {r.group for r in free if r.pool == pool} for pool in ("a", "b")}
    assert all(by_pool.values())
    assert not by_pool["a"] & by_pool["b"]

    places = {p.inside: p for p in snapshot.unlabelled_places(library)}
    assert set(places) == {"", "a", "b"}
    chosen = snapshot.take(library, Pools({places["b"].key: "a", places["a"].key: "b"})).rows
    assert {r.path.parent.name for r in chosen if r.pool == "a"} == {"b"}
    assert places["b"].images == sum(r.pool == "a" for r in chosen)
    assert pools.Pools().pool_of((1, ""), "x", "salt") is None


def test_labels_since_the_last_training(desk):
    edits.correct(desk.library, desk.ids[:3], 0.5, **desk.who)
    assert runs.labels_since_last(desk.library)[0] == 3
    runs.add_run(desk.library, desk.library.runs_dir / "r", "finetune")
    assert runs.labels_since_last(desk.library)[0] == 0
    edits.rate(desk.library, desk.ids[:2], 0.5, **desk.who)
    assert runs.labels_since_last(desk.library)[0] == 2
