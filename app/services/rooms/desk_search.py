"""The desk's room for finding images: the filter language and the views."""

from __future__ import annotations

from collections.abc import Callable

from app.library import models, people, views
from app.library.columns import Columns
from app.library.query import Candidate, Context, Predicate, compile_query, complete, load_context
from app.library.query.complete import vocabulary
from app.library.views import NamedView
from app.services.rooms.desk_core import DeskCore


class Searching(DeskCore):
    """Filters are understood at once; what they need beyond the columns is read on a worker thread."""

    def compile_query(self, text: str) -> Predicate:
        """Understand a filter; numbers are on the library's scale.

        Raises:
            QueryError: says which characters are wrong, and why.
        """
        return compile_query(text, self.library.display_scale)

    def query_context(
        self, predicate: Predicate, done: Callable[[Context], None], failed: Callable[[str], None] | None = None
    ) -> None:
        """What the filter asks beyond the columns: `done(context)`, before this returns where it needs nothing.

        It is a picture of the moment: read it anew before the filter is applied again.
        """
        if not predicate.needs:
            done(Context(me=self.rater.name))
            return
        self._background(load_context, self.library, predicate.needs, self.rater.name, done=done, failed=failed)

    def complete_query(self, text: str, cursor: int, columns: Columns) -> list[Candidate]:
        """How the filter may go on at the cursor."""
        raters = [rater.name for rater in people.raters(self.library)]
        names = [model.name for model in models.all_models(self.library)]
        return complete(text, cursor, vocabulary(columns, raters, names))

    # -- views ---------------------------------------------------------------------------------------

    def standing_views(self) -> list[NamedView]:
        """The views that are always there; the window translates their names."""
        return list(views.STANDING)

    def saved_views(self) -> list[NamedView]:
        """The views that somebody saved, by name."""
        return views.saved(self.library)

    def save_view(self, name: str, query: str, sort: str = "", descending: bool = True) -> None:
        """Keep a filter and a sort under a name; one of the same name is replaced."""
        self._keep(views.save, NamedView(name, query, sort, descending))

    def rename_view(self, name: str, to: str) -> None:
        """Give a saved view another name."""
        self._keep(views.rename, name, to)

    def delete_view(self, name: str) -> None:
        """Remove a saved view."""
        self._keep(views.delete, name)

    def _keep(self, change: Callable[..., None], *args: object) -> None:
        self.writer.submit(change, self.library, *args, on_done=lambda _none: self.views_ready.emit(self.saved_views()))
