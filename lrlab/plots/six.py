"""Six rates beside one another: boundaries, losses, their spread over seeds, what moves and what stays."""

import numpy as np

from ..figure import drawing, number, tell
from .map import _judge, _plot_houses, plain_decades
from .moving import inside
from .rates import colour, look
from .runs import singles


@drawing(panels=(3, 2), size=(1000, 640))
def boundaries(run, problem, ax=None):
    """The map and the boundary of six runs, and how many houses of the district each found."""
    for one, panel in zip(singles(run), ax, strict=False):
        _plot_houses(panel, problem, size=2.5)
        found, missed, false = _judge(panel, one, problem, size=4)
        _bare(panel)
        title = f"Rate {number(one.rate)}: {found} of {found + missed} found"
        tell(panel, title, f"Boundary. {title}, {false} false alarms.", x="", y="")


@drawing(panels=(3, 2), size=(1000, 560))
def multiples(run, ax=None):
    """The loss of six runs, a panel each, with the other five behind it."""
    finite = run.losses[np.isfinite(run.losses)]
    for one, panel in zip(singles(run), ax, strict=False):
        panel.set(yscale="log", xlim=(0, one.epochs[-1]), ylim=(finite.min() / 1.5, finite.max() * 1.5))
        plain_decades(panel)
        for other in singles(run):
            panel.plot(other.epochs, other.losses, color="#d0d0d4", lw=1)
        panel.plot(one.epochs, one.losses, **look(one.rate) | {"lw": 3, "linestyle": "-"})
        name = f"rate {number(one.rate)}: {number(one.final)}"
        tell(panel, name, f"Loss against epoch, {name} at the end.", x="epoch", y="loss")
    for panel in ax:
        panel.label_outer()


def _bare(ax):
    ax.set(xticks=[], yticks=[])
    for side in ax.spines.values():
        side.set_visible(True)


@drawing
def strips(rates, values, ax=None, title="", name="", printed=None, log=False, digits=2):
    """Values (seeds, rates) as dots, with their mean ± standard deviation, and what was printed once as crosses."""
    said = []
    ax.set(yscale="log" if log else "linear", xticks=range(len(rates)), xticklabels=[number(r) for r in rates])
    shift = (np.arange(len(values)) * 0.618 % 1 - 0.5) * 0.5
    for k, rate in enumerate(rates):
        one = values[:, k][np.isfinite(values[:, k])]
        mean, spread = one.mean(), one.std()
        ax.plot(k + shift[: len(one)], one, "o", ms=3, mew=0, alpha=0.45, color=colour(rate))
        low = max(mean - spread, one.min()) if log else mean - spread
        ax.plot([k + 0.36] * 2, [low, mean + spread], color="#202020", lw=2.5)
        ax.plot(k + 0.36, mean, "o", ms=8, color=colour(rate), mec="#202020", mew=1.5)
        said.append(f"{number(rate)}: {number(mean, digits)} ± {number(spread, 1)}")
    if printed is not None:
        ax.plot(
            np.arange(len(rates)) - 0.36,
            printed,
            "x",
            ms=10,
            mew=3,
            color="#000000",
            label="printed, one run",
        )
        ax.legend(loc="lower left")
    if log:
        plain_decades(ax)
    ax.grid(False, axis="x")
    alt = f"{name.capitalize()} of {len(values)} runs by rate, mean ± standard deviation. {title}. {'; '.join(said)}."
    tell(ax, title, alt, x="rate", y=name)


def plus_minus(values, digits=4):
    """Mean ± standard deviation over the first axis, as texts."""
    return [f"{m:.{digits}f} ± {s:.{digits}f}" for m, s in zip(values.mean(0), values.std(0), strict=True)]


@drawing
def contradiction(rates, printed, found, ax=None, name="p(0.4, 0.9)", within=0.01):
    """What was printed, and what the weights printed beside it give: rows that differ are joined by a bar."""
    apart = [abs(p - f) > within for p, f in zip(printed, found, strict=True)]
    for k, (p, f) in enumerate(zip(printed, found, strict=True)):
        ax.plot([k, k], [p, f], color=colour(rates[k]), lw=6, alpha=0.35 if apart[k] else 0, solid_capstyle="butt")
        ax.plot(k, f, "o", ms=11, color=colour(rates[k]), label="from its weights" if k == 0 else None)
        ax.plot(k, p, "x", ms=10, mew=3, color="#000000", label="printed" if k == 0 else None)
        if apart[k]:
            ax.annotate(f"{f:.3f}", (k, f), (10, 3), textcoords="offset points", fontweight="bold")
            ax.annotate(f"{p:.2f}", (k, p), (10, -12), textcoords="offset points")
    ax.set(
        xticks=range(len(rates)),
        xticklabels=[number(r) for r in rates],
        xlim=(-0.5, len(rates) - 0.2),
        ylim=(0, 0.75),
    )
    ax.grid(False, axis="x")
    ax.legend(loc="lower left")
    rows = ", ".join(number(r) for r, a in zip(rates, apart, strict=True) if a)
    pairs = zip(rates, printed, found, strict=True)
    said = "; ".join(f"{number(r)}: printed {p:.2f}, recomputed {f:.3f}" for r, p, f in pairs)
    tell(
        ax,
        f"{sum(apart)} rows contradict their weights: {rows}",
        f"{name} by rate. {said}.",
        x="rate",
        y=name,
    )


@drawing(size=(560, 520))
def nan_houses(w, problem, ax=None):
    """The houses whose naive loss is nan at the weights w (3,): those with p exactly 1 and label 1."""
    _plot_houses(ax, problem)
    p = problem.probability(w)
    lost, wrong = (p == 1) & (problem.y == 1), int(((p > 0.5) != (problem.y == 1)).sum())
    ax.plot(*problem.X[lost, :2].T, "o", ms=9, mfc="none", mec="#000000", mew=1.3)
    count, least = int(lost.sum()), problem.X[lost].dot(w).min(initial=np.inf)
    alt = f"Map: the {count} houses that give nan lie in the far corner of the district, z at least {number(least)}; "
    tell(ax, f"{count} houses give nan, and all are right", alt + f"{wrong} other houses are judged wrongly.")


@drawing
def sharpness(run, problem, ax=None):
    """The largest curvature along a run, and 2/η: above it descent cannot stay."""
    found, limit = problem.sharpness(run.weights), 2 / float(run.rate)
    x = np.maximum(run.epochs, run.epochs[1] / 2)
    ax.plot(x, found, **look(run.rate) | {"linestyle": "-", "lw": 2.5})
    ax.axhline(limit, color="#404040", ls="--")
    ax.text(x[-1], limit * 1.1, f"2/η = {number(limit)}", ha="right", va="bottom", fontweight="bold")
    ax.annotate(f"start: {number(found[0])}", (x[0], found[0]), (8, -2), textcoords="offset points")
    ax.set(xscale="log", yscale="log", xlim=(x[0], x[-1]))
    plain_decades(ax)
    ax.xaxis.set_major_formatter("{x:g}")
    above = np.flatnonzero(found > limit)
    crossed = run.epochs[above[-1] + 1] if len(above) else 0
    title = f"At rate {number(run.rate)} the curvature is below 2/η from epoch {number(crossed)} on"
    after = f"{number(found[0])} at the start, {number(found[np.searchsorted(run.epochs, 1)], 2)} after one epoch, "
    alt = f"Largest curvature against epoch at rate {number(run.rate)}: {after}{number(found[-1], 2)} at the end; "
    tell(
        ax,
        title,
        alt + f"2/η is {number(limit)}, and stays above it from epoch {number(crossed)} on.",
        x="epoch",
        y="largest curvature",
    )


@drawing(panels=2, size=(1060, 420))
def collapse(runs, ax=None):
    """The losses of some runs against epoch, and against rate × epoch."""
    ends = "; ".join(f"rate {number(one.rate)}: {number(one.final, 2)}" for one in runs)
    slow = [one for one in runs if one.rate <= 1]
    common = min(one.rate * one.epochs[-1] for one in slow)
    there = np.mean([np.interp(common / one.rate, one.epochs, one.losses) for one in slow])
    law = f"Up to rate 1 it is one line: {number(there, 2)} at {number(common)}"
    for panel, name, each in ((ax[0], "epoch", False), (ax[1], "rate × epoch", True)):
        _decades(panel, name)
        for one in runs:
            x = one.epochs[1:] * (one.rate if each else 1)
            panel.plot(x, one.losses[1:], **look(one.rate) | {"lw": 2.5})
            if not each:
                end = {"color": colour(one.rate), "fontweight": "bold", "textcoords": "offset points"}
                panel.annotate(number(one.rate), (x[-1], one.final), (5, -4), annotation_clip=False, **end)
        title = law if each else f"{len(runs)} lines against the epoch"
        tell(panel, title, f"Loss against {name}, in decades. {title}. At the end, {ends}.")


def _decades(ax, name):
    ax.set(xscale="log", yscale="log", xlabel=name, ylabel="loss")
    plain_decades(ax)
    ax.xaxis.set_major_formatter("{x:g}")


def collapse_now(ax, runs):
    """A view: one run against rate × epoch, over those of all rates up to 1."""
    for one in singles(runs[np.asarray(runs.rate) <= 1])[::8] if np.ndim(runs.rate) else []:
        ax.plot(one.epochs[1:] * one.rate, one.losses[1:], color="#c8c8cc", lw=1.5)
    products = np.multiply.outer(runs.rate, runs.epochs[[1, -1]])
    ax.set(xlim=(products.min(), products.max() * 1.2), ylim=(np.nanmin(runs.losses) / 1.5, 1))
    _decades(ax, "rate × epoch")
    (line,) = ax.plot([], [], lw=3, animated=True)

    def show(run):
        line.set_data(run.epochs[1:] * run.rate, inside(run.losses[1:], ax.get_ylim()))
        line.set_color(colour(run.rate))
        end = f"loss {number(run.final)} at rate × epoch {number(run.rate * run.epochs[-1])}"
        return f"Loss against rate × epoch at rate {number(run.rate, 4)}: {end}, over the runs of all rates up to 1."

    return show
