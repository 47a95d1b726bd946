"""Bundles: what is written comes back whole; whatever is no bundle is refused with one line, and nothing in it runs."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from engine.bundle import BundleError, Card, read_bundle, write_bundle
from tests import bundles


def card(**values: object) -> Card:
    return Card(**({"name": "n", "arch": "a", "input_size": 64} | values))


def refused(path: Path) -> str:
    with pytest.raises(BundleError) as caught:
        read_bundle(path)
    assert "\n" not in str(caught.value)
    assert str(path) in caught.value.message
    return str(caught.value)


def stored(model: onnx.ModelProto, path: Path, **properties: str) -> Path:
    helper.set_model_props(model, {f"fiqa.{k}": v for k, v in properties.items()})
    path.write_bytes(model.SerializeToString())  # onnx.save would look for the external data
    return path


def test_every_field_of_the_card_comes_back(tmp_path: Path):
    written = card(
        name="Student 3",
        label_provenance="weak:fr-measures",
        metrics={"val": {"srcc": 0.91, "interval": [0.88, 0.93], "split": "ab12"}, "n": 120},
        split_hash="ab12",
        params=1_158_049,
        gmacs=0.4949,
        recipe_hash="cd34",
        licence="Apache-2.0",
        card="# Student\n\nWeak labels, *not* human opinion — ☺\n",
    )
    bundle = write_bundle(bundles.model(), written, tmp_path / "deep" / "m.onnx")
    found = read_bundle(bundle.path)
    assert found == bundle
    assert found.card.model_copy(update={"id": "", "backbone_id": ""}) == written
    assert (found.input_size, found.preprocessing_id) == (64, "pillow-short64-center64-v1")
    assert len(found.id) == 32


def test_the_file_is_a_plain_onnx_model_with_readable_metadata(tmp_path: Path):
    bundle = bundles.write(tmp_path / "m.onnx")
    model = onnx.load(str(bundle.path))
    onnx.checker.check_model(model)
    properties = {p.key: p.value for p in model.metadata_props}
    assert properties["fiqa.format"] == "1"
    assert properties["fiqa.id"] == bundle.id
    assert set(properties) == {f"fiqa.{name}" for name in Card.model_fields}


def test_the_id_is_of_graph_and_weights_alone(tmp_path: Path):
    one = bundles.write(tmp_path / "1.onnx", name="one")
    model = bundles.model()
    model.producer_name, model.doc_string, model.graph.node[0].doc_string = "me", "text", "more text"
    two = write_bundle(model, card(name="two", created="2020-01-01T00:00:00+00:00"), tmp_path / "2.onnx")
    other = bundles.write(tmp_path / "3.onnx", bias=0.3)
    assert one.id == two.id != other.id


def test_another_head_keeps_the_backbone_id(tmp_path: Path):
    one, two = bundles.write(tmp_path / "1.onnx"), bundles.write(tmp_path / "2.onnx", gain=0.5)
    other = bundles.write(tmp_path / "3.onnx", seed=1)
    assert one.card.backbone_id == two.card.backbone_id != other.card.backbone_id
    assert write_bundle(bundles.model(), card(backbone_id="kept"), tmp_path / "4.onnx").card.backbone_id == "kept"


def test_metadata_of_others_and_of_later_versions_is_kept_apart(tmp_path: Path):
    model = bundles.model()
    helper.set_model_props(model, {"author": "someone", "fiqa.old": "gone"})
    bundle = write_bundle(model, card(), tmp_path / "m.onnx")
    again = onnx.load(str(bundle.path))
    assert {p.key for p in again.metadata_props if not p.key.startswith("fiqa.")} == {"author"}
    again.metadata_props.add(key="fiqa.of_a_later_version", value="x")
    onnx.save(again, str(bundle.path))
    assert read_bundle(bundle.path) == bundle


# -- refused ---------------------------------------------------------------------------------------


def test_files_that_are_no_onnx(tmp_path: Path):
    text = tmp_path / "text.onnx"
    text.write_text("not a model")
    assert "no ONNX file" in refused(text)
    empty = tmp_path / "empty.onnx"
    empty.touch()
    assert "no ONNX file" in refused(empty)
    noise = tmp_path / "noise.onnx"
    noise.write_bytes(np.random.default_rng(0).bytes(5000))
    assert "no ONNX file" in refused(noise)
    whole = bundles.write(tmp_path / "whole.onnx").path.read_bytes()
    cut = tmp_path / "cut.onnx"
    cut.write_bytes(whole[: len(whole) // 2])
    refused(cut)


def test_files_that_are_not_there(tmp_path: Path):
    with pytest.raises(BundleError, match="No such file"):
        read_bundle(tmp_path / "gone.onnx")
    with pytest.raises(BundleError, match="directory"):
        read_bundle(tmp_path)


class Trap:
    """Unpickling it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


def test_a_pickle_that_runs_code_is_not_opened(tmp_path: Path):
    sprung, path = tmp_path / "sprung", tmp_path / "model.onnx"
    path.write_bytes(pickle.dumps(Trap(sprung)))
    assert "may run code" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:  # what torch.save writes
        archive.writestr("archive/data.pkl", pickle.dumps(Trap(sprung)))
    assert "may run code" in refused(path)
    assert not sprung.exists()


def test_external_data_is_refused(tmp_path: Path):
    model = bundles.model()
    path = tmp_path / "m.onnx"
    onnx.save(model, str(path), save_as_external_data=True, size_threshold=0, convert_attribute=True)
    assert "external data" in refused(path)
    with pytest.raises(BundleError, match="external data"):
        write_bundle(onnx.load(str(path), load_external_data=False), card(), tmp_path / "n.onnx")


def test_external_data_inside_a_branch_is_refused(tmp_path: Path):
    model = bundles.model()
    inner = helper.make_graph([], "inner", [], [])
    hidden = numpy_helper.from_array(np.ones(3, np.float32), "hidden")
    hidden.data_location = TensorProto.EXTERNAL
    inner.initializer.append(hidden)
    model.graph.node.append(helper.make_node("If", ["image"], ["x"], then_branch=inner, else_branch=inner))
    assert "external data" in refused(stored(model, tmp_path / "m.onnx"))


def test_foreign_operators_are_refused(tmp_path: Path):
    model = bundles.model()
    model.graph.node.append(helper.make_node("Evil", ["image"], ["x"], domain="com.evil"))
    assert "com.evil" in refused(stored(model, tmp_path / "m.onnx"))


def test_another_signature_is_refused(tmp_path: Path):
    def changed(edit) -> str:
        model = bundles.model()
        edit(model.graph)
        return refused(stored(model, tmp_path / "m.onnx"))

    def value(name: str, type_: int, shape: list):
        return helper.make_tensor_value_info(name, type_, shape)

    for shape in (["N", 64, 32, 3], ["N", 3, 64, 64], [1, 64, 64, 3], ["N", "H", "W", 3]):
        assert "input" in changed(lambda g, s=shape: g.input[0].CopyFrom(value("image", TensorProto.UINT8, s)))
    assert "input" in changed(lambda g: g.input[0].CopyFrom(value("image", TensorProto.FLOAT, ["N", 64, 64, 3])))
    assert "input" in changed(lambda g: g.input.append(value("other", TensorProto.FLOAT, [1])))
    assert "'score'" in changed(lambda g: g.output.pop(0))
    assert "'score'" in changed(lambda g: g.output[0].CopyFrom(value("score", TensorProto.FLOAT, ["N", 1])))
    assert "'features'" in changed(lambda g: g.output.pop(1))


def test_a_model_without_card_or_of_another_format_is_refused(tmp_path: Path):
    assert "without a card" in refused(stored(bundles.model(), tmp_path / "m.onnx"))
    assert "format 2" in refused(stored(bundles.model(), tmp_path / "m.onnx", format="2"))


def test_a_wrong_card_is_refused(tmp_path: Path):
    good = {"format": "1", "name": "n", "arch": "a", "input_size": "64"}

    def told(**properties: str) -> str:
        return refused(stored(bundles.model(), tmp_path / "m.onnx", **properties))

    assert "'arch'" in told(**{k: v for k, v in good.items() if k != "arch"})
    assert "'input_size'" in told(**good | {"input_size": "-1"})
    assert "card is wrong" in told(**good | {"metrics": "{broken"})
    assert "its input takes 64" in told(**good | {"input_size": "32"})


def test_changed_weights_are_refused(tmp_path: Path):
    bundle = bundles.write(tmp_path / "m.onnx")
    model = onnx.load(str(bundle.path))
    head = next(t for t in model.graph.initializer if t.name == "head")
    head.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(head) * 1.01, "head"))
    onnx.save(model, str(bundle.path))
    assert "id does not match" in refused(bundle.path)


def test_writing_refuses_a_card_of_another_size(tmp_path: Path):
    with pytest.raises(BundleError, match="takes 64"):
        write_bundle(bundles.model(64), card(input_size=32), tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())


def test_a_typo_in_a_card_is_a_bug():
    with pytest.raises(ValueError, match="licens"):
        card(licens="MIT")


# -- durable, quick, light ----------------------------------------------------------------------------


def test_a_failed_write_keeps_the_old_bundle(tmp_path: Path):
    old = bundles.write(tmp_path / "m.onnx")
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(BundleError, match="Cannot write"):
        bundles.write(blocked / "m.onnx")
    (tmp_path / "taken.onnx").mkdir()
    with pytest.raises(BundleError, match="Cannot write"):
        bundles.write(tmp_path / "taken.onnx")
    assert read_bundle(old.path) == old
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "m.onnx", "taken.onnx"]


def test_a_bundle_is_readable_by_others(tmp_path: Path):
    path = bundles.write(tmp_path / "m.onnx").path
    if os.name == "posix":
        assert path.stat().st_mode & 0o044 == 0o044


def test_reading_a_five_megabyte_bundle_is_quick(tmp_path: Path):
    model = bundles.model()
    model.graph.initializer.append(numpy_helper.from_array(np.random.default_rng(0).normal(size=650_000), "ballast"))
    path = write_bundle(model, card(), tmp_path / "m.onnx").path
    code = (
        "import sys, time; from pathlib import Path; from engine.bundle import read_bundle\n"
        "started = time.process_time(); read_bundle(Path(sys.argv[1])); print(time.process_time() - started)\n"
        "assert not {'torch', 'timm', 'PySide6'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert path.stat().st_size > 5e6
    assert float(done.stdout) < 0.3  # with the import of onnx; processor time, so that a busy machine does not matter
