"""kill -9 of a training at random moments in every stage, then resumed: is the end that of an uninterrupted run?

    python -m benchmarks.kills [--times 10] [--seed 0]

A small form of the paper's whole pipeline on generated faces, in child processes. The seed says when is killed.
tests/engine/train/test_pipeline.py holds one such kill for every change; this is the long form.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from engine.bundle import read_bundle
from engine.run import EventTail, RunDirectory

_STAGES: Final = ("teacher", "pseudo1", "teacher+", "pseudo2", "student", "export", "evaluate")
_LONGEST_WAIT_S: Final = 0.6
_LONGEST_RUN_S: Final = 300.0


def _start(run: RunDirectory) -> subprocess.Popen[bytes]:
    with Path(run.log_file).open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "engine", "run", str(run.path)], stdout=log, stderr=log)


def _stages(run: RunDirectory) -> list[str]:
    return [str(e["name"]) for e in EventTail(run.events_file).read() if e["type"] == "stage"]


def _until(stage: str, run: RunDirectory, child: subprocess.Popen[bytes]) -> bool:
    """Wait until `stage` has begun; False where the run ended before."""
    end = time.monotonic() + _LONGEST_RUN_S
    while stage not in _stages(run):
        if child.poll() is not None:
            return False
        if time.monotonic() > end:
            raise TimeoutError(f"stage {stage} never began")
        time.sleep(0.005)
    return True


def kills(run: RunDirectory, moments: list[tuple[str, float]]) -> Iterator[str]:
    """Kill at each moment (stage, seconds after its beginning) and start anew; yields what happened."""
    for stage, delay in moments:
        child = _start(run)
        if not _until(stage, run, child):
            yield f"{stage}: over before the kill"
            continue
        time.sleep(delay)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        done = (run.path / "state.json").read_text(encoding="utf-8")
        yield f"{stage} + {delay:.2f} s: killed, state {'done' if 'done' in done else 'running'}"
    last = _start(run)
    if last.wait(_LONGEST_RUN_S) not in (0, 1):
        raise RuntimeError(f"the resumed run ended with {last.returncode}; see {run.log_file}")


def outcome(run: RunDirectory) -> dict[str, Any]:
    """What must be the same: the model's id (graph and weights), the metrics, and each epoch told once."""
    report = run.report or {}
    told = [(e["stage"], e["epoch"]) for e in EventTail(run.events_file).read() if e["type"] == "epoch"]
    return {
        "model": read_bundle(run.model_file).id,
        "test": report["splits"]["test"]["candidate"],
        "epochs": sorted(told),
    }


def main() -> int:
    """Returns 0 where every end is the same."""
    from tests.engine.train.conftest import make_faces, make_run
    from tests.engine.train.test_pipeline import PAPER

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        faces = make_faces(Path(folder, "faces"), pools=10)
        whole = make_run(Path(folder, "whole"), faces, **PAPER)
        if _start(whole).wait(_LONGEST_RUN_S) not in (0, 1):
            raise RuntimeError(f"the run did not end well; see {whole.log_file}")
        killed = make_run(Path(folder, "killed"), faces, **PAPER)
        moments = [(_STAGES[k % len(_STAGES)], rng.uniform(0, _LONGEST_WAIT_S)) for k in range(options.times)]
        moments.sort(key=lambda m: _STAGES.index(m[0]))
        for line in kills(killed, moments):
            print(line, flush=True)
        same = outcome(whole) == outcome(killed)
        print(f"{options.times} kills: the end is {'the same' if same else 'NOT the same'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
