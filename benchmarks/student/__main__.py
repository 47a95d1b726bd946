"""Judge a bundled model: everything that is said of it, in one command, beside other models and the classic measures.

    python -m benchmarks.student DATA/manifest.csv FACES/manifest.csv --model NEW.onnx --model OLD.onnx \\
        --teacher TEACHER.onnx --fitted MOBILENETV2_DIR --cache WORK/judge --out REPORT.md

DATA is what `fiqa degrade FACES --recipe docs/models/student-data.toml` made. The first model is the one that is
judged; every picture is made once and scored once by each. BRISQUE is fitted on split train of DATA; --fitted names
folders of `fiqa baseline fit` (MobileNetV2). Writes the report, a .json beside it and contact sheets.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.student import baselines, latency, measures, pictures, report, sheets, slices
from benchmarks.student.panel import Panel, flat, open_picture
from engine import manifest, metrics
from engine.console import say
from engine.errors import UserError
from engine.manifest import Manifest, Row
from engine.metrics import FloatArray
from engine.run import write_json
from engine.scoring import available_cores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("faces", type=Path)
    parser.add_argument("--model", type=Path, action="append", required=True, help="first the one that is judged")
    taught = "bundle that the judged model learned from; of several their mean counts"
    parser.add_argument("--teacher", type=Path, action="append", default=[], help=taught)
    parser.add_argument("--fitted", type=Path, action="append", default=[], help="folder of a fitted baseline")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="default: a folder beside the report")
    parser.add_argument("--seed", type=int, default=0, help="of the data recipe: decides who is held out")
    parser.add_argument("--ladders", type=int, default=16, help="people of split test with a ladder of every kind")
    parser.add_argument("--stable", type=int, default=60, help="test images for crop, flip and re-save")
    parser.add_argument("--threads", type=int, default=available_cores())
    parser.add_argument("--classic", nargs="*", default=list(baselines.CLASSIC), choices=baselines.CLASSIC)
    parser.add_argument("--show", default="london/,canada/", help="sources whose pictures may stand on the sheets")
    given = parser.parse_args()
    if given.ladders < pictures.FEWEST_LADDERS:
        parser.error(f"--ladders must be at least {pictures.FEWEST_LADDERS}: of fewer people the shares mean nothing")
    try:
        found, scores, test = measured(given)
    except UserError as error:
        raise SystemExit(str(error)) from error
    write_json(given.out.with_suffix(".json"), found)
    given.out.write_text(report.as_markdown(found), encoding="utf-8")
    may = np.array([row.extra["reference"].startswith(tuple(given.show.split(","))) for row in test.rows])
    sheets.write(measures.taken(test, may), scores[may], given.out.with_suffix(""))
    say(f"{given.out} is written.")


def measured(given: argparse.Namespace) -> tuple[dict[str, Any], FloatArray, Manifest]:
    """All numbers as plain data, the judged model's scores of the test rows, and these rows.

    Raises:
        UserError: a file is no bundle, or people of the measurement were trained on.
    """
    table = manifest.read(given.data)
    test = table.where(split="test", labelled=True)
    sources = pictures.held_out(given.faces, given.seed)
    pictures.require_strangers(sources, table)
    models = _named(given.model)
    judged = next(iter(models))
    panel = Panel.of(models, given.threads)
    teachers = {f"its teacher {name}": file for name, file in _named(given.teacher).items()}
    everybody = Panel.of({**models, **teachers}, given.threads) if teachers else panel

    third_of = slices.thirds(sources)
    more = table.where(labelled=True).rows
    rows = Manifest((*test.rows, *(r for r in more if r.split != "test" and r.group in third_of)))
    say(f"Scoring {len(test):,} test images and {len(rows) - len(test):,} more of the London Set.")
    all_scores = flat(everybody.judge(partial(_file, row) for row in rows.rows))
    scores = {name: values[: len(test)] for name, values in all_scores.items()}
    found: dict[str, Any] = {
        "judged": judged,
        "test images": len(test),
        "people": len(np.unique(test.groups)),
        "machine": f"{given.threads} pictures at once, one thread each, on the processor.",
        "models": {name: _agreement(scores[name], test) for name in models},
        "baselines": {},
    }
    if teachers:
        taught = np.mean([scores.pop(name) for name in teachers], axis=0)
        found["srcc with the teacher"] = metrics.srcc(scores[judged], taught)
    for part, values in _looks(panel, sources, test, given).items():
        for name, one in values.items():
            found["models"][name][part] = one
    found["slices"] = {
        "about": slices.ABOUT,
        "models": {n: slices.slices(all_scores[n], rows, third_of) for n in models},
    }
    say("Measuring the time of one image.")
    found["latency"] = latency.compare(models | teachers)
    cache = given.cache or given.out.with_suffix("").with_name(f"{given.out.stem}-cache")
    for other in baselines.judged(table, test, given.fitted, cache, given.threads, given.classic):
        scores[other.name] = other.scores
        found["baselines"][other.name] = {**_agreement(other.scores, test), "notes": list(other.notes)}
    others = {name: values for name, values in scores.items() if name != judged}
    found["margins"] = {name: measures.margin(scores[judged], values, test) for name, values in others.items()}
    return found, scores[judged], test


def _named(files: list[Path]) -> dict[str, Path]:
    """By their stems; of two alike the folder is added."""
    stems = [file.stem for file in files]
    return {f.stem if stems.count(f.stem) == 1 else f"{f.parent.name}/{f.stem}": f for f in files}


def _agreement(scores: FloatArray, test: Manifest) -> measures.Numbers:
    return {"test": measures.agreement(scores, test), "by family": measures.by_family(scores, test)}


def _file(row: Row) -> list[Any]:
    return [open_picture(row.path)]


def _looks(
    panel: Panel, sources: list[pictures.Source], test: Manifest, given: argparse.Namespace
) -> dict[str, dict[str, measures.Numbers]]:
    """What pictures are made for: real good and poor ones, small changes, ladders."""
    poor, good = pictures.poor_and_good(sources)
    say(f"Scoring {len(good)} large and {len(poor)} small real portraits.")
    proxy = measures.good_above_poor(panel, good, poor)
    say("Scoring pictures that were cropped, flipped and saved again.")
    stability = measures.stability(panel, test, given.stable)
    tested = pictures.held_out(given.faces, given.seed, ("test",))
    say(f"Scoring ladders of {given.ladders} people.")
    ladders = measures.in_order(panel, pictures.pristine(tested, given.ladders))
    return {"proxy": proxy, "stability": stability, "ladders": ladders}


if __name__ == "__main__":
    main()
