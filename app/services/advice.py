"""Which labels to look at again, and which images to label next. Plain generators for a worker; nothing is written.

Labels of the test split are never offered, and no model judges a label that it has learned: out-of-fold heads on the
features of a model that has learned nothing in this library do.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from app.library import columns, lineage, models, snapshot
from app.library.library import Library
from app.library.models import ModelRow
from app.services import worker
from app.services.scores.feature_cache import FeatureCache
from app.services.scores.rescoring import keep_known
from engine import label_next as next_to_label
from engine import ridge, suspects
from engine.bundle import read_bundle
from engine.errors import UserError
from engine.features import Key, Seen, Table, look
from engine.groups import split_of
from engine.manifest import Manifest
from engine.scoring import Scorer

_AT_ONCE: Final = 32
_OFFERED_SHARE: Final = 0.1
_LEAST_OFFERED: Final = 10
_MOST_CANDIDATES: Final = 20_000
_MOST_SHOWN: Final = 100
_ENOUGH: Final = 0.9
"""Share of the candidates that another model must have scored to be compared with."""


class AdviceError(UserError):
    """There is nothing that could be advised, and why."""


@dataclass(frozen=True)
class Advice:
    """Image ids in the order in which to look at them, and how they were chosen, in sentences."""

    ids: tuple[int, ...]
    text: str


# -- suspect labels ----------------------------------------------------------------------------------------------------


def suspect_labels(library: Library, cache: FeatureCache | None) -> Generator[None, None, Advice]:
    """The labels farthest from what heads say that have not seen them; a tenth of all, the most suspect first.

    Raises:
        AdviceError: too few labels, or every model at hand has learned them.
    """
    worker.be_polite()
    base = _judge(library)
    rows = _offered(library)
    if len(rows) < ridge.LEAST:
        needs = f"Looking for suspect labels needs {ridge.LEAST} labels outside the test split; there are {len(rows)}."
        raise AdviceError(needs, "Label more faces.")
    seen = yield from _look(library, rows, base, cache)
    use = np.flatnonzero(seen.usable)
    found = suspects.rank(seen.features[use], seen.scores[use], rows.mos[use], rows.groups[use])
    count = max(_LEAST_OFFERED, round(_OFFERED_SHARE * len(use)))
    ids = tuple(int(rows.rows[use[k]].extra["image_id"]) for k in found.order[:count])
    text = f"{len(ids)} of {len(use)} labels, the most suspect first, judged by {base.name} without having seen them."
    return Advice(ids, text)


def _judge(library: Library) -> ModelRow:
    active = models.active(library)
    if active is None:
        raise AdviceError("No model is in use.", "Choose one first.")
    base = lineage.untaught(library, active)
    if base is None:
        raise AdviceError(
            "Every model that led to the one in use has learned these labels, so none may judge them.",
            "Add a model that was not trained in this library.",
        )
    return base


def _offered(library: Library) -> Manifest:
    return Manifest(tuple(r for r in snapshot.take(library).rows if r.split != "test"))


def _look(library: Library, rows: Manifest, model: ModelRow, cache: FeatureCache | None) -> Generator[None, None, Seen]:
    """`engine.features.look`, a few images at a time, through the cache."""
    bundle = read_bundle(model.path)
    key = Key.of(bundle)
    table = cache.get(key, (r.sha256 for r in rows.rows)) if cache else Table(key)
    known = set(table.rows)
    scorer = Scorer(bundle)
    missing = [r for r in rows.rows if r.sha256 not in known]
    for at in range(0, len(missing), _AT_ONCE):
        look(Manifest(tuple(missing[at : at + _AT_ONCE])), scorer, table)
        yield
    if cache is not None:
        keep_known(library, cache, key, {k: v for k, v in table.rows.items() if k not in known})
    return look(rows, scorer, table)


# -- label next --------------------------------------------------------------------------------------------------------


def label_next(
    library: Library, cache: FeatureCache | None, *, count: int = _MOST_SHOWN, seed: int = 0
) -> Generator[None, None, Advice]:
    """Unlabelled images on which models disagree, of all kinds, and a random fifth.

    People of the test split come by chance only: a test set that a model chose would flatter or slander it.

    Raises:
        AdviceError: no unlabelled image has been scored yet.
    """
    worker.be_polite()
    active = models.active(library)
    if active is None or cache is None:
        raise AdviceError("No model is in use." if active is None else "The feature cache cannot be used.")
    now = columns.load(library, model_id=active.id, preprocessing_id=active.preprocessing_id)
    yield
    usable = np.isnan(now.mos) & ~now.missing & np.isfinite(now.score) & (now.problem == "") & (now.flag == "")
    rows = np.flatnonzero(usable)
    if len(rows) > _MOST_CANDIDATES:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _MOST_CANDIDATES, replace=False))
    candidates = Manifest(tuple(snapshot.unlabelled(library, now.id[rows].tolist())))
    key = Key.of(read_bundle(active.path))
    table = cache.get(key, (r.sha256 for r in candidates.rows))
    picked = [r for r in candidates.rows if r.sha256 in table.rows]
    if not picked:
        raise AdviceError("No image without a label has been scored yet.", "Wait until they are scored.")
    yield
    features = np.stack([table.rows[r.sha256] for r in picked])
    ids = np.array([int(r.extra["image_id"]) for r in picked])
    labelled = yield from _look(library, _offered(library), active, cache)
    gap, how = _gap(library, active, now, ids, features, labelled)
    held = np.array([split_of(r.group, salt=library.salt) == "test" for r in picked])
    picks = next_to_label.choose(
        features, gap, labelled.features[labelled.usable], count=count, by_chance_only=held, seed=seed
    )
    chance = sum(p.why == "random" for p in picks)
    text = f"{len(picks)} of {len(picked)} images without a label: {how}, of all kinds; {chance} drawn at random."
    return Advice(tuple(int(ids[p.row]) for p in picks), text)


def _gap(
    library: Library, active: ModelRow, now: columns.Columns, ids: npt.NDArray[Any], features: Any, labelled: Seen
) -> tuple[npt.NDArray[np.float64], str]:
    """How far two models are apart on each candidate; else how far heads fitted without a fold are; else nothing."""
    from scipy.stats import rankdata  # not at import: opening the window should not pay for SciPy

    score = now.score[now.rows_of(ids)].astype(np.float64)
    for other in reversed(models.all_models(library)):
        if other.id == active.id or other.is_extra:
            continue
        theirs = columns.load(library, model_id=other.id, preprocessing_id=other.preprocessing_id)
        value = theirs.score[theirs.rows_of(ids)].astype(np.float64)
        known = np.isfinite(value)
        if known.mean() >= _ENOUGH:
            filled = np.where(known, value, np.nanmedian(value))
            return np.abs(rankdata(score) - rankdata(filled)) / len(ids), f"where it and {other.name} disagree"
    rows, use = _offered(library), labelled.usable
    if use.sum() >= ridge.LEAST:
        fit = ridge.fit(labelled.features[use], labelled.scores[use], rows.mos[use], rows.groups[use])
        said = np.stack([head.apply(features, score) for head in fit.fold_heads])
        return said.std(0), "where your labels do not yet decide"
    return np.zeros(len(ids)), "the least like those with a label"
