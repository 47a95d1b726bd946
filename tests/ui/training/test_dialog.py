"""The dialog over plans of a real library: what it says, when Start is enabled, and why it is not."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt

from app.library import catalog, edits, models, people, snapshot
from app.library.columns import load
from app.library.library import Library
from app.services.training import depths, retrain_plan
from app.services.training.depths import DEPTHS, DepthChoice
from app.ui import theme
from app.ui.training.dialog import RetrainDialog
from engine import recipes
from tests import bundles

IMAGES = 30


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """33 images on record, and a model in use that came without weights; nothing is labelled yet."""
    root = tmp_path_factory.mktemp("retrain")
    with Library.create(root / "library") as made:
        folder = catalog.add_folder(made, root / "faces")
        names = [f"face_{k:02}.jpg" for k in range(IMAGES)] + [f"more/extra_{k}.jpg" for k in range(3)]
        catalog.record_scan(made, folder, [catalog.ScanEntry(name, 100, 1) for name in names])
        models.activate(made, models.register(made, bundles.write(root / "m.onnx", size=32, name="base")).id)
        yield made


@pytest.fixture(scope="module")
def plans(library):
    """The plan with 3 labels, and with 30."""
    rater = people.ensure_rater(library, "Ada")
    session = people.start_session(library, rater.id)
    ids = load(library, model_id="", preprocessing_id="").id.tolist()[:IMAGES]
    found = []
    for part in (ids[:3], ids[3:]):
        for number, image_id in enumerate(part):
            edits.correct(library, [image_id], (number % 11) / 10, rater_id=rater.id, session_id=session)
        found.append(retrain_plan.make_plan(library))
    return found


@pytest.fixture
def open_plan(plans):
    """Every depth can be chosen, wherever the tests run."""
    choices = tuple(DepthChoice(d, depths.recipe_of(d)) for d in DEPTHS)
    return dataclasses.replace(plans[1], depths=choices)


@pytest.fixture
def make(qtbot):
    def show(plan, **options):
        dialog = RetrainDialog(plan, **options)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return dialog

    return show


def labels(plan, count):
    """The same plan as if there were so many labels."""
    return dataclasses.replace(plan, summary=dataclasses.replace(plan.summary, labelled=count))


def test_too_few_labels(make, plans):
    dialog = make(plans[0])
    assert plans[0].reason_disabled is not None
    assert not dialog.start.isEnabled()
    assert not dialog.elsewhere.isEnabled()
    assert dialog.reason.text() == plans[0].reason_disabled
    assert dialog.reason.isVisible()
    assert "30 without a label" in dialog.facts.lines["left_out"].text()
    assert dialog.facts.heading.text() == "3 labelled images of 3 groups"


def test_what_is_trained_on_depends_on_the_depth(make, open_plan):
    dialog = make(open_plan)
    summary, lines = open_plan.summary, dialog.facts.lines
    images, groups = summary.by_split, summary.groups_by_split

    def text(*splits):
        return f"{sum(images[s] for s in splits)} images of {sum(groups[s] for s in splits)} groups"

    for depth, learned in (
        ("calibrate", ("train", "val", "cal")),
        ("personalise", ("train", "val")),
        ("finetune", ("train",)),
    ):
        dialog.depths.buttons[depth].click()
        assert lines["learns"].text() == text(*learned)
        assert lines["val"].isVisible() == (depth == "finetune")
        assert lines["test"].text() == text("test")
    assert lines["labels"].text() == "human: 30"
    assert "People unknown for 30 images" in dialog.facts.note.text()


@pytest.mark.parametrize(
    ("count", "expected"), [(20, "calibrate"), (50, "calibrate"), (200, "personalise"), (500, "finetune")]
)
def test_the_recommended_depth_follows_the_number_of_labels(make, open_plan, count, expected):
    dialog = make(labels(open_plan, count))
    assert dialog.depths.current == expected
    assert "(recommended)" in dialog.depths.buttons[expected].text()
    assert sum("(recommended)" in b.text() for b in dialog.depths.buttons.values()) == 1


def test_the_greatest_is_recommended_only_where_there_is_a_gpu(open_plan, monkeypatch):
    many = labels(open_plan, 5000)
    monkeypatch.setattr(depths, "has_gpu", lambda: False)
    assert depths.recommended(many.summary, many.depths) == "finetune"
    monkeypatch.setattr(depths, "has_gpu", lambda: True)
    assert depths.recommended(many.summary, many.depths) == "full"


def test_a_depth_that_cannot_start_says_why(make, plans):
    """The test's model came without weights."""
    dialog = make(plans[1])
    assert dialog.depths.current == "calibrate"
    assert not dialog.depths.buttons["finetune"].isEnabled()
    reason = next(c.reason for c in plans[1].depths if c.depth == "finetune")
    assert reason
    assert dialog.depths.texts["finetune"].text() == reason
    assert dialog.depths.buttons["finetune"].accessibleDescription() == reason


def test_time_memory_and_disk_are_measured_for_what_is_chosen(qtbot, make, open_plan):
    dialog = make(open_plan)
    with qtbot.waitSignal(dialog.choice_changed) as chosen:
        qtbot.mouseClick(dialog.depths.buttons["finetune"], Qt.MouseButton.LeftButton)
    assert chosen.args[0].recipe == recipes.RECIPES["finetune"]
    dialog.show_measuring("finetune")
    assert "measuring" in dialog.depths.costs["finetune"].text()
    dialog.show_measured("finetune", {"seconds_total": 200.4, "memory_mb": 903.0, "disk_mb": 118.0})
    assert dialog.depths.costs["finetune"].text() == "about 3 min 20 s · 900 MB memory · 120 MB on disk"
    dialog.show_measure_failed("finetune", "There is no memory for it.")
    assert dialog.depths.costs["finetune"].toolTip() == "There is no memory for it."
    assert dialog.start.isEnabled()


def test_full_takes_pools_from_folders_without_labels(make, open_plan, library):
    dialog = make(open_plan)
    dialog.places_wanted.connect(lambda: dialog.set_places(snapshot.unlabelled_places(library)))
    dialog.depths.buttons["full"].click()
    assert dialog.pools.isVisible()
    assert dialog.choice().pools.by_group
    assert "3 images without a label" in dialog.pools.count.text()
    dialog.pools.choose.click()
    assert not dialog.start.isEnabled()
    assert "pool A or B" in dialog.reason.text()
    (key, box) = next(iter(dialog.pools.boxes.items()))
    assert key[1] == "more"
    box.setCurrentIndex(1)
    assert dialog.start.isEnabled()
    assert dialog.choice().pools.places == {key: "a"}


def test_advanced_shows_the_whole_recipe_takes_changes_and_saves_it(make, open_plan, tmp_path):
    dialog = make(open_plan)
    dialog.depths.buttons["finetune"].click()
    assert dialog.advanced.isHidden()
    dialog.more.click()
    assert dialog.advanced.isVisible()
    text = dialog.advanced.text.toPlainText()
    dialog.advanced.text.setPlainText(text.replace("epochs = 6", "epochs = 9"))
    dialog.advanced.read()
    assert dialog.choice().recipe.student.training.epochs == 9
    dialog.advanced.save_to(tmp_path / "mine.toml")
    assert recipes.load(str(tmp_path / "mine.toml")) == dialog.choice().recipe
    dialog.advanced.text.setPlainText(text.replace("epochs", "epoch"))
    dialog.advanced.read()
    assert not dialog.start.isEnabled()
    assert "Did you mean 'epochs'" in dialog.reason.text()
    assert dialog.choice() is None


def test_labels_that_change_while_it_is_open(make, plans, open_plan):
    dialog = make(plans[0])
    dialog.set_plan(open_plan)
    assert dialog.start.isEnabled()
    assert dialog.reason.isHidden()
    dialog.set_plan(plans[0])
    assert not dialog.start.isEnabled()


def test_start_by_keyboard(qtbot, make, open_plan):
    dialog = make(open_plan)
    dialog.depths.buttons["calibrate"].setFocus()
    qtbot.keyClick(dialog.depths.buttons["calibrate"], Qt.Key.Key_Down)
    with qtbot.waitSignal(dialog.start_requested) as started:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert started.args[0].depth == "personalise"
    assert dialog.result() == RetrainDialog.DialogCode.Accepted


def test_while_a_training_runs_it_is_added_to_the_queue(make, open_plan):
    assert make(open_plan, busy=True).start.text() == "Add to the queue"


def test_not_now_by_escape(qtbot, make, open_plan):
    dialog = make(open_plan)
    with qtbot.assertNotEmitted(dialog.start_requested), qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_what_this_installation_cannot_do_is_packed_for_another(qtbot, make, open_plan):
    """The light build: a fine-tune can be chosen and packed, not started, and nobody measures it."""
    why = "This light build cannot train a network; the full build of FIQA Desktop can."
    light = tuple(
        dataclasses.replace(c, elsewhere=why if c.depth in depths.TRAINED else None) for c in open_plan.depths
    )
    dialog = make(dataclasses.replace(open_plan, depths=light))
    assert dialog.depths.current not in depths.TRAINED
    with qtbot.assertNotEmitted(dialog.choice_changed):
        dialog.depths.buttons["finetune"].click()
    assert dialog.reason.text().startswith(why)
    assert "For another machine" in dialog.reason.text()
    assert not dialog.start.isEnabled()
    assert dialog.depths.costs["finetune"].text() == "on another machine"
    with qtbot.waitSignal(dialog.pack_requested) as asked:
        dialog.elsewhere.menu().actions()[0].trigger()
    assert asked.args[0].depth == "finetune"


def test_an_open_dialog_follows_another_theme(qapp, make, plans):
    """Its rings too: the chosen one has the accent of the theme in force, and nothing of the former."""
    before = theme.current().name
    try:
        theme.apply(qapp, "dark")
        dialog = make(plans[1])
        chosen = next(button for button in dialog.depths.buttons.values() if button.isChecked())
        for now, former in ((theme.DARK, theme.LIGHT), (theme.LIGHT, theme.DARK), (theme.DARK, theme.LIGHT)):
            theme.apply(qapp, now.name)
            picture = dialog.grab(QRect(chosen.mapTo(dialog, QPoint()), QSize(16, chosen.height()))).toImage()
            places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
            colours = {picture.pixelColor(*place).name() for place in places}
            assert now.accent in colours
            assert former.accent not in colours
    finally:
        theme.apply(qapp, before)
