"""The report as one self-contained HTML page: table, plots as inline SVG, words. No script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from math import isfinite
from typing import Any, Final

from engine.benchmark import words
from engine.benchmark.plots import Point, gathered, scatter

_MOST_POINTS: Final = 2_000
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d2129; --soft: #5b6472; --line: #d9dde3; --paper: #ffffff; --mark: #1f6fb2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --soft: #9aa4b2; --line: #3a4048; --paper: #16191d; --mark: #6fb3ef; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; white-space: nowrap; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th { color: var(--soft); font-weight: 600; white-space: normal; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); }
.words { text-align: left; } td.words { white-space: normal; min-width: 6rem; }
td small { display: block; font-size: 11px; color: var(--soft); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(340px, 1fr)); gap: 1rem; }
svg { width: 100%; max-width: 30rem; height: auto; } svg .title { font-size: 13px; font-weight: 600; fill: var(--ink); }
svg .tick { font-size: 10px; fill: var(--soft); } svg .name { font-size: 11px; fill: var(--soft); }
svg .grid { stroke: var(--line); stroke-width: .6; } svg .whisker { stroke: var(--mark); stroke-width: 1.2; }
svg circle { fill: var(--mark); fill-opacity: .55; } svg .faint circle { fill: none; stroke: var(--mark); }
.small { color: var(--soft); font-size: 13px; }
@media print {
  @page { size: A4 landscape; margin: 10mm; }
  body { margin: 0; font-size: 9pt; } .small { font-size: 7pt; }
  table { font-size: 6.5pt; } td small { font-size: 5.5pt; }
  th, td { padding: 2pt 3pt; } .wide { overflow: visible; } td.words { min-width: 0; }
  .plots { grid-template-columns: repeat(3, 1fr); } svg, tr { break-inside: avoid; } h2 { break-after: avoid; }
}
"""


def html(results: Mapping[str, Any]) -> str:
    """`report.html`."""
    title = words.TITLES[results["table"]]
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>
<style>{_STYLE}</style></head>
<body>
<h1>{escape(title)}</h1>
{_paragraphs(words.labels(results))}
<div class="wide">{_table(results)}</div>
{_paragraphs(["A pointer over a dash reads why there is no number.", *words.footnotes(results)], "small")}
<h2>In words</h2>
{_list(words.order(results))}
<h2>Agreement against cost</h2>
{_paragraphs(_about_cost(results), "small")}
<div class="plots">{_cost(results)}</div>
<h2>Score against label</h2>
{_paragraphs(_how_many(results), "small")}
<div class="plots">{_scatters(results)}</div>
<h2>Remarks</h2>
{_list(words.remarks(results))}
<h2>Origin</h2>
{_list(words.origin(results))}
</body>
</html>
"""


def _paragraphs(lines: Iterable[str], kind: str = "") -> str:
    opening = f'<p class="{kind}">' if kind else "<p>"
    return opening + "<br>\n".join(map(escape, lines)) + "</p>"


def _list(lines: Iterable[str]) -> str:
    return "<ul>\n" + "\n".join(f"<li>{escape(line)}</li>" for line in lines) + "\n</ul>"


def _table(results: Mapping[str, Any]) -> str:
    columns = zip(words.NAMES, words.COLUMNS, strict=True)
    head = "".join(f'<th scope="col"{_kind(name)}>{escape(title)}</th>' for name, title in columns)
    rows = "\n".join(_row(entry) for entry in results["systems"])
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"


def _row(entry: Mapping[str, Any]) -> str:
    cells = zip(words.NAMES, words.cells(entry), strict=True)
    return "<tr>" + "".join(_cell(name, cell, words.why_dash(entry, name)) for name, cell in cells) + "</tr>"


def _cell(name: str, text: str, why: str) -> str:
    """An interval stands below its value, so that the table is no wider than a screen."""
    told = f' title="{escape(why)}" aria-label="{escape(f"none: {why}")}"' if why else ""
    value, bracket, rest = text.partition(" [")
    interval = f" <small>{escape(bracket.strip() + rest)}</small>" if bracket and name not in ("title", "size") else ""
    return f"<td{_kind(name)}{told}>{escape(value if interval else text)}{interval}</td>"


def _kind(name: str) -> str:
    return ' class="words"' if name in ("size", "init") else ""


def _about_cost(results: Mapping[str, Any]) -> list[str]:
    lines = ["Bars are 95 % intervals; hollow marks did not converge."]
    if none := [e["title"] for e in words.ran(results) if not e["gmacs"]]:
        lines.append(f"No networks, so without GMACs: {', '.join(none)}.")
    return lines


def _cost(results: Mapping[str, Any]) -> str:
    pictures = [
        _against(results, "gmacs", "GMACs (the paper's GFLOPs)", "SRCC against GMACs"),
        _against(results, "file_ms", "ms from file to score, one thread", "SRCC against latency"),
    ]
    return "\n".join(pictures)


def _against(results: Mapping[str, Any], cost: str, name: str, title: str) -> str:
    points = []
    for entry in words.ran(results):
        found, price = entry["numbers"]["srcc"], entry[cost]
        if price and isfinite(found["value"]):
            known = isfinite(found["low"])
            low, high = (found["low"], found["high"]) if known else (None, None)
            said = f"{entry['title']}: SRCC {words.with_interval(found)}, {price:.4g} {name}"
            hollow = not entry["numbers"]["converged"]
            points.append(Point(price, found["value"], said, entry["title"], low, high, hollow))
    return scatter(points, title=title, x=name, y="SRCC", log_x=True, radius=4)


def _step(results: Mapping[str, Any]) -> int:
    return -(-len(results["points"]["mos"]) // _MOST_POINTS)


def _how_many(results: Mapping[str, Any]) -> list[str]:
    step = _step(results)
    whole = "Every image of split test." if step <= 1 else f"One image of split test in {step}."
    return [
        f"{whole} A pointer over a mark reads the file's name; where the axis says so, hollow marks at the edge lie "
        "further out."
    ]


def _scatters(results: Mapping[str, Any]) -> str:
    return "\n".join(_scatter(results, entry) for entry in words.ran(results) if entry["key"] != "constant")


def _scatter(results: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    marks, outside = gathered(_marks(results["points"], entry["key"], _step(results)))
    x = f"score ({outside} further out)" if outside else "score"
    return scatter(marks, title=_caption(entry), x=x, y="label")


def _caption(entry: Mapping[str, Any]) -> str:
    return f"{entry['title']}, SRCC {words.number(entry['numbers']['srcc']['value'])}"


def _marks(given: Mapping[str, Any], key: str, step: int) -> list[Point]:
    rows = list(zip(given["names"], given["mos"], given["scores"][key], strict=True))[:: max(step, 1)]
    seen = [(name, mos, score) for name, mos, score in rows if score is not None]
    return [Point(score, mos, f"{name}: score {score:.4g}, label {mos:.4g}") for name, mos, score in seen]
