"""What can be asked: the fields of the filter language, their other names and the kind of their values."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from app.library.columns import FACTORS
from app.library.query.asked import Kind

Unit = Literal["", "level", "distance"]
"""`level` and `distance` are on the library's display scale."""


@dataclass(frozen=True)
class Field:
    """`need` names what the columns lack for it (see `context`); `help` is for people."""

    name: str
    kind: Kind
    help: str
    other_names: tuple[str, ...] = ()
    unit: Unit = ""
    need: str = ""


STATES: Final = {
    "unlabelled": "has no MOS and could be read",
    "labelled": "has a MOS",
    "rated": "has at least one rating",
    "mine": "labelled by me",
    "missing": "its file is gone",
    "problem": "could not be read",
    "flagged": "has a flag",
    "suspect": "its MOS is far from the score (robust z above 3); never a test image",
    "edited": "its MOS was corrected or rated by a person",
    "scored": "has a score",
}
"""The words after `is:`."""

_ALL: Final = (
    Field("mos", "number", "mean opinion score", unit="level"),
    Field("score", "number", "what the model in use says; score@NAME: another model", ("student",), "level"),
    Field("percentile", "number", "0 to 100, while scores are shown as percentiles: the share of the reference below"),
    Field("difference", "number", "distance of MOS and score", ("diff", "disagreement"), "distance"),
    Field("suspect", "number", "robust z-score of MOS - score"),
    Field("ratings", "count", "how many ratings", ("n",)),
    Field("spread", "number", "width of the MOS's 95 % interval", unit="distance"),
    Field("name", "text", "file name"),
    Field("path", "text", "path of the file", ("folder",)),
    Field("group", "choice", "person or cluster", ("person",)),
    Field("split", "choice", "train, val, cal or test", need="split"),
    Field("provenance", "choice", "human, imported"),
    Field("rater", "choice", "who labelled it", need="rater"),
    Field("flag", "choice", "pick, unsure, reject"),
    Field("reason", "choice", "why it is flagged"),
    Field("note", "text", "text of the note", need="note"),
    Field("problem", "text", "why it could not be read"),
    Field("width", "count", "pixels"),
    Field("height", "count", "pixels"),
    Field("pixels", "count", "width x height"),
    Field("size", "size", "of the file: 200kB, 2MB"),
    Field("date", "date", "when the file was changed", ("changed",)),
    Field("rated", "date", "when it was last labelled", need="rated"),
    *(Field(name, "number", "quality factor, 0 to 1") for name in FACTORS),
    Field("is", "state", ", ".join(STATES)),
)
FIELDS: Final = {name: field for field in _ALL for name in (field.name, *field.other_names)}
"""By every name that may be written."""


def names() -> list[str]:
    """The first name of every field, in the order in which they are proposed."""
    return [field.name for field in _ALL]


def nearest(word: str, known: Iterable[str]) -> str:
    """'Did you mean ...?' where a known word is near, else ''."""
    found = difflib.get_close_matches(word.casefold(), list(known), n=1)
    return f"Did you mean '{found[0]}'?" if found else ""
