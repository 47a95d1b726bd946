"""The language of the window: Qt's translators, chosen by the person, the command line or the system.

`resources/translations/fiqa_<language>.qm` are the languages that there are; English stands in the code.
`scripts/translations.py` makes the files, docs/translation.md tells how.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication

import resources

SYSTEM: Final = "system"
ENGLISH: Final = "en"
_FONTS: Final = {
    "zh_CN": ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei UI", "PingFang SC")
}
"""One character has other forms in Chinese and in Japanese: the fonts with the right ones, where they are installed."""


def marked(context: str, text: str) -> str:
    """A string of a table, which is translated where it is shown: `scripts/translations.py` finds it here."""
    return text


def available() -> dict[str, str]:
    """Each language's own name by its code, English first."""
    found = sorted(file.stem.removeprefix("fiqa_") for file in resources.translations().glob("fiqa_*.qm"))
    return {ENGLISH: "English"} | {code: QLocale(code).nativeLanguageName() for code in found}


def resolve(wanted: str, preferred: Sequence[str] | None = None) -> str:
    """The code of the language to show: the one that is wanted, or by the system's order of languages; else English.

    Args:
        wanted: a code, or `system`.
        preferred: the system's languages as BCP 47 tags, for tests; None asks the system.
    """
    known = available()
    if wanted != SYSTEM:
        return wanted if wanted in known else ENGLISH
    for tag in QLocale.system().uiLanguages() if preferred is None else preferred:
        asked = QLocale(tag)
        for code in known:
            offered = QLocale(code)
            # Simplified and traditional Chinese are one language in two scripts: who reads one may not read the other.
            if (asked.language(), asked.script()) == (offered.language(), offered.script()):
                return code
    return ENGLISH


_current = ENGLISH


def current() -> str:
    """The code of the language in force."""
    return _current


def install(app: QApplication, wanted: str) -> str:
    """Translate what is made from now on, Qt's own words too; returns the code of the language."""
    global _current
    _current = code = resolve(wanted)
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    if code != ENGLISH:
        # The last one installed is asked first.
        for file, folder in (
            (f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
            (f"fiqa_{code}", str(resources.translations())),
        ):
            translator = QTranslator(app)
            if translator.load(file, folder):
                app.installTranslator(translator)
    QLocale.setDefault(QLocale(code))  # a typed number has the point that every number in the window has
    _choose_font(app, code)
    return code


def can_be_read(code: str) -> bool:
    """Whether a font with the characters of a language is installed."""
    system = QFontDatabase.WritingSystem.SimplifiedChinese
    return code not in _FONTS or bool(QFontDatabase.families(system))


def _choose_font(app: QApplication, code: str) -> None:
    """Latin letters in the font that the system gives, what it lacks in the first of ours that is installed."""
    font, wanted = QFont(app.font()), _FONTS.get(code, ())
    if not wanted and len(font.families()) < 2:
        return
    font.setFamilies([QFontInfo(font).family(), *filter(QFontDatabase.hasFamily, wanted)])
    app.setFont(font)
