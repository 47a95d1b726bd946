"""What the builds are made of, held against the code: what runs may not be missing where there is no Python."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import resources
from building import beside, contents
from building.contents import FULL, LIGHT

ROOT = Path(__file__).resolve().parent.parent
TRAINING_SIDE = ("engine/train/", "engine/baselines/networks/")
FOR_ENGINEERS = ("lightning_fabric", "open_clip", "sklearn")
"""Left out of builds: several processes, and systems of the comparison; who asks for them is told how to get them."""


def sources() -> list[Path]:
    return sorted(p for top in contents.OWN_CODE for p in (ROOT / top).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(nodes: list[ast.stmt]) -> Iterator[str]:
    for node in (child for statement in nodes for child in ast.walk(statement)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def at_start(tree: ast.Module) -> list[ast.stmt]:
    """What a module imports when it is loaded, but for what it can do without (try, TYPE_CHECKING)."""
    lazy = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.Try)
    return [statement for statement in tree.body if not isinstance(statement, lazy)]


def is_left_out(module: str, excluded: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(name + ".") for name in excluded)


@pytest.mark.parametrize("build", [FULL, LIGHT], ids=lambda build: build.name)
def test_no_module_needs_at_its_start_what_a_build_leaves_out(build):
    found = []
    for path in sources():
        if name_of(path).startswith(TRAINING_SIDE) and not build.trains:
            continue
        for module in imported(at_start(ast.parse(path.read_text(encoding="utf-8")))):
            if is_left_out(module, build.excluded) and not module.startswith(FOR_ENGINEERS):
                found.append(f"{name_of(path)}: {module}")
    assert not found


def test_what_a_build_leaves_out_is_never_needed_without_a_word():
    """Every import of a package that only engineers have stands in a module that is itself loaded inside a `try`."""
    users = {
        name_of(path)
        for path in sources()
        for module in imported(ast.parse(path.read_text(encoding="utf-8")).body)
        if module.startswith(FOR_ENGINEERS)
    }
    assert all(name.startswith(("engine/baselines/", "engine/train/parallel.py")) for name in users), users


def test_modules_that_are_imported_by_name_are_listed():
    """An analysis of the code cannot see `import_module(...)`: our own all go in, others must be listed."""
    seen = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in ("import_module", "__import__"):
                    argument = node.args[0]
                    first = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
                    assert isinstance(first, ast.Constant), f"{name_of(path)} imports a name that nobody can list"
                    seen.add(str(first.value).split(".")[0])
    assert seen, "the walk sees nothing"
    assert seen - set(contents.OWN_CODE) <= {*contents.WHOLE, *contents.WHOLE_FOR_TRAINING, *contents.LATE}


@pytest.mark.parametrize("build", [FULL, LIGHT], ids=lambda build: build.name)
def test_what_is_listed_can_be_found_and_is_not_left_out(build):
    for module in (*build.hidden, *build.whole, *contents.OWN_CODE, *contents.OWN_DATA):
        assert not is_left_out(module, build.excluded), module
        if module != "pi_heif":  # only builders have it; elsewhere pillow_heif reads HEIC
            assert importlib.util.find_spec(module) is not None, module


def test_curves_are_drawn_without_opengl():
    """What runs first in a build, then a curve as the window draws it."""
    code = f"""
import runpy, sys
runpy.run_path({str(ROOT / "building" / "without_opengl.py")!r})
import pyqtgraph
from PySide6.QtWidgets import QApplication
program = QApplication([])
plot = pyqtgraph.PlotWidget()
plot.plot([1, 2, 3], [3, 1, 2], pen="r", symbol="o")
plot.resize(300, 200)
plot.show()
program.processEvents()
picture = plot.grab().toImage()
colours = {{picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())}}
print(len(colours), getattr(sys.modules["PySide6.QtOpenGL"], "__file__", None))
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    colours, file = ran.stdout.split()
    assert int(colours) > 2
    assert file == "None"


def test_the_files_that_the_program_opens_are_data_of_the_build():
    models = [path for bundled in resources.BUNDLED.values() for path in (bundled.bundle, bundled.weights)]
    for path in (*models, resources.icon(), resources.samples()):
        assert path.exists()
        assert path.is_relative_to(Path(resources.__file__).parent)
        assert not contents.is_waste(path.relative_to(ROOT).as_posix())
    migrations = ROOT / "app" / "library" / "migrations"
    assert {"env.py", "versions"} <= {p.name for p in migrations.iterdir()}
    assert "app.library.migrations" in contents.WITH_SOURCE  # Alembic reads them from the disk


def test_both_builds_score_by_every_model_and_the_one_that_trains_has_their_weights():
    for bundled in resources.BUNDLED.values():
        bundle, weights = (path.relative_to(ROOT).as_posix() for path in (bundled.bundle, bundled.weights))
        assert [build.leaves_out(bundle) for build in (FULL, LIGHT)] == [False, False]
        assert [build.leaves_out(weights) for build in (FULL, LIGHT)] == [False, True]


@pytest.mark.parametrize("place", ["torchvision.libs/libcudart.41118559.so.12", "torch/include/ATen/ATen.h"])
def test_waste_stays_out(place):
    assert contents.is_waste(place)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "resources/translations/fiqa_zh_CN.qm",
        "torch/bin/torch_shm_manager",
        "torch/lib/libtorch_cpu.so",
        "onnxruntime/capi/onnxruntime_pybind11_state.so",
    ],
)
def test_what_is_needed_is_no_waste(place):
    assert not contents.is_waste(place)


def test_jobs_of_a_packaged_program_start_no_workers_by_themselves():
    """PyTorch's DataLoader with workers is unreliable there (pyinstaller#9358); the program's own pools are spawned."""
    for path in sources():
        assert "DataLoader" not in path.read_text(encoding="utf-8"), name_of(path)
    main = ast.parse((ROOT / "app" / "__main__.py").read_text(encoding="utf-8"))
    entry = next(n for n in main.body if isinstance(n, ast.FunctionDef) and n.name == "main")
    assert "freeze_support" in ast.unparse(entry.body[1])  # before anything else: a spawned child must stop here


def test_the_menu_entry_names_the_folder_that_it_was_added_from(tmp_path):
    if sys.platform != "linux":
        pytest.skip("the menu of a Linux desktop")
    folder = tmp_path / "FIQA & friends"
    folder.mkdir()
    (folder / "fiqa-desktop.desktop").write_text(beside.desktop_entry(FULL, "@FOLDER@"), encoding="utf-8")
    script = folder / "add-to-menu.sh"
    script.write_bytes((ROOT / "building" / "add-to-menu.sh").read_bytes())
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    subprocess.run(["sh", str(script)], check=True, env=environment, capture_output=True)
    (entry,) = (tmp_path / ".local" / "share" / "applications").iterdir()
    assert f'Exec="{folder}/fiqa-desktop" %f' in entry.read_text(encoding="utf-8")


def test_the_workflow_builds_what_there_is_to_build():
    """It is started by hand once in a release: what it names must not have changed since."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "build.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    job = workflow["jobs"]["build"]
    matrix, text = job["strategy"]["matrix"], yaml.safe_dump(job["steps"])
    assert sorted(matrix["build"]) == sorted(contents.BUILDS)
    for row in matrix["include"]:
        assert set(row["extras"].split(",")) <= set(extras)
        assert ("train" in row["extras"].split(",")) == contents.BUILDS[row["build"]].trains
    (python,) = (step["with"]["python-version"] for step in job["steps"] if "python-version" in step.get("with", {}))
    assert project["requires-python"].startswith(f">={python},")
    assert all(f"'{name}'" in text for name in extras["train"] if name.startswith("torch"))
    assert contents.VARIABLE in job["env"]
    assert "fiqa-desktop.spec" in text
    assert (ROOT / "fiqa-desktop.spec").is_file()
