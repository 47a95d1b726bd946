"""An import before it is done: what a file would change, line by line. Nothing is written by making one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

OnConflict = Literal["mine", "theirs", "rater"]
SetKind = Literal["mos", "pseudo", "weak"]


@dataclass(frozen=True)
class Match:
    """A line that means one image and has a usable value; `mos` is `raw` on [0, 1], `sd` likewise."""

    line: int
    text: str
    image_id: int
    path: Path
    raw: float
    mos: float
    sd: float | None
    n: int | None
    how: str
    present_mos: float | None
    present_provenance: str


@dataclass(frozen=True)
class Skipped:
    """A line that is not used, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do. `conflicts` are those of `matched` whose image has another label already."""

    file: Path
    label_set: str
    kind: SetKind
    scale: tuple[float, float]
    path_column: str
    score_column: str
    report: str
    matched: tuple[Match, ...]
    conflicts: tuple[Match, ...]
    missing: tuple[Skipped, ...]
    ambiguous: tuple[Skipped, ...]
    duplicates: tuple[Skipped, ...]
    bad: tuple[Skipped, ...]
    empty: tuple[Skipped, ...]
    """Lines without a value: not an error, they have no label."""

    @property
    def preview(self) -> tuple[Match, ...]:
        """The first lines that match."""
        return self.matched[:20]

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """All lines that are in error and not used, by line."""
        return tuple(sorted((*self.missing, *self.ambiguous, *self.duplicates, *self.bad), key=lambda skip: skip.line))

    @property
    def complete(self) -> bool:
        """Whether every line that has a value matched."""
        return not self.skipped

    @property
    def text(self) -> str:
        """The counts, for people."""
        how = Counter(m.how for m in self.matched)
        by = ", ".join(f"{count:,} by {rule}" for rule, count in how.most_common())
        lines_match = "1 line matches" if len(self.matched) == 1 else f"{len(self.matched):,} lines match"
        said = [f"{lines_match}{f' ({by})' if by else ''}"]
        counts = {
            "differ from a label that is there": self.conflicts,
            "name no image of the library": self.missing,
            "name more than one image": self.ambiguous,
            "repeat an image": self.duplicates,
            "have an unusable value": self.bad,
            "have no value": self.empty,
        }
        said += [f"{len(lines):,} {what}" for what, lines in counts.items() if lines]
        return f"{self.file.name}, {self.report}: {'; '.join(said)}."
