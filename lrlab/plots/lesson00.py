"""Lesson 00's pictures: two runs with one loss curve, a rate and its double, four fates."""

import numpy as np

from lrcore import descend

from ..figure import drawing, number, tell
from .lesson01 import line_fit
from .map import plot_houses
from .paths import START
from .runs import PAPER, left_at, side_labels, singles

BLUE, GREEN, BROWN, RED, INK, GREY = "#0072B2", "#00795c", "#8a6d00", "#D55E00", "#202020", "#707070"
NAMES = ("run A", "run B")


def hidden_pair(problem):
    """Two runs of 50 epochs on the four points. Their rates are the lesson's secret until its reveal."""
    return descend(problem, [0.001, 2 / 15 - 0.001], 50)


@drawing(size=(640, 290))
def twins(run, ax=None):
    """The losses of two runs whose rates are not told: one broad line, and a dashed one on it."""
    one, other = singles(run)
    ax.plot(one.epochs, one.losses, color="#9cc9e6", lw=8, solid_capstyle="butt")
    ax.plot(other.epochs, other.losses, "--", color=RED, lw=2.2)
    ends = zip((one.final * 1.15, other.final * 0.87), NAMES, (BLUE, RED), strict=True)
    ax.set(xlim=(0, one.epochs[-1]), ylim=(0, one.losses[0] * 1.05))
    side_labels(ax, ends)
    gap = "equal at every epoch" if np.allclose(one.losses, other.losses, rtol=1e-9) else "not equal"
    title = "Run A and run B: one line lies on the other"
    said = f"Both end at {number(one.final)}" if gap[0] == "e" else f"{number(one.final)} and {number(other.final)}"
    tell(ax, title, f"Loss against epoch of two runs with hidden rates: {gap}. {said}.", x="epoch", y="loss")


@drawing(size=(660, 340))
def twins_apart(run, target, ax=None):
    """One weight against the epoch for the same two runs, with their rates."""
    ax.axhline(target, color=GREY, lw=1.2)
    labels, said = [], []
    for one, name, style, c in zip(singles(run), NAMES, ("-", "--"), (BLUE, RED), strict=True):
        w = one.weights[:, 0]
        ax.plot(one.epochs, w, style, color=c, lw=2, clip_on=False)
        labels.append((w[-2:].max(), f"{name}: {one.rate:.4g}", c))
        crossed = int((np.diff(np.sign(w - target)) != 0).sum())
        crosses = f"crosses {target:g} in {crossed} of {len(w) - 1} steps" if crossed else f"never crosses {target:g}"
        said.append(f"{name}, rate {one.rate:.4g}, {crosses} and ends at {number(w[-1])}")
    ax.plot(0, w[0], **START, clip_on=False)
    ax.set(xlim=(0, one.epochs[-1]))
    side_labels(ax, labels)
    tell(ax, "Where w is, epoch by epoch", f"w against epoch: {'; '.join(said)}.", x="epoch", y="w")


@drawing(panels=3, size=(880, 310))
def doubled(runs, target, ax=None):
    """One weight against the epoch, a panel for each row of runs: one rate in grey, and if it is there, its double."""
    low, high = target - 6, target + 6
    for place, row in zip(ax, (runs[k] for k in range(len(runs.rate))), strict=True):
        place.axhline(target, color=GREY, lw=1.2)
        ones = singles(row)
        for run, style, c in zip(ones, ("--", "-"), (GREY, RED), strict=False):
            w = run.weights[:, 0]
            gone = left_at(w, low, high)
            kept = slice(None if gone is None else gone + 1)
            place.plot(run.epochs[kept], np.clip(w[kept], low, high), style, color=c, marker="o", ms=5, clip_on=False)
            if gone is not None:
                edge = high if w[gone] > high else low
                place.plot(run.epochs[gone], edge, "^" if edge == high else "v", ms=11, color=c, clip_on=False)
        end = f"w ends at {number(w[-1])}" if gone is None else f"it leaves the picture at epoch {run.epochs[gone]:g}"
        place.set(xlim=(0, run.epochs[-1]), ylim=(low, high), xticks=run.epochs[::4], xlabel="epoch", ylabel="w")
        rates = [f"{number(one.rate)}{name}" for one, name in zip(ones, (" (grey)", " (orange)"), strict=False)]
        for k, (text, c) in enumerate(zip(rates, (GREY, RED), strict=False)):
            where = {"transform": place.transAxes, "ha": "right", "va": "top", "fontweight": "bold"}
            place.text(0.98, 0.98 - 0.09 * k, text.split()[0], color=c, bbox=PAPER, **where)
        title = " doubled: ".join(text.split()[0] for text in rates)
        tell(place, title, f"w against epoch at rate {' and at '.join(rates)}: {end}.")


@drawing
def fates(run, names, ax=None, title="Four real runs. Only the rate differs."):
    """Loss against epoch, each run in a colour of its own and named at its line; the last may leave the picture."""
    top, labels, said = run.losses[0, 0] * 2, [], []
    ax.set(xlim=(0, run.epochs[-1]), ylim=(0, top))
    looks = zip((BLUE, GREEN, BROWN, RED), ("-", "--", "-.", "-"), strict=True)
    for one, name, (c, style) in zip(singles(run), names, looks, strict=True):
        gone = left_at(one.losses, 0, top)
        kept = slice(None if gone is None else gone + 1)
        ax.plot(one.epochs[kept], np.minimum(one.losses[kept], top), style, color=c, lw=2.4, clip_on=False)
        text = f"{name}: {one.rate:g}"
        if gone is None:
            labels.append((one.final, text, c))
            said.append(f"{text} ends at {number(one.final) if one.final > 1e-6 else 'almost 0'}")
        else:
            at = one.epochs[gone]
            ax.plot(at, top, "^", ms=11, color=c, clip_on=False)
            place = {"textcoords": "offset points", "va": "center", "annotation_clip": False}
            ax.annotate(f"{text}, leaves at epoch {at:g}", (at, top), (12, -4), color=c, fontweight="bold", **place)
            said.append(f"{text} leaves the picture at epoch {at:g}")
    ax.plot(0, run.losses[0, 0], **START, clip_on=False)
    side_labels(ax, labels)
    tell(ax, title, f"Loss against epoch. {title} {'; '.join(said)}.", x="epoch", y="loss")


@drawing(panels=2, size=(900, 380))
def data_sets(points, houses, ax=None):
    """The four points with two lines through zero, and the houses on their map."""
    line_fit(*points, ax=ax[0])
    plot_houses(ax[1], houses)
    ax[1].annotate("y = x + 0.5", (0.47, 0.93), (0, 0), textcoords="offset points", fontweight="bold", bbox=PAPER)
    alt = "Map of 2000 houses; those above the line y = x + 0.5 belong to the school district."
    tell(ax[1], "2000 houses and a school district", alt, x="x", y="y")
