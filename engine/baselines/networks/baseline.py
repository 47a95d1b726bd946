"""What the networks of the comparison share: fit, score, save, load, card. A system says what its network is."""

from __future__ import annotations

import tempfile
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, Self, TypeVar, cast

import numpy as np
import torch
from PIL.Image import Image
from torch import Tensor, nn

from engine.baselines.contract import NETWORK_FILE, Baseline, BaselineCard, BaselineConfig, Events, NotFittedError
from engine.baselines.networks.fitting import Fitter, Inputs, Lesson, device_of
from engine.baselines.networks.options import PRETRAINED, RANDOM, FitOptions, parse
from engine.baselines.networks.pictures import Pictures, Place, labelled, require, unreadable
from engine.errors import UserError
from engine.image import FileBytes, ImageError, decode, read_file
from engine.manifest import Manifest, Row
from engine.scoring import ScoreRow
from engine.train import checkpoints, losses
from engine.train.data import RowNumbers, Unreadable, prefetched, write_errors
from engine.train.learner import Scores
from engine.train.networks import parameter_count

O = TypeVar("O", bound=FitOptions)  # noqa: E741 - options
_READABLE: Final = "labelled images that can be read"


@dataclass(frozen=True)
class _Fitted:
    """A network that has learned, on its device, and what its card says."""

    model: nn.Module
    header: dict[str, Any]


class NetworkBaseline(Baseline, Generic[O]):
    """A network of Table 1 behind the contract.

    Scores are those of the network in evaluation mode and float32, one image at a time: they depend on nothing but the
    file. Validation scores its images the same way.
    """

    options_type: ClassVar[type[FitOptions]] = FitOptions
    pretrained: ClassVar[str]
    """What `init = pretrained` means, in words."""

    def __init__(self) -> None:
        self._fitted: _Fitted | None = None
        self.left_out: tuple[Unreadable, ...] = ()
        """Images of the last fit that could not be read, with the reason."""

    # -- what a system says ----------------------------------------------------------------------

    @abstractmethod
    def network(self, options: O, seed: int) -> nn.Module:
        """The network on the CPU with the first weights that the options ask for; random ones follow from `seed`.

        Raises:
            NotFittedError: its weights are not to be had.
        """

    @abstractmethod
    def pictures(self, rows: Sequence[Row], wanted: RowNumbers, options: O, folder: Path, place: Place) -> Pictures:
        """Prepare the `wanted` training rows; `place` says how many decoders there may be and hears of the progress."""

    @abstractmethod
    def inputs(self, image: Image, sha256: str, options: O) -> Inputs:
        """What the network is called with to score one upright RGB picture."""

    @abstractmethod
    def gmacs(self, model: nn.Module, options: O) -> float:
        """What one picture costs, in the paper's convention; `model` is on the CPU."""

    @abstractmethod
    def size(self, options: O) -> str:
        """What the network sees, in words."""

    def loss(self, pred: Tensor, mos: Tensor, weight: Tensor) -> Tensor:
        """The error of one batch, each [N]; the paper's (Eq. 7) unless the system has its own."""
        return losses.quality_loss(pred, mos, weight=weight).total

    def notes(self, options: O) -> tuple[str, ...]:
        """What must be said of it."""
        return ()

    # -- the contract ----------------------------------------------------------------------------

    def fit(self, manifest: Manifest, config: BaselineConfig, events: Events) -> None:
        options = self._options(config.options)
        try:
            with _workplace(options.folder) as folder:
                self._fit(manifest, config, options, Path(folder), events)
        except NotFittedError:
            raise
        except UserError as error:
            raise NotFittedError(f"{self.name}: {error.message}", error.remedy) from error
        except torch.OutOfMemoryError as error:
            raise NotFittedError(
                f"{self.name} does not fit into the memory of the device.",
                "Use a smaller batch, or device = cpu.",
            ) from error

    def score(self, paths: Iterable[Path]) -> Iterator[ScoreRow[Path]]:
        fitted = self._require()
        return self._scored(fitted.model, self._options(fitted.header["options"]), paths)

    def card(self) -> BaselineCard:
        header = self._fitted.header if self._fitted else self._unfitted()
        options = self._options(header["options"])
        return BaselineCard(
            name=self.name,
            kind="network",
            params=header["params"],
            gmacs=header["gmacs"],
            size=self.size(options),
            init=self._init_in_words(options),
            fitted_on=header["fitted_on"],
            notes=(*self.notes(options), *self._remarks(options, header["left_out"])),
            budget=f"{header['steps']:,} steps of {options.batch}" if "steps" in header else "",
            curve=tuple((step, srcc) for step, srcc in header.get("curve", ())),
        )

    def save(self, folder: Path) -> None:
        fitted = self._require()
        checkpoints.save_network(folder / NETWORK_FILE, fitted.model, fitted.header)

    @classmethod
    def load(cls, folder: Path) -> Self:
        path = folder / NETWORK_FILE
        try:
            found = checkpoints.read(path)
            header = found.header
            if header.get("system") != cls.name:
                raise NotFittedError(f"{path} holds {header.get('system', 'something else')}, not {cls.name}.")
            made = cls()
            options = made._options(header["options"])
            model = made.network(_untaught(options), 0)
            checkpoints.load_weights(model, found, path)
        except (checkpoints.CheckpointError, KeyError) as error:
            raise NotFittedError(f"{cls.name} is not fitted: {error}", "Fit it first.") from error
        made._fitted = _Fitted(model.to(device_of(options)).eval(), header)
        return made

    # -- fitting ---------------------------------------------------------------------------------

    def _fit(self, manifest: Manifest, config: BaselineConfig, options: O, folder: Path, events: Events) -> None:
        rows, place = manifest.rows, Place(config.workers, events)
        train, val = (labelled(rows, split, self.name) for split in ("train", "val"))
        begun = (folder / "last.safetensors").is_file()  # its weights are there, wherever the first ones are now
        model = self.network(_untaught(options) if begun else options, config.seed)
        header = self._header(model, manifest, config, options)
        faults = unreadable(rows, val, place)
        val = require((k for k in val.tolist() if k not in faults), "val", self.name, what=_READABLE)
        pictures = self.pictures(rows, train, options, folder, place)
        lesson = Lesson(
            train=require(pictures.rows.tolist(), "train", self.name, what=_READABLE),
            mos=manifest.mos.astype(np.float32),
            weight=np.array([row.weight for row in rows], dtype=np.float32),
            val_mos=manifest.mos[val],
            draw=pictures.draw,
            loss=self.loss,
            validate=lambda: self._validate(model, options, [rows[k].path for k in val], events),
            header=header,
        )
        model.to(device_of(options))
        done = Fitter(model, options, lesson, seed=config.seed, folder=folder).fit(events)
        self.left_out = (*pictures.unreadable, *faults.values())
        write_errors(folder / "errors.csv", self.left_out)
        self._fitted = _Fitted(model.eval(), {**header, **done, "left_out": len(self.left_out)})

    def _header(self, model: nn.Module, manifest: Manifest, config: BaselineConfig, options: O) -> dict[str, Any]:
        return {
            "system": self.name,
            "options": options.fingerprint(),
            "seed": config.seed,
            "fitted_on": manifest.digest(),
            "params": parameter_count(model),
            "gmacs": self.gmacs(model, options),
        }

    def _validate(self, model: nn.Module, options: O, paths: Sequence[Path], events: Events) -> Scores:
        """Scores of files, NaN where one is gone meanwhile."""
        found = []
        for row in self._scored(model, options, paths):
            found.append(np.nan if row.score is None else row.score)
            events("validation", {"done": len(found), "total": len(paths)})
        return np.array(found)

    # -- scoring ---------------------------------------------------------------------------------

    @torch.inference_mode()
    def _scored(self, model: nn.Module, options: O, paths: Iterable[Path]) -> Iterator[ScoreRow[Path]]:
        model.eval()
        device = next(model.parameters()).device
        for row, inputs in prefetched(self._ready(path, options) for path in paths):
            if inputs is None:
                yield row
                continue
            score = float(model(*(tensor.to(device) for tensor in inputs)))
            if np.isfinite(score):
                yield ScoreRow(row.item, row.path, row.sha256, row.width, row.height, score)
            else:
                yield ScoreRow(row.item, row.path, error=f"the network gives no finite score for it ({score})")

    def _ready(self, path: Path, options: O) -> tuple[ScoreRow[Path], Inputs | None]:
        try:
            file: FileBytes = read_file(path)
            image = decode(file.data, path=path)
        except ImageError as error:
            return ScoreRow(path, path, error=error.reason), None
        row = ScoreRow(path, path, file.sha256, image.width, image.height)
        return row, self.inputs(image, file.sha256, options)

    # -- small -----------------------------------------------------------------------------------

    def _options(self, options: Any) -> O:
        return cast(O, parse(self.options_type, options, self.name))

    def _require(self) -> _Fitted:
        if self._fitted is None:
            raise NotFittedError(
                f"{self.name} is not fitted.",
                f"Fit it with 'fiqa baseline fit {self.name} MANIFEST --out DIR' and give that folder.",
            )
        return self._fitted

    def _unfitted(self) -> dict[str, Any]:
        options = self._options({})
        model = self.network(options, 0)
        cost = {"params": parameter_count(model), "gmacs": self.gmacs(model, options)}
        return {"options": {}, "fitted_on": "", "left_out": 0, **cost}

    def _remarks(self, options: O, left_out: int) -> Iterator[str]:
        if options.init == RANDOM:
            yield f"random first weights; its authors began with {self.pretrained}"
        if left_out:
            yield f"{left_out} images could not be read and were left out of the fit"

    def _init_in_words(self, options: O) -> str:
        return {RANDOM: RANDOM, PRETRAINED: self.pretrained}.get(options.init, f"file {Path(options.init).name}")


def _workplace(folder: Path | None) -> AbstractContextManager[Path | str]:
    if folder is None:
        return tempfile.TemporaryDirectory(prefix="fiqa-fit-", ignore_cleanup_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return nullcontext(folder)


def _untaught(options: O) -> O:
    return options.model_copy(update={"init": RANDOM})
