"""A figure drawn again for a slide: in the box that its slide has for it, so that the last row can read its text.

A deck is 1280 pixels by 720. tools/layout.py says how much of that is left for a cell's figure, and LRCORE_BOX
in the environment hands it on as "1168x540".
"""

import base64
import itertools
import os
import re
import textwrap

import numpy as np
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, LogFormatterSciNotation

KIND = "application/x-slide+json"  # the kind of output that a deck looks for
PANELS = (820, 270)  # CSS pixels for an instrument's panels beside one another
SMALLEST = 23  # pixels of 720; the course asks for 22
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
TOUCH = 8  # pixels that names below an axis need between them
POINTS = 12  # of the style sheet: what is smaller is brought up to it
STRETCH = 1.6, 2.2  # how much wider or higher than its own proportions a figure may be, to fill the box


def box():
    """(width, height) of the box that the slide has for this cell's figure, or None: no deck is being built."""
    asked = os.environ.get("LRCORE_BOX")
    return tuple(map(int, asked.split("x"))) if asked else None


def pictured(figure, room, png, dpi):
    """The figure as a deck's output: its PNG (base64), its size there, and its smallest text, in pixels."""
    before = figure.get_size_inches()
    for text in figure.findobj(Text):
        text.set_size(max(text.get_size(), POINTS))
    wide, high = (side * POINTS * dpi / 72 / SMALLEST for side in room)
    ratio = before[0] / before[1]
    if wide / high > ratio:
        wide = min(wide, high * ratio * STRETCH[0])
    else:
        high = min(high, wide / ratio * STRETCH[1])
    figure.set_size_inches(wide / dpi, high / dpi)
    for ax in figure.axes:
        ax._left_title.set_text(" ".join(ax.get_title(loc="left").split()))  # broken for a notebook's width
        for axis in (ax.xaxis, ax.yaxis):
            if isinstance(axis.get_major_formatter(), LogFormatterSciNotation):  # its exponents are small
                axis.set_major_formatter(decade)
    apart(figure)
    drawn = base64.b64encode(png(figure, broken_up=balanced)).decode("ascii")
    figure.set_size_inches(before)
    return {"png": drawn, "width": round(wide), "height": round(high), "text": smallest(figure) * dpi / 72}


def decade(x, _=None):
    """A decade of a log axis as a plain number, 0.01, and far away as 10⁻⁶."""
    return f"{x:g}" if 9e-4 < x < 2e4 else "10" + f"{round(np.log10(x))}".translate(RAISED)


def balanced(text, letters):
    """The text in as few lines of so many letters as it takes, all about as long; (1, 2) and 3 of 4 stay whole."""
    text = re.sub(r"\([^)]*\)|\d+ of \d+| [=→×] (?=[\d−(])", lambda found: found[0].replace(" ", "\u00a0"), text)
    ways = [textwrap.wrap(text, k, break_long_words=False) for k in range(1, letters + 1)]
    return next(lines for lines in ways if len(lines) == len(ways[-1]))


def apart(figure):
    """Where names below an axis would touch, every other one goes down a line."""
    chosen = [ax for ax in figure.axes if isinstance(ax.xaxis.get_major_locator(), FixedLocator)]
    for _ in range(2 * bool(chosen)):  # the second time it settles
        figure.get_layout_engine().execute(figure)
    for ax in chosen:
        boxes = [name.get_window_extent() for name in ax.get_xticklabels() if name.get_text().strip()]
        if any(b.x0 - a.x1 < TOUCH for a, b in itertools.pairwise(boxes)):
            texts = [name.get_text() for name in ax.get_xticklabels()]
            ax.set_xticks(ax.get_xticks(), ["\n" * (k % 2) + text for k, text in enumerate(texts)])


def smallest(figure):
    """The smallest text that is drawn on a figure, in points."""
    return min((t.get_size() for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()), default=POINTS)


def panels(sizes):
    """The sizes of an instrument's panels; smaller for a deck or page where a slide could not show their text large."""
    if os.environ.get("LRCORE_FACE") != "static":
        return sizes
    sizes = [(width * min(1, PANELS[1] / height), min(height, PANELS[1])) for width, height in sizes]
    scale = min(1, PANELS[0] / sum(width for width, _ in sizes))
    return [(round(width * scale), height) for width, height in sizes]
