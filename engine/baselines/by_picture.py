"""Baselines that judge one decoded picture at a time, without torch: what the terminal and the window score with."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from engine.baselines import nss
from engine.baselines.contract import Baseline
from engine.baselines.files import Picture, judge_files
from engine.scoring import ScoreRow

PREPROCESSING: Final = f"own-size-statistics{nss.VERSION}-v1"
"""What a picture goes through before it is judged; another name means that stored scores are of another kind."""


class ByPicture(Baseline):
    """A baseline with `judge`. `workers` is how many pictures `score` judges at once; 0 = one per core."""

    def __init__(self) -> None:
        self.workers = 0

    @abstractmethod
    def judge(self, picture: Picture) -> float:
        """The score of one picture, higher is better.

        Raises:
            ImageError: it cannot be judged; the reason is for people.
            NotFittedError: the baseline has not learned what it needs.
        """

    def too_small(self, width: int, height: int) -> str:
        """Why a picture of so many pixels is refused, before it is read; empty where it is not."""
        return ""

    def require(self) -> None:
        """Raises NotFittedError where it has not learned what it needs."""

    def score(self, paths: Iterable[Path]) -> Iterator[ScoreRow[Path]]:
        self.require()
        return judge_files(paths, self.judge, self.workers)
