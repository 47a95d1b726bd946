"""Depthwise convolutions whose gradients in bfloat16 on a processor cost what the convolution costs.

The library behind torch has no fast path for two of them: the gradient of the input at stride 2 (a plain loop, a
hundred times the forward pass) and the gradient of weights wider than 3 x 3 (ten times). Both are convolutions that it
does have fast paths for: the first one of the gradient with zeros between its pixels, the second one put together
from 3 x 3 tiles. A step of MobileNetV4-conv-small takes 0.55 of the time by it, one of EdgeNeXt-XXS 0.89
(`python -m benchmarks.training_step`). Forward pass, other devices and other types are torch's own.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.nn import functional

_TILE: Final = 3


class DepthwiseConv2d(nn.Conv2d):
    """A depthwise `nn.Conv2d` (square odd kernel, padded to keep the size, stride 1 or 2) with the same parameters."""

    def forward(self, input: Tensor) -> Tensor:
        """[N, C, H, W] -> [N, C, H / stride, W / stride]."""
        kind = input.device.type
        half = kind == "cpu" and torch.is_autocast_enabled(kind) and torch.get_autocast_dtype(kind) == torch.bfloat16
        if not (half and self.training and torch.is_grad_enabled()):
            return super().forward(input)
        bias = None if self.bias is None else self.bias.bfloat16()
        found: Tensor = _Convolution.apply(  # type: ignore[no-untyped-call]
            input.bfloat16(), self.weight.bfloat16(), bias, self.stride[0]
        )
        return found


def put_into(model: nn.Module) -> None:
    """Turn every convolution of the model that fits into a `DepthwiseConv2d`, in place; parameters stay the same."""
    for module in model.modules():
        if type(module) is nn.Conv2d and _fits(module):
            module.__class__ = DepthwiseConv2d


def _fits(module: nn.Conv2d) -> bool:
    height, width = module.kernel_size
    return (
        module.groups == module.in_channels == module.out_channels > 1
        and height == width >= _TILE
        and height % 2 == 1
        and module.padding == (height // 2, height // 2)
        and module.padding_mode == "zeros"
        and module.dilation == (1, 1)
        and module.stride in ((1, 1), (2, 2))
    )


class _Convolution(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, stride: int) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.has_bias = stride, bias is not None
        return functional.conv2d(x, weight, bias, stride, weight.shape[-1] // 2, groups=len(weight))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None, None]:
        x, weight = ctx.saved_tensors
        (gradient,) = gradients
        of_x = _of_input(gradient, x, weight, ctx.stride) if ctx.needs_input_grad[0] else None
        of_weight = _of_weight(gradient, x, weight.shape[-1], ctx.stride) if ctx.needs_input_grad[1] else None
        return of_x, of_weight, gradient.sum((0, 2, 3)) if ctx.has_bias else None, None


def _of_input(gradient: Tensor, x: Tensor, weight: Tensor, stride: int) -> Tensor:
    if stride > 1:
        spread = torch.zeros_like(x)
        spread[:, :, ::stride, ::stride] = gradient
        gradient = spread
    return functional.conv2d(gradient, weight.flip(2, 3), None, 1, weight.shape[-1] // 2, groups=len(weight))


def _of_weight(gradient: Tensor, x: Tensor, side: int, stride: int) -> Tensor:
    channels, (height, width) = x.shape[1], gradient.shape[2:]
    padded = functional.pad(x, [side // 2] * 4) if side > _TILE else x
    padding = 0 if side > _TILE else side // 2
    found, tile = x.new_empty(channels, 1, side, side), x.new_empty(channels, 1, _TILE, _TILE)
    tall, wide = (stride * (n - 1) + _TILE for n in (height, width))
    for top in _starts(side):
        for left in _starts(side):
            seen = padded[:, :, top : top + tall, left : left + wide] if side > _TILE else x
            part = torch.ops.aten.convolution_backward(
                gradient, seen, tile, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], channels,
                [False, True, False],
            )[1]  # fmt: skip
            found[:, :, top : top + _TILE, left : left + _TILE] = part
    return found


def _starts(side: int) -> list[int]:
    """Where tiles begin that cover a kernel; the last ends with it and may lie on the one before."""
    return [*range(0, side - _TILE, _TILE), side - _TILE]
