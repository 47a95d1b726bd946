"""A personal head: the active model's backbone, a last layer fitted to a curator's labels. Seconds, without torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine import calibrate, head, ridge
from engine.bundle import Bundle, Card
from engine.calibrate import Calibrator, Kind
from engine.features import Seen
from engine.manifest import Manifest


@dataclass(frozen=True)
class Personal:
    """A fitted head, and the calibrator that its out-of-fold scores allow (None: too few people for one)."""

    fit: ridge.Fit
    calibrator: Calibrator | None
    labels: int
    groups: int
    provenance: Mapping[str, int]


def learn(rows: Manifest, seen: Seen, *, level: float = calibrate.LEVEL, kind: Kind | None = None) -> Personal:
    """Fit a head to labelled rows as the model sees them.

    The calibrator is fitted to what heads say of labels that they were not fitted to, so its interval is honest
    although every label is used.

    Raises:
        RidgeError: too few labels or people.
    """
    use = seen.usable
    labels, groups = rows.mos[use], rows.groups[use]
    fit = ridge.fit(seen.features[use], seen.scores[use], labels, groups)
    origins = Counter(r.provenance or "unknown" for r, used in zip(rows.rows, use, strict=True) if used)
    counts = dict(origins.most_common())
    calibrator = None
    if len(np.unique(groups)) >= calibrate.LEAST_GROUPS:
        calibrator = calibrate.fit(fit.out_of_fold, labels, groups, level=level, kind=kind, provenance=counts)
    return Personal(fit, calibrator, len(labels), len(np.unique(groups)), counts)


def write(found: Personal, base: Bundle, seen: Seen, out: Path, *, name: str, recipe_hash: str) -> Bundle:
    """The new bundle, after its scores have been checked against NumPy on every image that was looked at.

    Raises:
        HeadError: the head cannot be replaced, or the scores differ.
    """
    origin = ", ".join(f"{k} ({n})" for k, n in found.provenance.items())
    card = base.card.model_copy(
        update={
            "name": name,
            "label_provenance": f"head: {origin}; backbone: {base.card.label_provenance or 'unknown'}",
            "metrics": {},
            "split_hash": "",
            "percentiles": {},
            "recipe_hash": recipe_hash,
            "created": Card(name="", arch="x", input_size=1).created,
            "card": text(found, base.card, name),
        }
    )
    bundle = head.with_head(base, found.fit.head, card, out)
    use = seen.usable
    head.require_parity(bundle, seen.features[use], found.fit.head.apply(seen.features[use], seen.scores[use]))
    return bundle


def text(found: Personal, base: Card, name: str, report: Mapping[str, Any] | None = None) -> str:
    """The card, Markdown: what the head learned from, on top of what."""
    error = found.fit.errors[found.fit.head.strength]
    lines = [
        f"# {name}",
        "",
        f"`{base.name or base.arch}` at {base.input_size} px with a personal head: ridge regression on its features, "
        f"strength {found.fit.head.strength:g}, drawn towards the scores of that model.",
        "",
        "## Labels the head learned from",
        *(f"- {n:,} x `{origin}`" for origin, n in found.provenance.items()),
        f"- {found.labels:,} images in {found.groups:,} groups (people or near-duplicates); "
        f"out-of-fold RMSE {error:.3f}.",
        "",
        "## Labels the backbone learned from",
        base.label_provenance or "Not stated.",
    ]
    if report and (part := report["splits"].get("test")):
        lines += ["", "## Agreement with held-out labels (95 % interval)"]
        for metric in ("srcc", "plcc", "rmse"):
            value = part["candidate"][metric]
            lines.append(f"- {metric.upper()} {value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]")
        lines.append(f"- {part['n']:,} images in {part['groups']:,} groups")
    return "\n".join(lines) + "\n"


def with_results(bundle: Bundle, found: Personal, base: Card, report: Mapping[str, Any]) -> Bundle:
    """Write the results of the evaluation into the card; the id stays."""
    import onnx

    from engine.bundle import write_bundle

    part = report["splits"].get("test")
    numbers = (
        {k: v["value"] for k, v in part["candidate"].items()} | {"n": part["n"], "hash": part["hash"]} if part else {}
    )
    update = {
        "metrics": {"test": numbers} if part else {},
        "split_hash": part["hash"] if part else "",
        "card": text(found, base, bundle.card.name, report),
    }
    return write_bundle(onnx.load(str(bundle.path)), bundle.card.model_copy(update=update), bundle.path)
