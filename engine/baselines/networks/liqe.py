"""LIQE: quality from vision and language.

After Zhang, Zhai, Wei, Yang and Ma, "Blind image quality assessment via vision-language correspondence: a multitask
learning perspective" (CVPR 2023; code MIT, zwx8981/LIQE), in our own words on open_clip. The original reads 495 prompts
(scene x distortion x quality); labelled faces know neither scene nor distortion, so five prompts of quality remain.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
import torch
from PIL.Image import Image
from pydantic import Field
from torch import Tensor, nn

from engine.baselines.networks import crops
from engine.baselines.networks.baseline import NetworkBaseline
from engine.baselines.networks.first_weights import fetching, from_hub, put, read_safetensors
from engine.baselines.networks.fitting import Inputs
from engine.baselines.networks.liqe_network import ARCH, SIDE, ClipJudge, fidelity_loss, repository
from engine.baselines.networks.options import PRETRAINED, RANDOM, FitOptions
from engine.baselines.networks.pictures import Pictures, Place
from engine.image import resize_short_side
from engine.manifest import Row
from engine.train.complexity import count
from engine.train.data import Pixels, RowNumbers

_KINDS: Final = ".safetensors with open_clip's names"
PAPER_GFLOPS: Final = 3013.76
"""Of Table 1: two operations per multiply-add, the image tower on 15 crops and the text tower on 495 prompts for every
image, attention's own products overlooked."""
CACHED_GMACS: Final = 65.52
"""The same convention, multiply-adds, with the prompts read once for all images."""


class LIQEOptions(FitOptions):
    """The original learns CLIP with 5e-6; from random weights that is no learning."""

    lr_random: ClassVar[float] = 1e-4
    lr_pretrained: ClassVar[float] = 5e-6

    arch: str = ARCH
    """open_clip's name of a CLIP for 224 px; the default is the original's."""
    size: int = Field(448, ge=SIDE)
    """Short side, in pixels, of the picture that crops are cut from."""
    crops: int = Field(15, ge=1)
    """Crops that are scored."""
    train_crops: int = Field(3, ge=1)
    """Crops that are learned from, per image and step."""


class LIQE(NetworkBaseline[LIQEOptions]):
    """151,277,313 parameters; 66.2 GMACs for 15 crops, with attention's products and the prompts read once."""

    name = "liqe"
    options_type = LIQEOptions
    pretrained = "CLIP (OpenAI)"

    def network(self, options: LIQEOptions, seed: int) -> ClipJudge:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = ClipJudge(options.arch)
        if options.init != RANDOM:
            state = read_safetensors(_fetched(options.arch) if options.init == PRETRAINED else Path(options.init))
            clip = {k.removeprefix("clip."): v for k, v in state.items()}
            put(clip, model.clip, source=options.init, may_lack=lambda _: False)
        return model

    def pictures(
        self, rows: Sequence[Row], wanted: RowNumbers, options: LIQEOptions, folder: Path, place: Place
    ) -> Pictures:
        def cut(pixels: Pixels, rng: np.random.Generator) -> Pixels:
            return np.stack([windows(picture, options.train_crops, rng) for picture in pixels])

        return crops.random(rows, wanted, size=options.size, flip=options.flip, folder=folder, place=place, cut=cut)

    def inputs(self, image: Image, sha256: str, options: LIQEOptions) -> Inputs:
        rng = np.random.default_rng(int(sha256[:16], 16))  # the same file always has the same crops
        pixels = np.asarray(resize_short_side(image, options.size))
        return (torch.from_numpy(windows(pixels, options.crops, rng))[None],)

    def gmacs(self, model: nn.Module, options: LIQEOptions) -> float:
        assert isinstance(model, ClipJudge)
        return options.crops * sum(count(model.clip.visual, torch.zeros(1, 3, SIDE, SIDE))) / 1e9

    def size(self, options: LIQEOptions) -> str:
        return f"{options.crops} crops of {SIDE}"

    def loss(self, pred: Tensor, mos: Tensor, weight: Tensor) -> Tensor:
        return fidelity_loss(pred, mos, weight)

    def notes(self, options: LIQEOptions) -> tuple[str, ...]:
        prompts = "5 prompts of quality instead of 495 (scene x distortion x quality)"
        order = "it learns the order of pairs only: SRCC says more of it than PLCC"
        if (options.arch, options.crops) != (ARCH, 15):
            return (prompts, order)
        return (
            prompts,
            f"the paper's {PAPER_GFLOPS:,} 'GFLOPs' are 2 x multiply-adds, with 495 prompts read for every image; "
            f"read once, the same count gives {CACHED_GMACS} GMACs, and GMACs here add attention's own products",
            order,
        )


def windows(picture: Pixels, count: int, rng: np.random.Generator) -> Pixels:
    """uint8 [count, 224, 224, 3], drawn evenly from a picture [h, w, 3] of at least that size."""
    tops, lefts = (rng.integers(0, side - SIDE + 1, count) for side in picture.shape[:2])
    return np.stack([picture[y : y + SIDE, x : x + SIDE] for y, x in zip(tops, lefts, strict=True)])


def _fetched(arch: str) -> Path:
    with fetching(f"OpenAI's weights of {arch}", _KINDS):
        if not (where := repository(arch)):
            raise RuntimeError("there are none")
        return from_hub(where, "open_clip_model.safetensors")
