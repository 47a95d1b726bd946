"""Published Efficient-FIQA weights: every layout of their files gives the network's scores, none runs code."""

from __future__ import annotations

import os

import numpy as np
import pytest
import torch

from engine.bundle import read_bundle
from engine.cli import main
from engine.scoring import Scorer
from engine.train import checkpoints, published
from engine.train.complexity import ALIASES
from engine.train.networks import QualityNetwork
from engine.train.published import PublishedError
from tests import pictures
from tests.engine.train.test_export import network, real_pixels
from tests.long import LONG

pytestmark = pytest.mark.train
SIZE = 64


def theirs(model: QualityNetwork, *, nested: bool, parallel: bool = False) -> dict[str, torch.Tensor]:
    """The weights of our network under the names that the published files use."""
    prefix = "feature_extraction." * (2 if nested else 1)
    renamed = {
        k.replace("backbone.", prefix, 1).replace("head.", "quality.", 1): t.clone()
        for k, t in model.state_dict().items()
    }
    return {("module." if parallel else "") + k: t for k, t in renamed.items()}


@pytest.fixture(scope="module")
def student() -> QualityNetwork:
    return network("edgenext_xx_small", seed=5, size=SIZE)


def scores_of(model, size=SIZE):
    with torch.no_grad():
        return model.eval()(torch.from_numpy(real_pixels(size))).numpy()


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("legacy", [False, True])
def test_every_layout_of_the_student_is_read(student, tmp_path, wrapped, parallel, legacy):
    state = theirs(student, nested=False, parallel=parallel)
    file = tmp_path / "w.pt"
    saved = {"model_state_dict": state, "epoch": 7} if wrapped else state
    torch.save(saved, file, _use_new_zipfile_serialization=not legacy)
    np.testing.assert_array_equal(scores_of(published.load(file, "student", size=SIZE)), scores_of(student))


def test_the_teacher_is_nested_twice(tmp_path):
    model = network("swin_b", seed=5, size=SIZE)
    torch.save(theirs(model, nested=True), tmp_path / "w.pt")
    np.testing.assert_array_equal(scores_of(published.load(tmp_path / "w.pt", "teacher", size=SIZE)), scores_of(model))


@pytest.mark.parametrize(("arch", "size"), [("student", SIZE), pytest.param("teacher", 448, marks=LONG)])
def test_the_bundle_gives_the_network_s_scores_and_training_can_start_from_the_checkpoint(tmp_path, arch, size):
    model = network(ALIASES[arch], seed=5, size=size)
    file, out = tmp_path / "published.pth", tmp_path / "m.onnx"
    torch.save({"model_state_dict": theirs(model, nested=arch == "teacher", parallel=True)}, file)
    asked = [] if arch == "teacher" else ["--size", str(size)]
    assert main(["import-checkpoint", str(file), "--arch", arch, "--out", str(out), *asked]) == 0
    bundle, expected = read_bundle(out), scores_of(model, size)
    assert bundle.input_size == size
    np.testing.assert_allclose(Scorer(bundle).score_pixels(real_pixels(size)), expected, atol=1e-4)
    assert np.ptp(expected) > 1e-3
    np.testing.assert_array_equal(scores_of(checkpoints.load_network(tmp_path / "m.safetensors"), size), expected)
    assert bundle.card.licence == "not stated by its makers"
    assert bundle.card.label_provenance.startswith("unknown")
    assert "scores of another network" in bundle.card.card


def test_the_paper_s_sizes_are_the_default():
    assert published.SIZES == {"student": 352, "teacher": 448}


class _Touch:
    """Unpickled by `pickle`, it makes a folder."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("legacy", [False, True])
def test_a_file_that_asks_to_run_code_is_refused(tmp_path, capsys, legacy):
    file, trap = tmp_path / "bad.pt", tmp_path / "it ran"
    torch.save({"model_state_dict": _Touch(trap)}, file, _use_new_zipfile_serialization=not legacy)
    torch.load(file, weights_only=False)
    assert trap.exists(), "the trap must be a real one"
    trap.rmdir()
    out = tmp_path / "m.onnx"
    assert main(["import-checkpoint", str(file), "--arch", "student", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert "asks to run code when it is opened" in said
    assert "mkdir" in said
    assert len(said.strip().splitlines()) == 1
    assert not trap.exists()
    assert not out.exists()


def test_tensors_that_do_not_belong_are_named(student, tmp_path):
    state = theirs(student, nested=False)
    state["feature_extraction.head.norm.weight"] = torch.ones(168)
    del state["quality.1.bias"]
    state["quality.1.weight"] = torch.zeros(1, 64)
    torch.save(state, tmp_path / "w.pt")
    with pytest.raises(PublishedError) as told:
        published.load(tmp_path / "w.pt", "student", size=SIZE)
    text = str(told.value)
    assert "missing: quality.1.bias" in text
    assert "unexpected: feature_extraction.head.norm.weight" in text
    assert "of another shape: quality.1.weight [1, 64] instead of [1, 128]" in text


def test_the_other_network_is_recognised(student, tmp_path):
    torch.save(theirs(student, nested=False), tmp_path / "w.pt")
    with pytest.raises(PublishedError, match=r"missing: feature_extraction\.feature_extraction.* use --arch student"):
        published.load(tmp_path / "w.pt", "teacher", size=SIZE)


def test_what_is_no_table_of_weights_is_refused(tmp_path):
    torch.save([1, 2], tmp_path / "list.pt")
    for file, reason in (
        (tmp_path / "list.pt", "no table of weights"),
        (pictures.text_named_jpg(tmp_path / "text.pt"), "no torch file"),
        (pictures.empty(tmp_path / "empty.pt"), "no torch file"),
        (tmp_path / "none.pt", "no file"),
    ):
        with pytest.raises(PublishedError, match=reason):
            published.load(file, "student", size=SIZE)
