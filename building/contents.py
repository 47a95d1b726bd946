"""What goes into each build. Plain lists, so that a test can hold them against the code without building."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NAME: Final = "fiqa-desktop"
VARIABLE: Final = "FIQA_BUILD"
"""The environment variable that names the build."""

OWN_DATA: Final = ("resources", "app.library.migrations")
"""Packages of ours whose files go in; the migrations also as source, which Alembic reads from the disk."""
WITH_SOURCE: Final = ("app.library.migrations",)
OWN_CODE: Final = ("app", "engine", "resources")
"""Every module of these goes in, however it is imported."""

# Imported by name at run time, where no analysis of the code sees it.
LATE: Final = (
    "logging.config",
    "PySide6.QtOpenGLWidgets",  # by pyqtgraph
    "PySide6.QtSvg",
    "PySide6.QtTest",
    "tensorboardX",
)

# The training side: what the light build is light by.
TRAINING: Final = (
    "torch",
    "torchvision",
    "timm",
    "piq",
    "safetensors",
    "onnxscript",
    "onnx_ir",
    "huggingface_hub",
    "functorch",
    "sympy",
    "mpmath",
    "networkx",
    "jinja2",
    "yaml",
)
# Taken whole: they look for their own files or modules at run time.
WHOLE: Final = ("pi_heif", "tensorboardX")
WHOLE_FOR_TRAINING: Final = ("timm", "torchvision", "onnxscript", "onnx_ir")

WEIGHTS: Final = ("resources/models/*.safetensors",)
"""What a fine-tune starts from; what a light build packs names them (`engine.weights`)."""
PARQUET: Final = ("pyarrow",)
NETWORK: Final = ("_ssl", "ssl")
"""Only the full build fetches anything: first weights, when a recipe asks for them."""
# Nothing of a curator's day: tools of developers, and what only the comparison with other systems needs.
NEVER: Final = (
    "IPython",
    "PyQt5",
    "PyQt6",
    "PySide2",
    "PySide6.QtDBus",
    "PySide6.QtNetwork",
    "PySide6.QtOpenGL",  # see building/without_opengl.py
    "PySide6.QtPrintSupport",
    "_pytest",
    "fvcore",
    "hypothesis",
    "iopath",
    "lightning_fabric",
    "matplotlib",
    "mypy",
    "open_clip",
    "pandas",
    "pillow_heif",  # its wheels bring x265, which is under the GPL; pi_heif reads the same without it
    "pip",
    "pytest",
    "pytestqt",
    "readline",
    "setuptools",
    "sklearn",
    "tensorboard",
    "tkinter",
    "triton",
    "yacs",
)

# Files that no code of ours reaches. CUDA: a torchvision wheel built for it may lie beside a CPU torch.
_WASTE: Final = (
    "*/tests/*",
    "*.dist-info/RECORD",
    "*.dist-info/licenses/*",  # all of them are in licences.json
    "*.dist-info/sboms/*",
    "*libcudart*",
    "*libnvjpeg*",
    "*libcublas*",
    "*libcudnn*",
    "*libcuda.so*",
    "*cudart64*",
    "nvidia/*",
    "libcap.so*",  # libdbus and what it needs: of the desktop's own, to which it speaks
    "libdbus-1.so*",
    "libgcrypt.so*",
    "libgpg-error.so*",
    "liblz4.so*",
    "libsystemd.so*",
    "onnx/backend/test/data/*",
    "onnxruntime/tools/*",
    "onnxruntime/transformers/*",
    "onnxruntime/quantization/*",
    "pyarrow/include/*",
    "pyarrow/src/*",
    "PySide6/*plugins/egldeviceintegrations/*",
    "PySide6/*plugins/generic/*",
    "PySide6/*plugins/networkinformation/*",
    "PySide6/*plugins/platforminputcontexts/*virtualkeyboard*",
    "PySide6/*plugins/platforms/*eglfs*",
    "PySide6/*plugins/platforms/*linuxfb*",
    "PySide6/*plugins/platforms/*minimal*",
    "PySide6/*plugins/platforms/*vkkhrdisplay*",
    "PySide6/*plugins/platforms/*vnc*",
    "PySide6/*plugins/platformthemes/*gtk3*",  # brings all of GTK
    "PySide6/*plugins/sqldrivers/*",
    "PySide6/*plugins/tls/*",
    "PySide6/*qml/*",
    "PySide6/*translations/designer*",
    "PySide6/*translations/linguist*",
    "PySide6/*translations/qt[!b]*",
    "PySide6/*translations/qtbase_[!z]*",  # of Qt's own words only those of a language that the window speaks
    "PySide6/*translations/qtbase_zh_TW*",
    "pyqtgraph/icons/peegee/*",
    "torch/include/*",
    "torch/share/*",
    "torch/bin/*[Tt]est*",
    "torch/bin/protoc*",
    "torch/test/*",
    "torch/lib/*.a",
    "torch/lib/*.lib",
    "torch/utils/benchmark/*",
)


# Compiled by wheels or by a Python that keep their symbols. Libraries that auditwheel has renamed do not survive it.
STRIPPED: Final = (
    "libpython*",
    "*lib-dynload/*",
    "ml_dtypes/*",
    "PIL/*",
    "PySide6/Qt/lib/libicu*",
    "scipy/*",
    "sqlalchemy/*",
    "yaml/*",
)


@dataclass(frozen=True)
class Build:
    """One of the two programs."""

    name: str
    title: str
    trains: bool
    """Whether torch is inside: Fine-tune and Full."""
    parquet: bool
    most_mb: int
    """What the folder may weigh on Linux."""

    @property
    def folder(self) -> str:
        """What its folder is called."""
        return NAME if self.trains else f"{NAME}-{self.name}"

    @property
    def excluded(self) -> tuple[str, ...]:
        """Modules that stay out, whoever imports them."""
        return NEVER + (() if self.trains else TRAINING + NETWORK) + (() if self.parquet else PARQUET)

    def leaves_out(self, place: str) -> bool:
        """Whether a file of ours stays out of it."""
        return not self.trains and _matches(place, WEIGHTS)

    @property
    def whole(self) -> tuple[str, ...]:
        """Packages that go in with all their modules and files."""
        return WHOLE + (WHOLE_FOR_TRAINING if self.trains else ())

    @property
    def hidden(self) -> tuple[str, ...]:
        """Modules that no analysis finds."""
        return LATE + (("piq", "safetensors.torch") if self.trains else ())


FULL: Final = Build("full", "FIQA Desktop", trains=True, parquet=True, most_mb=1300)
LIGHT: Final = Build("light", "FIQA Desktop Light", trains=False, parquet=False, most_mb=350)
BUILDS: Final = {build.name: build for build in (FULL, LIGHT)}


def chosen() -> Build:
    """The build that the environment names; the full one where it names none."""
    return BUILDS[os.environ.get(VARIABLE) or FULL.name]


def is_waste(place: str) -> bool:
    """Whether a file, by its place inside the build, can be left out."""
    return _matches(place, _WASTE)


def is_stripped(place: str) -> bool:
    """Whether the symbols of a compiled file can be taken out."""
    return _matches(place, STRIPPED)


def _matches(place: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(place.replace(os.sep, "/"), pattern) for pattern in patterns)
