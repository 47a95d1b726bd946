"""`fiqa benchmark`: the paper's tables on the user's own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer

from engine import console, exit_status
from engine.cli._app import app, settings_of
from engine.recipes import Recipe


@app.command()
def benchmark(
    manifest_file: Annotated[Path, typer.Argument(metavar="MANIFEST", help="Labels in splits train, val, cal, test.")],
    out: Annotated[Path, typer.Option(help="Folder for table, report, runs; the same one goes on.")],
    systems: Annotated[str, typer.Option(help="Only these, by comma; floors always stand with them.")] = "",
    table: Annotated[int, typer.Option(min=1, max=3, help="1 all systems, 2 pseudo-labels, 3 resolutions.")] = 1,
    recipe: Annotated[str, typer.Option(help="Of teacher and student: a name or a TOML file.")] = "paper",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="system.key=value (musiq.epochs=3), or a key of the recipe; may repeat."),
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Parallel images; 0 = one per core.")] = 0,
) -> int:
    """Compare systems on the test split: fitted on train, chosen on val; interrupted, it goes on where it was."""
    from engine import manifest, recipes
    from engine.benchmark import comparison
    from engine.benchmark import systems as rows
    from engine.benchmark.context import Context

    ours, theirs = _parted(settings_of(settings or []))
    main = recipes.load(recipe).with_values(ours)
    chosen = rows.choose(rows.told(rows.rows(table, main), theirs), systems.split(","))
    context = Context(
        out=out.resolve(),
        manifest=manifest.read(manifest_file),
        recipe=main,
        workers=workers,
        seed=main.seed,
        events=_Watcher(),
        say=console.say,
    )
    results = comparison.compare(chosen, context, number=table)
    print((out / "table.md").read_text(encoding="utf-8"))
    console.say(f"Written: {out / 'table.md'}, {out / 'report.html'}, {out / 'results.json'}.")
    return exit_status.SOME_FAILED if any(entry["reason"] for entry in results["systems"]) else exit_status.DONE


def _parted(settings: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Settings of the main recipe, and those of single systems."""
    names = {f.name for f in fields(Recipe)}
    ours = {key: value for key, value in settings.items() if key.partition(".")[0] in names}
    return ours, {key: value for key, value in settings.items() if key not in ours}


class _Watcher:
    """Says which system is at work, and how far it is."""

    def __init__(self) -> None:
        from engine.baselines.progress import Spoken

        self._spoken = Spoken(console.say)

    def __call__(self, type_: str, fields: Mapping[str, Any]) -> None:
        if type_ == "system":
            console.say(f"[{fields['done'] + 1}/{fields['total']}] {fields['system']}")
        elif type_ == "cached":
            console.say(f"    {fields['system']}: kept from before.")
        else:
            self._spoken(type_, fields)
