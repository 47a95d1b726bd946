"""First weights that others trained: fetched when asked for, read from files that run no code, or refused at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import torch
from torch import Tensor, nn

from engine.baselines.contract import NotFittedError
from engine.train.networks import require_network


@contextmanager
def fetching(what: str, kinds: str) -> Iterator[None]:
    """Turns whatever a downloader raises into one sentence with the remedy.

    Args:
        what: the weights, e.g. `CLIP's weights`.
        kinds: the files that do as well.
    """
    try:
        yield
    except NotFittedError:
        raise
    except Exception as error:  # every library here has its own family of download errors
        why = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        raise NotFittedError(
            f"{what} cannot be fetched: {why}.",
            f"Go online once, give a file with init = PATH ({kinds}), or start from random weights (init = random).",
        ) from error


def from_url(url: str) -> Path:
    """The file behind `url`, from torch's cache of downloads or fetched into it."""
    path = Path(torch.hub.get_dir()) / "checkpoints" / Path(urlsplit(url).path).name
    if not path.is_file():
        require_network(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(url, str(path), progress=False)
    return path


def from_hub(repository: str, name: str) -> Path:
    """A file of a repository of the Hugging Face hub, from its cache or fetched into it."""
    from huggingface_hub import hf_hub_download, try_to_load_from_cache

    cached = try_to_load_from_cache(repository, name)
    if isinstance(cached, str):
        return Path(cached)
    require_network("https://huggingface.co")
    return Path(hf_hub_download(repository, name))


def read_safetensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a .safetensors file; of a checkpoint of this program without the prefix of its names.

    Raises:
        NotFittedError: it is missing, damaged or a pickle.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if not path.is_file():
        raise NotFittedError(f"There is no file {path} to take first weights from.")
    try:
        state = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise NotFittedError(
            f"{path} is no safetensors file ({error}).",
            "Pickled weights (.pth, .pt, .ckpt) are not opened, because they can run code.",
        ) from error
    return {name.removeprefix("model."): tensor for name, tensor in state.items()}


def put(state: Mapping[str, Tensor], model: nn.Module, *, source: str, may_lack: Callable[[str], bool]) -> None:
    """Load `state` into `model`; tensors that `may_lack` names keep their values where they are missing or differ.

    Raises:
        NotFittedError: another tensor is missing or has another shape.
    """
    own: dict[str, Any] = model.state_dict()
    fitting = {k: v for k, v in state.items() if k in own and own[k].shape == v.shape}
    missing = sorted(k for k in own.keys() - fitting.keys() if not may_lack(k))
    if missing:
        what = f"{len(missing)} tensors are missing or differ ({missing[0]}, ...)"
        raise NotFittedError(f"The weights of {source} do not fit: {what}.")
    model.load_state_dict(fitting, strict=False)
