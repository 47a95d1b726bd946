"""Every network of the comparison: fits, goes on after an interruption, scores, is saved, and says what it is."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.baselines.contract import NotFittedError
from engine.baselines.networks import fitting
from engine.baselines.networks.liqe import LIQE
from engine.baselines.networks.mobilenetv2 import MobileNetV2
from engine.baselines.networks.musiq import MUSIQ
from engine.baselines.networks.stairiqa import StairIQA
from engine.errors import Cancelled
from engine.manifest import Manifest, Row
from engine.train import checkpoints
from tests import pictures
from tests.engine.baselines.networks.conftest import strips

pytestmark = pytest.mark.train
SYSTEMS = (MobileNetV2, StairIQA, LIQE, MUSIQ)


def weights(baseline, folder):
    baseline.save(folder)
    return checkpoints.read(next(folder.glob("*.safetensors"))).tensors


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(tensor, other[name]) for name, tensor in one.items())


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.name)
def test_it_learns_goes_on_and_is_kept(system, faces, fit_of, work):
    whole = fit_of(system)
    baseline = whole.on(faces, folder=str(work / "whole"))
    kinds = [kind for kind, _ in whole.told]
    assert (kinds.count("step"), kinds.count("epoch"), kinds.count("validation")) == (4, 2, 8)
    assert all(np.isfinite(whole.losses()))

    # Cancelled in the second epoch, and gone on with in the same folder.
    part = fit_of(system)
    with pytest.raises(Cancelled):
        part.on(faces, folder=str(work / "part"), until=lambda kind, f: kind == "step" and f["step"] == 3)
    again = fit_of(system)
    resumed = again.on(faces, folder=str(work / "part"))
    assert [f["step"] for kind, f in again.told if kind == "step"] == [3, 4]
    paths = [row.path for row in faces.rows[:4]]
    scores = [row.score for row in baseline.score([*paths, paths[0]])]
    assert len(set(scores[:4])) == 4
    assert scores[0] == scores[4]
    assert [row.score for row in resumed.score(paths)] == scores[:4]

    # Saved and loaded it says the same of the same pictures.
    baseline.save(work / "saved")
    loaded = system.load(work / "saved")
    assert [row.score for row in loaded.score(paths)] == scores[:4]
    assert loaded.card() == baseline.card()
    assert [step for step, _ in loaded.card().curve] == [2, 4]
    assert loaded.card().budget == "4 steps of 4"
    assert resumed.card().curve == baseline.card().curve
    assert loaded.card().fitted_on == faces.digest()
    assert loaded.card().init == "random"
    assert "random first weights; its authors began with" in " ".join(loaded.card().notes)


@pytest.mark.parametrize(
    ("system", "more"), [(MobileNetV2, {"size": 48}), (LIQE, {"lr": 1e-3})], ids=["mobilenetv2", "liqe"]
)
def test_what_is_learned_is_the_label(system, more, fit_of, tmp_path):
    """Twenty epochs know the blur of pictures that they were shown."""
    table = strips(tmp_path / "faces", 24, (48, 48))
    fit = fit_of(system)
    baseline = fit.on(table, epochs=20, batch=8, flip=False, **more)
    assert np.mean(fit.losses()[-2:]) < 0.5 * np.mean(fit.losses()[:2])
    seen = table.rows[:16]
    scores = [row.score for row in baseline.score(row.path for row in seen)]
    assert np.corrcoef(scores, [row.mos for row in seen])[0, 1] > 0.5


def test_a_save_amid_an_epoch_is_gone_on_with(faces, fit_of, tmp_path, monkeypatch):
    baseline = fit_of(MobileNetV2).on(faces, batch=2)
    monkeypatch.setattr(fitting, "_SAVE_EVERY_S", 0.0)
    with pytest.raises(Cancelled):
        fit_of(MobileNetV2).on(
            faces, batch=2, folder=str(tmp_path), until=lambda kind, f: kind == "step" and f["step"] == 7
        )
    again = fit_of(MobileNetV2)
    resumed = again.on(faces, batch=2, folder=str(tmp_path))
    assert next(f["step"] for kind, f in again.told if kind == "step") == 7
    assert same(weights(baseline, tmp_path / "a"), weights(resumed, tmp_path / "b"))


def test_a_finished_fit_is_not_done_again_and_another_one_is_refused(faces, fit_of, tmp_path):
    fit_of(MobileNetV2).on(faces, folder=str(tmp_path), max_steps=2)
    again = fit_of(MobileNetV2)
    again.on(faces, folder=str(tmp_path), max_steps=2)
    assert again.losses() == []
    with pytest.raises(NotFittedError, match=r"other images or with other options.*Choose another folder"):
        fit_of(MobileNetV2).on(faces, folder=str(tmp_path), max_steps=3)


def test_it_can_be_stopped_while_it_decodes_and_validates(faces, fit_of):
    for moment in ("decoding", "validation"):
        with pytest.raises(Cancelled):
            fit_of(MobileNetV2).on(faces, until=lambda kind, _, moment=moment: kind == moment)


@pytest.mark.parametrize("system", [MobileNetV2, MUSIQ], ids=lambda s: s.name)
def test_unreadable_pictures_are_left_out_and_listed(system, fit_of, tmp_path):
    table = strips(tmp_path / "faces")
    pictures.truncated_jpeg(table.rows[1].path)
    pictures.empty(table.rows[9].path)
    folder = tmp_path / "fit"
    baseline = fit_of(system).on(table, folder=str(folder), max_steps=1)
    assert [(u.path, u.reason) for u in baseline.left_out] == [
        (table.rows[1].path, "the file is truncated"),
        (table.rows[9].path, "the file is empty"),
    ]
    assert "02.png" not in (folder / "errors.csv").read_text()
    assert "2 images could not be read and were left out of the fit" in baseline.card().notes
    rows = list(baseline.score(row.path for row in table.rows[:3]))
    assert [row.item for row in rows] == [row.path for row in table.rows[:3]]
    assert (rows[1].score, rows[1].error) == (None, "the file is truncated")
    assert (rows[2].width, rows[2].height) == (96, 16)


def test_what_cannot_be_fitted_says_why(faces, fit_of, tmp_path):
    with pytest.raises(NotFittedError, match="mobilenetv2 is not fitted"):
        MobileNetV2().score([])
    with pytest.raises(NotFittedError, match="mobilenetv2 is not fitted"):
        MobileNetV2.load(tmp_path)
    lonely = Manifest(tuple(row for row in faces.rows if row.split == "train"))
    with pytest.raises(NotFittedError, match="split 'val' has 0 labelled images"):
        fit_of(MobileNetV2).on(lonely)
    gone = Manifest(tuple(Row(tmp_path / f"{k}.jpg", k / 8, "train" if k < 4 else "val") for k in range(8)))
    with pytest.raises(NotFittedError, match="split 'val' has 0 labelled images that can be read"):
        fit_of(MobileNetV2).on(gone)


def test_a_file_of_another_system_is_refused(faces, fit_of, tmp_path):
    fit_of(MobileNetV2).on(faces, max_steps=1).save(tmp_path)
    with pytest.raises(NotFittedError, match="holds mobilenetv2, not stairiqa"):
        StairIQA.load(tmp_path)
