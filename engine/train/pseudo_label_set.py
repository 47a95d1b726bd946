"""Pseudo-labels apart from a run: any teachers, any manifest (`fiqa pseudo-label`)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from engine import manifest as manifests
from engine.bundle import read_bundle
from engine.errors import UserError
from engine.manifest import Manifest, Row
from engine.recipes import Labelling
from engine.run import read_json, write_json
from engine.scoring import Scorer, available_cores
from engine.train import checkpoints, pools, pseudo_labels, stage_record
from engine.train.data import PixelCache, Pixels, RowNumbers, Unreadable
from engine.train.learner import Scores, predict
from engine.train.pseudo_labels import Judge


class PseudoLabelError(UserError):
    """The teachers do not fit together, or there is nothing to label."""


@dataclass(frozen=True)
class Made:
    """What became of it."""

    count: int
    unreadable: tuple[Unreadable, ...]
    left_out: int
    """Rows without a MOS of people, or of splits, that are held out: they never become training data."""
    is_calibrated: bool


@dataclass(frozen=True)
class _Teacher:
    name: str
    size: int
    judge: Judge


def build(
    table: Manifest,
    models: Sequence[Path],
    out: Path,
    *,
    pool: str = "",
    how: Labelling,
    seed: int,
    on_progress: Callable[[int, int], None] | None = None,
) -> Made:
    """Label the rows without MOS (of one pool, or all) of nobody who is held out, and write them as a manifest.

    Rows of split val that have a MOS calibrate: beside the raw mean stands the one after the logistic fitted on them.
    What is finished is kept in a folder beside `out` until all is.

    Raises:
        PseudoLabelError: the teachers see pictures of different sizes, or no row is to be labelled.
        UserError: a model or the disk cannot be used.
    """
    torch.set_num_threads(available_cores())  # the same digits, whatever was computed before in this process
    teachers = [_teacher(path) for path in models]
    size = _common_size(teachers)
    wanted = pools.unlabelled(table.rows, pool or None)
    left_out = sum(r.mos is None and pool in ("", r.pool) for r in table.rows) - len(wanted)
    if not len(wanted):
        raise PseudoLabelError(
            "There is no row without a MOS" + (f" in pool '{pool}'" if pool else "") + " to label.",
            f"{left_out} show people of a held-out split, or stand in one." if left_out else "",
        )
    held = np.array([k for k, r in enumerate(table.rows) if _calibrates(r)], dtype=np.intp)
    work = _workplace(out, _fingerprint(table, wanted, held, models, how, seed))
    cache = PixelCache(work, table.rows, size)
    cache.ensure(np.concatenate([wanted, held]).tolist(), on_progress=lambda *_: None)
    rows, tried = cache.readable(wanted), cache.readable(held)
    judges = [t.judge for t in teachers]

    def tell(done: int) -> None:
        if on_progress:
            on_progress(done, len(rows))

    said = pseudo_labels.judge(cache, rows, judges, how, seed=seed, journal=work / "journal.csv", on_batch=tell)
    known = pseudo_labels.judge(cache, tried, judges, how, seed=seed).raw
    said = pseudo_labels.calibrated(said, known, table.mos[tried])
    provenance = f"pseudo:{'&'.join(t.name for t in teachers)}"
    manifests.write(pseudo_labels.as_manifest(said, table.rows, source="pseudo", provenance=provenance), out)
    shutil.rmtree(work, ignore_errors=True)
    return Made(len(rows), tuple(cache.unreadable.values()), left_out, bool(len(tried)))


def _calibrates(row: Row) -> bool:
    return row.mos is not None and row.split == "val" and row.source == "labeled"


def _common_size(teachers: Sequence[_Teacher]) -> int:
    sizes = {t.size for t in teachers}
    if len(sizes) > 1:
        raise PseudoLabelError(
            f"The teachers see pictures of {' and '.join(map(str, sorted(sizes)))} px; a mean needs one size.",
            "Label with each on its own, or export them at one size.",
        )
    return sizes.pop()


def _fingerprint(
    table: Manifest, wanted: RowNumbers, held: RowNumbers, models: Sequence[Path], how: Labelling, seed: int
) -> str:
    return stage_record.digest(
        images=stage_record.of_rows(table.rows, wanted),
        held=stage_record.of_rows(table.rows, held, table.mos),
        numbers=[*wanted.tolist(), *held.tolist()],  # by which the journal and the pixels are told apart
        models=[stage_record.of_file(path) for path in models],
        how=repr(how),
        seed=seed,
    )


def _workplace(out: Path, fingerprint: str) -> Path:
    """A folder for what is half done; what other arguments left there goes."""
    work = out.with_name(out.name + ".work")
    if work.is_dir() and (read_json(work / "of.json", {}) or {}).get("of") != fingerprint:
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True)
    write_json(work / "of.json", {"of": fingerprint})
    return work


def _teacher(path: Path) -> _Teacher:
    """A bundle, scored by ONNX Runtime, or a checkpoint, by torch."""
    if path.suffix.lower() == ".onnx":
        scorer = Scorer(read_bundle(path))
        return _Teacher(scorer.bundle.card.name, scorer.bundle.input_size, partial(_by_bundle, scorer))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = checkpoints.load_network(path).to(device)
    return _Teacher(path.stem, model.size, lambda pixels: predict(model, iter([pixels]), device))


def _by_bundle(scorer: Scorer, pixels: Pixels) -> Scores:
    return scorer.score_pixels(pixels).astype(np.float64)
