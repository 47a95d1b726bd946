"""The quality network: a backbone without its classifier, and the two-layer head of the paper (section 4.2)."""

from __future__ import annotations

import os
import socket
import urllib.request
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

import torch
from torch import Tensor, nn

import resources
from engine.errors import UserError
from engine.recipes import Head, Network
from engine.train import depthwise
from engine.train.torchvision_compat import timm, torchvision

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)
HEAD_WIDTH: Final = 128
TEACHER_ARCH: Final = "swin_b"
FRESH: Final = ("random", "imagenet")
"""Values of `init` that start from no checkpoint."""


class NetworkError(UserError):
    """There is no such architecture, or its weights cannot be had."""


class QualityNetwork(nn.Module):
    """Scores faces: uint8 pixels in, one number per image out.

    Input is uint8 (or float in 0..255) [N, S, S, 3], the pixels as `engine.image` gives them; normalisation with
    ImageNet's mean and standard deviation happens inside, so an export needs nothing around it. `forward` gives the
    score [N] (unbounded, trained towards MOS in [0, 1]); `features` gives what the head sees [N, F].
    """

    mean: Tensor
    std: Tensor

    def __init__(self, arch: str, *, head: Head = "linear", size: int = 224) -> None:
        super().__init__()
        self.arch, self.head_kind, self.size = arch, head, size
        self.backbone = _backbone(arch, size)
        depthwise.put_into(self.backbone)
        self.feature_count = _feature_count(self.backbone, size)
        self.head = _head(head, self.feature_count)
        # Not in the checkpoint: constants of the code, kept as buffers so that they move with the device.
        self.register_buffer("mean", 255 * torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", 255 * torch.tensor(IMAGENET_STD).view(1, 3, 1, 1), persistent=False)

    def features(self, pixels: Tensor) -> Tensor:
        """[N, S, S, 3] -> [N, F]."""
        x = (pixels.permute(0, 3, 1, 2).to(self.mean.dtype) - self.mean) / self.std
        found: Tensor = self.backbone(x)
        return found

    def channels_last(self) -> Self:
        """Weights laid out as the pixels are, which convolutions on the CPU and on tensor cores prefer."""
        return self._laid_out(torch.channels_last)

    def contiguous(self) -> Self:
        """Weights in the plain layout, which exporting wants."""
        return self._laid_out(torch.contiguous_format)

    def _laid_out(self, layout: torch.memory_format) -> Self:
        for parameter in self.parameters():
            if parameter.ndim == 4:
                parameter.data = parameter.data.contiguous(memory_format=layout)
        return self

    def forward(self, pixels: Tensor, half: torch.dtype | None = None) -> Tensor:
        """[N, S, S, 3] -> score [N]. With `half` the backbone computes in that type, the head never does."""
        with torch.autocast(pixels.device.type, half, enabled=half is not None):
            features = self.features(pixels)
        return self.score(features.to(self.mean.dtype))

    def score(self, features: Tensor) -> Tensor:
        """[N, F] -> score [N]."""
        score: Tensor = self.head(features).squeeze(1)
        return score


def _backbone(arch: str, size: int) -> nn.Module:
    if arch == TEACHER_ARCH:
        swin: nn.Module = torchvision.models.swin_b(weights=None)
        swin.head = nn.Identity()
        return swin
    if not timm.is_model(arch):
        near = ", ".join(timm.list_models(f"*{arch.split('_')[0]}*")[:5])
        raise NetworkError(
            f"There is no architecture '{arch}'.", f"Use swin_b or a timm name{f': {near}' * bool(near)}."
        )
    model: nn.Module = timm.create_model(arch, pretrained=False, num_classes=0)
    resize = getattr(model, "set_input_size", None)  # transformers, whose grid of patches is fixed
    if callable(resize):
        resize(img_size=(size, size))
    _drop_classifier_norm(model)
    return model


def _drop_classifier_norm(model: nn.Module) -> None:
    """Drop the norm that timm counts to the classifier; the paper replaces the classifier whole (1,179,641 parameters).

    A final norm of the backbone itself (Swin's) stays: it belongs to the 86,874,553 parameters of the teacher.
    """
    head = getattr(model, "head", None)
    if isinstance(getattr(head, "norm", None), nn.Module):
        head.norm = nn.Identity()  # type: ignore[union-attr]


def _feature_count(backbone: nn.Module, size: int) -> int:
    training = backbone.training
    backbone.eval()
    with torch.no_grad():
        features: Tensor = backbone(torch.zeros(1, 3, size, size))
    backbone.train(training)
    return int(features.shape[1])


def _head(kind: Head, features: int) -> nn.Sequential:
    if kind == "linear":
        return nn.Sequential(nn.Linear(features, HEAD_WIDTH), nn.Linear(HEAD_WIDTH, 1))
    return nn.Sequential(nn.LayerNorm(features), nn.Linear(features, HEAD_WIDTH), nn.GELU(), nn.Linear(HEAD_WIDTH, 1))


def fold_linear_head(head: nn.Sequential) -> nn.Linear:
    """The paper's two linear layers as the one affine map that they are (folded in float64: |difference| < 1e-6)."""
    first, second = head[0], head[1]
    assert isinstance(first, nn.Linear)
    assert isinstance(second, nn.Linear)
    w1, w2 = first.weight.detach().double(), second.weight.detach().double()
    folded = nn.Linear(first.in_features, 1)
    folded.weight.data = (w2 @ w1).float()
    folded.bias.data = (w2 @ first.bias.detach().double() + second.bias.detach().double()).float()
    return folded


def parameter_count(model: nn.Module) -> int:
    """Number of trainable and fixed parameters (buffers are not counted)."""
    return sum(p.numel() for p in model.parameters())


def first_weights(spec: Network, initial: Path | None) -> Path:
    """The checkpoint that a network starts from whose `init` is not one of `FRESH`.

    Raises:
        NetworkError: it is to start from the model in use, and none is given.
    """
    if spec.init == "bundled":
        return resources.default_checkpoint()
    if spec.init != "active":
        return Path(spec.init)
    if initial is None:
        raise NetworkError(
            "The recipe starts from the model in use, but no model was given.",
            'Choose a model that has a checkpoint, or a recipe with init = "random".',
        )
    return initial


def build(spec: Network, *, initial: Path | None = None, seed: int = 0) -> QualityNetwork:
    """A network with its first weights, drawn from `seed` where they are random.

    Args:
        spec: architecture, size, head and `init` (`random`, `imagenet`, `active`, or a .safetensors path, from which
            architecture and head are taken, and with size 0 the size).
        initial: the checkpoint of the model in use, which `init = "active"` starts from.

    Raises:
        NetworkError: unknown architecture, or weights that cannot be fetched or do not fit.
        CheckpointError: the checkpoint cannot be read.
    """
    from engine.train import checkpoints  # it needs QualityNetwork

    if spec.init not in FRESH:
        return checkpoints.load_network(first_weights(spec, initial), size=spec.size)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = QualityNetwork(spec.arch, head=spec.head, size=spec.size)
        if spec.init == "random":
            _prepare_for_little_data(model)
    if spec.init == "imagenet":
        _load_imagenet(model)
    return model


def _prepare_for_little_data(model: QualityNetwork) -> None:
    """First weights under which a network learns from thousands of images, not millions.

    timm's are made for 300 epochs of ImageNet: weights of 0.02 and layer scales of 1e-6 switch each block off at first.
    With weights that keep the variance (1 / sqrt(fan in)) and layer scales of 1, EdgeNeXt-XXS reaches a validation SRCC
    of 0.49 where it had 0.14 (1,500 images, 4 epochs). Networks with batch norm do not care and are left alone.
    """
    last = model.head[-1]
    assert isinstance(last, nn.Linear)
    nn.init.constant_(last.bias, 0.5)  # the middle of the scale of MOS
    if any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in model.backbone.modules()):
        return
    for module in model.backbone.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            nn.init.trunc_normal_(module.weight, std=module.weight[0].numel() ** -0.5)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for name, parameter in model.backbone.named_parameters():
        if name.rpartition(".")[2].startswith("gamma"):
            nn.init.ones_(parameter)


def _load_imagenet(model: QualityNetwork) -> None:
    """ImageNet weights of timm, or of torchvision for the teacher. Fails fast where there is no network."""
    try:
        if model.arch == TEACHER_ARCH:
            weights = torchvision.models.Swin_B_Weights.IMAGENET1K_V1
            if not (Path(torch.hub.get_dir()) / "checkpoints" / Path(urlsplit(weights.url).path).name).is_file():
                require_network(weights.url)
            state: dict[str, Any] = weights.get_state_dict(progress=False)
        else:
            state = _timm_weights(model.arch)
    except Exception as error:  # every library here has its own family of download errors
        raise NetworkError(
            f"The ImageNet weights of {model.arch} cannot be fetched: {str(error).splitlines()[0]}.",
            'Go online once, or train from random weights (init = "random"; without_weights = "random" allows them '
            "where others cannot be had) or from a checkpoint.",
        ) from error
    own = model.backbone.state_dict()
    fitting = {k: v for k, v in state.items() if k in own and own[k].shape == v.shape}
    missing = sorted(k for k in own.keys() - fitting.keys() if not k.endswith(("num_batches_tracked", "attn_mask")))
    if missing:
        raise NetworkError(
            f"The ImageNet weights of {model.arch} at {model.size} px lack {len(missing)} tensors ({missing[0]}, ...)."
        )
    model.backbone.load_state_dict(fitting, strict=False)


def _timm_weights(arch: str) -> dict[str, Any]:
    config = timm.get_pretrained_cfg(arch)
    if config is None or not config.has_weights:
        raise RuntimeError("timm has none")
    try:
        from huggingface_hub import try_to_load_from_cache

        cached = config.hf_hub_id and any(
            isinstance(try_to_load_from_cache(config.hf_hub_id, name), str)
            for name in ("model.safetensors", "pytorch_model.bin")
        )
    except ImportError:
        cached = False
    if not cached:
        require_network("https://huggingface.co" if config.hf_hub_id else config.url)
    state: dict[str, Any] = timm.create_model(arch, pretrained=True, num_classes=0).state_dict()
    return state


def require_network(url: str) -> None:
    """Raise at once where the host cannot be resolved; the downloaders would retry for a minute."""
    if urllib.request.getproxies() or os.environ.get("HF_ENDPOINT"):
        return
    host = urlsplit(url).hostname or ""
    try:
        socket.getaddrinfo(host, 443)
    except OSError as error:
        raise RuntimeError(f"{host} cannot be reached") from error
