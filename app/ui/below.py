"""What the floors below the window say, in the person's language.

Library and engine know no Qt, their words are stored with an act and stand in logs and reports, and there they stay
English. In the window, a sentence that a curator meets every day has its template here. One without stays as it is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from PySide6.QtCore import QCoreApplication

from app.ui import language
from app.ui.below_texts import TEMPLATES

_HOLE = re.compile(r"\\\{\d\\\}")
_KNOWN = 8192
"""Sentences that are remembered: each tile says where its label comes from at every paint."""


def told(text: str) -> str:
    """A sentence of a lower floor as the window says it; what fills its holes is told in the same way."""
    return text if not text or language.current() == language.ENGLISH else _told(text, language.current())


@lru_cache(_KNOWN)
def _told(text: str, code: str) -> str:
    parts = text.split(", ")
    said_parts = [_told(part, code) for part in parts] if len(parts) > 1 else []
    if said_parts and all(said != part for said, part in zip(said_parts, parts, strict=True)):
        return QCoreApplication.translate("below", ", ").join(said_parts)
    for template, pattern in _patterns():
        if found := pattern.fullmatch(text):
            said = QCoreApplication.translate("below", template)
            return text if said == template else said.format(*(_told(part, code) for part in found.groups()))
    return text


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each template with the pattern of what is made from it: known beginnings first, then the most fixed letters."""
    ranked = sorted(TEMPLATES, key=lambda text: (text.startswith("{"), -len(re.sub(r"\{\d\}", "", text))))
    return [(t, re.compile(_HOLE.sub("(.+?)", re.escape(t)), re.DOTALL)) for t in ranked]
