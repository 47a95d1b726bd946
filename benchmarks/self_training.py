"""Does self-training help, and what does each switch give? The paper's Tables 2 and 3 in small, over several seeds.

    python -m benchmarks.self_training MANIFEST --out DIR [--config benchmarks/self_training.toml] [--only SEED ...]

MANIFEST is what `fiqa degrade` makes: labelled rows with groups and splits. Whole people of split train are drawn as
labelled, pool a and pool b (whose labels are hidden); val and test keep their people, test is used whole. Every row of
the table is a run folder under DIR; whatever was made from the same is taken over from the first row, and calling
again goes on where it stopped. Ends with report.md and report.json.

A difference is the mean over seeds of the difference in test SRCC to the row's base; its 95 % interval draws people
(`engine.resample`), the same for both rows and all seeds. It says nothing of other people, labels or degradations.
"""

from __future__ import annotations

import argparse
import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine import manifest as manifests
from engine import metrics, recipes, resample
from engine.errors import UserError
from engine.groups import position
from engine.manifest import Manifest, Row
from engine.recipes import Recipe
from engine.run import RunDirectory, write_json
from engine.train import pipeline

SAMPLES = 2000


@dataclass(frozen=True)
class Variant:
    """One row of a table."""

    table: str
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    base: str = ""

    @property
    def folder(self) -> str:
        return "".join(c if c.isalnum() else "-" for c in self.name).strip("-")


def drawn(table: Manifest, data: Mapping[str, int]) -> Manifest:
    """Whole people as labelled, pools and validation; their order follows from their names alone."""
    people = sorted({r.group for r in table.rows if r.split == "train"}, key=lambda g: position(g, "people"))
    wanted = [("labelled", data["labelled"]), ("a", data["pool_a"]), ("b", data["pool_b"])]
    by_person = {g: [r for r in table.rows if r.group == g] for g in people}
    rows: list[Row] = []
    for use, count in wanted:
        taken: list[Row] = []
        while people and len(taken) < count:
            taken += by_person[people.pop(0)]
        rows += [r if use == "labelled" else _hidden(r, use) for r in taken[:count]]
    held = [r for r in table.rows if r.split == "val"][: data["val"]]
    return Manifest((*rows, *held, *(r for r in table.rows if r.split == "test")))


def _hidden(row: Row, pool: str) -> Row:
    return replace(row, mos=None, split="", source="unlabeled", provenance="", pool=pool)


def make(out: Path, variant: Variant, seed: int, base: Recipe, table: Manifest, before: Path | None) -> RunDirectory:
    """The run of one row and seed, finished."""
    folder = out / variant.folder / str(seed)
    if (folder / "job.json").is_file():
        run = RunDirectory.open(folder)
    else:
        recipe = base.with_values({**variant.settings, "seed": str(seed)})
        reuse = str(before) if before else ""
        run = RunDirectory.create(folder, recipe=recipe, manifest=table, name=f"{variant.name}, {seed}", reuse=reuse)
        shared = out / "pixels"
        shared.mkdir(exist_ok=True)
        (run.path / "cache").symlink_to(shared.resolve())  # all rows decode the same pictures
    pipeline.execute(run)
    return run


def test_scores(run: RunDirectory) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Paths, MOS and scores of split test."""
    with run.predictions_file.open(encoding="utf-8", newline="") as stream:
        found = [r for r in csv.DictReader(stream) if r["split"] == "test"]
    mos, scores = (np.array([float(r[c] or "nan") for r in found]) for c in ("mos", "candidate"))
    return [r["path"] for r in found], mos, scores


@dataclass
class Found:
    """Test results of one row over the seeds."""

    variant: Variant
    runs: dict[int, RunDirectory] = field(default_factory=dict)

    def values(self, metric: str) -> list[float]:
        return [metrics.ALL[metric](s, m) for _, m, s in map(test_scores, self.runs.values())]


def interval(found: Found, groups: Mapping[str, str], base: Found | None) -> metrics.Interval:
    """Mean test SRCC over the seeds, or its difference to `base`, with an interval over people."""
    seeds = [s for s in found.runs if base is None or s in base.runs]
    draws, values = [], []
    for seed in seeds:
        paths, mos, scores = test_scores(found.runs[seed])
        who = [groups[Path(p).name] for p in paths]
        one = resample.draws("srcc", scores, mos, who, samples=SAMPLES, seed=0)
        value = metrics.srcc(scores, mos)
        if base is not None:
            other = test_scores(base.runs[seed])[2]
            one = one - resample.draws("srcc", other, mos, who, samples=SAMPLES, seed=0)
            value -= metrics.srcc(other, mos)
        draws.append(one)
        values.append(value)
    return resample.interval(float(np.mean(values)), np.mean(draws, 0))


def _cell(found: metrics.Interval, sign: str = "") -> str:
    return f"{found.value:{sign}.4f} [{found.low:{sign}.4f}, {found.high:{sign}.4f}]"


def rows_of(results: Sequence[Found], groups: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The report's rows as plain data."""
    by_name = {f.variant.name: f for f in results}
    for found in results:
        base = by_name.get(found.variant.base)
        gap = interval(found, groups, base) if base and found.runs and base.runs else None
        srcc = found.values("srcc")
        yield {
            "table": found.variant.table,
            "name": found.variant.name,
            "base": found.variant.base,
            "seeds": list(found.runs),
            "srcc": srcc,
            "plcc": found.values("plcc"),
            "mean": _cell(interval(found, groups, None)) if srcc else "",
            "seed_sd": float(np.std(srcc, ddof=1)) if len(srcc) > 1 else None,
            "difference": _cell(gap, "+") if gap else "",
            "verdict": (("helped" if gap.low > 0 else "hurt" if gap.high < 0 else "no real difference") if gap else ""),
        }


def as_markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    """The tables for people."""
    lines = []
    for table in dict.fromkeys(r["table"] for r in rows):
        lines += [f"## {f'Table {table}' if table.isdigit() else table.capitalize()}", ""]
        lines += ["| row | seeds | test SRCC, mean [95 %] | sd over seeds | test PLCC, mean | against | difference | |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        for r in (r for r in rows if r["table"] == table and r["seeds"]):
            sd = "" if r["seed_sd"] is None else f"{r['seed_sd']:.4f}"
            plcc = f"{np.mean(r['plcc']):.4f}"
            cells = [r["name"], len(r["seeds"]), r["mean"], sd, plcc, r["base"], r["difference"], r["verdict"]]
            lines.append("| " + " | ".join(map(str, cells)) + " |")
        lines.append("")
    return "\n".join(lines)


def report(out: Path, results: Sequence[Found], table: Manifest) -> None:
    """Write report.md and report.json from what is finished."""
    groups = {r.path.name: r.group for r in table.rows}
    rows = list(rows_of(results, groups))
    write_json(out / "report.json", rows)
    (out / "report.md").write_text(as_markdown(rows), encoding="utf-8")


def teachers(results: Sequence[Found]) -> Iterator[str]:
    """Validation SRCC of each stage of the first row, for the log."""
    for seed, run in results[0].runs.items():
        for file in sorted(run.checkpoints.glob("*-best.safetensors")):
            from engine.train.checkpoints import read_header

            header = read_header(file)
            yield f"seed {seed}, {header['stage']}: validation SRCC {header['event']['srcc']:.4f} at {header['epoch']}"


def main() -> None:
    """Make what is missing, then the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--config", type=Path, default=Path(__file__).with_suffix(".toml"))
    parser.add_argument("--only", type=int, nargs="*", help="seeds")
    options = parser.parse_args()
    config = tomllib.loads(options.config.read_text(encoding="utf-8"))
    base = Recipe.from_dict(config["recipe"])
    variants = [Variant(**row) for row in config["row"]]
    assert recipes.POOLS.startswith("ab")
    table = drawn(manifests.read(options.manifest), config["data"])
    options.out.mkdir(parents=True, exist_ok=True)
    results = [Found(v) for v in variants]
    torch.set_num_threads(base.threads or torch.get_num_threads())
    for seed in options.only or config["seeds"]:
        first: Path | None = None
        for found in results:
            folder = options.out / found.variant.folder / str(seed)
            try:
                found.runs[seed] = make(options.out, found.variant, seed, base, table, first)
            except UserError as error:
                raise SystemExit(f"{folder}: {error}") from error
            first = first or folder
            print(f"{found.variant.name}, seed {seed}: test SRCC {found.values('srcc')[-1]:.4f}", flush=True)
        report(options.out, results, table)
    print("\n".join(teachers(results)))
    print((options.out / "report.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
