"""Small plots as inline SVG: no library, no script, readable in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import floor, log10
from typing import Final

WIDTH: Final = 360
HEIGHT: Final = 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 28, 40
_TICKS: Final = 4


@dataclass(frozen=True)
class Point:
    """One mark. A pointer over it reads `title`; `label` stands beside it; `low` and `high` are a whisker in y."""

    x: float
    y: float
    title: str
    label: str = ""
    low: float | None = None
    high: float | None = None
    faint: bool = False


@dataclass(frozen=True)
class Axis:
    """From values to pixels."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        value = log10(value) if self.log else value
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round values inside, in the axis's own scale."""
        if self.log:
            steps = (1, 2, 5) if self.high - self.low < 2 else (1,)
            powers = range(floor(self.low), floor(self.high) + 1)
            return [s * 10.0**k for k in powers for s in steps if self.low <= log10(s * 10.0**k) <= self.high]
        step = _round_step((self.high - self.low) / _TICKS)
        first = -(-self.low // step)
        return [(first + k) * step for k in range(int((self.high - first * step) / step + 1e-9) + 1)]


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough - 1e-12)


def _axis(values: Sequence[float], start: float, end: float, *, log: bool = False) -> Axis:
    seen = [log10(v) for v in values] if log else list(values)
    low, high = min(seen), max(seen)
    room = 0.06 * (high - low) or (0.5 if log else max(0.05, abs(high) * 0.05))
    return Axis(low - room, high + room, start, end, log)


def scatter(points: Sequence[Point], *, title: str, x: str, y: str, log_x: bool = False, radius: float = 2.2) -> str:
    """An SVG picture of points; a sentence where there are none."""
    if not points:
        return f'<p class="none">{escape(title)}: there is nothing to draw.</p>'
    xs = _axis([p.x for p in points], _LEFT, WIDTH - _RIGHT, log=log_x)
    tall = [v for p in points for v in (p.y, p.low, p.high) if v is not None]
    ys = _axis(tall, HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(f"{title}: {y} against {x}")}">',
        f'<text class="title" x="{_LEFT}" y="16">{escape(title)}</text>',
        *_frame(xs, ys, x, y),
        *(_mark(p, xs, ys, radius) for p in points),
        "</svg>",
    ]
    return "\n".join(parts)


def _frame(xs: Axis, ys: Axis, x: str, y: str) -> list[str]:
    parts = []
    for tick in xs.ticks():
        at = f"{xs(tick):.1f}"
        parts.append(f'<line class="grid" x1="{at}" x2="{at}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}"/>')
        parts.append(f'<text class="tick" x="{at}" y="{HEIGHT - _BOTTOM + 14}" text-anchor="middle">{tick:.3g}</text>')
    for tick in ys.ticks():
        at = f"{ys(tick):.1f}"
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at}" y2="{at}"/>')
        parts.append(f'<text class="tick" x="{_LEFT - 5}" y="{at}" dy="3" text-anchor="end">{tick:.3g}</text>')
    middle, low = (_LEFT + WIDTH - _RIGHT) / 2, (_TOP + HEIGHT - _BOTTOM) / 2
    parts.append(f'<text class="name" x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x)}</text>')
    turned = f'transform="rotate(-90 12 {low})"'
    parts.append(f'<text class="name" x="12" y="{low}" {turned} text-anchor="middle">{escape(y)}</text>')
    return parts


def _mark(point: Point, xs: Axis, ys: Axis, radius: float) -> str:
    x, y = xs(point.x), ys(point.y)
    parts = [f'<g class="{"faint" if point.faint else "point"}"><title>{escape(point.title)}</title>']
    if point.low is not None and point.high is not None:
        parts.append(
            f'<line class="whisker" x1="{x:.1f}" x2="{x:.1f}" y1="{ys(point.low):.1f}" y2="{ys(point.high):.1f}"/>'
        )
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>')
    if point.label:
        anchor, shift = ("end", -radius - 3) if x > WIDTH - 110 else ("start", radius + 3)
        place = f'x="{x + shift:.1f}" y="{y - 4:.1f}" text-anchor="{anchor}"'
        parts.append(f'<text class="tick" {place}>{escape(point.label)}</text>')
    return "".join([*parts, "</g>"])
