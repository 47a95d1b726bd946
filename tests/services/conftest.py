"""Pictures for the services: small, real files."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.services import worker


def make_picture(path: Path, *, seed: int = 0, size: tuple[int, int] = (96, 80)) -> Path:
    """A JPEG of noise over a gradient; each seed gives other bytes."""
    rng = np.random.default_rng(seed)
    ramp = np.linspace(0, 200, size[0])[None, :, None]
    pixels = (ramp + rng.integers(0, 55, (size[1], size[0], 3))).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, quality=90)
    return path


@pytest.fixture
def pictures(tmp_path):
    """A folder maker: `pictures(5)` writes 0.jpg ... 4.jpg and gives the folder."""

    def make(count: int, folder: str = "faces", start: int = 0) -> Path:
        for number in range(start, start + count):
            make_picture(tmp_path / folder / f"{number:04d}.jpg", seed=number)
        return tmp_path / folder

    return make


@pytest.fixture(autouse=True)
def _no_thread_left():
    """Every test ends what it began."""
    yield
    assert worker.stop_all(10.0) == []
