"""Every string of the window is translated, and the check that says so finds what is missing or broken."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from PySide6.QtGui import QFontInfo

import resources
from app.ui import language, words
from app.ui.actions import MENUS, plain
from app.ui.below import told
from scripts import translations
from scripts.translating import catalogue, strings

CHINESE = "zh_CN"


@pytest.fixture(scope="module")
def found():
    return strings.read(translations.ROOT)


@pytest.fixture
def chinese(qapp):
    language.install(qapp, CHINESE)
    yield
    language.install(qapp, language.ENGLISH)


@pytest.fixture
def spoil(tmp_path, found):
    """Change the .ts (and what is compiled of it) by a pattern; gives the faults that the check then finds."""

    def change(pattern: str, by: str) -> str:
        file = resources.translations() / f"fiqa_{CHINESE}.ts"
        shutil.copy(file.with_suffix(".qm"), tmp_path)
        text, count = re.subn(pattern, by, file.read_text("utf-8"), count=1)
        assert count == 1
        changed = tmp_path / file.name
        changed.write_text(text, encoding="utf-8")
        return "\n".join(catalogue.faults(found.texts, changed))

    return change


def read(tmp_path, code: str):
    (tmp_path / "app").mkdir(exist_ok=True)
    (tmp_path / "app" / "panel.py").write_text(code, encoding="utf-8")
    return strings.read(tmp_path)


def test_every_string_of_the_window_is_translated():
    assert translations.check() == []


def test_a_translation_that_is_missing_unfinished_or_broken_is_found(spoil):
    assert "missing: MainWindow 'Saving…'" in spoil("<source>Saving…</source>", "<source>Saved…</source>")
    assert "unfinished" in spoil(
        "<translation>正在保存…</translation>", '<translation type="unfinished"></translation>'
    )
    assert "placeholders" in spoil("找到 \\{0\\} 张图像", "找到一些图像")
    assert "placeholders" in spoil("状态是最新的备份", "{what}状态是最新的备份")
    assert "mnemonic" in spoil("文件\\(&amp;F\\)", "文件")
    assert "ends with '…'" in spoil("正在保存…", "正在保存")
    assert "half-width" in spoil("得分已隐藏，无法采纳", "得分已隐藏,无法采纳")
    assert "older than the .ts" in spoil("正在保存…", "保存中…")


def test_a_string_is_found_wherever_python_allows_it(tmp_path):
    code = '''
def tr(text):
    """Doc."""
    return QCoreApplication.translate("here", text)

NAMES = (marked("table", "red"),)

class Panel:
    def show(self, n):
        f"{self.tr('inside')}: {tr('helper')}"
        self.tr("one " "two")
        self.tr("%n images", "", n)
        self.tr("yes" if n else "no", "an answer")
        QCoreApplication.translate("table", NAMES[0])
        "text".translate({})

def title(panel: Panel):
    return panel.tr("of an argument")
'''
    found = read(tmp_path, code)
    assert found.faults == []
    assert {(t.context, t.source, t.comment, t.plural) for t in found.texts} == {
        ("table", "red", "", False),
        ("Panel", "inside", "", False),
        ("Panel", "of an argument", "", False),
        ("here", "helper", "", False),
        ("Panel", "one two", "", False),
        ("Panel", "%n images", "", True),
        ("Panel", "yes", "an answer", False),
        ("Panel", "no", "an answer", False),
    }


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ('self.tr(f"{n} images")', "f-string"),
        ("self.tr(name)", "variable"),
        ('other.tr("text")', "self.tr"),
        ('QCoreApplication.translate(name, "text")', "context"),
    ],
)
def test_what_cannot_be_translated_is_a_fault_of_the_code(tmp_path, call, why):
    found = read(tmp_path, f"class Panel:\n    def show(self, n, name, other):\n        {call}\n")
    assert len(found.faults) == 1
    assert "app/panel.py:3" in found.faults[0]
    assert why in found.faults[0]


def test_translations_are_merged_filled_and_compiled(qapp, tmp_path, monkeypatch):
    """The whole way of a translator with Qt's own tools, into a language with one plural form."""
    monkeypatch.setattr(resources, "translations", lambda: tmp_path)
    code = 'class Panel:\n    def show(self, n):\n        self.tr("Open…")\n        self.tr("%n images", "", n)\n'
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "panel.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    todo = tmp_path / "todo.json"
    assert translations.main(["--new", CHINESE, "--todo", str(todo)]) == 0
    assert json.loads(todo.read_text("utf-8")) == {"Panel": {"Open…": "", "%n images": ""}}
    assert translations.main(["--check"]) == 1
    todo.write_text('{"Panel": {"Open…": "打开…", "%n images": "%n 张图像"}}', encoding="utf-8")
    assert translations.main(["--fill", str(todo)]) == 0
    assert translations.check() == []
    language.install(qapp, CHINESE)
    try:
        assert words.QCoreApplication.translate("Panel", "%n images", "", 3) == "3 张图像"
    finally:
        language.install(qapp, language.ENGLISH)


@pytest.mark.parametrize(
    ("preferred", "code"),
    [
        (["zh-Hans-CN", "en-US"], "zh_CN"),
        (["zh-SG"], "zh_CN"),
        (["zh-TW", "zh-Hant"], "en"),  # another script
        (["de-DE", "zh-CN"], "zh_CN"),
        (["en-GB", "zh-CN"], "en"),  # English is asked for first
        (["de-DE"], "en"),
        ([], "en"),
    ],
)
def test_the_system_order_of_languages_decides(preferred, code):
    assert language.resolve(language.SYSTEM, preferred) == code
    assert language.resolve("zh_CN", preferred) == "zh_CN"
    assert language.resolve("xx", preferred) == "en"


def test_languages_are_named_in_themselves():
    assert language.available() == {"en": "English", "zh_CN": "简体中文"}


def test_qt_speaks_the_language_too_and_latin_letters_keep_their_font(qapp, chinese):
    assert words.QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    assert [plain(title) for title in MENUS.values()] == ["文件", "编辑", "标注", "视图", "模型", "帮助"]
    family = QFontInfo(qapp.font()).family()
    language.install(qapp, language.ENGLISH)
    assert QFontInfo(qapp.font()).family() == family
    assert plain("&File") == "File"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("rated 0.75 on 3 images", "为 3 张图像评分 0.75"),
        ("MOS 0.50 to 0.75 on 1 image", "1 张图像的 MOS 由 0.50 改为 0.75"),
        ("undo: flag 'reject' (not a face) on 2 images", "撤销：将 2 张图像标为“拒用”（不是人脸）"),
        ("read as utf-8, commas between columns, with a header", "按 utf-8 读取，列以逗号分隔，有表头"),
        ("it cannot be decoded (broken data, at 12)", "无法解码（broken data, at 12）"),
        ("There is no field 'mso'. Did you mean 'mos'?", "没有字段“mso”。您是指“mos”吗？"),
        ("A sentence that nobody has foreseen, with a comma.", "A sentence that nobody has foreseen, with a comma."),
    ],
)
def test_sentences_from_below_are_told_in_the_language_and_unknown_ones_as_they_are(chinese, said, shown):
    assert told(said) == shown


def test_in_english_sentences_from_below_stay_as_they_are(qapp):
    assert told("rated 0.75 on 3 images") == "rated 0.75 on 3 images"
