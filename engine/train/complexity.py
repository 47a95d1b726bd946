"""What a network costs: parameters, and multiply-adds in the convention of the paper.

The paper's "GFLOPs" are multiply-accumulates as fvcore counts them (0.3313 / 0.4442 / 0.4949 for the student at
288 / 336 / 352): one per multiply-add of a convolution or matrix product, 5 per element of a layer or group norm, 2
of a batch norm, 1 of a pooled map; everything else is free. Fused attention, which fvcore overlooks, counts as its
products.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from engine.train.networks import TEACHER_ARCH, QualityNetwork, parameter_count

CONVENTION: Final = "multiply-accumulates as fvcore counts them (the paper's 'GFLOPs')"
ALIASES: Final[Mapping[str, str]] = {"student": "edgenext_xx_small", "teacher": TEACHER_ARCH}
_aten: Final = torch.ops.aten
_Count = Callable[[Sequence[Any], Any], int]


def _convolution(args: Sequence[Any], out: Tensor) -> int:
    return int(out.numel() * prod(args[1].shape[1:]))


def _product(args: Sequence[Any], out: Tensor) -> int:
    return out.numel() * int(args[0].shape[-1])


def _added_product(args: Sequence[Any], out: Tensor) -> int:
    return out.numel() * int(args[1].shape[-1])


def _attention(args: Sequence[Any], _: Any) -> int:
    query, key, value = args[:3]
    return int(prod(query.shape[:-1]) * key.shape[-2] * (query.shape[-1] + value.shape[-1]))


_PRODUCTS: Final[Mapping[Any, _Count]] = {
    _aten.convolution.default: _convolution,
    _aten.mm.default: _product,
    _aten.bmm.default: _product,
    _aten.addmm.default: _added_product,
    _aten.baddbmm.default: _added_product,
    _aten._scaled_dot_product_flash_attention_for_cpu.default: _attention,
}
# Operator -> (per element with weights, without).
_NORMS: Final[Mapping[Any, tuple[int, int]]] = {
    _aten.native_layer_norm.default: (5, 4),
    _aten.native_group_norm.default: (5, 4),
    _aten.native_batch_norm.default: (2, 1),
}


class _Counter(TorchDispatchMode):
    """Counts while a model runs. `products`: convolutions and matrix products; `others`: norms and pooling."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.products = 0
        self.others = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        if func in _PRODUCTS:
            self.products += _PRODUCTS[func](args, out)
        elif func in _NORMS:
            weight = args[2] if func is _aten.native_layer_norm.default else args[1]
            self.others += int(args[0].numel()) * _NORMS[func][0 if weight is not None else 1]
        return out

    def pooled(self, _: nn.Module, inputs: tuple[Tensor, ...], __: Tensor) -> None:
        """Forward hook: a mean over a map looks like any other mean to the dispatcher."""
        self.others += inputs[0].numel()


def count(model: nn.Module, *inputs: Tensor) -> tuple[int, int]:
    """(multiply-adds of products, elements' worth of norms and pooling) of one call in evaluation mode.

    Args:
        model: on the CPU, whose attention is the one that is counted.
        inputs: what it is called with; default one image at the size of a `QualityNetwork`.
    """
    if not inputs:
        assert isinstance(model, QualityNetwork)
        inputs = (torch.zeros(1, model.size, model.size, 3, dtype=torch.uint8),)
    counter = _Counter()
    pools = [m for m in model.modules() if isinstance(m, nn.AdaptiveAvgPool2d)]
    handles = [m.register_forward_hook(counter.pooled) for m in pools]
    training = model.training
    device = next(model.parameters()).device
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # it does a whole attention in one operator
    try:
        with torch.no_grad(), counter:
            model.eval()(*(tensor.to(device) for tensor in inputs))
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
        model.train(training)
        for handle in handles:
            handle.remove()
    return counter.products, counter.others


def complexity(arch: str, size: int) -> dict[str, Any]:
    """Cost of a backbone with the paper's head at `size` x `size`, one image.

    Args:
        arch: `student`, `teacher`, `swin_b` or any timm name.

    Returns:
        arch, size, params, gmacs (the paper's convention), flops_g (2 x the products alone), convention.

    Raises:
        NetworkError: there is no such architecture.
    """
    model = QualityNetwork(ALIASES.get(arch, arch), size=size)
    return describe(model)


def describe(model: QualityNetwork) -> dict[str, Any]:
    """`complexity` of a network that exists, at its own size."""
    products, others = count(model)
    return {
        "arch": model.arch,
        "size": model.size,
        "params": parameter_count(model),
        "gmacs": (products + others) / 1e9,
        "flops_g": 2 * products / 1e9,
        "convention": CONVENTION,
    }
