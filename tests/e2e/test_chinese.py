"""The window in Simplified Chinese: nothing that it writes itself is English, in no menu, panel or dialog."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

import resources
from app.ui import dialogs, language
from app.ui.label_files.export_dialog import ExportDialog
from app.ui.label_files.import_dialog import ImportDialog
from tests.e2e.test_accessible import DIALOGS

SAMPLES = 24
KEPT = (
    # names, and words of the field that Chinese readers write in Latin letters
    r"FIQA Desktop|Efficient-FIQA|FIQA (student|fast) \(weak labels\)|TensorBoard|Apache-2\.0|Hugging Face ImageFolder",
    r"fiqa benchmark|NIQE|BRISQUE|MUSIQ|StairIQA|LIQE",
    r"GMACs|MOS|SRCC|PLCC|KRCC|RMSE|JOD|MSE|ISO|CPU|CPUExecutionProvider|RGB|BGR|English",
    r"VQualA|GFIQA-20k|CGFIQA-40k|KonIQ-10k|PIQ23|IQA-PyTorch|SUREAL|pyiqa",
    # files and their kinds, units
    r"[\w-]+\.jpg|\b(name|mos)\b|labels\.\w+|[\w-]*\.(onnx|toml|json|csv|zip|safetensors)|/\S+|\bsamples\b|\S*library\S*",
    # what a model calls the pictures that its percentiles are taken over: of the model, as its name is
    r"faces from clean to spoiled, of people held out \(\d+ images\)",
    r"edgenext_xx_small|mobilenetv4_conv_small|\b[0-9a-f]{32}\b",
    r"ONNX|PyTorch|CSV|TSV|JSON|Parquet|PNG|SVG|\bzip|sha256|utf-8|\b(px|kB|MB|min|ms|s|h)\b",
    # keys, the filter language and what stands in a file
    r"Ctrl|Shift|Alt|Esc|Tab|Enter|Return|Space|Up|Down|Left|Right|PgUp|PgDown|Home|End|F\d+",
    r"\b[a-z]+(@\w+)?:\S*|\b(AND|OR|NOT)\b",
    r"\b(canada|london|snapshots)-\w+|\b(train|val|cal|test)\b|<[^>]*>|fiqa run FOLDER|\bAda\b|imported:\S+",
)
"""What may stand in Latin letters; everything else with two of them in a row is English."""


def english(text: str) -> str:
    """What is left of a text without what may stay; empty where nothing is English."""
    for kept in KEPT:
        text = re.sub(kept, " ", text)
    return text.strip() if re.search(r"[A-Za-z]{2,}", text) else ""


def said_by(widget: QWidget) -> Iterator[str]:
    """Every text of one widget, shown or spoken."""
    yield from (widget.windowTitle(), widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, QLabel | QAbstractButton | QGroupBox):
        yield widget.title() if isinstance(widget, QGroupBox) else widget.text()
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(i) for i in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(i) for i in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from said_by_model(widget.model())
    if isinstance(widget, QMenu):
        yield widget.title()
    yield from (text for action in widget.actions() for text in said_by_action(action))


def said_by_action(action: QAction) -> Iterator[str]:
    yield from (action.text(), action.toolTip())
    if isinstance(action.menu(), QMenu):
        yield from (text for inner in action.menu().actions() for text in (inner.text(), inner.toolTip()))


def said_by_model(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[str]:
    parent = parent or QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)  # private there
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount(parent)):
            index = model.index(row, column, parent)
            yield from (str(index.data(r) or "") for r in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole))
            if column == 0:
                yield from said_by_model(model, index)


def left_in_english(root: QWidget) -> set[str]:
    """All English texts of a window, with the kind of the widget that says them."""
    inner = [w for w in root.findChildren(QWidget) if not _is_editor_of_dates(w)]
    return {f"{type(w).__name__}: {text}" for w in (root, *inner) for text in said_by(w) if english(text)}


def _is_editor_of_dates(widget: QWidget) -> bool:
    return isinstance(widget.parentWidget(), QAbstractSpinBox)


@pytest.fixture
def window(qapp, launch, scored):
    made = scored(launch(resources.samples(), "--language", "zh_CN"), SAMPLES)
    made.model.resort()
    yield made
    language.install(qapp, language.ENGLISH)


def test_the_window_and_its_dialogs_say_nothing_in_english(qtbot, window, tmp_path):
    window.model.step(0)
    assert window.menus["file"].title() == "文件(&F)"
    assert sorted(left_in_english(window)) == []
    table = tmp_path / "labels.csv"
    table.write_text("name,mos\nface-01.jpg,0.5\nnobody.jpg,0.5\n", encoding="utf-8")
    imported = ImportDialog(window.desk, table, window)
    qtbot.waitUntil(lambda: imported.plan is not None, timeout=60_000)
    opened = {
        "import": imported,
        **{name: open_(window) for name, open_ in DIALOGS.items()},
        "keys of actions": window.settings.open_preferences(keys=True),
        "export": ExportDialog(window.desk, lambda _: None, window),
        "rater": dialogs.RaterDialog("", window),
        "reasons": window.remarks.ask_reason(),
    }
    found = {name: left_in_english(dialog) for name, dialog in opened.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}
    for dialog in opened.values():
        dialog.close()


def test_before_a_retraining_nothing_is_english(qtbot, window):
    for number in range(SAMPLES):
        window.desk.label([window.model.id_at(number)], (number % 5) / 4)
    window.actions_["retrain"].trigger()
    qtbot.waitUntil(lambda: window.training_wiring.planning.dialog is not None, timeout=60_000)
    dialog: QDialog = window.training_wiring.planning.dialog
    assert sorted(left_in_english(dialog)) == []
    dialog.reject()


def test_an_act_and_its_undo_are_told_in_chinese(qtbot, window):
    said = window.status.currentMessage
    window.model.select([window.model.id_at(0)])
    window.desk.label([window.model.id_at(0)], 0.75)
    qtbot.waitUntil(lambda: "0.75" in said(), timeout=30_000)
    assert said() == "1 张图像的 MOS 设为 0.75"
    qtbot.waitUntil(lambda: "0.75" in window.actions_["undo"].text(), timeout=30_000)
    assert window.actions_["undo"].text() == "撤销: 1 张图像的 MOS 设为 0.75"
    window.desk.flag([window.model.id_at(1), window.model.id_at(2)], "reject", "not a face")
    toast = window.central.toast
    qtbot.waitUntil(lambda: any("2" in w.text() for w in toast.findChildren(QLabel)), timeout=30_000)
    assert any(w.text() == "将 2 张图像标为“拒用”（不是人脸）" for w in toast.findChildren(QLabel))


def test_a_wrong_filter_is_explained_in_chinese(qtbot, window):
    box, error = window.central.bar.box, window.central.bar.error
    box.setText("score:<0.6 mos:<abc")
    qtbot.waitUntil(error.isVisible, timeout=30_000)
    assert error.text().endswith("“abc”不是数字。请写 0.5 或 <0.3。")


def test_buttons_are_as_wide_as_their_chinese_words(window):
    window.resize(QSize(1440, 900))
    cut = [
        b.text()
        for b in window.findChildren(QAbstractButton)
        if b.isVisible() and b.text() and b.width() < b.fontMetrics().horizontalAdvance(b.text().replace("&", ""))
    ]
    assert cut == []


def test_a_language_chosen_in_the_preferences_comes_at_the_next_start(qapp, qtbot, launch, scored):
    window = scored(launch(resources.samples()), SAMPLES)
    assert window.menus["file"].title() == "&File"
    box = window.settings.open_preferences().language
    box.setCurrentIndex(box.findText("简体中文"))
    assert window.menus["file"].title() == "&File"
    window.close()
    try:
        assert scored(launch(), SAMPLES).menus["file"].title() == "文件(&F)"
    finally:
        language.install(qapp, language.ENGLISH)
