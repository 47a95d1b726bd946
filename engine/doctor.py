"""`fiqa doctor`: what is installed, what is wrong, how to mend it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import platformdirs

import resources
from engine import __version__
from engine.errors import UserError

Verdict = Literal["ok", "note", "wrong"]
_CORE: Final = (
    "numpy",
    "scipy",
    "pillow",
    "onnx",
    "onnxruntime",
    "pydantic",
    "pyarrow",
    "PySide6-Essentials",
    "sqlalchemy",
)
_TRAIN: Final = ("torch", "torchvision", "timm", "piq", "safetensors", "onnxscript")
_LITTLE_DISK: Final = 2 << 30


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    verdict: Verdict
    subject: str
    detail: str
    remedy: str = ""


def version(package: str) -> str | None:
    """The installed version of a distribution, None if it is absent."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def examine() -> Iterator[Finding]:
    """All findings, without importing torch."""
    yield Finding("ok", "FIQA Desktop", f"{__version__} on Python {platform.python_version()}, {platform.platform()}")
    yield from _packages()
    yield from _torch_pair()
    yield from _providers()
    yield from _model()
    yield from _places()


def _packages() -> Iterator[Finding]:
    for name in _CORE:
        found = version(name)
        if found:
            yield Finding("ok", name, found)
        else:
            yield Finding("wrong", name, "not installed", "Run 'make setup' or 'pip install fiqa-desktop'.")
    absent = [name for name in _TRAIN if version(name) is None]
    if absent:
        text = f"not installed: {', '.join(absent)}; scoring and labelling work, training does not"
        yield Finding("note", "training", text, "pip install 'fiqa-desktop[train]'")
    else:
        yield Finding("ok", "training", ", ".join(f"{name} {version(name)}" for name in _TRAIN))


def _torch_pair() -> Iterator[Finding]:
    torch, vision = version("torch"), version("torchvision")
    if not (torch and vision):
        return
    torch_is_cpu = "+cpu" in torch
    # torchvision's own metadata does not tell its build; a CUDA build carries its CUDA runtime libraries' names.
    spec = importlib.util.find_spec("torchvision")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    cuda_vision = folder is not None and _mentions_cuda(folder)
    if torch_is_cpu and cuda_vision:
        yield Finding(
            "note",
            "torch/torchvision",
            "torch is a CPU build, torchvision a CUDA build; its compiled operators cannot load. "
            "FIQA works around it; other programs in this environment may fail with 'torchvision::nms does not exist'",
            "Install both from one index, for instance PyTorch's CPU wheels.",
        )


def _mentions_cuda(folder: Path) -> bool:
    try:
        text = (folder / "version.py").read_text(encoding="utf-8")
    except OSError:
        return False
    return "cuda" in text and "cuda = None" not in text and "+cpu" not in text


def _providers() -> Iterator[Finding]:
    try:
        import onnxruntime
    except ImportError:
        return
    names = [n.removesuffix("ExecutionProvider") for n in onnxruntime.get_available_providers()]
    yield Finding("ok", "accelerators", f"ONNX Runtime offers {', '.join(names)}")


def _model() -> Iterator[Finding]:
    from engine.bundle import read_bundle

    path = resources.default_model()
    try:
        bundle = read_bundle(path)
    except UserError as error:
        yield Finding("wrong", "bundled model", str(error), "Reinstall FIQA Desktop, or choose a model with --model.")
        return
    yield Finding("ok", "bundled model", f"{bundle.card.name} ({bundle.id[:12]}), {bundle.input_size} px, {path}")


def _places() -> Iterator[Finding]:
    for subject, path in (
        ("libraries", Path(platformdirs.user_data_dir("fiqa-desktop", appauthor=False))),
        ("caches", Path(platformdirs.user_cache_dir("fiqa-desktop", appauthor=False))),
    ):
        existing = next(p for p in (path, *path.parents) if p.exists())
        free = shutil.disk_usage(existing).free
        text = f"{path} ({free / 1e9:.1f} GB free)"
        if not os.access(existing, os.W_OK):
            yield Finding("wrong", subject, f"{text}, not writable", "Give yourself write access, or use --library.")
        elif free < _LITTLE_DISK:
            yield Finding("note", subject, text, "Free some disk before training.")
        else:
            yield Finding("ok", subject, text)
