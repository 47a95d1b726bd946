"""What a training starts from, as its job names it: a file, or `model:ID` for a model that comes with the program.

A build that cannot train has no weights of the bundled models. What it packs for another one names the model by the id
of its bundle, so that the other machine takes the very same weights or none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import resources
from engine.errors import UserError
from engine.stated_card import stated_card
from resources import BundledModel

_BY_ID: Final = "model:"


def by_id(model_id: str) -> str:
    """How a job names the weights of a bundled model that are not at hand here."""
    return _BY_ID + model_id


def is_by_id(initial: str) -> bool:
    """Whether a job names a model and no file."""
    return initial.startswith(_BY_ID)


def bundled(model_id: str) -> BundledModel | None:
    """The model of that id among those that come with the program."""
    for found in resources.BUNDLED.values():
        card = stated_card(found.bundle)
        if card is not None and card.id == model_id:
            return found
    return None


def of_bundled(model_id: str) -> Path | None:
    """Its checkpoint; None for another model, or where it is missing."""
    found = bundled(model_id)
    return found.weights if found is not None and found.weights.is_file() else None


def find(initial: str) -> Path | None:
    """The checkpoint that a job means; None where it names none.

    Raises:
        UserError: it names a model whose weights did not come with this program.
    """
    if not is_by_id(initial):
        return Path(initial) if initial else None
    weights = of_bundled(model_id := initial.removeprefix(_BY_ID))
    if weights is None:
        raise UserError(
            f"The training starts from the weights of model {model_id[:12]}, which did not come with this program.",
            "Run it with the full build of the version that packed it, or give that model with its weights.",
        )
    return weights
