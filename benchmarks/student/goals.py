"""What the project wants to reach, beside what the judged model reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.student.baselines import CLASSIC

_JITTER: Final = "crop jitter of 2%, sd, median"
_FLIP: Final = "flip, sd, median"
_FASTER: Final = 0.8
"""Of the judged one's time: a model below that is a fast student, of which a third is asked."""


@dataclass(frozen=True)
class Goal:
    """One line: `reached` is None where nothing was measured."""

    what: str
    wanted: str
    found: float
    reached: bool


def goals(found: Mapping[str, Any]) -> Iterator[Goal]:
    """Those that this run measured."""
    name = found["judged"]
    one = found["models"][name]
    srcc = one["test"]["srcc"][0]
    yield Goal("SRCC with the weak labels, people never seen", ">= 0.97", srcc, srcc >= 0.97)
    ladders = one["ladders"]["all seen"]["five in order"]
    yield Goal("ladders with all five severities in order, seen kinds", ">= 0.95", ladders, ladders >= 0.95)
    for what, key in (("crop jitter of 2 %, sd", _JITTER), ("horizontal flip, sd", _FLIP)):
        moved = one["stability"][key]
        yield Goal(f"{what} (median)", "< 0.01", moved, moved < 0.01)
    heads = one["proxy"]["auc heads"]
    yield Goal("AUC, real large portraits above real small ones, heads", ">= 0.98", heads, heads >= 0.98)
    if "srcc with the teacher" in found:
        taught = found["srcc with the teacher"]
        yield Goal("SRCC with its teacher", ">= 0.985", taught, taught >= 0.985)
    if classic := {k: v for k, v in found["baselines"].items() if k in CLASSIC}:
        best = max(classic, key=lambda k: float(classic[k]["test"]["srcc"][0]))
        value, low, _ = found["margins"][best]
        yield Goal(f"SRCC above the best classic ({best})", "> 0.03, interval above 0", value, value > 0.03 and low > 0)
    for other, cost in found["latency"].items():
        share = 1 / cost["the first takes of it"]
        if share < _FASTER and not other.startswith("its teacher"):
            yield Goal(f"time of one image, {other} against {name}", "<= 1/3", share, share <= 1 / 3)
