"""The two families of errors: what the environment or the input did (told to the person), and our bugs.

Everything that is not a `UserError` is a bug and may surface as a traceback or a crash dialog.
"""

from __future__ import annotations


class UserError(Exception):
    """Something outside the program is wrong; the person who reads it can mend it.

    `message` says what happened in one sentence, `remedy` what to do about it (may be empty).
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()


class Cancelled(Exception):  # noqa: N818 - it is an outcome, not an error
    """The person asked to stop; what was done so far is on disk and can be resumed."""
