"""Recipes: every choice of a training, as frozen data that travels whole in job.json and in checkpoints.

`paper` holds the values of section 4.2 of the paper as published. `better` differs where that is known to help at
scale (a schedule with warm-up, an average of the weights, averaged teachers with uncertainty weights, a faster student
at the same cost); docs/experiments/self-training.md says of each switch what it gave in small and why it is in or out.
The others are for laptops and tests.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import tomli_w

from engine.errors import UserError
from engine.plain_data import Builder, merged, without_none

Head = Literal["linear", "gelu"]
Schedule = Literal["step", "cosine", "onecycle"]
POOLS: Final = "abcdefghijklmnopqrstuvwxyz"
"""Names of the pools of unlabelled images, in the order of the rounds."""
Device = Literal["auto", "cpu", "cuda"]
Precision = Literal["float32", "auto", "bfloat16", "float16"]
PlccForm = Literal["paper", "public-code"]
SourceWeighting = Literal["equal", "proportional"] | dict[str, float]
Missing = Literal["stop", "random"]


class RecipeError(UserError):
    """A recipe names an unknown key or an impossible value."""


_builder = Builder("The recipe", RecipeError)


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
    """`random`, `imagenet` (downloads timm weights), `bundled` (the model that comes with the program), `active` (the
    model in use), or a .safetensors path."""


@dataclass(frozen=True)
class Training:
    """How one network learns. The defaults are the paper's, section 4.2."""

    epochs: int = 30
    """Passes over all images to learn from; 0 = the first weights stay as they are and are only judged."""
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
    plcc_form: PlccForm = "paper"
    """`paper`: Eq. 6; `public-code`: what the authors' code computes in its place (`losses.plcc_loss`)."""
    source_weighting: SourceWeighting = "equal"
    """Factor of each source's mean loss: `equal` is Eq. 3 and 4; `proportional` counts every image alike; or a table of
    source (`labeled`, `pseudo1`, ...) and factor, 1 where a source is not named."""
    flip: bool = False
    """Horizontal flips; the paper adds no noise to the input."""
    crop: int = 0
    """Side in pixels of the random crops to learn from, cut from the picture at the network's size; 0 = that size.
    Smaller ones cost less by their area, and show the grain and the edges as scoring does, which a smaller network size
    does not. Validation, pseudo-labels and scoring see the network's size."""
    whole_epochs: int = 0
    """The last so many epochs learn without `crop`, from what scoring will see: a crop may miss the very fault that its
    label speaks of, and the network is fitted to its own size again. Counted from `epochs`, also where `max_steps` ends
    the training before."""
    clip_norm: float = 0.0
    """Gradient norm limit; 0 = none."""
    max_steps: int = 0
    """Stops after so many optimiser steps in all; 0 = no limit."""
    precision: Precision = "float32"
    """Of the backbone; weights, head, loss and validation stay float32. `auto`: bfloat16 where the device computes in
    it (a third faster on such processors), else float16 on a GPU, else float32."""
    micro_batch: int = 0
    """Images in one pass; 0 = the whole batch. Fewer need less memory and a third more time; the loss, its correlation
    included, is that of the whole batch."""
    ema: float = 0.0
    """Decay of the moving average of the weights, which is then what is validated and kept; 0 = none."""
    balanced: bool = False
    """Draw images so that rare scores come more often: each tenth of the scale counts by the root of its size."""
    uncertainty: float = 0.0
    """Pseudo-labels count exp(-uncertainty x spread / mean spread) where their teachers disagreed; 0 = all alike."""
    fidelity_weight: float = 0.0
    """Factor of the pairwise fidelity loss (`losses.fidelity_loss`); 0 = none."""
    queue: int = 0
    """Scores of so many images before are kept and paired with those of the batch in the fidelity loss."""


@dataclass(frozen=True)
class Stage:
    """A network and how it learns."""

    network: Network = field(default_factory=Network)
    training: Training = field(default_factory=Training)


@dataclass(frozen=True)
class Labelling:
    """How pseudo-labels are made (Eq. 2). The paper: the raw output of the latest teacher on the centre crop."""

    flip: bool = False
    """Mean of the picture and its mirror image."""
    crops: int = 1
    """Mean of so many crops: the centre, then seeded random ones."""
    previous: bool = False
    """Mean of the latest teacher and those before it."""
    calibrated: bool = False
    """Learn from labels after a logistic from teacher to MOS, fitted on split `val`; raw scores stay beside them."""


@dataclass(frozen=True)
class Recipe:
    """A whole run. Without `teacher` the student learns from the labels alone (Table 2, first row)."""

    name: str = "custom"
    seed: int = 42
    student: Stage = field(default_factory=Stage)
    teacher: Stage | None = None
    rounds: int = 2
    """Of pseudo-labelling: round k labels pool k (a, b, c, ...) by the teacher that learned from the rounds before."""
    labelling: Labelling = field(default_factory=Labelling)
    val_fraction: float = 0.2
    """Share of the groups that become split `val` where the manifest has no splits (paper, section 4.1)."""
    without_weights: Missing = "stop"
    """What to do where ImageNet weights cannot be fetched: `stop` before anything is trained, or `random` weights."""
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
        recipe = _builder.build(Recipe, data)
        recipe.check()
        return recipe

    def to_toml(self) -> str:
        """TOML text; None is left out."""
        return tomli_w.dumps(without_none(self.to_dict()))

    def digest(self) -> str:
        """sha256 of the content."""
        return hashlib.sha256(json.dumps(self.to_dict(), sort_keys=True).encode()).hexdigest()

    def check(self) -> None:
        """Refuse values that no training can have.

        Raises:
            RecipeError: the first of them.
        """
        for stage in filter(None, (self.student, self.teacher)):
            _check_stage(stage)
        if self.teacher and not self.student.training.epochs:
            raise RecipeError(
                "The student's 'epochs' is 0, so it learns nothing of a teacher.", "Leave the teacher out."
            )
        for name in ("seed", "threads", "rounds"):
            _at_least(name, getattr(self, name), 0)
        _at_least("crops", self.labelling.crops, 1)
        if self.rounds > len(POOLS):
            raise RecipeError(f"'rounds' must be at most {len(POOLS)}, got {self.rounds}.")
        if not 0 < self.val_fraction < 1:
            raise RecipeError(f"'val_fraction' must lie between 0 and 1, got {self.val_fraction!r}.")

    def with_values(self, settings: Mapping[str, str]) -> Recipe:
        """A copy with dotted keys set from text, e.g. `{"student.training.epochs": "3"}`."""
        data = self.to_dict()
        for key, text in settings.items():
            _set(data, key, text)
        return Recipe.from_dict(data)


def _check_stage(stage: Stage) -> None:
    training = stage.training
    if stage.network.size != 0 or stage.network.init in ("random", "imagenet"):
        _at_least("size", stage.network.size, 32)
    _at_least("epochs", training.epochs, 0)
    if not training.epochs and stage.network.init in ("random", "imagenet"):
        raise RecipeError(
            f"'epochs' is 0, which keeps the first weights, and those of init '{stage.network.init}' know no quality.",
            "Name those of a model in 'init', or let it learn for an epoch or more.",
        )
    _at_least("batch", training.batch, 2)  # there is no correlation in a batch of one
    _at_least("step_epochs", training.step_epochs, 1)
    for name, value in (("lr", training.lr), ("step_gamma", training.step_gamma)):
        if not value > 0:
            raise RecipeError(f"'{name}' must be greater than 0, got {value!r}.")
    if training.crop and not 32 <= training.crop <= (stage.network.size or training.crop):
        raise RecipeError(
            f"'crop' must lie between 32 and the network's size ({stage.network.size}), or be 0, got {training.crop}."
        )
    if not 0 <= training.whole_epochs <= training.epochs:
        raise RecipeError(
            f"'whole_epochs' must lie between 0 and 'epochs' ({training.epochs}), got {training.whole_epochs}."
        )
    if training.whole_epochs and not training.crop:
        raise RecipeError("'whole_epochs' needs a 'crop' that the epochs before them learn from.")
    for name in ("weight_decay", "warmup", "plcc_weight", "clip_norm", "max_steps", "micro_batch"):
        _at_least(name, getattr(training, name), 0)
    for name in ("uncertainty", "fidelity_weight", "queue", "ema"):
        _at_least(name, getattr(training, name), 0)
    if not training.ema < 1:
        raise RecipeError(f"'ema' must be less than 1, got {training.ema!r}.")
    if isinstance(training.source_weighting, dict):
        for name, value in training.source_weighting.items():
            _at_least(f"source_weighting.{name}", value, 0)


def _at_least(name: str, value: float, least: float) -> None:
    if not value >= least:
        raise RecipeError(f"'{name}' must be at least {least}, got {value!r}.")


def _set(data: dict[str, Any], key: str, text: str) -> None:
    *parents, last = key.split(".")
    node = data
    for name in parents:
        if not isinstance(node, dict) or name not in node:
            raise _builder.unknown(name, node, "")
        if node[name] is None:
            node[name] = dataclasses.asdict(Stage())  # the only thing that may be absent: a teacher
        node = node[name]
    if not isinstance(node, dict):
        raise RecipeError(f"'{'.'.join(parents)}' is no table.", f"Write {'.'.join(parents)}={{{last} = {text}}}.")
    if node and last not in node:
        raise _builder.unknown(last, node, ".".join(parents))
    try:
        node[last] = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        node[last] = text


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

_LONG = Training(
    weight_decay=0.02,
    schedule="cosine",
    warmup=0.04,
    clip_norm=1.0,
    flip=True,
    precision="auto",
    ema=0.999,
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
        Recipe(
            name="better",
            student=Stage(
                Network("mobilenetv4_conv_small", size=352, init="imagenet"),
                replace(_LONG, epochs=80, lr=3e-4, uncertainty=0.5),
            ),
            teacher=Stage(Network("swin_b", size=448, init="imagenet"), replace(_LONG, epochs=30, lr=1e-4)),
            labelling=Labelling(flip=True, crops=3),
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
    return Recipe.from_dict(merged(base, {"name": path.stem, **data}))
