"""What a person means who names a model on a command line: one that ships with the program, or a file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import resources
from engine.errors import UserError

KNOWN: Final = ", ".join(resources.BUNDLED)
HELP: Final = f"A bundle (.onnx), or one that comes with the program ({KNOWN})"
"""Of options that take a bundle."""


def bundle_path(given: str) -> Path:
    """The bundle of a model: the name of one that ships with the program, or a file; '' is the default.

    A name wins over a file in this folder that is called the same (`./fast` means the file).

    Raises:
        UserError: it is neither. A file with a suffix is left to `read_bundle`, which says what is wrong with it.
    """
    if not given:
        return resources.default_model()
    if (known := resources.BUNDLED.get(given)) is not None:
        return known.bundle
    path = Path(given)
    if not path.suffix and not path.exists():
        raise unknown(given)
    return path


def weights_path(given: str) -> Path:
    """The checkpoint of a model, which a training can start from: by the same names, or a file; '' is the default.

    Raises:
        UserError: it is neither.
    """
    if not given:
        return resources.default_checkpoint()
    if (known := resources.BUNDLED.get(given)) is not None:
        return known.weights
    if not Path(given).is_file():
        raise UserError(f"There is no checkpoint '{given}'.", f"Give a file (.safetensors), or one of {KNOWN}.")
    return Path(given)


def unknown(given: str, others: Iterable[str] = ()) -> UserError:
    """What is said of a name that nobody knows; `others` are further names that would have been understood there."""
    names = [*resources.BUNDLED, *others]
    near = difflib.get_close_matches(given, names, n=1)
    hint = f"Did you mean '{near[0]}'? " if near else ""
    return UserError(f"There is no model '{given}'.", f"{hint}Give a bundle (.onnx), or one of {', '.join(names)}.")
