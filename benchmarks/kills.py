"""kill -9 of a training at random moments in every stage, then resumed: is the end that of an uninterrupted run?

    python -m benchmarks.kills --work DIR [--laps 10] [--seed 0] [--out docs/benchmarks/kills.md]

A small form of the paper's whole pipeline (two teachers, two rounds of pseudo-labels, a student) on generated faces, in
the process that the window starts for a training. A lap is one run that is killed once in each of its stages, at a
moment drawn evenly over the length that the stage has in an uninterrupted run, and each time started anew. The seed
says when. Stopped itself, it goes on with the same `--work`: what has ended is not done again.

tests/engine/train/test_pipeline.py holds one such kill for every change; this is the long form.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from app.services.training import jobs
from engine.bundle import read_bundle
from engine.manifest import Manifest
from engine.run import EventTail, RunDirectory, read_json, write_json

STAGES: Final = ("teacher", "pseudo1", "teacher+", "pseudo2", "student", "export", "evaluate")
SETTINGS: Final = {
    "teacher__network__arch": "edgenext_xx_small",
    "teacher__network__size": "64",
    "teacher__training__epochs": "4",
    "teacher__training__batch": "12",
    "student__training__epochs": "6",
    "student__training__batch": "12",
    "labelling__crops": "3",
    "labelling__flip": "true",
}
_LABELLED, _UNLABELLED = 48, 80
_POLL_S: Final = 0.002
_LONGEST_RUN_S: Final = 900.0
_DONE_WELL: Final = (0, 1)


@dataclass(frozen=True)
class Kill:
    """One kill: aimed at `stage`, `after_s` from its beginning; `fell` is where the run really stood."""

    stage: str
    after_s: float
    fell: str


def _start(run: RunDirectory) -> subprocess.Popen[bytes]:
    return jobs.start_detached(jobs.own_command(jobs.RUN_JOB, run.path), run.log_file)


def _finish(run: RunDirectory) -> None:
    """Start it once more and let it come to its end."""
    if (status := _start(run).wait(_LONGEST_RUN_S)) not in _DONE_WELL:
        raise RuntimeError(f"the run ended with {status}; see {run.log_file}")


def _began(run: RunDirectory) -> list[tuple[str, float]]:
    """Stages in the order in which they began, each with its time in seconds; the end is one of them."""
    kinds = {"stage": "name", "done": "type"}
    found = (e for e in EventTail(run.events_file).read() if e["type"] in kinds)
    return [(str(e[kinds[e["type"]]]), datetime.fromisoformat(e["at"]).timestamp()) for e in found]


def _lengths(run: RunDirectory) -> dict[str, float]:
    """Seconds that each stage of an uninterrupted run took."""
    began = _began(run)
    return {name: began[k + 1][1] - at for k, (name, at) in enumerate(began[:-1])}


def _reaches(stage: str, run: RunDirectory, child: subprocess.Popen[bytes]) -> bool:
    """Wait until `stage`, or where that has ended already a later one, begins; False: the run is done."""
    before, end = len(_began(run)), time.monotonic() + _LONGEST_RUN_S
    while time.monotonic() < end:
        new = [name for name, _ in _began(run)[before:]]
        if "done" in new:
            return False
        if any(STAGES.index(name) >= STAGES.index(stage) for name in new):
            return True
        if child.poll() is not None:
            raise RuntimeError(f"the run ended with {child.returncode} before stage {stage}; see {run.log_file}")
        time.sleep(_POLL_S)
    raise TimeoutError(f"stage {stage} never began; see {run.log_file}")


def kills(run: RunDirectory, lengths: dict[str, float], rng: random.Random) -> Iterator[Kill]:
    """Start it, kill it in each stage, start it anew; at last it is left to end."""
    for stage in STAGES:
        after = rng.uniform(0.0, lengths[stage])
        child = _start(run)
        if not _reaches(stage, run, child):
            child.wait()
            return
        time.sleep(after)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        yield Kill(stage, after, _began(run)[-1][0])
    _finish(run)


def outcome(run: RunDirectory) -> dict[str, Any]:
    """What must be the same: graph and weights, every number of the report, pseudo-labels, each epoch told once."""
    told = [(e["stage"], e["epoch"]) for e in EventTail(run.events_file).read() if e["type"] == "epoch"]
    pseudo = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(run.pseudo.glob("*.csv"))}
    report = run.report or {}
    return {
        "model": read_bundle(run.model_file).id,
        "metrics": {name: split["candidate"] for name, split in report["splits"].items()},
        "pseudo-labels": pseudo,
        "epochs": [list(pair) for pair in sorted(told)],
    }


def _prepare(path: Path, faces: Manifest) -> RunDirectory:
    """A run of that folder; one that a stop of this program has left in the middle is begun anew."""
    from tests.engine.train.conftest import make_run

    shutil.rmtree(path, ignore_errors=True)
    return make_run(path, faces, **SETTINGS)


def whole(work: Path, faces: Manifest) -> dict[str, Any]:
    """The uninterrupted run: its end, and how long its stages are."""
    file = work / "whole.json"
    if not file.is_file():
        run = _prepare(work / "whole", faces)
        _finish(run)
        write_json(file, {"outcome": outcome(run), "lengths": _lengths(run)})
    found: dict[str, Any] = read_json(file)
    return found


def lap(number: int, work: Path, faces: Manifest, reference: dict[str, Any], seed: int) -> dict[str, Any]:
    """One run, killed in each stage: what happened and whether its end is the same."""
    file = work / f"lap{number:02}.json"
    if not file.is_file():
        run = _prepare(work / f"lap{number:02}", faces)
        done = [asdict(k) for k in kills(run, reference["lengths"], random.Random(1000 * seed + number))]
        end = outcome(run)
        differs = [part for part, value in reference["outcome"].items() if end[part] != value]
        write_json(file, {"kills": done, "differs": differs})
    found: dict[str, Any] = read_json(file)
    return found


def report(command: str, reference: dict[str, Any], laps: list[dict[str, Any]]) -> str:
    """Markdown."""
    done = [k for found in laps for k in found["kills"]]
    same = sum(not found["differs"] for found in laps)
    test = reference["outcome"]["metrics"]["test"]
    lines = [
        "# kill -9, and resumed",
        "",
        f"`{command}`, Python {platform.python_version()} on {platform.system()} {platform.machine()}.",
        "",
        *(__doc__ or "").split("\n\n")[2].split("\n"),
        "",
        f"**{len(done)} kills in {len(laps)} runs: {same} of {len(laps)} ended as the uninterrupted run did**, in the "
        "id of the model (a hash of graph and weights), every metric, the bytes of both lists of pseudo-labels, "
        f"and each epoch told once. Test SRCC {test['srcc']['value']:.4f}, PLCC {test['plcc']['value']:.4f} in all.",
        "",
        "| killed in | its length, s | kills | at, s from its beginning |",
        "|---|---|---|---|",
    ]
    for stage in STAGES:
        there = sorted(k["after_s"] for k in done if k["fell"] == stage)
        length = reference["lengths"][stage]
        lines.append(f"| {stage} | {length:.2f} | {len(there)} | {', '.join(f'{s:.2f}' for s in there)} |")
    if late := sum(k["fell"] not in STAGES for k in done):
        lines.append(f"| after the last stage | – | {late} | |")
    for number, found in enumerate(laps):
        if found["differs"]:
            lines.append(f"\nRun {number} differs: {', '.join(found['differs'])}.")
    lines += ["", "A kill that came when its stage had just ended counts where the run really stood."]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Returns 0 where every end is the same."""
    from tests.engine.train.conftest import make_faces

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="folder of the runs; the same one to go on")
    parser.add_argument("--laps", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="write the report as Markdown")
    options = parser.parse_args()
    faces = make_faces(options.work / "faces", _LABELLED, pools=_UNLABELLED)
    reference, laps = whole(options.work, faces), []
    for number in range(options.laps):
        laps.append(lap(number, options.work, faces, reference, options.seed))
        where = ", ".join(f"{k['fell']} + {k['after_s']:.2f} s" for k in laps[-1]["kills"])
        print(f"{number}: {where}: {'DIFFERS' if laps[-1]['differs'] else 'the same'}", flush=True)
    command = f"python -m benchmarks.kills --laps {options.laps} --seed {options.seed}"
    text = report(command, reference, laps)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    print(text)
    return 1 if any(found["differs"] for found in laps) else 0


if __name__ == "__main__":
    sys.exit(main())
