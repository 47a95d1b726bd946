"""KonIQ-10k: `koniq10k_scores_and_distributions.csv` and `koniq10k_distributions_sets.csv`, how many said 1 to 5.

The distribution is kept. Where the score is the mean of the distribution, or all scores lie between 1 and 5, it is on
1 to 5, else on 0 to 100 (the second file, and `MOS_zscore`); which, is said. SD is on 1 to 5 in both. Written: the sets
file, or the scores file where the name has 'scores' in it (which has no split); a distribution comes from the file it
was read from, else from ratings rounded to whole words. Lost: who said what, flags, notes, provenance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from app.library.exchange.layout import Asked, Entry, Head, Layout, Reading
from app.library.exchange.records import Record
from app.library.exchange.scale import FIVE, HUNDRED, Scale
from app.library.exchange.table import read_table
from app.library.exchange.tabular import entries, find_columns, reading, write_table

_WORDS: Final = ("c1", "c2", "c3", "c4", "c5")
_SCORES: Final = ("image_name", *_WORDS, "c_total", "MOS", "SD", "MOS_zscore")
_SETS: Final = ("image_name", *_WORDS, "c_total", "MOS", "SD", "set")
_SET_NAMES: Final = {"train": "training", "val": "validation"}
_ROUNDED: Final = 0.05
"""How far a mean may be off by the rounding of the file."""
_FIVE_TO_HUNDRED: Final = 25.0
"""A difference on 1 to 5, on 0 to 100."""


def _recognises(head: Head) -> bool:
    return set(_WORDS) <= head.header


def _read(file: Path, asked: Asked) -> Reading:
    table = read_table(file)
    columns = find_columns(table, asked, file, keep=(*_WORDS, "c_total", "MOS", "MOS_zscore"))
    found = entries(table, columns)
    if _on_five(found):
        scale, why = FIVE, "are the means of c1 to c5, or all between 1 and 5"
    else:
        scale, why = HUNDRED, "are not the means of c1 to c5"
        found = [e if e.sd is None else replace(e, sd=e.sd * _FIVE_TO_HUNDRED) for e in found]
    return replace(
        reading(table, columns, scale, found),
        label_set="KonIQ-10k",
        notes=(f"the scores {why}: the layout's scale is {scale.text}",),
    )


def _on_five(found: Sequence[Entry]) -> bool:
    """Whether most scores are the mean of their distribution, or none lies outside 1 to 5 (the lowest of the real file
    on 0 to 100 do, and its highest)."""
    scores = [e.value for e in found if isinstance(e.value, float)]
    if all(FIVE.holds(value) for value in scores):
        return True
    known = [(e.value, mean) for e in found[:200] if isinstance(e.value, float) and (mean := _mean(e)) is not None]
    return sum(abs(value - mean) < _ROUNDED for value, mean in known) * 2 > len(known)


def _mean(entry: Entry) -> float | None:
    counts = [(entry.extra or {}).get(word, 0) for word in _WORDS]
    if not all(isinstance(c, int | float) for c in counts) or not sum(counts):
        return None
    return float(sum(k * c for k, c in enumerate(counts, start=1)) / sum(counts))


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    rated = [r for r in records if r.mos is not None]
    header = _SCORES if "scores" in file.stem.lower() else _SETS
    write_table(file, header, ([_cells(r, scale)[name] for name in header] for r in rated))
    return len(rated)


def _cells(record: Record, scale: Scale) -> dict[str, Any]:
    label = record.effective_label
    counts = _of_ratings(record) if label is None else {w: label.extra.get(w) for w in (*_WORDS, "c_total")}
    return counts | {
        "image_name": record.name,
        "c_total": counts.get("c_total") or record.n or None,
        "MOS": record.raw(scale),
        "SD": record.raw_sd(FIVE),
        "MOS_zscore": label.extra.get("MOS_zscore") if label else None,
        "set": _SET_NAMES.get(record.split, record.split) or None,
    }


def _of_ratings(record: Record) -> dict[str, Any]:
    if not record.ratings:
        return dict.fromkeys((*_WORDS, "c_total"))
    said = Counter(round(value * 4) + 1 for value in record.ratings.values())
    return {word: said[k] for k, word in enumerate(_WORDS, start=1)} | {"c_total": len(record.ratings)}


LAYOUT: Final = Layout(
    name="koniq",
    title="KonIQ-10k scores and distributions",
    file_name="koniq10k_distributions_sets.csv",
    scale=FIVE,
    loses="who said what, flags, notes and provenance; in the scores file the split too",
    recognises=_recognises,
    read=_read,
    write=_write,
)
