"""One process or many: what a training asks of the others, so that many give the result of one.

Every process draws the same batches and takes its share of the images. The loss, its correlations included, is that of
the whole batch: scores are gathered, the loss is taken on all of them by everybody, and each process sends the gradient
of its own scores through its network. Averaged by DDP (times the number of processes) this is the gradient of one
process; a correlation of each share on its own would not be (tests/engine/train/test_parallel.py).

More than one process needs Lightning Fabric (`pip install 'fiqa-desktop[distributed]'`) and a launcher that sets RANK
and WORLD_SIZE, such as torchrun.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor, nn

from engine.errors import UserError
from engine.train.data import RowNumbers

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from lightning_fabric import Fabric


_PATIENCE: Final = timedelta(days=7)
"""Others wait so long while the first decodes, labels a pool, or is paused."""


class ParallelError(UserError):
    """Several processes were started and cannot work together."""


@dataclass(frozen=True)
class Parallel:
    """The processes of a run; by default this one alone."""

    rank: int = 0
    world: int = 1
    fabric: Fabric | None = None

    @property
    def is_first(self) -> bool:
        """Whether this process writes files and speaks for all."""
        return self.rank == 0

    def share(self, rows: RowNumbers) -> RowNumbers:
        """Which of a batch are this process's: every `world`-th."""
        return rows[self.rank :: self.world]

    def prepare(self, model: nn.Module) -> nn.Module:
        """A network whose gradients are averaged over the processes; itself where there is one."""
        if self.fabric is None:
            return model
        if self.fabric.device.type == "cuda":
            model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
        wrapped: nn.Module = self.fabric.setup_module(model, move_to_device=False)
        return wrapped

    def without_averaging(self, model: nn.Module, wanted: bool) -> AbstractContextManager[Any]:
        """Leaves gradients of one pass of several to be averaged with the last one."""
        if self.fabric is None or not wanted:
            return nullcontext()
        found: AbstractContextManager[Any] = self.fabric.no_backward_sync(model)
        return found

    def gather(self, scores: Tensor, count: int) -> Tensor:
        """The scores [count] of a whole batch from everybody's share of it, in its order; without gradients."""
        if self.fabric is None:
            return scores.detach()
        longest = -(-count // self.world)
        padded = scores.new_zeros(longest)
        padded[: len(scores)] = scores.detach()
        everybody: Tensor = self.fabric.all_gather(padded)
        return everybody.reshape(self.world, longest).T.reshape(-1)[:count]

    def wait(self) -> None:
        """Until everybody has come here."""
        if self.fabric is not None:
            self.fabric.barrier()

    def agree(self, found: bool) -> bool:
        """What the first process found, known to all."""
        return found if self.fabric is None else bool(self.fabric.broadcast(found))

    @contextmanager
    def first_goes_ahead(self) -> Iterator[None]:
        """The first process does the block alone, then the others (who find its files)."""
        if not self.is_first:
            self.wait()
        try:
            yield
        finally:  # also where the first fails, or the others would wait for it
            if self.is_first:
                self.wait()


def world_size() -> int:
    """How many processes the launcher started for this run."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def rank() -> int:
    """Which of them this process is."""
    return int(os.environ.get("RANK", "0"))


def join(device: torch.device) -> Parallel:
    """Meet the other processes that the launcher started; alone where there are none.

    Raises:
        ParallelError: Lightning Fabric is missing.
    """
    if world_size() == 1:
        return Parallel()
    try:
        from lightning_fabric import Fabric
        from lightning_fabric.strategies import DDPStrategy
    except ImportError as error:
        raise ParallelError(
            "Several processes were started for this run, and Lightning Fabric is not installed.",
            "Install it with: pip install 'fiqa-desktop[distributed]', or start one process.",
        ) from error
    local = int(os.environ.get("LOCAL_WORLD_SIZE", world_size()))
    strategy = DDPStrategy(timeout=_PATIENCE)
    fabric = Fabric(accelerator=device.type, strategy=strategy, devices=local, num_nodes=world_size() // local)
    fabric.launch()
    return Parallel(fabric.global_rank, fabric.world_size, fabric)
