"""Checkpoints: tensors and a JSON header in one safetensors file, written whole or not at all. Never a pickle.

Two kinds share the format: a *network* (weights only: `<stage>-best`, a model's checkpoint) and a *training state*
(`<stage>-last`: weights, optimiser, position), which resumes bit for bit on the CPU: all that is drawn at random in an
epoch follows from the seed and the number of the epoch.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from engine.errors import UserError
from engine.train.networks import NetworkError, QualityNetwork

FORMAT: Final = 1
_HEADER: Final = "fiqa"
_MODEL: Final = "model."
_OPTIMIZER: Final = "optimizer."
_AVERAGE: Final = "average."


class CheckpointError(UserError):
    """The file is no checkpoint of this program, is damaged, or does not fit."""


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds: `header` (plain data) and tensors by name."""

    header: dict[str, Any]
    tensors: dict[str, Tensor]


def write(path: Path, tensors: Mapping[str, Tensor], header: Mapping[str, Any]) -> None:
    """Write tensors and plain data to one file, atomically."""
    flat = {name: t.detach().to("cpu").contiguous() for name, t in tensors.items()}
    data = save(flat, metadata={_HEADER: json.dumps({"format": FORMAT, **header}, sort_keys=True)})
    partial = path.with_name(path.name + ".partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(partial, path)


def read(path: Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        CheckpointError: missing, damaged, a pickle, or of another program.
    """
    return _read(path, with_tensors=True)


def read_header(path: Path) -> dict[str, Any]:
    """The header alone, however large the file is; raises as `read`."""
    return _read(path, with_tensors=False).header


def _read(path: Path, *, with_tensors: bool) -> Checkpoint:
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint {path}.")
    try:
        with safe_open(path, framework="pt") as stream:
            header = json.loads((stream.metadata() or {}).get(_HEADER, "null"))
            names = stream.keys() if with_tensors else ()
            tensors = {name: stream.get_tensor(name) for name in names}
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(
            f"{path} is no safetensors checkpoint ({error}).",
            "Pickled checkpoints (.pth, .pt, .ckpt) are not opened, because they can run code.",
        ) from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise CheckpointError(f"{path} was not written by this program, or by a later version of it.")
    return Checkpoint(header, tensors)


def _network_header(model: nn.Module) -> dict[str, Any]:
    if not isinstance(model, QualityNetwork):
        return {}  # whoever trains another network knows how to build it
    return {"arch": model.arch, "head": model.head_kind, "size": model.size}


def save_network(path: Path, model: nn.Module, header: Mapping[str, Any]) -> None:
    """Write the weights of a network; `header` adds what else is worth knowing (epoch, metrics, recipe)."""
    tensors = {_MODEL + name: t for name, t in model.state_dict().items()}
    write(path, tensors, {**header, **_network_header(model)})


def load_network(path: Path, *, size: int | None = None) -> QualityNetwork:
    """The network of a checkpoint, ready to score; architecture and head are the checkpoint's, `size` may be another.

    Raises:
        CheckpointError: it cannot be read or its weights do not fit its architecture.
    """
    found = read(path)
    model = _empty(found, path, size)
    load_weights(model, found, path)
    return model.eval()


def _empty(found: Checkpoint, path: Path, size: int | None) -> QualityNetwork:
    try:
        return QualityNetwork(found.header["arch"], head=found.header["head"], size=size or found.header["size"])
    except (KeyError, NetworkError) as error:
        raise CheckpointError(f"The checkpoint {path} names no known architecture ({error}).") from error


def load_weights(model: nn.Module, found: Checkpoint, path: Path) -> None:
    """Put the weights of a checkpoint into `model`.

    Raises:
        CheckpointError: names or shapes differ.
    """
    state = {k.removeprefix(_MODEL): t for k, t in found.tensors.items() if k.startswith(_MODEL)}
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        first = str(error).strip().splitlines()[-1].strip()
        name = f"{model.arch} at {model.size} px" if isinstance(model, QualityNetwork) else type(model).__name__
        raise CheckpointError(
            f"The weights of {path} do not fit {name}: {first}",
            "Train at the size of the checkpoint, or start from other weights.",
        ) from error


def save_state(
    path: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    header: Mapping[str, Any],
    *,
    average: Mapping[str, Tensor] | None = None,
) -> None:
    """Write all that a training needs to go on: weights, optimiser, `header`, and the average of the weights."""
    tensors = {_MODEL + name: t for name, t in model.state_dict().items()}
    tensors.update({_AVERAGE + name: t for name, t in (average or {}).items()})
    for index, slots in optimizer.state_dict()["state"].items():
        tensors.update({f"{_OPTIMIZER}{index}.{name}": torch.as_tensor(t) for name, t in slots.items()})
    write(path, tensors, {**header, **_network_header(model)})


def average_of(found: Checkpoint) -> dict[str, Tensor]:
    """The average of the weights in a training state; empty where it has none."""
    return {k.removeprefix(_AVERAGE): t for k, t in found.tensors.items() if k.startswith(_AVERAGE)}


def load_state(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> Checkpoint:
    """The inverse of `save_state`; returns what was read, for what else is in it.

    Raises:
        CheckpointError: it cannot be read or does not fit.
    """
    found = read(path)
    load_weights(model, found, path)
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in found.tensors.items():
        if key.startswith(_OPTIMIZER):
            index, name = key.removeprefix(_OPTIMIZER).split(".", 1)
            # The fused optimiser walks through memory, so moments must lie in it as their parameters do.
            like = parameters[int(index)]
            laid_out = torch.empty_like(like).copy_(tensor) if tensor.shape == like.shape else tensor
            state.setdefault(int(index), {})[name] = laid_out.detach()
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return found
