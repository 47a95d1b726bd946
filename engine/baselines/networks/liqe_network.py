"""CLIP as a judge: how alike is a picture to "a photo with good quality"?"""

from __future__ import annotations

import difflib
import math
from typing import Any, Final

import torch
from torch import Tensor, nn

from engine.baselines.contract import NotFittedError
from engine.train.torchvision_compat import timm  # noqa: F401 - must come before open_clip, which imports torchvision

import open_clip  # isort: skip

ARCH: Final = "ViT-B-32-quickgelu"
"""OpenAI's weights were made with the quick approximation of GELU."""
WORDS: Final = ("bad", "poor", "fair", "good", "perfect")
PROMPTS: Final = tuple(f"a photo with {word} quality" for word in WORDS)
SIDE: Final = 224
_MEAN: Final = (0.48145466, 0.4578275, 0.40821073)
_STD: Final = (0.26862954, 0.26130258, 0.27577711)


class ClipJudge(nn.Module):
    """Scores faces: crops uint8 [N, C, 224, 224, 3] in, score [N] in [0, 1] out; normalisation inside.

    Both towers learn. While learning the five prompts are read anew in every step; in evaluation mode they are read
    once, and again only after the weights have changed.
    """

    mean: Tensor
    std: Tensor
    tokens: Tensor

    def __init__(self, arch: str = ARCH) -> None:
        """Random weights.

        Raises:
            NotFittedError: open_clip has no such network, or it is none for this purpose.
        """
        super().__init__()
        self.clip: Any = open_clip.CLIP(**_config(arch))
        self.register_buffer("tokens", open_clip.tokenize(list(PROMPTS)), persistent=False)
        self.register_buffer("mean", 255 * torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", 255 * torch.tensor(_STD).view(1, 3, 1, 1), persistent=False)
        self._read: Tensor | None = None
        self.register_load_state_dict_post_hook(lambda *_: self._forget())  # type: ignore[no-untyped-call]

    def _forget(self) -> None:
        self._read = None

    def train(self, mode: bool = True) -> ClipJudge:
        self._forget()
        super().train(mode)
        return self

    def features(self, crops: Tensor) -> Tensor:
        """[N, C, 224, 224, 3] -> unit vectors [N, C, 512]."""
        x = (crops.flatten(0, 1).permute(0, 3, 1, 2).float() - self.mean) / self.std
        found: Tensor = self.clip.encode_image(x, normalize=True)
        return found.view(*crops.shape[:2], -1)

    def prompts(self) -> Tensor:
        """Unit vectors [5, 512] of the prompts."""
        if self.training:
            return self._text()
        if self._read is None:
            self._read = self._text()
        return self._read

    def _text(self) -> Tensor:
        found: Tensor = self.clip.encode_text(self.tokens, normalize=True)
        return found

    def score(self, features: Tensor) -> Tensor:
        """[N, C, 512] -> [N]: the similarities are averaged over the crops, then weigh the words 1 to 5."""
        similar = self.clip.logit_scale.exp() * features @ self.prompts().T
        share = similar.mean(1).softmax(-1)
        found: Tensor = share @ torch.linspace(0, 1, len(WORDS), device=share.device)
        return found

    def forward(self, crops: Tensor) -> Tensor:
        """[N, C, 224, 224, 3] -> score [N]."""
        return self.score(self.features(crops))


def _config(arch: str) -> dict[str, Any]:
    config: dict[str, Any] | None = open_clip.get_model_config(arch)
    if config is None:
        near = difflib.get_close_matches(arch, open_clip.list_models(), n=1, cutoff=0.0)
        raise NotFittedError(f"open_clip has no network '{arch}'.", f"Did you mean '{near[0]}'?")
    plain = config.keys() <= {"embed_dim", "vision_cfg", "text_cfg", "quick_gelu"}
    if not plain or "hf_model_name" in config["text_cfg"] or config["vision_cfg"]["image_size"] != SIDE:
        raise NotFittedError(f"'{arch}' is no plain CLIP for {SIDE} px.", f"Use {ARCH} or ViT-B-16-quickgelu.")
    return config


def repository(arch: str) -> str:
    """Where OpenAI's weights of a network lie on the Hugging Face hub; empty where there are none."""
    known: dict[str, Any] = open_clip.get_pretrained_cfg(arch, "openai") or {}
    return str(known.get("hf_hub", "")).rstrip("/")


def fidelity_loss(score: Tensor, mos: Tensor, weight: Tensor) -> Tensor:
    """1 - sqrt(p p^) - sqrt((1 - p)(1 - p^)) over all pairs of a batch (Tsai et al., SIGIR 2007), in [0, 1].

    p^ is Thurstone's probability that the first of a pair is the better one, from scores on the scale of the words
    (1 to 5) with unit variance each; p is 1 or 0 by the labels, and 1/2 where they are equal. A pair weighs what the
    product of its images' weights is.

    Args:
        score, mos, weight: [N]; scores in [0, 1].
    """
    first, second = torch.triu_indices(len(score), len(score), 1, device=score.device)
    steps = len(WORDS) - 1
    found = torch.special.ndtr(steps * (score[first] - score[second]) / math.sqrt(2))
    wanted = 0.5 * (1 + torch.sign(mos[first] - mos[second]))
    loss = 1 - _root(wanted * found) - _root((1 - wanted) * (1 - found))
    weights = weight[first] * weight[second]
    return (loss * weights).sum() / weights.sum().clamp_min(1e-12)


def _root(x: Tensor) -> Tensor:
    return (x + 1e-8).sqrt()  # the slope at 0 is finite
