"""What can go wrong with a library from outside, told to the person who can mend it."""

from __future__ import annotations

from engine.errors import UserError


class LibraryError(UserError):
    """The library cannot be opened, read or written; nothing is half-written."""


class LabelValueError(UserError, ValueError):
    """A label outside its range, or for an image that the library does not know; nothing was written."""
