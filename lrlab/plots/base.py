"""What every figure stands on: the style, axes that show themselves, panels, words for numbers."""

import base64
import inspect
from functools import partial, wraps

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..expect import numbers, whole
from .picture import DPI, png, style


class Showing:
    """What shows itself in a notebook: picture and text alternative."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        figure = self.figure
        text = alternative(figure)
        width, height = (round(side * DPI) for side in figure.get_size_inches())
        picture = base64.b64encode(png(figure)).decode("ascii")
        size = {"width": width, "height": height, "alt": text}
        return {"image/png": picture, "text/plain": text}, {"image/png": size}


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
    columns, rows = whole("panels: columns", columns, 1, 12), whole("panels: rows", rows, 1, 12)
    if size is not None:
        size = numbers("panels: size", size, "a width and a height from 50 to 5000 pixels", 50, 5000)
    width, height = (
        size if size is not None else (min(720 + 240 * (columns - 1), 1080), 400 if rows == 1 else 320 * rows)
    )
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


def drawing(draw=None, *, scenery=None, panels=1, size=None):
    """Make a drawing function of draw(…, ax): `ax` is made if None, the style sheet in force, `ax` returned.

    scenery(…, ax) draws what stands still, once on any axes; panels, a number of columns or
    (columns, rows), and size say which axes are made.
    """
    if draw is None:
        return partial(drawing, scenery=scenery, panels=panels, size=size)

    def fresh():
        if panels == 1:
            return new(size or (720, 400))
        return globals()["panels"](*np.atleast_1d(panels).tolist(), size=size)

    first = next(iter(inspect.signature(draw).parameters))

    @wraps(draw)
    def drawn(*args, ax=None, **settings):
        if first in settings:  # by its name, which is another in the scenery
            args = (settings.pop(first), *args)
        with style():
            ax = fresh() if ax is None else ax
            if scenery is not None and getattr(ax, "scene", None) is not drawn:
                drawn.set_scene(*args, ax=ax, **settings)
            draw(*args, ax=ax, **settings)
        return ax

    def set_scene(*args, ax, **settings):
        with style():
            scenery(*args, ax=ax, **settings)
        ax.scene = drawn

    drawn.fresh, drawn.set_scene = fresh, set_scene if scenery else None
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
    digits = whole("number: digits", digits, 0, 20)
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
