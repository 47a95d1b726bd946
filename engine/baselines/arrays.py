"""Small models as .npz files: arrays and one JSON text, written whole, read without pickles."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.atomic import replacing
from engine.baselines.contract import NotFittedError

_ABOUT: Final = "about"


def write(path: Path, arrays: Mapping[str, npt.NDArray[Any]], about: Mapping[str, Any]) -> None:
    """Write arrays and, as JSON, what they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial, partial.open("wb") as stream:
        named: dict[str, Any] = {_ABOUT: np.array(json.dumps(about, sort_keys=True)), **arrays}
        np.savez_compressed(stream, **named)
        stream.flush()
        os.fsync(stream.fileno())


def read(path: Path, kind: str, names: tuple[str, ...]) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """The arrays `names` and what they are; `kind` must stand in the file.

    Raises:
        NotFittedError: no such file, damaged, or of another kind.
    """
    try:
        with np.load(path, allow_pickle=False) as found:
            about = json.loads(str(found[_ABOUT]))
            arrays = {name: found[name] for name in names}
    except FileNotFoundError:
        raise NotFittedError(f"There is no fitted {kind} model {path}.") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise NotFittedError(f"{path} is no {kind} model, or it is damaged ({error}).") from error
    if about.get("kind") != kind:
        raise NotFittedError(f"{path} is no {kind} model (it holds '{about.get('kind')}').")
    return arrays, about
