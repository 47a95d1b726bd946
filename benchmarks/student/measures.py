"""What is measured of scores: agreement with the labels, order on ladders, good above poor, stability."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from PIL import Image
from scipy import stats

from benchmarks.student import pictures
from benchmarks.student.panel import Make, Panel, flat, open_picture
from benchmarks.student.pictures import Source, head_unit, ladder_units, ladders_of, whole_unit
from engine import metrics, resample
from engine.degrade import FAMILIES
from engine.manifest import Manifest, Row
from engine.metrics import FloatArray

SAMPLES: Final = 1000
_JITTERED: Final = 5
_JITTER: Final = 0.02
Numbers = dict[str, Any]
"""Plain data for the report: numbers, or [value, low, high] with a 95 % interval over people."""


def agreement(found: FloatArray, test: Manifest) -> Numbers:
    """SRCC, PLCC (raw), KRCC and RMSE (raw) with intervals, and both after a logistic that was fitted on these rows."""
    out: Numbers = {}
    for name in ("srcc", "plcc", "krcc", "rmse"):
        drawn = resample.draws(name, found, test.mos, test.groups, samples=SAMPLES, seed=0)
        out[name] = _numbers(resample.interval(metrics.ALL[name](found, test.mos), drawn))
    return out | {
        "plcc after logistic": metrics.plcc_fit(found, test.mos),
        "rmse after logistic": metrics.rmse_fit(found, test.mos),
    }


def margin(first: FloatArray, other: FloatArray, test: Manifest) -> list[float]:
    """SRCC of the first less that of the other, on the same draws of people."""
    drawn = [resample.draws("srcc", s, test.mos, test.groups, samples=SAMPLES, seed=0) for s in (first, other)]
    value = metrics.srcc(first, test.mos) - metrics.srcc(other, test.mos)
    return _numbers(resample.interval(value, drawn[0] - drawn[1]))


def _numbers(found: metrics.Interval) -> list[float]:
    return [found.value, found.low, found.high]


def srcc(found: FloatArray, test: Manifest) -> list[float]:
    """With its interval."""
    drawn = resample.draws("srcc", found, test.mos, test.groups, samples=SAMPLES, seed=0)
    return _numbers(resample.interval(metrics.srcc(found, test.mos), drawn))


def by_family(found: FloatArray, test: Manifest) -> Numbers:
    """SRCC among the clean images and those of one family; of the chains; and by collection of the sources."""
    family = {**pictures.FAMILY_OF, "chain": "chain", "clean": "clean"}
    families = np.array([family[r.extra["kind"]] for r in test.rows])
    collections = np.array([r.extra["reference"].split("/")[0] for r in test.rows])
    present = [name for name in (*FAMILIES, "chain") if name in families]
    parts = {name: np.isin(families, (name, "clean")) for name in present}
    parts |= {f"from {name}": collections == name for name in np.unique(collections)}
    return {name: srcc(found[chosen], taken(test, chosen)) for name, chosen in parts.items() if chosen.sum() > 2}


def taken(table: Manifest, chosen: Any) -> Manifest:
    """The rows that bool [N] chooses."""
    return Manifest(tuple(row for row, yes in zip(table.rows, chosen, strict=True) if yes))


# -- good above poor ---------------------------------------------------------------------------------------------------


def auc(good: FloatArray, poor: FloatArray) -> float:
    """Chance that a good one is above a poor one."""
    return float(stats.mannwhitneyu(good, poor).statistic / (len(good) * len(poor)))


def good_above_poor(panel: Panel, good: Sequence[Source], poor: Sequence[Source]) -> dict[str, Numbers]:
    """AUC of whole pictures and of head crops; both sides framed alike."""
    out: dict[str, Numbers] = {name: {"good": len(good), "poor": len(poor)} for name in panel.scorers}
    for framing, unit in (("heads", head_unit), ("whole", whole_unit)):
        scores = flat(panel.judge(partial(unit, source) for source in (*good, *poor)))
        for name, values in scores.items():
            out[name][f"auc {framing}"] = auc(values[: len(good)], values[len(good) :])
    return out


# -- ladders -----------------------------------------------------------------------------------------------------------


def in_order(panel: Panel, sources: Sequence[Source]) -> dict[str, Numbers]:
    """Of every kind and family: ladders whose five severities fall strictly, neighbours in order, mean Spearman."""
    found = panel.judge(ladder_units(sources))
    return {name: _ladders(sources, units) for name, units in found.items()}


def _ladders(sources: Sequence[Source], units: Sequence[FloatArray]) -> Numbers:
    waiting = iter(units)
    by: dict[str, list[FloatArray]] = defaultdict(list)
    for source in sources:
        clean = next(waiting)
        for ladder in ladders_of(source):
            values = np.concatenate([clean, next(waiting)])
            unseen = ladder.family == "unseen"
            for name in ("all unseen" if unseen else "all seen", ladder.family, f"{ladder.family}: {ladder.kind}"):
                by[name].append(values)
    by.pop("unseen")  # the same as 'all unseen'
    return {name: order(np.array(values)) for name, values in sorted(by.items())}


def order(values: FloatArray) -> Numbers:
    """Of scores [ladders, clean and five severities]."""
    falls = np.diff(values[:, 1:], axis=1) < 0
    return {
        "ladders": len(values),
        "five in order": float(falls.all(1).mean()),
        "neighbours in order": float(falls.mean()),
        "spearman": float(np.mean([-metrics.srcc(v, np.arange(len(v))) for v in values])),
    }


# -- stability ---------------------------------------------------------------------------------------------------------


def stability(panel: Panel, test: Manifest, count: int) -> dict[str, Numbers]:
    """Spread of one picture's score when nothing of its quality changes: medians and 95 % quantiles over pictures."""
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(test), size=min(count, len(test)), replace=False)
    units: list[Make] = [partial(_changed, test.rows[k], int(k)) for k in chosen]
    return {name: _spread(np.array(scores)) for name, scores in panel.judge(units).items()}


def _spread(scores: FloatArray) -> Numbers:
    """Of scores [pictures, plain, flipped, saved, jittered...]."""
    plain, flipped, saved = scores[:, 0], scores[:, 1], scores[:, 2]
    found = {
        f"crop jitter of {_JITTER:.0%}, sd": scores[:, 3:].std(1, ddof=1),
        "flip, sd": scores[:, :2].std(1, ddof=1),  # of two, as of the crops: the difference by the root of 2
        "flip, difference": np.abs(flipped - plain),
        "saved as JPEG 92, difference": np.abs(saved - plain),
    }
    return {
        f"{name}, {word}": float(np.quantile(values, share))
        for name, values in found.items()
        for word, share in (("median", 0.5), ("95 %", 0.95))
    }


def _changed(row: Row, number: int) -> list[Image.Image]:
    picture, rng = open_picture(row.path), np.random.default_rng([1, number])
    flipped = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return [picture, flipped, _saved(picture), *(_jittered(picture, rng) for _ in range(_JITTERED))]


def _jittered(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    width, height = picture.size
    cut = rng.uniform(0, _JITTER, 4) * (width, height, width, height)
    return picture.crop((round(cut[0]), round(cut[1]), width - round(cut[2]), height - round(cut[3])))


def _saved(picture: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return Image.open(buffer).convert("RGB")
