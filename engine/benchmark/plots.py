"""Small plots as inline SVG: no library, no script, readable in light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import floor, log10
from typing import Final

WIDTH: Final = 360
HEIGHT: Final = 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 28, 40
_TICKS: Final = 4
_LETTER: Final = 5.6
"""Mean width of a letter of a label, rather too large."""
_LINE: Final = 11
_FAR: Final = 0.25
"""Beyond the middle 98 % of the marks, by how much of their range one may lie and still be drawn in its place."""


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
    """Hollow."""


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


def gathered(points: Sequence[Point]) -> tuple[list[Point], int]:
    """The points with those far from the others in x drawn hollow at the nearer edge, and how many these are.

    One score of -300 among others around -10 would press all of these into a line.
    """
    if not points:
        return [], 0
    seen = sorted(p.x for p in points)
    last = len(seen) - 1
    low, high = seen[round(0.01 * last)], seen[round(0.99 * last)]
    room = _FAR * (high - low)
    left, right = max(seen[0], low - room), min(seen[-1], high + room)
    moved = [p if left <= p.x <= right else replace(p, x=min(max(p.x, left), right), faint=True) for p in points]
    return moved, sum(p.faint for p in moved) - sum(p.faint for p in points)


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
        *_labels(points, xs, ys, radius),
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
    return "".join([*parts, "</g>"])


def _labels(points: Sequence[Point], xs: Axis, ys: Axis, radius: float) -> Iterator[str]:
    """Each label beside its mark, where it covers no mark and no other label if there is such a place."""
    named = [p for p in points if p.label]
    taken = [_Box(xs(p.x) - radius, ys(p.y) - radius, xs(p.x) + radius, ys(p.y) + radius) for p in named]
    for point in named:
        box = min(_places(point, xs, ys, radius), key=lambda b: sum(b.shared(other) for other in taken))
        taken.append(box)
        yield f'<text class="tick" x="{box.left:.1f}" y="{box.bottom - 2:.1f}">{escape(point.label)}</text>'


def _places(point: Point, xs: Axis, ys: Axis, radius: float) -> Iterator[_Box]:
    """Where a label may stand, the best first: right or left of its mark, a little above, below, further away."""
    x, y, wide = xs(point.x), ys(point.y), _LETTER * len(point.label)
    for lines in (0.5, -0.5, 1.4, -1.4, 2.3, -2.3):
        for left in (x + radius + 3, x - radius - 3 - wide):
            top = y - _LINE / 2 - lines * _LINE
            if left >= _LEFT and left + wide <= WIDTH and top >= _TOP and top + _LINE <= HEIGHT - _BOTTOM:
                yield _Box(left, top, left + wide, top + _LINE)
    yield _Box(max(_LEFT, min(x, WIDTH - wide)), y, max(_LEFT, min(x, WIDTH - wide)) + wide, y + _LINE)


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: _Box) -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, wide) * max(0.0, tall)
