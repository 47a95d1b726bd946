"""Gradients of depthwise convolutions: as right as torch's own in bfloat16, and torch's own elsewhere."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from engine.recipes import Network
from engine.train import depthwise, networks


def _gradients(layer: nn.Conv2d, x: Tensor, wanted: Tensor, half: bool) -> tuple[Tensor, ...]:
    x = x.detach().clone().requires_grad_()
    layer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        found = layer(x)
    found.backward(wanted.to(found.dtype))
    assert x.grad is not None
    return (found.detach(), x.grad, *(p.grad for p in layer.parameters() if p.grad is not None))


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("side", [3, 5, 7, 9])
@pytest.mark.parametrize("size", [(12, 12), (13, 6), (5, 11)])
def test_gradients_are_those_of_the_convolution(side: int, stride: int, bias: bool, size: tuple[int, int]) -> None:
    torch.manual_seed(3)
    plain = nn.Conv2d(8, 8, side, stride, side // 2, groups=8, bias=bias)
    own = nn.Sequential(nn.Conv2d(8, 8, side, stride, side // 2, groups=8, bias=bias))
    own[0].load_state_dict(plain.state_dict())
    depthwise.put_into(own)
    assert isinstance(own[0], depthwise.DepthwiseConv2d)
    # bfloat16 knows these values, so what differs is the arithmetic alone.
    x = torch.randn(4, 8, *size).bfloat16().float().contiguous(memory_format=torch.channels_last)
    with torch.no_grad():
        for parameter in (*plain.parameters(), *own.parameters()):
            parameter.copy_(parameter.bfloat16())
    wanted = torch.randn_like(plain(x)).bfloat16().float()
    exact = _gradients(plain, x, wanted, half=False)
    found = _gradients(own[0], x, wanted, half=True)
    assert len(found) == len(exact)
    for a, b in zip(found, exact, strict=True):
        assert (a - b).abs().max() <= 2**-7 * b.abs().max(), (side, stride)


def test_without_half_precision_it_is_torch_bit_for_bit() -> None:
    torch.manual_seed(4)
    plain, own = nn.Conv2d(8, 8, 5, 2, 2, groups=8), nn.Conv2d(8, 8, 5, 2, 2, groups=8)
    own.load_state_dict(plain.state_dict())
    depthwise.put_into(own)
    x = torch.randn(2, 8, 9, 9)
    wanted = torch.randn_like(plain(x))
    for a, b in zip(_gradients(plain, x, wanted, False), _gradients(own, x, wanted, False), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize(
    "other",
    [
        nn.Conv2d(8, 8, 3, padding=1),
        nn.Conv2d(8, 16, 3, padding=1, groups=8),
        nn.Conv2d(8, 8, 3, padding=0, groups=8),
        nn.Conv2d(8, 8, 1, groups=8),
        nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=8),
        nn.Conv2d(8, 8, (3, 5), padding=(1, 2), groups=8),
    ],
)
def test_others_are_left_alone(other: nn.Conv2d) -> None:
    depthwise.put_into(other)
    assert type(other) is nn.Conv2d


@pytest.mark.parametrize("arch", ["edgenext_xx_small", "mobilenetv4_conv_small_050"])
def test_a_network_learns_by_them_as_it_did(arch: str) -> None:
    own = networks.build(Network(arch, size=64), seed=1)
    plain = networks.build(Network(arch, size=64), seed=1)
    count = 0
    for module in plain.modules():
        if isinstance(module, depthwise.DepthwiseConv2d):
            module.__class__ = nn.Conv2d  # type: ignore[assignment]
            count += 1
    assert count >= 5
    pixels = torch.randint(0, 256, (8, 64, 64, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(5))
    found = []
    for model, half in ((own, torch.bfloat16), (plain, torch.bfloat16), (plain, None)):
        model.channels_last().train().zero_grad()
        torch.manual_seed(6)  # EdgeNeXt drops paths at random
        model(pixels, half=half).square().sum().backward()
        gradients = [p.grad.flatten() for p in model.parameters() if p.grad is not None]
        found.append(torch.cat(gradients))
    likeness = [torch.nn.functional.cosine_similarity(found[k], found[2], dim=0).item() for k in (0, 1)]
    assert likeness[0] > likeness[1] - 0.02  # batch norms over few pixels amplify rounding, with either
