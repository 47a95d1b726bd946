"""The rows of the paper's tables: which systems stand in them, in the paper's order, and what they are told."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from engine.baselines import options
from engine.errors import UserError
from engine.recipes import Recipe

Part = Literal["floor", "classic", "network", "teacher", "teacher+", "student", "ablation"]
FAST_ARCH: Final = "mobilenetv4_conv_small"
BOTH: Final = ("pseudo1", "pseudo2")
_LONGEST_PATH: Final = 1024
_SMALLER: Final = 336 / 352
"""Table 3 compares the student with itself at this share of its size."""


@dataclass(frozen=True)
class System:
    """One row: `key` names it in the terminal, `config` is all that its numbers depend on beside the manifest."""

    key: str
    title: str
    part: Part
    baseline: str = ""
    """Name in the registry of baselines; empty = a network of our own pipeline."""
    options: Mapping[str, Any] = field(default_factory=dict)
    recipe: Recipe | None = None
    needs: tuple[str, ...] = ()
    """Pseudo-labels without which the row has no meaning."""
    seed: int = 42

    @property
    def learns(self) -> bool:
        """Whether it could fail to converge."""
        return self.part != "floor" and self.key != "niqe"

    def digest(self) -> str:
        """Hash of the configuration."""
        told = self.recipe.to_dict() if self.recipe else {}
        parts = [self.key, self.baseline, dict(self.options), told, self.needs, self.seed]
        return hashlib.sha256(json.dumps([parts, files_of(parts)], sort_keys=True).encode()).hexdigest()


def files_of(value: Any) -> list[str]:
    """sha256 of every file that is named in plain data: another file at the same path is another configuration."""
    if isinstance(value, Mapping):
        return [found for part in value.values() for found in files_of(part)]
    if isinstance(value, list | tuple):
        return [found for part in value for found in files_of(part)]
    if not isinstance(value, str) or len(value) > _LONGEST_PATH or not Path(value).is_file():
        return []
    with Path(value).open("rb") as stream:
        return [hashlib.file_digest(stream, "sha256").hexdigest()]


def _baseline(key: str, title: str, part: Part, name: str = "", **told: Any) -> System:
    return System(key, title, part, name or key, told)


_FLOOR_ROWS: Final = (
    _baseline("constant", "Constant", "floor"),
    _baseline("sharpness", "Laplacian sharpness", "floor"),
    _baseline("filesize", "File size", "floor"),
)
_CLASSIC: Final = (
    _baseline("niqe", "NIQE", "classic"),
    _baseline("brisque", "BRISQUE", "classic"),
    _baseline("musiq", "MUSIQ", "network"),
    _baseline("stairiqa", "StairIQA", "network"),
    _baseline("liqe", "LIQE", "network"),
)
_LIGHT: Final = (
    _baseline("mobilenetv2", "MobileNetV2 (224)", "network"),
    _baseline("mobilenetv2-352", "MobileNetV2 (352)", "network", "mobilenetv2", size=352),
)


def rows(table: int, recipe: Recipe) -> tuple[System, ...]:
    """The systems of Table 1, 2 or 3, floors first. All students of a table share their teachers."""
    match table:
        case 1:
            return (*_FLOOR_ROWS, *_CLASSIC, *_own_rows(recipe))
        case 2:
            return (*_FLOOR_ROWS, *_ablation_rows(recipe))
        case 3:
            return (*_FLOOR_ROWS, *_resolution_rows(recipe))
    raise UserError(f"There is no Table {table}.", "Use 1 (all systems), 2 (pseudo-labels) or 3 (resolutions).")


def _own_rows(recipe: Recipe) -> tuple[System, ...]:
    # The weights of another network fit this one at most by making it that network: then it begins at random.
    init = recipe.student.network.init if recipe.student.network.init in ("random", "imagenet") else "random"
    network = replace(recipe.student.network, arch=FAST_ARCH, init=init)
    fast = replace(recipe, student=replace(recipe.student, network=network))
    return (
        System("teacher", "Teacher", "teacher", recipe=recipe),
        System("teacher+", "Teacher+", "teacher+", recipe=recipe),
        *_LIGHT,
        System("student", "Student", "student", recipe=recipe),
        System("fast", "Fast student", "student", recipe=fast),
    )


def _ablation_rows(recipe: Recipe) -> tuple[System, ...]:
    alone, first = replace(recipe, teacher=None), replace(recipe, rounds=1)
    return (
        System("student-labels", "Student, labels alone", "ablation", recipe=alone),
        System("student-pseudo1", "+ pseudo-labels 1", "ablation", recipe=first, needs=BOTH[:1]),
        System("student", "+ pseudo-labels 1 and 2", "student", recipe=recipe, needs=BOTH),
    )


def _resolution_rows(recipe: Recipe) -> tuple[System, ...]:
    size = recipe.student.network.size
    if not size:
        raise UserError("Table 3 compares two sizes, and the recipe leaves its size to its first weights.")
    network = replace(recipe.student.network, size=round(size * _SMALLER))
    smaller = replace(recipe, student=replace(recipe.student, network=network))
    return (
        System("student-small", f"Student at {network.size}", "ablation", recipe=smaller),
        System("student", f"Student at {size}", "student", recipe=recipe),
    )


def choose(found: Sequence[System], wanted: Iterable[str]) -> tuple[System, ...]:
    """The rows that were asked for, and the floors, which stand in every table.

    Raises:
        UserError: a name that the table does not have.
    """
    names = [w.strip() for w in wanted if w.strip()]
    known = [system.key for system in found]
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean '{near[0]}'? " if near else ""
            raise UserError(f"The table has no system '{name}'.", f"{hint}It has {', '.join(known)}.")
    return tuple(s for s in found if not names or s.key in names or s.part == "floor")


def told(found: Sequence[System], settings: Mapping[str, str]) -> tuple[System, ...]:
    """The rows with `system.key=value` in place.

    Rows of our own pipeline take what comes after the dot as a key of their recipe (`fast.student.training.epochs`).
    Settings of the main recipe itself (`student.`, `teacher.`) never reach this function.

    Raises:
        UserError: a setting names no row of the table.
    """
    changed = {system.key: system for system in found}
    for setting, text in settings.items():
        key, _, name = setting.partition(".")
        if key not in changed or not name:
            raise UserError(f"'{setting}' names no system of the table.", f"It has {', '.join(changed)}.")
        system = changed[key]
        if system.recipe is not None:
            changed[key] = replace(system, recipe=system.recipe.with_values({name: text}))
        else:
            changed[key] = replace(system, options={**system.options, **options.from_text({name: text})})
    return tuple(changed.values())
