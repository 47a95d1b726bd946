"""INT8: written where the scores stay the same on other people's images, refused where they do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from PIL import Image, ImageEnhance

from engine import evaluate, reference_scale
from engine import manifest as manifests
from engine.bundle import Card, read_bundle, write_bundle
from engine.cli import main
from engine.manifest import Manifest, Row
from engine.scoring import Scorer
from engine.train import checkpoints, quantise
from engine.train.networks import QualityNetwork
from engine.train.quantise import QuantiseError
from tests import bundles, pictures
from tests.engine.train.conftest import make_run

pytestmark = pytest.mark.train
COUNT = 100


@pytest.fixture(scope="module")
def faces(tmp_path_factory) -> list[Path]:
    """Faces from dark to bright."""
    folder = tmp_path_factory.mktemp("faces")
    shades = np.random.default_rng(0).permutation(np.linspace(0.1, 1.4, COUNT))
    return [
        pictures.save(ImageEnhance.Brightness(pictures.face(k)).enhance(shade), folder / f"{k:03}.png")
        for k, shade in enumerate(shades)
    ]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """A convolutional network whose score is mostly how bright a face is: 256 levels are enough for that."""
    model = bundles.model()
    head = next(t for t in model.graph.initializer if t.name == "head")
    weights = np.array([0.02, 0.02, 0.02, 0.3, 0.01, 0.01, 0.01, 0.01], np.float32)[:, None]
    head.CopyFrom(numpy_helper.from_array(weights, "head"))
    card = Card(name="bright", arch="gradients", input_size=64, card="# Bright")
    return write_bundle(model, card, tmp_path_factory.mktemp("bundle") / "float.onnx")


def pixels_of(paths):
    return quantise._loaded(paths, 64, frozenset(), print)[0]


def test_a_network_that_keeps_its_scores_is_written(bundle, faces, tmp_path):
    made = quantise.quantise(bundle, faces[:40], faces[40:], tmp_path / "int8.onnx", minimum=60)
    card = read_bundle(made.path).card
    assert card.precision == "int8"
    assert (card.quantisation["images"], card.quantisation["calibrated_on"]) == (60, 40)
    assert card.quantisation["srcc"] >= 0.999
    assert card.quantisation["p99"] <= 0.01
    assert card.card.startswith("# Bright")
    assert "8-bit integers" in card.card
    assert made.id != bundle.id
    assert card.backbone_id != bundle.card.backbone_id, "features differ, so caches of them must not mix"
    kinds = {t.data_type for t in onnx.load(str(made.path)).graph.initializer}
    assert onnx.TensorProto.INT8 in kinds
    old, new = (Scorer(b, provider="CPU") for b in (bundle, made))
    pixels = pixels_of(faces[40:])
    apart = np.abs(old.score_pixels(pixels) - new.score_pixels(pixels))
    assert np.quantile(apart, 0.99) == pytest.approx(card.quantisation["p99"])
    assert apart.max() > 0, "these would be the same model"
    a, b = old.features(pixels), new.features(pixels)
    assert a.shape == b.shape
    cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert cosine.min() > 0.99


def test_a_broken_calibration_is_refused_and_nothing_is_written(bundle, faces, tmp_path):
    black = [pictures.save(Image.new("RGB", (96, 96), (k, k, k)), tmp_path / f"black{k}.png") for k in range(3)]
    with pytest.raises(QuantiseError, match=r"INT8 is refused: SRCC .* on 60 images"):
        quantise.quantise(bundle, black, faces[40:], tmp_path / "int8.onnx", minimum=60)
    assert not (tmp_path / "int8.onnx").exists()


def test_pictures_of_the_calibration_do_not_judge(bundle, faces, tmp_path):
    copies = [tmp_path / f"copy{k}.png" for k in range(5)]
    for copy, face in zip(copies, faces, strict=False):
        copy.write_bytes(face.read_bytes())
    broken = pictures.truncated_jpeg(tmp_path / "broken.jpg")
    said = []
    judged = [*copies, broken, *faces[40:70]]
    with pytest.raises(QuantiseError, match=r"Only 30 readable images.* 36 are needed"):
        quantise.quantise(bundle, faces[:40], judged, tmp_path / "int8.onnx", minimum=36, tell=said.append)
    assert len(said) == 1
    assert str(broken) in said[0]


def test_in_integers_a_run_s_model_has_its_own_percentiles_of_the_same_faces_or_none(bundle, faces, tmp_path, capsys):
    """A run folder as a finished training leaves it, with a model that 8 bits do not harm."""
    rows = [Row(p, 0.5, ("test", "val")[k % 2], group=f"person {k}") for k, p in enumerate(faces[:60])]
    run = make_run(tmp_path / "run", Manifest(tuple(rows)))
    run.model_file.write_bytes(bundle.path.read_bytes())
    reference_scale.keep_own(
        run.model_file, evaluate.predict(Manifest(tuple(rows)), bundle).scores, reference_scale.HELD_OUT, print
    )
    float_card = read_bundle(run.model_file).card
    copies = [tmp_path / "more" / f"{k}-{p.name}" for k in range(7) for p in faces]
    copies[0].parent.mkdir()
    for k, copy in enumerate(copies):
        pictures.save(ImageEnhance.Contrast(Image.open(faces[k % COUNT])).enhance(1 - k / 1000), copy)
    manifests.write(Manifest(tuple(Row(p) for p in copies)), tmp_path / "calibration.csv")
    export = ["export", str(run.path), "--int8", "--calibration", str(tmp_path / "calibration.csv"), "--out"]

    assert main([*export, str(tmp_path / "int8.onnx")]) == 0
    made = read_bundle(tmp_path / "int8.onnx")
    own = reference_scale.named(evaluate.predict(Manifest(tuple(rows)), made).scores, reference_scale.HELD_OUT)
    assert made.card.percentiles["reference"] == float_card.percentiles["reference"] == own.reference
    assert made.card.percentiles["raw"] == pytest.approx(own.raw)
    assert made.card.percentiles["raw"] != float_card.percentiles["raw"]
    assert made.card.card.count("## Percentiles") == 1

    rows[0].path.rename(tmp_path / "away.png")
    try:
        capsys.readouterr()
        assert main([*export, str(tmp_path / "none.onnx")]) == 0
    finally:
        (tmp_path / "away.png").rename(rows[0].path)
    bare = read_bundle(tmp_path / "none.onnx").card
    assert bare.percentiles == {}
    assert "## Percentiles" not in bare.card
    assert "without percentiles, for those of the float model are not its own" in capsys.readouterr().err


def people(count, each=4):
    return Manifest(tuple(Row(Path(f"{k}.jpg"), group=f"person {k // each}") for k in range(count)))


def test_no_person_is_on_both_sides():
    table = Manifest((*people(1000).rows, *(Row(Path(f"x{k}.jpg"), group="a crowd") for k in range(300))))
    calibration, judged = quantise.divide(table)
    group = {r.path: r.group for r in table.rows}
    assert len(calibration) == quantise.MOST_TO_CALIBRATE
    assert len(judged) == 1300 - len(calibration)
    assert not {group[p] for p in calibration} & {group[p] for p in judged}
    assert (calibration, judged) == quantise.divide(table)


def test_too_few_images_or_people_are_refused_with_the_number_needed():
    needed = "are too few for INT8: 32 to calibrate with and 500 of others to judge by are needed"
    with pytest.raises(QuantiseError, match=f"531 images of 133 people or groups {needed}"):
        quantise.divide(people(531))
    with pytest.raises(QuantiseError, match=f"900 images of 1 people or groups {needed}"):
        quantise.divide(people(900, each=900))
    assert [len(part) for part in quantise.divide(people(532))] == [32, 500]


def test_export_says_why_and_leaves_the_float_model(tmp_path, capsys):
    """A network with random weights, whose scores 8 bits do not keep."""
    checkpoints.save_network(tmp_path / "c.safetensors", QualityNetwork("mobilenetv4_conv_small_050", size=64), {})
    table, out = tmp_path / "m.csv", tmp_path / "m.onnx"
    noise = np.random.default_rng(0).integers(0, 256, (540, 64, 64, 3)).astype(np.uint8)
    paths = [pictures.save(Image.fromarray(pixels), tmp_path / f"{k}.bmp") for k, pixels in enumerate(noise)]
    manifests.write(Manifest(tuple(Row(p) for p in paths)), table)
    command = ["export", str(tmp_path / "c.safetensors"), "--out", str(out), "--int8"]
    assert main(command) == 2
    assert "--calibration" in capsys.readouterr().err
    assert not out.exists()
    assert main([*command, "--calibration", str(table)]) == 2
    said = capsys.readouterr().err
    assert "INT8 is refused: SRCC" in said
    assert "on 500 images" in said
    assert f"{out} stays in float" in said
    assert read_bundle(out).card.precision == "float32"
