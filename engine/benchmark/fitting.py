"""One system from its configuration to its outcome: fitted (or found fitted), scored on the held-out rows, timed."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from engine.baselines import registry
from engine.baselines.contract import Baseline, BaselineConfig
from engine.benchmark import latency, own
from engine.benchmark.context import Context
from engine.benchmark.outcome import OnRow, Outcome, collect
from engine.benchmark.systems import System


def outcome_of(system: System, context: Context) -> Outcome:
    """Fit, score and time.

    Raises:
        UserError: it cannot learn or score here; the message is what the table shows.
        Cancelled: raised by the context's events; calling again goes on.
    """
    began = time.perf_counter()
    found = _baseline(system, context) if system.baseline else _own(system, context)
    return replace(found, seconds=time.perf_counter() - began)


def _on_row(system: System, context: Context) -> OnRow:
    return lambda done, total: context.events("scoring", {"system": system.key, "done": done, "total": total})


def _baseline(system: System, context: Context) -> Outcome:
    baseline = _fitted(system, context)
    held, card = context.held, baseline.card()
    scores, left_out = collect(held, baseline.score([r.path for r in held.rows]), _on_row(system, context))
    usable = _usable(context, scores)
    ms, calls = latency.median_ms(lambda path: next(iter(baseline.score([path]))), usable) if usable else (None, 0)
    return Outcome(
        system.key,
        scores=scores,
        left_out=left_out,
        params=card.params,
        gmacs=card.gmacs,
        size=card.size,
        init=card.init,
        model=registry.model_id(baseline),
        notes=card.notes,
        budget=card.budget,
        curve=card.curve,
        file_ms=ms,
        timed=calls,
    )


def _fitted(system: System, context: Context) -> Baseline:
    folder = context.folder(system)
    if registry.is_kept(folder):
        return registry.load(folder)
    baseline = registry.make(system.baseline)
    told = BaselineConfig(context.seed, context.workers, {**system.options, "folder": str(folder)})
    baseline.fit(context.lessons, told, lambda type_, f: context.events(type_, {"system": system.key, **f}))
    registry.save(baseline, folder)
    return baseline


def _usable(context: Context, scores: tuple[float | None, ...]) -> list[Path]:
    """Test images to time with: those that have a score."""
    pairs = zip(context.held.rows, scores, strict=True)
    return [row.path for row, score in pairs if row.split == "test" and score is not None][: latency.CALLS]


def _own(system: System, context: Context) -> Outcome:
    from engine.scoring import Scorer

    trained = own.trained(system, context)
    scorer = Scorer(trained.bundle, workers=context.workers or None)
    held = context.held
    scores, left_out = collect(held, scorer.score(r.path for r in held.rows), _on_row(system, context))
    found = own.timed(trained.bundle, _usable(context, scores))
    card = scorer.bundle.card
    return Outcome(
        system.key,
        scores=scores,
        left_out=left_out,
        params=card.params,
        gmacs=card.gmacs,
        size=str(card.input_size),
        init=trained.init,
        model=card.id,
        notes=(f"learned from {card.label_provenance or 'unknown labels'}",),
        file_ms=found.file_ms,
        network_ms=found.network_ms,
        timed=found.calls,
        budget=trained.budget,
        curve=trained.curve,
        extra={"run": trained.run.relative_to(context.out).as_posix(), "arch": card.arch},
    )
