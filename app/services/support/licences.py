"""Everything that runs inside the program, with its version and licence: from the installation, or as a build noted."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from typing import Final

import resources
from engine import __version__

OWN: Final = "fiqa-desktop"
_TEXTS: Final = re.compile(r"^(licen[sc]e|copying|authors|(third.?party)?.?notices?)", re.IGNORECASE)
_EXTRA: Final = re.compile(r"extra\s*==\s*[\"']([^\"']+)")
_NOT_INSIDE: Final = ("dev", "build")
"""Extras of ours that make the program, and are no part of it."""
_LONGEST: Final = 400_000
_LGPL: Final = ("LGPL-3.0.txt", "GPL-3.0.txt")
_NOTES: Final = {
    "pyside6-essentials": "Used under the LGPL 3: Qt's libraries lie in the program's folder and may be replaced.",
    "shiboken6": "Used under the LGPL 3: its libraries lie in the program's folder and may be replaced.",
    "pillow-heif": "Its wheels bring libheif and libde265 (LGPL 3) and x265 (GPL 2 or later); builds hold pi-heif.",
    "pi-heif": "Its wheels bring libheif and libde265 under the LGPL 3; they lie in the program's folder.",
}


@dataclass(frozen=True)
class Component:
    """One part; `text` is all that its licence files say, '' where it brought none."""

    name: str
    version: str
    licence: str
    text: str = ""
    note: str = ""


def components() -> list[Component]:
    """What is inside, by name. A build reads what was noted when it was made."""
    noted = resources.licences()
    if noted.is_file():
        return [Component(**record) for record in json.loads(noted.read_text(encoding="utf-8"))]
    return describe(required())


def required() -> set[str]:
    """The distributions that the installed program needs, with all that those need."""
    found: set[str] = set()
    waiting = [OWN]
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except PackageNotFoundError:
            continue  # an extra that is not installed, or a need of another system
        found.add(name)
        needs = [need for need in distribution.requires or () if _counts(need, name)]
        waiting += [re.split(r"[\s;<>=!~\[(]", need, maxsplit=1)[0] for need in needs]
    return found - {OWN}


def _counts(need: str, of: str) -> bool:
    """Whether a requirement is one of the program; of extras only our own are installed on purpose."""
    extra = _EXTRA.search(need)
    return extra is None or (of == OWN and extra[1] not in _NOT_INSIDE)


def describe(names: Iterable[str]) -> list[Component]:
    """The program, Python, and these distributions."""
    own = Component("FIQA Desktop", __version__, "Apache-2.0", _file(_own_licence()))
    base = Path(sys.base_prefix)
    texts = (base / "LICENSE.txt", base / "lib" / f"python3.{sys.version_info.minor}" / "LICENSE.txt")
    python = Component("Python", platform.python_version(), "PSF-2.0", next(filter(None, map(_file, texts)), ""))
    others = [_describe(importlib.metadata.distribution(name)) for name in {_plain(n) for n in names}]
    return [own, python, *sorted(others, key=lambda part: part.name.lower())]


def written(parts: Iterable[Component]) -> str:
    """All of it as one text."""
    rule = "=" * 100
    blocks = (f"{rule}\n{p.name} {p.version}: {p.licence}\n{p.note}\n{rule}\n\n{p.text.strip()}\n" for p in parts)
    return "\n".join(blocks)


def as_json(parts: Iterable[Component]) -> str:
    """What `components` reads in a build."""
    return json.dumps([asdict(part) for part in parts], ensure_ascii=False)


def _describe(distribution: Distribution) -> Component:
    meta = distribution.metadata
    texts = list(dict.fromkeys(_texts(distribution)))
    note = _NOTES.get(_plain(meta["Name"]), "")
    if "LGPL" in note:
        texts += [_file(resources.licence_text(name)) for name in _LGPL]
    return Component(meta["Name"], distribution.version, _licence(distribution), "\n\n".join(texts)[:_LONGEST], note)


def _licence(distribution: Distribution) -> str:
    """Its SPDX expression, else what the classifiers say, else the first line of the free text."""
    meta = distribution.metadata
    classified = [c.rpartition(" :: ")[2] for c in meta.get_all("Classifier") or () if c.startswith("License ::")]
    written = meta.json
    free = next(iter(str(written.get("license", "")).strip().splitlines()), "")
    known = str(written.get("license_expression", "")) or ", ".join(classified) or free
    return known if len(known) <= 80 else f"{known[:77]}..."


def _texts(distribution: Distribution) -> Iterator[str]:
    """Licence files of its metadata, and those at the top of its packages."""
    for file in distribution.files or ():
        if _TEXTS.search(file.name) and (".dist-info" in file.parts[0] or len(file.parts) == 2):
            yield _file(Path(str(distribution.locate_file(file))))


def _file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _own_licence() -> Path:
    """Beside the packages where the program runs from source."""
    return Path(resources.__file__).resolve().parent.parent / "LICENSE"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
