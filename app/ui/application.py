"""Starting the program: arguments, theme, rater, library, window."""

from __future__ import annotations

import argparse
import getpass
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

import resources
from app.library.library import Library, default_directory
from app.services import worker
from app.services.collector import CalmCollector
from app.services.desk import Desk, open_library
from app.services.memory import share_heaps
from app.services.support import fault_log
from app.services.support.fault_log import Fault, FaultLog, log
from app.ui import dialogs, language, theme
from app.ui.main_window import MainWindow
from app.ui.rehearsal import Rehearsal
from app.ui.screenshot import Photographer
from app.ui.setup.preferences import Preferences
from engine import __version__, named_models
from engine.errors import UserError


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line of `fiqa-desktop`."""
    parser = argparse.ArgumentParser(prog="fiqa-desktop", description="Judge, curate and relabel face images.")
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="add this folder and show it")
    parser.add_argument("--library", type=Path, metavar="DIR", help="the library to open or to make")
    parser.add_argument(
        "--model", type=_bundle, metavar="BUNDLE", help=f"score with this model: a file (.onnx), {named_models.KNOWN}"
    )
    parser.add_argument("--rater", metavar="NAME", help="who labels; else it is asked at the first start")
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help="wait until all is scored, save, exit")
    parser.add_argument("--smoke-test", type=Path, metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="for this start")
    parser.add_argument("--language", choices=("system", *language.available()), help="for this start")
    parser.add_argument("--version", action="version", version=f"fiqa-desktop {__version__}")
    return parser.parse_args(argv)


def _bundle(given: str) -> Path:
    try:
        return named_models.bundle_path(given)
    except UserError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _tr(text: str) -> str:
    return QCoreApplication.translate("program", text)


class Program(QObject):
    """Holds the window alive, and opens another library on request."""

    def __init__(
        self, app: QApplication, options: argparse.Namespace, *, leave: Callable[[int], object] | None = None
    ) -> None:
        """`leave` ends the program with a status; default: the application's own exit."""
        super().__init__()
        self.app, self.options = app, options
        self.leave = leave or app.exit
        self.preferences = Preferences()
        self.window: MainWindow | None = None
        self._photographer: Photographer | None = None
        self._rehearsal: Rehearsal | None = None
        language.install(app, options.language or self.preferences.language)
        theme.apply(app, options.theme or self.preferences.theme)
        app.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    def _scheme_changed(self) -> None:
        if (self.options.theme or self.preferences.theme) == "system":
            theme.apply(self.app, "system")
            if self.window is not None:
                self.window.retheme()

    @property
    def unattended(self) -> bool:
        """Whether nobody sits there who could answer."""
        return bool(self.options.screenshot or self.options.smoke_test)

    def rater(self) -> str | None:
        """The rater's name, asked for at the first start; None if the person declines."""
        known = self.options.rater or self.preferences.rater
        if known:
            return str(known)
        if self.unattended:
            return getpass.getuser()  # nobody sits there to be asked
        dialog = dialogs.RaterDialog("")
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return None
        self.preferences.rater = dialog.chosen()
        return dialog.chosen()

    def open(self, directory: Path) -> None:
        """Open a library in the background, then show its window. A failure keeps what is open."""
        job = worker.start(open_library, directory)
        job.returned.connect(self._show)
        job.errored.connect(self._refuse)

    def _show(self, library: Library) -> None:
        name = self.rater()
        if name is None:
            library.close()
            self.leave(0)
            return
        if self.window is not None:
            self.window.close()  # before the new one starts its workers: closing stops all that run
            self.window.deleteLater()
            self.window = None
        try:
            desk = Desk(library, name)
        except UserError as error:
            self._refuse(error)
            return
        self.window = MainWindow(desk, self.preferences)
        self.window.library_requested.connect(self._choose_library)
        if self.options.screenshot:
            self._photographer = Photographer(
                self.window, self.options.screenshot, self.leave, folder_comes=self.options.folder is not None
            )
        self.window.show()
        self.window.begin()
        log.info("opened %s, %s", library.directory, QGuiApplication.platformName())
        if not self.unattended and (died := fault_log.last_words()):
            self.window.support.tell_of_death(died)
        if self.options.smoke_test:
            self._rehearsal = Rehearsal(self.window, self.options.folder, self.options.smoke_test, self.leave)
        if self.options.model:
            desk.add_model(self.options.model)
        if self.options.folder:
            self.window.open_folder(self.options.folder)

    def tell_fault(self, fault: Fault) -> None:
        """Show a fault of the program over the window; one that leaves no window ends the program."""
        if self.window is not None and not self.unattended:
            self.window.support.tell_fault(fault)
        elif self.window is not None:
            self.window.desk.failed.emit(f"{fault.kind}: {fault.message}")
        else:
            self._complain(_tr("The program cannot start"), f"{fault.kind}: {fault.message}. {fault_log.log_folder()}")
            self.leave(3)

    def _choose_library(self, directory: Path | None) -> None:
        chosen = directory or QFileDialog.getExistingDirectory(self.window, _tr("Open or make a library"))
        if chosen:
            self.options.folder = self.options.model = None
            self.open(Path(chosen))

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            raise error
        self._complain(_tr("The library cannot be opened"), str(error))
        if self.window is None:
            self.leave(2)

    def _complain(self, title: str, text: str) -> None:
        if self.unattended:
            print(f"Error: {text}", file=sys.stderr)
        else:
            dialogs.complain(self.window, title, text)


def run(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    options = arguments(argv)
    if options.folder is not None and not options.folder.is_dir():
        print(f"Error: {options.folder} is no folder. Name a folder of face images.", file=sys.stderr)
        return 2
    faults = FaultLog()
    faults.install()
    share_heaps()
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(QIcon(str(resources.icon())))
    app.setDesktopFileName("fiqa-desktop")
    app.setApplicationName("FIQA Desktop")
    app.setApplicationVersion(__version__)
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    wake = QTimer(interval=300)  # lets Python see Ctrl+C while Qt's loop waits
    wake.timeout.connect(lambda: None)
    wake.start()
    program = Program(app, options)
    faults.caught.connect(program.tell_fault, Qt.ConnectionType.QueuedConnection)  # not inside what is broken
    program.open((options.library or default_directory()).absolute())
    worker.favour_the_window()
    collector = CalmCollector(app)
    status = int(app.exec())
    collector.close()
    log.info("closed with status %d", status)
    faults.close()
    return status
