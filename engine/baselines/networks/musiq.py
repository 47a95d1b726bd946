"""MUSIQ: a multi-scale image quality transformer, for pictures of any shape.

After Ke, Wang, Wang, Milanfar and Yang (ICCV 2021; code and weights Apache-2.0, google-research/musiq), in our own
words. The picture at its own size is capped, because attention grows with the square of the patches.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import torch
from PIL.Image import Image
from pydantic import Field
from torch import nn

from engine.baselines.networks import musiq_checkpoint
from engine.baselines.networks.baseline import NetworkBaseline, Pictures, Place
from engine.baselines.networks.first_weights import fetching, from_url, put, read_safetensors
from engine.baselines.networks.fitting import Inputs
from engine.baselines.networks.musiq_network import MusiqNetwork
from engine.baselines.networks.musiq_patches import LONG_SIDES, Patches, joined, patches_of
from engine.baselines.networks.options import PRETRAINED, RANDOM, FitOptions
from engine.image import ImageError, decode, read_file
from engine.manifest import Row
from engine.scoring import available_cores
from engine.train.complexity import count
from engine.train.data import RowNumbers, Unreadable

COST_SIDE: Final = 512
"""The card states the cost of a square picture of this side; it grows with the picture."""
_CHUNK: Final = 64


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
        files = _Files(rows, options, place.workers or available_cores())
        unreadable = files.check(wanted, place)
        readable = np.array([k for k in wanted.tolist() if k not in unreadable], dtype=np.intp)
        return Pictures(readable, tuple(unreadable.values()), files.draw)

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


@dataclass(frozen=True)
class _Files:
    """Training pictures read from their files whenever they are drawn: at their own sizes they make no common cache."""

    rows: Sequence[Row]
    options: MUSIQOptions
    workers: int

    def check(self, wanted: RowNumbers, place: Place) -> dict[int, Unreadable]:
        """Decode each of the rows once; those that cannot be read."""
        found = {}
        numbers = wanted.tolist()
        with ThreadPoolExecutor(self.workers) as pool:
            for start in range(0, len(numbers), _CHUNK):
                place.decoded(start, len(numbers))
                chunk = numbers[start : start + _CHUNK]
                for number, reason in zip(chunk, pool.map(self._fault, chunk), strict=True):
                    if reason:
                        found[number] = Unreadable(self.rows[number].path, reason)
        place.decoded(len(numbers), len(numbers))
        return found

    def draw(self, numbers: RowNumbers, rng: np.random.Generator) -> Inputs:
        mirrored = rng.random(len(numbers)) < (0.5 if self.options.flip else 0.0)
        with ThreadPoolExecutor(self.workers) as pool:
            return tuple(joined(list(pool.map(self._patches, numbers.tolist(), mirrored.tolist()))))

    def _patches(self, number: int, mirrored: bool) -> Patches:
        pixels = np.asarray(self._picture(number))
        return patches_of(pixels[:, ::-1] if mirrored else pixels, self.options.size)

    def _picture(self, number: int) -> Image:
        row = self.rows[number]
        file = read_file(row.path)
        if row.sha256 and row.sha256 != file.sha256:
            raise ImageError(row.path, "the file changed since it was labelled")
        return decode(file.data, path=row.path)

    def _fault(self, number: int) -> str:
        try:
            self._picture(number)
        except ImageError as error:
            return " ".join(error.reason.split())
        return ""


def _fetched() -> Path:
    with fetching("MUSIQ's weights", "a published .npz, or .safetensors of this program"):
        return from_url(musiq_checkpoint.URL)
