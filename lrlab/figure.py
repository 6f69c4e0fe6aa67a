"""Figures: the style sheet, axes that show themselves with a text alternative, panels, tables, numbers in words.

style     the style sheet, in force inside a `with` block, on Matplotlib's own defaults
new, panels   axes of a figure, in CSS pixels        drawing   makes a drawing function of draw(…, ax)
still     one run on a view, without an explorer     tell      title, text alternative, names of the axes
table     numbers in rows                            number    a number in words of a few digits
"""

import base64
import inspect
import io
import textwrap
from contextlib import contextmanager
from functools import cache, partial, wraps
from html import escape
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from . import alternatives, slide

DPI = 96  # one pixel of the canvas is one CSS pixel
SHARP = 2  # stored pictures have twice as many, for dense screens and projectors
OTHERS = {"backend", "backend_fallback", "interactive", "toolbar"}  # how a user works, not how a figure looks


@cache
def _sheet():
    """All settings: Matplotlib's defaults, so that nobody's matplotlibrc comes through, and our sheet on them."""
    own = matplotlib.rc_params_from_file(Path(__file__).with_name("lesson.mplstyle"), use_default_template=False)
    return {name: v for name, v in {**matplotlib.rcParamsDefault, **own}.items() if name not in OTHERS}


@contextmanager
def style():
    """The style sheet, in force inside a `with` block; nothing is changed outside it."""
    if _depth:  # entering costs some milliseconds: once is enough
        yield
        return
    with matplotlib.rc_context(_sheet()):
        _depth.append(1)
        try:
            yield
        finally:
            _depth.clear()


_depth = []


class Showing:
    """What shows itself in a notebook: picture and text alternative."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        figure = self.figure
        text = alternative(figure)
        width, height = (round(side * DPI) for side in figure.get_size_inches())
        picture = base64.b64encode(png(figure)).decode("ascii")
        size = {"width": width, "height": height, "alt": text}
        alternatives.tell(picture, text)
        data = {"image/png": picture, "text/plain": text}
        if room := slide.box():
            data[slide.KIND] = slide.pictured(figure, room, png, DPI)
        return data, {"image/png": size}


class LessonAxes(Showing, Axes):
    """Axes with a text alternative, `alt`; showing one shows its whole figure."""

    name = "lesson"
    alt = ""


class Panels(Showing, tuple):
    """The axes of one figure, row by row."""

    @property
    def figure(self):
        return self[0].figure

    def __repr__(self):  # IPython would print a tuple's items
        return alternative(self.figure)


def panels(columns, rows=1, *, size=None, share=False, heights=None):
    """Axes side by side in one figure, row by row; size in CSS pixels, share=True for common limits."""
    wide, high = min(720 + 240 * (columns - 1), 1080), 400 if rows == 1 else 320 * rows
    width, height = size or (wide, high)
    with style():
        figure = Figure((width / DPI, height / DPI), dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots(
            rows,
            columns,
            squeeze=False,
            sharex=share,
            sharey=share,
            subplot_kw={"axes_class": LessonAxes},
            gridspec_kw={"height_ratios": heights},
        )
    return Panels(axes.flat)


def new(size=(720, 400)):
    """Axes of a new figure; size in CSS pixels."""
    return panels(1, size=size)[0]


def still(views, run, runs=None, size=None, **shows):
    """One run on a view, or on several beside one another: what an explorer shows at that run, as a picture.

    view(ax, runs, **shows) draws what stands still for all runs, and returns show(run), which moves the rest
    and returns the text alternative. Without `runs`, the scenery is made for this run alone.
    """
    views = views if isinstance(views, (tuple, list)) else (views,)
    axes = panels(len(views), size=size or (sum(panel_size(len(views), v)[0] for v in views), 380))
    with style():
        for view, ax in zip(views, axes, strict=True):
            show = view(ax, run if runs is None else runs, **taken(view, shows))
            ax.alt = show(run)
    return axes if len(views) > 1 else axes[0]


def panel_size(count, view=None):
    """Width and height of one of `count` panels in CSS pixels: on a slide its text has 22 pixels of 720."""
    return getattr(view, "size", {1: (600, 300), 2: (420, 290)}.get(count, (280, 265)))


def taken(view, shows):
    """Those of the settings in `shows` that a view takes."""
    known = inspect.signature(view).parameters
    if any(p.kind is p.VAR_KEYWORD for p in known.values()):
        return dict(shows)
    return {name: value for name, value in shows.items() if name in known}


def drawing(draw=None, *, panels=1, size=None):
    """Make a drawing function of draw(…, ax): `ax` is made if None, the style sheet in force, `ax` returned.

    panels, a number of columns or (columns, rows), and size say which axes are made.
    """
    if draw is None:
        return partial(drawing, panels=panels, size=size)

    @wraps(draw)
    def drawn(*args, ax=None, **settings):
        with style():
            if ax is None:
                ax = new(size or (720, 400)) if panels == 1 else row()
            draw(*args, ax=ax, **settings)
        return ax

    def row():
        return globals()["panels"](*np.atleast_1d(panels).tolist(), size=size)

    return drawn


def tell(ax, title, alt, x=None, y=None):
    """The title (a sentence), the text alternative, and the names of the two axes."""
    ax.set_title(title)
    ax.alt = str(alt)
    if x is not None:
        ax.set_xlabel(x)
    if y is not None:
        ax.set_ylabel(y)
    return ax


def alternative(figure):
    """The text alternatives of a figure's axes, in one text."""
    said = {ax: getattr(ax, "alt", "") or ax.get_title(loc="left") for ax in figure.axes}
    said = {ax: text for ax, text in said.items() if text}
    if len(said) < 2:
        return "".join(said.values())
    places = [f"Panel {k + 1}" for k in range(len(said))]
    if len(said) == 2:
        one, two = (ax.get_position() for ax in said)
        places = ("Above", "Below") if one.y0 >= two.y1 else ("Left", "Right")
    return "\n".join(f"{place}: {text}" for place, text in zip(places, said.values(), strict=True))


def number(value, digits=3):
    """A number in words of a few digits: 0.0889, 12755, "under 1e-12", "infinite", "not a number"."""
    value = float(value) + 0.0  # no minus before a zero: its sign is rounding
    if np.isnan(value):
        return "not a number"
    if np.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    if 0 < abs(value) < 1e-12:
        return "under 1e-12"
    if abs(value) >= 10**digits and abs(value) < 1e6:
        return f"{value:.0f}"
    return f"{value:.{digits}g}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")


def fit_titles(figure, broken_up=textwrap.wrap):
    """Lay the figure out, and break titles that reach into a neighbour or past the edge."""
    find_room(figure)
    find_room(figure)  # the second time it settles
    lefts = {ax: ax.get_position().x0 * figure.bbox.width for ax in figure.axes}
    gap, broken = figure.dpi / 2, False
    for ax, left in lefts.items():
        end = min((x - gap for x in lefts.values() if x > left + 1), default=figure.bbox.width - 4)
        title, room = ax._left_title, end - left
        wide = title.get_window_extent().width
        if wide > room:
            broken = True
            text = " ".join(title.get_text().split())
            title.set_text("\n".join(broken_up(text, max(int(len(text) * room / wide), 12))))
    if broken:
        find_room(figure)


def find_room(figure):
    """Give the axes the room that their labels leave, by the figure's own engine; nothing is drawn for it."""
    if engine := figure.get_layout_engine():
        engine.execute(figure)
    else:
        figure.draw_without_rendering()


def png(figure, **settings):
    """The figure, laid out, as a small PNG; the settings are fit_titles'."""
    with style():
        fit_titles(figure, **settings)
        layout = figure.get_layout_engine()
        figure.set_layout_engine("none")  # it is laid out
        drawn = pixels(figure)
        figure.set_layout_engine(layout)
    return palette(drawn)


def pixels(figure, sharp=SHARP):
    """What is drawn on a figure (height, width, 3), twice as fine as CSS pixels."""
    drawn, shape = io.BytesIO(), (figure.get_size_inches() * DPI * sharp).astype(int)
    figure.savefig(drawn, format="raw", dpi=DPI * sharp)
    forget_pixels(figure)
    return np.frombuffer(drawn.getvalue(), np.uint8).reshape(*shape[::-1], 4)[..., :3]


def palette(drawn, colours=96):
    """Pixels (height, width, 3) as a PNG with so many colours."""
    image = Image.fromarray(np.ascontiguousarray(drawn))
    image = image.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    image.save(file, "png", optimize=True)
    return file.getvalue()


def forget_pixels(figure):
    """Let go of what a figure was drawn on, up to 9 MB: IPython keeps each figure that a cell has shown."""
    FigureCanvasAgg(figure)  # takes the old canvas's place
    for text in figure.findobj(Text):
        text._renderer = None  # Matplotlib's memo of the last one; it comes back when the text is drawn


class Table:
    """Rows of cells under column names: `str` is aligned text, a notebook shows an HTML table."""

    def __init__(self, columns, rows, title=""):
        self.columns, self.rows, self.title = columns, rows, title

    def __repr__(self):
        grid = [self.columns, *self.rows]
        widths = [max(len(row[k]) for row in grid) for k in range(len(self.columns))]
        lines = ["  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in grid]
        lines.insert(1, "  ".join("-" * w for w in widths))
        return "\n".join([self.title] * bool(self.title) + lines)

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        body = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(c)}</td>" for c in row[1:]) + "</tr>\n"
            for row in self.rows
        )
        title = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{title}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"


def table(columns, digits=3, title=""):
    """A table from {column name: values}; numbers with `digits` significant digits, text as it is."""
    cells = [[_cell(value, digits) for value in np.atleast_1d(np.asarray(c, dtype=object))] for c in columns.values()]
    lengths = sorted({len(c) for c in cells})
    if len(lengths) > 1:
        raise ValueError(f"table: columns of one length, not of lengths {lengths}")
    return Table(list(map(str, columns)), [list(row) for row in zip(*cells, strict=True)], title)


def _cell(value, digits):
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return value if isinstance(value, str) else number(value, digits)
