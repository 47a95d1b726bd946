"""How a filter may go on at the cursor: fields, then the values that the library has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.library.columns import Columns
from app.library.query.fields import FIELDS, STATES, names
from app.library.schema import FLAGS, REASONS
from engine.groups import SPLITS

_MOST: Final = 30
_BREAKS: Final = " \t()"
_NUMBERS: Final = {
    "number": ("<0.3", ">0.7", "0.4..0.6"),
    "count": (">=3", "0"),
    "size": ("<200kB", ">2MB"),
    "date": (">2026-11-01", "2026-11"),
}


@dataclass(frozen=True)
class Candidate:
    """Put `text` in place of characters `start` to `end`; `hint` says what it is."""

    text: str
    start: int
    end: int
    hint: str = ""


def complete(text: str, cursor: int, values: Mapping[str, Sequence[str]] | None = None) -> list[Candidate]:
    """What may stand at the cursor, the likeliest first, at most 30.

    Args:
        values: per field, the values that the library has (see `vocabulary`).
    """
    known_values = values or {}
    start = _word_start(text, cursor)
    word = text[start:cursor]
    if word.startswith("-"):
        start, word = start + 1, word[1:]
    field_name, colon, begun = word.partition(":")
    if not colon:
        return _fields(word, start, cursor, known_values.get("models", ()))
    field = FIELDS.get(field_name.casefold())
    if field is None:
        return []
    known = _values(field.name, field.kind, known_values)
    at = start + len(field_name) + 1
    typed = begun.lstrip('"').casefold()
    fits = [v for v in known if v.casefold().startswith(typed)]
    fits += [v for v in known if v not in fits and any(w.startswith(typed) for w in v.casefold().split())]
    hints = STATES if field.name == "is" else {}
    return [Candidate(_quoted(v), at, cursor, hints.get(v, "")) for v in fits[:_MOST]]


def vocabulary(columns: Columns, raters: Iterable[str] = (), models: Iterable[str] = ()) -> dict[str, list[str]]:
    """The values that are there, by field; `models` for what follows `score@`."""
    return {
        "group": sorted(set(columns.group.tolist()) - {""}),
        "provenance": sorted(set(columns.provenance.tolist()) - {""}),
        "problem": sorted(set(columns.problem.tolist()) - {""}),
        "rater": ["me", *sorted(raters)],
        "models": sorted(models),
    }


def _fields(word: str, start: int, cursor: int, models: Sequence[str]) -> list[Candidate]:
    begun = word.casefold()
    if begun.startswith("score@"):
        fits = [m for m in models if m.casefold().startswith(begun.removeprefix("score@").lstrip('"'))]
        return [Candidate(f"score@{_quoted(m)}:", start, cursor, "what this model says") for m in fits[:_MOST]]
    found = [n for n in names() if n.startswith(begun)]
    found += [n for n in FIELDS if n not in found and begun and n.startswith(begun)]
    out = [Candidate(f"{n}:", start, cursor, FIELDS[n].help) for n in found]
    if len(word) >= 1:
        out += [Candidate(w, start, cursor, "") for w in ("AND", "OR", "NOT") if w.startswith(word)]
    return out[:_MOST]


def _values(name: str, kind: str, values: Mapping[str, Sequence[str]]) -> list[str]:
    if name == "is":
        return list(STATES)
    if kind in _NUMBERS:
        return [*_NUMBERS[kind], "none", "any"]
    fixed = {"flag": FLAGS, "reason": REASONS, "split": SPLITS}.get(name, ())
    return [*fixed, *values.get(name, ()), "none", "any"]


def _quoted(value: str) -> str:
    return f'"{value}"' if any(c in value for c in _BREAKS) else value


def _word_start(text: str, cursor: int) -> int:
    """Where the word at the cursor begins; an open quotation mark keeps spaces in it."""
    start = cursor
    while start > 0 and text[start - 1] not in _BREAKS:
        start -= 1
    if text[:start].count('"') % 2:
        start = text.rfind('"', 0, start)
        while start > 0 and text[start - 1] not in _BREAKS:
            start -= 1
    return start
