"""The mean of two checkpoints of one network, as the start of a further training.

    python scripts/average_weights.py ONE.safetensors OTHER.safetensors --out MEAN.safetensors

Between two trainings of which one began with the other's result the mean keeps part of what each is good at
(Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022). Whole numbers, such as counters of batch norms,
are the other's, and so is what is written of it: its name, its labels, and what it began with.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.errors import UserError
from engine.train import checkpoints


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    try:
        first, mean = (checkpoints.load_network(path) for path in (given.one, given.other))
    except UserError as error:
        raise SystemExit(str(error)) from error
    if (first.arch, first.size) != (mean.arch, mean.size):
        raise SystemExit("The two checkpoints are of different networks: give two of one training's family.")
    ones = first.state_dict()
    for name, tensor in mean.state_dict().items():
        if tensor.is_floating_point():
            tensor.lerp_(ones[name], 0.5)
    header = {**checkpoints.read_header(given.other), "mean of": [given.one.name, given.other.name]}
    checkpoints.save_network(given.out, mean, header)


if __name__ == "__main__":
    main()
