"""The recipe of a depth that needs no torch: Calibrate or Personalise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import tomli_w

from engine.plain_data import Builder
from engine.recipes import RecipeError

LightKind = Literal["calibrate", "personalise"]
LightMap = Literal["auto", "affine", "logistic", "isotonic"]


@dataclass(frozen=True)
class LightRecipe:
    """Every choice of such a run."""

    kind: LightKind
    level: float = 0.9
    """Share of new labels that an interval shall hold."""
    map: LightMap = "auto"
    """The calibrator's map: auto (by the error on people it was not fitted to), affine, logistic, isotonic."""
    max_unreadable: float = 0.005
    """Share of unreadable images above which the run stops; fewer (one in any case) are listed and left out."""

    @property
    def name(self) -> str:
        return self.kind

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `from_dict` is its inverse."""
        return {"name": self.name, **asdict(self)}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> LightRecipe:
        """Build a recipe from plain data.

        Raises:
            RecipeError: an unknown key or an impossible value.
        """
        chosen = {"kind": "", **data}  # a recipe without a kind is refused in the same words as one with another kind
        chosen.pop("name", None)  # said by the kind
        recipe = Builder("The recipe", RecipeError).build(LightRecipe, chosen)
        for key, low, high in (("level", 0.5, 0.99), ("max_unreadable", 0.0, 1.0)):
            if not low <= (value := getattr(recipe, key)) <= high:
                raise RecipeError(f"'{key}' must be between {low} and {high}, got {value!r}.")
        return recipe

    def to_toml(self) -> str:
        """TOML text."""
        return tomli_w.dumps(self.to_dict())

    def digest(self) -> str:
        """sha256 of the content."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()
