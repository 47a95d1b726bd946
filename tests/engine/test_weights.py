"""First weights by the id of a model: what a program without weights packs, one that has them finds; others refuse."""

from __future__ import annotations

import pytest

import resources
from engine import pack, recipes, weights
from engine.bundle import read_bundle
from engine.errors import UserError
from engine.manifest import Manifest, Row
from engine.run import RunDirectory
from tests import bundles, pictures

FAST = resources.BUNDLED["fast"]


def test_a_job_names_a_file_or_a_model_that_comes_with_the_program(tmp_path):
    assert weights.find("") is None
    assert weights.find(str(tmp_path / "c.safetensors")) == tmp_path / "c.safetensors"
    assert weights.find(weights.by_id(read_bundle(FAST.bundle).id)) == FAST.weights
    stranger = bundles.write(tmp_path / "m.onnx").id
    assert weights.of_bundled(stranger) is None
    with pytest.raises(UserError, match=f"weights of model {stranger[:12]}, which did not come with this program"):
        weights.find(weights.by_id(stranger))


def test_a_packed_run_keeps_the_name_of_the_model_and_carries_no_file(tmp_path):
    rows = [Row(path, 0.5, "train", group=f"g{k}") for k, path in enumerate(pictures.folder(tmp_path / "faces", 3))]
    named = weights.by_id(read_bundle(FAST.bundle).id)
    run = RunDirectory.create(
        tmp_path / "run", recipe=recipes.load("finetune"), manifest=Manifest(tuple(rows)), initial=named
    )
    packed = RunDirectory.open(pack.pack(run, tmp_path / "packed"))
    assert packed.job.initial == named
    assert not list(packed.path.glob("*.safetensors"))
