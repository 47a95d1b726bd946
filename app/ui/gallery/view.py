"""The virtual gallery: only what is on screen is painted, and thumbnails are asked for around it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from app.services.images.thumbnail_store import SIDES
from app.ui import theme
from app.ui.gallery.delegate import paint_tile
from app.ui.gallery.grid import GAP, LARGEST, SMALLEST, Grid
from app.ui.gallery.model import GalleryModel
from app.ui.gallery.pictures import Pictures, side_for
from app.ui.gallery.tiles import extra_line, lines_of, tile_of


class GalleryView(QAbstractScrollArea):
    """Shows a `GalleryModel` as a grid.

    Signals:
        opened(int): an image was double-clicked.
        viewport_changed(object, object): image ids on screen, and those within two screens around it.
        menu_requested(object): global position of a context menu.
        tile_size_changed(int): side of the picture area in pixels.
        picture_side_changed(int): thumbnails of this long side, in pixels of the screen, are crisp from now on.
    """

    opened = Signal(int)
    viewport_changed = Signal(object, object)
    menu_requested = Signal(object)
    tile_size_changed = Signal(int)
    picture_side_changed = Signal(int)

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self._side = 168
        self._pictures = Pictures()
        self._picture_side = SIDES[0]
        self._drag_from: QPoint | None = None
        self._blind = False
        self._laid_out = 0
        self._asked = model.query
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Gallery"))
        self.viewport().setMouseTracking(True)
        self._announce = QTimer(self, singleShot=True, interval=30)
        self._announce.timeout.connect(self._announce_viewport)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._announce.start())
        model.reordered.connect(self._reordered)
        model.extended.connect(self._extended)
        model.rows_changed.connect(self._repaint)
        model.current_changed.connect(self._show_current)
        model.selection_changed.connect(self.viewport().update)

    # -- geometry ----------------------------------------------------------------------------------

    @property
    def tile_side(self) -> int:
        """Side of the square picture area."""
        return self._side

    def set_tile_side(self, side: int) -> None:
        """Resize the tiles; what is at the top of the screen stays there."""
        side = min(LARGEST, max(SMALLEST, side))
        if side == self._side:
            return
        top = self.first_visible()
        self._side = side
        self._relayout()
        self.verticalScrollBar().setValue(self._grid.scroll_to(top))
        self.tile_size_changed.emit(side)

    @property
    def _grid(self) -> Grid:
        return Grid(self.viewport().width(), self._side)

    @property
    def _scroll(self) -> int:
        return self.verticalScrollBar().value()

    def columns(self) -> int:
        """Tiles in a row."""
        return self._grid.columns

    def tile_rect(self, position: int) -> QRect:
        """Where a position lies, in viewport coordinates."""
        return self._grid.rect(position, self._scroll)

    def position_at(self, point: QPoint) -> int:
        """The position under a point of the viewport, -1 for none."""
        return self._grid.position_at(point, self._scroll, len(self.model))

    def first_visible(self) -> int:
        """First position on screen."""
        return self._grid.first_visible(self._scroll)

    def last_visible(self) -> int:
        """Last position on screen (may lie beyond the end)."""
        return self._grid.last_visible(self._scroll, self.viewport().height())

    def _relayout(self) -> None:
        self._set_range()
        self.viewport().update()
        self._announce.start()

    def _extended(self) -> None:
        """New rows at the end: what is on screen is painted anew only where they are on it."""
        if self._laid_out <= self.last_visible():
            self._relayout()
        else:
            self._set_range()
            self._announce.start()

    def _set_range(self) -> None:
        self._laid_out = len(self.model)
        grid, bar = self._grid, self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(grid.pitch_y // 3)
        bar.setRange(0, max(0, grid.height(len(self.model)) - self.viewport().height()))

    def _reordered(self) -> None:
        """Another order or filter: the current image stays in sight; where a filter hides it, begin at the top."""
        self._relayout()
        asked, self._asked = self._asked != self.model.query, self.model.query
        if self.model.position(self.model.current) >= 0:
            self.show_image(self.model.current)
        elif asked:
            self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        top = self.first_visible()
        super().resizeEvent(event)
        self._relayout()
        self.verticalScrollBar().setValue(self._grid.scroll_to(top))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._announce.start()  # the window is on another screen
        return super().event(event)

    def _announce_viewport(self) -> None:
        side = side_for(self._grid.picture_side * self.devicePixelRatioF())
        if side != self._picture_side:
            self._picture_side = side
            self._pictures.want_others()
            self.picture_side_changed.emit(side)
        first, last = self.first_visible(), self.last_visible()
        screen = last - first + 1
        visible = self.model.ids_between(first, last)
        after = self.model.ids_between(last + 1, last + 2 * screen)
        before = self.model.ids_between(first - 2 * screen, first - 1) if first else []
        self.viewport_changed.emit(visible, after + before[::-1])

    # -- pictures ------------------------------------------------------------------------------------

    def set_picture(self, image_id: int, pixels: npt.NDArray[np.uint8]) -> None:
        """A thumbnail arrived."""
        self._pictures.put(image_id, pixels, on_screen=self.last_visible() - self.first_visible() + 1)
        self._repaint({image_id})

    def has_picture(self, image_id: int) -> bool:
        """Whether a thumbnail is in memory."""
        return image_id in self._pictures

    def forget_pictures(self, ids: set[int]) -> None:
        """Files changed: ask for their thumbnails again."""
        self._pictures.forget(ids)
        self._announce.start()

    def _repaint(self, ids: set[int]) -> None:
        first, last = self.first_visible(), self.last_visible()
        for position, image_id in enumerate(self.model.ids_between(first, last), start=first):
            if image_id in ids:
                self.viewport().update(self.tile_rect(position))

    # -- painting ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), QColor(theme.current().canvas))
        font = QFont(self.font())
        font.setPointSizeF(max(7.5, self.font().pointSizeF() - 0.5))
        for position in range(self.first_visible(), min(self.last_visible() + 1, len(self.model))):
            rect = self.tile_rect(position)
            if rect.intersects(event.rect()):
                image_id = self.model.id_at(position)
                tile = tile_of(self.model, image_id, blind=self._hides)
                paint_tile(painter, rect, tile, self._pictures.get(image_id), font=font)

    def set_blind(self, on: bool) -> None:
        """Hide scores and labels on tiles and in tips, or show them again."""
        self._blind = on
        self.viewport().update()

    def _show_current(self, image_id: int) -> None:
        self.show_image(image_id)
        self.viewport().update()

    def show_image(self, image_id: int) -> None:
        """Scroll until an image is on screen."""
        position = self.model.position(image_id)
        if position >= 0:
            self._scroll_to(position)

    def _scroll_to(self, position: int) -> None:
        rect, bar = self.tile_rect(position), self.verticalScrollBar()
        if rect.top() < GAP:
            bar.setValue(bar.value() + rect.top() - GAP)
        elif rect.bottom() > self.viewport().height() - GAP:
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + GAP)

    # -- mouse and keys ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        position = self.position_at(event.position().toPoint())
        if position < 0:
            self.model.set_current(-1)
            return
        image_id = self.model.id_at(position)
        self._drag_from = event.position().toPoint()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.model.select_range(image_id)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._toggle(image_id)
        elif image_id in self.model.selection and len(self.model.selection) > 1:
            self.model.set_current(image_id, select=False)
        else:
            self.model.set_current(image_id)

    def _toggle(self, image_id: int) -> None:
        """Ctrl+click. The current image is always one of the selected: keys must rate what the panel shows."""
        selection = self.model.selection ^ {image_id}
        self.model.select(selection)
        rest = image_id if image_id in selection else next(iter(self.model.targets()), -1)
        self.model.set_current(rest, select=False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if self._drag_from is not None and plain and event.button() == Qt.MouseButton.LeftButton:
            self.model.set_current(self.model.current)
        self._drag_from = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if event.buttons() & Qt.MouseButton.LeftButton and self._drag_from is not None:
            if (point - self._drag_from).manhattanLength() > QApplication.startDragDistance():
                self._drag_files()
            return
        position = self.position_at(point)
        self.viewport().setToolTip("\n".join(self._lines(self.model.id_at(position))) if position >= 0 else "")

    def drag_data(self) -> QMimeData:
        """The files of the selection, as other programs take them (text/uri-list)."""
        rows = [self.model.row(i) for i in self.model.targets()]
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self.model.columns.path[row])) for row in rows])
        return mime

    def _drag_files(self) -> None:
        self._drag_from = None
        drag = QDrag(self)
        drag.setMimeData(self.drag_data())
        drag.exec(Qt.DropAction.CopyAction)

    @property
    def _hides(self) -> bool:
        return self._blind or self.model.blind

    def _lines(self, image_id: int) -> list[str]:
        lines = lines_of(tile_of(self.model, image_id, blind=self._hides), blind=self._hides)
        extra = extra_line(self.model, image_id, blind=self._hides)
        return [*lines, extra] if extra else lines

    def caption(self, image_id: int) -> tuple[str, str]:
        """Name, and what is known of the quality in one line."""
        name, *lines = self._lines(image_id)
        return name, " · ".join(lines)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if position >= 0:
            self.opened.emit(self.model.id_at(position))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:  # Qt names the middle of the widget: nobody chose that
            here = self.tile_rect(max(0, self.model.position(self.model.current))).center()
            self.menu_requested.emit(self.viewport().mapToGlobal(here))
            return
        position = self.position_at(event.pos())
        if position >= 0 and self.model.id_at(position) not in self.model.selection:
            self.model.set_current(self.model.id_at(position))
        self.menu_requested.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_tile_side(self._side + (16 if event.angleDelta().y() > 0 else -16))
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self.viewport().height() // self._grid.pitch_y) * self.columns()
        everything = len(self.model)
        by = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: self.columns(),
            Qt.Key.Key_Up: -self.columns(),
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_Home: -everything,
            Qt.Key.Key_End: everything,
        }.get(Qt.Key(event.key()))
        if by is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        self.model.step(by, extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
