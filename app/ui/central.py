"""The middle of the window: filter bar above; grid, loupe or compare below; toasts over them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.services.images.loupe import ImageLoader
from app.ui.finding.filter_bar import FilterBar
from app.ui.gallery.model import GalleryModel
from app.ui.gallery.view import GalleryView
from app.ui.large.compare import Compare
from app.ui.large.comparing import Comparing
from app.ui.large.loupe import Loupe
from app.ui.rating.blind import Banner
from app.ui.toast import Toast


def _files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


class Central(QWidget):
    """Switches between grid, loupe and compare, which share one current image.

    Signals:
        mode_changed(str): grid | loupe | compare.
        dropped(list): paths that were dropped on it.
    """

    mode_changed = Signal(str)
    dropped = Signal(list)

    def __init__(self, model: GalleryModel, loader: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._loader = model, loader
        self.bar = FilterBar()
        self.images = QStackedWidget()
        self.gallery = GalleryView(model)
        self.loupe = Loupe()
        self.compare = Compare()
        self.comparing = Comparing(self.compare, model, loader, self.gallery.caption)
        self._views: dict[str, QWidget] = {"grid": self.gallery, "loupe": self.loupe, "compare": self.compare}
        for view in self._views.values():
            self.images.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        self.banner = Banner()
        column.addWidget(self.banner)
        column.addWidget(self.images, 1)
        self.toast = Toast(self.images)
        self.setAcceptDrops(True)
        self.bar.mode_requested.connect(self.show_mode)
        self.gallery.opened.connect(lambda _id: self.show_mode("loupe"))
        self.loupe.step_requested.connect(model.step)
        for large in (self.loupe, self.compare):
            large.close_requested.connect(lambda: self.show_mode("grid"))
        model.current_changed.connect(self._load)
        loader.loaded.connect(self.loupe.show_image)
        loader.failed.connect(self.loupe.show_failure)

    @property
    def mode(self) -> str:
        """grid | loupe | compare."""
        return next(name for name, view in self._views.items() if view is self.images.currentWidget())

    @property
    def large(self) -> Loupe | Compare | None:
        """What shows faces large now, None in the grid."""
        mode = self.mode
        return self.loupe if mode == "loupe" else self.compare if mode == "compare" else None

    def show_mode(self, mode: str) -> None:
        """Switch; loupe and compare open on the current image, or on the first one."""
        if mode == "compare":
            self.comparing.open()
        else:
            self.comparing.close()
        if mode == "loupe":
            if self._model.position(self._model.current) < 0:
                self._model.step(0)
            self._model.set_current(self._model.current)  # one face on the screen, one face that a key rates
        widget = self._views[mode]
        self.images.setCurrentWidget(widget)
        widget.setFocus()
        self.bar.show_mode(mode)
        self._load(self._model.current)
        self.mode_changed.emit(mode)

    def shows_current(self) -> bool:
        """Whether the current image is what the curator sees: when large it may still be loading."""
        if self.mode == "loupe":
            return self.loupe.shown == self._model.current
        if self.mode == "compare":
            return self.compare.framed_id == self._model.current and self.comparing.shows(self._model.current)
        return True

    def reload(self, changed: set[int]) -> None:
        """Files changed: what is shown of them is old."""
        self.comparing.reload(changed)
        if self._model.current in changed:
            self._load(self._model.current)

    @property
    def faces(self) -> QWidget:
        """What shows faces now: grid, loupe or compare."""
        return self._views[self.mode]

    def focus_images(self) -> None:
        """Back to where the rating keys act."""
        self.faces.setFocus()

    def _load(self, image_id: int) -> None:
        if self.mode != "loupe":
            return
        self.loupe.expect(image_id)
        row = self._model.row(image_id)
        if row < 0:
            return
        self._loader.load(image_id, self._path(image_id))
        here = self._model.position(image_id)
        around = [here + 1, here + 2, here - 1]
        neighbours = [self._model.id_at(p) for p in around if 0 <= p < len(self._model)]
        self._loader.prefetch([(i, self._path(i)) for i in neighbours])

    def _path(self, image_id: int) -> Path:
        return Path(str(self._model.columns.path[self._model.row(image_id)]))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event.mimeData()) and event.source() is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.dropped.emit(_files(event.mimeData()))
