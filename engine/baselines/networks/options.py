"""What a network of the comparison may be told beside seed and workers: typed, unknown names refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.baselines.contract import NotFittedError
from engine.plain_data import did_you_mean
from engine.recipes import Training

RANDOM: Final = "random"
PRETRAINED: Final = "pretrained"


class FitOptions(BaseModel):
    """How a network is fitted; the keys of `BaselineConfig.options`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lr_random: ClassVar[float] = 1e-3
    lr_pretrained: ClassVar[float] = 1e-4

    folder: Path | None = None
    """Where it works and goes on after an interruption; none = a temporary folder."""
    init: str = RANDOM
    """First weights: `random`, `pretrained` (those the system's authors began with; fetched once), or a file.

    `random` is the default because nothing here goes online without being asked; the card says so.
    """
    epochs: int = Field(10, ge=1)
    batch: int = Field(16, ge=2)
    lr: float = Field(0.0, ge=0)
    """Peak of the learning rate; 0 = `lr_random` or `lr_pretrained`, by `init`."""
    weight_decay: float = Field(1e-4, ge=0)
    schedule: Literal["cosine", "step"] = "cosine"
    """`cosine`: 5 % of the steps of warm-up, then half a cosine; `step`: a tenth every 10 epochs (the paper)."""
    flip: bool = True
    """Mirror every other training image by chance."""
    max_steps: int = Field(0, ge=0)
    """Stops after so many optimiser steps in all; 0 = no limit."""
    precision: Literal["float32", "auto"] = "auto"
    """`auto`: features are learned in bfloat16 where the processor computes in it; scores are always float32."""
    device: Literal["auto", "cpu", "cuda"] = "auto"

    def training(self) -> Training:
        """The part that the learning rate follows from, as recipes know it."""
        return Training(
            epochs=self.epochs,
            batch=self.batch,
            lr=self.lr or (self.lr_random if self.init == RANDOM else self.lr_pretrained),
            weight_decay=self.weight_decay,
            schedule=self.schedule,
            warmup=0.05 if self.schedule == "cosine" else 0.0,
            max_steps=self.max_steps,
        )

    def fingerprint(self) -> dict[str, Any]:
        """What decides the fitted weights, as plain data: not where it works nor on what."""
        return self.model_dump(mode="json", exclude={"folder", "device"})


O = TypeVar("O", bound=FitOptions)  # noqa: E741 - options


def parse(cls: type[O], options: Mapping[str, Any], system: str) -> O:
    """Options from plain data.

    Raises:
        NotFittedError: an unknown name (the nearest known one is named), or a value that it cannot have.
    """
    for name in options:
        if name not in cls.model_fields:
            hint = f"{did_you_mean(name, cls.model_fields)} It knows {', '.join(cls.model_fields)}."
            raise NotFittedError(f"{system} has no option '{name}'.", hint)
    try:
        return cls.model_validate(options)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise NotFittedError(
            f"{system} cannot use {where} = {first.get('input')!r}: {first['msg'][0].lower()}{first['msg'][1:]}."
        ) from error
