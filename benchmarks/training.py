"""Training images per second: the plain reference loop and ours; one run, the same network, size, batch and files.

    python -m benchmarks.training [FOLDER] [--arch NAME] [--size 224] [--batch 32] [--steps 8] [--repeats 3]

reference  Dataset of files (Pillow), torchvision's Resize, RandomCrop, ToTensor, Normalize, DataLoader with a worker a
           core, float32, AdamW, mean squared error + correlation: what the paper's published code does.
ours       the pixel cache filled beforehand (its cost is the last line), crops cut ahead in a thread, channels last,
           bfloat16 where the processor computes in it; once more in float32, to tell the two gains apart.

The ways alternate within each repeat; medians over repeats. Absolute speed depends on the machine, ratios count.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

import resources
from engine.image import list_images
from engine.manifest import Row
from engine.recipes import Network, Training
from engine.train import losses
from engine.train.criterion import Targets
from engine.train.data import PixelCache, prefetched
from engine.train.learner import Learner, has_bfloat16
from engine.train.networks import IMAGENET_MEAN, IMAGENET_STD, build
from engine.train.torchvision_compat import torchvision

CPU = torch.device("cpu")
Steps = Callable[[int], float]
"""Does so many steps; returns seconds."""


class Files(torch.utils.data.Dataset):
    """Pictures from files, as the published code reads them."""

    def __init__(self, paths: list[Path], size: int) -> None:
        from torchvision import transforms

        self._paths = paths
        self._transform = transforms.Compose(
            [
                transforms.Resize(size),
                transforms.RandomCrop(size),
                transforms.ToTensor(),
                transforms.Normalize(IMAGENET_MEAN, IMAGENET_STD),
            ]
        )

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, float]:
        from PIL import Image

        return self._transform(Image.open(self._paths[index]).convert("RGB")), index / len(self._paths)


def reference(network: Network, paths: list[Path], batch: int) -> Steps:
    """The plain loop."""
    model = build(network)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=1e-6)
    loader = torch.utils.data.DataLoader(
        Files(paths, network.size), batch, shuffle=True, drop_last=True, num_workers=torch.get_num_threads()
    )

    def endless() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        while True:
            yield from loader

    batches = endless()

    def steps(count: int) -> float:
        began = time.perf_counter()
        for images, mos in (next(batches) for _ in range(count)):
            optimizer.zero_grad()
            features = model.backbone(images)  # normalised already
            losses.quality_loss(model.score(features), mos.float()).total.backward()
            optimizer.step()
        return time.perf_counter() - began

    return steps


def ours(network: Network, cache: PixelCache, batch: int, training: Training) -> Steps:
    """Our learner on the pixel cache."""
    learner = Learner(build(network), training, CPU)
    rows, rng = np.arange(len(cache.decoded())), np.random.default_rng(0)

    def batches() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        while True:
            order = rng.permutation(rows)
            for k in range(len(rows) // batch):
                part = order[k * batch : (k + 1) * batch]
                yield part, cache.random_crops(part, rng)

    ready = prefetched(batches())

    def steps(count: int) -> float:
        began = time.perf_counter()
        for part, pixels in (next(ready) for _ in range(count)):
            mos = torch.from_numpy(part / len(rows)).float()
            learner.learn(pixels, Targets(mos, (batch,), (1.0,)))
        return time.perf_counter() - began

    return steps


def measure(ways: dict[str, Steps], steps: int, batch: int, repeats: int) -> dict[str, list[float]]:
    """Images per second of each way in each repeat, after one round that warms everything up."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for repeat in range(repeats + 1):
        for name, way in ways.items():
            seconds = way(steps if repeat else 2)
            if repeat:
                found[name].append(steps * batch / seconds)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Training speed against the plain loop.")
    parser.add_argument("folder", nargs="?", type=Path, default=resources.samples())
    parser.add_argument("--arch", default="edgenext_xx_small")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    paths = list_images(options.folder)
    paths = (paths * (1 + 4 * options.batch // len(paths)))[: max(len(paths), 4 * options.batch)]
    network, training = Network(options.arch, size=options.size), Training()
    assert torchvision is not None
    with tempfile.TemporaryDirectory() as folder:
        cache = PixelCache(Path(folder), [Row(p) for p in paths], options.size)
        began = time.perf_counter()
        cache.ensure(range(len(paths)))
        filled = len(paths) / (time.perf_counter() - began)
        ways = {"reference": reference(network, paths, options.batch)}
        ways["ours, float32"] = ours(network, cache, options.batch, training)
        if has_bfloat16(CPU):
            ways["ours, bfloat16"] = ours(network, cache, options.batch, replace(training, precision="auto"))
        found = measure(ways, options.steps, options.batch, options.repeats)
    base = statistics.median(found["reference"])
    table = Table(
        title=f"{options.arch} at {options.size} px, batch {options.batch}, {torch.get_num_threads()} threads"
    )
    for column in ("way", "images/s", "ratio"):
        table.add_column(column)
    for name, speeds in found.items():
        table.add_row(name, f"{statistics.median(speeds):.1f}", f"{statistics.median(speeds) / base:.2f}")
    console = Console()
    console.print(table)
    console.print(
        f"Filling the cache, once: {filled:.0f} images/s. An epoch of the reference decodes as much each time."
    )


if __name__ == "__main__":
    main()
