"""Turns the value of a term, as it was written, into a test."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from app.library.query.asked import Interval, Presence, State, Test, Words
from app.library.query.errors import QueryError
from app.library.query.fields import STATES, Field, nearest
from app.library.query.words import Token

Scale = tuple[float, float]
NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_SIZE: Final = re.compile(r"(\d+\.?\d*|\.\d+)\s*([kmgt]?i?b?)", re.IGNORECASE)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_UNITS: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SHOWN_DIGITS: Final = 2
"""Scores and MOS are shown with two digits; what is shown as 0.50 is found by `0.5`."""
_PRESENT: Final = {"any": True, "none": False}


def test_of(field: Field, token: Token, scale: Scale) -> Test:
    """The test that a term asks for.

    Raises:
        QueryError: the value does not suit the field.
    """
    if not token.value and not token.quoted:
        hint = f"Write for example {field.name}:{_EXAMPLES[field.kind]}."
        raise QueryError(f"'{field.name}' needs a value.", token.start, token.end - token.start, hint)
    if field.kind == "state":
        return _state(token)
    if not token.quoted and not token.operator and token.value.casefold() in _PRESENT:
        return Presence(_PRESENT[token.value.casefold()])
    if field.kind in ("text", "choice"):
        return _words(field, token)
    return _interval(field, token, scale)


_EXAMPLES: Final = {
    "number": "<0.3",
    "count": ">=3",
    "size": ">2MB",
    "date": ">2026-11-01",
    "text": "anna",
    "choice": "reject",
    "state": "unlabelled",
}


def _state(token: Token) -> State:
    name = token.value.casefold()
    if name not in STATES:
        hint = nearest(name, STATES) or f"Use one of {', '.join(STATES)}."
        raise QueryError(f"There is no 'is:{token.value}'.", token.value_at, len(token.value), hint)
    return State(name)


def _words(field: Field, token: Token) -> Words:
    if token.operator not in ("", "=", "!="):
        at = token.value_at - len(token.operator)
        raise QueryError(
            f"'{field.name}' is a text and cannot be compared by '{token.operator}'.",
            at,
            len(token.operator),
            "Use ':' to find texts that contain a word, ':=' for the whole text.",
        )
    whole = field.kind == "choice" or token.operator == "="
    return Words(token.value, whole=whole, literal=token.quoted, outside=token.operator == "!=")


def _interval(field: Field, token: Token, scale: Scale) -> Interval:
    low_text, dots, high_text = token.value.partition("..")
    if dots:
        if token.operator not in ("", "="):
            raise _error(token, f"A range cannot follow '{token.operator}'.", "Write for example 0.2..0.4.")
        low = _ends(field, token, low_text, scale)[0] if low_text else -float("inf")
        high, whole = _ends(field, token, high_text, scale)[1:] if high_text else (float("inf"), True)
        if low > high:
            raise _error(token, "The range ends before it begins.", f"Write {high_text}..{low_text}.")
        if field.kind != "date" and high_text:
            high = _ends(field, token, high_text, scale)[0]
        return Interval(low, high, with_high=whole)
    low, high, whole = _ends(field, token, token.value, scale)
    if token.operator in ("", "=", "!="):
        near_low, near_high = _near(field, token.value, low, high, scale)
        return Interval(near_low, near_high, with_high=whole, outside=token.operator == "!=")
    return {
        "<": Interval(high=low, with_high=False),
        "<=": Interval(high=high, with_high=whole),
        ">": Interval(low=high, with_low=not whole),
        ">=": Interval(low=low),
    }[token.operator]


def _ends(field: Field, token: Token, text: str, scale: Scale) -> tuple[float, float, bool]:
    """The first and last number that a value means, and whether the last belongs to it; a day is a whole day."""
    if field.kind == "date":
        first, after = _date(token, text)
        return first, after, False
    value = _size(token, text) if field.kind == "size" else _number(token, text)
    low, high = scale
    if field.unit == "level":
        value = (value - low) / (high - low)
    elif field.unit == "distance":
        value = value / abs(high - low)
    return value, value, True


def _near(field: Field, text: str, low: float, high: float, scale: Scale) -> tuple[float, float]:
    """For a number, what is shown like it; a size to its last digit, a count exactly."""
    if field.kind == "number":
        digits = max(_SHOWN_DIGITS, len(text.partition(".")[2]))
        half = 0.5 * 10.0**-digits / (abs(scale[1] - scale[0]) if field.unit else 1.0)
        return low - half, high + half
    if field.kind == "size" and (found := _SIZE.fullmatch(text)):
        unit = _UNITS[found.group(2)[:1].casefold() if found.group(2).casefold() != "b" else ""]
        half = 0.5 * unit * 10.0 ** -len(found.group(1).partition(".")[2]) if unit > 1 else 0.0
        return low - half, high + half
    return low, high


def _number(token: Token, text: str) -> float:
    if not NUMBER.fullmatch(text):
        hint = f"Write {text.replace(',', '.')}." if NUMBER.fullmatch(text.replace(",", ".")) else "Write 0.5 or <0.3."
        raise _error(token, f"'{text}' is no number.", hint)
    return float(text)


def _size(token: Token, text: str) -> float:
    found = _SIZE.fullmatch(text)
    if not found:
        raise _error(token, f"'{text}' is no file size.", "Write for example 200kB or >2MB.")
    unit = found.group(2).casefold()
    power = _UNITS[unit[:1] if unit != "b" else ""]
    if "i" in unit:
        power = 1024 ** list(_UNITS).index(unit[0])
    return float(found.group(1)) * power


def _date(token: Token, text: str) -> tuple[float, float]:
    """Nanoseconds since 1970 at the local beginning of a year, month or day, and of the next one."""
    found = _DATE.fullmatch(text)
    year, month, day = (int(part) if part else 0 for part in found.groups()) if found else (0, 0, 0)
    try:
        first = datetime(year, month or 1, day or 1)
        if day:
            after = first + timedelta(days=1)
        else:
            after = datetime(year + (month in (0, 12)), 1 if month in (0, 12) else month + 1, 1)
        return first.timestamp() * 1e9, after.timestamp() * 1e9
    except (ValueError, OverflowError, OSError):
        raise _error(token, f"'{text}' is no date.", "Write 2026, 2026-11 or 2026-11-25.") from None


def _error(token: Token, message: str, remedy: str) -> QueryError:
    return QueryError(message, token.value_at, token.end - token.value_at, remedy)
