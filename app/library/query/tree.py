"""A filter as a tree of typed nodes."""

from __future__ import annotations

from dataclasses import dataclass

from app.library.query.asked import Test
from app.library.query.fields import Field


@dataclass(frozen=True)
class Term:
    """One question to one field; `of` names the model of a model's score."""

    field: Field
    test: Test
    of: str = ""


@dataclass(frozen=True)
class Not:
    """The rows that the inner node leaves out."""

    node: Node


@dataclass(frozen=True)
class All:
    """The rows that every node lets through; all rows where there is none."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Any:
    """The rows that at least one node lets through."""

    nodes: tuple[Node, ...]


Node = Term | Not | All | Any
