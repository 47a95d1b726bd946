"""The published Efficient-FIQA weights (github.com/sunwei925/Efficient-FIQA) -> a bundle and a checkpoint of ours.

Their files are torch pickles of a state dict, bare or under `model_state_dict`, with a prefix `module.` where they were
trained in parallel. The student is a timm `edgenext_xx_small` under `feature_extraction`, whose whole head, norm
included, was dropped; the teacher a torchvision `swin_b` under `feature_extraction.feature_extraction`. In both
`quality` is the head of two linear layers.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, Literal

import torch
from torch import Tensor

from engine.bundle import Bundle
from engine.errors import UserError
from engine.train import checkpoints
from engine.train.complexity import ALIASES
from engine.train.export import export_network, probe_pixels
from engine.train.networks import QualityNetwork

Published = Literal["student", "teacher"]
SIZES: Final[Mapping[Published, int]] = {"student": 352, "teacher": 448}
"""The sizes of the paper, section 4.2."""
LABELS: Final = "unknown: published Efficient-FIQA weights"
_STATE: Final = "model_state_dict"
_PARALLEL: Final = "module."
_BACKBONE: Final = "feature_extraction."
_DEPTH: Final[Mapping[Published, int]] = {"student": 1, "teacher": 2}
"""How often `_BACKBONE` stands before a tensor's name."""
_HEAD: Final = "quality."
_NAMED: Final = 3
_TEXT: Final = """\
# {name}

Predicts the perceptual quality of a face image; higher is better.

Imported from the weights that the authors of Efficient-FIQA (Sun et al., 2025) published.

## Labels it learned from
- unknown to this program. The published weights are trained on the labels of the VQualA 2025 challenge, which are \
scores of another network (report: arXiv 2508.18445) and no opinions of people: a high agreement with them says little \
about people.

People unknown: nothing tells which faces it was trained on, so any of yours may be among them.
"""


class PublishedError(UserError):
    """The file holds no published Efficient-FIQA network, or asks to run code."""


def import_checkpoint(
    file: Path, arch: Published, out: Path, *, size: int | None = None, checkpoint: Path | None = None
) -> Bundle:
    """Write the bundle `out` and the checkpoint that training can start from.

    Args:
        size: input side in pixels, default the paper's (`SIZES`).
        checkpoint: default beside the bundle, with the suffix .safetensors.

    Raises:
        PublishedError: the file is refused.
        ExportError: the bundle's scores differ from the network's.
    """
    model = load(file, arch, size=size or SIZES[arch])
    name = f"Efficient-FIQA {arch} ({file.name})"
    card = {
        "name": name,
        "label_provenance": LABELS,
        "licence": "not stated by its makers",
        "card": _TEXT.format(name=name),
    }
    bundle = export_network(model, out, pixels=probe_pixels(model.size), card=card)
    checkpoints.save_network(checkpoint or out.with_suffix(".safetensors"), model, {"card": card})
    return bundle


def load(file: Path, arch: Published, *, size: int) -> QualityNetwork:
    """The network of a published file.

    Raises:
        PublishedError: the file is missing, runs code, or holds another network (the tensors are named).
    """
    state = {name.removeprefix(_PARALLEL): tensor for name, tensor in _read(file).items()}
    model = QualityNetwork(ALIASES[arch], head="linear", size=size)
    wanted = model.state_dict()
    names = {_ours(name): name for name in state}
    if faults := _faults(names, state, wanted, arch):
        raise PublishedError(f"{file} is no Efficient-FIQA {arch}: {'; '.join(faults)}.", _remedy(arch, state))
    model.load_state_dict({ours: state[theirs] for ours, theirs in names.items()})
    return model.eval()


def _read(file: Path) -> dict[str, Tensor]:
    if not file.is_file():
        raise PublishedError(f"There is no file {file}.")
    try:
        found: Any = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        asked = re.search(r"GLOBAL (\S+)", str(error))
        if asked is None:
            raise PublishedError(f"{file} is no torch file, or a damaged one.") from error
        raise PublishedError(
            f"{file} asks to run code when it is opened ({asked[1]}); it was not opened.",
            "Ask its makers for the weights alone: torch.save(model.state_dict(), ...).",
        ) from error
    except Exception as error:  # torch.load raises whatever its zip reader and its unpickler stumble over
        raise PublishedError(f"{file} is no torch file, or a damaged one.") from error
    if isinstance(found, Mapping) and isinstance(found.get(_STATE), Mapping):
        found = found[_STATE]
    if not isinstance(found, Mapping) or not all(isinstance(t, Tensor) for t in found.values()):
        raise PublishedError(f"{file} holds no table of weights (a state dict, bare or under '{_STATE}').")
    return {str(name): tensor for name, tensor in found.items()}


def _ours(name: str) -> str:
    """Our name of one of their tensors."""
    if name.startswith(_HEAD):
        return "head." + name.removeprefix(_HEAD)
    return "backbone." + name.removeprefix(_BACKBONE).removeprefix(_BACKBONE) if name.startswith(_BACKBONE) else name


def _theirs(name: str, arch: Published) -> str:
    part, _, rest = name.partition(".")
    return (_HEAD if part == "head" else _BACKBONE * _DEPTH[arch]) + rest


def _faults(
    names: Mapping[str, str], state: Mapping[str, Tensor], wanted: Mapping[str, Tensor], arch: Published
) -> list[str]:
    """What stands against loading, in words and with the file's names."""
    shared = [n for n in names if n in wanted]
    unlike = (
        f"{names[n]} {list(state[names[n]].shape)} instead of {list(wanted[n].shape)}"
        for n in shared
        if state[names[n]].shape != wanted[n].shape
    )
    found = (
        _listed("missing", (_theirs(n, arch) for n in wanted if n not in names)),
        _listed("unexpected", (theirs for n, theirs in names.items() if n not in wanted)),
        _listed("of another shape", unlike),
    )
    return [text for text in found if text]


def _listed(what: str, names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return f"{what}: {', '.join(every[:_NAMED])}{more}" if every else ""


def _remedy(arch: Published, state: Mapping[str, Tensor]) -> str:
    """The other architecture, where the file looks like it."""
    other: Published = "teacher" if arch == "student" else "student"
    mark = {"student": f"{_BACKBONE}stem.0.weight", "teacher": "features.0.0.weight"}[other]
    return f"It looks like a {other}: use --arch {other}." if any(n.endswith(mark) for n in state) else ""
