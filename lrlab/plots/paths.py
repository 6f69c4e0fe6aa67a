"""The way of two weights over the contours of the loss."""

import numpy as np

from ..figure import drawing, number, tell
from .curves import COLOURS
from .rates import look
from .runs import PAPER, left, left_at, singles, weight_limits, weight_said

START = {"marker": "o", "ls": "", "ms": 9, "mfc": "white", "mec": "#202020", "mew": 2, "zorder": 6}  # the ring


def path_limits(run, problem, index=(0, 1)):
    """((low, high), (low, high)) for the two weights of a path."""
    return [weight_limits(run, k) for k in index]


@drawing
def path(run, problem, ax=None, title="", names=("w", "b")):
    """The way of the weights over the contours of the loss, for a problem of two weights.

    Runs of one rate from several starts have a colour each, and their starts' names: A, B, C.
    """
    limits, ones = path_limits(run, problem), singles(run)
    contours(problem, *limits, ax)
    said, alike = [], len(ones) > 1 and len({float(one.rate) for one in ones}) == 1
    for k, one in enumerate(ones):
        name, own = f"rate {number(one.rate, 4)}", {}
        if alike:
            name, own = f"start {'ABCDEFGHI'[k]}", {"color": COLOURS[k], "marker": "o", "linestyle": "-", "ms": 3}
            place = {"textcoords": "offset points", "ha": "center", "fontweight": "bold"}
            ax.annotate(name, one.weights[0], (0, 9), color=COLOURS[k], **place)
        gone = walk(ax, one, limits, "" if alike else None, **own)
        end = ", ".join(weight_said(v) for v in one.weights[-1])
        where = left(one, gone) if gone is not None and one.diverged else f"at ({end})"
        said.append(f"{name} {where}")
    title = title or "The way of the weights over the loss"
    tell(ax, title, f"Paths over the loss. {title}. At the end: {'; '.join(said)}.", x=names[0], y=names[1])


def contours(problem, xlim, ylim, ax):
    """The loss over two weights as contour lines, evenly spaced in its logarithm."""
    x, y = np.linspace(*xlim, 161), np.linspace(*ylim, 161)
    z = problem.loss(np.stack(np.meshgrid(x, y), axis=-1))
    z = np.log10(z - z.min() + 1e-3 * np.ptp(z))
    ax.contour(x, y, z, 12, colors="#a8a8a8", linewidths=0.9, linestyles="solid", zorder=0)
    ax.set(xlim=xlim, ylim=ylim)
    ax.grid(False)


def walk(ax, one, limits, name=None, **settings):
    """One path with its steps, named unless name is ""; the epoch at which it left the plot, or None."""
    x, y = one.weights[:, 0], one.weights[:, 1]
    outs = [left_at(v, *lim) for v, lim in zip((x, y), limits, strict=True)]
    gone = min((out for out in outs if out is not None), default=None)
    stays = gone is None or not one.diverged
    shown = slice(None if stays else gone + 1)
    with np.errstate(all="ignore"):
        big = [1e3 * (high - low) for low, high in limits]
        points = [np.clip(np.nan_to_num(v[shown]), -b, b) for v, b in zip((x, y), big, strict=True)]
    style = look(one.rate, marker=True) | {"ms": 4, "lw": 1.6} | settings
    ax.plot(*points, clip_on=True, **style)
    last = (points[0][-1], points[1][-1])
    text = f"rate {number(one.rate, 4)}" if name is None else name
    ax.plot(*(one.weights[0, k] for k in (0, 1)), **START)
    if stays:
        ax.plot(*last, "o", ms=9, color=style["color"], zorder=5)
    if not text:
        return None if gone is None else one.epochs[gone]
    if stays:
        ax.annotate(
            text,
            last,
            (8, 8),
            textcoords="offset points",
            color=style["color"],
            fontweight="bold",
            bbox=PAPER,
        )
        return None if gone is None else one.epochs[gone]
    low, high = limits[1]
    y = np.clip((last[1] - low) / (high - low), 0.05, 0.95)
    label = f"{text}: left at epoch {one.epochs[gone]:g}"
    ax.text(
        0.5,
        y,
        label,
        color=style["color"],
        fontweight="bold",
        ha="center",
        va="center",
        transform=ax.transAxes,
        bbox=PAPER,
    )
    return one.epochs[gone]
