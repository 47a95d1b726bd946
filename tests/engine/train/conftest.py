"""Small labelled sets of generated faces, and runs over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import recipes
from engine.manifest import Manifest, Row
from engine.run import RunDirectory
from tests import pictures

THREADS = {"threads": "1", "seed": "3"}


def make_faces(folder: Path, count: int = 24, pools: int = 0) -> Manifest:
    """Faces out of focus by degrees, half of them for training, and unlabelled ones in pools a and b."""
    rows = []
    for k in range(count + pools):
        radius = (k % 8) * 0.5
        image = pictures.blurred(k, radius, (80 + 8 * (k % 3), 80))
        path = pictures.save(image, folder / f"{k:03}.png")
        if k < count:
            split = ("train", "train", "val", "test")[k % 4]
            rows.append(Row(path, 1 - radius / 4, split, provenance="weak:blur", group=f"person {k}"))
        else:
            rows.append(Row(path, source="unlabeled", pool="ab"[k % 2], group=f"person {k}"))
    return Manifest(tuple(rows))


def make_run(
    path: Path,
    faces: Manifest,
    recipe: str = "tiny",
    *,
    baseline: Path | None = None,
    initial: Path | None = None,
    **settings: str,
) -> RunDirectory:
    dotted = {name.replace("__", "."): value for name, value in settings.items()}
    chosen = recipes.load(recipe).with_values({**THREADS, **dotted})
    return RunDirectory.create(
        path, recipe=chosen, manifest=faces, baseline=str(baseline or ""), initial=str(initial or "")
    )


@pytest.fixture(scope="session")
def faces(tmp_path_factory) -> Manifest:
    return make_faces(tmp_path_factory.mktemp("faces"))


@pytest.fixture(scope="session")
def faces_and_pools(tmp_path_factory) -> Manifest:
    return make_faces(tmp_path_factory.mktemp("pools"), pools=10)
