"""What is wrong with a filter, and where."""

from __future__ import annotations

from engine.errors import UserError


class QueryError(UserError):
    """A filter that cannot be understood: `position` and `length` are the characters that the message is about."""

    def __init__(self, message: str, position: int, length: int = 1, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.position = position
        self.length = max(1, length)
