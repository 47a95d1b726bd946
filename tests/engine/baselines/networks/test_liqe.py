"""LIQE: the same crops of the same file, prompts read once, and the loss of pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PIL import Image

from engine.baselines.contract import NotFittedError
from engine.baselines.networks.liqe import LIQE, LIQEOptions, windows
from engine.baselines.networks.liqe_network import ClipJudge, fidelity_loss
from tests import pictures

pytestmark = pytest.mark.train


@pytest.fixture
def judge(tiny_clip):
    torch.manual_seed(0)
    return ClipJudge(tiny_clip).eval()


def crops(count=2, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).integers(0, 256, (count, 3, 224, 224, 3)).astype(np.uint8))


def test_crops_follow_from_the_content_of_the_file():
    picture = pictures.face(1, (300, 260))
    options = LIQEOptions(size=260, crops=4)
    one, same, other = (LIQE().inputs(picture, key * 4, options)[0] for key in ("ab" * 8, "ab" * 8, "cd" * 8))
    assert one.shape == (1, 4, 224, 224, 3)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_crops_are_windows_of_the_picture_and_reach_its_borders():
    place = np.stack(np.meshgrid(np.arange(230), np.arange(226), [0], indexing="ij"), -1)[:, :, 0].astype(np.uint8)
    found = windows(place, 200, np.random.default_rng(0))
    tops, lefts = found[:, 0, 0, 0], found[:, 0, 0, 1]
    assert (set(tops), set(lefts)) == (set(range(7)), set(range(3)))
    for window, top, left in zip(found, tops, lefts, strict=True):
        np.testing.assert_array_equal(window, place[top : top + 224, left : left + 224])


def test_a_small_picture_is_enlarged():
    tiny = Image.new("RGB", (40, 20))
    assert LIQE().inputs(tiny, "0" * 64, LIQEOptions(crops=2))[0].shape == (1, 2, 224, 224, 3)


def test_scores_are_the_mean_word_of_the_mean_crop(judge):
    pixels = crops()
    with torch.no_grad():
        scores = judge(pixels)
        unit = judge.features(pixels)
        similar = judge.clip.logit_scale.exp() * (unit @ judge.prompts().T)
    share = torch.softmax(similar.mean(1), -1)
    words = (share * torch.tensor([1.0, 2, 3, 4, 5])).sum(-1)
    torch.testing.assert_close(scores, (words - 1) / 4)
    torch.testing.assert_close(unit.norm(dim=-1), torch.ones(2, 3))
    assert ((scores >= 0) & (scores <= 1)).all()


def test_prompts_are_read_once_and_again_when_the_weights_change(judge):
    with torch.no_grad():
        first = judge.prompts()
        assert judge.prompts() is first
        state = {k: v + 0.1 * torch.randn_like(v) for k, v in judge.state_dict().items()}
        judge.load_state_dict(state)
        assert not torch.allclose(judge.prompts(), first)
        before = judge.prompts()
        judge.train()
        for parameter in judge.clip.transformer.parameters():
            parameter.mul_(2)
        judge.eval()
        assert not torch.allclose(judge.prompts(), before)


def test_while_learning_the_prompts_learn_too(judge):
    judge.train()(crops()).sum().backward()
    assert judge.clip.token_embedding.weight.grad.abs().sum() > 0
    assert judge.clip.visual.conv1.weight.grad.abs().sum() > 0


def test_the_loss_of_pairs_is_that_of_the_equation():
    score, mos = torch.tensor([0.9, 0.2, 0.4]), torch.tensor([1.0, 0.5, 0.5])

    def better(a, b):
        return 0.5 * (1 + math.erf(4 * (a - b) / math.sqrt(2) / math.sqrt(2)))

    expected = []
    for i, j in ((0, 1), (0, 2), (1, 2)):
        found, wanted = better(float(score[i]), float(score[j])), {(1, 2): 0.5}.get((i, j), 1.0)
        expected.append(1 - math.sqrt(wanted * found) - math.sqrt((1 - wanted) * (1 - found)))
    assert float(fidelity_loss(score, mos, torch.ones(3))) == pytest.approx(np.mean(expected), abs=1e-4)
    weighed = fidelity_loss(score, mos, torch.tensor([1.0, 1.0, 0.0]))
    assert float(weighed) == pytest.approx(expected[0], abs=2e-4)


def test_the_loss_pulls_the_worse_picture_down_also_where_it_is_sure_and_wrong():
    score = torch.tensor([0.0, 1.0, 0.5], requires_grad=True)
    fidelity_loss(score, torch.tensor([1.0, 0.0, 0.5]), torch.ones(3)).backward()
    assert torch.isfinite(score.grad).all()
    assert score.grad[0] < 0 < score.grad[1]


def test_networks_that_are_no_plain_clip_are_refused():
    with pytest.raises(NotFittedError, match=r"no network 'ViT-B32'.*Did you mean 'ViT-B-32'"):
        ClipJudge("ViT-B32")
    with pytest.raises(NotFittedError, match="no plain CLIP"):
        ClipJudge("ViT-B-16-SigLIP")
