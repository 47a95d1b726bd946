"""A tiny labelled set of strips of drawn faces (long ones make few patches), and fits on it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.baselines.contract import Baseline, BaselineConfig
from engine.errors import Cancelled
from engine.manifest import Manifest, Row
from tests import pictures

TINY_CLIP = {
    "embed_dim": 32,
    "quick_gelu": True,
    "vision_cfg": {"image_size": 224, "layers": 2, "width": 64, "head_width": 32, "patch_size": 32},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
}


def strips(folder: Path, count: int = 12, size: tuple[int, int] = (96, 16)) -> Manifest:
    """`count` strips out of focus by degrees, two thirds for training and the rest for validation."""
    rows = []
    for k in range(count):
        radius = (k % 4) * 1.5
        path = pictures.save(pictures.blurred(k, radius, size), folder / f"{k:02}.png")
        rows.append(Row(path, 1 - radius / 6, "train" if k < 2 * count // 3 else "val"))
    return Manifest(tuple(rows))


@dataclass
class Fit:
    """Fits one system, and keeps what it told."""

    system: type[Baseline]
    options: dict[str, Any]
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def on(
        self, faces: Manifest, *, until: Callable[[str, dict[str, Any]], bool] | None = None, **more: Any
    ) -> Baseline:
        """A fitted baseline; `until` says at which event somebody cancels."""

        def events(kind, fields):
            self.told.append((kind, dict(fields)))
            if until and until(kind, fields):
                raise Cancelled

        baseline = self.system()
        baseline.fit(faces, BaselineConfig(seed=5, workers=1, options={**self.options, **more}), events)
        return baseline

    def losses(self) -> list[float]:
        return [fields["loss"] for kind, fields in self.told if kind == "step"]


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    """Tensors this small are faster so, and the same numbers come out on every machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def faces(tmp_path_factory) -> Manifest:
    return strips(tmp_path_factory.mktemp("strips"))


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory) -> str:
    """The name of a CLIP of two layers, made known to open_clip as anybody may make one known."""
    from engine.train.torchvision_compat import timm  # noqa: F401 - must come before open_clip

    import open_clip  # isort: skip

    path = tmp_path_factory.mktemp("clip") / "tiny-clip.json"
    path.write_text(json.dumps(TINY_CLIP))
    open_clip.add_model_config(path)
    return path.stem


@pytest.fixture
def work(tmp_path) -> Iterator[Path]:
    """A folder for what is large; pytest would keep it for three runs."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.fixture
def fit_of(tiny_clip) -> Callable[[type[Baseline]], Fit]:
    """Small settings of each system: two epochs of four steps."""
    small = {
        "mobilenetv2": {"size": 32},
        "stairiqa": {"size": 64},
        "musiq": {"size": 96},
        "liqe": {"arch": tiny_clip, "size": 224, "crops": 3, "train_crops": 1},
    }

    def make(system: type[Baseline]) -> Fit:
        return Fit(system, {"epochs": 2, "batch": 4, "precision": "float32", "device": "cpu", **small[system.name]})

    return make
