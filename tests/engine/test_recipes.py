"""Recipes: the paper's values, and one clear line for every wrong key."""

from __future__ import annotations

import pytest

from engine import recipes
from engine.light_recipe import LightRecipe
from engine.recipes import Recipe, RecipeError


def test_the_paper_is_as_published():
    paper = recipes.load("paper")
    assert paper.teacher is not None
    for stage, arch, size in ((paper.teacher, "swin_b", 448), (paper.student, "edgenext_xx_small", 352)):
        assert (stage.network.arch, stage.network.size, stage.network.head) == (arch, size, "linear")
        learning = stage.training
        assert (learning.epochs, learning.batch, learning.lr, learning.weight_decay) == (30, 32, 1e-4, 1e-6)
        assert (learning.schedule, learning.step_epochs, learning.step_gamma) == ("step", 10, 0.1)
        assert (learning.plcc_weight, learning.flip, learning.clip_norm) == (1.0, False, 0.0)
        assert learning.precision == "float32"


@pytest.mark.parametrize("name", list(recipes.RECIPES))
def test_every_recipe_survives_json_and_toml(tmp_path, name):
    recipe = recipes.load(name)
    assert Recipe.from_dict(recipe.to_dict()) == recipe
    file = tmp_path / "r.toml"
    file.write_text(recipe.to_toml(), encoding="utf-8")
    assert recipes.load(str(file)) == recipe
    assert recipe.digest() == Recipe.from_dict(recipe.to_dict()).digest()


def test_a_file_may_start_from_another_recipe(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('base = "quick"\n[student.training]\nepochs = 3\n', encoding="utf-8")
    mine = recipes.load(str(file))
    assert (mine.name, mine.student.training.epochs) == ("mine", 3)
    assert mine.student.network == recipes.load("quick").student.network


def test_settings_change_one_value():
    changed = recipes.load("quick").with_values({"student.training.lr": "0.5", "student.network.arch": "lcnet_100"})
    assert (changed.student.training.lr, changed.student.network.arch) == (0.5, "lcnet_100")
    assert changed.digest() != recipes.load("quick").digest()


def test_a_teacher_can_be_added_by_settings():
    assert recipes.load("quick").with_values({"teacher.network.arch": "swin_b"}).teacher is not None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"student.training.epoch": "3"}, "unknown key 'epoch'.*Did you mean 'epochs'"),
        ({"studnet.training.epochs": "3"}, "unknown key 'studnet'.*Did you mean 'student'"),
        ({"student.training.epochs": "many"}, "must be a int"),
        ({"student.training.schedule": "cosinus"}, "must be one of step, cosine, onecycle"),
        ({"student.training.flip": "1"}, "must be a bool"),
        ({"student": "3"}, "must be a table"),
        ({"student.training.batch": "1"}, "'batch' must be at least 2"),
        ({"student.network.size": "0"}, "'size' must be at least 32"),
        ({"student.training.lr": "-1.0"}, "'lr' must be greater than 0"),
        ({"student.training.epochs": "-1"}, "'epochs' must be at least 0"),
        ({"student.training.epochs": "0"}, "those of init 'random' know no quality"),
        ({"student.training.epochs": "0", "student.network.init": "imagenet"}, "init 'imagenet' know no quality"),
        (
            {"student.training.epochs": "0", "student.network.init": "active", "teacher.network.arch": "swin_b"},
            "learns nothing of a teacher",
        ),
        ({"seed": "-1"}, "'seed' must be at least 0"),
        ({"threads": "-3"}, "'threads' must be at least 0"),
        ({"student.training.crop": "300"}, "'crop' must lie between 32 and the network's size \\(224\\)"),
        ({"student.training.crop": "16"}, "'crop' must lie between 32"),
        ({"student.training.whole_epochs": "1"}, "'whole_epochs' needs a 'crop'"),
        ({"student.training.whole_epochs": "11"}, "'whole_epochs' must lie between 0 and 'epochs' \\(10\\)"),
    ],
)
def test_wrong_settings_are_named(settings, message):
    with pytest.raises(RecipeError, match=message):
        recipes.load("quick").with_values(settings)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "'kind' must be one of calibrate, personalise, got ''"),
        ({"kind": "train"}, "'kind' must be one of calibrate, personalise, got 'train'"),
        ({"kind": "calibrate", "levle": 0.9}, "unknown key 'levle'.*Did you mean 'level'"),
        ({"kind": "calibrate", "map": "line"}, "'map' must be one of auto, affine, logistic, isotonic"),
        ({"kind": "calibrate", "level": "0.9"}, "'level' must be a float"),
        ({"kind": "calibrate", "level": 1}, "'level' must be between 0.5 and 0.99"),
    ],
)
def test_a_light_recipe_names_what_is_wrong(data, message):
    with pytest.raises(RecipeError, match=message):
        LightRecipe.from_dict(data)


def test_a_light_recipe_survives_plain_data():
    recipe = LightRecipe("personalise", level=0.8, map="isotonic")
    assert LightRecipe.from_dict(recipe.to_dict()) == recipe


def test_unknown_recipes_and_broken_files(tmp_path):
    with pytest.raises(RecipeError, match="no recipe 'quikc'"):
        recipes.load("quikc")
    (tmp_path / "b.toml").write_text("a = = 1", encoding="utf-8")
    with pytest.raises(RecipeError, match="Cannot read"):
        recipes.load(str(tmp_path / "b.toml"))


def test_the_size_may_be_left_to_the_first_weights():
    assert recipes.load("finetune").student.network.size == 0
    assert recipes.load("finetune").with_values({"student.network.size": "352"}).student.network.size == 352
    assert recipes.load("tiny").with_values({"student.network.init": "x.safetensors", "student.network.size": "0"})
    for init in ("random", "imagenet"):
        with pytest.raises(RecipeError, match="'size' must be at least 32"):
            recipes.load("finetune").with_values({"student.network.init": init})
