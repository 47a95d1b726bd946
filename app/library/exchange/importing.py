"""The dry run: recognise a file, read it, match it with the library, sort every line by what would become of it."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.exchange.layout import Asked, Entry, Reading
from app.library.exchange.matching import RULES, Candidate, Index, Rule
from app.library.exchange.plan import ImportPlan, Match, SetKind, Skipped
from app.library.exchange.registry import choose
from app.library.exchange.scale import Scale
from app.library.library import Library

_SAME: Final = 1e-6
_SKIPS: Final = ("missing", "ambiguous", "duplicates", "unreadable", "out_of_scale", "empty")


def plan_import(
    library: Library,
    file: Path,
    *,
    layout: str = "auto",
    path_column: str | None = None,
    score_column: str | None = None,
    scale: Scale | tuple[float, float] | None = None,
    match: Rule = "auto",
    label_set: str | None = None,
    kind: SetKind | None = None,
) -> ImportPlan:
    """What the file would change. `scale` is its worst and best value; None takes the layout's own, and says so.

    Columns are given by name or by number from 1, else guessed. A line whose value is no number or outside the scale,
    whose name fits no image or more than one, or whose image was named before, is listed and left out.

    Raises:
        LibraryError: no layout fits, the file is damaged, a column is not to be found, or the scale is empty.
    """
    if match not in RULES:
        raise LibraryError(f"There is no match rule '{match}'.", f"Use one of {', '.join(RULES)}.")
    declared = Scale(*scale) if isinstance(scale, tuple) else scale
    chosen = choose(file, layout)
    reading = chosen.read(file, Asked(path_column or ("sha256" if match == "hash" else None), score_column))
    name = label_set or reading.label_set or file.stem
    sorter = _Sorter(Index(library), reading, declared or reading.scale, match, name, kind)
    for entry in reading.entries:
        sorter.add(entry)
    matched = tuple(sorter.matched.values())
    own = "" if declared else " (the layout's own; say so if it is another)"
    return ImportPlan(
        file=file,
        layout=chosen.name,
        label_set=name,
        kind=kind or reading.kind,
        scale=declared or reading.scale,
        columns=reading.columns,
        path_column=reading.path_column,
        score_column=reading.score_column,
        report=reading.report,
        notes=(f"{chosen.title}; scale {(declared or reading.scale).text}{own}", *reading.notes),
        matched=matched,
        conflicts=tuple(m for m in matched if _conflicts(m)),
        values=array("d", (e.value for e in reading.entries if isinstance(e.value, float))),
        **{key: tuple(lines) for key, lines in sorter.skipped.items()},
    )


def _conflicts(m: Match) -> bool:
    """Another label with another value; a new value from the same set is an update, no conflict."""
    if m.kind != "mos" or not m.labelled or m.present_mos is None:
        return False
    if m.present_provenance == f"imported:{m.label_set}":
        return False
    return abs(m.present_mos - m.mos) > _SAME


class _Sorter:
    """Sorts a file's lines into those that match and those that do not, each with its reason."""

    def __init__(
        self, index: Index, reading: Reading, scale: Scale, rule: Rule, label_set: str, kind: SetKind | None
    ) -> None:
        self._index, self._reading, self._scale, self._rule = index, reading, scale, rule
        self._label_set, self._kind = label_set, kind
        self._centres = _centres(reading.entries) if scale.kind == "JOD" else {}
        self.matched: dict[tuple[int, str], Match] = {}
        self.skipped: dict[str, list[Skipped]] = {name: [] for name in _SKIPS}

    def add(self, entry: Entry) -> None:
        """Put one line where it belongs."""
        value = entry.value
        if entry.record is not None and value == "":
            self._match(entry, 0.0)  # no label, but something else to bring
        elif isinstance(value, str):
            if value:
                self._skip("unreadable", entry, f"'{value}' is no number")
            else:
                self._skip("empty", entry, "there is no value")
        elif reason := self._outside(entry, value):
            self._skip("out_of_scale", entry, reason)
        else:
            self._match(entry, value)

    def _outside(self, entry: Entry, value: float) -> str:
        scale = self._scale
        for rater, opinion in (entry.ratings or {}).items():
            if not scale.holds(opinion):
                return f"{rater}'s {opinion:g} is outside the scale {scale.low:g} to {scale.high:g}"
        return "" if scale.holds(value) else f"{value:g} is outside the scale {scale.low:g} to {scale.high:g}"

    def _match(self, entry: Entry, value: float) -> None:
        found = self._index.find(entry.name, self._rule, entry.record.sha256 if entry.record else "")
        image = found.image
        how = found.how
        if image is None and entry.record is not None and self._index.empty:
            image, how = _brought(entry), "file brought along"
        if image is None:
            self._skip("ambiguous" if found.ambiguous else "missing", entry, found.how)
            return
        label_set = self._set_of(entry)
        first = self.matched.get((image.id, label_set))
        if first is not None:
            differs = "" if first.raw == value else f" with another value ({first.raw:g}, here {value:g})"
            self._skip("duplicates", entry, f"line {first.line} names the same image{differs}; that one counts")
            return
        self.matched[image.id, label_set] = self._line(entry, value, image, how, label_set)

    def _set_of(self, entry: Entry) -> str:
        """A name that the person gave goes before the file's; its several sets stay apart."""
        if not entry.label_set or self._label_set == self._reading.label_set:
            return entry.label_set or self._label_set
        return f"{self._label_set} {entry.label_set.rpartition(' ')[2]}"

    def _line(self, entry: Entry, value: float, image: Candidate, how: str, label_set: str) -> Match:
        scale, centre = self._scale, self._centres.get(_scene(entry), 0.0) if entry.centre is None else entry.centre
        sd = entry.sd if entry.sd is not None and entry.sd >= 0 else None
        extra: dict[str, Any] = dict(entry.extra or {})
        if sd is not None:
            extra["raw_sd"] = sd
        if scale.kind == "JOD":
            extra["centre"] = centre
        return Match(
            line=entry.line,
            text=entry.name,
            image_id=image.id,
            path=image.path,
            raw=value,
            mos=scale.mos(value, centre),
            sd=None if sd is None else scale.spread(sd, value, centre),
            n=entry.n,
            how=how,
            present_mos=image.mos,
            present_provenance=image.provenance,
            label_set=label_set,
            kind=self._kind or entry.kind or self._reading.kind,
            ratings={r: scale.mos(v, centre) for r, v in entry.ratings.items()} if entry.ratings else None,
            split=entry.split,
            present_split=image.split,
            extra=extra,
            record=entry.record,
        )

    def _skip(self, why: str, entry: Entry, reason: str) -> None:
        self.skipped[why].append(Skipped(entry.line, entry.name, reason))


def _centres(entries: Sequence[Entry]) -> Mapping[tuple[str, str], float]:
    """The mean of each scene's values in the file."""
    values: dict[tuple[str, str], list[float]] = defaultdict(list)
    for entry in entries:
        if isinstance(entry.value, float):
            values[_scene(entry)].append(entry.value)
    return {key: fmean(found) for key, found in values.items()}


def _brought(entry: Entry) -> Candidate:
    """The place of an image that a library without images does not know yet."""
    assert entry.record is not None
    r = entry.record
    return Candidate(-r.id, f"{r.folder}/{r.name}", (), 0, r.sha256, None, "", "")


def _scene(entry: Entry) -> tuple[str, str]:
    return entry.label_set, entry.scene
