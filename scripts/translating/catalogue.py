"""One .ts file of Qt Linguist: what is translated, what is missing, and what a translation has broken."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTranslator

from scripts.translating.strings import Text

_PLACES = re.compile(r"\{[^{}]*\}|%L?n|%L?\d|</?[a-z]\w*[^>]*>")
_KEY = re.compile(r"&(\w)")
_CHINESE = r"[\u4e00-\u9fff\u3001\u3002\uff01-\uff5e\u201c\u201d]"
_HALF_WIDTH = re.compile(rf"{_CHINESE}([,;:!?]|\.(?![\w*])|\((?!&))|(?<!\(&\w)\)[\u4e00-\u9fff]")
_ENDS = {"…": "…", ":": "：", ".": "。", "?": "？", "!": "！"}


@dataclass(frozen=True)
class Entry:
    """A message of the file: as many `forms` as the language has plural forms, else one."""

    text: Text
    forms: tuple[str, ...]
    finished: bool


def read(file: Path) -> list[Entry]:
    """All messages of a .ts file that are in use."""
    found = []
    for context in ET.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            kind = "" if translation is None else translation.get("type", "")
            if translation is None or kind in ("vanished", "obsolete"):
                continue
            plural = message.get("numerus") == "yes"
            forms = [f.text or "" for f in translation.iter("numerusform")] if plural else [translation.text or ""]
            text = Text(
                context.findtext("name", ""), message.findtext("source", ""), message.findtext("comment", ""), plural
            )
            found.append(Entry(text, tuple(forms), kind != "unfinished" and all(forms)))
    return found


def faults(texts: Iterable[Text], file: Path) -> list[str]:
    """What is wrong with a .ts file and with the .qm beside it, for the strings of the code; empty: nothing."""
    asked, entries = {t: t.where for t in texts}, {e.text: e for e in read(file)}
    found = [f"missing: {_named(t)} ({asked[t]})" for t in sorted(asked.keys() - entries.keys())]
    found += [f"no longer in the code: {_named(t)}" for t in sorted(entries.keys() - asked.keys())]
    for text, entry in entries.items():
        if not entry.finished:
            found.append(f"unfinished: {_named(text)}")
        for form in filter(None, entry.forms):
            found += [f"{why}: {_named(text)} -> {form!r}" for why in _broken(text.source, form)]
    return [f"{file.name}: {fault}" for fault in (*found, *_stale(entries.values(), file.with_suffix(".qm")))]


def _named(text: Text) -> str:
    return f"{text.context} {text.source!r}" + (f" [{text.comment}]" if text.comment else "")


def _broken(source: str, translation: str) -> Iterator[str]:
    """Why a translation does not fit its source."""
    if Counter(_PLACES.findall(source)) != Counter(_PLACES.findall(translation)):
        yield "other placeholders or tags"
    if source.count("\n") != translation.count("\n"):
        yield "another number of lines"
    if len(_KEY.findall(source)) != len(_KEY.findall(translation)):
        yield "a mnemonic (&) too many or too few"
    for end, own in _ENDS.items():
        if end == "." and " " not in source:  # an abbreviation
            continue
        if source.rstrip().endswith(end) != translation.rstrip().endswith((end, own)):
            yield f"only one of both ends with '{end}'"
    if (len(source) - len(source.lstrip()), len(source) - len(source.rstrip())) != (
        len(translation) - len(translation.lstrip()),
        len(translation) - len(translation.rstrip()),
    ) and not source.startswith((", ", "; ")):
        yield "other spaces at an end"
    if _HALF_WIDTH.search(translation):
        yield "half-width punctuation beside Chinese"


def _stale(entries: Iterable[Entry], compiled: Path) -> Iterator[str]:
    """Whether the program would show something else than the .ts says: one line is enough."""
    translator = QTranslator()
    if not translator.load(str(compiled)):
        yield f"{compiled.name} is missing or cannot be read: run scripts/translations.py"
        return
    for entry in entries:
        text = entry.text
        said = translator.translate(text.context, text.source, text.comment or None, 1 if text.plural else -1)
        if entry.finished and said != entry.forms[0]:
            yield f"{compiled.name} is older than the .ts: run scripts/translations.py"
            return


def fill(file: Path, given: dict[str, dict[str, str | list[str]]]) -> int:
    """Write translations into the unfinished messages of a file, by context and source; returns how many."""
    tree, count = ET.parse(file), 0
    for context in tree.getroot().iter("context"):
        known = given.get(context.findtext("name", ""), {})
        for message in context.iter("message"):
            value, translation = known.get(message.findtext("source", "")), message.find("translation")
            if not value or translation is None:
                continue
            forms = list(translation.iter("numerusform"))
            for place, text in zip(forms or [translation], [value] if isinstance(value, str) else value, strict=True):
                place.text = text
            translation.attrib.pop("type", None)
            count += 1
    tree.write(file, encoding="utf-8", xml_declaration=True)
    return count
