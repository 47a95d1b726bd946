"""What a training minimises beyond the plain losses: source weights, the pairwise term and its memory."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from engine.recipes import Training
from engine.train import losses
from engine.train.criterion import Criterion, Targets, source_weights

pytestmark = pytest.mark.train
PAPER = Training()


def targets(mos, *counts):
    counts = counts or (len(mos),)
    return Targets(mos, counts, (1.0,) * len(counts))


def test_the_three_source_weightings():
    names, sizes = ["labeled", "pseudo1", "pseudo2"], [100, 300, 200]
    assert source_weights(PAPER, names, sizes) == (1.0, 1.0, 1.0)
    assert source_weights(replace(PAPER, source_weighting="proportional"), names, sizes) == (0.5, 1.5, 1.0)
    chosen = replace(PAPER, source_weighting={"labeled": 2.0, "pseudo2": 0.0})
    assert source_weights(chosen, names, sizes) == (2.0, 1.0, 0.0)


def test_proportional_sources_give_every_image_the_same_say_in_the_squared_error():
    generator = torch.Generator().manual_seed(0)
    pred, mos = torch.rand(16, generator=generator), torch.rand(16, generator=generator)
    plain = replace(PAPER, plcc_weight=0.0)
    weights = source_weights(replace(plain, source_weighting="proportional"), ["a", "b"], [4, 12])
    found = Criterion(plain)(pred, Targets(mos, (4, 12), weights))
    assert float(found.total) == pytest.approx(2 * float(losses.mse(pred, mos)), abs=1e-6)


def test_the_public_codes_form_of_the_correlation_loss():
    """science: (1 - rho) / 4 + (1 - rho^2) / 8, with slope -1/2 at 1, -1/4 at 0 and none at -1."""
    mos = torch.linspace(0, 1, 9)
    for rho in (-1.0, -0.5, 0.0, 0.7, 1.0):
        across = torch.tensor([1.0, -1, 1, -1, 0, -1, 1, -1, 1])
        centred = mos - mos.mean()
        across = across - across.mean() - centred * (across @ centred) / (centred @ centred)
        pred = rho * centred / centred.norm() + (1 - rho**2) ** 0.5 * across / across.norm()
        value = float(losses.plcc_loss(pred, mos, "public-code"))
        assert value == pytest.approx((1 - rho) / 4 + (1 - rho**2) / 8, abs=1e-6)
        assert float(losses.plcc_loss(pred, mos)) == pytest.approx((1 - rho) / 2, abs=1e-6)


def test_image_weights_weigh_the_correlation_too():
    pred, mos = torch.tensor([0.1, 0.4, 0.6, 0.9, 0.3]), torch.tensor([0.2, 0.3, 0.7, 0.8, 1.0])
    whole = losses.plcc_loss(pred[:4], mos[:4])
    weight = torch.tensor([1.0, 1.0, 1.0, 1.0, 0.0])
    assert float(losses.plcc_loss(pred, mos, weight=weight)) == pytest.approx(float(whole), abs=1e-6)
    twice = losses.plcc_loss(torch.cat([pred, pred[:2]]), torch.cat([mos, mos[:2]]))
    weight = torch.tensor([2.0, 2.0, 1.0, 1.0, 1.0])
    assert float(losses.plcc_loss(pred, mos, weight=weight)) == pytest.approx(float(twice), abs=1e-6)


def test_the_fidelity_loss_is_least_where_the_differences_are_right():
    mos = torch.tensor([0.1, 0.3, 0.5, 0.9], dtype=torch.float64)
    pred = (mos + 0.2).requires_grad_()
    assert float(losses.fidelity_loss(pred, mos, pred.detach(), mos).detach()) == pytest.approx(0, abs=1e-9)
    turned = (1 - mos).requires_grad_()
    assert losses.fidelity_loss(turned, mos, turned.detach(), mos) > 0.3
    assert torch.autograd.gradcheck(lambda p: losses.fidelity_loss(p, mos, mos.flip(0) * 0.9, mos.flip(0)), (turned,))


def test_pairs_reach_back_over_earlier_batches_until_they_are_forgotten():
    training = replace(PAPER, fidelity_weight=1.0, queue=8)
    remembering, fresh = Criterion(training), Criterion(training)
    first, second = torch.tensor([0.9, 0.8, 0.7, 0.6]), torch.tensor([0.1, 0.2, 0.3, 0.4])
    mos = torch.tensor([0.1, 0.2, 0.3, 0.4])
    remembering(first, targets(mos))
    assert remembering(second, targets(mos)).total > fresh(second, targets(mos)).total
    remembering.forget()
    again = Criterion(training)
    assert float(remembering(second, targets(mos)).total) == float(again(second, targets(mos)).total)
