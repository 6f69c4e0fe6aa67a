"""What a picture shows, read from its artists, and runs worked out by loops of their own to hold beside it."""

import functools
import inspect
import re

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.contour import ContourSet
from matplotlib.lines import Line2D
from matplotlib.text import Text

from lrlab import plots

POINTS = np.array([1.0, 2, 3, 4]), np.array([3.0, 6, 9, 12])
CURVATURE = np.linalg.eigvalsh([[15, 5], [5, 2]])  # of the mean squared error over (w, b), by hand


def public():
    """The names of all drawings and views: what takes the axes that it draws on."""
    functions = {name: what for name, what in vars(plots).items() if inspect.isfunction(what) and name[0] != "_"}
    return {name for name, what in functions.items() if "ax" in inspect.signature(what).parameters} - {"tell"}


KINDS = {Line2D: ("xydata", "color"), Text: ("text", "position", "color"), PathCollection: ("offsets", "facecolor")}


def watched(view):
    """The view; it fails where it moves what is not animated: in an instrument that would stay as it was at first."""

    def looks(artist):
        names = [name for kind, names in KINDS.items() if isinstance(artist, kind) for name in names]
        return artist.get_visible(), [str(getattr(artist, f"get_{name}")()) for name in names]

    @functools.wraps(view)
    def draws(ax, runs, **shows):
        show = view(ax, runs, **shows)
        stands = {artist: looks(artist) for artist in ax.get_children() if not artist.get_animated()}

        @functools.wraps(show)
        def shown(run):
            text = show(run)
            assert [artist for artist, before in stands.items() if looks(artist) != before] == [], "not animated"
            return text

        return shown

    return draws


_still = plots.still


def still(views, *given, **shows):
    """plots.still with its views watched (see conftest)."""
    return _still(tuple(map(watched, views)) if isinstance(views, (tuple, list)) else watched(views), *given, **shows)


# Runs by hand


def line_loss(w, b):
    """The mean squared error of the four points."""
    x, y = POINTS
    return sum((w * one + b - other) ** 2 for one, other in zip(x, y, strict=True)) / 4


def line_run(rate, epochs, start=(0.0, 0.0), bias=True):
    """(weights (c, 2), losses (c,)) of plain descent on the four points, a step an epoch."""
    (x, y), (w, b), seen = POINTS, start, [start]
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            error = w * x + b - y
            w, b = w - rate * 2 * (error * x).mean(), b - bias * rate * 2 * error.mean()
            seen.append((w, b))
        weights = np.array(seen)
        return weights, line_loss(*weights.T)


def house_run(rate, epochs, data):
    """(weights (c, 3), losses (c,)) of plain descent on a map of houses, all rows at once."""
    rows, w, weights, losses = np.column_stack([data.X[:, :2], np.ones(len(data.y))]), np.zeros(3), [], []
    for _ in range(epochs + 1):
        p = 1 / (1 + np.exp(-rows @ w))
        weights.append(w)
        losses.append(-np.mean(np.where(data.y == 1, np.log(p), np.log(1 - p))))
        w = w - rate * rows.T @ (p - data.y) / len(rows)
    return np.array(weights), np.array(losses)


def judged(w, data):
    """Masks (n,) of the houses found, missed and called wrongly by weights w (3,)."""
    said, inside = data.X[:, 0] * w[0] + data.X[:, 1] * w[1] + w[2] > 0, data.y == 1
    return said & inside, inside & ~said, said & ~inside


def leaves(values, limits):
    """The first place at which values are outside the limits, or no numbers; None if they stay."""
    inside = [limits[0] <= value <= limits[1] for value in values]
    return None if all(inside) else inside.index(False)


def room(limits):
    """How far outside its limits a picture draws a path."""
    low, high = limits
    return low - 3 * (high - low), high + 3 * (high - low)


# Artists


def colour(artist):
    return to_hex(artist.get_color())


def label(ax, name):
    """The one text on ax that is `name`, or begins with it and goes on with something else than its digits."""
    (found,) = [t for t in ax.texts if re.match(re.escape(name) + r"(?!\.?\d)", t.get_text()) and t.get_visible()]
    return found


def line_of(ax, name):
    """The line that has the colour of the label `name`."""
    wanted = colour(label(ax, name))
    (found,) = [line for line in ax.lines if colour(line) == wanted and len(line.get_xdata()) > 1]
    return found


def of_legend(ax, name):
    """The line of ax that looks as the legend says of `name`."""
    legend = ax.get_legend()
    k = [text.get_text() for text in legend.get_texts()].index(name)
    wanted = legend.get_lines()[k]
    alike = [
        line
        for line in ax.lines
        if len(line.get_xdata()) > 1 and colour(line) == colour(wanted) and line.get_ls() == wanted.get_ls()
    ]
    (found,) = alike
    return found


def dots(ax, marker=None):
    """{(x, y)} of the lines of a single point, with a marker or with any."""
    single = [line for line in ax.lines if len(line.get_xdata()) == 1 and line.get_visible()]
    return [tuple(map(float, line.get_xydata()[0])) for line in single if marker is None or line.get_marker() == marker]


def dot(ax, x, y):
    """The point that stands at (x, y)."""
    found = [line for line in ax.lines if len(line.get_xdata()) == 1 and np.allclose(line.get_xydata()[0], (x, y))]
    assert found, f"nothing stands at {x:g}, {y:g}, but at {dots(ax)}"
    return found[0]


def upright(ax):
    """The x of each line from the bottom to the top."""
    lines = [line for line in ax.lines if line.get_transform() == ax.get_xaxis_transform()]
    return [float(line.get_xdata()[0]) for line in lines]


def level(ax):
    """The y of each line from side to side."""
    lines = [line for line in ax.lines if line.get_transform() == ax.get_yaxis_transform()]
    return [float(line.get_ydata()[0]) for line in lines]


def axes_say(ax, x, y, names=""):
    """The axes have these names, and each tick stands at the number that is written at it; not where `names` says x."""
    assert (ax.get_xlabel(), ax.get_ylabel()) == (x, y)
    for axis in [ax.yaxis] if names else [ax.xaxis, ax.yaxis]:
        for place, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True):
            if written := re.fullmatch(r"[−-]?[\d.]+(e[−-]?\d+)?", label.get_text()):
                assert float(written[0].replace("−", "-")) == pytest.approx(place, rel=1e-9, abs=1e-9)


def contours_are_of(ax, loss, share=0.05):
    """Along each contour of ax loss(x, y) is one number, and the numbers rise from level to level."""
    (found,) = [c for c in ax.collections if isinstance(c, ContourSet) and not c.filled]
    values = [loss(*path.vertices.T) for path in found.get_paths() if len(path.vertices) > 8]
    assert len(values) >= 5
    middles = [np.median(each) for each in values]
    for each, middle in zip(values, middles, strict=True):
        assert np.abs(each - middle).max() < share * middle + 1e-3 * max(middles)
    assert (np.diff(middles) > 0).all()


def leaving(ax, tint, values, epochs, limits):
    """A run that leaves: an arrow in its colour, at the edge where it leaves, that points out. Its place, or None."""
    gone = leaves(values, limits)
    arrows = [line for line in ax.lines if line.get_marker() in ("^", "v") and line.get_visible()]
    arrows = [a for a in arrows if colour(a) == tint and len(a.get_xdata()) == 1]
    if gone is None:
        assert not arrows
        return None
    (arrow,) = arrows
    below = values[gone] < limits[0]
    assert arrow.get_marker() == ("v" if below else "^")
    assert arrow.get_xydata()[0].tolist() == [epochs[gone], limits[0] if below else limits[1]]
    return gone


def map_is_of(ax, data):
    """Each house at its place, those of the district apart from the others, and the line y = x + 0.5."""
    clouds = [line.get_xydata() for line in ax.lines]
    for side in (0, 1):
        assert any(np.array_equal(cloud, data.X[data.y == side, :2]) for cloud in clouds)
    lines = [line for line in ax.lines if np.array_equal(line.get_xdata(), [0, 0.5])]
    assert [list(line.get_ydata()) for line in lines] == [[0.5, 1]]
    assert ax.get_xlim() == ax.get_ylim() == (0, 1) and not any(line.get_visible() for line in ax.get_xgridlines())


def boundary_is_of(ax, w, data):
    """The line is w·[x, y, 1] = 0; what lies on its wrong side is marked: how many found, missed, called wrongly."""
    found, missed, wrong = judged(w, data)
    (line,) = [each for each in ax.lines if len(each.get_xdata()) == 2 and each.get_ls() == "-"]
    lies_on(line, w)
    for marker, mask in (("^", missed), ("x", wrong)):
        marked = [each for each in ax.lines if each.get_marker() == marker][-1]
        np.testing.assert_array_equal(marked.get_xydata(), data.X[mask, :2])
    return int(found.sum()), int(missed.sum()), int(wrong.sum())


def lies_on(line, w):
    """The two points of a line lie on w·[x, y, 1] = 0, and far apart."""
    one, other = line.get_xydata()
    assert np.hypot(*(other - one)) > 1
    for x, y in (one, other):
        assert abs(w[0] * x + w[1] * y + w[2]) < 1e-8 * np.abs(w).max()
