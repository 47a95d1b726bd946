"""What a library knows of an image that somebody said something about, as an export needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose
from statistics import stdev
from typing import Any, Final

from app.library.events import CORRECTION, RATING
from app.library.exchange.scale import UNIT, Scale

_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class SetInfo:
    """A label set as it is declared."""

    name: str
    kind: str
    low: float
    high: float
    mapping: str
    source: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Label:
    """An imported label in force: `value` and `sd` on [0, 1], `extra` with the file's own number as `raw`."""

    of: SetInfo
    value: float
    sd: float | None
    n: int | None
    extra: Mapping[str, Any]

    def own(self, name: str, scale: Scale) -> float | None:
        """A number of the file that the label came from, where `scale` is that file's."""
        given = self.extra.get(name)
        return float(given) if self.of.mapping == scale.mapping and isinstance(given, int | float) else None


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact in force, with who said it when. `kind` is the name of its table."""

    kind: str
    within: str
    """The rater of a rating, the label set of an imported label, 'split' or 'group' of an assignment; else ''."""
    value: float | str
    more: Mapping[str, Any]
    act: int
    text: str
    at: str
    by: str
    session: str
    """When the sitting began; '' where there was none."""


@dataclass(frozen=True, slots=True)
class Record:
    """An image with its outcome; MOS values are on [0, 1]."""

    id: int
    folder: str
    name: str
    """Its path under the folder, with `/`."""
    sha256: str
    width: int | None
    height: int | None
    size: int
    mtime_ns: int
    split: str
    group: str
    mos: float | None
    n: int
    low: float | None
    high: float | None
    """The 95 % interval of the MOS."""
    provenance: str
    flag: str
    note: str
    score: float | None
    model: str
    statements: tuple[Statement, ...]
    labels: tuple[Label, ...]
    """The latest first."""

    def raw(self, scale: Scale, centre: float = 0.0) -> float | None:
        """The MOS on a file's scale; the very number of the file that it came from, where that has the same mapping."""
        if self.mos is None:
            return None
        own = self.effective_label
        if own is not None and (given := own.own("raw", scale)) is not None:
            return given
        return scale.raw(self.mos, centre)

    def raw_sd(self, scale: Scale, centre: float = 0.0) -> float | None:
        """The standard deviation on a file's scale."""
        if self.sd is None or self.mos is None:
            return None
        own = self.effective_label
        if own is not None and (given := own.own("raw_sd", scale)) is not None:
            return given
        return scale.raw_spread(self.sd, self.mos, centre)

    @property
    def ratings(self) -> dict[str, float]:
        """Rater -> opinion in force."""
        return {s.within: float(s.value) for s in self.statements if s.kind == RATING.table.name}

    @property
    def reason(self) -> str:
        """Why the MOS was corrected, if anybody said."""
        said = next((s for s in self.statements if s.kind == CORRECTION.table.name), None)
        return str(said.more["why"]) if said else ""

    @property
    def latest(self) -> Statement:
        """What was said last."""
        return max(self.statements, key=lambda s: s.act)

    @property
    def effective_label(self) -> Label | None:
        """The imported label that is the MOS, None where people of this library set it."""
        name = self.provenance.removeprefix("imported:")
        if name == self.provenance or self.mos is None:
            return None
        own = next((label for label in self.labels if label.of.name == name), None)
        return own if own and isclose(own.value, self.mos, abs_tol=_SAME) else None

    @property
    def sd(self) -> float | None:
        """Standard deviation of the opinions behind the MOS, where there are at least two."""
        if self.provenance.startswith("imported:"):
            own = self.effective_label
            return own.sd if own else None
        opinions = list(self.ratings.values())
        return stdev(opinions) if len(opinions) > 1 else None

    def label(self, *, kind: str) -> Label | None:
        """The latest imported label of a kind."""
        return next((label for label in self.labels if label.of.kind == kind), None)


def record_columns(record: Record, scale: Scale = UNIT) -> dict[str, Any]:
    """A record under the names of `labels.csv` of the native layout; None where there is nothing.

    `teacher` is the latest pseudo-label, on [0, 1] whatever the scale.
    """
    teacher, latest = record.label(kind="pseudo"), record.latest
    return {
        "image_id": record.id,
        "rel_path": record.name,
        "sha256": record.sha256 or None,
        "width": record.width,
        "height": record.height,
        "split": record.split or None,
        "mos": record.raw(scale),
        "mos_std": record.raw_sd(scale),
        "mos_n": record.n or None,
        "ci_low": None if record.low is None else scale.raw(record.low),
        "ci_high": None if record.high is None else scale.raw(record.high),
        "scale": scale.text,
        "provenance": record.provenance or None,
        "flag": record.flag or None,
        "reason": record.reason or None,
        "student": record.score,
        "student_model": record.model or None,
        "teacher": teacher.value if teacher else None,
        "teacher_model": teacher.of.name if teacher else None,
        "updated_at": latest.at,
        "updated_by": latest.by,
        "folder": record.folder,
        "note": record.note or None,
        "group": record.group or None,
    }
