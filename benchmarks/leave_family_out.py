"""How well does a model order damage of a family that it has never seen? Train without each in turn, then judge it.

    python -m benchmarks.leave_family_out DATA/manifest.csv --out DIR [--report REPORT.md] [--only blur noise ...]

DATA is what `fiqa degrade` made. For every family the rows of train and val with a step of that family, alone or in a
chain, are left out; the short recipe learns from the rest, and is judged on people of split test: the single
degradations of the family together with the clean pictures of the same people. A first training, `none`, leaves
nothing out and is judged on the same rows: what is lost against it is what not having seen the family costs. They are
judged a second time on all that was left out of that split, the chains with a step of the family too.

Each training is a run folder under DIR, so a stopped one goes on where it was, and calling again trains nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from engine import manifest as manifests
from engine import metrics, recipes, resample
from engine.console import say
from engine.degrade import FAMILIES, parse_steps
from engine.errors import UserError
from engine.groups import position
from engine.manifest import Manifest, Row
from engine.metrics import FloatArray
from engine.recipes import Recipe
from engine.run import EventTail, RunDirectory, write_json
from engine.train import pipeline

NONE: Final = "none"
SAMPLES: Final = 2000
_HELD: Final = ("test", "cal")
"""Neither learned from nor chosen by."""


def contains(row: Row, family: str) -> bool:
    """Whether any step that made the picture is of the family."""
    return any(step.kind in FAMILIES[family] for step in parse_steps(row.extra["steps"]))  # type: ignore[index]


def without(table: Manifest, family: str, val: int) -> Manifest:
    """The labelled rows, in their order; those that must not be learned from or chosen by are in no split.

    Rows keep their numbers, so that all trainings share one cache of pixels.

    Args:
        val: images to choose the epoch by, at most; whole people.
    """
    kept, left = set(), val
    by_person: dict[str, int] = {}
    for row in table.rows:
        by_person[row.group] = by_person.get(row.group, 0) + (row.split == "val")
    for person in sorted((p for p, n in by_person.items() if n), key=lambda p: position(p, "val")):
        if left >= by_person[person]:
            kept.add(person)
            left -= by_person[person]

    def used(row: Row) -> bool:
        if row.split in _HELD:
            return True
        return (row.split == "train" or row.group in kept) and not (family != NONE and contains(row, family))

    return Manifest(tuple(r if used(r) else replace(r, split="") for r in table.rows))


def present(table: Manifest) -> list[str]:
    """The families that the images can judge: those with single degradations in split test."""
    kinds = {row.extra["kind"] for row in table.rows if row.split == "test"}
    return [family for family, own in FAMILIES.items() if kinds & set(own)]


def train(out: Path, family: str, recipe: Recipe, table: Manifest) -> RunDirectory:
    """The finished run of one family; CPU seconds that it took are added up in `seconds.json` beside the runs."""
    folder = out / family
    if (folder / "job.json").is_file():
        run = RunDirectory.open(folder)
    else:
        run = RunDirectory.create(folder, recipe=recipe, manifest=table, name=f"without {family}")
        (out / "pixels").mkdir(exist_ok=True)
        (run.path / "cache").symlink_to((out / "pixels").resolve())  # all families decode the same pictures
    began = time.process_time()
    try:
        pipeline.execute(run)
    finally:
        _add_seconds(out / "seconds.json", family, time.process_time() - began)
    return run


def _add_seconds(file: Path, family: str, spent: float) -> None:
    known = _seconds(file)
    write_json(file, {**known, family: known.get(family, 0.0) + spent})


def _seconds(file: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def scores(run: RunDirectory, rows: Manifest) -> FloatArray:
    """What a finished run's model said of each row."""
    with run.predictions_file.open(encoding="utf-8", newline="") as stream:
        known = {Path(r["path"]).name: float(r["candidate"] or "nan") for r in csv.DictReader(stream)}
    return np.array([known[r.path.name] for r in rows.rows])


def judged(table: Manifest, family: str, splits: tuple[str, ...]) -> Manifest:
    """The family's single degradations and the clean pictures of the same people."""
    rows = [r for r in table.rows if r.split in splits]
    own = [r for r in rows if r.extra["kind"] in FAMILIES[family]]  # type: ignore[index]
    people = {r.group for r in own}
    return Manifest(tuple(r for r in rows if r in own or (r.extra["kind"] == "clean" and r.group in people)))


def all_left_out(table: Manifest, family: str, splits: tuple[str, ...]) -> Manifest:
    """Every picture with a step of the family, alone or in a chain."""
    return Manifest(tuple(r for r in table.rows if r.split in splits and contains(r, family)))


def neighbours_in_order(found: FloatArray, rows: Manifest) -> float:
    """Share of neighbours on a ladder (clean, then three severities) whose scores fall; NaN without ladders."""
    by_name = {r.path.name: s for r, s in zip(rows.rows, found, strict=True)}
    clean = {r.extra["reference"]: r for r in rows.rows if r.extra["kind"] == "clean"}
    ladders: dict[str, list[Row]] = {}
    for row in sorted((r for r in rows.rows if r.extra["ladder"]), key=lambda r: float(r.extra["severity"])):
        ladders.setdefault(row.extra["ladder"], [clean[row.extra["reference"]]]).append(row)
    falls = [np.diff([by_name[r.path.name] for r in ladder]) < 0 for ladder in ladders.values()]
    return float(np.concatenate(falls).mean()) if falls else math.nan


def result(family: str, run: RunDirectory, control: RunDirectory, table: Manifest) -> dict[str, Any]:
    """The report's row of one family."""
    out: dict[str, Any] = {"family": family, "epochs": _epochs(run), "val srcc": _best(run)}
    out["trained on"] = sum(r.split == "train" for r in manifests.read(run.manifest_file).rows)
    for name, splits in (("test", ("test",)), ("test and cal", _HELD)):
        rows = judged(table, family, splits)
        unseen, seen = scores(run, rows), scores(control, rows)
        out[name] = {
            **_agreement(unseen, seen, rows),
            "neighbours in order, left out": neighbours_in_order(unseen, rows),
            "neighbours in order, learned": neighbours_in_order(seen, rows),
        }
    rows = all_left_out(table, family, ("test",))
    out["chains too"] = _agreement(scores(run, rows), scores(control, rows), rows)
    return out


def _agreement(unseen: FloatArray, seen: FloatArray, rows: Manifest) -> dict[str, Any]:
    """SRCC of both with the labels, and its difference on the same draws of people."""
    drawn = [resample.draws("srcc", s, rows.mos, rows.groups, samples=SAMPLES, seed=0) for s in (unseen, seen)]
    points = [metrics.srcc(s, rows.mos) for s in (unseen, seen)]
    between = [resample.interval(v, d) for v, d in zip(points, drawn, strict=True)]
    return {
        "images": len(rows),
        "people": len(np.unique(rows.groups)),
        "left out": _numbers(between[0]),
        "learned": _numbers(between[1]),
        "difference": _numbers(resample.interval(points[0] - points[1], drawn[0] - drawn[1])),
    }


def _numbers(found: metrics.Interval) -> list[float]:
    return [found.value, found.low, found.high]


def _best(run: RunDirectory) -> float:
    return max(float(e["srcc"]) for e in _epoch_events(run))


def _epochs(run: RunDirectory) -> int:
    return len(_epoch_events(run))


def _epoch_events(run: RunDirectory) -> list[dict[str, Any]]:
    return [e for e in EventTail(run.events_file).read() if e.get("type") == "epoch"]


def as_markdown(found: Sequence[Mapping[str, Any]], recipe: Recipe, seconds: Mapping[str, float]) -> str:
    """The report for people."""
    network, training = recipe.student.network, recipe.student.training
    lines = [
        "# Families of degradation that were left out of the training",
        "",
        f"`python -m benchmarks.leave_family_out`: {network.arch} from random weights, {training.max_steps} steps of "
        f"{training.batch} images, seed {recipe.seed}. *Left out*: no picture with a step of the family, alone or in",
        "a chain, was in train or val. *Learned*: the same recipe with nothing left out, on the same pictures. SRCC",
        "with the weak labels among the family's single degradations and the clean pictures of the same people, of",
        "split test; 95 % intervals draw people. *Neighbours*: clean and the three severities of a ladder, how often",
        "the worse of two neighbours has the lower score (split test and cal).",
        "",
        "| family | trained on | images (people) | SRCC, left out | SRCC, learned | difference "
        "| neighbours, left out | learned |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in found:
        test, more = row["test"], row["test and cal"]
        cells = [row["family"], f"{row['trained on']:,}", f"{test['images']} ({test['people']})"]
        cells += [_cell(test[name]) for name in ("left out", "learned")] + [_cell(test["difference"], "+")]
        cells += [f"{more[f'neighbours in order, {name}']:.0%}" for name in ("left out", "learned")]
        lines.append("| " + " | ".join(cells) + " |")
    for title, name in (
        ("With the people of split cal too, who were not learned from either:", "test and cal"),
        (
            "All of split test with a step of the family, alone or in a chain, and no clean pictures:",
            "chains too",
        ),
    ):
        lines += ["", title, "", "| family | images (people) | SRCC, left out | SRCC, learned | difference |"]
        lines += ["|---|---|---|---|---|"]
        for row in found:
            more = row[name]
            cells = [row["family"], f"{more['images']} ({more['people']})"]
            cells += [_cell(more["left out"]), _cell(more["learned"]), _cell(more["difference"], "+")]
            lines.append("| " + " | ".join(cells) + " |")
    spent = ", ".join(f"{name} {value / 60:.1f}" for name, value in seconds.items())
    return "\n".join([*lines, "", f"Core-minutes of each training: {spent}.", ""])


def _cell(found: Sequence[float], sign: str = "") -> str:
    return f"{found[0]:{sign}.3f} [{found[1]:{sign}.3f}, {found[2]:{sign}.3f}]"


def main() -> None:
    """Train what is missing, then write what is known so far; after every family, so a stopped one has a report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the run folders")
    parser.add_argument("--report", type=Path, help="default: OUT/report.md; a .json goes beside it")
    parser.add_argument("--recipe", default=str(Path("docs") / "models" / "leave-family-out.toml"))
    parser.add_argument("--val", type=int, default=300, help="images to choose the epoch by, at most")
    parser.add_argument("--only", nargs="*", choices=tuple(FAMILIES), help="families; default: those that DATA has")
    given = parser.parse_args()
    table = manifests.read(given.data).where(labelled=True)
    recipe, report = recipes.load(given.recipe), given.report or given.out / "report.md"
    given.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(recipe.threads or torch.get_num_threads())
    found: list[dict[str, Any]] = []
    try:
        control = train(given.out, NONE, recipe, without(table, NONE, given.val))
        for family in given.only or present(table):
            run = train(given.out, family, recipe, without(table, family, given.val))
            found.append(result(family, run, control, table))
            say(f"{family}: SRCC {_cell(found[-1]['test']['left out'])}, learned {_cell(found[-1]['test']['learned'])}")
            write_json(report.with_suffix(".json"), found)
            report.write_text(as_markdown(found, recipe, _seconds(given.out / "seconds.json")), encoding="utf-8")
    except UserError as error:
        raise SystemExit(str(error)) from error


if __name__ == "__main__":
    main()
