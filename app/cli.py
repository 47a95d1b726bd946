"""`fiqa`: the engine's commands and `labels`. Needs no window and imports no Qt."""

from __future__ import annotations

import sys

import typer

from app.labels_cli import labels_app
from engine import cli


def complete_app() -> typer.Typer:
    """Every command of `fiqa`."""
    if "labels" not in {group.name for group in cli.app.registered_groups}:
        cli.app.add_typer(labels_app, name="labels", help="Bring labels into a library, or take them out.")
    return cli.app


def main() -> int:
    """Run a command; returns its exit status."""
    complete_app()
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
