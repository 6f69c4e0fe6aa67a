"""Two thousand houses on a map, and the line that a model draws between them."""

import numpy as np
from matplotlib.ticker import LogLocator

from ..figure import drawing, number, tell
from .moving import inside
from .rates import look
from .runs import PAPER

IN, OUT, WRONG = "#D55E00", "#9aa3ad", "#000000"  # in the district, outside, said to be inside and is not
IDEAL = "y = x + 0.5"


def _plot_houses(ax, data, size=4):
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


@drawing(size=(560, 520))
def houses(data, ax=None, title=""):
    """The map of a Dataset of houses."""
    _plot_houses(ax, data)
    label = {"fontweight": "bold", "ha": "center", "bbox": PAPER | {"alpha": 0.95, "pad": 3}}
    ax.text(0.2, 0.88, "in the district", color="#8f3d00", **label)
    ax.text(0.7, 0.3, "not in it", color="#3a4048", **label)
    ax.annotate(IDEAL, (0.47, 0.97), (0.56, 0.93), bbox=PAPER)
    n, inside = len(data.y), int(data.y.sum())
    title = title or f"{n} houses, {inside} inside"
    alt = f"Map of {n} houses. {inside} lie above the line {IDEAL}, in the upper left corner; {n - inside} do not."
    tell(ax, title, alt)


@drawing(size=(560, 520))
def boundary(run, problem, ax=None, title=""):
    """The line that a run ends with, and the houses on its wrong side: missed, or false alarms."""
    _plot_houses(ax, problem)
    found, missed, false = _judge(ax, run, problem)
    rate = number(run.rate)
    title = title or f"Rate {rate} finds {found} of {found + missed}"
    alt = f"Map with the boundary at rate {rate}: {found} houses of the district found, {missed} missed, "
    tell(ax, title, alt + f"{false} outside said to be inside.")


def _judge(ax, run, problem, size=8):
    """Draw the run's last line and the houses that it gets wrong; how many (found, missed, false alarms)."""
    w = run.weights[-1]
    found, missed, false = counts(problem, w)
    ax.plot(*problem.X[missed, :2].T, "^", ms=size, mfc="white", mec=IN, mew=1.1)
    ax.plot(*problem.X[false, :2].T, "x", ms=size, mec=WRONG, mew=1.6)
    line = line_of(w)
    if line is not None:
        ax.plot(*line, **look(run.rate) | {"linestyle": "-", "lw": 3})
    return int(found.sum()), int(missed.sum()), int(false.sum())


@drawing(size=(560, 520))
def turning(run, problem, epochs=(1, 2, 4, 50), ax=None):
    """The boundary after some epochs of one run."""
    _plot_houses(ax, problem)
    said = []
    for k, epoch in enumerate(epochs):
        w = run.weights[np.searchsorted(run.epochs, epoch)]
        line, shade = line_of(w), 0.35 + 0.65 * (k + 1) / len(epochs)
        ax.plot(*line, **look(run.rate) | {"linestyle": "-", "lw": 1.5 + k * 0.6, "alpha": shade})
        slope, rise = -w[0] / w[1], -w[2] / w[1]
        x, y = (0.97 - rise) / slope, 0.97
        ax.text(x, y, f"{epoch}", fontweight="bold", ha="center", va="center", bbox=PAPER | {"alpha": 1})
        said.append(f"{epoch}: y = {slope:.2f} x + {rise:.2f}")
    title = f"After epoch {said[-1]}"
    tell(
        ax,
        title,
        f"Map with the boundary at rate {number(run.rate)} as it turns, by epoch; {'; '.join(said)}.",
    )


@drawing(panels=2, size=(1000, 400))
def fitting(run, problem, validation, ax=None):
    """Loss and accuracy against epoch, training and validation, with the accuracy of saying no to everyone."""
    for draw, panel in zip((_loss, _accuracy), ax, strict=True):
        _frame(draw, panel, run, problem)
        draw(panel, run, problem, validation)


def _frame(draw, ax, runs, problem):
    """The limits and names of a loss or accuracy panel, wide enough for every run."""
    ax.set(xlim=(0, runs.epochs[-1]), xlabel="epoch")
    if draw is _loss:
        low = np.nanmin(np.where(np.isfinite(runs.losses), runs.losses, np.nan))
        ax.set(yscale="log", ylim=(low / 1.8, 2), ylabel="loss")
        plain_decades(ax)
        return
    base = np.mean(problem.y == 0)
    ax.axhline(base, color="#404040", ls=":", lw=2)
    ax.text(
        runs.epochs[-1],
        base - 0.006,
        f"“no” to every house: {percent(base)}",
        ha="right",
        va="top",
        bbox=PAPER,
    )
    ax.set(ylim=(0.8, 1.004), ylabel="accuracy")


def plain_decades(ax):
    """Numbers such as 0.1 on a log axis of losses; between decades too where there are few."""
    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 100 else (1,)))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")


def _pair(ax, run, mine, theirs):
    """Training as a thick line, validation as a thin dashed one, within the limits of the plot."""
    low, high = ax.get_ylim()
    style = look(run.rate)
    for values, more, name in (
        (mine, {"lw": 3, "linestyle": "-"}, "training"),
        (theirs, {"lw": 1.5, "linestyle": "--", "color": "#303030"}, "validation"),
    ):
        shown = np.clip(np.nan_to_num(values, nan=high), low, high)
        ax.plot(run.epochs, shown, **style | more, label=name)
    ax.legend(loc="lower right" if ax.get_yscale() == "linear" else "upper right")


def _loss(ax, run, problem, validation):
    theirs = validation.loss(run.weights)
    _pair(ax, run, run.losses, theirs)
    alt = f"Loss against epoch at rate {number(run.rate)}: training ends at {number(run.final)}, "
    tell(ax, f"The loss ends at {number(run.final)}", alt + f"validation at {number(theirs[-1])}.")


def _accuracy(ax, run, problem, validation):
    mine, theirs = (p.accuracy(run.weights) for p in (problem, validation))
    _pair(ax, run, mine, theirs)
    right, unseen, found, no = map(
        percent, (mine[-1], theirs[-1], problem.recall(run.weights[-1]), np.mean(problem.y == 0))
    )
    alt = f"Accuracy against epoch at rate {number(run.rate)}: training ends at {right}, validation at {unseen}; "
    tell(
        ax,
        f"{right} right, {found} found",
        alt + f"recall in training {found}. Saying no to every house: {no}.",
    )


def map_now(ax, runs, problem):
    """A view: the map with the boundary, the houses missed (hollow) and the false alarms (crosses)."""
    _plot_houses(ax, problem)
    for dots in ax.lines:
        dots.set_rasterized(True)

    def show(run):
        found, missed, false = _judge(ax, run, problem, size=6)
        where = f"{found} houses of the district found, {missed} missed, {false} false alarms"
        return f"Map with the boundary at rate {number(run.rate, 4)}: {where}."

    return show


map_now.size = (400, 380)


def fitting_now(ax, runs, problem, validation=None):
    """A view: loss against epoch, in training and, dashed, on `validation`."""
    _frame(_loss, ax, runs, problem)
    mine, theirs = _lines(ax, validation)

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


def accuracy_now(ax, runs, problem, validation=None):
    """A view: accuracy against epoch, with the accuracy of saying no to every house; its text says the recall."""
    _frame(_accuracy, ax, runs, problem)
    mine, theirs = _lines(ax, validation)

    def show(run):
        right = problem.accuracy(run.weights)
        mine.set(data=(run.epochs, right), color=look(run.rate)["color"])
        if validation is not None:
            theirs.set_data(run.epochs, validation.accuracy(run.weights))
        found = percent(problem.recall(run.weights[-1]))
        return f"Accuracy against epoch at rate {number(run.rate, 4)}: {percent(right[-1])} in the end, recall {found}."

    return show


def _lines(ax, validation):
    """The two curves that move, training and validation, and the legend that tells them apart."""
    (mine,) = ax.plot([], [], lw=3, animated=True)
    (theirs,) = ax.plot([], [], lw=1.5, ls="--", color="#303030", animated=True)
    if validation is not None:
        handles = [
            ax.plot([], [], color="#606060", lw=3)[0],
            ax.plot([], [], "--", color="#303030", lw=1.5)[0],
        ]
        ax.legend(handles, ["training", "unseen"], loc="best")
    return mine, theirs
