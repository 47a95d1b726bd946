"""The published MUSIQ checkpoints: .npz archives of google-research with flax's names and layouts (no pickles)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.baselines.contract import NotFittedError
from engine.baselines.networks.musiq_network import LAYERS, MusiqNetwork

URL: Final = "https://storage.googleapis.com/gresearch/musiq/imagenet_pretrain.npz"
_ROOT: Final = "opt/target/"
"""Beside the weights the archive holds the optimiser's state, which is not read."""
_HEAD: Final = ("head.weight", "head.bias")
Array = npt.NDArray[Any]


def _norm(own: str, theirs: str) -> Iterator[tuple[str, str]]:
    yield f"{own}.weight", f"{theirs}/scale"
    yield f"{own}.bias", f"{theirs}/bias"


def _dense(own: str, theirs: str) -> Iterator[tuple[str, str]]:
    yield f"{own}.weight", f"{theirs}/kernel"
    yield f"{own}.bias", f"{theirs}/bias"


def _stem() -> Iterator[tuple[str, str]]:
    unit = "block1/unit1"
    yield "stem.root.weight", "conv_root/kernel"
    yield from _norm("stem.root_norm", "gn_root")
    yield "stem.shortcut.weight", f"{unit}/conv_proj/kernel"
    yield from _norm("stem.shortcut_norm", f"{unit}/gn_proj")
    for k in range(3):
        yield f"stem.convs.{k}.weight", f"{unit}/conv{k + 1}/kernel"
        yield from _norm(f"stem.norms.{k}", f"{unit}/gn{k + 1}")


def _layer(k: int) -> Iterator[tuple[str, str]]:
    own, theirs = f"layers.{k}", f"Transformer/encoderblock_{k}"
    yield from _norm(f"{own}.attention_norm", f"{theirs}/LayerNorm_0")
    for name in ("query", "key", "value", "out"):
        yield from _dense(f"{own}.{name}", f"{theirs}/MultiHeadDotProductAttention_1/{name}")
    yield from _norm(f"{own}.mlp_norm", f"{theirs}/LayerNorm_2")
    yield from _dense(f"{own}.widen", f"{theirs}/MlpBlock_3/Dense_0")
    yield from _dense(f"{own}.narrow", f"{theirs}/MlpBlock_3/Dense_1")


def names() -> dict[str, str]:
    """The name in the archive (under `opt/target/`) of each of our tensors."""
    found = dict(_stem())
    found |= dict(_dense("embedding", "embedding"))
    found |= {
        "places": "Transformer/posembed_input/pos_embedding",
        "scales": "Transformer/scaleembed_input/scale_embedding",
        "cls": "Transformer/cls",
    }
    for k in range(LAYERS):
        found |= dict(_layer(k))
    return found | dict(_norm("norm", "Transformer/encoder_norm")) | dict(_dense("head", "head"))


def _as_ours(array: Array, shape: torch.Size) -> Array | None:
    """Their layout as ours: kernels have their output last, and may have it, or the input, split into heads."""
    out = shape[0]
    if array.ndim == 4 and len(shape) == 4:
        array = array.transpose(3, 2, 0, 1)
    elif len(shape) == 2 and array.ndim >= 2 and array.shape[0] != 1:
        array = array.reshape(-1, out).T if array.size == shape.numel() else array
    return np.ascontiguousarray(array).reshape(tuple(shape)) if array.size == shape.numel() else None


def read(path: Path, like: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a published checkpoint under our names, float32; one that has another size is left out.

    Raises:
        NotFittedError: it is missing or no such archive.
    """
    found = {}
    try:
        with np.load(path, allow_pickle=False) as archive:
            for own, theirs in names().items():
                array = _as_ours(archive[_ROOT + theirs], like[own].shape)
                if array is not None:
                    found[own] = torch.from_numpy(array.astype(np.float32))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise NotFittedError(
            f"{path} is no published MUSIQ checkpoint ({error}).", "Use an .npz of google-research's musiq folder."
        ) from error
    return found


def load(path: Path, model: MusiqNetwork, *, head: bool = False) -> None:
    """Put a published checkpoint into `model`; its head, which speaks of another scale, only where asked for.

    Raises:
        NotFittedError: it does not fit.
    """
    state = read(path, model.state_dict())
    wanted = {k: v for k, v in state.items() if head or k not in _HEAD}
    missing = sorted(names().keys() - wanted.keys() - (set() if head else set(_HEAD)))
    if missing:
        raise NotFittedError(f"The weights of {path} do not fit: {missing[0]} has another size.")
    model.load_state_dict(wanted, strict=False)
