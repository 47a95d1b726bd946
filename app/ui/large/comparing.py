"""Which two faces compare shows: the framed one stays (the champion), the next one comes beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from app.services.images.loupe import ImageLoader
from app.ui.gallery.model import GalleryModel
from app.ui.large.compare import Compare

Caption = Callable[[int], tuple[str, str]]


class Comparing(QObject):
    """Between the gallery's model and the two panes, while compare is on show.

    The framed image is the model's current and only selected one: what a key rates is what has the frame. Two or more
    images that were selected at the opening are compared among themselves, else all that the gallery shows.
    """

    def __init__(self, view: Compare, model: GalleryModel, loader: ImageLoader, caption: Caption) -> None:
        """`caption` gives the title and the quality line of an image."""
        super().__init__(view)
        self._view, self._model, self._loader, self._caption = view, model, loader, caption
        self._among: list[int] = []
        self.active = False
        view.framed.connect(self._frame_moved)
        view.step_requested.connect(self.step)
        model.current_changed.connect(self._current_changed)
        model.rows_changed.connect(lambda ids: self.refresh_captions() if self.active else None)
        loader.loaded.connect(view.show_image)
        loader.failed.connect(view.show_failure)

    # -- opening -----------------------------------------------------------------------------------

    def open(self) -> None:
        """Take the current image and the one after it, or the first two of the selection."""
        chosen = self._model.targets()
        self._among = chosen if len(chosen) > 1 else []
        if self._model.position(self._model.current) < 0:
            self._model.step(0)
        first = self._among[0] if self._among else self._model.current
        self.active = True
        self._view.set_frame(0)
        self._view.put(0, first)
        self._view.put(1, self._neighbour(first, 1, without=first))
        self._model.set_current(first)
        self._load()

    def close(self) -> None:
        """Another view is shown."""
        self.active = False

    # -- moving ------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Bring the next (or an earlier) image to the side without the frame."""
        champion, beside = self._view.framed_id, self._view.other_id
        following = self._neighbour(beside if beside >= 0 else champion, by, without=champion)
        if following >= 0 and following != beside:
            self._view.put(1 - self._view.frame, following)
            self._load()

    def _pool(self) -> tuple[int, Callable[[int], int], Callable[[int], int]]:
        """How many images there are to compare, the id at a place, the place of an id."""
        among = [i for i in self._among if self._model.row(i) >= 0]
        if among:
            places = {image: place for place, image in enumerate(among)}
            return len(among), among.__getitem__, lambda image: places.get(image, -1)
        return len(self._model), self._model.id_at, self._model.position

    def _neighbour(self, image_id: int, by: int, *, without: int) -> int:
        """The image so many places on, the champion skipped; the old one at either end, -1 where there is none."""
        count, at, place_of = self._pool()
        place, direction = place_of(image_id) + by, 1 if by > 0 else -1
        if 0 <= place < count and at(place) == without:
            place += direction
        if 0 <= place < count:
            return at(place)
        return image_id if image_id != without else self._fallback(without)

    def _fallback(self, champion: int) -> int:
        """Beside the last image: the one before it."""
        count, at, place_of = self._pool()
        place = place_of(champion) - 1
        return at(place) if 0 <= place < count else -1

    def _frame_moved(self, image_id: int) -> None:
        self._model.set_current(image_id)
        self.refresh_captions()

    def _current_changed(self, image_id: int) -> None:
        """Somebody chose another image: an undo, a list. It comes beside the champion and takes the frame."""
        if not self.active or image_id < 0 or image_id == self._view.framed_id:
            return
        side = 1 - self._view.frame
        if self._view.ids[side] != image_id:
            self._view.put(side, image_id)
            self._load()
        self._view.set_frame(side)

    # -- showing -----------------------------------------------------------------------------------

    def shows(self, image_id: int) -> bool:
        """Whether the image itself is on screen by now."""
        pane = self._view.pane_of(image_id)
        return pane is not None and pane.shown == image_id

    def reload(self, changed: set[int]) -> None:
        """Files changed."""
        if self.active and changed & set(self._view.ids):
            self._load()

    def refresh_captions(self) -> None:
        """Names and numbers below the two."""
        for pane, image_id in zip(self._view.panes, self._view.ids, strict=True):
            known = self._model.row(image_id) >= 0
            pane.set_caption(*(self._caption(image_id) if known else ("", "")))

    def _load(self) -> None:
        self.refresh_captions()
        wanted = [i for i in (self._view.framed_id, self._view.other_id) if self._model.row(i) >= 0]
        self._loader.load_all([(i, self._path(i)) for i in wanted])
        ahead = [self._neighbour(self._view.other_id, by, without=self._view.framed_id) for by in (1, 2, -1)]
        self._loader.prefetch([(i, self._path(i)) for i in dict.fromkeys(ahead) if i >= 0 and i not in wanted])

    def _path(self, image_id: int) -> Path:
        return Path(str(self._model.columns.path[self._model.row(image_id)]))
