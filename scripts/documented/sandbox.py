"""Where the commands of README and guide are run: a folder with what their reader has, by this checkout's programs."""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import resources
from scripts.check_docs import ROOT

_PATIENCE_S: Final = 3600
_NOT_OF_THE_PROJECT: Final = (".git", ".venv", "build", "dist", "out", "*.egg-info", "__pycache__", ".*_cache")
_PROGRAMS: Final = {
    "fiqa": ["-m", "app.cli"],
    "fiqa-desktop": ["-m", "app"],
    "python": [],
    "torchrun": ["-m", "torch.distributed.run"],
}
_SPLITS: Final = ("train", "train", "val", "test")
_SMALL: Final = """base = "tiny"

[student.training]
epochs = 1

[teacher.network]
arch = "mobilenetv4_conv_small_050"
size = 64

[teacher.training]
epochs = 1
batch = 8
lr = 1e-3
"""
"""Teacher and student that a minute suffices for."""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    seconds: float
    """Of the processor, children included."""
    said: str


def lay_down(folder: Path) -> None:
    """Sample faces with their people, labels, a manifest with splits, and the small files that pages speak of."""
    shutil.copytree(resources.samples(), folder / "faces", ignore=shutil.ignore_patterns("*.md"))
    with (folder / "faces" / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        records = list(csv.DictReader(stream))
    texts = {
        **{name: "\n".join(lines) + "\n" for name, lines in _tables(records).items()},
        "mine.toml": 'base = "paper"\n',
        "night-shift.toml": _sample("toml"),
        "small.toml": _SMALL,
        "about.md": "Learned from the labels of Ada.\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _tables(records: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Labels of the samples, by how much each was spoilt, in the forms that pages use."""
    people = sorted({record["group"] for record in records})
    labels, manifest = ["image,score"], ["path,mos,split,provenance,group"]
    study = ["path,mos,split,provenance,pool,group"]  # a third of the people have no label and wait in two pools
    for record in records:
        name, person, number = record["path"], record["group"], people.index(record["group"])
        mos = 1 - 0.2 * min(
            5, max((int(severity) for severity in record["severity"].split(",") if severity), default=0)
        )
        labels.append(f"{name},{1 + 4 * mos:.1f}")
        manifest.append(f"faces/{name},{mos:.2f},{_SPLITS[number % 4]},human,{person}")
        pool = ("", "", "", "", "a", "b")[number % 6]
        known = (f"{mos:.2f}", _SPLITS[number % 6]) if not pool else ("", "")
        study.append(f"faces/{name},{known[0]},{known[1]},human,{pool},{person}")
    names = [record["path"] for record in records]
    return {
        "labels.csv": labels,
        "manifest.csv": manifest,
        "study.csv": study,
        "reference.csv": ["path,mos", *(",".join(line.split(",")[:2]) for line in manifest[1:])],
        "unlabelled.csv": ["path,mos,pool", *(f"faces/{name},,a" for name in names[:6])],
        "pseudo1.csv": ["Image,raw_score,mapped_score", *(f"{name},0.{k}1,0.{k}2" for k, name in enumerate(names[:9]))],
    }


def _sample(kind: str) -> str:
    """The first sample of a kind on the page of samples: what its reader writes into a file."""
    page = ROOT / "docs" / "engineering" / "extending.md"
    found = re.search(rf"^```{kind}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"{page.name} has no sample of kind {kind}")
    return found.group(1)


def lay_down_checkout(folder: Path) -> None:
    """A copy of this project with what `lay_down` makes in it: scripts that write into the project may run there.

    Beside it stand files that others publish, with random numbers in them: `student.pt`, `modelparameters.mat`.
    """
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_NOT_OF_THE_PROJECT))
    lay_down(folder)
    _publish(folder)


def _publish(folder: Path) -> None:
    import torch
    from scipy import io

    from engine.baselines.pristine import Pristine
    from engine.recipes import Network
    from engine.train.networks import build

    network = build(Network("edgenext_xx_small", size=64), seed=1)
    theirs = {
        name.replace("backbone.", "feature_extraction.", 1).replace("head.", "quality.", 1): values
        for name, values in network.state_dict().items()
    }
    torch.save(theirs, folder / "student.pt")
    shipped = Pristine.load(resources.niqe_model())
    io.savemat(
        folder / "modelparameters.mat", {"mu_prisparam": shipped.mean[None], "cov_prisparam": shipped.covariance}
    )


def run(text: str, folder: Path, *, project: Path = ROOT) -> Done:
    """Run a command in `folder` with the programs of `project`; libraries, models and logs stay in `folder`."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(project),
        "QT_QPA_PLATFORM": "offscreen",
        "FIQA_HOME": str(folder / "home"),
        "COLUMNS": "100",
    }
    began = _processor_s()
    try:
        done = subprocess.run(
            _words(text), cwd=folder, env=environment, capture_output=True, text=True, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Done(-1, _processor_s() - began, str(error))
    return Done(done.returncode, _processor_s() - began, done.stdout + done.stderr)


def _words(text: str) -> list[str]:
    words = shlex.split(text, comments=True)
    at = 3 if words[0] == "nice" else 0  # nice -n 19 PROGRAM
    program = Path(words[at]).name
    ours = [sys.executable, *_PROGRAMS[program]] if program in _PROGRAMS else [words[at]]
    return [*words[:at], *ours, *words[at + 1 :]]


def _processor_s() -> float:
    """Of all children that have ended. Windows does not tell: the clock."""
    times = os.times()
    return times.children_user + times.children_system if os.name == "posix" else time.perf_counter()
