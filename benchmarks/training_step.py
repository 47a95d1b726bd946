"""Milliseconds of a training step an image on one core: torch's own gradients, ours, and ours in kept memory.

    python -m benchmarks.training_step [--arch NAME ...] [--size 192] [--batch 32] [--steps 5] [--repeats 3]

torch     depthwise convolutions as torch differentiates them, in bfloat16
ours      `engine.train.depthwise`
kept      the same, in a process that keeps what it frees (`engine.train.memory`)

Every way has a process of its own in each repeat, one after the other; processor time, medians over repeats, and the
largest memory of the process. Absolute numbers depend on the machine, ratios count.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from typing import Final

from rich.console import Console
from rich.table import Table

WAYS: Final = ("torch", "ours", "kept")
_CHILD: Final = "--one"


def step(arch: str, way: str, size: int, batch: int, steps: int) -> tuple[float, float]:
    """(milliseconds of the processor an image, MB at most) of one way, in this process."""
    import torch
    from torch import nn

    from engine.recipes import Network, Training
    from engine.train import depthwise, memory
    from engine.train.criterion import Targets
    from engine.train.learner import Learner
    from engine.train.networks import build

    torch.set_num_threads(1)
    if way == "kept":
        memory.keep_freed()
    model = build(Network(arch, size=size), seed=1)
    for module in model.modules():
        if way == "torch" and isinstance(module, depthwise.DepthwiseConv2d):
            module.__class__ = nn.Conv2d  # type: ignore[assignment]
    learner = Learner(model, Training(precision="bfloat16"), torch.device("cpu"))
    pixels = torch.randint(0, 256, (batch, size, size, 3), dtype=torch.uint8).numpy()
    targets = Targets(torch.rand(batch), (batch,), (1.0,), torch.ones(batch))
    spent = []
    for _ in range(steps):
        began = time.process_time()
        learner.learn(pixels, targets)
        spent.append(time.process_time() - began)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return 1000 * statistics.median(spent[1:]) / batch, most


def _in_a_child(arch: str, way: str, given: argparse.Namespace) -> tuple[float, float]:
    numbers = [str(n) for n in (given.size, given.batch, given.steps)]
    command = [sys.executable, "-m", "benchmarks.training_step", _CHILD, arch, way, *numbers]
    said = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    ).stdout
    ms, most = json.loads(said)
    return ms, most


def main() -> None:
    if sys.argv[1:2] == [_CHILD]:
        arch, way, *numbers = sys.argv[2:]
        print(json.dumps(step(arch, way, *map(int, numbers))))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arch", nargs="+", default=["edgenext_xx_small", "mobilenetv4_conv_small"])
    for name, default in (("size", 192), ("batch", 32), ("steps", 5), ("repeats", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    table = Table("network", "way", "ms an image", "of torch's", "MB at most")
    for arch in given.arch:
        runs = [{way: _in_a_child(arch, way, given) for way in WAYS} for _ in range(given.repeats)]
        for way in WAYS:
            ms, most = (statistics.median(run[way][k] for run in runs) for k in (0, 1))
            ratio = statistics.median(run[way][0] / run["torch"][0] for run in runs)
            table.add_row(arch, way, f"{ms:.1f}", f"{ratio:.2f}", f"{most:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
