"""scripts/average_weights.py: the mean of two trainings of one network, and of nothing else."""

from __future__ import annotations

import sys

import pytest
import torch

from engine.recipes import Network
from engine.train import checkpoints
from engine.train.networks import build
from scripts import average_weights

pytestmark = pytest.mark.train


@pytest.fixture
def averaged(tmp_path, monkeypatch):
    def run(*sizes: int):
        files = [tmp_path / f"{k}.safetensors" for k in range(2)]
        for seed, (file, size) in enumerate(zip(files, sizes, strict=True)):
            network = build(Network("mobilenetv4_conv_small_050", size=size))  # the same first weights every time
            with torch.no_grad():
                for parameter in network.parameters():
                    parameter += 0.1 * seed
            checkpoints.save_network(file, network, {"card": {"name": f"number {seed}"}})
        out = tmp_path / "mean.safetensors"
        monkeypatch.setattr(sys, "argv", ["average_weights", *map(str, files), "--out", str(out)])
        average_weights.main()
        return [checkpoints.load_network(file).state_dict() for file in (*files, out)]

    return run


def test_every_weight_lies_in_the_middle(averaged):
    one, other, mean = averaged(32, 32)
    moved = 0
    for name, tensor in mean.items():
        if tensor.is_floating_point():
            torch.testing.assert_close(tensor, (one[name] + other[name]) / 2)
            moved += not torch.equal(one[name], other[name])
    assert moved > 10


def test_what_is_written_of_the_mean_is_what_the_other_learned_from(averaged, tmp_path):
    averaged(32, 32)
    header = checkpoints.read_header(tmp_path / "mean.safetensors")
    assert header["card"] == {"name": "number 1"}
    assert header["mean of"] == ["0.safetensors", "1.safetensors"]


def test_two_unlike_networks_are_refused(averaged):
    with pytest.raises(SystemExit, match="different networks"):
        averaged(32, 64)
