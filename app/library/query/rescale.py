"""Writes a filter anew on another display scale, so that it goes on asking for the same quality."""

from __future__ import annotations

from collections.abc import Callable

from app.library.query.errors import QueryError
from app.library.query.fields import FIELDS, Unit
from app.library.query.values import NUMBER, Scale
from app.library.query.words import tokens


def rescaled(text: str, scale: Scale, to: Scale, *, not_as_mos: Callable[[str], bool] = lambda _name: False) -> str:
    """A filter whose numbers are on `scale`, with them on `to`; what has no level or distance in it stays as it is.

    So does `score@NAME` where `not_as_mos(NAME)`: those scores have a scale of their own. A bound keeps its meaning
    exactly; `mos:0.5` asks for what is shown like it, on either scale.
    """
    if scale == to:
        return text
    out, at = [], 0
    try:
        for token in tokens(text):  # not the tree, which no longer knows how a filter was written
            field = FIELDS.get(token.field.casefold())
            own_scale = bool(token.of) and not_as_mos(token.of)
            if token.kind == "term" and field is not None and field.unit and not own_scale:
                begin = token.value_at + token.quoted
                out += [text[at:begin], _moved(token.value, field.unit, scale, to)]
                at = begin + len(token.value)
    except QueryError:
        return text  # whoever asks by it is told what is wrong with it
    return "".join([*out, text[at:]])


def _moved(value: str, unit: Unit, scale: Scale, to: Scale) -> str:
    return "..".join(_number(part, unit, scale, to) for part in value.split(".."))


def _number(written: str, unit: Unit, scale: Scale, to: Scale) -> str:
    if not NUMBER.fullmatch(written):
        return written  # `any`, `none`, an open end
    stretch = (to[1] - to[0]) / (scale[1] - scale[0])
    number = float(written) * stretch if unit == "distance" else to[0] + (float(written) - scale[0]) * stretch
    return f"{number:.12g}"
