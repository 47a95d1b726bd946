"""Recipes: every choice of a training, as frozen data that travels whole in job.json and in checkpoints.

`paper` holds the values of section 4.2 of the paper as published; the others are for laptops and tests.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import tomli_w

from engine.errors import UserError

Head = Literal["linear", "gelu"]
Schedule = Literal["step", "cosine", "onecycle"]
Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["float32", "auto"]


class RecipeError(UserError):
    """A recipe names an unknown key or an impossible value."""


@dataclass(frozen=True)
class Network:
    """A backbone with the two-layer quality head (128, 1) of the paper, section 4.2."""

    arch: str = "edgenext_xx_small"
    """A timm name, or `swin_b` (torchvision's, as in the paper)."""
    size: int = 352
    """Input side in pixels: short side resized to it, then a crop of size x size. 0: that of the first weights."""
    head: Head = "linear"
    """`linear`: two linear layers, no activation, no final norm (the paper); `gelu`: norm, linear, GELU, linear."""
    init: str = "random"
    """`random`, `imagenet` (downloads timm weights), `active` (the model in use), or a .safetensors path."""


@dataclass(frozen=True)
class Training:
    """How one network learns. The defaults are the paper's, section 4.2."""

    epochs: int = 30
    batch: int = 32
    lr: float = 1e-4
    weight_decay: float = 1e-6
    schedule: Schedule = "step"
    step_epochs: int = 10
    step_gamma: float = 0.1
    warmup: float = 0.0
    """Share of all steps with a rising learning rate: along a line (cosine) or half a cosine (onecycle)."""
    plcc_weight: float = 1.0
    """lambda of Eq. 7."""
    flip: bool = False
    """Horizontal flips; the paper adds no noise to the input."""
    clip_norm: float = 0.0
    """Gradient norm limit; 0 = none."""
    max_steps: int = 0
    """Stops after so many optimiser steps in all; 0 = no limit."""
    precision: Precision = "float32"
    """`auto`: the backbone learns in bfloat16 where the processor computes in it, a third faster; weights, head, loss
    and validation stay float32."""


@dataclass(frozen=True)
class Stage:
    """A network and how it learns."""

    network: Network = field(default_factory=Network)
    training: Training = field(default_factory=Training)


@dataclass(frozen=True)
class Recipe:
    """A whole run. Without `teacher` the student learns from the labels alone (Table 2, first row)."""

    name: str = "custom"
    seed: int = 42
    student: Stage = field(default_factory=Stage)
    teacher: Stage | None = None
    max_unreadable: float = 0.005
    """Share of unreadable images above which the run stops; fewer (one in any case) are listed and left out."""
    threads: int = 0
    """CPU threads; 0 = all cores."""
    device: Device = "auto"
    """`auto` takes a CUDA device where there is one."""
    about: str = ""
    """Markdown that is added to the model card."""
    licence: str = ""
    """Licence of the trained model, as its card states it."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `from_dict` is its inverse."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Recipe:
        """Build a recipe from plain data.

        Raises:
            RecipeError: an unknown key (the nearest known one is named), or a value of the wrong type or range.
        """
        recipe = typing.cast(Recipe, _build(Recipe, data, ""))
        recipe.check()
        return recipe

    def to_toml(self) -> str:
        """TOML text; None is left out."""
        return tomli_w.dumps(_without_none(self.to_dict()))

    def digest(self) -> str:
        """sha256 of the content."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    def check(self) -> None:
        """Refuse values that no training can have.

        Raises:
            RecipeError: the first of them.
        """
        for stage in filter(None, (self.student, self.teacher)):
            training = stage.training
            if stage.network.size != 0 or stage.network.init in ("random", "imagenet"):
                _at_least("size", stage.network.size, 32)
            _at_least("epochs", training.epochs, 1)
            _at_least("batch", training.batch, 2)  # there is no correlation in a batch of one
            _at_least("step_epochs", training.step_epochs, 1)
            for name, value in (("lr", training.lr), ("step_gamma", training.step_gamma)):
                if not value > 0:
                    raise RecipeError(f"'{name}' must be greater than 0, got {value!r}.")
            for name in ("weight_decay", "warmup", "plcc_weight", "clip_norm", "max_steps"):
                _at_least(name, getattr(training, name), 0)

    def with_values(self, settings: Mapping[str, str]) -> Recipe:
        """A copy with dotted keys set from text, e.g. `{"student.training.epochs": "3"}`."""
        data = self.to_dict()
        for key, text in settings.items():
            _set(data, key, text)
        return Recipe.from_dict(data)


def _at_least(name: str, value: float, least: float) -> None:
    if not value >= least:
        raise RecipeError(f"'{name}' must be at least {least}, got {value!r}.")


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_none(v) for k, v in value.items() if v is not None}
    return value


def _unknown(key: str, known: typing.Iterable[str], where: str) -> RecipeError:
    near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.0)
    place = f" in [{where}]" if where else ""
    return RecipeError(f"The recipe has an unknown key '{key}'{place}.", f"Did you mean '{near[0]}'?" if near else "")


def _set(data: dict[str, Any], key: str, text: str) -> None:
    *parents, last = key.split(".")
    node = data
    for name in parents:
        if name not in node:
            raise _unknown(name, node, "")
        if node[name] is None:
            node[name] = dataclasses.asdict(Stage())  # the only thing that may be absent: a teacher
        node = node[name]
    if node and last not in node:
        raise _unknown(last, node, ".".join(parents))
    try:
        node[last] = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        node[last] = text


def _build(cls: type, data: Any, where: str) -> Any:
    if not isinstance(data, Mapping):
        raise RecipeError(f"[{where}] must be a table, got {data!r}.")
    known = {f.name: f for f in fields(cls)}
    hints = typing.get_type_hints(cls)
    values = {}
    for key, value in data.items():
        if key not in known:
            raise _unknown(str(key), known, where)
        values[key] = _value(hints[key], value, f"{where}.{key}" if where else key)
    return cls(**values)


def _value(hint: Any, value: Any, where: str) -> Any:
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(h for h in typing.get_args(hint) if h is not types.NoneType)
    if is_dataclass(hint):
        return _build(typing.cast(type, hint), value, where)
    if typing.get_origin(hint) is Literal:
        allowed = typing.get_args(hint)
        if value not in allowed:
            raise RecipeError(f"'{where}' must be one of {', '.join(map(str, allowed))}, got {value!r}.")
        return value
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not hint:
        raise RecipeError(f"'{where}' must be a {hint.__name__}, got {value!r}.")
    return value


_LAPTOP = Training(
    epochs=10,
    batch=16,  # more steps from few images: 0.58 instead of 0.49 SRCC after 4 epochs of 1,500 images
    lr=2e-3,
    weight_decay=0.02,
    schedule="onecycle",
    warmup=0.1,
    clip_norm=1.0,
    flip=True,
    precision="auto",
)

RECIPES: Final[Mapping[str, Recipe]] = {
    r.name: r
    for r in (
        Recipe(
            name="tiny",
            student=Stage(
                Network("mobilenetv4_conv_small_050", size=64),
                replace(_LAPTOP, epochs=2, batch=8),
            ),
        ),
        Recipe(name="quick", student=Stage(Network(size=224), _LAPTOP)),
        Recipe(
            name="finetune",
            student=Stage(Network(size=0, init="active"), replace(_LAPTOP, epochs=6, lr=3e-4)),
        ),
        Recipe(
            name="paper",
            student=Stage(Network("edgenext_xx_small", size=352, init="imagenet"), Training()),
            teacher=Stage(Network("swin_b", size=448, init="imagenet"), Training()),
        ),
    )
}


def load(name_or_file: str) -> Recipe:
    """A recipe by its name, or from a TOML file (which may name a `base` recipe to start from).

    Raises:
        RecipeError: no such recipe or file, or the file does not fit.
    """
    if name_or_file in RECIPES:
        return RECIPES[name_or_file]
    path = Path(name_or_file)
    if not path.is_file():
        known = ", ".join(RECIPES)
        raise RecipeError(f"There is no recipe '{name_or_file}'.", f"Use one of {known}, or the path of a TOML file.")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"Cannot read the recipe {path}: {error}.") from error
    base = load(str(data.pop("base"))).to_dict() if "base" in data else Recipe().to_dict()
    return Recipe.from_dict(_merge(base, {"name": path.stem, **data}))


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in over.items():
        inner = out.get(key)
        out[key] = _merge(inner, value) if isinstance(inner, dict) and isinstance(value, Mapping) else value
    return out
