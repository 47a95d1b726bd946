"""What is known of one image, for the panels that show it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.library.columns import FACTORS, Columns


@dataclass(frozen=True)
class Facts:
    """One row of the gallery; NaN and empty where unknown."""

    image_id: int = -1
    name: str = ""
    path: str = ""
    score: float = math.nan
    mos: float = math.nan
    mos_low: float = math.nan
    mos_high: float = math.nan
    ratings: int = 0
    provenance: str = ""
    width: int = 0
    height: int = 0
    size: int = 0
    mtime_ns: int = 0
    problem: str = ""
    flag: str = ""
    reason: str = ""
    split: str = ""
    group: str = ""
    model: str = ""
    raw: float = math.nan
    calibrated: bool = False
    """Whether `score` is on the curators' scale, and `raw` what the network said."""
    percentile: bool = False
    """Whether `score` is the share of a reference set that scores no higher, and `raw` what the network said."""
    reference: str = ""
    """Whose percentile it is."""
    score_low: float = math.nan
    score_high: float = math.nan
    extra: str = ""
    """The extra score on show, or why there is none, in words."""
    factors: dict[str, float] = field(default_factory=dict)
    """Quality factors by name, each 0 to 1; only those that were measured."""

    blind: bool = False

    def blinded(self) -> Facts:
        """Without scores, labels and what is close to them."""
        return replace(
            self, score=math.nan, raw=math.nan, score_low=math.nan, score_high=math.nan, calibrated=False,
            percentile=False, mos=math.nan, mos_low=math.nan, mos_high=math.nan, ratings=0, provenance="", extra="",
            factors={}, blind=True,
        )  # fmt: skip

    @staticmethod
    def of(columns: Columns, row: int, model: str, extra: str = "", reference: str = "") -> Facts:
        """One row of the gallery's columns.

        `model` names what gave the score, `extra` is the extra score in words, `reference` whose percentiles are shown.
        """
        return Facts(
            image_id=int(columns.id[row]),
            name=str(columns.name[row]),
            path=str(Path(str(columns.path[row])).parent),
            score=columns.shown_at(row),
            raw=float(columns.score[row]),
            score_low=float(columns.calibrated_low[row]),
            score_high=float(columns.calibrated_high[row]),
            calibrated=not math.isnan(float(columns.calibrated[row])),
            percentile=not math.isnan(float(columns.percentile[row])),
            reference=reference,
            mos=float(columns.mos[row]),
            mos_low=float(columns.mos_low[row]),
            mos_high=float(columns.mos_high[row]),
            ratings=int(columns.n_ratings[row]),
            provenance=columns.provenance[row],
            width=int(columns.width[row]),
            height=int(columns.height[row]),
            size=int(columns.size[row]),
            mtime_ns=int(columns.mtime_ns[row]),
            problem=columns.problem[row],
            flag=columns.flag[row],
            reason=columns.reason[row],
            split=columns.split[row],
            group=columns.group[row],
            model=model,
            extra=extra,
            factors={name: float(v) for name in FACTORS if not math.isnan(v := getattr(columns, name)[row])},
        )
