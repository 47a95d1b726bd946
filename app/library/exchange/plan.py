"""An import before it is done: what a file would change, line by line. Nothing is written by making one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app.library.exchange.scale import Scale

if TYPE_CHECKING:
    from app.library.exchange.records import Record

OnConflict = Literal["mine", "theirs", "rater"]
SetKind = Literal["mos", "pseudo", "weak", "aspect"]
"""`aspect`: one attribute of quality, such as PIQ23's 'Details'. Only `mos` becomes an effective MOS."""


@dataclass(frozen=True, slots=True)
class Match:
    """A line that means one image and has a usable value; `mos` is `raw` on [0, 1], `sd` likewise."""

    line: int
    text: str
    image_id: int
    """Below 0: an image that the file brings along."""
    path: str
    """Of the image, absolute."""
    raw: float
    mos: float
    sd: float | None
    n: int | None
    how: str
    present_mos: float | None
    present_provenance: str
    label_set: str = ""
    kind: SetKind = "mos"
    ratings: Mapping[str, float] | None = None
    """Rater -> opinion on [0, 1]."""
    split: str = ""
    present_split: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    record: Record | None = None

    @property
    def labelled(self) -> bool:
        """Whether the line holds a label (of the native layout, it may hold only a flag or a note)."""
        return self.record is None or self.record.mos is not None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that is not used, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do. `conflicts` are those of `matched` whose image has another label already."""

    file: Path
    layout: str
    label_set: str
    kind: SetKind
    scale: Scale
    columns: tuple[str, ...]
    path_column: str
    score_column: str
    report: str
    notes: tuple[str, ...]
    matched: tuple[Match, ...]
    conflicts: tuple[Match, ...]
    missing: tuple[Skipped, ...]
    ambiguous: tuple[Skipped, ...]
    duplicates: tuple[Skipped, ...]
    unreadable: tuple[Skipped, ...]
    """Lines whose value is no number."""
    out_of_scale: tuple[Skipped, ...]
    empty: tuple[Skipped, ...]
    """Lines without a value: not an error, they have no label."""
    values: Sequence[float] = ()
    """All numbers of the file, on its own scale, whether they are used or not."""

    @property
    def bad(self) -> tuple[Skipped, ...]:
        """Lines whose value cannot be used."""
        return tuple(sorted((*self.unreadable, *self.out_of_scale), key=lambda skip: skip.line))

    @property
    def lists(self) -> dict[str, tuple[Skipped, ...]]:
        """All lines with something to say about, by what it is; conflicts are used or not as the person answers."""
        return {
            "missing": self.missing,
            "ambiguous": self.ambiguous,
            "duplicate": self.duplicates,
            "unreadable": self.unreadable,
            "out of scale": self.out_of_scale,
            "conflict": tuple(Skipped(m.line, m.text, _differs(m)) for m in self.conflicts),
            "empty": self.empty,
        }

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """All lines that are in error and not used, by line."""
        lists = (self.missing, self.ambiguous, self.duplicates, self.unreadable, self.out_of_scale)
        return tuple(sorted((skip for lines in lists for skip in lines), key=lambda skip: skip.line))

    @property
    def complete(self) -> bool:
        """Whether every line that has a value matched."""
        return not self.skipped

    @property
    def counts(self) -> tuple[str, ...]:
        """The counts, a part of a sentence each."""
        how = Counter(m.how for m in self.matched)
        by = ", ".join(f"{count:,} by {rule}" for rule, count in how.most_common())
        lines_match = "1 line matches" if len(self.matched) == 1 else f"{len(self.matched):,} lines match"
        said = [f"{lines_match}{f' ({by})' if by else ''}"]
        others: tuple[tuple[str, str, Sequence[object]], ...] = (
            ("differs from a label that is there", "differ from a label that is there", self.conflicts),
            ("names no image of the library", "name no image of the library", self.missing),
            ("names more than one image", "name more than one image", self.ambiguous),
            ("repeats an image", "repeat an image", self.duplicates),
            ("has a value that is no number", "have a value that is no number", self.unreadable),
            ("is outside the scale", "are outside the scale", self.out_of_scale),
            ("has no value", "have no value", self.empty),
        )
        said += [f"1 {one}" if len(lines) == 1 else f"{len(lines):,} {many}" for one, many, lines in others if lines]
        return tuple(said)

    @property
    def text(self) -> str:
        """What would be done, for people."""
        return f"{self.file.name}, {self.report}: {'; '.join(self.counts)}."


def _differs(m: Match) -> str:
    there = "none" if m.present_mos is None else f"{m.present_mos:.3f} ({m.present_provenance})"
    return f"the MOS there is {there}, the file's {m.mos:.3f}"
