"""NIQE, BRISQUE and the floors: what they learn, what they order, what they refuse."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import io

import resources
from engine import degrade
from engine.baselines import features, niqe, pristine, registry, svr_fit
from engine.baselines.brisque import Brisque
from engine.baselines.contract import BaselineConfig, NotFittedError
from engine.baselines.floors import Constant
from engine.baselines.niqe import Niqe
from engine.errors import Cancelled, UserError
from engine.manifest import Manifest, Row
from tests import pictures

KINDS = ("blur", "noise", "jpeg")
NOBODY = BaselineConfig(seed=1, workers=1)


def silent(type_, fields):
    pass


def faces_of(folder: Path, count=24, size=(96, 96)) -> Manifest:
    """Faces out of focus by degrees; three images of a person; a third of the people in val."""
    rows = []
    for k in range(count):
        radius = (k % 4) * 0.8
        path = pictures.save(pictures.blurred(k, radius, size), folder / f"{k:02}.png")
        person = k // 4
        rows.append(Row(path, 1 - radius / 3, ("train", "train", "val")[person % 3], group=f"person {person}"))
    return Manifest(tuple(rows))


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    table = faces_of(tmp_path_factory.mktemp("faces"))
    brisque = Brisque()
    brisque.fit(table, NOBODY, silent)
    return brisque, table


# -- ladders of real faces -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ladders(tmp_path_factory):
    """Clean sample faces with their blurs, noises and JPEGs of severity 1 to 5, as files."""
    folder = tmp_path_factory.mktemp("ladders")
    with (resources.samples() / "manifest.csv").open(newline="") as stream:
        names = [r["path"] for r in csv.DictReader(stream) if r["kind"] == "clean"]
    rows = []
    for name in names:
        clean = np.asarray(Image.open(resources.samples() / name).convert("RGB").resize((320, 320)))
        for kind in KINDS:
            for severity in range(6):
                rng = np.random.default_rng(5)
                seen = clean if severity == 0 else degrade.degrade(clean, kind, severity, rng)
                path = pictures.save(Image.fromarray(seen), folder / f"{name}-{kind}-{severity}.png", compress_level=1)
                extra = {"ladder": f"{name} {kind}", "severity": str(severity)}
                rows.append(Row(path, 1 - severity / 5, "", group=name, extra=extra))
    return rows, names


def ordered(rows, scores):
    """Share of ladders whose five rungs all stand in order."""
    found = {}
    for row, score in zip(rows, scores, strict=True):
        found.setdefault(row.extra["ladder"], {})[int(row.extra["severity"])] = score
    return np.mean([all(rungs[s] > rungs[s + 1] for s in range(1, 5)) for rungs in found.values()])


def test_ladders_of_real_faces_are_ordered(ladders, capsys):
    rows, names = ladders
    learned, unseen = names[:6], names[6:]
    train = [Row(r.path, r.mos, "train", group=r.group) for r in rows if r.group in learned]
    brisque = Brisque()
    brisque.fit(Manifest(tuple(train)), NOBODY, silent)
    held = [r for r in rows if r.group in unseen]
    rate = ordered(held, [r.score for r in brisque.score(r.path for r in held)])
    plain = ordered(held, [r.score for r in Niqe().score(r.path for r in held)])
    with capsys.disabled():
        print(f"\nladders in order: refitted BRISQUE {rate:.0%}, NIQE {plain:.0%} of {len(unseen) * len(KINDS)}")
    assert len(unseen) >= 4
    assert rate >= 0.95


# -- NIQE ------------------------------------------------------------------------------------------


def test_the_distance_of_the_pristine_patches_themselves_is_zero():
    rng = np.random.default_rng(0)
    patches = rng.normal(0, 1, (500, pristine.FEATURES)) @ rng.normal(0, 1, (pristine.FEATURES, pristine.FEATURES))
    model = pristine.Pristine(patches.mean(0), np.cov(patches, rowvar=False))
    assert niqe.distance(model, patches) == pytest.approx(0, abs=1e-6)
    assert niqe.distance(model, patches + patches.std(0)) > 1


def test_a_shift_by_one_deviation_of_independent_features_is_the_root_of_their_number():
    """With equal covariances I the distance is the Euclidean length of the shift."""
    rng = np.random.default_rng(1)
    patches = rng.normal(0, 1, (60_000, pristine.FEATURES))
    model = pristine.Pristine(np.zeros(pristine.FEATURES), np.eye(pristine.FEATURES))
    assert niqe.distance(model, patches + 1.0) == pytest.approx(np.sqrt(pristine.FEATURES), rel=0.03)


def test_the_shipped_model_names_its_origin_and_licence():
    model = pristine.Pristine.load(resources.niqe_model())
    assert "CC BY 4.0" in model.origin
    assert model.images >= pristine.FEW_IMAGES
    credits = (resources.niqe_model().parent / "README.md").read_text(encoding="utf-8")
    assert "DeBruine" in credits
    assert Niqe().card().raw_lower_is_better


def test_niqe_scores_are_higher_for_better_faces_and_refuse_small_ones(tmp_path):
    sample = Image.open(resources.samples() / "face-02.jpg")
    good = pictures.save(sample, tmp_path / "good.png")
    bad = pictures.save(sample.resize((40, 50)).resize(sample.size), tmp_path / "bad.png")
    small = pictures.save(sample.resize((150, 200)), tmp_path / "small.png")
    found = list(Niqe().score([good, bad, small, tmp_path / "gone.png"]))
    assert found[0].score > found[1].score
    assert found[2].score is None
    assert "too few for NIQE" in found[2].error
    assert found[3].error == "the file is gone"


def test_sharp_patches_alone_count_as_pristine(tmp_path):
    """Half of each picture is out of focus; the model is that of the sharp halves alone."""
    halves, sharp = [], []
    for k in range(18):
        left = pictures.face(k, (192, 384))
        both = Image.new("RGB", (384, 384))
        both.paste(left, (0, 0))
        both.paste(pictures.blurred(k, 6, (192, 384)), (192, 0))
        halves.append(pictures.save(both, tmp_path / "both" / f"{k}.png"))
        sharp.append(pictures.save(left, tmp_path / "left" / f"{k}.png"))
    whole, alone = pristine.learn(halves).model, pristine.learn(sharp, threshold=0.0).model
    assert whole.patches < 18 * 12
    apart = np.abs(whole.mean - alone.mean) / np.sqrt(np.diag(alone.covariance))
    assert apart.max() < 1.5


def test_the_original_parameters_can_be_imported(tmp_path, capsys):
    from engine.cli import main

    shipped = pristine.Pristine.load(resources.niqe_model())
    file = tmp_path / "modelparameters.mat"
    io.savemat(file, {"mu_prisparam": shipped.mean[None], "cov_prisparam": shipped.covariance})
    assert main(["niqe", "import", str(file), "--out", str(tmp_path / "m.npz")]) == 0
    sample = str(resources.samples() / "face-05.jpg")
    assert main(["score", sample, "--model", str(tmp_path / "m.npz")]) == 0
    imported = capsys.readouterr().out.splitlines()[1]
    assert main(["score", sample, "--model", "niqe"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == imported
    (tmp_path / "no.mat").write_bytes(b"no MATLAB file")
    assert main(["niqe", "import", str(tmp_path / "no.mat"), "--out", str(tmp_path / "n.npz")]) == 2


def test_niqe_fit_says_how_much_it_learned_and_warns_of_few(tmp_path, capsys):
    from engine.cli import main

    pictures.folder(tmp_path / "good", 30, (288, 288))
    pictures.truncated_jpeg(tmp_path / "good" / "cut.jpg")
    assert main(["niqe", "fit", str(tmp_path / "good"), "--out", str(tmp_path / "own")]) == 1
    said = capsys.readouterr().err
    assert "sharp patches of 30 images" in said
    assert "fewer than 50 images" in said
    assert "cut.jpg: the file is truncated" in said
    assert pristine.Pristine.load(tmp_path / "own.npz").images == 30
    assert main(["niqe", "fit", str(resources.samples().parent / "icons"), "--out", str(tmp_path / "x")]) == 2


def test_niqe_of_a_manifest_learns_from_its_best_images_on_request(tmp_path):
    table = faces_of(tmp_path, 24, (384, 384))
    plain = Niqe()
    plain.fit(table, NOBODY, silent)
    assert plain.model.id == Niqe().model.id
    own = Niqe()
    own.fit(table, BaselineConfig(options={"best": 0.75, "threshold": 0.1}), silent)
    assert "12 best of 16" in own.model.origin
    with pytest.raises(UserError, match="no option 'bset'"):
        plain.fit(table, BaselineConfig(options={"bset": 0.5}), silent)


# -- BRISQUE ---------------------------------------------------------------------------------------


def test_brisque_scores_as_scikit_learn_does(fitted):
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVR

    brisque, table = fitted
    train = table.where(split="train")
    x = features.FeatureCache(None).table(train.rows).features
    svr = brisque._svr
    scaler = StandardScaler().fit(x)
    C = brisque._about["C"]  # noqa: N806
    theirs = SVR(C=C, gamma=svr.gamma, epsilon=0.02).fit(scaler.transform(x), train.mos)
    held = features.FeatureCache(None).table(table.where(split="val").rows).features
    np.testing.assert_allclose(svr(held), theirs.predict(scaler.transform(held)), atol=1e-9)


def test_brisque_is_kept_without_pickles_and_scores_without_scikit_learn(fitted, tmp_path):
    brisque, table = fitted
    registry.save(brisque, tmp_path / "kept")
    with np.load(tmp_path / "kept" / "brisque.npz", allow_pickle=False) as found:
        assert all(found[name].dtype.kind in "fU" for name in found.files)
    paths = [r.path for r in table.rows[:4]]
    expected = [r.score for r in brisque.score(paths)]
    program = (
        "import sys; from pathlib import Path; from engine.baselines import registry;"
        "rows = registry.load(Path(sys.argv[1])).score(map(Path, sys.argv[2:]));"
        "print([r.score for r in rows]); print({'sklearn', 'torch'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "kept"), *map(str, paths)]
    root = Path(__file__).resolve().parents[3]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root, timeout=120).stdout
    assert said.splitlines() == [str(expected), "set()"]


def test_brisque_ranks_blur_it_has_never_seen(fitted):
    brisque, table = fitted
    held = table.where(split="val")
    scores = [r.score for r in brisque.score(r.path for r in held.rows)]
    assert np.corrcoef(scores, held.mos)[0, 1] > 0.8
    card = brisque.card()
    assert card.fitted_on == table.digest()
    assert "gamma" in card.notes[0]


def test_people_stay_on_one_side_of_each_fold():
    groups = np.array([f"p{k % 7}" for k in range(70)])
    for train, held in svr_fit._folds(groups, 5):
        assert not set(groups[train]) & set(groups[held])


def test_features_are_computed_once_for_the_same_bytes(tmp_path):
    table = faces_of(tmp_path / "faces", 8)
    broken = pictures.text_named_jpg(tmp_path / "text.jpg")
    rows = (*table.rows, Row(broken, 0.5), Row(table.rows[0].path, 0.5, sha256="0" * 64))
    first = features.FeatureCache(tmp_path).table(rows)
    assert first.numbers == tuple(range(8))
    assert [e.reason for e in first.left_out] == [
        "it is no image, or of an unknown kind",
        "the file has changed since it was labelled",
    ]
    cache = features.FeatureCache(tmp_path)
    for sha256 in cache._known:
        cache._known[sha256] = np.zeros(features.FEATURES)  # what is known is not computed again
    assert not cache.table(rows).features.any()


def test_an_interrupted_fit_keeps_the_features(tmp_path):
    table = faces_of(tmp_path / "faces", 24)
    told = BaselineConfig(workers=1, options={"folder": str(tmp_path)})

    def stop(type_, fields):
        if type_ == "search":
            raise Cancelled

    with pytest.raises(Cancelled):
        Brisque().fit(table, told, stop)
    assert len(features.FeatureCache(tmp_path)._known) == 16


def test_brisque_says_what_it_needs(tmp_path):
    with pytest.raises(NotFittedError, match="has not learned"):
        Brisque().score([])
    with pytest.raises(NotFittedError, match="labelled images; BRISQUE needs"):
        Brisque().fit(Manifest(()), NOBODY, silent)
    one = Manifest(tuple(Row(r.path, r.mos, "train", group="a") for r in faces_of(tmp_path, 12).rows))
    with pytest.raises(NotFittedError, match="one group"):
        Brisque().fit(one, NOBODY, silent)


def test_more_images_than_allowed_are_drawn_and_it_is_said(tmp_path):
    brisque = Brisque()
    brisque.fit(faces_of(tmp_path), BaselineConfig(options={"most": 12}), silent)
    assert "fitted on 12 of 16 images" in brisque.card().notes


# -- floors and the registry -----------------------------------------------------------------------


def test_floors(tmp_path):
    table = faces_of(tmp_path)
    sharpness, size = registry.make("sharpness"), registry.make("filesize")
    blurred, sharp = table.rows[3].path, table.rows[0].path
    assert [r.score for r in size.score([sharp])] == [np.log10(sharp.stat().st_size)]
    low, high = (r.score for r in sharpness.score([blurred, sharp]))
    assert low < high
    constant = Constant()
    with pytest.raises(NotFittedError):
        list(constant.score([sharp]))
    constant.fit(table, NOBODY, silent)
    registry.save(constant, tmp_path / "kept")
    again = registry.load(tmp_path / "kept")
    assert next(iter(again.score([sharp]))).score == pytest.approx(table.where(split="train").mos.mean())


def test_what_is_not_kept_is_said(tmp_path):
    for name in ("nothing", "made.npz"):
        with pytest.raises(NotFittedError):
            registry.load(tmp_path / name)
    (tmp_path / "torn.npz").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(NotFittedError, match="damaged"):
        registry.load(tmp_path / "torn.npz")
    with pytest.raises(UserError, match="no baseline 'niqqe'"):
        registry.make("niqqe")


def test_a_fitted_baseline_scores_from_the_terminal(tmp_path, capsys):
    from engine import manifest
    from engine.cli import main

    table = faces_of(tmp_path / "faces")
    manifest.write(table, tmp_path / "m.csv")
    kept = str(tmp_path / "kept")
    assert main(["baseline", "fit", "brisque", str(tmp_path / "m.csv"), "--out", kept, "--set", "folds=2"]) == 0
    capsys.readouterr()
    assert main(["score", str(table.rows[0].path), "--model", kept]) == 0
    row = capsys.readouterr().out.splitlines()[1].split(",")
    assert float(row[1]) > 0
    assert row[2].startswith("brisque:")
    assert main(["baseline", "fit", "brisque", str(tmp_path / "m.csv"), "--out", kept, "--set", "flods=2"]) == 2
    assert "Did you mean 'folds'?" in capsys.readouterr().err
    assert main(["score", str(table.rows[0].path), "--model", "brisque"]) == 2
    assert "fiqa baseline fit brisque" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["niqe", "sharpness", "filesize"])
def test_what_needs_no_fitting_scores_by_its_name(name, tmp_path, capsys):
    from engine.cli import main

    path = pictures.save(pictures.face(3, (200, 200)), tmp_path / "a.png")
    assert main(["score", str(path), "--model", name]) == 0
    _, number, model, _ = capsys.readouterr().out.splitlines()[1].split(",")
    assert float(number) == pytest.approx(next(iter(registry.make(name).score([path]))).score, rel=1e-6)
    assert model.startswith(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("brisque", "fiqa baseline fit brisque"),
        ("constant", "fiqa baseline fit constant"),
        ("niqqe", "Did you mean 'niqe'?"),
        (".", "holds no fitted baseline"),
    ],
)
def test_what_cannot_score_says_what_to_do(name, said, tmp_path, capsys, monkeypatch):
    from engine.cli import main

    monkeypatch.chdir(tmp_path)
    pictures.save(pictures.face(3), tmp_path / "a.png")
    assert main(["score", "a.png", "--model", name]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
