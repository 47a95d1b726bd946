"""MUSIQ: patches of any shape, masks that change nothing, and the published checkpoint's names and layouts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.baselines.contract import NotFittedError
from engine.baselines.networks import musiq_checkpoint
from engine.baselines.networks.musiq import MUSIQ, MUSIQOptions
from engine.baselines.networks.musiq_network import LAYERS, MusiqNetwork, StandardisedConv
from engine.baselines.networks.musiq_patches import joined, patches_of, resized

pytestmark = pytest.mark.train


def picture(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(1)
    model = MusiqNetwork().eval()
    with torch.no_grad():  # awake: the last norm of the stem begins at 0
        model.stem.norms[-1].weight.fill_(1.0)
        model.cls.normal_()
    return model


@pytest.mark.parametrize(
    ("shape", "patches"),
    [((512, 512), 49 + 144 + 256), ((100, 700), 7 + 12 * 2 + 22 * 4), ((33, 31), 49 + 144 + 2), ((2, 200), 7 + 12 + 7)],
)
def test_patches_of_any_shape(shape, patches):
    found = patches_of(picture(*shape), 1024)
    assert found.pixels.shape == (patches, 32, 32, 3)
    assert found.lengths.tolist() == [patches]
    assert found.places.min() >= 0
    assert found.places.max() < 100
    assert found.scales.bincount().tolist()[2] == -(-shape[0] // 32) * -(-shape[1] // 32)
    assert float(found.pixels.abs().max()) <= 1.0


def test_the_cap_holds_and_nothing_is_enlarged_to_it():
    large, small = patches_of(picture(600, 300), 256), patches_of(picture(60, 30), 256)
    assert int((large.scales == 2).sum()) == 8 * 4
    assert int((small.scales == 2).sum()) == 2
    np.testing.assert_allclose(small.pixels[-2, 2:, 1:31].numpy(), picture(60, 30)[:30] / 127.5 - 1, atol=1e-6)


def test_places_lie_on_the_grid_row_after_row():
    found = patches_of(picture(64, 160), 1024)
    own = found.places[found.scales == 2].reshape(2, 5)
    assert own.tolist() == [[0, 2, 4, 6, 8], [50, 52, 54, 56, 58]]


def test_resizing_keeps_constants_and_means_and_the_shape():
    flat = resized(np.full((90, 41, 3), 0.25, np.float32), 224)
    assert flat.shape == (224, 102, 3)
    np.testing.assert_allclose(flat, 0.25, atol=1e-6)
    ramp = np.tile(np.linspace(-1, 1, 200, dtype=np.float32)[:, None, None], (1, 50, 3))
    half = resized(ramp, 100)[:, 0, 0]
    np.testing.assert_allclose(half[2:-2], ramp[:, 0, 0].reshape(100, 2).mean(1)[2:-2], atol=1e-5)
    # Each output pixel is the normalised Gaussian (sigma 0.5, three pixels wide) around its centre.
    impulse = np.zeros((9, 1, 3), np.float32)
    impulse[4] = 1
    tail = np.exp(-2.0)
    np.testing.assert_allclose(resized(impulse, 9)[3:6, 0, 0], np.array([tail, 1, tail]) / (1 + 2 * tail), rtol=1e-6)


@torch.inference_mode()
def test_padding_and_company_change_nothing(network):
    alone = [patches_of(picture(*shape, seed), 96) for seed, shape in enumerate([(8, 96), (24, 60), (96, 12)])]
    scores = torch.cat([network(*patches) for patches in alone])
    together = network(*joined(alone))
    assert together.shape == (3,)
    assert len({round(float(s), 6) for s in scores}) == 3
    torch.testing.assert_close(together, scores, atol=1e-5, rtol=0)
    backwards = network(*joined(alone[::-1]))
    torch.testing.assert_close(backwards.flip(0), scores, atol=1e-5, rtol=0)


@torch.inference_mode()
def test_the_score_knows_place_and_scale(network):
    patches = patches_of(picture(16, 96), 96)
    moved = patches._replace(places=(patches.places + 7) % 100)
    scaled = patches._replace(scales=(patches.scales + 1) % 3)
    assert abs(float(network(*patches) - network(*moved))) > 1e-6
    assert abs(float(network(*patches) - network(*scaled))) > 1e-6


def test_kernels_are_standardised_and_padded_as_tensorflow_does():
    conv = StandardisedConv(3, 4, 7, stride=2)
    x = torch.randn(1, 3, 37, 37)
    with torch.no_grad():
        before = conv(x)
        conv.weight.mul_(3).add_(2)  # standardising takes both back
        torch.testing.assert_close(conv(x), before, atol=1e-3, rtol=1e-3)
    assert before.shape == (1, 4, 16, 16)


def _as_flax(model):
    """Our weights as flax writes them: kernels with the output last, heads apart, norms and embeddings with ones."""
    state, found = model.state_dict(), {}
    for own, theirs in musiq_checkpoint.names().items():
        array = state[own].numpy()
        kind = theirs.rsplit("/", 2)
        if array.ndim == 4:
            array = array.transpose(2, 3, 1, 0)
        elif "MultiHead" in theirs and kind[1] == "out" and array.ndim == 2:
            array = array.T.reshape(6, 64, 384)
        elif "MultiHead" in theirs and kind[1] != "out":
            array = array.T.reshape(384, 6, 64) if array.ndim == 2 else array.reshape(6, 64)
        elif own in ("places", "scales"):
            array = array[None]
        elif own == "cls":
            array = array[None, None]
        elif array.ndim == 2:
            array = array.T
        elif "gn" in theirs:
            array = array.reshape(1, 1, 1, -1)
        found[f"opt/target/{theirs}"] = array
    return found


def test_a_published_checkpoint_comes_in_exactly(tmp_path):
    torch.manual_seed(2)
    theirs, ours = MusiqNetwork(), MusiqNetwork()
    archive = _as_flax(theirs)
    assert archive["opt/target/conv_root/kernel"].shape == (7, 7, 3, 64)
    assert archive["opt/target/Transformer/encoderblock_13/MlpBlock_3/Dense_0/kernel"].shape == (384, 1152)
    assert len(archive) == len(theirs.state_dict()) == 24 + 16 * LAYERS
    # Beside the weights there is the optimiser's state, of which we know nothing.
    np.savez(tmp_path / "koniq_ckpt.npz", **archive, **{"opt/state/step": np.array(7)})
    musiq_checkpoint.load(tmp_path / "koniq_ckpt.npz", ours, head=True)
    for name, tensor in theirs.state_dict().items():
        assert torch.equal(ours.state_dict()[name], tensor), name


def test_a_checkpoint_with_classes_gives_all_but_its_head(tmp_path):
    """ImageNet's has a thousand outputs; whatever the scale of a head, ours begins in the middle of MOS."""
    torch.manual_seed(3)
    theirs = MusiqNetwork()
    archive = _as_flax(theirs)
    archive["opt/target/head/kernel"] = np.zeros((384, 1000), np.float32)
    archive["opt/target/head/bias"] = np.zeros(1000, np.float32)
    np.savez(tmp_path / "imagenet_pretrain.npz", **archive)
    system, options = MUSIQ(), MUSIQOptions(init=str(tmp_path / "imagenet_pretrain.npz"))
    ours = system.network(options, 0)
    assert torch.equal(ours.layers[13].out.weight, theirs.layers[13].out.weight)
    assert ours.head.bias.tolist() == [0.5]
    assert system._init_in_words(options) == "file imagenet_pretrain.npz"


def test_archives_that_are_none_are_refused(tmp_path):
    (tmp_path / "text.npz").write_text("no archive")
    np.savez(tmp_path / "other.npz", a=np.zeros(1))
    np.savez(tmp_path / "pickled.npz", **{"opt/target/conv_root/kernel": np.array([{}], dtype=object)})
    for path in sorted(tmp_path.iterdir()):
        with pytest.raises(NotFittedError, match="no published MUSIQ checkpoint"):
            musiq_checkpoint.load(path, MusiqNetwork())
