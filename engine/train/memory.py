"""Freed memory stays with the process while it trains.

A training step frees tensors of many megabytes and asks for the same again. glibc hands such blocks back to the system
each time, which then has to clear every page anew: 15 % of a step of MobileNetV4-conv-small, 3 % of one of EdgeNeXt-XXS
(`python -m benchmarks.training_step`).
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_TOP_PAD: Final = -2
_M_MMAP_MAX: Final = -4
_MOST: Final = 2**31 - 1
_PAD: Final = 64 * 2**20


def keep_freed() -> bool:
    """From now on, for the whole process; whether that could be arranged (Linux with glibc)."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is None:
        return False
    return all([mallopt(_M_MMAP_MAX, 0), mallopt(_M_TRIM_THRESHOLD, _MOST), mallopt(_M_TOP_PAD, _PAD)])
