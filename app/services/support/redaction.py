"""Names out of a text: each becomes a token that is the same wherever that name stands, and tells nothing.

A token is a keyed hash. The key never leaves the machine, so nobody can try likely names against it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

_PICTURES: Final = "jpe?g|jpe|jfif|a?png|webp|tiff?|bmp|gif|jp2|j2k|jpx|avif|hei[cf]|hif"
_ENDINGS: Final = f"{_PICTURES}|csv|tsv|jsonl?|xlsx|parquet|zip|mat"
_ENDING: Final = re.compile(rf"\.(?:{_ENDINGS})(?!\w|\.\w)", re.IGNORECASE)
_LONGEST: Final = 400
"""Characters of a name or path that are looked at before its ending."""
_ROOT: Final = r"(?<![\w<>/.])(?:file://)?(?:[A-Za-z]:[\\/]|\\\\|~[\\/]|/(?=[^\s/]))"
_PATH: Final = re.compile(rf"""{_ROOT}[^'"<>|:*?]*?\.(?:{_ENDINGS})(?!\w|\.\w)|{_ROOT}[^\s'"<>|:*?]*""", re.IGNORECASE)
"""A path: up to the first ending of a file that we read or write, spaces included, else up to a space."""
_BARE: Final = re.compile(
    rf"""(?<=')[^'<>|/\\]+\.(?:{_ENDINGS})(?=')|[^\s'"<>|:/\\(),;=\[\]]+\.(?:{_ENDINGS})(?!\w|\.\w)""", re.IGNORECASE
)
_OWN_FILES: Final = re.compile(
    r"^(manifest|predictions|errors|events|report|state|job|control|calibrator|estimate|pseudo\d*|student-\w+|window)\.\w+$"
)
_WORD: Final = re.compile(r"[a-z0-9_]+|[^\x00-\x7f]")
"""Where a name may begin: scripts that write no spaces count letter by letter."""
_Phrase = tuple[str, str, int]
"""A text in small letters, what it is, and where its first word begins."""
_SHORTEST: Final = 3
"""Bytes of a name that is looked for as a word: shorter ones would hit words of the language."""


class Redactor:
    """Knows what is private; `text` and `value` give copies without it."""

    def __init__(
        self,
        key: str,
        *,
        files: Iterable[str] = (),
        folders: Iterable[str] = (),
        people: Iterable[str] = (),
        words: Iterable[str] = (),
        places: Mapping[str, Path] | None = None,
    ) -> None:
        """`places` are folders of the program, by the name that stands for them; what lies below keeps its name."""
        self._key = key.encode()
        self._files = set(files)
        found = [(f, "folder") for f in folders] + [(p, "name") for p in people] + [(w, "words") for w in words]
        self._phrases = _by_first_word((text, kind) for text, kind in found if len(text.encode()) >= _SHORTEST)
        self._places = sorted(((str(p), n) for n, p in (places or {}).items()), key=lambda pair: -len(pair[0]))

    def token(self, kind: str, text: str) -> str:
        """What stands for a text: `<file-3f9a21c4>`."""
        return f"<{kind}-{hmac.new(self._key, text.casefold().encode(), hashlib.sha256).hexdigest()[:8]}>"

    def text(self, text: str) -> str:
        """A text without names."""
        return "\n".join(self._line(line) for line in text.split("\n"))

    def value(self, value: Any) -> Any:
        """The same in data as JSON has it: strings and keys."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(k)): self.value(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(v) for v in value]
        return value

    def _line(self, line: str) -> str:
        line = self._known_files(line)
        for place, name in self._places:
            line = line.replace(place, f"<{name}>")
        line = self._known_phrases(line)
        line = _PATH.sub(lambda m: self.token("path", m[0]), line)
        return _BARE.sub(lambda m: m[0] if _OWN_FILES.match(m[0]) else self.token("file", m[0]), line)

    def _known_files(self, line: str) -> str:
        """Names that the library knows, whatever spaces they hold: the longest that ends at each ending."""
        if not self._files:
            return line
        parts, done = [], 0
        for match in _ENDING.finditer(line):
            first = max(done, match.end() - _LONGEST)
            found = next((at for at in range(first, match.start()) if line[at : match.end()] in self._files), None)
            if found is not None:
                parts += [line[done:found], self.token("file", line[found : match.end()])]
                done = match.end()
        return "".join([*parts, line[done:]])

    def _known_phrases(self, line: str) -> str:
        """People, folders and what people typed, wherever they stand as whole words."""
        lower, parts, done = _lower(line), [], 0
        for word in _WORD.finditer(lower):
            for phrase, kind, offset in self._phrases.get(word[0], ()):
                at = word.start() - offset
                if at >= done and _starts(lower, at, phrase):
                    parts += [line[done:at], self.token(kind, line[at : at + len(phrase)])]
                    done = at + len(phrase)
                    break
        return "".join([*parts, line[done:]])


def _lower(text: str) -> str:
    """In small letters, each at its place: the few that would become two ("İ") stay as they are."""
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _by_first_word(texts: Iterable[tuple[str, str]]) -> dict[str, list[_Phrase]]:
    """Phrases by the first word in them, the longest first, so that ten thousand names cost no more than ten."""
    index: dict[str, list[_Phrase]] = {}
    for text, kind in sorted(set(texts), key=lambda pair: -len(pair[0])):
        lower = _lower(text)
        if (word := _WORD.search(lower)) is not None:
            index.setdefault(word[0], []).append((lower, kind, word.start()))
    return index


def _starts(line: str, at: int, phrase: str) -> bool:
    """Whether the phrase stands there as a whole."""
    end = at + len(phrase)
    if at < 0 or not line.startswith(phrase, at):
        return False
    edges = line[at - 1 : at + 1] if at else "", line[end - 1 : end + 1]
    return not any(len(edge) == 2 and edge.isascii() and edge.isalnum() for edge in edges)
