"""What a network may be told, and first weights that are not at hand."""

from __future__ import annotations

import pickle
import socket

import pytest
import torch

from engine.baselines.contract import NotFittedError
from engine.baselines.networks.liqe import LIQE
from engine.baselines.networks.mobilenetv2 import MobileNetV2
from engine.baselines.networks.musiq import MUSIQ
from engine.baselines.networks.stairiqa import StairIQA
from engine.errors import Cancelled
from engine.train import checkpoints

pytestmark = pytest.mark.train
SYSTEMS = (MobileNetV2, StairIQA, LIQE, MUSIQ)


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """No name can be resolved and nothing was fetched before."""
    from huggingface_hub import constants

    def unreachable(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.name)
def test_unknown_options_are_refused_with_the_nearest(system, faces, fit_of):
    with pytest.raises(NotFittedError, match=rf"{system.name} has no option 'epoch'\. Did you mean 'epochs'"):
        fit_of(system).on(faces, epoch=3)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("epochs", 0, "greater than or equal to 1"),
        ("batch", "many", "valid integer"),
        ("schedule", "linear", "'cosine' or 'step'"),
        ("size", 8, "greater than or equal to"),
    ],
)
def test_impossible_values_are_refused(name, value, why, faces, fit_of):
    with pytest.raises(NotFittedError, match=rf"mobilenetv2 cannot use {name} = .*{why}"):
        fit_of(MobileNetV2).on(faces, **{name: value})


@pytest.mark.parametrize("system", [MobileNetV2, StairIQA, MUSIQ], ids=lambda s: s.name)
def test_weights_that_cannot_be_fetched_are_said_at_once(system, faces, fit_of, offline):
    fit = fit_of(system)
    with pytest.raises(NotFittedError, match=r"cannot be fetched: .* cannot be reached.*Go online once.*init = PATH"):
        fit.on(faces, init="pretrained")
    assert fit.told == []


def test_the_weights_of_clip_are_not_made_up_either(faces, fit_of, offline, tiny_clip):
    with pytest.raises(NotFittedError, match=rf"OpenAI's weights of {tiny_clip} cannot be fetched: there are none"):
        fit_of(LIQE).on(faces, init="pretrained")
    with pytest.raises(NotFittedError, match=r"ViT-B-32-quickgelu cannot be fetched: huggingface.co cannot be reached"):
        fit_of(LIQE).on(faces, init="pretrained", arch="ViT-B-32-quickgelu")


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda s: s.name)
def test_a_file_that_is_not_there_or_is_a_pickle_is_refused(system, faces, fit_of, tmp_path):
    with pytest.raises(NotFittedError, match="no file"):
        fit_of(system).on(faces, init=str(tmp_path / "nothing.safetensors"))
    path = tmp_path / "weights.pth"
    path.write_bytes(pickle.dumps({"conv": 1}))
    with pytest.raises(NotFittedError, match="not opened, because they can run code"):
        fit_of(system).on(faces, init=str(path))


def test_a_file_of_another_network_is_refused(faces, fit_of, tmp_path):
    checkpoints.write(tmp_path / "other.safetensors", {"conv.weight": torch.zeros(1)}, {})
    with pytest.raises(NotFittedError, match=r"do not fit: \d+ tensors are missing or differ"):
        fit_of(StairIQA).on(faces, init=str(tmp_path / "other.safetensors"))


@pytest.mark.parametrize("system", [MobileNetV2, LIQE], ids=lambda s: s.name)
def test_a_fit_starts_from_the_weights_of_a_file(system, faces, fit_of, tmp_path):
    """So little is learned that only the first weights count."""
    fit_of(system).on(faces, max_steps=1).save(tmp_path)
    file = tmp_path / "network.safetensors"
    begun = fit_of(system).on(faces, init=str(file), max_steps=1, lr=1e-9)
    begun.save(tmp_path / "again")
    first, later = (checkpoints.read(path).tensors for path in (file, tmp_path / "again" / file.name))
    name = next(n for n in first if first[n].ndim > 1)
    torch.testing.assert_close(first[name], later[name], atol=1e-6, rtol=0)
    assert begun.card().init == "file network.safetensors"


def test_a_fit_that_has_begun_needs_its_first_weights_no_more(faces, fit_of, tmp_path):
    fit_of(MobileNetV2).on(faces, max_steps=1).save(tmp_path)
    file = tmp_path / "network.safetensors"
    more = {"init": str(file), "folder": str(tmp_path / "fit")}
    with pytest.raises(Cancelled):
        fit_of(MobileNetV2).on(faces, until=lambda kind, _: kind == "epoch", **more)
    file.unlink()
    fit = fit_of(MobileNetV2)
    assert fit.on(faces, **more).card().init == "file network.safetensors"
    assert len(fit.losses()) == 2
