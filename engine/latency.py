"""How long ONNX Runtime takes for one image on the CPU. Needs no torch."""

from __future__ import annotations

import statistics
import time
from typing import Any, Final

import numpy as np
import onnxruntime as ort

from engine.scoring import available_cores

RUNS: Final = 20
_WARM_UP: Final = 5


def measure(model: bytes) -> dict[str, Any]:
    """Latency of a model with the signature of a bundle, for a batch of one.

    Args:
        model: an ONNX file's content.

    Returns:
        one_thread_ms, all_threads_ms (medians of `runs` after a warm-up), threads, runs, batch, runtime.
    """
    threads = available_cores()
    return {
        "one_thread_ms": _median_ms(model, 1),
        "all_threads_ms": _median_ms(model, threads),
        "threads": threads,
        "runs": RUNS,
        "batch": 1,
        "runtime": f"ONNX Runtime {ort.__version__} on the CPU",
    }


def _median_ms(model: bytes, threads: int) -> float:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    size = session.get_inputs()[0].shape[1]
    image = np.random.default_rng(0).integers(0, 256, (1, size, size, 3)).astype(np.uint8)
    taken = []
    for _ in range(_WARM_UP + RUNS):
        started = time.perf_counter()
        session.run(["score"], {"image": image})
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken[_WARM_UP:])
