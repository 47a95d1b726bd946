"""The multi-scale image quality transformer of Ke et al. (ICCV 2021), with the published network's exact arithmetic."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from engine.baselines.networks.musiq_patches import GRID, PATCH, SCALES

WIDTH: Final = 384
LAYERS: Final = 14
HEADS: Final = 6
_MLP: Final = 1152
_ROOT: Final = 64
_GROUPS: Final = 32
_EPSILON: Final = 1e-6


class StandardisedConv(nn.Conv2d):
    """A convolution whose kernels are standardised, each output channel by itself, before they are used."""

    def __init__(self, channels: int, out: int, side: int, stride: int = 1) -> None:
        super().__init__(channels, out, side, stride, bias=False, padding=0 if stride > 1 else side // 2)

    def forward(self, x: Tensor) -> Tensor:
        w = self.weight
        w = (w - w.mean((1, 2, 3), keepdim=True)) / (w.std((1, 2, 3), keepdim=True, correction=0) + 1e-5)
        return functional.conv2d(x, w, None, self.stride, self.padding)


class Stem(nn.Module):
    """Patches [T, 3, 32, 32] -> maps [T, 256, 8, 8]: the root of a ResNet and one bottleneck."""

    def __init__(self) -> None:
        super().__init__()
        wide = 4 * _ROOT
        self.root = StandardisedConv(3, _ROOT, 7, stride=2)
        self.root_norm = nn.GroupNorm(_GROUPS, _ROOT, eps=_EPSILON)
        self.shortcut = StandardisedConv(_ROOT, wide, 1)
        self.shortcut_norm = nn.GroupNorm(_GROUPS, wide, eps=1e-4)
        self.convs = nn.ModuleList(
            [StandardisedConv(_ROOT, _ROOT, 1), StandardisedConv(_ROOT, _ROOT, 3), StandardisedConv(_ROOT, wide, 1)]
        )
        self.norms = nn.ModuleList(nn.GroupNorm(_GROUPS, c, eps=1e-4) for c in (_ROOT, _ROOT, wide))

    def forward(self, patches: Tensor) -> Tensor:
        # TensorFlow's "same" padding of an even side with stride 2: the spare pixel lies right and below.
        x = functional.relu(self.root_norm(self.root(functional.pad(patches, (2, 3, 2, 3)))))
        x = functional.max_pool2d(functional.pad(x, (0, 1, 0, 1)), 3, 2)  # after a ReLU a border of 0 never wins alone
        y = x
        for conv, norm in zip(self.convs, self.norms, strict=True):
            y = norm(conv(y))
            y = y if conv is self.convs[-1] else functional.relu(y)
        return functional.relu(self.shortcut_norm(self.shortcut(x)) + y)


class Layer(nn.Module):
    """A pre-norm transformer layer; `mask` [N, 1, 1, L] is True where there is a token to attend to; None = all are."""

    def __init__(self) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.mlp_norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.widen, self.narrow = nn.Linear(WIDTH, _MLP), nn.Linear(_MLP, WIDTH)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        y = self.attention_norm(x)
        q, k, v = (f(y).unflatten(-1, (HEADS, -1)).transpose(1, 2) for f in (self.query, self.key, self.value))
        y = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.out(y.transpose(1, 2).flatten(2))
        found: Tensor = x + self.narrow(functional.gelu(self.widen(self.mlp_norm(x)), approximate="tanh"))
        return found


class MusiqNetwork(nn.Module):
    """Scores pictures of any shape, given as `Patches`; 27,125,825 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = Stem()
        self.embedding = nn.Linear(256 * (PATCH // 4) ** 2, WIDTH)
        self.places = nn.Parameter(torch.empty(GRID * GRID, WIDTH))
        self.scales = nn.Parameter(torch.empty(SCALES, WIDTH))
        self.cls = nn.Parameter(torch.zeros(WIDTH))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.head = nn.Linear(WIDTH, 1)
        self._draw()

    def _draw(self) -> None:
        """First weights as the original's, but a head that is not all 0, under which nothing before it would learn."""
        for parameter in (self.places, self.scales):
            nn.init.normal_(parameter, std=0.02)
        for layer in self.layers:
            for module in layer.modules():
                if isinstance(module, nn.Linear):
                    nn.init.xavier_uniform_(module.weight)
                    nn.init.zeros_(module.bias)
        for conv in (m for m in self.stem.modules() if isinstance(m, StandardisedConv)):
            nn.init.kaiming_normal_(conv.weight)
        nn.init.zeros_(self.stem.norms[-1].weight)  # type: ignore[arg-type]
        nn.init.trunc_normal_(self.embedding.weight, std=self.embedding.in_features**-0.5)
        nn.init.zeros_(self.embedding.bias)
        self.draw_head()

    def draw_head(self) -> None:
        """A head that begins in the middle of the scale of MOS."""
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, 0.5)

    def features(self, pixels: Tensor, places: Tensor, scales: Tensor, lengths: Tensor) -> Tensor:
        """The fields of `Patches` -> what the head sees [N, 384]."""
        maps = self.stem(pixels.permute(0, 3, 1, 2))
        # Channels last, as the published dense layer has its inputs.
        tokens = self.embedding(maps.permute(0, 2, 3, 1).flatten(1)) + self.places[places] + self.scales[scales]
        counts = lengths.tolist()
        x = pad_sequence(tokens.split(counts), batch_first=True)
        x = torch.cat([self.cls.to(x.dtype).expand(len(x), 1, -1), x], 1)
        mask = None
        if len(set(counts)) > 1:
            known = torch.arange(x.shape[1], device=x.device) <= lengths[:, None]  # the first token is no patch
            mask = known[:, None, None]
        for layer in self.layers:
            x = layer(x, mask)
        found: Tensor = self.norm(x[:, 0])
        return found

    def score(self, features: Tensor) -> Tensor:
        """[N, 384] -> [N]."""
        found: Tensor = self.head(features).squeeze(1)
        return found

    def forward(self, pixels: Tensor, places: Tensor, scales: Tensor, lengths: Tensor) -> Tensor:
        """The fields of `Patches` -> score [N]."""
        return self.score(self.features(pixels, places, scales, lengths))
