"""The dialog over plans of a real library: what it says, when Start is enabled, and why it is not."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt

import engine.recipes
from app.library import catalog, edits, models, people
from app.library.columns import load
from app.library.library import Library
from app.services import retrain_plan
from app.services.retrain_plan import RecipeChoice
from app.ui.training.dialog import RetrainDialog
from tests import bundles

IMAGES = 30


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """30 images on record, and a model in use that came without weights; nothing is labelled yet."""
    root = tmp_path_factory.mktemp("retrain")
    with Library.create(root / "library") as made:
        folder = catalog.add_folder(made, root / "faces")
        catalog.record_scan(made, folder, [catalog.ScanEntry(f"face_{k:02}.jpg", 100, 1) for k in range(IMAGES)])
        models.activate(made, models.register(made, bundles.write(root / "m.onnx", size=32, name="base")).id)
        yield made


@pytest.fixture(scope="module")
def plans(library):
    """The plan with 3 labels, and with all."""
    rater = people.ensure_rater(library, "Ada")
    session = people.start_session(library, rater.id)
    ids = load(library, model_id="", preprocessing_id="").id.tolist()
    found = []
    for part in (ids[:3], ids[3:]):
        for number, image_id in enumerate(part):
            edits.correct(library, [image_id], (number % 11) / 10, rater_id=rater.id, session_id=session)
        found.append(retrain_plan.make_plan(library))
    return found


@pytest.fixture
def trainable(plans):
    """As if this installation could train, wherever the tests run."""
    return dataclasses.replace(plans[1], reason_disabled=None)


@pytest.fixture
def make(qtbot):
    def show(plan):
        dialog = RetrainDialog(plan)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return dialog

    return show


def with_weights(plan):
    """Every recipe can be chosen."""
    names = ("quick", "finetune", "tiny")
    return dataclasses.replace(plan, recipes=tuple(RecipeChoice(n, engine.recipes.RECIPES[n]) for n in names))


def test_too_few_labels(make, plans):
    dialog = make(plans[0])
    assert plans[0].reason_disabled is not None
    assert not dialog.start.isEnabled()
    assert dialog.reason.text() == plans[0].reason_disabled
    assert dialog.reason.isVisible()
    assert dialog.busy.isHidden()
    assert "27 without a label" in dialog.facts["left_out"].text()
    assert dialog.heading.text() == "3 labelled images of 3 groups"


def test_what_is_trained_on(make, trainable):
    dialog = make(trainable)
    summary = trainable.summary
    for split in ("train", "val", "test"):
        text = dialog.facts[split].text()
        assert text == f"{summary.by_split[split]} images of {summary.groups_by_split[split]} groups"
    assert dialog.facts["labels"].text() == "human: 30"
    assert dialog.facts["left_out"].text() == "nothing"
    assert "People unknown for 30 images" in dialog.note.text()


def test_the_default_is_to_fine_tune(make, trainable):
    dialog = make(with_weights(trainable))
    assert dialog.recipe == "finetune"
    assert "Starts from base" in dialog._texts["finetune"].text()
    assert list(dialog._buttons) == ["finetune", "quick", "tiny"]


def test_a_recipe_that_cannot_start_says_why(make, trainable):
    """The test's model came without weights."""
    dialog = make(trainable)
    assert dialog.recipe == "quick"
    assert not dialog._buttons["finetune"].isEnabled()
    assert "without its weights" in dialog._texts["finetune"].text()
    assert "without its weights" in dialog._buttons["finetune"].accessibleDescription()


def test_time_is_measured_for_the_chosen_recipe(qtbot, make, trainable):
    dialog = make(with_weights(trainable))
    assert dialog.busy.isVisible()
    assert "measuring" in dialog.time.text()
    dialog.show_measured({"seconds_total": 200.4, "images_per_s": 41.2, "memory_mb": 903.0, "disk_mb": 118.0})
    assert dialog.busy.isHidden()
    assert dialog.time.text() == "about 3 min 20 s for 6 epochs · 41 img/s · 900 MB memory · 120 MB on disk"
    with qtbot.waitSignal(dialog.recipe_chosen) as chosen:
        qtbot.mouseClick(dialog._buttons["quick"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["quick"]
    assert dialog.busy.isVisible()
    dialog.show_measure_failed("There is no memory for it.")
    assert "no memory" in dialog.time.text()
    assert dialog.start.isEnabled()


def test_labels_that_change_while_it_is_open(make, plans, trainable):
    dialog = make(plans[0])
    dialog.set_plan(with_weights(trainable))
    assert dialog.start.isEnabled()
    assert dialog.reason.isHidden()
    assert dialog.busy.isVisible()
    dialog.set_plan(plans[0])
    assert not dialog.start.isEnabled()


def test_start_by_keyboard(qtbot, make, trainable):
    dialog = make(with_weights(trainable))
    dialog._buttons["finetune"].setFocus()
    qtbot.keyClick(dialog._buttons["finetune"], Qt.Key.Key_Down)
    with qtbot.waitSignal(dialog.start_requested) as started:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert started.args == ["quick"]
    assert dialog.result() == RetrainDialog.DialogCode.Accepted


def test_not_now_by_escape(qtbot, make, trainable):
    dialog = make(trainable)
    with qtbot.assertNotEmitted(dialog.start_requested), qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
