"""The models that come with the program, in a library."""

from __future__ import annotations

import resources
from app.library import models
from app.library.library import Library
from engine.bundle import Card, read_bundle
from engine.stated_card import stated_card
from resources import BundledModel


def bring_in(library: Library) -> None:
    """List them in a library; one that has no model in use uses the default one from now on.

    A newer one joins the list of an older library; it is not put to use in silence. One that somebody deleted stays
    away until they add it again, unless the library has no model in use. What the library has already is told by its
    stated id, for this is done at every start and reading a whole model takes a tenth of a second.

    Raises:
        BundleError, LibraryError: one is damaged, or cannot be copied.
    """
    default, *others = resources.BUNDLED.values()
    for bundled in others:
        _brought_in(library, bundled)
    has_none = models.active(library) is None
    model_id = _brought_in(library, default, anyway=has_none)  # last, so that it heads the list of a new library
    if has_none:
        models.activate(library, model_id)


def _brought_in(library: Library, bundled: BundledModel, *, anyway: bool = False) -> str:
    """Its id, once the library has it; `anyway`: also where it was deleted."""
    card = stated_card(bundled.bundle)
    if card is not None and (_has(library, card) or (not anyway and models.was_deleted(library, card.id))):
        return card.id
    return models.register(library, read_bundle(bundled.bundle)).id


def _has(library: Library, card: Card) -> bool:
    """Whether registering it again would change nothing."""
    known = models.find(library, card.id)
    if known is None or not known.path.exists():
        return False
    return bool(known.card.get("percentiles")) or not card.percentiles
