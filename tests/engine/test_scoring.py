"""The Scorer: deterministic, lazy, quick to stop, honest about what it cannot read or use."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from PIL import Image

from engine import scoring
from engine.bundle import BundleError, Card, write_bundle
from engine.image import decode, list_images, preprocess, read_file
from engine.scoring import ProviderError, Scorer
from tests import bundles, pictures


@pytest.fixture
def scorer(tmp_path: Path) -> Scorer:
    return Scorer(bundles.write(tmp_path / "models" / "m.onnx"), workers=2)


@pytest.fixture
def faces(tmp_path: Path) -> list[Path]:
    return pictures.folder(tmp_path / "faces", 12, (120, 90))


def pixels_of(paths: list[Path], size: int) -> np.ndarray:
    return np.stack([preprocess(decode(read_file(p).data, path=p), size) for p in paths])


def by_path(rows: Iterator) -> dict[Path, float]:
    return {row.path: row.score for row in rows}


# -- the number -------------------------------------------------------------------------------------


def test_score_is_the_raw_network_output_on_the_one_preprocessing(scorer: Scorer, faces: list[Path]):
    session = ort.InferenceSession(str(scorer.bundle.path), providers=["CPUExecutionProvider"])
    expected = session.run(["score"], {"image": pixels_of(faces, 64)})[0]
    rows = list(scorer.score(faces))
    assert [r.path for r in rows] == [r.item for r in rows] == faces
    assert np.abs(np.array([r.score for r in rows]) - expected).max() < 1e-6
    assert all(isinstance(r.score, float) and r.error is None for r in rows)
    assert rows[0].sha256 == read_file(faces[0]).sha256
    assert (rows[0].width, rows[0].height) == (120, 90)


def test_blurred_faces_score_lower(scorer: Scorer, tmp_path: Path):
    sharp = [pictures.save(pictures.face(i), tmp_path / f"s{i}.png") for i in range(5)]
    soft = [pictures.save(pictures.blurred(i, 3.0), tmp_path / f"b{i}.png") for i in range(5)]
    found = by_path(scorer.score(sharp + soft))
    assert all(found[s] > found[b] for s, b in zip(sharp, soft, strict=True))


def test_the_raw_score_is_not_clamped(tmp_path: Path, faces: list[Path]):
    found = [r.score for r in Scorer(bundles.write(tmp_path / "m.onnx", gain=10)).score(faces)]
    assert max(found) > 1


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_threads_batches_and_runs_agree(tmp_path: Path, faces: list[Path], workers: int):
    bundle = bundles.write(tmp_path / "m.onnx")
    first, other = Scorer(bundle, workers=1), Scorer(bundle, workers=workers)
    pixels = pixels_of(faces, 64)
    reference = np.concatenate([first.score_pixels(p[None]) for p in pixels])
    raw = first._session.run(["score"], {"image": pixels})[0]  # one batch of all
    streamed = by_path(other.stream(iter(faces), lambda p: p))
    for found in (raw, other.score_pixels(pixels), other.score_pixels(pixels), [streamed[p] for p in faces]):
        assert np.abs(np.asarray(found) - reference).max() < 1e-4


def test_scoring_twice_gives_the_same_numbers(scorer: Scorer, faces: list[Path]):
    assert list(scorer.score(faces)) == list(scorer.score(faces))


def test_features_are_what_the_head_sees(scorer: Scorer, faces: list[Path]):
    pixels = pixels_of(faces, 64)
    found = scorer.features(pixels)
    assert (found.shape, found.dtype) == ((len(faces), bundles.FEATURES), np.float32)
    head = next(bundles.numpy_helper.to_array(t) for t in bundles.model().graph.initializer if t.name == "head")
    assert np.abs(found @ head[:, 0] + 0.2 - scorer.score_pixels(pixels)).max() < 1e-5


def test_pixels_of_another_shape_or_type_are_a_bug(scorer: Scorer):
    for wrong in (
        np.zeros((1, 32, 32, 3), np.uint8),
        np.zeros((1, 64, 64, 3), np.float32),
        np.zeros((64, 64, 3), np.uint8),
    ):
        with pytest.raises(ValueError, match="uint8"):
            scorer.score_pixels(wrong)
    assert scorer.score_pixels(np.zeros((0, 64, 64, 3), np.uint8)).shape == (0,)


def test_ids_are_those_of_the_bundle(scorer: Scorer):
    assert scorer.model_id == scorer.bundle.id
    assert scorer.preprocessing_id == "pillow-short64-center64-v1"


# -- bad input --------------------------------------------------------------------------------------


def test_unreadable_files_get_a_row_with_the_reason_and_never_a_score(
    scorer: Scorer, faces: list[Path], tmp_path: Path
):
    broken = pictures.broken_folder(faces[0].parent)
    listed = list_images(faces[0].parent)
    gone = listed.index(faces[3])
    faces[3].unlink()  # between listing and decoding
    rows = list(scorer.score([*listed, tmp_path / "folder.jpg" / "x.jpg", tmp_path]))
    assert [r.path for r in rows[: len(listed)]] == listed
    assert rows[gone].error == "the file is gone"
    for row in rows:
        unreadable = row.path in broken or row.path == faces[3] or row.path not in listed
        assert (row.error is not None) == unreadable
        assert (row.score is None) == unreadable
        assert (row.sha256 is None) == (row.width is None) == (row.height is None) == unreadable


def test_a_broken_file_does_not_shift_its_neighbours(scorer: Scorer, faces: list[Path], tmp_path: Path):
    alone = by_path(scorer.score(faces))
    broken = pictures.truncated_jpeg(tmp_path / "broken.jpg")
    mixed = [p for face in faces for p in (broken, face)]
    assert [r.score for r in scorer.score(mixed)][1::2] == [alone[p] for p in faces]


def test_odd_but_good_files_are_scored(scorer: Scorer, tmp_path: Path):
    face = pictures.face(0)
    wide = np.random.default_rng(0).integers(0, 65536, (80, 80)).astype(np.uint16)
    good = [
        pictures.save(Image.fromarray(wide), tmp_path / "16.png"),
        pictures.save(face.convert("CMYK"), tmp_path / "cmyk.jpg"),
        pictures.save(face.convert("P"), tmp_path / "palette.gif", save_all=True, append_images=[pictures.face(1)]),
        pictures.save(face, tmp_path / "a.webp", save_all=True, append_images=[pictures.face(1)]),
        pictures.save(face.convert("RGBA"), tmp_path / "wrong_extension.jpg", format="PNG"),
        pictures.save(face.resize((9, 7)), tmp_path / "tiny.png"),
    ]
    assert all(r.score is not None for r in scorer.score(good))


def test_a_network_without_a_finite_answer_gives_no_score(tmp_path: Path, faces: list[Path]):
    rows = list(Scorer(bundles.write(tmp_path / "m.onnx", bias=float("nan"))).score(faces[:2]))
    assert all(r.score is None and "finite" in r.error for r in rows)


def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path):
    (tmp_path / "m.onnx").write_text("nothing")
    with pytest.raises(BundleError, match="no ONNX"):
        Scorer(tmp_path / "m.onnx")


def test_a_bundle_whose_graph_does_not_run_is_refused(tmp_path: Path):
    model = bundles.model()
    conv = next(n for n in model.graph.node if n.op_type == "Conv")
    conv.op_type = "NoSuchOperator"
    bundle = write_bundle(model, Card(name="n", arch="a", input_size=64), tmp_path / "m.onnx")
    with pytest.raises(BundleError, match="cannot load"):
        Scorer(bundle)


# -- the stream -------------------------------------------------------------------------------------


def test_items_are_pulled_only_a_few_ahead(scorer: Scorer, faces: list[Path]):
    pulled = 0

    def items() -> Iterator[Path]:
        nonlocal pulled
        for path in faces * 20:
            pulled += 1
            yield path

    stream = scorer.stream(items(), lambda p: p)
    for received in range(1, 30):
        next(stream)
        assert pulled <= received + 2 * scorer.workers
    stream.close()


def test_items_of_any_kind_come_back_with_their_row(scorer: Scorer, faces: list[Path]):
    rows = list(scorer.stream(iter(enumerate(faces)), lambda item: item[1]))
    assert sorted(r.item for r in rows) == list(enumerate(faces))
    assert all(r.path == r.item[1] for r in rows)


def test_closing_the_stream_stops_the_workers(scorer: Scorer, faces: list[Path]):
    left = iter(faces * 500)
    stream = scorer.stream(left, lambda p: p)
    next(stream)
    stream.close()
    assert len(list(left)) >= len(faces) * 500 - 2 * scorer.workers - 1  # nothing was begun any more
    assert not [t for t in threading.enumerate() if t.name.startswith("score")]


def test_our_bugs_surface_and_leave_no_thread(scorer: Scorer, faces: list[Path]):
    def path_of(path: Path) -> Path:
        if path == faces[5]:
            raise ZeroDivisionError
        return path

    with pytest.raises(ZeroDivisionError):
        list(scorer.stream(iter(faces), path_of))
    assert not [t for t in threading.enumerate() if t.name.startswith("score")]


def test_nothing_to_score(scorer: Scorer):
    assert list(scorer.score([])) == []


def test_several_streams_at_once(scorer: Scorer, faces: list[Path]):
    expected = by_path(scorer.score(faces))
    streams = [scorer.stream(iter(faces), lambda p: p) for _ in range(3)]
    found = [{}, {}, {}]
    for rows in zip(*streams, strict=True):
        for store, row in zip(found, rows, strict=True):
            store[row.path] = row.score
    assert found == [expected] * 3


def test_the_batched_way_of_accelerators_gives_the_same_scores(scorer: Scorer, faces: list[Path], tmp_path: Path):
    broken = pictures.truncated_jpeg(tmp_path / "broken.jpg")
    paths = [*faces, broken, *faces, *faces]  # more than two batches, the last one not full
    expected = by_path(scorer.score(paths))
    loaded = scoring._as_completed(iter(paths), lambda p: scorer._load(p, p), 2, 20)
    rows = list(scorer._in_batches(loaded))
    assert len(rows) == len(paths)
    assert all(r.score is None if r.path == broken else abs(r.score - expected[r.path]) < 1e-4 for r in rows)


# -- providers --------------------------------------------------------------------------------------


def test_the_provider_is_named(scorer: Scorer):
    assert scorer.provider in scoring.PROVIDERS
    available = [n for n, full in scoring.PROVIDERS.items() if full in ort.get_available_providers()]
    if available == ["CPU"]:
        assert (scorer.provider, scorer.provider_note) == ("CPU", "")


@pytest.mark.parametrize("name", ["cpu", "CPU", "CPUExecutionProvider"])
def test_the_cpu_can_be_asked_for(tmp_path: Path, name: str):
    assert Scorer(bundles.write(tmp_path / "m.onnx"), provider=name).provider == "CPU"


def test_a_provider_that_is_not_here_is_refused_not_replaced(tmp_path: Path):
    bundle = bundles.write(tmp_path / "m.onnx")
    with pytest.raises(ProviderError, match="no execution provider 'quantum'"):
        Scorer(bundle, provider="quantum")
    missing = [n for n, full in scoring.PROVIDERS.items() if full not in ort.get_available_providers()]
    if missing:
        with pytest.raises(ProviderError, match=f"{missing[0]} is not used: .* built without it"):
            Scorer(bundle, provider=missing[0])


# -- light ------------------------------------------------------------------------------------------


def test_scoring_imports_no_torch_and_no_qt(tmp_path: Path):
    bundle = bundles.write(tmp_path / "m.onnx")
    face = pictures.save(pictures.face(0), tmp_path / "a.jpg")
    code = (
        "import sys; from pathlib import Path; from engine.scoring import Scorer\n"
        "(row,) = Scorer(Path(sys.argv[1])).score([Path(sys.argv[2])]); assert row.score is not None\n"
        "print(sorted({m.split('.')[0] for m in sys.modules}))"
    )
    command = [sys.executable, "-c", code, str(bundle.path), str(face)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    heavy = {"torch", "timm", "torchvision", "PySide6", "sqlalchemy", "scipy", "pyarrow"}
    assert not heavy & set(eval(done.stdout))
