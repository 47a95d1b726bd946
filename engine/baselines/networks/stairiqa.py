"""StairIQA: a staircase of features over ResNet-50.

Written from the idea of Sun, Min, Tu, Ma and Zhai, "Blind quality assessment for in-the-wild images via hierarchical
feature fusion and iterative mixed database training" (IEEE JSTSP 2023), with no look at its code, which has no licence.
One head for one set of labels; their mixed training over several data sets is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

import torch
from PIL.Image import Image
from pydantic import Field
from torch import Tensor, nn

from engine.baselines.networks import crops
from engine.baselines.networks.baseline import NetworkBaseline
from engine.baselines.networks.first_weights import fetching, from_url, put, read_safetensors
from engine.baselines.networks.fitting import Inputs
from engine.baselines.networks.options import PRETRAINED, RANDOM, FitOptions
from engine.baselines.networks.pictures import Pictures, Place
from engine.baselines.networks.stairiqa_network import StaircaseNetwork
from engine.manifest import Row
from engine.train.data import RowNumbers
from engine.train.torchvision_compat import torchvision

_KINDS: Final = ".safetensors with torchvision's names of ResNet-50"


class StairIQAOptions(FitOptions):
    """See `FitOptions`."""

    lr_random: ClassVar[float] = 5e-4
    lr_pretrained: ClassVar[float] = 1e-4

    size: int = Field(448, ge=64)
    """Side of the square that the network sees; 448 is the original's."""


class StairIQA(NetworkBaseline[StairIQAOptions]):
    """30.487 M parameters; 20.35 GMACs at 448 (the paper's table: 30.49 M, 20.86)."""

    name = "stairiqa"
    options_type = StairIQAOptions
    pretrained = "ImageNet (torchvision)"

    def network(self, options: StairIQAOptions, seed: int) -> StaircaseNetwork:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = StaircaseNetwork()
        if options.init != RANDOM:
            state = _imagenet() if options.init == PRETRAINED else read_safetensors(Path(options.init))
            backbone = {k.removeprefix("backbone."): v for k, v in state.items()}
            put(backbone, model.backbone, source=options.init, may_lack=lambda k: k.endswith("num_batches_tracked"))
        return model.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def pictures(
        self, rows: Sequence[Row], wanted: RowNumbers, options: StairIQAOptions, folder: Path, place: Place
    ) -> Pictures:
        return crops.random(rows, wanted, size=options.size, flip=options.flip, folder=folder, place=place)

    def inputs(self, image: Image, sha256: str, options: StairIQAOptions) -> Inputs:
        return crops.centre(image, options.size)

    def gmacs(self, model: nn.Module, options: StairIQAOptions) -> float:
        return crops.gmacs(model, options.size)

    def size(self, options: StairIQAOptions) -> str:
        return str(options.size)

    def notes(self, options: StairIQAOptions) -> tuple[str, ...]:
        return ("own network after the paper's description; one head, no mixed training",)


def _imagenet() -> dict[str, Tensor]:
    with fetching("The ImageNet weights of ResNet-50", _KINDS):
        path = from_url(torchvision.models.ResNet50_Weights.IMAGENET1K_V1.url)
        state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state
