"""Filter box, views, folders and sort: what the person asks for becomes the gallery's query."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog

from app.library.changes import Changes
from app.library.columns import FACTORS
from app.library.query import Context, QueryError, rescaled
from app.library.views import NamedView
from app.services.view_counts import ViewCounter
from app.ui import scale
from app.ui.gallery.filtering import Query
from app.ui.rating.blind import tells

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Browsing(QObject):
    """One window's filters."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk, self._model = window, window.desk, window.model
        self._bar, self._side = window.central.bar, window.side
        self.counter = ViewCounter(self._desk.library, self)
        self.counter.counted.connect(self._side.views.show_counts)
        self._pending: Query | None = None  # asked for, while its context is being read
        self._model.display_scale = self._desk.library.display_scale
        self._bar.box.complete = lambda text, at: self._desk.complete_query(text, at, self._model.columns)
        self._connect()
        self._show_views(self._desk.saved_views())

    def _connect(self) -> None:
        bar, side, views = self._bar, self._side, self._side.views
        for source in (bar.query_changed, side.query_changed):
            source.connect(lambda changes: self.ask(**changes))
        bar.resort_requested.connect(self.refresh)
        bar.box.left.connect(self._window.central.focus_images)
        bar.save_requested.connect(self.save_view)
        views.chosen.connect(self.choose_view)
        views.rename_requested.connect(self._desk.rename_view)
        views.delete_requested.connect(self._desk.delete_view)
        self._desk.views_ready.connect(self._show_views)
        self._desk.changed.connect(self._written)
        self._desk.rater_changed.connect(lambda _name: self._follow_rater())
        actions = self._window.actions_
        actions["find"].triggered.connect(bar.focus_search)
        actions["save_view"].triggered.connect(self.save_view)
        actions["resort"].triggered.connect(self.refresh)

    # -- asking ------------------------------------------------------------------------------------

    def ask(self, **changes: Any) -> None:
        """Change the query, e.g. `ask(text="mos:<0.3")`. One that cannot be understood is told, and nothing changes."""
        wanted = replace(self._pending or self._model.query, **changes)
        try:
            self._desk.compile_query(wanted.text)
            predicate = self._desk.compile_query(wanted.filter)
        except QueryError as error:
            self._bar.show_error(error)
            return
        if self._desk.blind and tells(predicate.tree):
            self._bar.tell(self.tr("Blind mode: a filter by scores or labels would tell them."))
            return
        self._bar.show_error(None)
        if wanted.sort in FACTORS or any(f"{name}:" in wanted.filter for name in FACTORS):
            self._desk.factors.start()  # measured once somebody asks for them
        self._pending = wanted

        def apply(context: Context) -> None:
            if wanted is self._pending:
                self._pending = None
                self._model.context = context
                self._model.set_query(**vars(wanted))

        def fail(text: str) -> None:
            self._pending = None
            self._bar.tell(text)

        self._desk.query_context(predicate, apply, fail)

    def refresh(self) -> None:
        """Put everything in its place, with what the filter needs read anew."""
        predicate = self._desk.compile_query(self._model.query.filter)

        def apply(context: Context) -> None:
            self._model.context = context
            self._model.resort()

        self._desk.query_context(predicate, apply, self._bar.tell)

    def show_nothing_telling(self) -> None:
        """Blind: random order, and away with what filters by scores or labels."""
        query = self._model.query
        if tells(self._desk.compile_query(query.filter).tree):
            self._side.views.choose("All")
            self._bar.box.show_text("")
            query = replace(query, view="", text="")
        self._side.histogram.reset()
        self.ask(view=query.view, text=query.text, low=None, high=None, sort="random", descending=False)

    def clear(self) -> None:
        """Back to every image; the sort stays."""
        query = self._model.query
        self._side.clear()
        self._bar.box.show_text("")
        self._bar.show_error(None)
        self.ask(**vars(Query(sort=query.sort, descending=query.descending)))

    def follow_scale(self) -> None:
        """The numbers of filters are on the library's scale: they are written anew on the one that it has now."""
        before, now = self._model.display_scale, self._desk.library.display_scale
        query = self._model.query
        self._model.display_scale = now
        own = self._desk.not_as_mos()
        self._model.query = replace(
            query,
            view=rescaled(query.view, before, now, not_as_mos=own),
            text=rescaled(query.text, before, now, not_as_mos=own),
        )
        self._bar.box.show_text(self._model.query.text)
        self.refresh()
        self._show_views(self._desk.saved_views())

    # -- views -------------------------------------------------------------------------------------

    def choose_view(self, view: NamedView) -> None:
        """Show a view; it brings its own sort if it has one."""
        changes: dict[str, Any] = {"view": view.query}
        if view.sort and not self._desk.blind:
            changes |= {"sort": view.sort, "descending": view.descending}
        self.ask(**changes)

    def save_view(self) -> QInputDialog:
        """Ask for a name and keep filter, score range and sort under it."""
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Save this view"))
        dialog.setLabelText(
            self.tr("Name for the filter '{0}'").format(self.present_filter() or self.tr("every image"))
        )
        dialog.textValueSelected.connect(self._save)
        dialog.open()
        return dialog

    def present_filter(self) -> str:
        """View, text and histogram range as one filter."""
        query = self._model.query
        as_percentiles = bool(self._model.reference)
        name = "percentile" if as_percentiles else "score"
        parts = [query.filter] if query.filter else []
        for sign, end in ((">=", query.low), ("<=", query.high)):
            if end is not None:
                parts.append(f"{name}:{sign}{100 * end if as_percentiles else scale.current().shown(end):.4g}")
        return " ".join(f"({part})" if " " in part and len(parts) > 1 else part for part in parts)

    def _save(self, name: str) -> None:
        query = self._model.query
        self._desk.save_view(name, self.present_filter(), query.sort, query.descending)

    def _show_views(self, saved: list[NamedView]) -> None:
        self._views = [*self._desk.standing_views(), *saved]
        self._side.views.show_views(self._desk.standing_views(), saved)
        self.count()

    def count(self) -> None:
        """Count the views anew."""
        self.counter.count(self._model.columns, self._views, self._desk.rater.name)

    def _written(self, changes: Changes) -> None:
        """Labels change what 'rated by me' means: rows fade by what is so now, though none goes before a refresh."""
        predicate = self._desk.compile_query(self._model.query.filter)
        if predicate.needs and (changes.labels or changes.everything):
            self._desk.query_context(predicate, self._renew, self._bar.tell)

    def _follow_rater(self) -> None:
        """'Me' is somebody else: what asks for it is asked anew."""
        self.count()
        if self._pending is not None:
            self.ask()
        elif "rater" in self._desk.compile_query(self._model.query.filter).needs:
            self.refresh()

    def _renew(self, context: Context) -> None:
        self._model.context = context
