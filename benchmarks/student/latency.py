"""What one image costs on one core, all models in one run: only the ratios mean something on a busy machine.

The models take turns, and what is counted is the processor time of the thread that computes (one thread of ONNX
Runtime, a batch of one), so that other work on the machine stretches neither side alone.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime as ort

ROUNDS: Final = 30
_WARM_UP: Final = 5


def compare(models: Mapping[str, Path], rounds: int = ROUNDS) -> dict[str, Any]:
    """Per model the median milliseconds of processor time, and what share of it the first model takes."""
    sessions = {name: _session(path) for name, path in models.items()}
    images = {name: _image(session) for name, session in sessions.items()}
    taken: dict[str, list[float]] = {name: [] for name in models}
    for _ in range(_WARM_UP + rounds):
        for name, session in sessions.items():
            began = time.thread_time()
            session.run(["score"], {"image": images[name]})
            taken[name].append(1000 * (time.thread_time() - began))
    medians = {name: float(np.median(times[_WARM_UP:])) for name, times in taken.items()}
    first = next(iter(medians.values()))
    return {name: {"ms of one core": ms, "the first takes of it": first / ms} for name, ms in medians.items()}


def _session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _image(session: ort.InferenceSession) -> Any:
    size = session.get_inputs()[0].shape[1]
    return np.random.default_rng(0).integers(0, 256, (1, size, size, 3)).astype(np.uint8)
