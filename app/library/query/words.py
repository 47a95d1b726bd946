"""Cuts the text of a filter into tokens that know where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.library.query.errors import QueryError

Kind = Literal["(", ")", "and", "or", "not", "term", "end"]
Operator = Literal["", "<", "<=", ">", ">=", "=", "!="]

_OPERATORS: Final = ("<=", ">=", "!=", "<", ">", "=")
_FIELD: Final = re.compile(r"([A-Za-z_]+)(?:@(\"[^\"]*\"|[^\s:<>=!()\"]+))?(?::|(?=<=|>=|!=|<|>|=))")
_STOPS: Final = ' \t\r\n()"'
_WORDS: Final[dict[str, Kind]] = {"AND": "and", "OR": "or", "NOT": "not"}


@dataclass(frozen=True)
class Token:
    """One piece of the text, characters `start` to `end`; the last five are those of a term, as written.

    `value_at` is where the value begins; `quoted` means that it is taken literally.
    """

    kind: Kind
    start: int
    end: int
    field: str = ""
    of: str = ""
    operator: Operator = ""
    value: str = ""
    quoted: bool = False
    value_at: int = 0


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, an `end` token last.

    Raises:
        QueryError: a quotation mark is not closed.
    """
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            yield Token("end", len(text), len(text))
            return
        token = _next(text, at)
        yield token
        at = token.end


def _next(text: str, at: int) -> Token:
    if text[at] == "(":
        return Token("(", at, at + 1)
    if text[at] == ")":
        return Token(")", at, at + 1)
    if text[at] == "-" and at + 1 < len(text) and text[at + 1] not in " \t)":
        return Token("not", at, at + 1)
    end = _word_end(text, at)
    if (kind := _WORDS.get(text[at:end])) is not None:
        return Token(kind, at, end)
    return _term(text, at)


def _term(text: str, start: int) -> Token:
    field = of = ""
    at = start
    if found := _FIELD.match(text, at):
        field, of, at = found.group(1), (found.group(2) or "").strip('"'), found.end()
    operator: Operator = ""
    if field:
        operator = next((o for o in _OPERATORS if text.startswith(o, at)), "")
        at += len(operator)
    if at < len(text) and text[at] == '"':
        close = text.find('"', at + 1)
        if close < 0:
            raise QueryError("The quotation mark is not closed.", at, len(text) - at, 'Add a " at the end.')
        return Token("term", start, close + 1, field, of, operator, text[at + 1 : close], True, at)
    end = _word_end(text, at)
    return Token("term", start, end, field, of, operator, text[at:end], False, at)


def _word_end(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] not in _STOPS:
        end += 1
    return end
