"""From a float bundle to one in 8-bit integers: smaller, on many CPUs faster, and only if its scores stay the same.

Static quantisation of ONNX Runtime (quantise/dequantise pairs, weights per channel), with ranges from real images. The
head stays in float, so `features` and `score` are only as coarse as what flows into them. The gate compares both models
on images of other people than those of the calibration; where it fails, nothing is written.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from onnxruntime import quantization

from engine import metrics, reference_scale
from engine.bundle import Bundle, write_bundle
from engine.errors import UserError
from engine.groups import position
from engine.image import ImageError, Pixels, decode, preprocess, read_file
from engine.manifest import Manifest
from engine.scoring import Scorer

MOST_TO_CALIBRATE: Final = 256
FEWEST_TO_CALIBRATE: Final = 32
FEWEST_TO_JUDGE: Final = 500
MOST_TO_JUDGE: Final = 2_000
MIN_SRCC: Final = 0.999
MAX_P99: Final = 0.01
"""Largest difference of a score that 99 of 100 images may show."""
_SALT: Final = "int8"
_CHUNK: Final = 32
Tell = Callable[[str], None]


class QuantiseError(UserError):
    """There are too few images to judge by, or the integer model's scores are not those of the float model."""


@dataclass(frozen=True)
class Gate:
    """What the comparison on images that were not used for the calibration gave."""

    srcc: float
    p99: float
    worst: float
    images: int
    calibrated_on: int

    @property
    def passed(self) -> bool:
        return bool(self.srcc >= MIN_SRCC and self.p99 <= MAX_P99)

    def __str__(self) -> str:
        return (
            f"SRCC of both models' scores {self.srcc:.5f} (needed {MIN_SRCC:g}), difference of 99 in 100 images up to "
            f"{self.p99:.4f} (allowed {MAX_P99:g}), largest {self.worst:.4f}, on {self.images} images"
        )


def divide(manifest: Manifest, *, minimum: int = FEWEST_TO_JUDGE) -> tuple[list[Path], list[Path]]:
    """Images to calibrate with, and images of other groups to judge by; the same for the same groups.

    Raises:
        QuantiseError: there are not `minimum` images to judge by beside enough to calibrate with.
    """
    by_group: dict[str, list[Path]] = {}
    for row, group in zip(manifest.rows, manifest.groups.tolist(), strict=True):
        by_group.setdefault(group, []).append(row.path)
    room = min(len(manifest) - minimum, MOST_TO_CALIBRATE)
    calibration: list[Path] = []
    judged: list[Path] = []
    for group in sorted(by_group, key=lambda g: position(g, _SALT)):
        fits = len(calibration) + len(by_group[group]) <= room
        (calibration if fits else judged).extend(by_group[group])
    if len(calibration) < FEWEST_TO_CALIBRATE:
        raise QuantiseError(
            f"{len(manifest)} images of {len(by_group)} people or groups are too few for INT8: {FEWEST_TO_CALIBRATE} "
            f"to calibrate with and {minimum} of others to judge by are needed.",
            "Name a manifest of more images; they need no labels.",
        )
    return calibration, judged[:MOST_TO_JUDGE]


def quantise(
    bundle: Bundle,
    calibration: Sequence[Path],
    judged: Sequence[Path],
    out: Path,
    *,
    minimum: int = FEWEST_TO_JUDGE,
    tell: Tell = lambda _: None,
) -> Bundle:
    """Write `bundle` in 8-bit integers to `out`, if its scores on `judged` stay the same.

    Raises:
        QuantiseError: they do not, or fewer than `minimum` images could be judged; nothing is written.
    """
    pixels, seen = _loaded(calibration, bundle.input_size, frozenset(), tell)
    if not len(pixels):
        raise QuantiseError("There is no readable image to calibrate with.", "Mend the manifest's paths.")
    graph = to_int8(bundle, pixels)
    with tempfile.TemporaryDirectory() as folder:
        draft = reference_scale.cleared(bundle.card).model_copy(update={"backbone_id": ""})
        candidate = write_bundle(graph, draft, Path(folder) / "int8.onnx")
        gate = judge(bundle, candidate, judged, seen, len(pixels), tell)
    if gate.images < minimum:
        raise QuantiseError(f"Only {gate.images} readable images are left to judge INT8 by; {minimum} are needed.")
    if not gate.passed:
        raise QuantiseError(f"INT8 is refused: {gate}.", f"{bundle.path} stays in float; other images may do better.")
    return write_bundle(graph, candidate.card.model_copy(update=_card(candidate, gate)), out)


def _card(candidate: Bundle, gate: Gate) -> dict[str, Any]:
    text = (
        f"{candidate.card.card.rstrip()}\n\n## 8-bit integers\n\nQuantised after its training and evaluation, with "
        f"ranges from {gate.calibrated_on} images. Against the float model: {gate}.\n"
    )
    return {"precision": "int8", "quantisation": asdict(gate), "card": text}


# -- pixels ------------------------------------------------------------------------------------


def _readable(paths: Sequence[Path], size: int, without: frozenset[str], tell: Tell) -> Iterator[tuple[str, Pixels]]:
    """(sha256, pixels) of the images that can be read, each content once and none of `without`."""
    seen = set(without)
    for path in paths:
        try:
            file = read_file(path)
            if file.sha256 not in seen:
                seen.add(file.sha256)
                yield file.sha256, preprocess(decode(file.data, path=path), size)
        except ImageError as error:
            tell(f"{path}: {error.reason}")


def _loaded(paths: Sequence[Path], size: int, without: frozenset[str], tell: Tell) -> tuple[Pixels, frozenset[str]]:
    found = list(_readable(paths, size, without, tell))
    pixels = np.stack([p for _, p in found]) if found else np.empty((0, size, size, 3), np.uint8)
    return pixels, frozenset(sha256 for sha256, _ in found)


# -- the graph ---------------------------------------------------------------------------------


class _Reader(quantization.CalibrationDataReader):  # type: ignore[misc]
    """Hands the calibration its images, one by one."""

    def __init__(self, pixels: Pixels) -> None:
        self._rows = iter(pixels)

    def get_next(self) -> dict[str, Pixels] | None:
        row = next(self._rows, None)
        return None if row is None else {"image": row[None]}


def to_int8(bundle: Bundle, pixels: Pixels) -> onnx.ModelProto:
    """The graph of a bundle in 8-bit integers, with ranges from `pixels` uint8 [N, S, S, 3]; its signature stays."""
    model = onnx.load(str(bundle.path))
    for k, node in enumerate(model.graph.node):
        node.name = node.name or f"{node.op_type}_{k}"
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()), _quiet():
        source, target = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, str(source))
        quantization.quantize_static(
            str(source),
            str(target),
            _Reader(pixels),
            quant_format=quantization.QuantFormat.QDQ,
            per_channel=True,
            # 7 bits of weight: with 8, sums overflow on x86 CPUs without VNNI, and scores would depend on the machine.
            reduce_range=True,
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            nodes_to_exclude=_head(model),
        )
        return onnx.load(str(target))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without the advice that ONNX Runtime logs on the root logger."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _head(model: onnx.ModelProto) -> list[str]:
    """Names of the nodes that make `features` and of those behind it."""
    behind, names = {"features"}, []
    for node in model.graph.node:
        if behind.intersection(node.input) or "features" in node.output:
            names.append(node.name)
            behind.update(node.output)
    return names


# -- the gate ----------------------------------------------------------------------------------


def judge(
    bundle: Bundle, candidate: Bundle, paths: Sequence[Path], seen: frozenset[str], calibrated_on: int, tell: Tell
) -> Gate:
    """Compare the scores of two bundles on the CPU, on images whose content is not among those `seen`."""
    scorers = [Scorer(b, provider="CPU") for b in (bundle, candidate)]
    parts: list[list[Any]] = [[], []]
    images = (pixels for _, pixels in _readable(paths, bundle.input_size, seen, tell))
    while chunk := list(itertools.islice(images, _CHUNK)):
        for part, scorer in zip(parts, scorers, strict=True):
            part.append(scorer.score_pixels(np.stack(chunk)))
    old, new = (np.concatenate(part) if part else np.empty(0) for part in parts)
    apart = np.abs(old - new)
    return Gate(
        srcc=metrics.srcc(old, new),
        p99=float(np.quantile(apart, 0.99)) if apart.size else float("nan"),
        worst=float(apart.max(initial=0.0)),
        images=len(old),
        calibrated_on=calibrated_on,
    )
