"""How long one picture takes: one thread, median of 20 calls after warm-up."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

CALLS: Final = 20
_WARM_UP: Final = 3
_FEWEST: Final = 3
_BUDGET_S: Final = 30.0
"""A system that takes seconds for a picture is measured on fewer calls; the number is stated."""


def median_ms(call: Callable[[Path], object], paths: Sequence[Path]) -> tuple[float, int]:
    """Median of `call` on the paths in turn, in milliseconds, and the number of calls that it is of."""
    began = time.perf_counter()
    with one_thread():
        for number in range(_WARM_UP):
            call(paths[number % len(paths)])
            if time.perf_counter() - began > _BUDGET_S / 3:
                break
        times: list[float] = []
        while len(times) < CALLS:
            start = time.perf_counter()
            call(paths[len(times) % len(paths)])
            times.append(time.perf_counter() - start)
            if len(times) >= _FEWEST and time.perf_counter() - began > _BUDGET_S:
                break
    return 1000 * float(np.median(times)), len(times)


@contextmanager
def one_thread() -> Iterator[None]:
    """torch, where a system has brought it in, computes on one thread inside."""
    torch: Any = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
