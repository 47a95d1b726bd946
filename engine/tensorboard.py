"""The events of a run as TensorBoard event files, for who compares there. Needs the package tensorboardX."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from engine import edition
from engine.errors import UserError

_TAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "step": ("loss", "mse", "plcc_loss", "lr", "images_per_s"),
    "epoch": ("val_loss", "srcc", "plcc", "plcc_fit", "krcc", "rmse"),
}
_GROUP: Final = {"step": "train", "epoch": "validation"}


def write(events: Iterable[Mapping[str, Any]], folder: Path) -> int:
    """Write scalars `<stage>/train/<name>` by step and `<stage>/validation/<name>` by epoch, at their time.

    A number that does not exist is left out: TensorBoard would draw it as 0. A folder that holds event files already
    is refused, since TensorBoard would draw both on top of each other.

    Returns:
        The number of values.

    Raises:
        UserError: tensorboardX is not installed, or the folder cannot be written.
    """
    try:
        from tensorboardX import SummaryWriter
    except ImportError as error:
        raise UserError(
            "TensorBoard files need the package tensorboardX, which is not installed.",
            edition.install("tensorboard"),
        ) from error
    if any(folder.glob("events.out.tfevents.*")):
        raise UserError(f"{folder} holds TensorBoard files already.", "Choose another folder.")
    try:
        writer = SummaryWriter(logdir=str(folder))
        try:
            return sum(_one(writer, event) for event in events)
        finally:
            writer.close()
    except OSError as error:
        raise UserError(f"Cannot write {folder}: {error.strerror or error}.") from error


def _one(writer: Any, event: Mapping[str, Any]) -> int:
    kind = str(event.get("type"))
    found = [(name, event[name]) for name in _TAGS.get(kind, ()) if event.get(name) is not None]
    at = datetime.fromisoformat(event["at"]).timestamp() if found and "at" in event else None
    for name, value in found:
        tag = f"{event.get('stage') or 'run'}/{_GROUP[kind]}/{name}"
        writer.add_scalar(tag, float(value), int(event.get(kind) or 0), walltime=at)
    return len(found)
