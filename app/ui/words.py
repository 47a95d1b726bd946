"""How numbers are told to people: the ACR words of ITU-T P.910, two decimals, file sizes, durations."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.ui import scale
from app.ui.language import marked

_ACR: Final = (
    marked("words", "Bad"),
    marked("words", "Poor"),
    marked("words", "Fair"),
    marked("words", "Good"),
    marked("words", "Excellent"),
)


def tr(text: str) -> str:
    """Translate in the context of this module."""
    return QCoreApplication.translate("words", text)


def acr_word(category: int) -> str:
    """The word of ACR category 1..5."""
    return tr(_ACR[category - 1])


def acr_value(category: int) -> float:
    """ACR category k of 1..5 as MOS in [0, 1]: (k - 1) / 4."""
    return (category - 1) / 4


def quality_word(value: float) -> str:
    """The ACR word nearest to a quality; values beyond [0, 1] take the outermost word."""
    return "" if math.isnan(value) else acr_word(min(5, max(1, round(value * 4) + 1)))


def number(value: float) -> str:
    """Two decimals; a dash where there is no number."""
    return "–" if value is None or math.isnan(value) else f"{value:.2f}"


def percentile(value: float) -> str:
    """A share in [0, 1] as a whole number from 0 to 100; a dash where there is none."""
    return "–" if math.isnan(value) else f"{100 * value:.0f}"


def percentile_told(share: float, reference: str, raw: float) -> str:
    """What a percentile means, in two lines."""
    among = reference or tr("the reference set")
    first = tr("{0} % of {1} score no higher; it is a place among them and no quality.").format(
        percentile(share), among
    )
    return first + "\n" + tr("The model itself says {0}.").format(scale.current().number(raw))


def interval(low: float, high: float) -> str:
    """Two qualities on the library's scale, '0.41 to 0.63'; empty where there is none."""
    shown = scale.current().number
    return "" if math.isnan(low) or math.isnan(high) else tr("{0} to {1}").format(shown(low), shown(high))


def file_size(size: int) -> str:
    """1 234 567 -> '1.2 MB'."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError


def duration(seconds: float) -> str:
    """75 -> '1 min 15 s'; coarse, as an estimate should be."""
    if not math.isfinite(seconds):
        return "–"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def thousands(count: int) -> str:
    """1022 -> '1,022'."""
    return f"{count:,}"
