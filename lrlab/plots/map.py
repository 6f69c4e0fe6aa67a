"""Two thousand houses on a map, and the line that a model draws between them."""

import numpy as np
from matplotlib.ticker import LogLocator

from ..figure import drawing, number, tell
from .moving import inside
from .rates import colour, look
from .runs import PAPER

IN, OUT, WRONG = "#D55E00", "#9aa3ad", "#000000"  # in the district, outside, said to be inside and is not
IDEAL = "y = x + 0.5"


def plot_houses(ax, data, size=4):
    """Dots outside, triangles inside, and the line that made the labels."""
    X, inside = data.X[:, :2], data.y == 1
    ax.plot(*X[~inside].T, "o", ms=size * 0.7, mew=0, color=OUT, alpha=0.75)
    ax.plot(*X[inside].T, "^", ms=size * 1.3, mew=0, color=IN)
    ax.plot([0, 0.5], [0.5, 1], color="#404040", lw=1.4, ls="--")
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="x", ylabel="y")
    ax.grid(False)


def line_of(w):
    """Two points far out on the line w·[x, y, 1] = 0: (2, 2), the x of both and then their y; None without slope."""
    across, size = np.array(w[:2], float), np.hypot(*w[:2])
    if not (np.isfinite(w).all() and size > 0):
        return None
    foot, along = -w[2] * across / size**2, np.array([-across[1], across[0]]) / size
    return np.clip(np.stack([foot - 3 * along, foot + 3 * along], axis=1), -1e6, 1e6)


def percent(share):
    """A share in words: 86.6 %."""
    return f"{100 * share:.1f} %"


def counts(problem, w):
    """(found, missed, false alarms): masks of houses (n,) for the weights of one run."""
    said, inside = problem.probability(w) > 0.5, problem.y == 1
    return said & inside, ~said & inside, said & ~inside


def judge(ax, w, problem, size=8, **line):
    """Draw the line of w (3,) and the houses that it gets wrong; how many (found, missed, false alarms)."""
    found, missed, false = counts(problem, w)
    ax.plot(*problem.X[missed, :2].T, "^", ms=size, mfc="white", mec=IN, mew=1.1)
    ax.plot(*problem.X[false, :2].T, "x", ms=size, mec=WRONG, mew=1.6)
    points = line_of(w)
    if points is not None:
        ax.plot(*points, **{"lw": 3, "color": "#202020"} | line)
    return int(found.sum()), int(missed.sum()), int(false.sum())


@drawing(size=(500, 460))
def houses(data, ax=None, title=""):
    """The map of a Dataset of houses."""
    plot_houses(ax, data)
    label = {"fontweight": "bold", "ha": "center", "bbox": PAPER | {"alpha": 0.95, "pad": 3}}
    ax.text(0.2, 0.88, "in the district", color="#8f3d00", **label)
    ax.text(0.7, 0.3, "not in it", color="#3a4048", **label)
    ax.text(0.56, 0.93, IDEAL, bbox=PAPER)
    where = f"above the line {IDEAL}"
    title = title or "Houses above the line are in the district"
    tell(ax, title, f"Map of {len(data.y)} houses. Those {where}, in the upper left corner, are in the district.")


def plain_decades(ax):
    """Numbers such as 0.1 on a log axis of losses; between decades too where there are few."""
    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 100 else (1,)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")


def map_now(ax, runs, problem):
    """A view: the map with the boundary, the houses missed (hollow) and the false alarms (crosses)."""
    plot_houses(ax, problem)
    for dots in ax.lines:
        dots.set_rasterized(True)

    def show(run):
        found, missed, false = judge(ax, run.weights[-1], problem, 6, color=colour(run.rate))
        where = f"{found} houses of the district found, {missed} missed, {false} false alarms"
        return f"Map with the boundary at rate {number(run.rate, 4)}: {where}."

    return show


map_now.size = (300, 285)  # with two panels beside it, its text has 22 pixels on a slide


def found_said(problem):
    """For the status line: what a run finds, caption(run)."""

    def caption(run):
        found, missed, false = (int(mask.sum()) for mask in counts(problem, run.weights[-1]))
        right = f"{percent(problem.accuracy(run.weights[-1]))} right"
        return f"{right}; {found} of {found + missed} found, {false} false alarms; loss {number(run.final)}"

    return caption


def fitting_now(ax, runs, problem, validation=None):
    """A view: loss against epoch, in training and, dashed, on `validation`."""
    low = np.nanmin(np.where(np.isfinite(runs.losses), runs.losses, np.nan))
    ax.set(yscale="log", xlim=(0, runs.epochs[-1]), ylim=(low / 1.8, 8), xlabel="epoch", ylabel="loss")
    plain_decades(ax)
    mine, theirs = two_lines(ax, "training", "validation" if validation else "", loc="upper right")

    def show(run):
        limits = ax.get_ylim()
        mine.set(data=(run.epochs, inside(run.losses, limits)), color=look(run.rate)["color"])
        seen = ""
        if validation is not None:
            other = validation.loss(run.weights)
            theirs.set_data(run.epochs, inside(other, limits))
            seen = f", on unseen houses {number(other[-1])}"
        return f"Loss against epoch at rate {number(run.rate, 4)}: in training it ends at {number(run.final)}{seen}."

    return show


def measures_now(ax, runs, problem):
    """A view: accuracy and, dashed, recall against epoch, with the accuracy of saying no to every house."""
    base = np.mean(problem.y == 0)
    nobody = ax.axhline(base, color="#404040", ls=":", lw=2, label="“no” to all")
    ax.set(xlim=(0, runs.epochs[-1]), ylim=(-0.02, 1.02), xlabel="epoch", ylabel="share of the houses")
    mine, theirs = two_lines(ax, "accuracy", "recall", "center right", nobody)

    def show(run):
        right, found = problem.accuracy(run.weights), problem.recall(run.weights)
        mine.set(data=(run.epochs, right), color=colour(run.rate))
        theirs.set_data(run.epochs, found)
        ends = f"{percent(right[-1])} right in the end, {percent(found[-1])} of the district found"
        return f"Accuracy and recall against epoch at rate {number(run.rate, 4)}: {ends}."

    return show


fitting_now.size = measures_now.size = (262, 262)


def two_lines(ax, one, other, loc, *more):
    """Two curves that move, a thick one and a thin dashed one; the legend tells them, and what is more, apart."""
    (mine,) = ax.plot([], [], lw=3, animated=True)
    (theirs,) = ax.plot([], [], lw=1.5, ls="--", color="#303030", animated=True)
    if other:
        handles = [ax.plot([], [], color="#606060", lw=3)[0], ax.plot([], [], "--", color="#303030", lw=1.5)[0]]
        ax.legend([*handles, *more], [one, other, *(line.get_label() for line in more)], loc=loc)
    return mine, theirs
