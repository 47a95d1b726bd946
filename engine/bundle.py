"""A model bundle: one .onnx file that carries its own card.

Contract: input `image` uint8 [N, S, S, 3]; outputs `score` float32 [N] and `features` float32 [N, F] (what the head
sees); normalisation is inside the graph; the card lies in the metadata under `fiqa.*`. Reading verifies all of it and
never runs code: an ONNX graph is data, files with external data or operators of other makers are refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.errors import UserError
from engine.image import preprocessing_id

if TYPE_CHECKING:  # `import onnx` costs 0.1 s; the functions below take it when they need it
    import onnx

FORMAT: Final = 1
PREFIX: Final = "fiqa."
MAX_BYTES: Final = 2**31 - 1
"""A protobuf file cannot be larger."""
_DOMAINS: Final = frozenset({"", "ai.onnx", "ai.onnx.ml", "com.microsoft"})


class BundleError(UserError):
    """The file is no bundle that may be used; the message says why in one line."""


class Card(BaseModel):
    """What a model is and where it comes from, as it travels in the metadata."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    name: str
    id: str = ""
    """Hash of graph and weights; filled by `write_bundle`."""
    backbone_id: str = ""
    """Hash of the part that makes `features`; filled by `write_bundle` where empty. Key of cached features."""
    arch: str
    input_size: int = Field(gt=0)
    resize: str = "short side, bilinear, antialias"
    crop: str = "center"
    mos_scale: str = "0-1, higher is better"
    label_provenance: str = ""
    metrics: dict[str, Any] = Field(default_factory=dict)
    """Numbers by split, with the hash of the split they were taken on."""
    split_hash: str = ""
    params: int | None = None
    gmacs: float | None = None
    precision: str = "float32"
    """`float32`, or `int8` where `quantisation` says how near its scores are to those of the float model."""
    quantisation: dict[str, Any] = Field(default_factory=dict)
    percentiles: dict[str, Any] = Field(default_factory=dict)
    """Its scores among those of a named reference set (`engine.reference_scale`); empty: none was given."""
    recipe_hash: str = ""
    created: str = Field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    licence: str = ""
    card: str = ""
    """Markdown, for people."""

    def to_metadata(self) -> dict[str, str]:
        """Metadata keys and texts; what is no text is JSON."""
        values = self.model_dump(mode="json")
        return {PREFIX + k: v if isinstance(v, str) else json.dumps(v, sort_keys=True) for k, v in values.items()}

    @staticmethod
    def from_metadata(metadata: dict[str, str]) -> Card:
        """The inverse of `to_metadata`. Unknown keys (of a later version) are left out.

        Raises:
            ValueError: a value does not fit (pydantic's ValidationError is one).
        """
        values: dict[str, Any] = {}
        for name, field in Card.model_fields.items():
            if (text := metadata.get(PREFIX + name)) is not None:
                values[name] = text if field.annotation is str else json.loads(text)
        return Card(**values)


@dataclass(frozen=True)
class Bundle:
    """A verified bundle on disk."""

    path: Path
    card: Card

    @property
    def id(self) -> str:
        return self.card.id

    @property
    def input_size(self) -> int:
        return self.card.input_size

    @property
    def preprocessing_id(self) -> str:
        return preprocessing_id(self.card.input_size)


# -- walking a graph ---------------------------------------------------------------------------


def _graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs) if attribute.HasField("g") else attribute.graphs:
                yield from _graphs(inner)


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    for part in _graphs(graph):
        yield from part.initializer
        for sparse in part.sparse_initializer:
            yield from (sparse.values, sparse.indices)
        for attribute in (a for node in part.node for a in node.attribute):
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors


def _hash(model: onnx.ModelProto) -> str:
    """sha256 (32 hex digits) of graph and weights, without what does not change a score."""
    import onnx

    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    for name in ("metadata_props", "producer_name", "producer_version", "domain", "model_version", "doc_string"):
        bare.ClearField(name)
    for graph in _graphs(bare.graph):
        for part in (graph, *graph.node, *graph.initializer, *graph.input, *graph.output):
            part.ClearField("doc_string")
            part.ClearField("metadata_props")
        graph.ClearField("value_info")
        graph.ClearField("name")
    return hashlib.sha256(bare.SerializeToString(deterministic=True)).hexdigest()[:32]


def backbone_hash(model: onnx.ModelProto) -> str:
    """Hash of the nodes and weights that make `features`, so that another head on the same backbone keeps it."""
    import onnx

    makers = {output: node for node in model.graph.node for output in node.output}
    wanted, seen = ["features"], set()
    while wanted:
        if (name := wanted.pop()) not in seen:
            seen.add(name)
            wanted.extend(makers[name].input if name in makers else ())
    part = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    part.graph.node.extend(n for n in model.graph.node if seen.intersection(n.output))
    part.graph.initializer.extend(sorted((t for t in model.graph.initializer if t.name in seen), key=lambda t: t.name))
    return _hash(part)


# -- checks ------------------------------------------------------------------------------------


def _shape(value: onnx.ValueInfoProto) -> list[int | None]:
    dims = value.type.tensor_type.shape.dim
    return [d.dim_value if d.HasField("dim_value") else None for d in dims]


def _find(values: Iterable[onnx.ValueInfoProto], name: str, type_: int, rank: int) -> list[int | None] | None:
    for value in values:
        if value.name == name and value.type.tensor_type.elem_type == type_:
            shape = _shape(value)
            return shape if len(shape) == rank and shape[0] is None else None
    return None


def signature(model: onnx.ModelProto) -> tuple[int, int]:
    """(S, F) of a model that has the signature of a bundle.

    Raises:
        BundleError: it has another.
    """
    import onnx

    weights = {t.name for t in model.graph.initializer}
    inputs = [v for v in model.graph.input if v.name not in weights]
    image = _find(inputs, "image", onnx.TensorProto.UINT8, 4)
    if len(inputs) != 1 or image is None or image[1] != image[2] or not image[1] or image[3] != 3:
        raise BundleError("The model's input is not 'image' uint8 [N, S, S, 3].", "Export it with 'fiqa export'.")
    if _find(model.graph.output, "score", onnx.TensorProto.FLOAT, 1) is None:
        raise BundleError("The model has no output 'score' float32 [N].", "Export it with 'fiqa export'.")
    features = _find(model.graph.output, "features", onnx.TensorProto.FLOAT, 2)
    if features is None or not features[1]:
        raise BundleError("The model has no output 'features' float32 [N, F].", "Export it with 'fiqa export'.")
    return image[1], features[1]


def _check(model: onnx.ModelProto) -> int:
    """Everything but the card. Returns S."""
    import onnx

    if any(t.data_location == onnx.TensorProto.EXTERNAL for t in _tensors(model.graph)):
        raise BundleError("Its weights lie in other files (external data).", "Save it as one file.")
    foreign = {n.domain for g in _graphs(model.graph) for n in g.node} - _DOMAINS
    if foreign or model.functions:
        raise BundleError(f"It needs foreign operators ({', '.join(sorted(foreign)) or 'model functions'}).")
    return signature(model)[0]


def parse(data: bytes) -> onnx.ModelProto:
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    if data[:1] == b"\x80" or data[:2] == b"PK":
        raise BundleError(
            "It is a Python pickle or a PyTorch checkpoint, which may run code when opened; it was not opened.",
            "Ask for an ONNX bundle, or export one with 'fiqa export' from a checkpoint of this program.",
        )
    try:
        model = onnx.load_model_from_string(data)
    except DecodeError:
        raise BundleError("It is no ONNX file.") from None
    if not model.graph.node:
        raise BundleError("It is no ONNX file (it holds no graph).")
    return model


def _verify(data: bytes, path: Path) -> Bundle:
    model = parse(data)
    size = _check(model)
    metadata = {p.key: p.value for p in model.metadata_props}
    if metadata.get(PREFIX + "format") != str(FORMAT):
        found = metadata.get(PREFIX + "format")
        why = f"of format {found}, this version reads format {FORMAT}" if found else "without a card (no 'fiqa.format')"
        raise BundleError(f"It is a model {why}.", "Export it again with 'fiqa export'.")
    try:
        card = Card.from_metadata(metadata)
    except ValidationError as error:
        first = error.errors()[0]
        raise BundleError(f"Its card is wrong: '{first['loc'][0]}', {first['msg'].lower()}.") from error
    except ValueError as error:
        raise BundleError(f"Its card is wrong: {error}.") from error
    if card.input_size != size:
        raise BundleError(f"Its card says {card.input_size} pixels, its input takes {size}.")
    if card.id != _hash(model):
        raise BundleError("Its weights are not those that its card was written for (the id does not match).")
    return Bundle(path, card)


def read_bundle(path: Path) -> Bundle:
    """Read and verify a bundle; nothing in it is run.

    Raises:
        BundleError: the file cannot be read, is no ONNX, has external data, another signature, no card, or was changed.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BundleError(f"{path} is no model bundle: it is larger than an ONNX file can be.")
        data = path.read_bytes()
    except OSError as error:
        raise BundleError(f"Cannot read the model {path}: {error.strerror or error}.") from error
    try:
        return _verify(data, path)
    except BundleError as error:
        raise BundleError(f"{path} is no usable model bundle. {error.message}", error.remedy) from error


def write_bundle(model: onnx.ModelProto, card: Card, path: Path) -> Bundle:
    """Write `model` with `card` (its id and, where empty, its backbone id filled in), whole or not at all.

    Raises:
        BundleError: `model` has another signature than a bundle, `card` another size, or the disk refuses.
    """
    import onnx

    if (size := _check(model)) != card.input_size:
        raise BundleError(f"The card says {card.input_size} pixels, the model takes {size}.")
    card = card.model_copy(update={"id": _hash(model), "backbone_id": card.backbone_id or backbone_hash(model)})
    out = onnx.ModelProto()
    out.CopyFrom(model)
    kept = {p.key: p.value for p in model.metadata_props if not p.key.startswith(PREFIX)}
    onnx.helper.set_model_props(out, kept | card.to_metadata())
    _write_whole(out.SerializeToString(deterministic=True), path)
    return Bundle(path, card)


def _write_whole(data: bytes, path: Path) -> None:
    partial: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".partial", delete=False) as stream:
            partial = stream.name
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(partial, 0o644)  # a temporary file is its owner's alone; a bundle is for sharing
        os.replace(partial, path)
    except OSError as error:
        if partial:
            Path(partial).unlink(missing_ok=True)
        raise BundleError(f"Cannot write the model {path}: {error.strerror or error}.") from error
