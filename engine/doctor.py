"""`fiqa doctor`: what is installed, what is wrong, how to mend it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import platformdirs

import resources
from engine import __version__, edition
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
_EXTRAS: Final = {
    "baselines": (("open-clip-torch", "scikit-learn"), "some systems of the comparison cannot be fitted"),
    "distributed": (("lightning-fabric",), "training uses one process"),
    "tensorboard": (("tensorboardX",), "no curves for TensorBoard"),
}
_MEND_TORCH: Final = "Install it anew: pip install --force-reinstall 'fiqa-desktop[train]'."
_PATIENCE_S: Final = 120
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


def examine(*, ask_torch: bool = True) -> Iterator[Finding]:
    """All findings, without importing torch here; `ask_torch` lets a child process import it, which takes seconds."""
    which = f"{__version__}, {edition.TITLES[edition.edition()]}"
    yield Finding("ok", "FIQA Desktop", f"{which}, on Python {platform.python_version()}, {platform.platform()}")
    yield from _packages()
    yield from _torch_pair()
    for bundled in resources.BUNDLED.values():
        yield from _model(bundled)
    yield from _scoring_device()
    if ask_torch:
        yield from _training_device()
    yield from _places()


def _packages() -> Iterator[Finding]:
    for name in _CORE:
        found = version(name)
        if found:
            yield Finding("ok", name, found)
        elif edition.is_frozen():
            yield Finding("note", name, "not in this build", edition.install())
        else:
            yield Finding("wrong", name, "not installed", "Run 'make setup' or 'pip install fiqa-desktop'.")
    absent = [name for name in _TRAIN if version(name) is None]
    if absent:
        text = f"not installed: {', '.join(absent)}; scoring and labelling work, training does not"
        yield Finding("note", "training", text, edition.install("train"))
    else:
        yield Finding("ok", "training", ", ".join(f"{name} {version(name)}" for name in _TRAIN))
    for extra, (packages, without) in _EXTRAS.items():
        if missing := [name for name in packages if version(name) is None]:
            text = f"not installed: {', '.join(missing)}; {without}"
            yield Finding("note", extra, text, edition.install(extra))
        else:
            yield Finding("ok", extra, ", ".join(f"{name} {version(name)}" for name in packages))


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


def _model(bundled: resources.BundledModel) -> Iterator[Finding]:
    """A model that ships with the program, and the weights that a fine-tune of it starts from."""
    from engine.bundle import read_bundle

    subject = f"bundled model '{bundled.name}'"
    try:
        found = read_bundle(bundled.bundle)
    except UserError as error:
        yield Finding("wrong", subject, str(error), "Reinstall FIQA Desktop, or choose a model with --model.")
        return
    told = f"{found.card.name} ({found.id[:12]}), {found.input_size} px, {bundled.bundle}"
    if bundled.weights.is_file() or edition.edition() == "light":  # what cannot train has none
        yield Finding("ok", subject, told)
    else:
        lacking = f"{told}; no training can start from it: {bundled.weights} is missing"
        yield Finding("wrong", subject, lacking, "Reinstall FIQA Desktop.")


def _scoring_device() -> Iterator[Finding]:
    try:
        import onnxruntime

        from engine import scoring
        from engine.bundle import read_bundle

        bundle = read_bundle(resources.default_model())
    except (ImportError, UserError):  # told above
        return
    _, provider, note = scoring.choose(bundle, None)
    offered = ", ".join(n.removesuffix("ExecutionProvider") for n in onnxruntime.get_available_providers())
    cores = f", {scoring.available_cores()} cores" if provider == "CPU" else ""
    text = f"on {provider}{cores} (ONNX Runtime offers {offered}){'; ' + note if note else ''}"
    yield Finding("note" if note else "ok", "scoring", text)


def _training_device() -> Iterator[Finding]:
    """Asked in a process of its own: importing torch takes seconds, and a broken driver may crash it."""
    if version("torch") is None:
        return
    if edition.is_frozen():  # its executable is no Python that could be asked
        yield Finding("note", "training device", "a packaged build does not tell", "Start a training: its log tells.")
        return
    command = [sys.executable, "-m", "engine.train.accelerator"]
    place = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
    try:
        asked = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE_S, env={**os.environ, "PYTHONPATH": place}
        )
        found = json.loads(asked.stdout)
    except subprocess.TimeoutExpired:
        yield Finding("wrong", "training device", f"torch gave no answer within {_PATIENCE_S} s", _MEND_TORCH)
    except ValueError:
        said = asked.stderr.strip().splitlines() or [f"it ended with status {asked.returncode}"]
        yield Finding("wrong", "training device", f"torch cannot be used: {said[-1]}", _MEND_TORCH)
    else:
        yield Finding("ok", "training device", _device(found))
        yield from _place("fetched weights", Path(found["weights"]))


def _device(found: Mapping[str, Any]) -> str:
    if found["cuda"]:
        first, *others = found["cuda"]
        more = f" and {len(others)} more" if others else ""
        half = "bfloat16" if found["bf16"] else "no bfloat16"
        return f"CUDA: {first['name']}, {first['memory_gb']:.0f} GB, {half}{more}"
    mps = "; Apple's MPS is there and not used" if found["mps"] else ""
    return f"the CPU, {found['cores']} threads (torch finds no CUDA device{mps})"


def _places() -> Iterator[Finding]:
    data, cache = (
        f("fiqa-desktop", appauthor=False) for f in (platformdirs.user_data_dir, platformdirs.user_cache_dir)
    )
    yield from _place("libraries and their models", Path(data))
    yield from _place("caches", Path(cache))


def _place(subject: str, path: Path) -> Iterator[Finding]:
    existing = next(p for p in (path, *path.parents) if p.exists())
    free = shutil.disk_usage(existing).free
    text = f"{path} ({free / 1e9:.1f} GB free)"
    if not os.access(existing, os.W_OK):
        yield Finding("wrong", subject, f"{text}, not writable", "Give yourself write access, or use --library.")
    elif free < _LITTLE_DISK:
        yield Finding("note", subject, text, "Free some disk before training.")
    else:
        yield Finding("ok", subject, text)
