"""The paper's losses: their values, their gradients, and the batches on which they do not exist."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine import metrics
from engine.train import losses

pytestmark = pytest.mark.train


def batch(n=12, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n, generator=generator), torch.rand(n, generator=generator)


def numerical_gradient(function, pred, step=1e-3):
    found = torch.zeros_like(pred)
    for k in range(len(pred)):
        up, down = pred.clone(), pred.clone()
        up[k] += step
        down[k] -= step
        found[k] = (function(up) - function(down)) / (2 * step)
    return found


def test_values_are_those_of_the_equations():
    pred, mos = batch()
    rho = metrics.plcc(pred.numpy(), mos.numpy())
    assert float(losses.plcc_loss(pred, mos)) == pytest.approx((1 - rho) / 2, abs=1e-6)
    assert float(losses.mse(pred, mos)) == pytest.approx(float(np.mean((pred - mos).numpy() ** 2)), abs=1e-7)
    total = losses.quality_loss(pred, mos, plcc_weight=0.3)
    assert float(total.total) == pytest.approx(float(total.mse + 0.3 * total.plcc), abs=1e-7)
    assert float(losses.plcc_loss(mos * 3 + 1, mos)) == pytest.approx(0, abs=1e-6)
    assert float(losses.plcc_loss(-mos, mos)) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    "function",
    [losses.mse, losses.plcc_loss, lambda p, m: losses.quality_loss(p, m, plcc_weight=2.0).total],
    ids=["mse", "plcc", "total"],
)
def test_gradients_are_those_of_finite_differences(function):
    pred, mos = batch()
    pred.requires_grad_()
    function(pred, mos).backward()
    expected = numerical_gradient(lambda p: function(p.detach(), mos), pred.detach())
    torch.testing.assert_close(pred.grad, expected, atol=2e-4, rtol=1e-2)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize(
    ("pred", "mos"),
    [
        (torch.full((8,), 0.5), torch.linspace(0, 1, 8)),
        (torch.linspace(0, 1, 8), torch.full((8,), 0.5)),
        (torch.full((8,), 0.5), torch.full((8,), 0.5)),
        (torch.tensor([0.3]), torch.tensor([0.4])),
        (torch.tensor([0.3, 0.1]), torch.tensor([0.4, 0.9])),
        (torch.tensor([0.3, 0.1, 0.2]), torch.tensor([0.4, 0.9, 0.3])),
    ],
    ids=["constant scores", "constant labels", "both", "one", "two", "three"],
)
def test_where_no_correlation_exists_it_pulls_nowhere(pred, mos, dtype):
    scores = pred.to(dtype).detach().clone().requires_grad_()
    loss = losses.plcc_loss(scores, mos)
    loss.backward()
    assert float(loss.detach()) == 0.5
    assert not scores.grad.any()
    whole = losses.quality_loss(pred.clone().requires_grad_(), mos)
    assert torch.isfinite(whole.total)


def test_half_precision_is_computed_in_float32():
    pred, mos = batch(64)
    half = losses.plcc_loss(pred.half(), mos.half())
    assert half.dtype == torch.float32
    assert float(half) == pytest.approx(float(losses.plcc_loss(pred.half().float(), mos.half().float())), abs=1e-7)


def test_sources_of_unequal_size_count_alike():
    pred, mos = batch(15)
    pred.requires_grad_()
    found = losses.multi_source_loss(pred, mos, [4, 11], [1.0, 1.0])
    found.total.backward()
    expected = numerical_gradient(
        lambda p: losses.quality_loss(p[:4], mos[:4]).total + losses.quality_loss(p[4:], mos[4:]).total, pred.detach()
    )
    torch.testing.assert_close(pred.grad, expected, atol=2e-4, rtol=1e-2)


def test_one_source_is_the_plain_loss_and_weights_scale():
    pred, mos = batch()
    plain = losses.quality_loss(pred, mos)
    assert losses.multi_source_loss(pred, mos, [12], [1.0]).total == plain.total
    assert losses.multi_source_loss(pred, mos, [12], [2.0]).total == 2 * plain.total


def test_image_weights_weigh_errors():
    pred, mos = torch.tensor([0.0, 1.0]), torch.tensor([0.5, 1.5])
    assert float(losses.mse(pred, mos, torch.tensor([1.0, 0.0]))) == 0.25
    assert float(losses.mse(pred, torch.tensor([0.5, 1.0]), torch.tensor([1.0, 3.0]))) == pytest.approx(0.0625)


def test_shapes_that_would_broadcast_are_refused():
    with pytest.raises(ValueError, match=r"\[N\] alike"):
        losses.mse(torch.rand(4, 1), torch.rand(4))
    with pytest.raises(ValueError, match="do not fit"):
        losses.multi_source_loss(torch.rand(4), torch.rand(4), [3], [1.0])
