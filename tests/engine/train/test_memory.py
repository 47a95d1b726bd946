"""A process that keeps what it freed touches no new pages when it asks for as much again."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CHILD = """
import resource, sys
import torch
from engine.train import memory
if sys.argv[1] == "keep":
    assert memory.keep_freed()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
torch.ones(16, 2**20)
before = faults()
for _ in range(4):
    torch.ones(16, 2**20)  # 64 MiB
print(faults() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="page faults of glibc's allocator are counted")
def test_freed_memory_is_not_handed_back() -> None:
    found = [
        int(subprocess.run([sys.executable, "-c", _CHILD, how], capture_output=True, text=True, check=True).stdout)
        for how in ("plain", "keep")
    ]
    assert found[1] < found[0] / 4, found
