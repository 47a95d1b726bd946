"""A ResNet-50 whose early stages come down a staircase to the last one."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn

from engine.train.networks import IMAGENET_MEAN, IMAGENET_STD
from engine.train.torchvision_compat import torchvision

_CHANNELS: Final = (256, 512, 1024, 2048)
_WIDTHS: Final = (32, 272, 272)
"""Inner width of a step between two stages. Narrow where the maps are large, and chosen so that both costs of the
published network are met: 30.487 M parameters and 20.35 GMACs at 448."""
_HIDDEN: Final = 128


def _step(channels: int, width: int, out: int) -> nn.Sequential:
    """Half the side, the channels of the next stage."""
    return nn.Sequential(
        nn.Conv2d(channels, width, 1),
        nn.ReLU(inplace=True),
        nn.Conv2d(width, width, 3, stride=2, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(width, out, 1),
    )


class StaircaseNetwork(nn.Module):
    """Scores faces: uint8 [N, S, S, 3] in, score [N] out; normalisation inside.

    The maps of each of the first three stages go down one step whenever the backbone goes down one stage, and all are
    added to the last stage's; then a global mean and a perceptron with one hidden layer.
    """

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.backbone = torchvision.models.resnet50(weights=None)
        self.backbone.fc = nn.Identity()
        # flights[k]: from stage k + 1 to stage k + 2, one step for every earlier stage.
        self.flights = nn.ModuleList(
            nn.ModuleList(_step(channels, width, out) for _ in range(stages))
            for stages, ((channels, out), width) in enumerate(zip(pairwise(_CHANNELS), _WIDTHS, strict=True), start=1)
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Sequential(nn.Linear(_CHANNELS[-1], _HIDDEN), nn.ReLU(), nn.Linear(_HIDDEN, 1))
        last = self.head[-1]
        assert isinstance(last, nn.Linear)
        nn.init.constant_(last.bias, 0.5)  # the middle of the scale of MOS
        self.register_buffer("mean", 255 * torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", 255 * torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)

    def features(self, pixels: Tensor) -> Tensor:
        """[N, S, S, 3] -> [N, 2048]."""
        net = self.backbone
        x = (pixels.permute(0, 3, 1, 2).float() - self.mean) / self.std
        x = net.layer1(net.maxpool(net.relu(net.bn1(net.conv1(x)))))
        coming_down = [x]
        for flight, stage in zip(self.flights, (net.layer2, net.layer3, net.layer4), strict=True):
            assert isinstance(flight, nn.ModuleList)
            x = stage(x)
            coming_down = [*(step(y) for step, y in zip(flight, coming_down, strict=True)), x]
        found: Tensor = self.pool(reduce(torch.add, coming_down)).flatten(1)
        return found

    def score(self, features: Tensor) -> Tensor:
        """[N, 2048] -> [N]."""
        found: Tensor = self.head(features).squeeze(1)
        return found

    def forward(self, pixels: Tensor) -> Tensor:
        """[N, S, S, 3] -> score [N]."""
        return self.score(self.features(pixels))
