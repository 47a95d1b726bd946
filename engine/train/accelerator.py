"""What training can compute on here: `python -m engine.train.accelerator` prints it as JSON.

A process of its own, so that whoever asks waits for no import of torch and survives a driver that crashes.
"""

from __future__ import annotations

import json
from typing import Any

import torch


def describe() -> dict[str, Any]:
    """cuda (devices: name, memory_gb), bf16 (of the first), mps, cores, weights (where fetched weights are kept)."""
    devices = [torch.cuda.get_device_properties(k) for k in range(torch.cuda.device_count())]
    return {
        "cuda": [{"name": d.name, "memory_gb": d.total_memory / 1e9} for d in devices],
        "bf16": bool(devices) and torch.cuda.is_bf16_supported(including_emulation=False),
        "mps": torch.backends.mps.is_available(),
        "cores": torch.get_num_threads(),
        "weights": torch.hub.get_dir(),
    }


if __name__ == "__main__":
    print(json.dumps(describe()))
