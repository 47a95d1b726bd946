"""Measure students side by side on the same held-out pictures.

    python -m benchmarks.student DATA/manifest.csv FACES/manifest.csv --model NEW.onnx --model OLD.onnx --out REPORT.md

DATA is what `fiqa degrade FACES --recipe docs/models/student-data.toml` made; the baselines that need no fitting
(NIQE, sharpness) are judged on the same rows. Writes the report, a .json beside it and contact sheets.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.student import measures, pictures, sheets
from engine import manifest
from engine.manifest import Manifest
from engine.scoring import Scorer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("faces", type=Path)
    parser.add_argument("--model", type=Path, action="append", required=True, help="first the one that is judged")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0, help="of the data recipe: decides who is held out")
    parser.add_argument("--ladders", type=int, default=6, help="people with a ladder of every kind")
    parser.add_argument("--stable", type=int, default=60, help="test images for crop, flip and re-save")
    parser.add_argument("--show", default="london/,canada/", help="sources whose pictures may stand on the sheets")
    given = parser.parse_args()

    test = manifest.read(given.data).where(split="test", labelled=True)
    sources = pictures.held_out(given.faces, given.seed)
    poor, good = pictures.poor_and_good(sources)
    ladders = list(pictures.ladders(pictures.pristine(sources, given.ladders)))
    found: dict[str, Any] = {"test images": len(test), "people": len(np.unique(test.groups))}
    scores = {}
    for path in given.model:
        scorer = Scorer(path, workers=2)
        scores[path.stem] = measures.scores(scorer, test)
        found[path.stem] = {
            "test": measures.agreement(scores[path.stem], test),
            "by family": measures.by_family(scores[path.stem], test),
            "proxy": measures.good_above_poor(scorer, good, poor),
            "ladders": measures.in_order(scorer, ladders),
            "stability": measures.stability(scorer, test, given.stable),
        }
        _write(found, given.out.with_suffix(".json"))
    for name in ("niqe", "sharpness"):
        values = measures.baseline_scores(name, test)
        found[name] = {"test": measures.agreement(values, test), "by family": measures.by_family(values, test)}
        scores[name] = values
    first, *others = scores
    found["margins"] = {name: measures.margin(scores[first], scores[name], test) for name in others}
    _write(found, given.out.with_suffix(".json"))
    given.out.write_text(measures.report(found), encoding="utf-8")
    may = np.array([row.extra["reference"].startswith(tuple(given.show.split(","))) for row in test.rows])
    shown = Manifest(tuple(row for row, yes in zip(test.rows, may, strict=True) if yes))
    sheets.write(shown, scores[first][may], given.out.with_suffix(""))


def _write(found: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
