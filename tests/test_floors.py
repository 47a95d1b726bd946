"""The floors of the house: imports go down, never up (docs/decisions/0001-floors.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
QT = ("PySide6", "pyqtgraph", "shiboken6")
TORCH = ("torch", "timm", "torchvision", "piq", "lightning", "lightning_fabric", "open_clip", "safetensors")
SQL = ("sqlalchemy", "alembic", "sqlite3")

# Longest matching folder wins. What a floor may not import, wherever in the file the import stands.
FORBIDDEN = {
    "resources": ("app", "engine", *QT, *TORCH, *SQL, "numpy"),
    "engine": ("app", *QT, *TORCH, *SQL),
    "engine/train": ("app", *QT, *SQL),
    "engine/baselines/networks": ("app", *QT, *SQL),
    "app": (*TORCH,),
    "app/library": ("app.services", "app.ui", "engine.train", *QT, *TORCH),
    "app/services": ("app.ui", "PySide6.QtGui", "PySide6.QtWidgets", "pyqtgraph", "engine.train", *TORCH),
    "app/ui": ("engine.train", *SQL, *TORCH),
}
# The doors to the training side, by an import inside a function only (design, section 1).
LAZY_DOORS = ("engine/cli/", "engine/benchmark/", "app/__main__.py")


def _modules() -> list[Path]:
    return sorted(p for top in ("app", "engine", "resources") for p in (ROOT / top).rglob("*.py"))


def _imports(node: ast.AST) -> Iterator[str]:
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are absolute in this project"
            yield child.module or ""
            yield from (f"{child.module}.{alias.name}" for alias in child.names)


def _top_level_imports(tree: ast.Module) -> Iterator[str]:
    for statement in tree.body:
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _imports(statement)


def _floor(path: str) -> str:
    return max((floor for floor in FORBIDDEN if path.startswith(floor + "/")), key=len)


@pytest.mark.parametrize("path", _modules(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_go_down(path: Path):
    name = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = _top_level_imports(tree) if name.startswith(LAZY_DOORS) else _imports(tree)
    bad = [m for m in found for f in FORBIDDEN[_floor(name)] if m == f or m.startswith(f + ".")]
    assert not bad, f"{name} may not import {sorted(set(bad))}"


def test_the_walk_sees_every_floor():
    floors = {_floor(p.relative_to(ROOT).as_posix()) for p in _modules()}
    assert floors == set(FORBIDDEN)
