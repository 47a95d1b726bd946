"""Answers a filter's tree: one bool per row, whole columns at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from app.library.columns import FACTORS, Columns, Objects
from app.library.query.asked import Interval, Mask, Numbers, Presence, State, Words
from app.library.query.context import Context
from app.library.query.fields import Field
from app.library.query.sorting import SUSPECT, Usual, suspicion, unknown_as_nan, usual
from app.library.query.tree import All, Any, Node, Not, Term


def evaluate(node: Node, columns: Columns, context: Context) -> Mask:
    """bool [N]: which rows the tree lets through."""
    if isinstance(node, Not):
        return ~evaluate(node.node, columns, context)
    if isinstance(node, All):
        mask = np.ones(len(columns), dtype=bool)
        for each in node.nodes:
            mask &= evaluate(each, columns, context)
        return mask
    if isinstance(node, Any):
        mask = np.zeros(len(columns), dtype=bool)
        for each in node.nodes:
            mask |= evaluate(each, columns, context)
        return mask
    return _term(node, columns, context)


def _term(term: Term, columns: Columns, context: Context) -> Mask:
    test = term.test
    if isinstance(test, State):
        return _STATES[test.name](columns, context)
    if term.field.name == "rater":
        return _rater(test, columns, context)
    if term.field.kind in ("text", "choice"):
        values = _texts(term.field, columns, context)
        return _present(values, test.wanted) if isinstance(test, Presence) else _words(test, values, term.field)
    numbers = _numbers(term, columns, context)
    if isinstance(test, Presence):
        return np.isnan(numbers) ^ test.wanted
    assert isinstance(test, Interval)
    return test.mask(numbers)


# -- numbers -----------------------------------------------------------------------------------------------------------


def _numbers(term: Term, columns: Columns, context: Context) -> Numbers:
    name = term.field.name
    if name == "score" and term.of:
        return _by_id(context.scores[term.of], columns).astype(np.float32)  # bounds mean what they do for `score`
    if name == "rated":
        return _by_id(context.rated, columns)
    if name == "suspect":
        return suspicion(columns, _test_rows(columns, context), context.usual)
    return _NUMBERS[name](columns)


_NUMBERS: dict[str, Callable[[Columns], Numbers]] = {
    "mos": lambda c: c.mos,
    "score": lambda c: c.comparable,
    "percentile": lambda c: 100 * c.percentile,
    "difference": lambda c: np.abs(c.mos - c.comparable),
    "ratings": lambda c: c.n_ratings.astype(np.float32),
    "spread": lambda c: c.mos_high - c.mos_low,
    "width": lambda c: unknown_as_nan(c.width),
    "height": lambda c: unknown_as_nan(c.height),
    "pixels": lambda c: unknown_as_nan(c.width.astype(np.int64) * c.height),
    "size": lambda c: c.size.astype(np.float64),
    "date": lambda c: c.mtime_ns.astype(np.float64),
    **{name: lambda c, name=name: getattr(c, name) for name in FACTORS},  # type: ignore[misc]
}


def _by_id(values: Mapping[int, float], columns: Columns) -> Numbers:
    # By row, not by value: a patch of few rows costs few look-ups.
    return np.fromiter((values.get(i, math.nan) for i in columns.id.tolist()), dtype=np.float64, count=len(columns))


# -- texts -------------------------------------------------------------------------------------------------------------


def _texts(field: Field, columns: Columns, context: Context) -> Objects:
    if field.name == "note":
        return _texts_by_id(context.notes, columns)
    if field.name == "split":
        return _texts_by_id(context.splits, columns)
    values: Objects = getattr(columns, field.name)
    return values


def _texts_by_id(values: Mapping[int, str], columns: Columns) -> Objects:
    return np.fromiter((values.get(i, "") for i in columns.id.tolist()), dtype=object, count=len(columns))


def usual_difference(columns: Columns, context: Context) -> Usual:
    """What suspicion is measured by among these rows."""
    return usual(columns, _test_rows(columns, context))


def _test_rows(columns: Columns, context: Context) -> Mask:
    return np.asarray(_texts_by_id(context.splits, columns) == "test", dtype=bool)


def _present(values: Objects, wanted: bool) -> Mask:
    return np.asarray((values != "") == wanted, dtype=bool)


def _words(test: object, values: Objects, field: Field) -> Mask:
    assert isinstance(test, Words)
    matches = test.matcher()
    listed: list[str] = values.tolist()
    if field.kind == "choice":
        # Few distinct values on many rows: each is asked once.
        verdict = {value: bool(value) and _choice(matches, value.casefold(), field) for value in set(listed)}
        mask = np.fromiter(map(verdict.__getitem__, listed), bool, len(listed))
    else:
        mask = np.fromiter((matches(value.casefold()) for value in listed), bool, len(listed))
    return ~mask & _present(values, True) if test.outside else mask


def _choice(matches: Callable[[str], bool], value: str, field: Field) -> bool:
    """`provenance:imported` means every label set, `provenance:imported:koniq` one."""
    return matches(value) or (field.name == "provenance" and matches(value.partition(":")[0]))


# -- people and states -------------------------------------------------------------------------------------------------


def _rater(test: object, columns: Columns, context: Context) -> Mask:
    if isinstance(test, Presence):
        found = [*context.raters.values()]
        return _among(columns, found) ^ (not test.wanted)
    assert isinstance(test, Words)
    own = test.text.casefold() == "me"
    matches = Words(context.me, whole=True, literal=True).matcher() if own else test.matcher()
    mask = _among(columns, [ids for name, ids in context.raters.items() if matches(name)])
    return ~mask if test.outside else mask


def _among(columns: Columns, ids: list[np.ndarray]) -> Mask:
    """Whether a row is in one of the sorted arrays."""
    mask = np.zeros(len(columns), dtype=bool)
    for each in ids:
        if len(each):
            mask |= each[np.minimum(np.searchsorted(each, columns.id), len(each) - 1)] == columns.id
    return mask


def _mine(columns: Columns, context: Context) -> Mask:
    return _among(columns, [ids for name, ids in context.raters.items() if name == context.me.casefold()])


_STATES: dict[str, Callable[[Columns, Context], Mask]] = {
    "unlabelled": lambda c, _: np.isnan(c.mos) & ~_present(c.problem, True),
    "labelled": lambda c, _: ~np.isnan(c.mos),
    "rated": lambda c, _: (c.n_ratings > 0) & np.asarray(c.provenance == "human", dtype=bool),
    "mine": _mine,
    "missing": lambda c, _: c.missing,
    "problem": lambda c, _: _present(c.problem, True),
    "flagged": lambda c, _: _present(c.flag, True),
    "suspect": lambda c, context: suspicion(c, _test_rows(c, context), context.usual) > SUSPECT,
    "edited": lambda c, _: np.asarray(c.provenance == "human", dtype=bool),
    "scored": lambda c, _: ~np.isnan(c.score),
}
