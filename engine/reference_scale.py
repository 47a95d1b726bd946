"""A model's own scale: percentiles of its scores among those of a named reference set, kept on its card.

A raw score means what the labels meant that the model learned from. Where a picture stands among others is told without
any label, from 0 to 100, and is what the window shows of a model whose card has such a scale. It is no quality: it
depends on the reference as much as on the picture, so the card names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine import calibrate
from engine.bundle import Bundle, Card, parse, read_bundle, write_bundle
from engine.calibrate import CalibrationError, Calibrator
from engine.errors import UserError
from engine.manifest import Manifest

SPLIT: Final = "cal"
"""People whom no training has learned from and no epoch was chosen by, and whom no report judges either."""
NAME: Final = "held-out portraits, from clean to spoiled"
OF_TRAINING: Final = "the faces of its training"
HELD_OUT: Final = "the faces held out of its training"
"""Reference sets of models that were trained here: those faces of the run that were scored at its end."""
_HEADING: Final = "## Percentiles"
_SECTION: Final = re.compile(rf"\n*^{_HEADING}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def rows_of(table: Manifest) -> Manifest:
    """The reference among a manifest's rows: the labelled ones of split cal, or all where it has no splits at all.

    Raises:
        UserError: it has splits, and none of them is cal.
    """
    if not any(row.split for row in table.rows):
        return table
    found = table.where(split=SPLIT, source="labeled")
    if not len(found):
        raise UserError(
            f"The reference has splits, but no labelled images in split '{SPLIT}'.",
            "Percentiles need people whom the model has not learned from: fill the column 'split', or leave it empty.",
        )
    return found


def named(scores: npt.ArrayLike, name: str = "") -> Calibrator:
    """Percentiles among the scores [N] (NaN: none) of the reference, with its name and size.

    Raises:
        CalibrationError: there are too few different scores.
    """
    count = int(np.isfinite(np.asarray(scores, dtype=np.float64)).sum())
    return calibrate.percentile(scores, f"{name or NAME} ({count:,} images)")


def held_out(table: Manifest) -> Manifest:
    """The labelled rows that a training does not learn from: what it is chosen by, calibrated and judged on."""
    labelled = table.where(labelled=True, source="labeled")
    return Manifest(tuple(r for r in labelled.rows if r.split in ("val", "cal", "test")))


def of_card(card: Mapping[str, Any]) -> Calibrator | None:
    """The scale on a card (its fields as plain data); None where it has none.

    Raises:
        CalibrationError: what is there is no scale.
    """
    return Calibrator.from_json(card["percentiles"]) if card.get("percentiles") else None


def keep(path: Path, scale: Calibrator) -> Bundle:
    """Write a scale onto the card of a bundle, in place of the one that it had. Graph, scores and id stay.

    Raises:
        BundleError: the file is no bundle, or cannot be written.
    """
    bundle = read_bundle(path)
    data = {name: value for name, value in scale.to_json().items() if name in ("kind", "raw", "value", "reference")}
    bare = cleared(bundle.card)
    card = bare.model_copy(update={"percentiles": data, "card": f"{bare.card}\n{_told(scale)}"})
    return write_bundle(parse(path.read_bytes()), card, path)


def keep_own(path: Path, scores: npt.ArrayLike, name: str, tell: Callable[[str], None]) -> None:
    """Give a bundle that was just trained the percentiles among its own scores [N] (NaN: none) of its run's faces.

    With too few different scores it gets none; which of the two came is told in a sentence.

    Raises:
        BundleError: the file is no bundle, or cannot be written.
    """
    try:
        scale = named(scores, name)
    except CalibrationError as error:
        tell(f"The model gets no percentiles and is shown by its scores: {error.message}")
        return
    keep(path, scale)
    tell(f"The window shows its scores as percentiles among {scale.reference}.")


def again(old: Calibrator, scores: npt.ArrayLike) -> Calibrator | None:
    """The scale among the same faces of a run by other weights' scores [N] of them (NaN: none).

    None where these are not all of the reference, or where it is no run's.
    """
    name = old.reference.rpartition(" (")[0]
    try:
        made = named(scores, name)
    except CalibrationError:
        return None
    return made if name in (OF_TRAINING, HELD_OUT) and made.reference == old.reference else None


def cleared(card: Card) -> Card:
    """A card without a scale and without the words about it: for weights that give other scores."""
    text = _SECTION.sub("\n", card.card).rstrip()
    return card.model_copy(update={"percentiles": {}, "card": f"{text}\n"})


def _told(scale: Calibrator) -> str:
    at = dict(zip((10, 50, 90), np.interp((0.1, 0.5, 0.9), scale.value, scale.raw), strict=True))
    places = ", ".join(f"{place} at {raw:.2f}" for place, raw in at.items())
    return (
        f"{_HEADING}\n\nThe window shows a score as its percentile among **{scale.reference}**: the share of them that "
        f"score no higher ({places}). It says where a picture stands among these, and nothing of quality by itself.\n"
    )
