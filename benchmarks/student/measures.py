"""What is measured of a scorer, and how it is told."""

from __future__ import annotations

import io
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import stats

from benchmarks.student.pictures import Source
from engine import image, metrics, resample
from engine.baselines import registry
from engine.degrade import FAMILIES, Pixels
from engine.image import preprocess
from engine.manifest import Manifest
from engine.scoring import Scorer

FloatArray = npt.NDArray[np.float64]
SAMPLES: Final = 1000
_BATCH: Final = 16


def judge(scorer: Scorer, seen: Iterable[Image.Image]) -> FloatArray:
    """Scores of pictures, as scoring sees them."""
    out: list[float] = []
    for part in _parts(seen):
        out += scorer.score_pixels(np.stack([preprocess(p, scorer.bundle.input_size) for p in part])).tolist()
    return np.array(out)


def _parts(seen: Iterable[Image.Image]) -> Iterable[list[Image.Image]]:
    waiting = iter(seen)
    while part := list(itertools.islice(waiting, _BATCH)):
        yield part


def scores(scorer: Scorer, test: Manifest) -> FloatArray:
    """Of every row's file."""
    return judge(scorer, (_open(r.path) for r in test.rows))


def _open(path: Any) -> Image.Image:
    return image.decode(image.read_file(path).data, path=path)


def baseline_scores(name: str, test: Manifest) -> FloatArray:
    """Of every row; what it cannot judge (NIQE needs 96 px and some structure) counts as the worst."""
    rows = [row.score for row in registry.make(name).score(r.path for r in test.rows)]
    worst = min(score for score in rows if score is not None)
    return np.array([worst - 1 if score is None else score for score in rows], dtype=np.float64)


def agreement(found: FloatArray, test: Manifest) -> dict[str, Any]:
    """SRCC with its interval over people, PLCC, KRCC and RMSE after a logistic."""
    drawn = resample.draws("srcc", found, test.mos, test.groups, samples=SAMPLES, seed=0)
    between = resample.interval(metrics.srcc(found, test.mos), drawn)
    return {
        "srcc": between.value,
        "srcc low": between.low,
        "srcc high": between.high,
        "plcc": metrics.plcc(found, test.mos),
        "krcc": metrics.krcc(found, test.mos),
        "rmse after logistic": metrics.rmse_fit(found, test.mos),
    }


def margin(first: FloatArray, other: FloatArray, test: Manifest) -> dict[str, float]:
    """SRCC of the first less that of the other, on the same draws of people."""
    drawn = [resample.draws("srcc", s, test.mos, test.groups, samples=SAMPLES, seed=0) for s in (first, other)]
    value = metrics.srcc(first, test.mos) - metrics.srcc(other, test.mos)
    between = resample.interval(value, drawn[0] - drawn[1])
    return {"value": between.value, "low": between.low, "high": between.high}


def by_family(found: FloatArray, test: Manifest) -> dict[str, float]:
    """SRCC among the clean images and those of one family; of the chains; and of the sources by collection."""
    family = {kind: name for name, kinds in FAMILIES.items() for kind in kinds} | {"chain": "chain", "clean": "clean"}
    families = np.array([family[r.extra["kind"]] for r in test.rows])
    collections = np.array([r.extra["reference"].split("/")[0] for r in test.rows])
    kinds = {name: np.isin(families, (name, "clean")) for name in (*FAMILIES, "chain")}
    places = {f"from {name}": collections == name for name in np.unique(collections)}
    return {name: metrics.srcc(found[chosen], test.mos[chosen]) for name, chosen in (kinds | places).items()}


def auc(good: FloatArray, poor: FloatArray) -> float:
    """Chance that a good one is above a poor one."""
    return float(stats.mannwhitneyu(good, poor).statistic / (len(good) * len(poor)))


def good_above_poor(scorer: Scorer, good: Sequence[Source], poor: Sequence[Source]) -> dict[str, Any]:
    """AUC of whole pictures and of head crops; both sides framed alike."""
    whole = [judge(scorer, (s.load() for s in side)) for side in (good, poor)]
    heads = [judge(scorer, (Image.fromarray(s.crop()) for s in side)) for side in (good, poor)]
    return {"good": len(good), "poor": len(poor), "auc whole": auc(*whole), "auc heads": auc(*heads)}


def in_order(scorer: Scorer, ladders: Sequence[tuple[str, str, list[Pixels]]]) -> dict[str, Any]:
    """Share of ladders whose five severities fall strictly, of neighbouring rungs in order, and the mean Spearman."""
    size = len(ladders[0][2])
    flat = judge(scorer, (Image.fromarray(rung) for *_, rungs in ladders for rung in rungs)).reshape(-1, size)
    by: dict[str, list[FloatArray]] = defaultdict(list)
    for (family, kind, _), values in zip(ladders, flat, strict=True):
        for name in ("all kinds" if family != "unseen" else "all unseen", family, f"{family}: {kind}"):
            by[name].append(values)
    return {name: _order(np.array(values)) for name, values in sorted(by.items())}


def _order(values: FloatArray) -> dict[str, Any]:
    falls = np.diff(values[:, 1:], axis=1) < 0
    return {
        "ladders": len(values),
        "five in order": float(falls.all(1).mean()),
        "neighbours in order": float(falls.mean()),
        "spearman": float(np.mean([-metrics.srcc(v, np.arange(len(v))) for v in values])),
    }


def stability(scorer: Scorer, test: Manifest, count: int) -> dict[str, float]:
    """Spread of one picture's score when nothing of its quality changes: medians and 95 % quantiles over pictures."""
    rng = np.random.default_rng(0)
    chosen = rng.choice(len(test), size=min(count, len(test)), replace=False)
    opened = [_open(test.rows[k].path) for k in chosen]
    crops = np.array([judge(scorer, [_jittered(p, rng) for _ in range(5)]).std(ddof=1) for p in opened])
    plain = judge(scorer, opened)
    flip = np.abs(judge(scorer, (p.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for p in opened)) - plain)
    saved = np.abs(judge(scorer, map(_saved, opened)) - plain)
    found = {"crop jitter of 2 %, sd": crops, "flip, difference": flip, "saved as JPEG 92, difference": saved}
    return {
        f"{name}, {word}": float(np.quantile(values, share))
        for name, values in found.items()
        for word, share in (("median", 0.5), ("95 %", 0.95))
    }


def _jittered(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    width, height = picture.size
    cut = rng.uniform(0, 0.02, 4) * (width, height, width, height)
    return picture.crop((round(cut[0]), round(cut[1]), width - round(cut[2]), height - round(cut[3])))


def _saved(picture: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=92)
    return Image.open(buffer).convert("RGB")


def report(found: Mapping[str, Any]) -> str:
    """Markdown tables: a column for each model."""
    names = [n for n, v in found.items() if isinstance(v, dict) and "test" in v]
    lines = [f"{found['test images']} test images of {found['people']} people that no training saw.", ""]
    for part in ("test", "by family", "proxy", "stability", "ladders"):
        have = [n for n in names if part in found[n]]
        rows = found[have[0]][part]
        flat = {
            row: [found[n][part][row]["five in order"] if part == "ladders" else found[n][part][row] for n in have]
            for row in rows
        }
        title = "ladders: share with all five severities in order" if part == "ladders" else part
        lines += [f"| {title} | {' | '.join(have)} |", "|---|" + "---|" * len(have)]
        lines += [f"| {row} | {' | '.join(_number(v) for v in values)} |" for row, values in flat.items()]
        lines.append("")
    for name, value in found["margins"].items():
        lines.append(
            f"- SRCC of {names[0]} less {name}: {value['value']:.4f} [{value['low']:.4f}, {value['high']:.4f}]"
        )
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}"
