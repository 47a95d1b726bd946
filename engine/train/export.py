"""From a trained network to a bundle: one ONNX file that gives the same scores, or none at all."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
import torch
from torch import Tensor, nn

import resources
from engine import image
from engine.bundle import Bundle, Card, read_bundle, write_bundle
from engine.errors import UserError
from engine.latency import measure
from engine.optimise import optimise
from engine.run import RunDirectory
from engine.train import checkpoints
from engine.train.complexity import describe
from engine.train.networks import QualityNetwork, fold_linear_head

Pixels = npt.NDArray[np.uint8]
TOLERANCE: Final = 1e-4
"""Largest difference of a score between ONNX Runtime and torch."""
FOLD_TOLERANCE: Final = 1e-6
"""Largest difference that folding the two linear layers may make."""
_OPSET: Final = 20
_PROBES: Final = 16


class ExportError(UserError):
    """The export does not give the network's scores, so nothing was written."""


class _Graph(nn.Module):
    """What is exported: score and features in one pass."""

    def __init__(self, model: QualityNetwork) -> None:
        super().__init__()
        self.model = model
        self.score = fold_linear_head(model.head) if model.head_kind == "linear" else model.head

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        features = self.model.features(pixels)
        return self.score(features).squeeze(1), features


def to_onnx(model: QualityNetwork) -> onnx.ModelProto:
    """The graph of a network: uint8 [N, S, S, 3] -> score [N], features [N, F]; N is free, S is fixed."""
    graph = _Graph(model.cpu().contiguous()).eval()
    example = torch.zeros(2, model.size, model.size, 3, dtype=torch.uint8)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")
        path = Path(folder) / "graph.onnx"
        torch.onnx.export(
            graph,
            (example,),
            path,
            input_names=["image"],
            output_names=["score", "features"],
            opset_version=_OPSET,
            dynamo=True,
            external_data=False,
            dynamic_shapes={"pixels": {0: torch.export.Dim("N", min=1, max=65536)}},
            verbose=False,
        )
        return _bare(onnx.load(str(path)))


def _bare(model: onnx.ModelProto) -> onnx.ModelProto:
    """Without the exporter's notes, which hold paths of the machine it ran on."""
    for part in (model.graph, *model.graph.node, *model.graph.initializer, *model.graph.input, *model.graph.output):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    model.ClearField("metadata_props")
    model.graph.ClearField("value_info")
    return model


def probe_pixels(size: int) -> Pixels:
    """The bundled sample faces as the network sees them, uint8 [N, size, size, 3]."""
    found = []
    for path in image.list_images(resources.samples())[:_PROBES]:
        found.append(image.preprocess(image.decode(image.read_file(path).data, path=path), size))
    if not found:
        raise ExportError("There is no picture to check the export with.", "Export the run folder, not the checkpoint.")
    return np.stack(found)


def _session(model: onnx.ModelProto) -> ort.InferenceSession:
    return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


@torch.inference_mode()
def require_parity(model: QualityNetwork, graph: onnx.ModelProto, pixels: Pixels) -> float:
    """The largest difference of a score, in one batch and one by one.

    Raises:
        ExportError: it exceeds `TOLERANCE`, or folding the head exceeds `FOLD_TOLERANCE`.
    """
    model.eval()
    features = model.features(torch.from_numpy(pixels))
    expected = model.head(features).squeeze(1)
    if model.head_kind == "linear":
        folded = float((fold_linear_head(model.head)(features).squeeze(1) - expected).abs().max())
        # Relative to the size of the scores: of an untrained network they may be large.
        if folded > FOLD_TOLERANCE * max(1.0, float(expected.abs().max())):
            raise ExportError(f"Folding the head changes scores by {folded:.2g} (allowed {FOLD_TOLERANCE:g}).")
    session = _session(graph)
    whole = session.run(["score"], {"image": pixels})[0]
    single = np.concatenate([session.run(["score"], {"image": pixels[i : i + 1]})[0] for i in range(len(pixels))])
    worst = float(max(np.abs(whole - expected.numpy()).max(), np.abs(single - expected.numpy()).max()))
    if not worst < TOLERANCE:
        raise ExportError(
            f"The exported model's scores differ by {worst:.2g} (allowed {TOLERANCE:g}); nothing was written."
        )
    return worst


def export_network(model: QualityNetwork, out: Path, *, pixels: Pixels, card: Mapping[str, Any]) -> Bundle:
    """Write `model` as a bundle, after it has given the network's scores on `pixels`.

    Args:
        pixels: real pictures, uint8 [N, S, S, 3].
        card: fields of `engine.bundle.Card` beside architecture, size and cost, which are measured here.

    Raises:
        ExportError: the scores differ.
    """
    cost = describe(model)
    graph = optimise(to_onnx(model))
    require_parity(model, graph, pixels)
    values = {"params": cost["params"], "gmacs": cost["gmacs"], "arch": model.arch, "input_size": model.size}
    return write_bundle(graph, Card(**{**values, **card}), out)


def latency(arch: str, size: int) -> dict[str, Any]:
    """`engine.latency` of an architecture with the paper's head at `size` px, as it would be exported."""
    return measure(optimise(to_onnx(QualityNetwork(arch, size=size))).SerializeToString())


def with_metrics(path: Path, metrics: Mapping[str, Any], *, split_hash: str, text: str) -> Bundle:
    """Write the results of the evaluation into the card of a bundle; its id stays."""
    bundle = read_bundle(path)
    card = bundle.card.model_copy(update={"metrics": dict(metrics), "split_hash": split_hash, "card": text})
    return write_bundle(onnx.load(str(path)), card, path)


def export_checkpoint(source: Path, out: Path, *, name: str = "", licence: str = "", note: str = "") -> Bundle:
    """A bundle from a run folder (its student) or from a checkpoint of this program.

    Args:
        name, licence: for the card, in place of what the run or the checkpoint brings.
        note: Markdown that is put at the end of the card.

    Raises:
        CheckpointError: there is no usable checkpoint.
        ExportError: the scores differ.
    """
    path = source
    if source.is_dir():
        run = RunDirectory.open(source)
        path = Path(run.checkpoints) / "student-best.safetensors"
        if Path(run.model_file).is_file():  # with the results of its evaluation in the card
            card = read_bundle(run.model_file).card
            return write_bundle(onnx.load(str(run.model_file)), _told(card, name, licence, note), out)
    found = checkpoints.read(path)
    model = checkpoints.load_network(path)
    card_fields = {"name": path.stem, **found.header.get("card", {})}
    bundle = export_network(model, out, pixels=probe_pixels(model.size), card=card_fields)
    return write_bundle(onnx.load(str(out)), _told(bundle.card, name, licence, note), out)


def _told(card: Card, name: str, licence: str, note: str) -> Card:
    """The card with what a person adds to it."""
    text = f"{card.card.rstrip()}\n\n{note.strip()}\n" if note else card.card
    return card.model_copy(update={"name": name or card.name, "licence": licence or card.licence, "card": text})
