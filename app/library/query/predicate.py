"""A filter that can be asked about rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.library.columns import Columns
from app.library.query.asked import Interval, Mask, Presence, State
from app.library.query.context import Context
from app.library.query.evaluate import evaluate
from app.library.query.parser import parse
from app.library.query.tree import All, Any, Node, Not, Term
from app.library.query.values import Scale

_NO_CONTEXT = Context()
_OF_LABELLED = ("labelled", "suspect")
_STATE_NEEDS = {"mine": "rater", "suspect": "split"}


@dataclass(frozen=True)
class Predicate:
    """A filter as it was understood. Calling it gives bool [N], one per row.

    `needs` names what `load_context` must have read; where it is empty, no context is needed. Images whose file is gone
    are left out, unless the filter asks for them by `is:missing`. With `only_labelled` it lets no row without a MOS
    through, so that the others need not be read.
    """

    text: str
    tree: Node
    needs: frozenset[str]
    shows_missing: bool
    only_labelled: bool

    def __call__(self, columns: Columns, context: Context = _NO_CONTEXT) -> Mask:
        mask = evaluate(self.tree, columns, context)
        return mask if self.shows_missing else mask & ~columns.missing

    def of(self, columns: Columns, context: Context = _NO_CONTEXT) -> int:
        """How many rows it lets through."""
        return int(np.count_nonzero(self(columns, context)))


def compile_query(text: str, scale: Scale = (0.0, 1.0)) -> Predicate:
    """Understand a filter.

    Args:
        scale: what MOS 0 and 1 are called in the window.

    Raises:
        QueryError: it cannot be understood; says where and why.
    """
    tree = parse(text, scale)
    terms = list(_terms(tree))
    needs = frozenset(need for term in terms if (need := _need(term)))
    shows_missing = any(isinstance(t.test, State) and t.test.name == "missing" for t in terms)
    return Predicate(text, tree, needs, shows_missing, _only_labelled(tree))


def _only_labelled(node: Node) -> bool:
    if isinstance(node, All):
        return any(map(_only_labelled, node.nodes))
    if isinstance(node, Any):
        return bool(node.nodes) and all(map(_only_labelled, node.nodes))
    if isinstance(node, Not):
        return False
    if isinstance(node.test, State):
        return node.test.name in _OF_LABELLED
    if node.field.name not in ("mos", "difference", "suspect"):
        return False
    return node.test.wanted if isinstance(node.test, Presence) else isinstance(node.test, Interval)


def _terms(node: Node) -> Iterator[Term]:
    if isinstance(node, Term):
        yield node
        return
    for inner in (node.node,) if isinstance(node, Not) else node.nodes:
        yield from _terms(inner)


def _need(term: Term) -> str:
    if isinstance(term.test, State):
        return _STATE_NEEDS.get(term.test.name, "")
    if term.of:
        return f"score@{term.of}"
    return "split" if term.field.name == "suspect" else term.field.need
