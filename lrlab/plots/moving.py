"""Views: one run of many, drawn for an explorer. Plain functions, usable without one: `figure.still(view, run)`.

A view draws on `ax` what stands still for all `runs`, makes what moves with animated=True, and returns show(run),
which gives it the data of one run and returns the text alternative, one sentence with its number.
"""

import numpy as np

from ..fate import caption, said
from ..figure import number
from ..slide import decade
from .curves import named_look
from .paths import START, contours, path_limits
from .rates import colour
from .runs import left_at, loss_limits, weight_limits, weight_said

GREY, FEW = "#707070", 120  # of so few epochs each has its dot


def loss_now(ax, runs):
    """Loss against epoch."""
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=loss_limits(runs), xlabel="epoch", ylabel="loss")
    decades(ax.yaxis)
    draw = curve(ax)

    def show(run):
        return f"Loss against epoch at rate {number(run.rate, 4)}: {caption(run)}{draw(run, run.losses)}."

    return show


def weight_now(ax, runs, index=0, target=None, name="w"):
    """One weight against epoch; `target` draws the value that it should reach."""
    ax.set(xlim=(0, runs.epochs[-1]), ylim=weight_limits(runs, index), xlabel="epoch", ylabel=name)
    if target is not None:
        ax.axhline(target, color=GREY, lw=1.2)
    draw = curve(ax)

    def show(run):
        w = run.weights[:, index]
        ends = f"from {weight_said(w[0])} to {weight_said(w[-1])}{draw(run, w)}"
        return f"{name} against epoch at rate {number(run.rate, 4)}: {ends}."

    return show


def path_now(ax, runs, problem, names=("w", "b"), limits=None):
    """The way of two weights over the contours of their loss; the start can be dragged."""
    contours(problem, *(limits or path_limits(runs, problem)), ax)
    ax.set(xlabel=names[0], ylabel=names[1])
    (line,) = ax.plot([], [], "-o", ms=3.5, lw=1.3, animated=True)
    ends = both_ends(ax)

    def show(run):
        x, y = inside(run.weights[:, 0], ax.get_xlim()), inside(run.weights[:, 1], ax.get_ylim())
        line.set(color=colour(run.rate), marker="o" if len(x) <= FEW else "")
        line.set_data(x, y)
        ends(x, y, colour(run.rate))
        w = ", ".join(weight_said(v) for v in run.weights[-1])
        return f"Path over the loss at rate {number(run.rate, 4)}: {caption(run)}; it ends at ({w})."

    show.start = 2
    return show


def bowl_now(ax, runs, problem, span=(-2, 8), name="w"):
    """The loss of one weight as a curve, and the steps on it; the start can be dragged."""
    grid = np.linspace(*span, 161)
    curve_of = problem.loss(grid[:, None])
    ax.plot(grid, curve_of, color=GREY, lw=1.4)
    ax.set(xlim=span, ylim=(-0.04 * curve_of.max(), curve_of.max() * 1.02), xlabel=name, ylabel="loss")
    (line,) = ax.plot([], [], "-o", ms=4.5, lw=1.2, animated=True)
    ends = both_ends(ax)

    def show(run):
        w = run.weights[:, 0]
        gone = left_at(w, *span)
        kept = w[: None if gone is None else gone + 1]
        x, y = inside(kept, span), inside(problem.loss(kept[:, None]), ax.get_ylim())
        line.set_color(colour(run.rate))
        line.set_data(x, y)
        ends(x, y, colour(run.rate))
        where = (
            f"w ends at {weight_said(w[-1])}"
            if gone is None
            else f"it leaves the picture at epoch {run.epochs[gone]:g}"
        )
        return f"Steps on the loss of one weight at rate {number(run.rate, 4)}: {caption(run)}; {where}."

    show.start = 1
    return show


def race_now(ax, runs, problem, names=("w", "b"), limits=None):
    """Paths of several rules, {name: run}, at one rate."""
    first = next(iter(runs.values()))
    contours(problem, *(limits or path_limits(first, problem)), ax)
    ax.set(xlabel=names[0], ylabel=names[1])
    lines = {}
    for k, name in enumerate(runs):
        (lines[name],) = ax.plot([], [], ms=4, lw=1.8, animated=True, label=name, **named_look(k, marker=True))
    ax.legend(loc="upper right")

    def show(run):
        for name, one in run.items():
            lines[name].set_data(inside(one.weights[:, 0], ax.get_xlim()), inside(one.weights[:, 1], ax.get_ylim()))
        rate = number(next(iter(run.values())).rate, 4)
        return f"Paths at rate {rate}. " + "; ".join(f"{name} {caption(one)}" for name, one in run.items()) + "."

    return show


def decades(axis):
    """Decades of a log axis as plain numbers, 0.01, and far away as 10⁻⁶; TeX would take a third of the time."""
    axis.set_major_formatter(decade)
    axis.set_minor_formatter("")


def curve(ax, unit="epoch", **settings):
    """What draws a line against the epoch: draw(run, values) → "", or when it leaves the picture.

    A run that leaves has an arrow there, with the epoch (or what `unit` calls it) beside it; a diverged one ends there.
    """
    (line,) = ax.plot([], [], lw=2.2, animated=True, **settings)
    (arrow,) = ax.plot([], [], "^", ms=10, clip_on=False, animated=True)
    place = {"textcoords": "offset points", "va": "center", "annotation_clip": False, "animated": True}
    label = ax.annotate("", (0, 0), (9, 0), fontweight="bold", **place)

    def draw(run, values):
        low, high = ax.get_ylim()
        least = low if ax.get_yscale() == "log" else -np.inf  # a loss of 0 stands on the floor of a log axis
        gone = left_at(np.maximum(values, least), low, high)
        shown = values if gone is None or not run.diverged else values[: gone + 1]
        with np.errstate(invalid="ignore"):
            y = np.clip(np.nan_to_num(shown, nan=high, posinf=high, neginf=low), low, high)
        line.set_data(run.epochs[: len(y)], y)
        line.set_color(colour(run.rate))
        for part in (arrow, label):
            part.set(visible=gone is not None, color=colour(run.rate))
        if gone is None:
            return ""
        epoch, edge = run.epochs[gone], y[gone]
        arrow.set_data([epoch], [edge])
        arrow.set_marker("^" if edge == high else "v")
        right = epoch > 0.6 * run.epochs[-1]
        label.xy = (epoch, edge)
        label.set(text=f"{unit} {epoch:g}", ha="right" if right else "left", position=(-9 if right else 9, 0))
        return f"; it leaves the picture at {unit} {epoch:g}"

    return draw


def both_ends(ax):
    """What marks a path: a ring where it starts and a large dot where it ends; mark(x, y, colour)."""
    (end,) = ax.plot([], [], "o", ms=9, animated=True, zorder=5)
    (start,) = ax.plot([], [], **START, animated=True)

    def mark(x, y, tint):
        start.set_data(x[:1], y[:1])
        end.set_data(x[-1:], y[-1:])
        end.set_color(tint)

    return mark


def inside(values, limits):
    """Values for a line: far outside the limits, and no number, cut to what a renderer can draw."""
    low, high = limits
    far = 3 * (high - low)
    return np.where(np.isnan(values), high + far, np.clip(values, low - far, high + far))


__all__ = ["bowl_now", "curve", "decades", "inside", "loss_now", "path_now", "race_now", "said", "weight_now"]
