"""What ships with the program: models, sample faces, icons. Imports nothing of the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class BundledModel:
    """A model that ships with the program, and the short name by which a person means it."""

    name: str

    @property
    def bundle(self) -> Path:
        """The .onnx bundle, which scores."""
        return _HERE / "models" / f"{self.name}.onnx"

    @property
    def weights(self) -> Path:
        """The safetensors checkpoint, which a fine-tune starts from."""
        return _HERE / "models" / f"{self.name}.safetensors"


BUNDLED: Final[Mapping[str, BundledModel]] = {name: BundledModel(name) for name in ("student", "fast")}
"""By name; the default first."""


def default_model() -> Path:
    """The bundle of the bundled student, which scores until somebody chooses another."""
    return BUNDLED["student"].bundle


def default_checkpoint() -> Path:
    """The bundled student's weights for fine-tuning, safetensors."""
    return BUNDLED["student"].weights


def niqe_model() -> Path:
    """NIQE's pristine model, learned from openly licensed faces; its origin in README.md beside it."""
    return _HERE / "baselines" / "niqe.npz"


def samples() -> Path:
    """A folder of openly licensed sample faces; credits in its CREDITS.md."""
    return _HERE / "samples"


def icons() -> Path:
    """SVG icons."""
    return _HERE / "icons"


def style_sheet() -> Path:
    """The window's Qt style sheet, a template (`app.ui.theme`)."""
    return _HERE / "style" / "window.qss"


def translations() -> Path:
    """`fiqa_<language>.ts`, what Qt Linguist edits, and `.qm`, what the window loads."""
    return _HERE / "translations"


def icon() -> Path:
    """The program's own icon, 256 px."""
    return _HERE / "icons" / "fiqa-desktop.png"


def licence_text(name: str) -> Path:
    """The text of a licence that a bundled package names and does not bring."""
    return _HERE / "licences" / name


def licences() -> Path:
    """What a build holds, with its licences (JSON); only builds have it, see `app.services.support.licences`."""
    return _HERE / "licences.json"
