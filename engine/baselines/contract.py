"""What every system of the comparison can do: learn from a manifest, score files, say what it is.

A score given by `score` is always *higher is better*; a measure that counts distortion (NIQE) is negated, and its card
says so. A baseline never invents a number: an image that it cannot judge gets the reason (`ScoreRow.error`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from engine.errors import UserError
from engine.manifest import Manifest
from engine.scoring import ScoreRow

Kind = Literal["floor", "classic", "network"]
Events = Callable[[str, Mapping[str, Any]], None]
"""`events(type, fields)`: progress for whoever watches; may raise `Cancelled` to stop."""


NETWORK_FILE: Final = "network.safetensors"
"""What a fitted network keeps its weights in."""


class NotFittedError(UserError):
    """The baseline has not learned yet, or what it needs (weights, packages) is not here; the message says what."""


@dataclass(frozen=True)
class BaselineConfig:
    """How a baseline is fitted. Every value travels into the hash under which its results are cached."""

    seed: int = 42
    workers: int = 0
    """Parallel decoders; 0 = one per core."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What this baseline alone knows (epochs, size, folds, ...); unknown keys are refused by `fit`."""


@dataclass(frozen=True)
class BaselineCard:
    """A row's left side in Table 1, and what must be said of it."""

    name: str
    kind: Kind
    params: int | None = None
    gmacs: float | None = None
    """In the paper's convention (multiply-accumulates as fvcore counts them), for one image at `size`."""
    size: str = ""
    """What the network sees, in words: `352`, `15 crops of 224`, `any`."""
    init: str = ""
    """First weights: `random`, `ImageNet`, `CLIP`, ...; empty where there are none."""
    fitted_on: str = ""
    """Digest of the manifest that it learned from; empty = not fitted, or needs no fitting."""
    raw_lower_is_better: bool = False
    range: str = "about [0, 1], as MOS"
    """Of the score as it is reported, in words; it is never clamped."""
    as_mos: bool = True
    """Whether the score is on the scale of MOS; otherwise it is an order, and its size means nothing to people."""
    source: str = ""
    """Where the idea was published."""
    licence: str = "Apache-2.0, as this program"
    """Of the formula and of the numbers that it scores with."""
    notes: tuple[str, ...] = ()
    budget: str = ""
    """What it learned with, in words: `500 steps of 16 images`; empty where it does not learn in steps."""
    curve: tuple[tuple[int, float | None], ...] = ()
    """(steps done, SRCC on split val) of every validation; None where it did not exist."""


class Baseline(ABC):
    """One system of the comparison. `name` is how the terminal and the table's columns call it (lower case)."""

    name: ClassVar[str]

    @abstractmethod
    def fit(self, manifest: Manifest, config: BaselineConfig, events: Events) -> None:
        """Learn from the labelled rows of split `train`; choose by `val`; never look at `test`.

        A second call with a folder of its own (`options["folder"]`) goes on where an interrupted one stopped.

        Raises:
            NotFittedError: it cannot learn here; the message is what the table shows instead of numbers.
            Cancelled: raised by `events`.
        """

    @abstractmethod
    def score(self, paths: Iterable[Path]) -> Iterator[ScoreRow[Path]]:
        """Score files in order, higher is better; an unreadable file gets a row with the reason.

        Raises:
            NotFittedError: it has not learned what it needs.
        """

    @abstractmethod
    def card(self) -> BaselineCard:
        """What it is, now."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write what `load` needs, atomically, without pickles."""

    @classmethod
    @abstractmethod
    def load(cls, folder: Path) -> Baseline:
        """What `save` wrote.

        Raises:
            NotFittedError: there is nothing, or it is damaged.
        """
