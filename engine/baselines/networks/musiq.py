"""MUSIQ: a multi-scale image quality transformer, for pictures of any shape.

After Ke, Wang, Wang, Milanfar and Yang (ICCV 2021; code and weights Apache-2.0, google-research/musiq), in our own
words. The picture at its own size is capped, because attention grows with the square of the patches.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import torch
from PIL.Image import Image
from pydantic import Field
from torch import nn

from engine.baselines.networks import musiq_checkpoint
from engine.baselines.networks.baseline import NetworkBaseline
from engine.baselines.networks.first_weights import fetching, from_url, put, read_safetensors
from engine.baselines.networks.fitting import Inputs
from engine.baselines.networks.musiq_network import MusiqNetwork
from engine.baselines.networks.musiq_patches import LONG_SIDES, Patches, joined, patches_of
from engine.baselines.networks.options import PRETRAINED, RANDOM, FitOptions
from engine.baselines.networks.pictures import Pictures, Place, load, unreadable
from engine.manifest import Row
from engine.train.complexity import count
from engine.train.data import RowNumbers

COST_SIDE: Final = 512
"""The card states the cost of a square picture of this side; it grows with the picture."""


class MUSIQOptions(FitOptions):
    """See `FitOptions`."""

    lr_random: ClassVar[float] = 3e-4
    lr_pretrained: ClassVar[float] = 5e-5

    size: int = Field(1024, ge=64)
    """Cap of the long side, in pixels, of the picture at its own size; smaller pictures are not enlarged."""


class MUSIQ(NetworkBaseline[MUSIQOptions]):
    """27,125,825 parameters; 17.6 GMACs for a picture of 512 x 512, 57.8 for one of 1024 x 1024.

    The paper's table says 78.59 M and 230.74, which the published network does not have at any size of these faces.
    """

    name = "musiq"
    options_type = MUSIQOptions
    pretrained = "ImageNet (MUSIQ's own)"

    def network(self, options: MUSIQOptions, seed: int) -> MusiqNetwork:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = MusiqNetwork()
        if options.init == RANDOM:
            return model
        path = _fetched() if options.init == PRETRAINED else Path(options.init)
        if path.suffix == ".npz":
            musiq_checkpoint.load(path, model)
        else:
            put(read_safetensors(path), model, source=options.init, may_lack=lambda _: False)
            model.draw_head()
        return model

    def pictures(
        self, rows: Sequence[Row], wanted: RowNumbers, options: MUSIQOptions, folder: Path, place: Place
    ) -> Pictures:
        """Read from their files whenever they are drawn: pictures of their own sizes make no common cache."""

        def patches(number: int, mirrored: bool) -> Patches:
            pixels = np.asarray(load(rows[number]))
            return patches_of(pixels[:, ::-1] if mirrored else pixels, options.size)

        def draw(numbers: RowNumbers, rng: np.random.Generator) -> Inputs:
            mirrored = rng.random(len(numbers)) < (0.5 if options.flip else 0.0)
            with ThreadPoolExecutor(place.threads) as pool:
                return tuple(joined(list(pool.map(patches, numbers.tolist(), mirrored.tolist()))))

        faults = unreadable(rows, wanted, place)
        readable = np.array([k for k in wanted.tolist() if k not in faults], dtype=np.intp)
        return Pictures(readable, tuple(faults.values()), draw)

    def inputs(self, image: Image, sha256: str, options: MUSIQOptions) -> Inputs:
        return tuple(patches_of(np.asarray(image), options.size))

    def gmacs(self, model: nn.Module, options: MUSIQOptions) -> float:
        side = min(COST_SIDE, options.size)
        return sum(count(model, *patches_of(np.zeros((side, side, 3), np.uint8), options.size))) / 1e9

    def size(self, options: MUSIQOptions) -> str:
        small = ", ".join(map(str, sorted(LONG_SIDES, reverse=True)))
        return f"any (own size up to {options.size}, {small})"

    def notes(self, options: MUSIQOptions) -> tuple[str, ...]:
        side = min(COST_SIDE, options.size)
        return (f"GMACs of a picture of {side} x {side}; they grow with the picture",)


def _fetched() -> Path:
    with fetching("MUSIQ's weights", "a published .npz, or .safetensors of this program"):
        return from_url(musiq_checkpoint.URL)
