"""The samples of the engineer's guide do what the page says."""

from __future__ import annotations

import re
import tomllib

import pytest

import resources
from engine.image import list_images
from engine.recipes import load
from scripts.check_docs import ROOT

PAGES = sorted((ROOT / "docs").rglob("*.md"))


def _blocks(kind):
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.finditer(rf"^```{kind}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE):
            line = text[: block.start()].count("\n") + 1
            found.append(pytest.param(block.group(1), id=f"{page.name}:{line}"))
    return found


@pytest.mark.parametrize("code", _blocks("python"))
def test_python(code, qapp, tmp_path):
    assert "assert" in code, "a sample says what it does"
    given = {"__name__": "sample", "faces": list_images(resources.samples())[:4], "folder": tmp_path}
    exec(compile(code, "sample", "exec"), given)


@pytest.mark.parametrize("text", _blocks("toml"))
def test_recipes(text, tmp_path):
    assert tomllib.loads(text)["name"] == "night-shift"
    file = tmp_path / "recipe.toml"
    file.write_text(text, encoding="utf-8")
    recipe = load(str(file))
    assert recipe.student.training.epochs == 12
    assert recipe.student.training.micro_batch == 4
