"""From a figure to a picture: the style sheet, the layout, small PNGs."""

import io
import textwrap
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from PIL import Image

DPI = 96  # one pixel of the canvas is one CSS pixel
SHARP = 2  # stored pictures have twice as many, for dense screens and projectors


@cache
def _sheet():
    path = Path(__file__).parents[1] / "lesson.mplstyle"
    return matplotlib.rc_params_from_file(path, use_default_template=False)


@contextmanager
def style():
    """The style sheet, in force inside a `with` block; nothing is changed outside it."""
    if _depth:  # entering costs half a millisecond: once is enough
        yield
        return
    with matplotlib.rc_context(_sheet()):
        _depth.append(1)
        try:
            yield
        finally:
            _depth.clear()


_depth = []


def fit_titles(figure):
    """Lay the figure out, and break titles that reach into a neighbour or past the edge."""
    figure.draw_without_rendering()
    figure.draw_without_rendering()  # the second time it settles
    broken = False
    for ax, room in title_rooms(figure).items():
        title = ax._left_title
        wide = title.get_window_extent().width
        if wide > room:
            broken = True
            text = " ".join(title.get_text().split())
            title.set_text("\n".join(textwrap.wrap(text, max(int(len(text) * room / wide), 12))))
    if broken:
        figure.draw_without_rendering()


def title_rooms(figure):
    """{axes: the width that its title may have, in pixels}, once the figure is laid out."""
    lefts = {ax: ax.get_position().x0 * figure.bbox.width for ax in figure.axes}
    gap = figure.dpi / 2
    ends = {
        ax: min((x - gap for x in lefts.values() if x > left + 1), default=figure.bbox.width - 4)
        for ax, left in lefts.items()
    }
    return {ax: ends[ax] - left for ax, left in lefts.items()}


def png(figure, sharp=SHARP, colours=96):
    """The figure as a small PNG with a palette."""
    with style():
        fit_titles(figure)
        drawn, layout = io.BytesIO(), figure.get_layout_engine()
        figure.set_layout_engine("none")  # it is laid out
        figure.savefig(drawn, format="raw", dpi=DPI * sharp)
        figure.set_layout_engine(layout)
        width, height = (int(side * DPI * sharp) for side in figure.get_size_inches())
    forget_pixels(figure)
    pixels = np.frombuffer(drawn.getvalue(), np.uint8).reshape(height, width, 4)
    return packed(pixels, colours)


def forget_pixels(figure):
    """Let go of what a figure was drawn on, up to 9 MB: IPython keeps each figure that a cell has shown."""
    FigureCanvasAgg(figure)  # takes the old canvas's place
    for text in figure.findobj(Text):
        text._renderer = None  # Matplotlib's memo of the last one; it comes back when the text is drawn


def packed(pixels, colours=64):
    """RGBA pixels (h, w, 4) as PNG bytes, with a palette of so many colours."""
    image = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    image = image.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    image.save(file, "png", optimize=True)
    return file.getvalue()
