"""The model card: what a model was trained on, what its labels are worth, and its numbers. Markdown for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from engine.manifest import Row
from engine.recipes import Network, Recipe
from engine.train.networks import FRESH

_WORTH = {
    "human": "opinions of people who looked at the images",
    "imported": "labels imported from a data set; ask its makers how they were made",
    "pseudo": "scores of another model (pseudo-labels), not human opinion",
    "weak": "weak labels computed from known degradations, not human opinion",
    "unknown": "labels of unknown origin",
}


def provenance(rows: Iterable[Row]) -> dict[str, int]:
    """How many labels of each origin (`human`, `imported:<set>`, `pseudo:<model>`, `weak:<method>`, `unknown`)."""
    return dict(Counter(r.provenance or "unknown" for r in rows).most_common())


def provenance_line(counts: Mapping[str, int]) -> str:
    """The origins in one line, the most frequent first."""
    return ", ".join(f"{name} ({count})" for name, count in counts.items())


def text(
    recipe: Recipe,
    counts: Mapping[str, int],
    people: int | None,
    report: Mapping[str, Any] | None = None,
    *,
    started: Mapping[str, Mapping[str, Any] | None],
) -> str:
    """The card of the student of a run.

    Args:
        recipe: with the network that is really trained (`Workspace.network_of`).
        counts: labels of each origin; none where the student keeps its first weights.
        people: groups trained on; None where some image has no group.
        report: that of `engine.evaluate`.
        started: by stage, what `Workspace.started_from` knows of its first weights.
    """
    network = recipe.student.network
    labels = [f"- {n:,} x `{name}`: {_WORTH.get(name.split(':')[0], 'labels')}" for name, n in counts.items()]
    if not recipe.student.training.epochs:
        labels = ["- none here: it keeps its first weights, and this run only judges it"]
    no_opinion = all(map(_is_made, counts)) and all(
        _is_untouched(stage.network.init, started.get(name))
        for name, stage in (("student", recipe.student), ("teacher", recipe.teacher))
        if stage
    )
    lines = [
        f"# {network.arch} at {network.size} px",
        "",
        "Predicts the perceptual quality of a face image; higher is better, trained towards [0, 1].",
        "",
        f"Recipe `{recipe.name}`, seed {recipe.seed}, first weights: {_first_weights(network, started.get('student'))}"
        + (f", distilled from {recipe.teacher.network.arch}." if recipe.teacher else "."),
        "",
        "## Labels it learned from",
        *labels,
        "\nNo human opinion went into it: its score ranks what its labels measure, and nothing more."
        if no_opinion
        else "",
        "People unknown: the same person may be in training and in validation or test."
        if people is None
        else f"Groups (people or near-duplicates) trained on: {people:,}; none of them is in validation or test.",
    ]
    if report:
        lines += ["", "## Agreement with held-out labels (95 % interval)", *_results(report)]
    if recipe.about:
        lines += ["", recipe.about]
    return "\n".join(lines) + "\n"


def _is_made(provenance: str) -> bool:
    """Whether labels come from a computation and not, even possibly, from people."""
    return provenance.split(":")[0] in ("weak", "pseudo")


def _is_untouched(init: str, started: Mapping[str, Any] | None) -> bool:
    """Whether no label of people is in the first weights, nor in those that they were trained from."""
    while init not in FRESH:
        if not started or not started["labels"] or not all(map(_is_made, started["labels"].split(", "))):
            return False
        init, started = started["init"], started["before"]
    return True


def _first_weights(network: Network, started: Mapping[str, Any] | None) -> str:
    if network.init in FRESH:
        return network.init
    if not started:
        return "those of another model"
    name = f"`{started['name']}`" if started["name"] else "a model without a name"
    return f"those of {name}, which learned from {started['labels'] or 'unknown labels'}"


def _results(report: Mapping[str, Any]) -> Iterable[str]:
    for name, part in report["splits"].items():
        numbers = ", ".join(
            f"{metric.upper()} {found['value']:.4f} "
            + (f"[{found['low']:.4f}, {found['high']:.4f}]" if isfinite(found["low"]) else "(no interval)")
            for metric, found in part["candidate"].items()
            if metric in ("srcc", "plcc")
        )
        people = f"{part['groups']} groups" + ("" if part["people_known"] else ", people unknown")
        yield f"- {name}: {numbers} ({part['n']} images, {people}; {provenance_line(part['provenance'])})"


def numbers(report: Mapping[str, Any]) -> dict[str, Any]:
    """The point values by split, with the hash of the split, for the card's metadata."""
    return {
        name: {
            **{metric: found["value"] for metric, found in part["candidate"].items()},
            "n": part["n"],
            "hash": part["hash"],
        }
        for name, part in report["splits"].items()
    }
