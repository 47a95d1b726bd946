"""The models that come with the program: in every library, meant by short names, and a start for every training."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

import resources
from app.library import calibrators, models, snapshot
from app.library.library import Library
from app.services import bundled
from app.services.desk import open_library
from app.services.training import depths
from app.services.training.run_given import given, initial_weights
from engine import head, reference_scale, weights
from engine.bundle import read_bundle
from engine.errors import UserError
from engine.ridge import Head
from tests import bundles

STUDENT, FAST = resources.BUNDLED["student"], resources.BUNDLED["fast"]


@pytest.fixture
def ids():
    return {name: read_bundle(found.bundle).id for name, found in resources.BUNDLED.items()}


@pytest.fixture
def opened(tmp_path):
    """A library as the program makes it."""
    library = open_library(tmp_path / "new")
    yield library
    library.close()


def test_a_new_library_has_all_of_them_and_uses_the_default(opened, ids):
    rows = models.all_models(opened)
    assert {row.id for row in rows} == set(ids.values())
    assert rows[-1].id == models.active(opened).id == ids["student"]  # it heads the list, which begins with the newest
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert row.path.is_file()
        assert row.checkpoint.is_file()
        assert calibrators.active(opened, row.id).kind == calibrators.PERCENTILE


def test_a_filter_and_a_saved_view_mean_each_by_its_short_name(opened, ids):
    """`score@student:` in a view of an older library must not turn to the fast one when that joins the list."""
    known = [(row.id, row.name) for row in models.all_models(opened)]
    for listed in (known, known[::-1]):
        for name, model_id in ids.items():
            assert listed[models.best_match(listed, name)][0] == model_id


def test_an_older_library_gets_the_fast_one_beside_the_model_that_it_uses(tmp_path, ids):
    with Library.create(tmp_path / "old") as library:
        models.activate(library, models.register(library, bundles.write(tmp_path / "mine.onnx", name="mine")).id)
        models.register(library, read_bundle(STUDENT.bundle))
    library = open_library(tmp_path / "old")
    assert models.active(library).name == "mine"
    assert {row.id for row in models.all_models(library)} > set(ids.values())
    library.close()


def test_a_second_start_reads_no_model_and_a_damaged_library_gets_its_file_again(opened, ids, monkeypatch):
    read = []
    monkeypatch.setattr(bundled, "read_bundle", lambda path: (read.append(path), read_bundle(path))[1])
    bundled.bring_in(opened)
    assert read == []
    models.find(opened, ids["fast"]).path.unlink()
    bundled.bring_in(opened)
    assert read == [FAST.bundle]
    assert models.find(opened, ids["fast"]).path.is_file()


def test_a_deleted_one_stays_away_until_somebody_adds_it_again(opened, ids):
    models.remove(opened, ids["fast"])
    bundled.bring_in(opened)
    assert {row.id for row in models.all_models(opened)} == {ids["student"]}
    models.register(opened, read_bundle(FAST.bundle))
    assert models.find(opened, ids["fast"]).path.is_file()
    assert not models.was_deleted(opened, ids["fast"])


def test_a_backup_that_lists_a_deleted_one_brings_it_back_whole(opened, ids):
    backup = opened.backup_if_due(datetime(2100, 1, 1, tzinfo=UTC))
    models.remove(opened, ids["fast"])
    opened.restore(backup)
    assert not models.find(opened, ids["fast"]).path.exists()
    bundled.bring_in(opened)
    assert models.find(opened, ids["fast"]).path.is_file()


def test_a_deleted_default_stays_away_while_another_model_is_in_use(opened, ids):
    models.activate(opened, ids["fast"])
    models.remove(opened, ids["student"])
    bundled.bring_in(opened)
    assert {row.id for row in models.all_models(opened)} == {ids["fast"]}


def test_percentiles_that_a_newer_program_brings_are_offered_to_an_older_library(tmp_path, ids):
    with Library.create(tmp_path / "old") as library:
        bare = tmp_path / "bare.onnx"
        bare.write_bytes(FAST.bundle.read_bytes())
        bundle = read_bundle(bare)
        models.register(library, bundles.write_bundle(_graph(bare), reference_scale.cleared(bundle.card), bare))
        assert not models.find(library, ids["fast"]).card["percentiles"]
        bundled.bring_in(library)
        assert models.find(library, ids["fast"]).card["percentiles"] == bundle.card.percentiles


def _graph(path):
    import onnx

    return onnx.load(str(path))


def test_a_fine_tune_begins_from_the_weights_of_the_one_in_use(opened, ids):
    for found in (STUDENT, FAST):
        models.activate(opened, ids[found.name])
        laid_down = given(opened, snapshot.look(opened), depths.recipe_of("finetune"), None)
        row = models.find(opened, ids[found.name])
        assert (laid_down.baseline.id, laid_down.initial) == (row.id, str(row.checkpoint))
        assert row.checkpoint.read_bytes() == found.weights.read_bytes()
        row.checkpoint.unlink()  # the library's copy; the program still has its own
        assert initial_weights(opened, row) == found.weights


def test_so_does_one_from_a_personal_head_on_the_fast_one(opened, ids, tmp_path):
    base = read_bundle(FAST.bundle)
    features = next(v for v in _graph(FAST.bundle).graph.output if v.name == "features")
    width = features.type.tensor_type.shape.dim[1].dim_value
    taught = Head(weight=np.full(width, 0.01), bias=0.1, stretch=1.0, strength=1.0)
    card = base.card.model_copy(update={"name": "mine"})
    mine = models.register(opened, head.with_head(base, taught, card, tmp_path / "mine.onnx"))
    assert mine.checkpoint is None
    assert initial_weights(opened, mine) == models.find(opened, ids["fast"]).checkpoint


@pytest.mark.train
def test_a_program_that_cannot_train_packs_the_name_and_one_that_can_starts_from_its_own_weights(
    opened, ids, tmp_path, monkeypatch
):
    """As the light build, which has bundles only; then the same files where the weights are."""
    from engine.train.networks import build

    models.activate(opened, ids["fast"])
    for row in models.all_models(opened):
        row.checkpoint.unlink()
    light = tmp_path / "light"
    (light / "models").mkdir(parents=True)
    for found in (STUDENT, FAST):
        (light / "models" / found.bundle.name).write_bytes(found.bundle.read_bytes())
    with monkeypatch.context() as there:
        there.setattr(resources, "_HERE", light)
        there.setattr(depths, "NEEDED", ("a_package_that_nobody_has",))
        laid_down = given(opened, snapshot.look(opened), depths.recipe_of("finetune"), None)
        with pytest.raises(UserError, match="did not come with this program"):
            weights.find(laid_down.initial)
    network = depths.recipe_of("finetune").student.network
    assert weights.find(laid_down.initial) == FAST.weights
    assert build(network, initial=weights.find(laid_down.initial)).arch == models.find(opened, ids["fast"]).arch
    assert given(opened, snapshot.look(opened), depths.recipe_of("finetune"), None).initial == str(FAST.weights)
