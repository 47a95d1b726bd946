"""A whole comparison: every system in turn, results kept as they come, then the table, the page and the numbers.

What is kept is found again by system, configuration and manifest hash, so that an interrupted comparison goes on and
a repeated one costs nothing. A system that cannot run is a dash with its reason, and is tried again the next time.
"""

from __future__ import annotations

import csv
import os
import platform
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from engine import __version__
from engine.atomic import replacing
from engine.benchmark import fitting, numbers, page, table
from engine.benchmark.context import Context, require_splits
from engine.benchmark.outcome import Outcome
from engine.benchmark.systems import System
from engine.doctor import version
from engine.errors import Cancelled, UserError
from engine.run import now, write_json

_PACKAGES: Final = (
    *("numpy", "scipy", "pillow", "onnxruntime", "scikit-learn"),
    *("torch", "torchvision", "timm", "open-clip-torch"),
)


def compare(systems: Sequence[System], context: Context, *, number: int) -> dict[str, Any]:
    """Fit and score all systems, write `table.md`, `report.html`, `results.json`, `predictions.csv`.

    Args:
        number: of the paper's table, for the title.

    Returns:
        what `results.json` holds.

    Raises:
        UserError: no table can be made of this manifest.
        Cancelled: raised by the context's events; what was done is kept.
    """
    require_splits(context.manifest)
    context.out.mkdir(parents=True, exist_ok=True)
    outcomes: dict[str, Outcome] = {}
    for place, system in enumerate(systems, start=1):
        context.events("system", {"system": system.key, "done": place - 1, "total": len(systems)})
        outcomes[system.key] = outcome = _outcome(system, context)
        if outcome.reason:
            context.say(f"{system.title}: no numbers. {outcome.reason}")
    results = _results(systems, outcomes, context, number)
    write_json(context.out / "results.json", results)
    _write_predictions(systems, outcomes, context)
    _write_text(context.out / "table.md", table.markdown(results))
    _write_text(context.out / "report.html", page.html(results))
    return results


def _outcome(system: System, context: Context) -> Outcome:
    """What was kept, or what is made now."""
    file, key = context.folder(system) / "outcome.json", context.key(system)
    if (kept := Outcome.read(file, key)) is not None:
        context.events("cached", {"system": system.key})
        return kept
    try:
        outcome = fitting.outcome_of(system, context)
    except (Cancelled, KeyboardInterrupt):
        raise
    except UserError as error:
        return Outcome(system.key, reason=str(error))
    except Exception as error:  # a fault in one row must not cost the hours of the others
        return Outcome(system.key, reason=_fault(error, file.parent))
    file.parent.mkdir(parents=True, exist_ok=True)
    outcome.write(file, key)
    return outcome


def _fault(error: Exception, folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    _write_text(folder / "error.txt", traceback.format_exc())
    return f"A fault of the program ({type(error).__name__}: {error}); {folder.name}/error.txt has the details."


def _results(
    systems: Sequence[System], outcomes: Mapping[str, Outcome], context: Context, number: int
) -> dict[str, Any]:
    test = context.held.where(split="test")
    found = numbers.all_numbers(systems, outcomes, context.held)
    return {
        "table": number,
        "created": now(),
        "engine": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {name: found_version for name in _PACKAGES if (found_version := version(name))},
        "manifest_hash": context.manifest.digest(),
        "test_hash": test.digest(),
        "counts": dict(Counter(r.split for r in context.manifest.rows if r.mos is not None and r.split)),
        "provenance": dict(Counter(r.provenance or "unknown" for r in test.rows)),
        "people": len({r.group for r in test.rows}) if all(r.person_is_known for r in test.rows) else None,
        "recipe": context.recipe.to_dict(),
        "seed": context.seed,
        "systems": [_entry(s, outcomes[s.key], found.get(s.key)) for s in systems],
        "points": _points(systems, outcomes, context),
    }


def _entry(system: System, outcome: Outcome, found: dict[str, Any] | None) -> dict[str, Any]:
    about = asdict(replace(outcome, scores=()))
    about.pop("scores")
    options = dict(system.options)
    return {**about, "title": system.title, "part": system.part, "options": options, "numbers": found}


def _points(systems: Sequence[System], outcomes: Mapping[str, Outcome], context: Context) -> dict[str, Any]:
    """Test images for the scatter plots: names, labels, and the scores of each system."""
    rows = context.held.rows
    test = [k for k, r in enumerate(rows) if r.split == "test"]
    ran = [s.key for s in systems if not outcomes[s.key].reason]
    return {
        "names": [rows[k].path.name for k in test],
        "mos": [rows[k].mos for k in test],
        "scores": {key: [outcomes[key].scores[k] for k in test] for key in ran},
    }


def _write_predictions(systems: Sequence[System], outcomes: Mapping[str, Outcome], context: Context) -> None:
    """predictions.csv: path, split, group, mos, and a column for each system."""
    ran = [s.key for s in systems if not outcomes[s.key].reason]
    path = context.out / "predictions.csv"
    with replacing(path) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["path", "split", "group", "mos", *ran])
        for k, row in enumerate(context.held.rows):
            scores = [outcomes[key].scores[k] for key in ran]
            writer.writerow([row.path, row.split, row.group, f"{row.mos:.9g}", *map(_text, scores)])


def _text(score: float | None) -> str:
    return "" if score is None else f"{score:.9g}"


def _write_text(path: Path, text: str) -> None:
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8")
