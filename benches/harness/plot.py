"""Plots of how cost grows, as SVG: legible on light and on dark ground, no script, no fonts of its own."""

import math

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 380, 250, 62, 34, 42
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 13px; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .axis { stroke: #59636e; stroke-width: 1; }
  .line { fill: none; stroke-width: 2; }
  .ground { fill: #ffffff; }
  .c0 { stroke: #0969da; fill: #0969da; } .c1 { stroke: #bc4c00; fill: #bc4c00; }
  .c2 { stroke: #1a7f37; fill: #1a7f37; } .c3 { stroke: #8250df; fill: #8250df; }
  .line.c0, .line.c1, .line.c2, .line.c3 { fill: none; }
  text.c0, text.c1, text.c2, text.c3 { stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .ground { fill: #0d1117; } .grid { stroke: #3d444d; } .axis { stroke: #9198a1; }
    .c0 { stroke: #58a6ff; fill: #58a6ff; } .c1 { stroke: #f0883e; fill: #f0883e; }
    .c2 { stroke: #3fb950; fill: #3fb950; } .c3 { stroke: #bc8cff; fill: #bc8cff; }
  }
"""
#: Each series has a mark of its own: colour alone says nothing to some readers.
MARKS = (
    lambda x, y, c: f'<circle class="{c}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
    lambda x, y, c: f'<rect class="{c}" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>',
    lambda x, y, c: f'<path class="{c}" d="M{x:.1f} {y - 5:.1f}l5 9h-10z"/>',
    lambda x, y, c: f'<path class="{c}" d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z"/>',
)


def decades(values):
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def number(value):
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def panel(index, title, unit, series):
    """One plot with both axes logarithmic: what grows with the phones is a straight line."""
    series = {name: sorted(points) for name, points in series.items() if points}
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    (x0, x1), (y0, y1) = decades(xs), decades(ys)
    x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
    at = index * WIDTH
    right, low = at + WIDTH - 30, HEIGHT - BOTTOM

    def place(x, y):
        across = (math.log10(x) - x0) / (x1 - x0)
        up = (math.log10(y) - y0) / (y1 - y0)
        return at + LEFT + across * (right - at - LEFT), low - up * (low - TOP)

    parts = [f'<text class="title" x="{at + LEFT}" y="20">{title}</text>']
    for exponent in range(y0, y1 + 1):
        _, y = place(10**x0, 10**exponent)
        parts.append(f'<line class="grid" x1="{at + LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        label = f"{number(10**exponent)} {unit}"
        parts.append(f'<text x="{at + LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    for exponent in range(x0, x1 + 1):
        x, _ = place(10**exponent, 10**y0)
        parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{low}" y2="{low + 4}"/>')
        parts.append(f'<text x="{x:.1f}" y="{low + 18}" text-anchor="middle">{number(10**exponent)}</text>')
    parts.append(f'<line class="axis" x1="{at + LEFT}" x2="{right}" y1="{low}" y2="{low}"/>')
    parts.append(f'<text x="{(at + LEFT + right) / 2:.1f}" y="{low + 35}" text-anchor="middle">phones</text>')
    for order, points in enumerate(series.values()):
        colour = f"c{order}"
        places = [place(x, y) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline class="line {colour}" points="{path}"/>')
        parts += [MARKS[order](x, y, colour) for x, y in places]
    return "\n".join(parts)


def svg(panels):
    """`panels` are (title, unit, {series: [(phones, value)]}); the series are the same in all."""
    names = list(dict.fromkeys(name for *_, series in panels for name in series))
    drawn = [
        panel(index, title, unit, {name: series.get(name, []) for name in names})
        for index, (title, unit, series) in enumerate(panels)
    ]
    legend, at = [], LEFT
    for order, name in enumerate(names):
        legend.append(MARKS[order](at, HEIGHT + 12, f"c{order}"))
        legend.append(f'<text x="{at + 10}" y="{HEIGHT + 16}">{name}</text>')
        at += 30 + 8 * len(name)
    width, height = WIDTH * len(panels), HEIGHT + 28
    label = "; ".join(title for title, *_ in panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">\n'
        f"<style>{STYLE}</style>\n"
        f'<rect class="ground" width="{width}" height="{height}" rx="6"/>\n' + "\n".join([*drawn, *legend]) + "\n</svg>\n"
    )
