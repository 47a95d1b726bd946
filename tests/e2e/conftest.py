"""The real program, offscreen: started through its own start-up code on a library of the test's own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent

import resources
from app.ui.application import Program, arguments


@pytest.fixture
def launch(qapp, qtbot, tmp_path):
    """Start the program as the command line would; gives its window. Closes every window at the end."""
    programs = []

    def start(*argv, library=None):
        options = arguments([*map(str, argv), "--library", str(library or tmp_path / "library"), "--rater", "Ada"])
        program = Program(qapp, options)
        programs.append(program)
        program.open(options.library.absolute())
        qtbot.waitUntil(lambda: program.window is not None)
        with qtbot.waitActive(program.window):  # Qt gives keys to an active window only
            program.window.activateWindow()
        return program.window

    yield start
    for program in programs:
        if program.window is not None:
            program.window.close()
            program.window.deleteLater()
            program.window = None
    # Widgets that live on would slow every later change of theme.
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


@pytest.fixture
def scored(qtbot):
    """Wait until every readable image of a window is listed and scored."""

    def wait(window, count, timeout=120_000):
        qtbot.waitUntil(lambda: len(window.model.columns) >= count and window.presenter.all_scored(), timeout=timeout)
        return window

    return wait


@pytest.fixture
def window_that_stays(launch, scored):
    """The samples, scored, the first one chosen; a key stays on its face, so that it can be judged again."""
    window = scored(launch(resources.samples()), 24)
    window.model.resort()
    window.model.step(0)
    window.rating.advance.setChecked(False)
    return window
