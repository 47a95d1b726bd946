"""Import torchvision (and timm, which imports it) even where its compiled operators do not match torch.

A torch built for the CPU beside a torchvision built for CUDA is what a plain install often gives. Importing
torchvision then dies with "operator torchvision::nms does not exist" (pytorch/vision #9077, #9085). No network
here uses those operators, so their schemas are declared and the import goes through; `fiqa doctor` names the mismatch.

Everything that needs timm or torchvision imports them from here:
`from engine.train.torchvision_compat import timm, torchvision`.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any, Final

import torch


def _operators_load() -> bool:
    """Whether torchvision's compiled library can be loaded into this torch (asked without importing torchvision)."""
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return True  # not installed: the import below says so itself
    for library in sorted(Path(spec.origin).parent.glob("_C*")):
        try:
            torch.ops.load_library(str(library))
            return True
        except (OSError, ImportError):
            continue
    return False


def _declare_operators() -> Any:
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    return library


OPERATORS_MATCH: Final = _operators_load()
"""False where torchvision was built for another torch and only the schemas of its operators stand in."""

# Torch drops the schemas when the Library object is collected, so it must stay referenced.
_schemas: Final = None if OPERATORS_MATCH else _declare_operators()

torchvision: Final[Any] = importlib.import_module("torchvision")
timm: Final[Any] = importlib.import_module("timm")
